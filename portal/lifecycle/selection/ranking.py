"""Candidates in order: total, then the declared chain of tie-breaks, then nothing. Pure: no ORM.

Ranks are competition ranks (1, 2, 2, 4): whoever cannot be told apart shares a rank. A missing figure never wins a
comparison (NULLS LAST). The draw number (抽签或会议议定的次序) is the last resort after every declared tie-break; people
set it only for candidates that the rules cannot separate. ``ranking.sql`` computes the same ranks independently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.lifecycle.review.scoring import EntryScore

CORE_CRITERION, UNTRIMMED_MEDIAN = "core_criterion", "untrimmed_median"
SUBMITTED_FIRST, PANEL_VOTE, DRAW = "submitted_first", "panel_vote", "draw"
DEFAULT_TIES = (CORE_CRITERION, UNTRIMMED_MEDIAN)

# What a reason line calls each comparison.
TIE_LABELS = {
    CORE_CRITERION: "核心指标",
    UNTRIMMED_MEDIAN: "评分中位数",
    SUBMITTED_FIRST: "提交时间",
    PANEL_VOTE: "评审组表决",
    DRAW: "议定次序",
}


class RankingError(ValueError):
    """The input contradicts itself: a code twice, an unknown tie-break."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry as the ranking sees it.

    ``reason`` says in Chinese why an ineligible candidate stands apart; ``below_floor`` why a ranked one must not be
    selected. ``submitted`` is any number that grows with time (microseconds since 1970); ``vote`` and ``draw`` are
    places, 1 is best. ``nominating`` and ``employer`` empty mean that no cap of theirs applies; ``groups`` are the codes
    of the structure ratios the candidate counts for.
    """

    code: str
    total: Decimal | None
    core: Decimal | None = None
    median: Decimal | None = None
    nominating: str = ""
    track: str = ""
    eligible: bool = True
    reason: str = ""
    below_floor: str = ""
    submitted: int | None = None
    vote: int | None = None
    draw: int | None = None
    employer: str = ""
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its rank; both tuples hold codes of the same list (track or all), never the own one.

    Candidates without a total share the last rank, but are not called tied: there is nothing to compare.
    """

    candidate: Candidate
    rank: int
    tied_with: tuple[str, ...]
    same_total_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """``ranked`` best first over all tracks; with ``by_track`` the ranks count inside each track."""

    ranked: tuple[Ranked, ...]
    ineligible: tuple[Candidate, ...]
    ties: tuple[str, ...]
    by_track: bool

    def position(self, code: str) -> Ranked:
        """The ranked candidate with this code; ``KeyError`` for ineligible and unknown ones."""
        for ranked in self.ranked:
            if ranked.candidate.code == code:
                return ranked
        raise KeyError(code)

    def list_of(self, candidate: Candidate) -> str:
        """Which list the candidate is ranked in: its track, or ``""`` when there is one list."""
        return candidate.track if self.by_track else ""


Key = tuple[tuple[bool, Decimal], ...]


def _lowest_first(value: Decimal | int | None) -> tuple[bool, Decimal]:
    """Sorts ascending with missing values last."""
    return value is None, Decimal(0 if value is None else value)


def _highest_first(value: Decimal | None) -> tuple[bool, Decimal]:
    return _lowest_first(None if value is None else -value)


def _tie_value(candidate: Candidate, tie: str) -> tuple[bool, Decimal]:
    if tie == CORE_CRITERION:
        return _highest_first(candidate.core)
    if tie == UNTRIMMED_MEDIAN:
        return _highest_first(candidate.median)
    if tie == SUBMITTED_FIRST:
        return _lowest_first(candidate.submitted)
    if tie == PANEL_VOTE:
        return _lowest_first(candidate.vote)
    if tie == DRAW:
        return _lowest_first(candidate.draw)
    raise RankingError(f"unknown tie-break: {tie}")


def chain(ties: Sequence[str]) -> tuple[str, ...]:
    """The declared tie-breaks with the draw as the last resort, each once."""
    return tuple(dict.fromkeys((*(tie for tie in ties if tie != DRAW), DRAW)))


def ranking_key(candidate: Candidate, ties: Sequence[str]) -> Key:
    """Equal keys = the rules cannot tell the candidates apart. Smaller is better."""
    return _highest_first(candidate.total), *(_tie_value(candidate, tie) for tie in chain(ties))


def deciding_tie(one: Candidate, other: Candidate, ties: Sequence[str]) -> str:
    """The first comparison of the chain in which two candidates with the same total differ; ``""`` when none does."""
    for tie in chain(ties):
        if _tie_value(one, tie) != _tie_value(other, tie):
            return tie
    return ""


def _competition_ranks(members: Sequence[Candidate], keys: Mapping[str, Key]) -> Iterator[Ranked]:
    """Ranks of one list that is already in order."""
    groups: dict[Key, list[str]] = defaultdict(list)
    totals: dict[Decimal | None, list[str]] = defaultdict(list)
    first: dict[Key, int] = {}
    for place, candidate in enumerate(members, start=1):
        key = keys[candidate.code]
        first.setdefault(key, place)
        groups[key].append(candidate.code)
        totals[candidate.total].append(candidate.code)
    for candidate in members:
        key, code = keys[candidate.code], candidate.code
        if candidate.total is None:
            yield Ranked(candidate, first[key], (), ())
            continue
        yield Ranked(
            candidate,
            first[key],
            tuple(other for other in groups[key] if other != code),
            tuple(other for other in totals[candidate.total] if other != code),
        )


def rank(candidates: Iterable[Candidate], ties: Sequence[str] = DEFAULT_TIES, *, by_track: bool = False) -> Ranking:
    """Rank the eligible candidates; ineligible ones stand apart, ordered by code.

    Candidates with equal keys follow each other by code, share a rank and name each other in ``tied_with``. Raises
    :class:`RankingError` for a code that occurs twice and for an unknown tie-break.
    """
    everyone = list(candidates)
    if len({c.code for c in everyone}) != len(everyone):
        raise RankingError("a candidate occurs twice")
    keys = {c.code: ranking_key(c, ties) for c in everyone}
    order = sorted((c for c in everyone if c.eligible), key=lambda c: (keys[c.code], c.code))
    lists: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in order:
        lists[candidate.track if by_track else ""].append(candidate)
    positions = {r.candidate.code: r for members in lists.values() for r in _competition_ranks(members, keys)}
    return Ranking(
        ranked=tuple(positions[c.code] for c in order),
        ineligible=tuple(sorted((c for c in everyone if not c.eligible), key=lambda c: c.code)),
        ties=chain(ties),
        by_track=by_track,
    )


def candidate_from_score(
    score: EntryScore,
    *,
    nominating: str = "",
    track: str = "",
    eligible: bool = True,
    reason: str = "",
    submitted: int | None = None,
    vote: int | None = None,
    draw: int | None = None,
    employer: str = "",
    groups: Iterable[str] = (),
) -> Candidate:
    """A candidate out of its score; the sentences about missed floors become ``below_floor``."""
    return Candidate(
        code=score.entry,
        total=score.total,
        core=score.core,
        median=score.median,
        nominating=nominating,
        track=track,
        eligible=eligible,
        reason=reason,
        below_floor="；".join(score.reasons) if score.below_floor else "",
        submitted=submitted,
        vote=vote,
        draw=draw,
        employer=employer,
        groups=frozenset(groups),
    )
