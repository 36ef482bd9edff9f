"""Where entries would stand if the review ended now. The selection room, later in time, says how (registered)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.lifecycle.programmes.models import CycleStage
    from portal.lifecycle.review.results import StageMarks


@dataclass(frozen=True, slots=True)
class Standing:
    """``rank`` None without a total; ``outcome`` is how people call it (入选, 递补 …), empty where no list is chosen."""

    rank: int | None
    total: str
    outcome: str = ""
    is_selected: bool = False


Rule = Callable[["CycleStage", "StageMarks"], Mapping[int, Standing]]
_rules: list[Rule] = []


def register_provisional(rule: Rule) -> Rule:
    """``@register_provisional``: function of (review stage, its marks) → standing by entry id; writes nothing."""
    _rules.append(rule)
    return rule


def standings(stage: CycleStage, marks: StageMarks) -> dict[int, Standing]:
    """Standing of every entry with marks; empty where the cycle chooses no list."""
    found: dict[int, Standing] = {}
    for rule in _rules:
        found |= rule(stage, marks)
    return found
