"""Stored findings as a sheet of lines, for the unit and for reviewers (reads only)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.lifecycle.programmes.queries import params_of, stage_of
from portal.lifecycle.review.checklist.calculation import (
    NOTHING,
    ChecklistTotal,
    Finding,
    SectionTotal,
    differs,
    earned,
    evaluate,
    is_done,
)
from portal.lifecycle.review.checklist.models import ItemMark, SelfMark
from portal.lifecycle.review.sheet import plain

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.review_blocks import ChecklistItem, ChecklistParams
    from portal.lifecycle.entries.models import Entry
    from portal.lifecycle.programmes.models import Cycle
    from portal.lifecycle.review.models import Assignment


@dataclass(frozen=True)
class ItemLine:
    """One item with the unit's finding and, on a reviewer's sheet, the reviewer's. ``key`` is fit for an HTML id."""

    key: str
    item: ChecklistItem
    own: Finding
    self_row: SelfMark | None = None
    mark_row: ItemMark | None = None
    typed: str | None = None
    error: str = ""

    @property
    def shown(self) -> str:
        """Text of the input: a refused entry stays as it was typed."""
        return self.typed if self.typed is not None else plain(self.own.value)

    @property
    def earned(self) -> Decimal:
        return earned(self.item, self.own)

    @property
    def is_done(self) -> bool:
        return is_done(self.item, self.own)

    @property
    def self_finding(self) -> Finding:
        return finding_of(self.self_row)

    @property
    def self_shown(self) -> str:
        return plain(self.self_finding.value)

    @property
    def differs(self) -> bool:
        return self.mark_row is not None and differs(self.item, self.own, self.self_finding)

    @property
    def comment(self) -> str:
        return self.mark_row.comment if self.mark_row else ""

    @property
    def lacks_comment(self) -> bool:
        return self.differs and not self.comment.strip()

    @property
    def lacks_evidence(self) -> bool:
        """Whether the unit still owes a proof: words or a file; nothing earned needs none."""
        row = self.self_row
        return self.item.evidence and self.earned > 0 and (row is None or not (row.evidence.strip() or row.file))


@dataclass(frozen=True)
class SectionLines:
    key: str
    total: SectionTotal
    lines: tuple[ItemLine, ...]

    @property
    def section(self):
        return self.total.section


@dataclass(frozen=True)
class ItemSheet:
    checklist: ChecklistParams
    total: ChecklistTotal
    sections: tuple[SectionLines, ...]

    @property
    def lines(self) -> list[ItemLine]:
        return [line for section in self.sections for line in section.lines]

    def line(self, code: str) -> ItemLine:
        """KeyError when the checklist has no such item."""
        return {line.item.code: line for line in self.lines}[code]

    @property
    def is_minimum_met(self) -> bool:
        minimum = self.checklist.self_minimum
        return minimum is None or self.total.base >= minimum


def finding_of(row: SelfMark | ItemMark | None) -> Finding:
    return Finding(row.value, row.found) if row is not None else NOTHING


def checklist_of(cycle: Cycle) -> ChecklistParams | None:
    """The checklist that the cycle's review goes by, None when it has none."""
    stage = stage_of(cycle, "review")
    return params_of(stage).checklist if stage is not None else None


def make_items(
    checklist: ChecklistParams,
    *,
    self_rows: Mapping[str, SelfMark],
    mark_rows: Mapping[str, ItemMark] | None = None,
    errors: Mapping[str, tuple[str, str]] | None = None,
) -> ItemSheet:
    """The checklist with findings; with ``mark_rows`` they are the reviewer's and the unit's stand beside them."""
    rows = self_rows if mark_rows is None else mark_rows
    total = evaluate(checklist, {code: finding_of(row) for code, row in rows.items()})
    errors = errors or {}
    number, sections = 0, []
    for part in total.sections:
        lines = []
        for item in part.section.items:
            number += 1
            typed, error = errors.get(item.code, (None, ""))
            code = item.code
            marked = None if mark_rows is None else mark_rows.get(code)
            own = finding_of(rows.get(code))
            lines.append(ItemLine(f"item-{number}", item, own, self_rows.get(code), marked, typed, error))
        sections.append(SectionLines(f"part-{len(sections) + 1}", part, tuple(lines)))
    return ItemSheet(checklist, total, tuple(sections))


def self_rows_of(entry: Entry) -> dict[str, SelfMark]:
    """The unit's findings by item (one query)."""
    return {row.item: row for row in SelfMark.objects.filter(entry=entry)}


def self_sheet(entry: Entry, checklist: ChecklistParams, **kwargs) -> ItemSheet:
    """What the unit has given itself."""
    return make_items(checklist, self_rows=self_rows_of(entry), **kwargs)


def review_items(assignment: Assignment, checklist: ChecklistParams, **kwargs) -> ItemSheet:
    """One reviewer's findings beside the unit's (two queries)."""
    marks = {row.item: row for row in ItemMark.objects.filter(assignment=assignment)}
    return make_items(checklist, self_rows=self_rows_of(assignment.entry), mark_rows=marks, **kwargs)
