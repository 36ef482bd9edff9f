"""Structure ratios as whole numbers: how many of a list must, and how many may, belong to a group. Pure.

The selection under quotas (selection/limits.py) and the nomination sheets go by the same numbers: shares are compared as
products, nothing is rounded in anyone's favour.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from portal.lifecycle.blueprints.conditions import condition_holds

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.schema import Ratio


@dataclass(frozen=True)
class RatioState:
    """``count`` of ``whole`` entries belong to the group; limits in percent."""

    title: str
    count: int
    whole: int
    at_least: Decimal | None
    at_most: Decimal | None
    enforce: str
    definition: str = ""
    code: str = ""
    base: str = ""  # whom ``whole`` counts, when it is not the whole list

    @property
    def percent(self) -> Decimal:
        return Decimal(100) * self.count / self.whole if self.whole else Decimal(0)

    @property
    def least(self) -> int | None:
        """How many there must be in a list of this length."""
        return None if self.at_least is None else ceil(self.at_least * self.whole / 100)

    @property
    def most(self) -> int | None:
        """How many there may be in a list of this length."""
        return None if self.at_most is None else floor(self.at_most * self.whole / 100)

    @property
    def missing(self) -> int:
        """So many too few (positive) or too many (negative); 0 when the ratio is kept."""
        if not self.whole:
            return 0
        if self.least is not None and self.count < self.least:
            return self.least - self.count
        return min(0, self.most - self.count) if self.most is not None else 0

    @property
    def is_broken(self) -> bool:
        return self.missing != 0

    @property
    def is_tight(self) -> bool:
        """Kept, but one more or one less would break it."""
        return bool(self.whole) and not self.is_broken and self.count in {self.least, self.most} and self.count > 0

    @property
    def blocks(self) -> bool:
        return self.is_broken and self.enforce == "block"

    @property
    def binds(self) -> bool:
        return self.enforce == "block"

    @property
    def wanted(self) -> str:
        """``不低于60%``, of a base ``不低于个人的60%``"""
        parts, of = [], f"{self.base}的" if self.base else ""
        if self.at_least is not None:
            parts.append(f"不低于{of}{self.at_least.normalize():f}%")
        if self.at_most is not None:
            parts.append(f"不高于{of}{self.at_most.normalize():f}%")
        return "、".join(parts)

    @property
    def numbers(self) -> str:
        """``20件中7件，至少7件，正好达标``"""
        if not self.whole:
            return f"名单中没有{self.base}，不作要求" if self.base else "还没有列入的申报件"
        parts = [f"{self.base}{self.whole}件中{self.count}件"]
        if self.least is not None:
            parts.append(f"至少{self.least}件")
        if self.most is not None:
            parts.append(f"至多{self.most}件")
        if self.missing:
            parts.append(f"还差{self.missing}件" if self.missing > 0 else f"超出{-self.missing}件")
        elif self.is_tight:
            parts.append("正好达标")
        return "，".join(parts)

    @property
    def sentence(self) -> str:
        if self.base and not self.whole:
            return f"{self.title}应{self.wanted}，{self.numbers}"
        return f"{self.title}应{self.wanted}，现为{self.percent:.1f}%（{self.base}{self.whole}家中{self.count}家）"


def ratio_state(ratio: Ratio, count: int, whole: int) -> RatioState:
    """What one ratio says about a list; ``whole`` are those of its base, or all."""
    base = ratio.base_title if ratio.base else ""
    return RatioState(
        ratio.title, count, whole, ratio.at_least, ratio.at_most, str(ratio.enforce), ratio.definition, ratio.code, base
    )


def base_group(ratio: Ratio) -> str:
    """The name under which the base of a ratio is counted beside the groups, ``""`` when it is the whole list.

    No ratio can have it as its code, because codes have no colon.
    """
    return f"base:{ratio.code}" if ratio.base else ""


def groups_of(ratios: Iterable[Ratio], answers: Mapping[str, Any]) -> list[str]:
    """The groups that these answers count for: codes of ratios, and their bases."""
    found = []
    for ratio in ratios:
        if condition_holds(ratio.base, answers):
            found += [ratio.code] if condition_holds(ratio.when, answers) else []
            found += [base_group(ratio)] if ratio.base else []
    return found


def state_of(ratio: Ratio, lists: Sequence[Collection[str]]) -> RatioState:
    """What a ratio says about a list of which the groups of every member are given."""
    base = base_group(ratio)
    inside = [groups for groups in lists if not base or base in groups]
    return ratio_state(ratio, sum(ratio.code in groups for groups in inside), len(inside))
