"""Places, caps, reserves: from a ranking to one outcome and one Chinese line of reason per candidate. Pure: no ORM.

The walk
    Candidates are taken in ranking order over all tracks. Each takes a place while its limits have room: places in
    all, places of its track, at most so many of one nominating union. Whoever is stopped by a limit joins the reserves
    (递补) in the same order; whoever misses a floor, the minimum score or a total is out for good.

    Shares of overlapping groups, and caps per employer, need more than a walk: see ``structured.py``.

Ties across the last place
    Candidates that the rules cannot tell apart (equal keys of the ranking) are treated as one group. A member is
    *sure* when it gets a place in whatever order the group is taken; the others are *undecided* and a
    :class:`TieDecision` says what people must settle (``Candidate.vote`` or ``draw``; then run again). Until then
    everything below is provisional, and :attr:`Allocation.needs_decision` must keep the round from being approved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace

from portal.core.flow import max_flow
from portal.lifecycle.selection.limits import broken, keys_of, quotas_of
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
from portal.lifecycle.selection.ranking import Candidate, Ranked, Ranking
from portal.lifecycle.selection.reasons import Explainer
from portal.lifecycle.selection.structured import walk_structured
from portal.lifecycle.selection.walking import Walk

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
class _LimitWalk(Walk):
    """Down the ranking: whoever finds room under every limit is in."""

    limits: _Limits = field(init=False)

    def __post_init__(self) -> None:
        self.limits = _Limits(self.rule)

    def take_group(self, group: Sequence[Ranked]) -> None:
        """One group of candidates that the rules cannot tell apart (mostly a single one)."""
        open_to = []
        for ranked in group:
            cause = self.bar(ranked.candidate)
            if cause:
                self.results[ranked.candidate.code] = NOT_SELECTED, cause
            elif full := self.limits.full(ranked.candidate):
                self.stop(ranked, full)
            else:
                open_to.append(ranked)
        members = [r.candidate for r in open_to]
        sure = [r for r in open_to if _is_sure(r.candidate, members, self.limits)]
        for ranked in sure:
            self._take(ranked)
        rivals = [r for r in open_to if r not in sure]
        if rivals:
            self._undecided(rivals)

    def _take(self, ranked: Ranked) -> None:
        self.limits.take(ranked.candidate)
        self.select(ranked)

    def _undecided(self, rivals: Sequence[Ranked]) -> None:
        """Hold the places that the rivals can fill; provisionally in the order of their codes."""
        places = _most_selectable([r.candidate for r in rivals], self.limits)
        for ranked in rivals:
            full = self.limits.full(ranked.candidate)
            if full:
                self.stop(ranked, full)
            else:
                self._take(ranked)
        self.leave_to_people(rivals, places)


def _walked(ranking: Ranking, rule: QuotaRule) -> Walk:
    if rule.is_structured:
        return walk_structured(ranking, rule)
    walk = _LimitWalk(ranking, rule)
    for group in walk.groups():
        walk.take_group(group)
    return walk


def allocate(ranking: Ranking, rule: QuotaRule) -> Allocation:
    """One outcome per candidate, best first, ineligible ones at the end.

    Uses the tie-breaks the ranking was made with. Never raises for ties: look at :attr:`Allocation.needs_decision`.
    """
    walk = _walked(ranking, rule)
    reserves = walk.settle_reserves()
    explain = Explainer(ranking, rule, walk.results, walk.swaps)
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
        outcome = _outcome(candidate, result, cause, reason, order=number, rank=ranked.rank)
        if swap := walk.swaps.get(candidate.code):
            outcome = replace(outcome, because=swap.codes, other=swap.other)
        outcomes.append(outcome)
    for candidate in ranking.ineligible:
        reason = candidate.reason or "不符合参评条件，不参加排序"
        outcomes.append(_outcome(candidate, NOT_SELECTED, "ineligible", reason, order=None, rank=None))
    return Allocation(tuple(outcomes), tuple(walk.decisions))


def _outcome(
    candidate: Candidate, result: str, cause: str, reason: str, *, order: int | None, rank: int | None
) -> Outcome:
    return Outcome(
        candidate.code, result, order, rank, reason, cause, candidate.nominating, candidate.track, candidate.total,
        candidate.employer, candidate.groups,
    )  # fmt: skip


# --- when a place falls free ---------------------------------------------------------------------------------------


def promote_next(outcomes: Sequence[Outcome], freed: str, rule: QuotaRule) -> Promotion:
    """``freed`` loses its place; the first reserve of the same list takes it with whom the others keep every limit and share.

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
    standing = [o for o in table.values() if o.result == SELECTED]
    last = max((o.order or 0 for o in outcomes if o.result == SELECTED), default=0)
    line = rule.list_of(leaver.track)
    queue = [o for o in table.values() if o.result == RESERVE and rule.list_of(o.track) == line]
    skipped: list[tuple[str, str]] = []
    for reserve in sorted(queue, key=lambda o: o.order or 0):
        why = _why_not(reserve, standing, rule)
        if not why:
            reason = f"递补第{reserve.order}位，因名额空出递补入选"
            promoted = replace(reserve, result=SELECTED, order=last + 1, cause="promoted", reason=reason)
            table[reserve.code] = promoted
            return Promotion(tuple(table.values()), promoted, tuple(skipped))
        skipped.append((reserve.code, why))
    return Promotion(tuple(table.values()), None, tuple(skipped))


def _why_not(reserve: Outcome, standing: Sequence[Outcome], rule: QuotaRule) -> str:
    """Why this reserve cannot join those who keep their places, or ``""``."""
    if rule.places is not None and len(standing) >= rule.places:
        return "没有空余名额，本次不递补"
    quotas = quotas_of(rule)
    titles = [q.title for q in broken(quotas, [keys_of(o, rule) for o in (*standing, reserve)])]
    words = "、".join(f"“{title}”" for title in titles)
    return f"受{words}限制，本次不递补" if titles else ""
