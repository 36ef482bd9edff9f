"""From a desk to its scope: used by the middleware, the API and tests."""

from __future__ import annotations

from portal.accounts.enums import UNIT_LEVELS, OrganisationKind, Role
from portal.core.context import Actor
from portal.core.scoping import OrgScope, PublicScope, ReviewerScope, Scope


def scope_of(actor: Actor, *, as_guest: bool = False) -> Scope:
    """Experts see what they are assigned to; other desks their organisation's part of the tree; else the public's.

    ``as_guest``: on the joint pages every desk is a guest and sees what was agreed with its organisation, nothing else.
    """
    if actor.desk is None:
        return PublicScope()
    if actor.desk.role == Role.EXPERT:
        return ReviewerScope(user_id=actor.user.pk, path=actor.desk.organisation_path)
    return OrgScope(
        path=actor.desk.organisation_path,
        is_unit=actor.desk.level in UNIT_LEVELS,
        is_guest=as_guest or actor.desk.kind == OrganisationKind.DEPARTMENT,
        withheld=actor.desk.withheld,
    )
