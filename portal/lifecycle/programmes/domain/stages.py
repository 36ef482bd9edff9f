"""Opening and closing the stages of a cycle, by people or by date."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.decisions import refuse
from portal.core.errors import Conflict, DomainError, Invalid, Refused
from portal.core.policies import policy_for
from portal.jobs.domain import start
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus, StageStatus
from portal.lifecycle.programmes.schedule import OVERLAPS
from portal.lifecycle.programmes.stage_rules import (
    closing_obstacles,
    on_opening,
    run_closings,
    run_openings,
    run_reopenings,
    while_open,
)


def open_stage(*, stage: CycleStage, actor: Actor, now: dt.datetime) -> CycleStage:
    """Opens a stage by hand, also before its planned day; what the rooms prepare for it happens in the same transaction.

    Raises Conflict when it is open or closed already, Refused while an earlier stage is unfinished.
    """
    policy_for("cycle").require(actor, "run", stage.cycle)
    with transaction.atomic():
        locked = _lock(stage)
        if locked.status != StageStatus.PENDING:
            raise Conflict(f"“{locked.title}”{locked.get_status_display()}，无需再开启。")
        earlier = unfinished_before(locked)
        if earlier:
            names = "、".join(f"“{s.title}”" for s in earlier)
            raise Refused(refuse("earlier", f"请先结束{names}，再开启“{locked.title}”。"))
        if locked.closes_at <= now:
            raise Refused(refuse("past", f"“{locked.title}”的计划结束时间已过，请先调整日期再开启。"))
        open_now(locked, actor=actor, now=now)
        return locked


def close_stage(*, stage: CycleStage, actor: Actor, now: dt.datetime) -> CycleStage:
    """Closes an open stage by hand. Raises Conflict when it is not open, Refused with all that is left to do."""
    policy_for("cycle").require(actor, "run", stage.cycle)
    with transaction.atomic():
        locked = _lock(stage)
        if locked.status != StageStatus.OPEN:
            raise Conflict(f"“{locked.title}”{locked.get_status_display()}，不能结束。")
        obstacles = closing_obstacles(locked)
        if obstacles:
            raise Refused(*(refuse("unfinished", reason) for reason in obstacles))
        close_now(locked, actor=actor, now=now)
        return locked


def reopen_stage(
    *, stage: CycleStage, actor: Actor, now: dt.datetime, closes_at: dt.datetime, reason: str
) -> CycleStage:
    """Opens a closed stage again until ``closes_at`` (e.g. a union missed the date for good cause); needs a reason.

    Raises Invalid without a reason or with a past date, Conflict when the stage is not closed or the cycle is over.
    """
    policy_for("cycle").require(actor, "run", stage.cycle)
    errors = {}
    if not reason.strip():
        errors["reason"] = ["请写明重新开启的原因。"]
    if closes_at <= now:
        errors["closes_at"] = ["新的结束时间应晚于现在。"]
    if errors:
        raise Invalid("请补充必要的信息。", fields=errors)
    with transaction.atomic():
        locked = _lock(stage)
        if locked.status != StageStatus.CLOSED or locked.cycle.status != CycleStatus.RUNNING:
            raise Conflict(f"“{locked.title}”现在不能重新开启。")
        before = locked.closes_at
        locked.status, locked.closes_at = StageStatus.OPEN, closes_at
        locked.save(update_fields=["status", "closes_at"])
        record(
            "lifecycle.stage.reopened",
            locked,
            actor=actor,
            before={"closes_at": before},
            after={"closes_at": closes_at},
            now=now,
            reason=reason.strip(),
        )
        run_reopenings(locked, actor=actor, now=now)
        return locked


def unfinished_before(stage: CycleStage) -> list[CycleStage]:
    """Earlier stages that must be closed before this one opens."""
    beside = OVERLAPS.get(stage.kind, set())
    return [
        earlier
        for earlier in stage.cycle.stages.all()
        if earlier.position < stage.position and earlier.status != StageStatus.CLOSED and earlier.kind not in beside
    ]


def open_now(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    """The act itself; the caller has locked the cycle and asked the policy."""
    cycle = stage.cycle
    if cycle.status == CycleStatus.PLANNED:
        start_cycle(cycle, actor=actor, now=now)
    stage.status = StageStatus.OPEN
    stage.opens_at = min(stage.opens_at, now)
    stage.save(update_fields=["status", "opens_at"])
    record("lifecycle.stage.opened", stage, actor=actor, now=now, kind=stage.kind, planned=stage.opens_at)
    run_openings(stage, actor=actor, now=now)


def close_now(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    """The act itself; the caller has locked the cycle and asked the policy."""
    stage.status = StageStatus.CLOSED
    stage.save(update_fields=["status"])
    record("lifecycle.stage.closed", stage, actor=actor, now=now, kind=stage.kind, planned=stage.closes_at)
    run_closings(stage, actor=actor, now=now)
    cycle = stage.cycle
    if not cycle.stages.exclude(status=StageStatus.CLOSED).exists():
        cycle.status = CycleStatus.FINISHED
        cycle.save(update_fields=["status", "updated_at"])
        record("lifecycle.cycle.finished", cycle, actor=actor, now=now)


def start_cycle(cycle: Cycle, *, actor: Actor, now: dt.datetime) -> None:
    cycle.status = CycleStatus.RUNNING
    cycle.save(update_fields=["status", "updated_at"])
    record("lifecycle.cycle.started", cycle, actor=actor, now=now)


def _lock(stage: CycleStage) -> CycleStage:
    """Locks the cycle, then reads the stage: everybody who moves a cycle's stages takes this one lock."""
    cycle = lock_row(Cycle, stage.cycle_id)
    fresh = cycle.stages.get(pk=stage.pk)
    fresh.cycle = cycle
    return fresh


@while_open("review")
def begin_reviews(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    """All recommended entries enter the review through the door; those a guard refuses stay and are named in the audit.

    Entries that are cleared later follow at the next look.
    """
    cycle = stage.cycle
    states = [EntryState.RECOMMENDED]
    if not cycle.stages.filter(kind="recommendation").exists():
        states.append(EntryState.SUBMITTED)
    begun, refused = 0, []
    for entry in cycle.entries.filter(state__in=states).order_by("pk"):
        try:
            perform(entry, "begin_review", actor=actor, now=now)
            begun += 1
        except DomainError as error:
            refused.append({"entry": entry.code, "reason": error.message})
    if begun:
        record("lifecycle.stage.reviews_begun", stage, actor=actor, now=now, begun=begun, refused=refused)


@on_opening("selection")
def start_round(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    """The round is produced in the background; the key makes it one run per stage, however often beat ticks."""
    start(
        "lifecycle.produce_selection_round",
        key=f"stage:{stage.pk}",
        actor=actor,
        params={"stage_id": stage.pk},
        title=f"{stage.cycle} · 产生评选结果",
        now=now,
    )
