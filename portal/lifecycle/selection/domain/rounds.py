"""Producing a round: freeze, rank twice, write everything in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max

from portal.audit.domain import record
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Conflict
from portal.core.policies import policy_for
from portal.jobs.domain import start
from portal.jobs.models import JobRun, JobState
from portal.lifecycle.programmes.models import CycleStage, Track
from portal.lifecycle.selection.countersigning.lists import list_fingerprint
from portal.lifecycle.selection.freezing import candidates, freeze, require_ready
from portal.lifecycle.selection.models import RoundStatus, Selection, SelectionRound
from portal.lifecycle.selection.queries import JOB, OPEN
from portal.lifecycle.selection.shadow import (
    UNPROVED,
    budget_differences,
    differences,
    overall,
    plain_selection,
    run_budget_shadow,
    run_shadow,
    selection_differences,
)
from portal.lifecycle.selection.snapshot import (
    Result,
    asked_of,
    budget_of,
    compute,
    fingerprint,
    goes_by_places,
    has_marks,
    is_budget,
    shadow_of,
)

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.review.scoring import EntryScore
    from portal.lifecycle.selection.outcomes import Outcome

BATCH = 500
MAX_REASON = 300


def start_round(*, actor: Actor, stage: CycleStage, now: dt.datetime) -> JobRun:
    """Starts the job that produces the next round; clicking twice gives the same run.

    Raises Conflict when the stage is not open, a round is approved, or entries are still under review.
    """
    policy_for("round").require(actor, "round.produce", stage)
    _require_open(stage, now)
    require_ready(stage)
    number = _last_number(stage) + 1
    # A run that failed (reviews unfinished, say) is over; asking again makes a new one.
    failed = JobRun.objects.filter(kind=JOB, state=JobState.FAILED, params__stage_id=stage.pk).count()
    return start(
        JOB,
        key=f"{stage.pk}:{number}:{failed}",
        params={"stage_id": stage.pk, "number": number},
        actor=actor,
        title=f"产生评选结果：{stage.cycle} 第{number}轮",
        now=now,
    )


def produce_round(
    *,
    actor: Actor,
    stage_id: int,
    now: dt.datetime,
    number: int = 1,
    job_id: int | None = None,
) -> SelectionRound:
    """Writes round ``number`` of the stage: frozen marks and rule, ranking, outcome and one reason per entry.

    Unique per stage and number, and safe to repeat: a round that exists already is returned untouched. Everything
    happens in one transaction, so that a worker that dies leaves nothing. The SQL ranking runs on the same snapshot;
    any difference makes the round BLOCKED. An open draft is superseded.

    Raises Conflict when the stage is not open, a round is approved, reviews are unfinished, or there is no entry.
    """
    with transaction.atomic():
        lock_row(CycleStage, stage_id)
        stage = _stage(stage_id)
        policy_for("round").require(actor, "round.produce", stage)
        existing = SelectionRound.objects.filter(stage=stage, number=number).first()
        if existing is not None:
            return existing
        _require_open(stage, now)
        entries = sorted(lock_rows(candidates(stage)), key=lambda entry: entry.code)
        if not entries:
            raise Conflict("没有可以评选的申报件，不能产生评选结果。", code="empty")
        snapshot = freeze(stage, entries)
        round_ = SelectionRound(stage=stage, number=_last_number(stage) + 1, job_id=job_id, snapshot=snapshot)
        round_.sha256 = fingerprint(snapshot)
        result = compute(snapshot)
        _supersede(stage, actor=actor, now=now)
        _settle_status(round_, result, [])
        round_.save()
        write_selections(round_, result)
        record(
            "lifecycle.round.blocked" if round_.status == RoundStatus.BLOCKED else "lifecycle.round.produced",
            round_, actor=actor, now=now, number=round_.number, sha256=round_.sha256, entries=len(entries),
            selected=len(result.allocation.selected), reserves=len(result.allocation.reserves),
            undecided=len(round_.needs_decision), differences=len(round_.differences),
        )  # fmt: skip
        return round_


def _stage(stage_id: int) -> CycleStage:
    rows = CycleStage.objects.select_related("cycle__owner", "cycle__programme", "cycle__blueprint")
    return rows.prefetch_related("cycle__stages").get(pk=stage_id)


def _last_number(stage: CycleStage) -> int:
    return SelectionRound.objects.filter(stage=stage).aggregate(n=Max("number"))["n"] or 0


def _require_open(stage: CycleStage, now: dt.datetime) -> None:
    if stage.kind != "selection":
        raise Conflict("只有评选环节可以产生评选结果。", code="kind")
    if not stage.is_open_at(now):
        raise Conflict("评选环节没有开放，请先在届次页面开启评选环节。", code="closed")
    if SelectionRound.objects.filter(stage=stage, status=RoundStatus.APPROVED).exists():
        raise Conflict("本届次的评选结果已经审定，不能再产生新的一轮。", code="approved")


def _supersede(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    for old in lock_rows(SelectionRound.objects.filter(stage=stage, status__in=OPEN)):
        before, old.status = old.status, RoundStatus.SUPERSEDED
        old.save(update_fields=["status", "updated_at"])
        record(
            "lifecycle.round.superseded",
            old,
            actor=actor,
            now=now,
            before={"status": before},
            after={"status": old.status},
        )


def _settle_status(round_: SelectionRound, result: Result, settlements: Sequence[Mapping[str, Any]]) -> None:
    """Status, differences and open ties of a round after ranking it."""
    round_.differences = shadow_differences(round_.snapshot, result, settlements)
    differs = any(d["field"] != UNPROVED for d in round_.differences)
    round_.status = RoundStatus.BLOCKED if differs else RoundStatus.DRAFT
    round_.needs_decision = [
        {"kind": d.kind, "codes": list(d.codes), "places": d.places, "sentence": d.sentence}
        for d in result.allocation.decisions
    ]


def shadow_differences(
    snapshot: Mapping[str, Any], result: Result, settlements: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    """Where the ranking in SQL, and the sums or the plain selection on it, differ from ours; empty = agreed.

    Nothing is ranked without marks. Sums and lists are compared once no tie is open: below one they are provisional.
    """
    if not has_marks(snapshot):
        return []
    with connection.cursor() as cursor:
        rows = run_shadow(cursor, shadow_of(snapshot, settlements))
        found = differences(result.scores, result.ranking, rows)
        if is_budget(snapshot) and not result.allocation.needs_decision:
            theirs = run_budget_shadow(cursor, rows, budget_of(snapshot), asked_of(snapshot))
            found += budget_differences(result.allocation.amounts, theirs)
        elif goes_by_places(snapshot) and not any(d.kind == "place" for d in result.allocation.decisions):
            if snapshot["rule"]["by_track"]:
                rows = run_shadow(cursor, overall(shadow_of(snapshot, settlements)))
            mine = [outcome.code for outcome in result.allocation.selected]
            found += selection_differences(mine, *plain_selection(snapshot, rows, mine))
    return [{"code": d.code, "field": d.field, "python": str(d.python), "sql": str(d.sql)} for d in found]


def write_selections(round_: SelectionRound, result: Result) -> None:
    """One row per entry with outcome, order and reason; rewrites, in place, what a draft had before people settled it."""
    entries = {e["code"]: e for e in round_.snapshot["entries"]}
    tracks = dict(Track.objects.filter(cycle_id=round_.stage.cycle_id).values_list("code", "pk"))
    rows = []
    for outcome in result.allocation.outcomes:
        entry, score = entries[outcome.code], result.scores.get(outcome.code)
        rows.append(
            Selection(
                round=round_,
                entry_id=entry["id"],
                track_id=tracks.get(entry["track"]),
                rank=outcome.rank,
                total=outcome.total,
                outcome=outcome.result,
                order=outcome.order,
                reason=outcome.reason[:MAX_REASON],
                amount=result.allocation.amounts.get(outcome.code),
                details=_details(entry, outcome) | (_score_details(score) if score else {}),
            )
        )
    Selection.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["round", "entry"],
        update_fields=["track", "rank", "total", "outcome", "order", "reason", "amount", "details"],
    )  # fmt: skip
    round_.list_sha256 = list_fingerprint(round_)
    round_.save(update_fields=["list_sha256"])


def _details(entry: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    known = {
        key: entry[key] for key in ("nominating", "nominating_name", "track", "groups", "employer") if key in entry
    }
    swap = {"quota": {"codes": list(outcome.because), "other": outcome.other}} if outcome.because else {}
    return {"cause": outcome.cause} | known | swap | ({"asked": entry["asked"]} if "asked" in entry else {})


def _score_details(score: EntryScore) -> dict[str, Any]:
    return {
        "criteria": {c.code: None if c.mean is None else str(c.mean) for c in score.criteria},
        "median": None if score.median is None else str(score.median),
        "core": None if score.core is None else str(score.core),
        "experts": len(score.experts),
        "outliers": len(score.outliers),
        "below_floor": list(score.below_floor),
    }


def rank_again(round_: SelectionRound, settlements: Sequence[Mapping[str, Any]]) -> Result:
    """Ranks the frozen marks with these settlements, rewrites the rows and sets the status (the caller saves)."""
    result = compute(round_.snapshot, settlements)
    _settle_status(round_, result, settlements)
    write_selections(round_, result)
    return result
