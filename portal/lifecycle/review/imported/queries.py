"""Reading results, always inside the active scope; only the cycle's owner sees any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from portal.lifecycle.blueprints.vocabulary import ReviewMethod
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.codes.models import DECODERS_NEEDED, CodeApproval
from portal.lifecycle.review.imported.models import ContestResult, ResultBatch, ResultState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


def result_stages(*, actor: Actor) -> QuerySet[CycleStage]:
    """Review stages of this desk's cycles whose marks are results of a contest, with how far they are."""
    under_review = Entry.objects.filter(cycle_id=OuterRef("cycle_id"), state=EntryState.IN_REVIEW)
    results = ContestResult.objects.filter(entry__cycle_id=OuterRef("cycle_id"))
    return (
        CycleStage.objects.filter(
            kind="review", params__method=ReviewMethod.IMPORTED_MARKS, cycle__owner__path=actor.path
        )
        .select_related("cycle__programme", "cycle__owner")
        .annotate(
            in_review=_count(under_review, "cycle_id"),
            missing=_count(under_review.filter(contest_result=None), "cycle_id"),
            recorded=_count(results.filter(state=ResultState.RECORDED), "entry__cycle_id"),
            returned=_count(results.filter(state=ResultState.RETURNED), "entry__cycle_id"),
            confirmed=_count(results.filter(state=ResultState.CONFIRMED), "entry__cycle_id"),
        )
    )


def is_coded(stage: CycleStage) -> bool:
    """Whether marks still stand under codes: results by name wait until two officers have decoded."""
    if not stage.params.get("codes"):
        return False
    return CodeApproval.objects.filter(stage=stage).count() < DECODERS_NEEDED


def _not_coded(stages: QuerySet[CycleStage]) -> QuerySet[CycleStage]:
    seats = CodeApproval.objects.filter(stage=OuterRef("pk"))
    without = Q(params__codes__isnull=True) | Q(params__codes=None)
    return stages.annotate(seats=_count(seats, "stage_id")).filter(without | Q(seats__gte=DECODERS_NEEDED))


def _count(rows: QuerySet, of: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(of).annotate(n=Count("pk")).values("n")), 0)


def result_entries(stage: CycleStage) -> QuerySet[Entry]:
    """Entries that have come to the review of this stage, with their result."""
    return (
        Entry.objects.filter(Q(state=EntryState.IN_REVIEW) | ~Q(contest_result=None), cycle_id=stage.cycle_id)
        .select_related(
            "organisation", "track", "cycle__owner", "contest_result__recorded_by", "contest_result__confirmed_by"
        )
        .defer("answers", "route")
        .annotate(result_state=Coalesce(F("contest_result__state"), Value("missing")))
    )


def entries_by_code(stage: CycleStage) -> dict[str, Entry]:
    """Entries under review with their result so far, by code."""
    rows = Entry.objects.filter(cycle_id=stage.cycle_id, state=EntryState.IN_REVIEW)
    rows = rows.select_related("organisation", "contest_result").defer("answers", "route").order_by("code")
    return {entry.code: entry for entry in rows}


def stage_of_entry(entry: Entry) -> CycleStage:
    """The review stage of the entry's cycle."""
    stages = CycleStage.objects.select_related("cycle__owner", "cycle__programme")
    return stages.get(cycle_id=entry.cycle_id, kind="review")


def entries(*, actor: Actor) -> QuerySet[Entry]:
    """Entries of the contests this desk runs that have come to the review."""
    stage = CycleStage.objects.filter(kind="review", params__method=ReviewMethod.IMPORTED_MARKS)
    rows = Entry.objects.filter(cycle__owner__path=actor.path, cycle__stages__in=stage).exclude(review_code="")
    return rows.select_related(
        "organisation", "track", "cycle__owner", "cycle__programme", "contest_result__recorded_by"
    )


def results(*, actor: Actor) -> QuerySet[ContestResult]:
    """Results of the contests this desk runs."""
    rows = ContestResult.objects.filter(entry__cycle__owner__path=actor.path)
    return rows.select_related("entry__cycle__owner", "entry__organisation", "recorded_by")


def results_to_confirm(stage: CycleStage, actor: Actor) -> QuerySet[ContestResult]:
    """What this person may confirm: recorded by somebody else."""
    rows = ContestResult.objects.filter(entry__cycle_id=stage.cycle_id, entry__state=EntryState.IN_REVIEW)
    return rows.filter(state=ResultState.RECORDED).exclude(recorded_by_id=actor.user_id)


def stages_to_confirm(*, actor: Actor) -> QuerySet[CycleStage]:
    """Open stages with results that this person may confirm."""
    rows = ContestResult.objects.filter(
        entry__cycle_id=OuterRef("cycle_id"), entry__state=EntryState.IN_REVIEW, state=ResultState.RECORDED
    ).exclude(recorded_by_id=actor.user_id)
    stages = result_stages(actor=actor).filter(status="open")
    return stages.annotate(mine=_count(rows, "entry__cycle_id")).filter(mine__gt=0)


def stages_to_record(*, actor: Actor) -> QuerySet[CycleStage]:
    """Open stages with entries whose result is missing or sent back."""
    stages = result_stages(actor=actor).filter(status="open").filter(Q(missing__gt=0) | Q(returned__gt=0))
    return _not_coded(stages)


def batches(*, actor: Actor) -> QuerySet[ResultBatch]:
    """Files uploaded for the contests this desk runs."""
    rows = ResultBatch.objects.filter(stage__cycle__owner__path=actor.path)
    return rows.select_related("stage__cycle__owner", "stage__cycle__programme", "uploaded_by")
