"""Reading hostings: the owner's, inside its scope, and those of the desk that is a guest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.core.scoping import path_prefixes, system_scope
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.hosts.tasks import tasks
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus

if TYPE_CHECKING:
    from portal.core.context import Actor


def hosts_of(cycle: Cycle) -> QuerySet[CycleHost]:
    """Who hosts the cycle now, in the order in which they are named."""
    rows = CycleHost.objects.filter(cycle=cycle, ended_at=None)
    return rows.select_related("cycle__owner", "organisation", "acknowledged_by").order_by("pk")


def hosting_records(*, actor: Actor) -> QuerySet[CycleHost]:
    """Hostings of the desk's own cycles, for the owner's pages."""
    rows = CycleHost.objects.filter(cycle__owner__path=actor.path, ended_at=None)
    return rows.select_related("cycle__owner", "cycle__programme", "cycle__blueprint", "organisation")


def hostings(*, actor: Actor) -> QuerySet[CycleHost]:
    """Cycles of others that this desk hosts with them, with ``waiting_<task>`` for what waits for it."""
    organisation = actor.desk.organisation_id if actor.desk else None
    rows = CycleHost.objects.filter(organisation=organisation, ended_at=None, can_see=True)
    rows = rows.exclude(cycle__status=CycleStatus.CANCELLED)
    waiting = {f"waiting_{task.key}": task.waiting(actor) for task in tasks() if task.waiting is not None}
    return rows.select_related(
        "cycle__programme", "cycle__owner", "cycle__blueprint", "organisation", "acknowledged_by"
    ).annotate(**waiting)


def unacknowledged(*, actor: Actor) -> QuerySet[CycleHost]:
    """Agreements the desk has not confirmed since they were made or changed."""
    return hostings(actor=actor).filter(acknowledged_at=None, cycle__status__in=["planned", "running"])


def stages_of(host: CycleHost) -> list[CycleStage]:
    """The stages of a cycle with their dates: they belong to another tree, and the host works by them."""
    with system_scope("dates of a cycle that its owner shares with the host"):
        return list(CycleStage.objects.filter(cycle=host.cycle_id).order_by("position"))


def possible_desks(cycle: Cycle) -> QuerySet[Organisation]:
    """Departments of the owner's tree and the other municipal roots; of these no more than their names is shown."""
    root = path_prefixes(cycle.owner.path)[0]
    with system_scope("which organisations can host with the owner"):
        rows = Organisation.objects.filter(
            Q(kind=OrganisationKind.DEPARTMENT, path__startswith=root) | Q(kind=OrganisationKind.MUNICIPAL),
            is_active=True,
        )
        return rows.exclude(path=root).order_by("kind", "path")
