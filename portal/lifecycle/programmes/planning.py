"""The stages of a cycle as slots to be looked at and moved: planned from a blueprint, or those of a cycle that exists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.core.dates import closing_time, local_date, local_datetime
from portal.lifecycle.blueprints.schema import Blueprint as Rules
from portal.lifecycle.blueprints.stages import ApplicationParams, Stage, stage_params_from_json
from portal.lifecycle.blueprints.timeline import plan
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.schedule import Checked, Slot, check
from portal.lifecycle.programmes.shifting import CLOSING_CLOCK, shifted
from portal.lifecycle.programmes.working_days import working_calendar

Dates = Mapping[int, tuple[dt.datetime, dt.datetime]]


def planned_slots(rules: Rules, start: dt.date) -> list[Slot]:
    """The stages of a cycle that begins on ``start``; keys are positions from 1."""
    planned = plan(rules, start, working_calendar(start.year).is_working_day)
    slots = []
    for position, (stage, days) in enumerate(zip(rules.stages, planned, strict=True), 1):
        opens = days.opens
        if stage.kind == "recommendation" and position > 1:
            opens = planned[position - 2].opens  # checking goes on while the call runs (随到随审)
        slots.append(
            Slot(
                key=position,
                kind=str(stage.kind),
                title=stage.name,
                opens=local_datetime(opens),
                closes=closing_time(days.closes, _clock(stage)),
                params=stage.params,
            )
        )
    return slots


def cycle_slots(cycle: Cycle) -> list[Slot]:
    """The stages of a cycle with the dates in force; keys are the stages' ids."""
    return [
        Slot(
            key=stage.pk,
            kind=stage.kind,
            title=stage.title,
            opens=stage.opens_at,
            closes=stage.closes_at,
            params=stage_params_from_json(stage.kind, stage.params),
            status=stage.status,
            was=(stage.opens_at, stage.closes_at),
        )
        for stage in cycle.stages.all()
    ]


def copied_slots(cycle: Cycle, rules: Rules, start: dt.date) -> list[Slot]:
    """What ``rules`` plan from ``start`` on, with the distances that the dates of ``cycle`` have."""
    return shifted(planned_slots(rules, start), cycle_slots(cycle), start, calendar=working_calendar(start.year))


def with_dates(slots: Sequence[Slot], dates: Dates) -> list[Slot]:
    """The slots with other dates; a key that ``dates`` leaves out stays as it is."""
    return [
        replace(slot, opens=dates[slot.key][0], closes=dates[slot.key][1]) if slot.key in dates else slot
        for slot in slots
    ]


def check_slots(slots: Sequence[Slot], *, now: dt.datetime) -> Checked:
    """``schedule.check`` against the working calendar of the years that the slots touch."""
    years = [day.year for slot in slots for day in (slot.first, slot.last)] or [local_date(now).year]
    return check(slots, now=now, calendar=working_calendar(min(years), max(years)))


def _clock(stage: Stage) -> str:
    return stage.params.closes_at if isinstance(stage.params, ApplicationParams) else CLOSING_CLOCK
