"""What every walk down a ranking shares: who is barred, who waits, which numbers the reserves get. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from portal.lifecycle.selection.outcomes import NOT_SELECTED, SELECTED, UNDECIDED, QuotaRule, TieDecision
from portal.lifecycle.selection.ranking import Candidate, Ranked, Ranking, ranking_key


@dataclass(frozen=True, slots=True)
class Swap:
    """Why a quota put one in and another out: codes and words of the quotas, and who stands on the other side.

    ``most`` when nobody took the place: the quotas leave lists of no more than that.
    """

    codes: tuple[str, ...]
    titles: tuple[str, ...]
    other: str = ""
    most: int | None = None


@dataclass(slots=True)
class Walk:
    """State of one allocation."""

    ranking: Ranking
    rule: QuotaRule
    results: dict[str, tuple[str, str]] = field(default_factory=dict)  # code → (result, cause)
    decisions: list[TieDecision] = field(default_factory=list)
    waiting: dict[str, list[Ranked]] = field(default_factory=lambda: defaultdict(list))  # stopped by a limit, per list
    swaps: dict[str, Swap] = field(default_factory=dict)

    def groups(self) -> list[tuple[Ranked, ...]]:
        """Candidates that the rules cannot tell apart, together; best first."""
        key = lambda r: ranking_key(r.candidate, self.ranking.ties)  # noqa: E731
        return [tuple(group) for _, group in groupby(self.ranking.ranked, key=key)]

    def bar(self, candidate: Candidate) -> str:
        """What keeps a candidate out whatever the places."""
        if candidate.total is None:
            return "no_total"
        if candidate.below_floor:
            return "below_floor"
        if self.rule.min_score is not None and candidate.total < self.rule.min_score:
            return "below_minimum"
        return ""

    def select(self, ranked: Ranked, cause: str = "selected") -> None:
        self.results[ranked.candidate.code] = SELECTED, cause

    def stop(self, ranked: Ranked, cause: str) -> None:
        self.results[ranked.candidate.code] = NOT_SELECTED, cause
        self.waiting[self.rule.list_of(ranked.candidate.track)].append(ranked)

    def leave_to_people(self, rivals: Sequence[Ranked], places: int) -> None:
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
