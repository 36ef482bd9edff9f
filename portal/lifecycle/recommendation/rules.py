"""Where an entry stands on its route, and what the blueprint asks there. No queries beyond the entry's cycle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.core.dates import closing_time, local_date
from portal.lifecycle.blueprints.ratios import RatioState, groups_of, ratio_state, state_of
from portal.lifecycle.blueprints.schema import Blueprint, Ratio
from portal.lifecycle.blueprints.stages import RecommendationParams
from portal.lifecycle.blueprints.vocabulary import RatioScope
from portal.lifecycle.engine.transitions import TRANSITIONS
from portal.lifecycle.entries.routes import Hop, from_json, next_hop
from portal.lifecycle.programmes.queries import params_of, stage_of
from portal.lifecycle.programmes.working_days import working_calendar

if TYPE_CHECKING:
    from portal.lifecycle.entries.models import Entry
    from portal.lifecycle.programmes.models import Cycle, CycleStage

# An entry that went this way does not use a place any more.
FREED_STATES = [str(TRANSITIONS[name].to) for name in ("decline", "withdraw", "disqualify")]


@dataclass(frozen=True)
class Station:
    """The stop of the route at which an entry is, and what comes after it."""

    hop: Hop
    following: Hop | None
    is_nominating: bool
    is_past_nominating: bool = False

    @property
    def is_last(self) -> bool:
        return self.following is None


def recommendation_stage(cycle: Cycle) -> CycleStage | None:
    return stage_of(cycle, "recommendation")


def recommendation_params(cycle: Cycle) -> RecommendationParams | None:
    stage = recommendation_stage(cycle)
    return params_of(stage) if stage else None


def station_of(entry: Entry) -> Station | None:
    """Where the entry is now; None when it is at no stop of its route (a draft, or returned)."""
    hops = from_json(entry.route)
    nominating = nominating_hop(hops, entry.cycle.owner_id)
    for position, hop in enumerate(hops):
        if hop.level == entry.at_level and hop.organisation == entry.at_organisation_id:
            past = nominating is not None and position > hops.index(nominating)
            return Station(hop, next_hop(hops, hop.level), hop == nominating, past)
    return None


def station_here(entry: Entry) -> Station:
    """The entry's stop, where a guard has made sure that there is one; LookupError otherwise."""
    station = station_of(entry)
    if station is None:
        raise LookupError(f"{entry.code} is at no stop of its route")
    return station


def nominating_hop(hops: list[Hop], owner_id: int) -> Hop | None:
    """推荐工会: the highest stop below the organiser; its list is the ranked one the city receives."""
    below = [hop for hop in hops if hop.organisation != owner_id]
    return below[-1] if below else (hops[-1] if hops else None)


def needs_rank(station: Station, params: RecommendationParams) -> bool:
    """“正选+递补”排序 is asked of the nominating union."""
    return params.ranked and station.is_nominating


def handling_due(stage: CycleStage, level: str, now: dt.datetime) -> dt.datetime:
    """Until when the union at ``level`` should decide: its working days from today, never past the stage itself."""
    days = params_of(stage).handling_working_days.get(level)
    if not days:
        return stage.closes_at
    today = local_date(now)
    return min(closing_time(working_calendar(today.year).add_working_days(today, days), "17:00"), stage.closes_at)


def default_return_due(stage: CycleStage, now: dt.datetime) -> dt.datetime:
    """补正期限: ``return_days`` working days from today, at the end of the office day."""
    today = local_date(now)
    last = working_calendar(today.year).add_working_days(today, params_of(stage).return_days)
    return closing_time(last, "17:00")


@dataclass(frozen=True)
class RatioFigure:
    """One structure rule over one list; ``spare`` of those at hand who are not on it belong to the group too.

    Compared in whole numbers as the selection compares them (blueprints/ratios.py). ``share`` in percent, None for an
    empty list.
    """

    ratio: Ratio
    matching: int
    total: int
    spare: int = 0

    @property
    def state(self) -> RatioState:
        return ratio_state(self.ratio, self.matching, self.total)

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.matching * 100) / self.total if self.total else None

    @property
    def is_met(self) -> bool:
        return not self.state.is_broken

    @property
    def blocks(self) -> bool:
        return self.state.blocks

    @property
    def rule_text(self) -> str:
        return self.state.wanted

    @property
    def advice(self) -> str:
        """What can be done about a ratio that is not kept, or ``""``."""
        missing = self.state.missing
        if missing < 0:
            return f"请把其中{-missing}件移出正选，或与其他申报件调换"
        if missing > 0 and self.spare:
            return f"未列为正选的还有{self.spare}件属于这一类，可以调整次序"
        return "待上报中没有更多这一类申报件，请与下级工会商议补充，或减少正选" if missing else ""


def ratio_figures(
    rules: Blueprint, answers: Iterable[Mapping[str, Any]], others: Iterable[Mapping[str, Any]] = ()
) -> list[RatioFigure]:
    """结构比例 of a list of candidates, as far as the blueprint asks for them at nomination (domain.md 0.7).

    ``others`` are at hand and not on the list.
    """
    rows, spare = list(answers), list(others)

    found = []
    for ratio in rules.ratios:
        if ratio.applies in {RatioScope.NOMINATION, RatioScope.BOTH}:
            on_it, beside = (state_of(ratio, [groups_of([ratio], row) for row in given]) for given in (rows, spare))
            found.append(RatioFigure(ratio, on_it.count, on_it.whole, beside.count))
    return found
