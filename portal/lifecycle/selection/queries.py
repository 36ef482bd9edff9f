"""Reading rounds, always inside the active scope; only the cycle's owner sees any."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from portal.audit.queries import history_of
from portal.jobs.models import JobRun
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.selection.models import Outcome, RoundStatus, Selection, SelectionRound
from portal.lifecycle.selection.outcomes import SELECTED
from portal.lifecycle.selection.snapshot import budget_of, is_budget, quota_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.audit.models import AuditEvent
    from portal.core.context import Actor

JOB = "lifecycle.produce_selection_round"  # the registered name of the job
OPEN = [RoundStatus.DRAFT, RoundStatus.BLOCKED]


def _stages(actor: Actor) -> QuerySet[CycleStage]:
    return CycleStage.objects.filter(kind="selection", cycle__owner__path=actor.path).select_related(
        "cycle__programme", "cycle__owner"
    )


def _waiting() -> QuerySet[Entry]:
    """Entries that a round of the outer stage would decide about (``freezing.state_before`` in SQL)."""
    stages = CycleStage.objects.filter(cycle_id=OuterRef("cycle_id"))
    reviews, recommends = Exists(stages.filter(kind="review")), Exists(stages.filter(kind="recommendation"))
    ready = (
        Q(state=EntryState.REVIEWED)
        | (Q(state=EntryState.RECOMMENDED) & ~reviews)
        | (Q(state=EntryState.SUBMITTED) & ~reviews & ~recommends)
    )
    return Entry.objects.filter(ready, cycle_id=OuterRef("cycle_id")).order_by()


def selection_stages(*, actor: Actor) -> QuerySet[CycleStage]:
    """Selection stages of the cycles this desk runs, with entries waiting and the newest round."""
    waiting = _waiting()
    newest = SelectionRound.objects.filter(stage_id=OuterRef("pk")).order_by("-number")
    return _stages(actor).annotate(
        waiting=Coalesce(Subquery(waiting.values("cycle_id").annotate(n=Count("pk")).values("n")), 0),
        round_count=Count("rounds", distinct=True),
        last_round=Subquery(newest.values("pk")[:1]),
        last_number=Subquery(newest.values("number")[:1]),
        last_status=Subquery(newest.values("status")[:1]),
    )


def stages_without_round(*, actor: Actor) -> QuerySet[CycleStage]:
    """Open selection stages with entries waiting and nothing to decide or decided."""
    alive = SelectionRound.objects.filter(stage_id=OuterRef("pk"), status__in=[*OPEN, RoundStatus.APPROVED])
    waiting = _waiting()
    return (
        _stages(actor)
        .filter(~Exists(alive), status="open")
        .annotate(waiting=Coalesce(Subquery(waiting.values("cycle_id").annotate(n=Count("pk")).values("n")), 0))
        .filter(waiting__gt=0)
    )


def rounds(*, actor: Actor) -> QuerySet[SelectionRound]:
    """Rounds of the cycles this desk runs, with their stage, cycle and rules."""
    return SelectionRound.objects.filter(stage__cycle__owner__path=actor.path).select_related(
        "stage__cycle__programme", "stage__cycle__owner", "stage__cycle__blueprint", "decided_by", "job"
    )


def rounds_to_decide(*, actor: Actor) -> QuerySet[SelectionRound]:
    """Open rounds, without their heavy snapshot."""
    return (
        SelectionRound.objects.filter(stage__cycle__owner__path=actor.path, status__in=OPEN)
        .select_related("stage__cycle__programme", "stage__cycle__owner")
        .defer("snapshot", "differences")
    )


def rounds_of(stage: CycleStage) -> QuerySet[SelectionRound]:
    """All rounds of a stage, newest first, with how many came out how."""
    counts = {
        f"{name}_count": Count("selections", filter=Q(selections__outcome=outcome))
        for name, outcome in (("selected", Outcome.SELECTED), ("reserve", Outcome.RESERVE), ("all", None))
        if outcome
    }
    return (
        SelectionRound.objects.filter(stage=stage)
        .select_related("decided_by", "stage__cycle__programme")
        .defer("snapshot")
        .annotate(**counts, entry_count=Count("selections"))
        .order_by("-number")
    )


def running_job(stage: CycleStage) -> JobRun | None:
    """The run that produces a round of this stage right now."""
    rows = JobRun.objects.filter(kind=JOB, params__stage_id=stage.pk, state__in=["queued", "running"])
    return rows.order_by("-pk").first()


def last_job(stage: CycleStage) -> JobRun | None:
    """The newest run of this stage, whatever became of it."""
    return JobRun.objects.filter(kind=JOB, params__stage_id=stage.pk).order_by("-pk").first()


def selections(round_: SelectionRound) -> QuerySet[Selection]:
    """Rows of a round with what the decision table shows."""
    return (
        Selection.objects.filter(round=round_)
        .select_related("entry__organisation", "entry__nominating", "track")
        .defer("entry__answers", "entry__route")
    )


def outcome_counts(round_: SelectionRound) -> dict[str, int]:
    """Outcome → number of entries (one query)."""
    return dict(
        Selection.objects.filter(round=round_).values_list("outcome").annotate(n=Count("pk")).order_by("outcome")
    )


def meters(round_: SelectionRound, also: Iterable[int] = ()) -> list[dict[str, Any]]:
    """Places, places per track and caps, with how much of each the selected take (one query).

    ``also`` are entries counted as if they were selected too.
    """
    quota = quota_of(round_.snapshot)
    names = {e["nominating"]: e["nominating_name"] for e in round_.snapshot["entries"]}
    counted = Q(outcome=SELECTED) | Q(entry_id__in=list(also))
    selected = Selection.objects.filter(counted, round=round_).values_list("details", "amount")
    rows = [details for details, _amount in selected]
    found = [{"label": "入选名额", "used": len(rows), "limit": quota.places, "unit": "个"}]
    if is_budget(round_.snapshot):
        spent = sum((amount for _details, amount in selected if amount), Decimal(0))
        limit = budget_of(round_.snapshot).budget
        found = [
            {"label": "预算", "used": spent, "limit": limit, "unit": "元", "full_text": "预算已用完"},
            {"label": "支持项目", "used": len(rows), "limit": None, "unit": "个"},
        ]
    for track, places in (quota.track_places or {}).items():
        used = sum(1 for d in rows if d.get("track") == track)
        found.append({"label": f"类别 {track}", "used": used, "limit": places, "unit": "个"})
    if quota.cap_per_nominating is not None:
        unions: dict[str, int] = {}
        for details in rows:
            unions[details.get("nominating", "")] = unions.get(details.get("nominating", ""), 0) + 1
        for code, used in sorted(unions.items(), key=lambda item: (-item[1], item[0]))[:8]:
            if code:
                found.append(
                    {"label": names.get(code) or code, "used": used, "limit": quota.cap_per_nominating, "unit": "个"}
                )
    return found


def nearest_misses(round_: SelectionRound, number: int = 5) -> list[Selection]:
    """The best-ranked who are not selected but could have been, with why (one query)."""
    out = ["ineligible", "below_floor", "below_minimum", "no_total"]
    rows = selections(round_).exclude(outcome=Outcome.SELECTED).exclude(details__cause__in=out)
    return list(rows.filter(rank__isnull=False).order_by("-total", "rank", "pk")[:number])


def trials(round_: SelectionRound, number: int = 5) -> list[AuditEvent]:
    """The last rules that somebody tried on this round (one query)."""
    return list(history_of(round_).filter(action="lifecycle.round.simulated")[:number])


def swapped(round_: SelectionRound) -> int:
    """How many came in by a quota instead of by rank (one query)."""
    return Selection.objects.filter(round=round_, outcome=Outcome.SELECTED, details__cause="quota").count()


def open_ties(round_: SelectionRound) -> list[dict[str, Any]]:
    """Ties people must settle, each with its rows."""
    rows = {row.entry.code: row for row in selections(round_).filter(outcome=Outcome.UNDECIDED)}
    return [
        tie | {"rows": [rows[c] for c in tie["codes"] if c in rows], "number": n}
        for n, tie in enumerate(round_.needs_decision)
        if tie["kind"] in {"place", "reserve"}
    ]
