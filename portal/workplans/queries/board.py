"""The board: tasks × unions with their lights, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from portal.web.ui import Badge
from portal.workplans.enums import ICON_OF_LIGHT, TONE_OF_LIGHT, Light
from portal.workplans.lights import Quarter, done_so_far, light_of
from portal.workplans.models import PlanTask, PlanYear, ProgressReport, Scheme, SchemeLine

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Standing:
    """One line with its light and the figures behind it."""

    line: SchemeLine
    light: Light
    done: Decimal | None
    quarters: tuple[ProgressReport, ...]

    @property
    def badge(self) -> Badge:
        return Badge(self.light.label, TONE_OF_LIGHT[self.light], ICON_OF_LIGHT[self.light])

    @property
    def percent(self) -> int | None:
        """Share of the union's target that is reached, in whole per cent."""
        if not self.line.target or self.done is None:
            return None
        return int(self.done * 100 / self.line.target)


UNIONS_A_SHEET = 10  # across A4 on its side


@dataclass
class BoardRow:
    task: PlanTask
    cells: list[Standing | None] = field(default_factory=list)


@dataclass
class Board:
    unions: list[Scheme]
    rows: list[BoardRow]
    counts: Mapping[Light, int]

    @property
    def is_empty(self) -> bool:
        return not any(cell for row in self.rows for cell in row.cells)

    @property
    def sheets(self) -> list[Board]:
        """The same board in parts that fit across a sheet of paper."""
        cuts = range(0, len(self.unions), UNIONS_A_SHEET)
        return [self._part(slice(start, start + UNIONS_A_SHEET)) for start in cuts]

    def _part(self, some: slice) -> Board:
        rows = [BoardRow(row.task, row.cells[some]) for row in self.rows]
        return Board(self.unions[some], rows, self.counts)


def lines_with_reports() -> QuerySet[SchemeLine]:
    """Lines with all that a light needs."""
    reports = ProgressReport.objects.order_by("quarter")
    return SchemeLine.objects.select_related("task", "scheme__organisation", "scheme__year").prefetch_related(
        Prefetch("reports", queryset=reports)
    )


def standing(line: SchemeLine, now: dt.datetime) -> Standing:
    reports = tuple(line.reports.all())
    quarters = [Quarter(r.quarter, r.due_at, r.value, r.reported_at is not None) for r in reports]
    accumulates = line.task.accumulates
    light = light_of(quarters, target=line.target, accumulates=accumulates, now=now)
    return Standing(line, light, done_so_far(quarters, accumulates=accumulates), reports)


def standings(lines: Iterable[SchemeLine], now: dt.datetime) -> list[Standing]:
    return [standing(line, now) for line in lines]


def board(*, year: PlanYear, now: dt.datetime, chosen: Mapping[str, Any]) -> Board:
    """All tasks × all unions in scope, narrowed by ``chapter``, ``lead``, ``union`` (words) and ``light``.

    A light keeps the rows and columns that have one such cell, and shows only those cells.
    """
    tasks = PlanTask.objects.filter(plan=year.plan_id, first_year__lte=year.year, last_year__gte=year.year)
    if chosen.get("chapter"):
        tasks = tasks.filter(chapter=chosen["chapter"])
    if chosen.get("lead"):
        tasks = tasks.filter(lead=chosen["lead"])
    schemes = Scheme.objects.filter(year=year).select_related("organisation", "year")
    for word in str(chosen.get("union") or "").split():
        schemes = schemes.filter(organisation__name__icontains=word)
    unions, wanted = list(schemes), chosen.get("light")
    lines = lines_with_reports().filter(scheme__in=[s.pk for s in unions], task__in=tasks)
    found = {(s.line.task_id, s.line.scheme_id): s for s in standings(lines, now)}
    counts = Counter(s.light for s in found.values())
    if wanted:
        found = {key: s for key, s in found.items() if s.light == wanted}
        kept = {scheme for _task, scheme in found}
        unions = [s for s in unions if s.pk in kept]
    rows = [BoardRow(task, [found.get((task.pk, s.pk)) for s in unions]) for task in tasks]
    if wanted:
        rows = [row for row in rows if any(row.cells)]
    return Board(unions, rows, {light: counts[light] for light in Light})
