"""A unit that has to mark itself cannot submit before it has done so well enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.decisions import ALLOWED, Decision
from portal.lifecycle.engine.registry import check
from portal.lifecycle.review.checklist.completeness import self_mark_decision
from portal.lifecycle.review.checklist.sheets import checklist_of, self_sheet

if TYPE_CHECKING:
    from portal.lifecycle.engine.perform import Act


@check("submit")
def self_marks_complete(act: Act) -> Decision:
    """Complete, proven, each section's least share and the minimum of the whole reached."""
    checklist = checklist_of(act.cycle)
    if checklist is None or not checklist.self_mark:
        return ALLOWED
    return self_mark_decision(self_sheet(act.entry, checklist))
