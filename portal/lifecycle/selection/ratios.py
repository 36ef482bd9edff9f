"""Structure ratios of a round (一线职工、非公 …): how many of the selected count, against what the blueprint wants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from portal.lifecycle.blueprints.ratios import RatioState, state_of
from portal.lifecycle.selection.models import Outcome, Selection, SelectionRound

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.schema import Ratio

__all__ = ["RatioState", "broken_ratios", "ratio_states", "ratios_of"]


def ratio_states(ratios: Iterable[Ratio], groups: Iterable[Iterable[str]]) -> list[RatioState]:
    """The ratios that apply to a selection, over the groups of every selected entry."""
    selected = [set(g) for g in groups]
    return [state_of(ratio, selected) for ratio in ratios if ratio.applies != "nomination"]


def ratios_of(round_: SelectionRound, also: Iterable[int] = ()) -> list[RatioState]:
    """The ratios of a round as it stands, or as if the entries ``also`` were selected too (one query)."""
    rows = Selection.objects.filter(round=round_)
    chosen = rows.filter(outcome=Outcome.SELECTED) | rows.filter(entry_id__in=list(also))
    groups = [details.get("groups", []) for details in chosen.values_list("details", flat=True)]
    return ratio_states(round_.stage.cycle.blueprint.rules.ratios, groups)


def broken_ratios(round_: SelectionRound) -> list[RatioState]:
    return [state for state in ratios_of(round_) if state.is_broken]
