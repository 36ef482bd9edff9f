"""A month as weeks with bars: plain figures for ``lifecycle/_month.html``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.core.dates import WorkingCalendar, local_date
from portal.lifecycle.programmes.drawing import tone_of
from portal.lifecycle.programmes.models import CycleStage

SHOWN = 14  # bars a week; the list below names all
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Day:
    day: dt.date
    is_off: bool
    is_holiday: bool
    is_makeup: bool
    is_today: bool
    in_month: bool


@dataclass(frozen=True)
class Span:
    """One stage within one week: from column ``start`` (1 = Monday) over ``length`` columns."""

    stage: CycleStage
    start: int
    length: int
    tone: str
    begins: bool  # the stage's own first day lies in this week
    ends: bool


@dataclass
class Week:
    days: Sequence[Day]
    spans: list[Span] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True)
class Month:
    first: dt.date
    weeks: Sequence[Week]
    before: dt.date
    after: dt.date


def month_bounds(year: int, month: int) -> tuple[dt.date, dt.date]:
    """First day of the month and of the next one."""
    first = dt.date(year, month, 1)
    return first, (first + dt.timedelta(days=32)).replace(day=1)


def last_day(stage: CycleStage) -> dt.date:
    """What closes at midnight ends with the day before."""
    return local_date(stage.closes_at - dt.timedelta(microseconds=1))


def draw_month(
    stages: Sequence[CycleStage], *, year: int, month: int, calendar: WorkingCalendar, now: dt.datetime
) -> Month:
    """The weeks from the Monday before the first to the Sunday after the last day of the month."""
    first, after = month_bounds(year, month)
    monday = first - dt.timedelta(days=first.weekday())
    weeks = []
    while monday < after:
        weeks.append(_week(monday, month, stages, calendar, now))
        monday += dt.timedelta(days=7)
    return Month(first, weeks, (first - ONE_DAY).replace(day=1), after)


def _week(
    monday: dt.date, month: int, stages: Sequence[CycleStage], calendar: WorkingCalendar, now: dt.datetime
) -> Week:
    plain = calendar.lenient()
    days = [monday + ONE_DAY * number for number in range(7)]
    week = Week(
        [
            Day(
                day=day,
                is_off=not plain.is_working_day(day),
                is_holiday=day in calendar.holidays,
                is_makeup=day in calendar.makeup_workdays,
                is_today=day == local_date(now),
                in_month=day.month == month,
            )
            for day in days
        ]
    )
    touching = [s for s in stages if local_date(s.opens_at) <= days[-1] and last_day(s) >= days[0]]
    for stage in touching[:SHOWN]:
        opens, closes = local_date(stage.opens_at), last_day(stage)
        start, end = max(opens, days[0]), min(closes, days[-1])
        week.spans.append(
            Span(
                stage=stage,
                start=start.weekday() + 1,
                length=(end - start).days + 1,
                tone=tone_of(stage, now),
                begins=opens >= days[0],
                ends=closes <= days[-1],
            )
        )
    week.more = len(touching) - len(week.spans)
    return week


def month_lines(stages: Sequence[CycleStage], now: dt.datetime) -> list[dict[str, Any]]:
    """The same stages as a list, in the order in which they end."""
    return [
        {"stage": stage, "tone": tone_of(stage, now), "first": local_date(stage.opens_at), "last": last_day(stage)}
        for stage in sorted(stages, key=lambda stage: (stage.closes_at, stage.pk))
    ]
