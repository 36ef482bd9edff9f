"""From findings on items to the marks of sections. Pure: no ORM, ``Decimal`` only, nothing is rounded.

The rule in words (domain.md 9, rubric A of the Ankang cup: sections, deductions, veto clauses, bonus up to 4)
    1. An ``add`` item earns what was given, from 0 to its points. A ``deduct`` item begins with all its points; what was
       deducted is taken off, never below 0.
    2. A section's marks are the sum of its items. Its least share (80 %) is met from ``points × min_share`` on, exactly.
    3. All bonus sections together are worth at most ``bonus_cap``; the cap is used up in the order of the sheet.
    4. The total is base (0 … 100) plus bonus (0 … cap). A veto that holds makes the entry not eligible; it takes no marks.
    5. An item nobody has looked at earns nothing yet and keeps its section from being complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.review_blocks import ChecklistItem, ChecklistParams, ChecklistSection

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was typed for one item: ``value`` (marks, or the deduction), ``found`` for a veto. None = not looked at."""

    value: Decimal | None = None
    found: bool | None = None


NOTHING = Finding()


@dataclass(frozen=True, slots=True)
class SectionTotal:
    """Marks of one section; ``earned`` is what counts (after the bonus cap), ``raw`` what the items add up to."""

    section: ChecklistSection
    raw: Decimal
    earned: Decimal
    missing: tuple[ChecklistItem, ...]
    vetoes: tuple[ChecklistItem, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def done(self) -> int:
        return len(self.section.items) - len(self.missing)

    @property
    def is_least_met(self) -> bool:
        """Whether the least share is reached; true where none is asked for."""
        return self.section.least is None or self.earned >= self.section.least

    @property
    def shortfall(self) -> Decimal:
        """Marks missing to the least share."""
        return ZERO if self.section.least is None else max(ZERO, self.section.least - self.earned)


@dataclass(frozen=True, slots=True)
class ChecklistTotal:
    sections: tuple[SectionTotal, ...]

    @property
    def base(self) -> Decimal:
        """Marks without the bonus, 0 … 100."""
        return sum((s.earned for s in self.sections if not s.section.bonus), ZERO)

    @property
    def bonus(self) -> Decimal:
        return sum((s.earned for s in self.sections if s.section.bonus), ZERO)

    @property
    def total(self) -> Decimal:
        return self.base + self.bonus

    @property
    def missing(self) -> tuple[ChecklistItem, ...]:
        return tuple(item for section in self.sections for item in section.missing)

    @property
    def vetoes(self) -> tuple[ChecklistItem, ...]:
        return tuple(item for section in self.sections for item in section.vetoes)

    @property
    def done(self) -> int:
        return sum(section.done for section in self.sections)

    @property
    def count(self) -> int:
        return sum(len(section.section.items) for section in self.sections)

    @property
    def is_complete(self) -> bool:
        return not self.missing


def is_done(item: ChecklistItem, finding: Finding) -> bool:
    """Whether somebody has looked at the item."""
    return finding.found is not None if item.veto else finding.value is not None


def earned(item: ChecklistItem, finding: Finding) -> Decimal:
    """Marks of one item (rule 1); 0 for a veto and for what nobody has looked at."""
    if item.veto or finding.value is None:
        return ZERO
    value = min(max(finding.value, ZERO), item.points)
    return item.points - value if item.mode == "deduct" else value


def evaluate(checklist: ChecklistParams, findings: Mapping[str, Finding]) -> ChecklistTotal:
    """All sections with what they are worth. Codes that the checklist does not know are ignored."""
    left = checklist.bonus_cap
    totals = []
    for section in checklist.sections:
        pairs = [(item, findings.get(item.code, NOTHING)) for item in section.items]
        raw = sum((earned(item, finding) for item, finding in pairs), ZERO)
        counted = min(raw, left) if section.bonus else raw
        if section.bonus:
            left -= counted
        totals.append(
            SectionTotal(
                section,
                raw,
                counted,
                tuple(item for item, finding in pairs if not is_done(item, finding)),
                tuple(item for item, finding in pairs if item.veto and finding.found),
            )
        )
    return ChecklistTotal(tuple(totals))


def section_marks(checklist: ChecklistParams, total: ChecklistTotal) -> dict[str, Decimal | None]:
    """The marks of the rubric that follow (code of the section → marks); None while an item has not been looked at."""
    marked = {criterion.code for criterion in checklist.criteria()}
    return {s.section.code: s.earned if s.is_complete else None for s in total.sections if s.section.code in marked}


def differs(item: ChecklistItem, own: Finding, other: Finding) -> bool:
    """Whether a reviewer came to something else than the unit; what the unit left open does not differ."""
    if not is_done(item, own) or not is_done(item, other):
        return False
    return own.found != other.found if item.veto else own.value != other.value
