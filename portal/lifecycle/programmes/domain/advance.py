"""What the calendar does by itself: start cycles, open and close stages, finish."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.policies import policy_for
from portal.lifecycle.programmes.domain.stages import close_now, open_now, start_cycle, unfinished_before
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus, StageStatus
from portal.lifecycle.programmes.stage_rules import closing_obstacles, run_recurring


def advance_cycle(*, cycle: Cycle, actor: Actor, now: dt.datetime) -> list[str]:
    """Brings one cycle to where its dates say it should be, and says what it did (``opened:review``, …).

    Repeating it does nothing more. A stage with work left stays open past its date – people see it as overdue – and
    what follows waits. Each step is audited; all steps of one call are one transaction under the cycle's lock.
    """
    policy_for("cycle").require(actor, "run", cycle)
    with transaction.atomic():
        locked = lock_row(Cycle, cycle.pk)
        if locked.status in {CycleStatus.FINISHED, CycleStatus.CANCELLED}:
            return []
        stages = list(locked.stages.all())
        for stage in stages:
            stage.cycle = locked
        steps = _start(locked, stages, actor, now)
        for stage in stages:
            steps += _advance(stage, actor, now)
        return steps


def _start(cycle: Cycle, stages: list[CycleStage], actor: Actor, now: dt.datetime) -> list[str]:
    if cycle.status != CycleStatus.PLANNED or not stages or stages[0].opens_at > now:
        return []
    start_cycle(cycle, actor=actor, now=now)
    return ["started"]


def _advance(stage: CycleStage, actor: Actor, now: dt.datetime) -> list[str]:
    steps = []
    if stage.status == StageStatus.PENDING and stage.opens_at <= now and not unfinished_before(stage):
        open_now(stage, actor=actor, now=now)
        steps.append(f"opened:{stage.kind}")
    elif stage.status == StageStatus.OPEN:
        run_recurring(stage, actor=actor, now=now)
    over = stage.closes_at + stage.grace < now
    if stage.status == StageStatus.OPEN and over and not closing_obstacles(stage):
        close_now(stage, actor=actor, now=now)
        steps.append(f"closed:{stage.kind}")
    return steps
