"""Which level a rank brings, and who may be proposed for an honour. Pure; rules from rules.py, sources in the files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from competitions.contests.enums import LADDER, Group, Level, Sex
from competitions.contests.rules import HonourRule, PromotionRules


@dataclass(frozen=True, slots=True)
class Finisher:
    """One line of a confirmed result. ``field`` is how many were ranked."""

    klass: str
    group: str
    rank: int
    field: int
    level: str
    sex: str = Sex.MALE
    is_single: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    after: str
    reason: str


def promotion_of(one: Finisher, found: PromotionRules | None) -> Step | None:
    """The level reached by competition, or None: rank too low, class without a rule, or level held already.

    Nobody is ever taken down; a percentage of the field is rounded down, as places are given only where they are full.
    """
    rule = next((r for r in found.rules if one.klass in r.classes), None) if found else None
    if rule is None or found is None:
        return None
    last = rule.top or one.field * rule.percent // 100
    if not 1 <= one.rank <= last:
        return None
    target, above = rule.worker if one.group == Group.WORKER else (rule.student, "")
    held = _height(one.level)
    after = above if above and held >= _height(target) else target
    if _height(after) <= held:
        return None
    bound = f"前{rule.top}名" if rule.top else f"前{rule.percent}%"
    return Step(after, f"{found.version}年规定：{bound}，第{one.rank}名")


def _height(level: str) -> int:
    return LADDER.index(Level(level or Level.NONE))


def honours_of(one: Finisher, rank_among_women: int, found: Iterable[HonourRule]) -> list[HonourRule]:
    """Honours the rank opens: workers in single-person contests only."""
    if one.group != Group.WORKER or not one.is_single:
        return []
    women = one.sex == Sex.FEMALE
    return [
        rule
        for rule in found
        if one.klass in rule.classes
        and (women and 1 <= rank_among_women <= rule.top if rule.women else 1 <= one.rank <= rule.top)
    ]
