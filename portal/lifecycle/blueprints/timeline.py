"""Planned dates of a cycle, and the years in which cycles begin. Pure: the holiday table is passed in as a function."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from portal.lifecycle.blueprints.schema import Blueprint, ProgrammeInfo
from portal.lifecycle.blueprints.stages import ApplicationParams, ClearanceParams, NoticeParams, RecommendationParams

IsWorkingDay = Callable[[dt.date], bool]


@dataclass(frozen=True)
class PlannedStage:
    """One stage with its first and last day; ``working_days`` lie in between, both ends included."""

    kind: str
    title: str
    opens: dt.date
    closes: dt.date
    working_days: int


def start_in_year(info: ProgrammeInfo, year: int) -> dt.date | None:
    """The first day of a cycle that begins in ``year``; None when ``cycle_start`` is no date of that year."""
    try:
        month, day = (int(part) for part in info.cycle_start.split("-"))
        return dt.date(year, month, day)
    except ValueError:
        return None


def cycle_starts(blueprint: Blueprint, first: int, until: int) -> list[dt.date]:
    """First days of all cycles of the years ``first`` to ``until``, both included. Empty without a rhythm."""
    info = blueprint.programme
    if not info.period_years:
        return []
    years = range(info.first_year, until + 1, info.period_years)
    starts = (start_in_year(info, year) for year in years if year >= first)
    return [start for start in starts if start is not None]


def next_start(blueprint: Blueprint, after: dt.date) -> dt.date | None:
    """First day of the next cycle later than ``after``; None without a rhythm."""
    info = blueprint.programme
    if not info.period_years:
        return None
    last = max(after.year, info.first_year) + info.period_years
    return next((start for start in cycle_starts(blueprint, after.year, last) if start > after), None)


def first_working_day(day: dt.date, is_working_day: IsWorkingDay) -> dt.date:
    """``day`` itself when it is a working day, else the next one."""
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


def nth_working_day(start: dt.date, count: int, is_working_day: IsWorkingDay) -> dt.date:
    """The ``count``-th working day from ``start`` on, ``start`` counted when it is one. ``count`` ≥ 1."""
    day = first_working_day(start, is_working_day)
    for _step in range(count - 1):
        day = first_working_day(day + dt.timedelta(days=1), is_working_day)
    return day


def planned_working_days(params: object, working_days: int) -> int:
    """Length of a stage: what it says, and at least what its own deadlines add up to."""
    needed = 1
    if isinstance(params, RecommendationParams):
        needed = sum(params.handling_working_days.values()) + sum(params.notice_working_days.values())
    elif isinstance(params, NoticeParams):
        # The window itself, and the time in which an objection of its last day must be ruled on.
        needed = params.working_days + params.objection_ruling_working_days
    elif isinstance(params, ClearanceParams) and params.opinions:
        needed = params.reply_working_days
    return max(1, working_days, needed)


def plan(blueprint: Blueprint, start: dt.date, is_working_day: IsWorkingDay) -> list[PlannedStage]:
    """The stages of a cycle that begins on ``start``, one after the other.

    An application's window is counted in calendar days and ends on a working day (its last day may move on); every
    other stage is counted in working days and begins on the working day after the one before.
    """
    planned: list[PlannedStage] = []
    opens = start
    for stage in blueprint.stages:
        if isinstance(stage.params, ApplicationParams):
            closes = first_working_day(opens + dt.timedelta(days=stage.params.days - 1), is_working_day)
        else:
            opens = first_working_day(opens, is_working_day)
            closes = nth_working_day(opens, planned_working_days(stage.params, stage.working_days), is_working_day)
        days = (opens + dt.timedelta(days=offset) for offset in range((closes - opens).days + 1))
        planned.append(PlannedStage(stage.kind, stage.name, opens, closes, sum(map(is_working_day, days))))
        opens = closes + dt.timedelta(days=1)
    return planned
