"""Beside the work list: where the running cycles stand, and how many places are left."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.accounts.models import Organisation
from portal.core.policies import may
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus, StageStatus
from portal.lifecycle.recommendation.queries import Places, places_by_cycle
from portal.web.formats import cn_moment, cn_short
from portal.web.ui import Step

if TYPE_CHECKING:
    from portal.core.context import Actor

SHOWN = 2


@dataclass(frozen=True)
class RunningCycle:
    cycle: Cycle
    steps: list[Step]
    places: Places | None


def running_cycles(actor: Actor, *, now: dt.datetime) -> list[RunningCycle]:
    """The running cycles that concern the desk most, with its places where it nominates.

    For unions and units below the organiser those in which it is still entered and recommended come first; then
    whatever has a stage ending soonest.
    """
    cycles = list(
        Cycle.objects.filter(status=CycleStatus.RUNNING)
        .select_related("programme")
        .prefetch_related("stages")
        .order_by("-year", "-pk")[:20]
    )
    cycles.sort(key=lambda cycle: (not _is_nominating(cycle, actor), _next_date(cycle, now)))
    shown = cycles[:SHOWN]
    figures: dict[int, Places] = {}
    nominating = [cycle for cycle in shown if _is_nominating(cycle, actor)]
    if nominating and may(actor, "entry.endorse"):
        organisation = Organisation.objects.get(pk=actor.desk.organisation_id)
        figures = places_by_cycle(nominating, organisation=organisation, level=actor.level)
    return [RunningCycle(cycle, steps_of(cycle, now), figures.get(cycle.pk)) for cycle in shown]


def _is_nominating(cycle: Cycle, actor: Actor) -> bool:
    """Places matter to the unions below the organiser, while the recommendation is not over."""
    if actor.desk is None or actor.desk.organisation_id == cycle.owner_id:
        return False
    return any(stage.kind == "recommendation" and stage.status != StageStatus.CLOSED for stage in cycle.stages.all())


def _next_date(cycle: Cycle, now: dt.datetime) -> dt.datetime:
    dates = [stage.closes_at for stage in cycle.stages.all() if stage.status != StageStatus.CLOSED]
    return min((date for date in dates if date >= now), default=now + dt.timedelta(days=3650))


def steps_of(cycle: Cycle, now: dt.datetime) -> list[Step]:
    """The stages of a cycle as steps with their dates."""
    return [Step(stage.title, _state(stage, now), note=_note(stage, now)) for stage in cycle.stages.all()]


def _state(stage: CycleStage, now: dt.datetime) -> str:
    if stage.status == StageStatus.CLOSED:
        return "done"
    return "current" if stage.is_open_at(now) else "todo"


def _note(stage: CycleStage, now: dt.datetime) -> str:
    if stage.status == StageStatus.CLOSED:
        return ""
    if stage.is_open_at(now):
        late = "，已到期" if stage.closes_at < now else ""
        return f"{cn_short(stage.closes_at)}截止{late}"
    return f"{cn_moment(stage.opens_at)}开始"
