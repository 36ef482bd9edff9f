"""Who keeps away from what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.enums import Role
from portal.accounts.models import Membership, User
from portal.lifecycle.entries.recusals.models import Recusal

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry

HANDLE = (Role.CHECKER, Role.MANAGER)


def recusals(*, actor: Actor) -> QuerySet[Recusal]:
    """Of the actor's own union, newest first; never those about entries from which the actor keeps away."""
    rows = Recusal.objects.filter(organisation=actor.at_desk.organisation_id)
    return rows.select_related("entry__cycle__programme", "user", "deputy", "organisation", "recorded_by")


def open_of(entry: Entry, organisation_id: int) -> QuerySet[Recusal]:
    return Recusal.objects.filter(entry=entry, organisation=organisation_id, ended_at=None).select_related(
        "user", "deputy"
    )


def acts_for_others(entry: Entry, user: User, organisation_id: int) -> bool:
    return open_of(entry, organisation_id).filter(deputy=user).exists()


def staff(*, actor: Actor) -> QuerySet[User]:
    """Who handles entries at the actor's union."""
    here = Membership.objects.filter(organisation=actor.at_desk.organisation_id, role__in=HANDLE, is_active=True)
    return User.objects.filter(pk__in=here.values("user"), is_active=True).order_by("name", "pk")
