"""Stages drawn along a line of time: plain figures for ``components/gantt.html`` (an SVG lane per row, no script)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from portal.core.dates import local_date
from portal.lifecycle.programmes.models import CycleStage, StageStatus
from portal.web.formats import cn_date

WIDTH = 1000  # units of the SVG's viewBox


@dataclass(frozen=True)
class Bar:
    """One span; ``x`` and ``width`` in units of ``WIDTH``."""

    label: str
    x: float
    width: float
    tone: str


@dataclass
class Lane:
    label: Any
    url: str = ""
    note: Any = ""
    bars: list[Bar] = field(default_factory=list)

    @property
    def spoken(self) -> str:
        """What a screen reader says for the picture."""
        return "；".join(bar.label for bar in self.bars)


@dataclass(frozen=True)
class Tick:
    label: str
    x: float


@dataclass(frozen=True)
class Drawing:
    lanes: Sequence[Lane]
    ticks: Sequence[Tick]
    today: float | None


def tone_of(stage: CycleStage, now: dt.datetime) -> str:
    if stage.status == StageStatus.CLOSED:
        return "done"
    if stage.status == StageStatus.OPEN and stage.closes_at + stage.grace < now:
        return "late"
    return "open" if stage.is_open_at(now) else "planned"


def draw_year(stages: Iterable[CycleStage], *, year: int, now: dt.datetime) -> Drawing:
    """One lane per cycle over the twelve months of a year."""
    axis = Axis(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    lanes: dict[int, Lane] = {}
    for stage in stages:
        cycle = stage.cycle
        lane = lanes.setdefault(cycle.pk, Lane(str(cycle), cycle.get_absolute_url(), cycle.get_status_display()))
        lane.bars.append(_bar(axis, stage, now))
    return Drawing(list(lanes.values()), axis.months(), axis.at_or_none(local_date(now)))


def draw_cycle(stages: Sequence[CycleStage], *, now: dt.datetime) -> Drawing:
    """One lane per stage from the first day of a cycle to its last."""
    if not stages:
        return Drawing([], [], None)
    first = local_date(min(stage.opens_at for stage in stages))
    last = local_date(max(stage.closes_at for stage in stages)) + dt.timedelta(days=1)
    axis = Axis(first, last)
    lanes = [
        Lane(stage.title, note=f"{cn_date(stage.opens_at)}—{cn_date(stage.closes_at)}", bars=[_bar(axis, stage, now)])
        for stage in stages
    ]
    return Drawing(lanes, axis.months(), axis.at_or_none(local_date(now)))


def _bar(axis: Axis, stage: CycleStage, now: dt.datetime) -> Bar:
    x = axis.at(local_date(stage.opens_at))
    end = axis.at(local_date(stage.closes_at) + dt.timedelta(days=1))
    label = _("%(title)s：%(start)s至%(end)s，%(status)s") % {
        "title": stage.title,
        "start": cn_date(stage.opens_at),
        "end": cn_date(stage.closes_at),
        "status": stage.get_status_display(),
    }
    return Bar(label, round(x, 1), round(max(end - x, 3), 1), tone_of(stage, now))


@dataclass(frozen=True)
class Axis:
    """Days from ``first`` to the day before ``end``, laid over ``WIDTH`` units."""

    first: dt.date
    end: dt.date

    def at(self, day: dt.date) -> float:
        share = (day - self.first).days / max(1, (self.end - self.first).days)
        return min(1.0, max(0.0, share)) * WIDTH

    def at_or_none(self, day: dt.date) -> float | None:
        return round(self.at(day), 1) if self.first <= day < self.end else None

    def months(self) -> list[Tick]:
        """The first of each month; with more than a year on the axis only every third."""
        ticks, day = [], self.first.replace(day=1)
        months = (self.end.year - self.first.year) * 12 + self.end.month - self.first.month
        step = 1 if months <= 13 else 3
        while day < self.end:
            if day >= self.first and (day.month - 1) % step == 0:
                label = f"{day.year}年{day.month}月" if day.month == 1 and day > self.first else f"{day.month}月"
                ticks.append(Tick(label, round(self.at(day), 1)))
            day = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        return ticks
