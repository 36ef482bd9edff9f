"""Reading programmes, cycles and their calendar, always inside the active scope."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Extract

from portal.core.dates import local_date, local_datetime
from portal.lifecycle.blueprints.diff import Change, changes
from portal.lifecycle.blueprints.stages import stage_params_from_json
from portal.lifecycle.blueprints.timeline import cycle_starts, next_start
from portal.lifecycle.engine.states import states_where
from portal.lifecycle.engine.transitions import TRANSITIONS
from portal.lifecycle.programmes.models import (
    Blueprint,
    Cycle,
    CycleStage,
    CycleStatus,
    Programme,
    StageStatus,
)

if TYPE_CHECKING:
    from portal.core.context import Actor

ALIVE = (CycleStatus.PLANNED, CycleStatus.RUNNING)
LATE = dt.timedelta(days=60)  # how long after its day a cycle still opens by itself


@dataclass(frozen=True)
class DueCycle:
    """A cycle that the rhythm of its programme says should be open by now."""

    programme: Programme
    year: int
    start: dt.date


TURN_STEP = 10**11  # more seconds than any date has, so that the groups of in_turn never mix


def in_turn(rows: QuerySet[CycleStage]) -> QuerySet[CycleStage]:
    """Stages with ``turn`` to sort by: open ones by their end, then coming ones by their start, then closed, newest first."""
    begin, end = (Cast(Extract(F(name), "epoch"), BigIntegerField()) for name in ("opens_at", "closes_at"))
    return rows.annotate(
        turn=Case(
            When(status=StageStatus.OPEN, then=end),
            When(status=StageStatus.PENDING, then=TURN_STEP + begin),
            default=2 * TURN_STEP - end,
            output_field=BigIntegerField(),
        )
    )


def params_of(stage: CycleStage) -> Any:
    """The typed parameters that the cycle pinned for this stage (without the list of guards).

    Any: the class follows from ``stage.kind``, which the caller knows and a type checker cannot.
    """
    return stage_params_from_json(stage.kind, {key: value for key, value in stage.params.items() if key != "guards"})


def stage_of(cycle: Cycle, kind: str) -> CycleStage | None:
    """The cycle's stage of this kind, or None when the programme does without it (uses a prefetch when there is one)."""
    return next((stage for stage in cycle.stages.all() if stage.kind == kind), None)


def programmes(*, actor: Actor) -> QuerySet[Programme]:
    """Programmes with the number of cycles, the newest version and the latest year, for lists."""
    newest = Blueprint.objects.filter(programme=OuterRef("pk")).order_by("-version")
    latest = Cycle.objects.filter(programme=OuterRef("pk")).order_by("-year")
    return Programme.objects.select_related("owner").annotate(
        version=Subquery(newest.values("version")[:1]),
        published=Subquery(newest.values("published_at")[:1]),
        latest_year=Subquery(latest.values("year")[:1]),
        cycle_count=Count("cycles", distinct=True),
    )


def cycles(*, actor: Actor) -> QuerySet[Cycle]:
    """Cycles the desk may see, with stages and the rules they pin."""
    return Cycle.objects.select_related("programme", "owner", "blueprint").prefetch_related("stages")


def cycles_by_standing(*, actor: Actor) -> QuerySet[Cycle]:
    """``cycles`` with ``standing`` to sort by: what runs now first, then what is planned next, then the past."""
    newest, nearest = -F("year"), F("year")
    parts = {CycleStatus.RUNNING: newest, CycleStatus.PLANNED: nearest, CycleStatus.FINISHED: newest}
    whens = [
        When(status=status, then=Value(number * 100_000) + year) for number, (status, year) in enumerate(parts.items())
    ]
    last = Value(len(parts) * 100_000) + newest
    return cycles(actor=actor).annotate(standing=Case(*whens, default=last, output_field=IntegerField()))


def alive_cycles() -> QuerySet[Cycle]:
    """Planned and running cycles in the order in which they began."""
    return Cycle.objects.filter(status__in=ALIVE).select_related("programme", "owner", "blueprint").order_by("pk")


def due_cycles(*, now: dt.datetime) -> list[DueCycle]:
    """Cycles that should be open and are not: annual ones every year, others every n years from the first year.

    Only the latest start counts, for ``LATE`` days, and only when the programme was published by then: a programme
    entered in November does not open last January's cycle, nor does a portal that slept for a year make up for it –
    people decide then. Rolling and on-demand programmes are opened by people. A late opening (beat was down) begins
    today, so that nobody loses days of the call.
    """
    today = local_date(now)
    rows = (
        Programme.objects.filter(is_active=True)
        .select_related("owner")
        .prefetch_related(
            Prefetch(
                "blueprints", Blueprint.objects.filter(published_at__isnull=False).order_by("-version"), "published"
            )
        )
    )
    taken = set(Cycle.objects.filter(programme__in=rows).values_list("programme_id", "owner_id", "year"))
    due = []
    for programme in rows:
        start = _latest_start(programme.published, today)
        if start and (programme.pk, programme.owner_id, start.year) not in taken:
            due.append(DueCycle(programme, start.year, max(start, today)))
    return due


