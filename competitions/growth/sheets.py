"""Sheets of the yearly report: mentoring, drills and matches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from competitions.growth import queries
from competitions.growth.calculations import completion_rate
from portal.core.dates import local_date
from portal.reports.registry import Sheet


def _name(line: dict[str, Any]) -> str:
    return line["union"].name if line.get("union") else ""


def mentorship_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per union next below the desk, and all together."""
    rows, today = queries.of_year(year), local_date(timezone.now())
    lines = queries.mentor_figures_by_union(rows, actor.path, today)
    for line in lines:
        yield _mentor_line(_name(line), line)
    if lines:
        yield _mentor_line("合计", queries.mentor_figures(rows, today))


def _mentor_line(name: str, found: dict[str, Any]) -> list[Any]:
    ends = [found[key] for key in ("completed", "failed", "terminated")]
    return [name, found["all"], found["active"], *ends, completion_rate(*ends), found["overdue"]]


MENTORSHIPS = Sheet(
    "growth_mentorships",
    "师徒帮教",
    ("工会", "合同数", "帮教中", "已出师", "考核未达标", "已终止", "出师率", "记录逾期"),
    mentorship_rows,
    "期限与本年度有重合、已签订的合同；出师率＝已出师÷（已出师＋考核未达标＋已终止）；记录逾期指应填未填的月度记录份数。",
    60,
)


def drill_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per union next below the desk, and all together."""
    rows = queries.drills_of_year(year)
    lines = queries.drill_figures_by_union(rows, actor.path)
    for line in lines:
        yield _drill_line(_name(line), line)
    if lines:
        yield _drill_line("合计", queries.drill_figures(rows))


def _drill_line(name: str, found: dict[str, Any]) -> list[Any]:
    return [name, found["drills"], found["matches"], found["people"] or 0, found["trades"]]


DRILLS = Sheet(
    "growth_drills",
    "练兵比武",
    ("工会", "岗位练兵场次", "技术比武场次", "参加人次", "工种数"),
    drill_rows,
    "开始日期在本年度的记录；参加人次为各场参加人数之和；工种数按名称去重，合计行在全部工会范围内去重。",
    61,
)
