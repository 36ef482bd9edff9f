"""Who a change of a cycle concerns, and what a desk has not read yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Organisation
from portal.core.scoping import path_prefixes, system_scope
from portal.lifecycle.engine.states import OPEN_STATES
from portal.lifecycle.programmes.announcement_models import AnnouncementReading, CycleAnnouncement
from portal.lifecycle.programmes.models import Cycle

if TYPE_CHECKING:
    from portal.core.context import Actor


@dataclass(frozen=True)
class Concerned:
    """Ids of the unions, and of the experts who review."""

    organisations: list[int]
    experts: list[int]


def concerned_by(cycle: Cycle) -> Concerned:
    """The organiser and the unions directly below it, who pass the call on; every unit with an entry that is still
    open (drafts too) and the unions on its way; whoever was given places; departments that host the cycle; the experts
    of the panels.
    """
    owner = cycle.owner.path
    with system_scope("drafts are hidden from the organiser, and yet their units must hear of a change"):
        open_entries = cycle.entries.filter(state__in=OPEN_STATES)
        paths = {owner}
        for route, unit in open_entries.values_list("route_path", "organisation__path"):
            paths.update(p for path in (route, unit) for p in path_prefixes(path) if p.startswith(owner))
        given = cycle.quotas.values("organisation_id")
        hosting = cycle.hosts.filter(ended_at=None).values("organisation_id")
        strangers = Q(kind=OrganisationKind.DEPARTMENT) & ~Q(pk__in=hosting.exclude(organisation=None))
        rows = Organisation.objects.filter(
            Q(path__in=paths) | Q(parent_id=cycle.owner_id) | Q(pk__in=given), is_active=True
        ).exclude(strangers)
        experts = cycle.stages.filter(panels__members__isnull=False).values_list(
            "panels__members__expert_id", flat=True
        )
        return Concerned(list(rows.order_by("path").values_list("pk", flat=True)), sorted(set(experts)))


def concerned_names(cycle: Cycle) -> tuple[list[str], int, int]:
    """Names of the unions that the desk may know, the number of units that only draft so far, the number of experts."""
    concerned = concerned_by(cycle)
    drafting = cycle_units_drafting(cycle)
    known = Organisation.objects.filter(pk__in=set(concerned.organisations) - drafting).order_by("path")
    return list(known.values_list("name", flat=True)), len(drafting), len(concerned.experts)


def cycle_units_drafting(cycle: Cycle) -> set[int]:
    """Units all of whose open entries are drafts: the organiser learns their number, not their names."""
    with system_scope("the number of units that draft, not their names"):
        units = cycle.entries.filter(state__in=OPEN_STATES).values("organisation_id")
        sent = units.annotate(n=Count("pk", filter=Q(submitted_at__isnull=False)))
        return {row["organisation_id"] for row in sent if not row["n"]} - {cycle.owner_id}


def announcements(*, actor: Actor) -> QuerySet[CycleAnnouncement]:
    """Notices of changes that the desk may see, newest first; ``is_unread`` as for ``unread``."""
    waiting = unread(actor=actor).filter(pk=OuterRef("pk"))
    return CycleAnnouncement.objects.select_related("cycle__programme", "cycle__owner", "published_by").annotate(
        is_unread=Exists(waiting)
    )


def unread(*, actor: Actor) -> QuerySet[CycleAnnouncement]:
    """Notices addressed to this desk – for an expert: to the person – that the person has not marked as read here."""
    if actor.desk is None or actor.user is None:
        return CycleAnnouncement.objects.none()
    read = AnnouncementReading.objects.filter(
        announcement=OuterRef("pk"), user=actor.user, organisation_id=actor.desk.organisation_id
    )
    if actor.role == Role.EXPERT:
        mine = Q(recipients__user=actor.user)
    else:
        mine = Q(recipients__organisation_id=actor.desk.organisation_id, recipients__user=None)
    return (
        CycleAnnouncement.objects.filter(mine).exclude(Exists(read)).select_related("cycle__programme", "cycle__owner")
    )
