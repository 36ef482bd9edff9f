"""Experts × entries of a panel: what is assigned, what may be, what must not be and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.lifecycle.review.models import AssignmentState

if TYPE_CHECKING:
    from portal.lifecycle.entries.models import Entry
    from portal.lifecycle.review.models import PanelMember
    from portal.lifecycle.review.queries.conflicts import PanelCase


@dataclass(frozen=True)
class Cell:
    """``kind``: free, full (load limit), barred, open, begun, submitted, recused. ``pair`` is what the form posts."""

    kind: str
    pair: str
    reason: str = ""
    assignment_id: int | None = None


@dataclass(frozen=True)
class MatrixRow:
    entry: Entry
    cells: Sequence[Cell]
    active: int
    wanted: int

    @property
    def lacking(self) -> int:
        return max(0, self.wanted - self.active)

    @property
    def count_text(self) -> str:
        return f"{self.active} / {self.wanted}"


@dataclass(frozen=True)
class MatrixHead:
    member: PanelMember
    load: int
    most: int


def matrix_heads(case: PanelCase) -> list[MatrixHead]:
    """Members with what they carry in this stage and at most."""
    carried = {key: e.load for key, e in ((e.code, e) for e in case.experts)}
    for experts in case.existing.values():
        for expert in experts:
            carried[expert] = carried.get(expert, 0) + 1
    most = {e.code: e.capacity or 0 for e in case.experts}
    return [MatrixHead(m, carried.get(key, 0), most.get(key, 0)) for key, m in case.members.items()]


def matrix_rows(case: PanelCase, entries: Sequence[Entry]) -> list[MatrixRow]:
    """Rows of the given entries; everything is in the case already."""
    to_review = {e.code: e for e in case.to_review}
    experts = {e.code: e for e in case.experts}
    full = {h.member.expert_id for h in matrix_heads(case) if h.load >= h.most}
    rows = []
    for entry in entries:
        key, cells = str(entry.pk), []
        for expert, member in case.members.items():
            pair = f"{key}:{expert}"
            sheet = case.sheets.get((key, expert))
            if sheet is not None:
                kind = "begun" if sheet.begun and sheet.state == AssignmentState.OPEN else str(sheet.state)
                cells.append(Cell(kind, pair, assignment_id=sheet.pk))
                continue
            reason = case.reason(to_review[key], experts[expert])
            kind = "barred" if reason else "full" if member.expert_id in full else "free"
            cells.append(Cell(kind, pair, reason))
        rows.append(MatrixRow(entry, cells, len(case.existing.get(key, [])), case.params.experts_per_entry))
    return rows
