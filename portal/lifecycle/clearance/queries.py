"""Reading clearances, always inside the active scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from portal.lifecycle.blueprints.conditions import condition_holds
from portal.lifecycle.clearance.models import Clearance, Opinion
from portal.lifecycle.clearance.opinions.queries import SPEAKS, annotate_hosts
from portal.lifecycle.engine.states import OPEN_STATES, EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.queries import params_of, stage_of

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.programmes.models import CycleStage


def demanded(entry: Entry) -> Iterator[tuple[str, str]]:
    """(key, title) of every check and opinion that the cycle's rules ask for this entry (domain.md 0.5)."""
    stage = stage_of(entry.cycle, "clearance")
    if stage is None:
        return
    params = params_of(stage)
    for check in params.checks:
        yield f"check:{check.code}", check.title
    for request in params.opinions:
        if condition_holds(request.when, entry.answers):
            yield f"opinion:{request.department}"[:60], f"{request.department}意见"


def clearances_of(entry: Entry) -> QuerySet[Clearance]:
    return Clearance.objects.filter(entry=entry).select_related("decided_by")


def unsettled(entry: Entry) -> QuerySet[Clearance]:
    """What does not agree (yet), and without which nobody has decided to go on."""
    return clearances_of(entry).exclude(opinion=Opinion.AGREED).filter(waiver__confirmed_at=None)


TOLD = (
    ("pending", [Opinion.PENDING]),
    ("agreed", [Opinion.AGREED]),
    ("doubtful", [Opinion.RESERVED, Opinion.REFUSED]),
)


def entries_in_clearance(*, actor: Actor) -> QuerySet[Entry]:
    """Entries of the desk's own cycles with clearances, and how many are pending, agreed, refused – by checks and
    departments, and by co-hosts that speak for themselves (``hosts_…``).
    """
    hosted = CycleHost.objects.filter(SPEAKS).values("cycle")  # sets, asked once each: never once per entry of the city
    with_hosts = Q(state=EntryState.RECOMMENDED, cycle__in=hosted)
    return annotate_hosts(
        Entry.objects.filter(cycle__owner__path=actor.path, state__in=OPEN_STATES)
        .filter(Q(pk__in=Clearance.objects.values("entry")) | with_hosts)
        .select_related("cycle__programme", "cycle__owner", "organisation", "nominating", "track")
        .defer("answers", "route")
        .annotate(
            total=Count("clearances", distinct=True),
            **{name: Count("clearances", filter=Q(clearances__opinion__in=said), distinct=True) for name, said in TOLD},
        )
    )


def entries_to_clear(*, actor: Actor) -> QuerySet[Entry]:
    """Recommended entries with an opinion still missing."""
    pending = Clearance.objects.filter(entry=OuterRef("pk"), opinion=Opinion.PENDING, waiver__confirmed_at=None)
    return (
        Entry.objects.filter(cycle__owner__path=actor.path, state=EntryState.RECOMMENDED)
        .filter(Exists(pending))
        .select_related("cycle__programme", "organisation", "nominating")
        .defer("answers", "route")
    )


def pending_count(stage: CycleStage) -> int:
    return Clearance.objects.filter(
        entry__cycle=stage.cycle,
        entry__state=EntryState.RECOMMENDED,
        opinion=Opinion.PENDING,
        waiver__confirmed_at=None,
    ).count()
