"""From a desk to its scope: used by the middleware, the API and tests."""

from __future__ import annotations

from portal.accounts.enums import UNIT_LEVELS, OrganisationKind, Role
from portal.core.context import Actor
from portal.core.scoping import OrgScope, PublicScope, ReviewerScope, Scope


def scope_of(actor: Actor) -> Scope:
    """Experts see what they are assigned to; other desks their organisation's part of the tree; else the public's."""
    if actor.desk is None:
        return PublicScope()
    if actor.desk.role == Role.EXPERT:
        return ReviewerScope(user_id=actor.user.pk, path=actor.desk.organisation_path)
    return OrgScope(
        path=actor.desk.organisation_path,
        is_unit=actor.desk.level in UNIT_LEVELS,
        is_guest=actor.desk.kind == OrganisationKind.DEPARTMENT,
    )
