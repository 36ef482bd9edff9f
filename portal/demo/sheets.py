"""What people type into checklists: full marks, nothing taken off, no veto found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.lifecycle.review.sheet import plain

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.review_blocks import ChecklistParams

PROOF = "制度文件、台账和现场照片齐全，可随时查阅。"
AGREED = "与自评一致，现场核实无误。"


def typed_items(checklist: ChecklistParams, words: str) -> dict[str, str]:
    """Fields of the page by name, for every item."""
    typed: dict[str, str] = {}
    for item in checklist.items:
        if item.veto:
            typed[f"found-{item.code}"] = "no"
        else:
            typed[f"points-{item.code}"] = "0" if item.mode == "deduct" else plain(item.points)
        typed[f"words-{item.code}"] = words
    return typed
