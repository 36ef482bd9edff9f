"""Places, caps, reserves: from a ranking to one outcome and one Chinese line of reason per candidate. Pure: no ORM.

The walk
    Candidates are taken in ranking order over all tracks. Each takes a place while its limits have room: places in
    all, places of its track, at most so many of one nominating union. Whoever is stopped by a limit joins the reserves
    (递补) in the same order; whoever misses a floor, the minimum score or a total is out for good.

Ties across the last place
    Candidates that the rules cannot tell apart (equal keys of the ranking) are treated as one group. A member is
    *sure* when it gets a place in whatever order the group is taken; the others are *undecided* and a
    :class:`TieDecision` says what people must settle (``Candidate.vote`` or ``draw``; then run again). Until then
    everything below is provisional, and :attr:`Allocation.needs_decision` must keep the round from being approved.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from portal.core.flow import max_flow
from portal.lifecycle.selection.outcomes import (
    NOT_SELECTED,
    RESERVE,
    SELECTED,
    UNDECIDED,
    Allocation,
    Outcome,
    Promotion,
    QuotaError,
    QuotaRule,
    TieDecision,
)
from portal.lifecycle.selection.ranking import Candidate, Ranked, Ranking, ranking_key
from portal.lifecycle.selection.reasons import Explainer

__all__ = ["Allocation", "Outcome", "Promotion", "QuotaError", "QuotaRule", "TieDecision", "allocate", "promote_next"]

# The limits in the order in which a reason line names them, and what two candidates must share to compete for one.
LIMITS = ("places", "track_places", "cap")
SIDES: dict[str, Callable[[Candidate], str]] = {
    "places": lambda candidate: "",
    "track_places": lambda candidate: candidate.track,
    "cap": lambda candidate: candidate.nominating,
}


@dataclass(slots=True)
class _Limits:
    """What is left of every limit while the walk goes on."""

    rule: QuotaRule
    taken: int = 0
    by_track: Counter[str] = field(default_factory=Counter)
    by_union: Counter[str] = field(default_factory=Counter)

    def left(self, kind: str, candidate: Candidate | Outcome) -> int | None:
        """Room under one limit for this candidate; ``None`` when the limit does not apply."""
        rule = self.rule
        if kind == "places":
            return None if rule.places is None else rule.places - self.taken
        if kind == "track_places":
            if rule.track_places is None:
                return None
            return rule.track_places.get(candidate.track, 0) - self.by_track[candidate.track]
        if rule.cap_per_nominating is None or not candidate.nominating:
            return None
        return rule.cap_per_nominating - self.by_union[candidate.nominating]

    def full(self, candidate: Candidate | Outcome) -> str:
        """The first limit without room for this candidate, or ``""``."""
        for kind in LIMITS:
            left = self.left(kind, candidate)
            if left is not None and left <= 0:
                return kind
        return ""

    def take(self, candidate: Candidate | Outcome) -> None:
        self.taken += 1
        self.by_track[candidate.track] += 1
        self.by_union[candidate.nominating] += 1


def _most_selectable(group: Sequence[Candidate], limits: _Limits) -> int:
    """The largest number of the group that can get a place together: unions feed tracks, both with the room left."""
    network: dict[tuple[Hashable, Hashable], int] = Counter()
    for candidate in group:
        union, track = ("union", candidate.nominating), ("track", candidate.track)
        cap, places = limits.left("cap", candidate), limits.left("track_places", candidate)
        network["source", union] = len(group) if cap is None else cap
        network[union, track] += 1
        network[track, "sink"] = len(group) if places is None else places
    most = max_flow(network, "source", "sink")
    return most if limits.rule.places is None else min(most, limits.rule.places - limits.taken)


def _is_sure(candidate: Candidate, group: Sequence[Candidate], limits: _Limits) -> bool:
    """Does the candidate get a place in whatever order the group is taken?

    It misses one exactly when the others can fill a limit that it needs. Any set of others that respects the limits
    can come first in some order, so the most of them that fit together under that limit decides.
    """
    for kind in LIMITS:
        left = limits.left(kind, candidate)
        if left is None:
            continue
        side = SIDES[kind]
        rivals = [other for other in group if other is not candidate and side(other) == side(candidate)]
        if len(rivals) >= left and _most_selectable(rivals, limits) >= left:
            return False
    return True


# --- the walk ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    """State of one allocation."""

    ranking: Ranking
    rule: QuotaRule
    limits: _Limits
    results: dict[str, tuple[str, str]] = field(default_factory=dict)  # code → (result, cause)
    decisions: list[TieDecision] = field(default_factory=list)
    waiting: dict[str, list[Ranked]] = field(default_factory=lambda: defaultdict(list))  # stopped by a limit, per list

    def take_group(self, group: Sequence[Ranked]) -> None:
        """One group of candidates that the rules cannot tell apart (mostly a single one)."""
        open_to = []
        for ranked in group:
            cause = self._bar(ranked.candidate)
            if cause:
                self.results[ranked.candidate.code] = NOT_SELECTED, cause
            elif full := self.limits.full(ranked.candidate):
                self._stop(ranked, full)
            else:
                open_to.append(ranked)
        members = [r.candidate for r in open_to]
        sure = [r for r in open_to if _is_sure(r.candidate, members, self.limits)]
        for ranked in sure:
            self._select(ranked)
        rivals = [r for r in open_to if r not in sure]
        if rivals:
            self._undecided(rivals)

    def _bar(self, candidate: Candidate) -> str:
        """What keeps a candidate out whatever the places."""
        if candidate.total is None:
            return "no_total"
        if candidate.below_floor:
            return "below_floor"
        if self.rule.min_score is not None and candidate.total < self.rule.min_score:
            return "below_minimum"
        return ""

    def _select(self, ranked: Ranked) -> None:
        self.limits.take(ranked.candidate)
        self.results[ranked.candidate.code] = SELECTED, "selected"

    def _stop(self, ranked: Ranked, cause: str) -> None:
        self.results[ranked.candidate.code] = NOT_SELECTED, cause
        self.waiting[self.rule.list_of(ranked.candidate.track)].append(ranked)

    def _undecided(self, rivals: Sequence[Ranked]) -> None:
        """Hold the places that the rivals can fill; provisionally in the order of their codes."""
        places = _most_selectable([r.candidate for r in rivals], self.limits)
        for ranked in rivals:
            full = self.limits.full(ranked.candidate)
            if full:
                self._stop(ranked, full)
            else:
                self._select(ranked)
        for ranked in rivals:
            self.results[ranked.candidate.code] = UNDECIDED, "tie"
        sentence = f"第{rivals[0].rank}名有{len(rivals)}家并列，只余{places}个名额，现有规则无法区分，须议定先后次序"
        self.decisions.append(TieDecision("place", tuple(r.candidate.code for r in rivals), places, sentence))

    def settle_reserves(self) -> dict[str, int]:
        """Reserve numbers by code; ties among reserves become decisions."""
        numbers: dict[str, int] = {}
        for members in self.waiting.values():
            for number, ranked in enumerate(members[: self.rule.reserves], start=1):
                numbers[ranked.candidate.code] = number
            for _, tied in groupby(members, key=lambda r: ranking_key(r.candidate, self.ranking.ties)):
                self._tied_reserves([r for r in tied if self.results[r.candidate.code][0] != UNDECIDED], numbers)
        return numbers

    def _tied_reserves(self, tied: Sequence[Ranked], numbers: Mapping[str, int]) -> None:
        codes = tuple(r.candidate.code for r in tied)
        if len(codes) < 2 or codes[0] not in numbers:
            return
        places = sum(code in numbers for code in codes)
        sentence = f"递补第{numbers[codes[0]]}位起有{len(codes)}家并列，现有规则无法区分，须议定递补次序"
        self.decisions.append(TieDecision("reserve", codes, places, sentence))
        for code in codes:
            self.results[code] = UNDECIDED, "tie"


def allocate(ranking: Ranking, rule: QuotaRule) -> Allocation:
    """One outcome per candidate, best first, ineligible ones at the end.

    Uses the tie-breaks the ranking was made with. Never raises for ties: look at :attr:`Allocation.needs_decision`.
    """
    walk = _Walk(ranking, rule, _Limits(rule))
    for _, group in groupby(ranking.ranked, key=lambda r: ranking_key(r.candidate, ranking.ties)):
        walk.take_group(tuple(group))
    reserves = walk.settle_reserves()
    explain = Explainer(ranking, rule, walk.results)
    outcomes, order = [], 0
    for ranked in ranking.ranked:
        candidate = ranked.candidate
        result, cause = walk.results[candidate.code]
        number = None
        if result == SELECTED:
            order += 1
            number = order
        elif result == NOT_SELECTED and candidate.code in reserves:
            result, number = RESERVE, reserves[candidate.code]
        reason = explain.line(ranked, result, cause, number)
        outcomes.append(_outcome(candidate, result, cause, reason, order=number, rank=ranked.rank))
    for candidate in ranking.ineligible:
        reason = candidate.reason or "不符合参评条件，不参加排序"
        outcomes.append(_outcome(candidate, NOT_SELECTED, "ineligible", reason, order=None, rank=None))
    return Allocation(tuple(outcomes), tuple(walk.decisions))


def _outcome(
    candidate: Candidate, result: str, cause: str, reason: str, *, order: int | None, rank: int | None
) -> Outcome:
    return Outcome(
        candidate.code, result, order, rank, reason, cause, candidate.nominating, candidate.track, candidate.total
    )


# --- when a place falls free ---------------------------------------------------------------------------------------


def promote_next(outcomes: Sequence[Outcome], freed: str, rule: QuotaRule) -> Promotion:
    """``freed`` loses its place; the first reserve of the same list that no limit stops takes it.

    Numbers that were published stay: the promoted one is appended at the end of the selected, reserves keep their
    numbers. Raises :class:`QuotaError` when ``freed`` holds no place or a tie is still undecided.
    """
    table = {o.code: o for o in outcomes}
    leaver = table.get(freed)
    if leaver is None or leaver.result != SELECTED:
        raise QuotaError("该申报件不在入选名单中，没有可递补的名额")
    if any(o.result == UNDECIDED for o in outcomes):
        raise QuotaError("尚有并列未议定，不能递补")
    table[freed] = replace(leaver, result=NOT_SELECTED, order=None, cause="freed", reason="入选后名额空出，不再列入")
    limits = _Limits(rule)
    for outcome in table.values():
        if outcome.result == SELECTED:
            limits.take(outcome)
    last = max((o.order or 0 for o in outcomes if o.result == SELECTED), default=0)
    line = rule.list_of(leaver.track)
    queue = [o for o in table.values() if o.result == RESERVE and rule.list_of(o.track) == line]
    skipped: list[tuple[str, str]] = []
    for reserve in sorted(queue, key=lambda o: o.order or 0):
        full = limits.full(reserve)
        if not full:
            reason = f"递补第{reserve.order}位，因名额空出递补入选"
            promoted = replace(reserve, result=SELECTED, order=last + 1, cause="promoted", reason=reason)
            table[reserve.code] = promoted
            return Promotion(tuple(table.values()), promoted, tuple(skipped))
        skipped.append((reserve.code, _skip_reason(full, rule)))
    return Promotion(tuple(table.values()), None, tuple(skipped))


def _skip_reason(full: str, rule: QuotaRule) -> str:
    if full == "cap":
        return f"受“每家推荐单位不超过{rule.cap_per_nominating}名”限制，本次不递补"
    return "没有空余名额，本次不递补"
