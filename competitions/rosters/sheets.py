"""Sheet of the yearly report: who took part, by union."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from competitions.rosters import counting
from competitions.rosters.enums import Basis
from portal.reports.registry import Sheet


def participation_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """All cuts below one another, the total last; figures as they stand when the report is made."""
    cuts = {code: str(found.label) for code, found in counting.SLICES.items()} | {counting.FLAGS: "按人群"}
    for code, label in cuts.items():
        for line in counting.lines(code, actor.path, year, Basis.CALENDAR):
            yield _row(label, line)
    yield _row("合计", counting.total(actor.path, year, Basis.CALENDAR))


def _row(cut: str, line: counting.Line) -> list[Any]:
    rate = round(line.rate, 4) if line.rate is not None else None
    return [
        cut, line.label, line.persons, line.employees, rate, line.times, line.pending, line.persons_before,
        line.times_before, line.silent,
    ]  # fmt: skip


PARTICIPATION = Sheet(
    "worker_participation",
    "职工参与情况",
    ("分类", "范围", "参与职工", "职工数", "参与率", "参与人次", "待同意人次", "上年参与职工", "上年参与人次", "无年度信息单位"),
    participation_rows,
    str(counting.DEFINITION),
    62,
)  # fmt: skip
