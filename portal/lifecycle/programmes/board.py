"""The drawn timeline on which dates are moved: bars over days, with days off behind them. Plain figures, no script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.core.dates import WorkingCalendar, local_date
from portal.lifecycle.programmes.drawing import Axis, Tick
from portal.lifecycle.programmes.schedule import Checked, Finding, Slot, working_days
from portal.lifecycle.programmes.working_days import working_calendar
from portal.web.formats import cn_range

MARGIN = dt.timedelta(days=45)  # room to drag the last stage into
HEIGHT = 20  # of a lane, in units of its viewBox


@dataclass(frozen=True)
class Row:
    """One stage: its bar in units of ``WIDTH``, its fields, what is said about it."""

    slot: Slot
    x: float
    width: float
    opens: Any  # bound field; None for a finished stage
    closes: Any
    findings: Sequence[Finding]
    length: str

    @property
    def has_error(self) -> bool:
        return any(finding.is_error for finding in self.findings)

    @property
    def spoken(self) -> str:
        return f"{self.slot.title}：{cn_range(self.slot.first, self.slot.last)}"

    @property
    def tone(self) -> str:
        return {"closed": "done", "open": "open"}.get(self.slot.status, "planned")


@dataclass(frozen=True)
class Board:
    first: dt.date
    days: int
    rows: Sequence[Row]
    ticks: Sequence[Tick]
    weekends: str
    holidays: str
    off: str
    today: float | None


def draw_board(slots: Sequence[Slot], checked: Checked, form: Any, *, now: dt.datetime) -> Board:
    """The picture of these slots with the fields of ``form`` beside them."""
    today = local_date(now)
    first = min([slot.first for slot in slots] or [today]).replace(day=1)
    last = max([slot.last for slot in slots] or [today]) + MARGIN
    axis = Axis(first, last)
    calendar = working_calendar(first.year, last.year)
    days = [first + dt.timedelta(days=number) for number in range((last - first).days)]
    off = [day for day in days if not calendar.is_working_day(day)]
    return Board(
        first=first,
        days=len(days),
        rows=[_row(slot, checked, form, axis, calendar) for slot in slots],
        ticks=axis.months(),
        weekends=_areas(off, axis, lambda day: day not in calendar.holidays),
        holidays=_areas(off, axis, lambda day: day in calendar.holidays),
        off=",".join(str((day - first).days) for day in off),
        today=axis.at_or_none(today),
    )


def _row(slot: Slot, checked: Checked, form: Any, axis: Axis, calendar: WorkingCalendar) -> Row:
    x = axis.at(slot.first)
    end = axis.at(slot.last + dt.timedelta(days=1))
    return Row(
        slot=slot,
        x=round(x, 2),
        width=round(max(end - x, 2), 2),
        opens=None if slot.is_fixed else form[f"opens_{slot.key}"],
        closes=None if slot.is_fixed else form[f"closes_{slot.key}"],
        findings=checked.of(slot.key),
        length=length_words(slot, calendar),
    )


def length_words(slot: Slot, calendar: WorkingCalendar) -> str:
    """“31天，22个工作日”."""
    days = max(0, (slot.last - slot.first).days + 1)
    return _("%(days)s天，%(working)s个工作日") % {"days": days, "working": working_days(slot, calendar)}


def _areas(off: Sequence[dt.date], axis: Axis, wanted: Callable[[dt.date], bool]) -> str:
    """One SVG path of all the days, neighbours joined."""
    runs: list[list[dt.date]] = []
    for day in filter(wanted, off):
        if runs and runs[-1][-1] == day - dt.timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = []
    for run in runs:
        x, end = axis.at(run[0]), axis.at(run[-1] + dt.timedelta(days=1))
        parts.append(f"M{x:.2f} 0h{end - x:.2f}v{HEIGHT}h-{end - x:.2f}z")
    return "".join(parts)
