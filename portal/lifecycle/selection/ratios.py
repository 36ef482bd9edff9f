"""Structure ratios of a round (一线职工、非公 …): how many of the selected count, against what the blueprint wants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.lifecycle.selection.models import Outcome, Selection, SelectionRound

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.schema import Ratio


@dataclass(frozen=True)
class RatioState:
    """``count`` of ``whole`` selected entries belong to the group; limits in percent."""

    title: str
    count: int
    whole: int
    at_least: Decimal | None
    at_most: Decimal | None
    enforce: str

    @property
    def percent(self) -> Decimal:
        return Decimal(100) * self.count / self.whole if self.whole else Decimal(0)

    @property
    def is_broken(self) -> bool:
        """Compared as products: no rounding decides."""
        if not self.whole:
            return False
        low = self.at_least is not None and 100 * self.count < self.at_least * self.whole
        high = self.at_most is not None and 100 * self.count > self.at_most * self.whole
        return low or high

    @property
    def blocks(self) -> bool:
        return self.is_broken and self.enforce == "block"

    @property
    def wanted(self) -> str:
        """``不低于60%``"""
        parts = []
        if self.at_least is not None:
            parts.append(f"不低于{self.at_least.normalize():f}%")
        if self.at_most is not None:
            parts.append(f"不高于{self.at_most.normalize():f}%")
        return "、".join(parts)

    @property
    def sentence(self) -> str:
        return f"{self.title}应{self.wanted}，现为{self.percent:.1f}%（{self.whole}家中{self.count}家）"


def ratio_states(ratios: Iterable[Ratio], groups: Iterable[Iterable[str]]) -> list[RatioState]:
    """The ratios that apply to a selection, over the groups of every selected entry."""
    selected = [set(g) for g in groups]
    return [
        RatioState(
            title=r.title,
            count=sum(1 for g in selected if r.code in g),
            whole=len(selected),
            at_least=r.at_least,
            at_most=r.at_most,
            enforce=str(r.enforce),
        )
        for r in ratios
        if r.applies != "nomination"
    ]


def ratios_of(round_: SelectionRound) -> list[RatioState]:
    """The ratios of a round as it stands (one query)."""
    rows = Selection.objects.filter(round=round_, outcome=Outcome.SELECTED)
    groups = [details.get("groups", []) for details in rows.values_list("details", flat=True)]
    return ratio_states(round_.stage.cycle.blueprint.rules.ratios, groups)


def broken_ratios(round_: SelectionRound) -> list[RatioState]:
    return [state for state in ratios_of(round_) if state.is_broken]