def _latest_start(published: list[Blueprint], today: dt.date) -> dt.date | None:
    if not published:
        return None
    rules = published[0].rules
    first_published = published[-1].published_at
    known_since = today if first_published is None else local_date(first_published)
    starts = cycle_starts(rules, rules.programme.first_year, today.year)
    past = [start for start in starts if max(known_since, today - LATE) <= start <= today]
    return past[-1] if past else None


def next_starts(*, now: dt.datetime, actor: Actor) -> list[tuple[Programme, dt.date]]:
    """The next planned start of every active programme with a rhythm, soonest first."""
    found = []
    for programme in programmes(actor=actor).filter(is_active=True).prefetch_related("blueprints"):
        newest = next((b for b in programme.blueprints.all() if b.published_at), None)
        start = next_start(newest.rules, local_date(now)) if newest else None
        if start:
            found.append((programme, start))
    return sorted(found, key=lambda pair: pair[1])


def open_calls(*, now: dt.datetime) -> QuerySet[CycleStage]:
    """正在征集: application stages open right now, soonest deadline first."""
    return (
        CycleStage.objects.filter(
            Q(kind="application", cycle__status=CycleStatus.RUNNING, opens_at__lte=now, closes_at__gte=now)
            & ~Q(status=StageStatus.CLOSED)
        )
        .select_related("cycle__programme", "cycle__blueprint", "cycle__owner")
        .order_by("closes_at", "pk")
    )


def calendar(*, year: int, actor: Actor) -> QuerySet[CycleStage]:
    """All stages that touch the year, for the drawn calendar."""
    return stages_between(local_datetime(dt.date(year, 1, 1)), local_datetime(dt.date(year + 1, 1, 1)), actor=actor)


def stages_between(first: dt.datetime, end: dt.datetime | None, *, actor: Actor) -> QuerySet[CycleStage]:
    """Stages of cycles that were not cancelled which touch the time from ``first`` to before ``end`` (None = without end)."""
    rows = CycleStage.objects.filter(closes_at__gte=first).exclude(cycle__status=CycleStatus.CANCELLED)
    if end is not None:
        rows = rows.filter(opens_at__lt=end)
    return rows.select_related("cycle__programme", "cycle__owner").order_by(
        "cycle__programme__pillar", "cycle_id", "position"
    )


def funnel(cycle: Cycle) -> dict[str, int]:
    """How many entries have reached each step, as far as the desk sees them; one query."""
    later = {phase: states_where(phase=phase) for phase in ("review", "selection", "notice", "conferred")}
    conferred = later["conferred"] + [TRANSITIONS["revoke"].to]
    chosen = [TRANSITIONS["select"].to, *later["notice"], *conferred]
    reviewed = [*later["selection"], *chosen, TRANSITIONS["pass_over"].to]
    recommended = Q(state__in=[*later["review"], *reviewed]) | ~Q(review_code="") | Q(final_rank__isnull=False)
    return cycle.entries.aggregate(
        drafted=Count("pk"),
        submitted=Count("pk", filter=Q(submitted_at__isnull=False)),
        recommended=Count("pk", filter=recommended),
        reviewed=Count("pk", filter=Q(state__in=reviewed) | Q(final_rank__isnull=False)),
        selected=Count("pk", filter=Q(state__in=chosen)),
        published=Count("pk", filter=Q(state__in=[*later["notice"], *conferred])),
        conferred=Count("pk", filter=Q(state__in=conferred)),
    )


def blueprint_changes(old: Blueprint, new: Blueprint) -> list[Change]:
    """Differences of two versions in Chinese sentences."""
    return changes(old.definition, new.definition)


def previous_blueprint(blueprint: Blueprint) -> Blueprint | None:
    """The version before, to show what changed."""
    return (
        Blueprint.objects.filter(programme_id=blueprint.programme_id, version__lt=blueprint.version)
        .order_by("-version")
        .first()
    )


def years_with_cycles(*, actor: Actor) -> list[int]:
    """Years to choose from, newest first."""
    return list(Cycle.objects.order_by("-year").values_list("year", flat=True).distinct())
