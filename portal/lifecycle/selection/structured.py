"""Selection under several quotas (docs/decisions/0010): the first list in the ranking that keeps all of them. Pure: no ORM.

Step by step: the list by rank (places and caps, shares disregarded) gives the length; the largest length up to it for which a
list keeps every quota is taken; down the ranking, whoever can be on such a list together with all better ones taken is in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from portal.lifecycle.selection.conflicts import smallest_contradiction
from portal.lifecycle.selection.limits import (
    CAP,
    EMPLOYER,
    LEAST,
    MOST,
    TRACKS,
    Keys,
    Quota,
    broken,
    keys_of,
    quotas_of,
)
from portal.lifecycle.selection.outcomes import NOT_SELECTED, SELECTED, UNDECIDED, QuotaRule, TieDecision
from portal.lifecycle.selection.ranking import Ranked, Ranking
from portal.lifecycle.selection.solver import Lists, pattern_of
from portal.lifecycle.selection.walking import Swap, Walk

EXACT_UP_TO = 256
"""Ties with more combinations of kinds are not searched for sure members: whoever may miss goes to the meeting."""
STOPPED_BY = ((TRACKS, "track_places"), (CAP, "cap"), (EMPLOYER, "employer"))


@dataclass(slots=True)
class StructuredWalk(Walk):
    """One selection; ``run`` fills results, decisions, waiting and swaps."""

    pool: list[Ranked] = field(default_factory=list)  # who may be selected, best first
    keys: dict[str, Keys] = field(default_factory=dict)
    by_rank: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    size: int = 0
    undecided: set[str] = field(default_factory=set)
    taken: list[int] = field(default_factory=list)  # so many of every kind are in
    witness: list[int] = field(default_factory=list)  # a list that has them all
    refused: set[int] = field(default_factory=set)  # kinds of which no more can be in
    caps: list[Quota] = field(default_factory=list)
    too_long: tuple[tuple[str, ...], tuple[str, ...]] | None = None  # what rules out a list as long as that by rank
    lists: Lists = field(init=False)

    def run(self) -> None:
        quotas = quotas_of(self.rule)
        for ranked in self.ranking.ranked:
            if cause := self.bar(ranked.candidate):
                self.results[ranked.candidate.code] = NOT_SELECTED, cause
            else:
                self.pool.append(ranked)
                self.keys[ranked.candidate.code] = keys_of(ranked.candidate, self.rule)
        self.lists = Lists(self.keys.values(), quotas)
        self.caps = [quota for quota in quotas if quota.kind not in {LEAST, MOST}]
        self.by_rank = self._by_rank()
        self.size = self.lists.largest(len(self.by_rank))
        if self.by_rank and not self.size:
            self._nobody()
            return
        self._choose()
        self._explain()

    # --- the list by rank ---

    def _full(self, code: str, counts: Counter[str]) -> str:
        """The first cap or track without room for this candidate beside those counted, or ``""``."""
        for kind, cause in STOPPED_BY:
            for quota in self.caps:
                if quota.kind == kind and any(
                    counts[key] >= quota.bounds(key, len(self.pool) + 1)[1] for key in self.keys[code]
                ):
                    return cause
        return ""

    def _by_rank(self) -> list[str]:
        counts: Counter[str] = Counter()
        found: list[str] = []
        for ranked in self.pool:
            code = ranked.candidate.code
            if self.rule.places is not None and len(found) >= self.rule.places:
                break
            if not self._full(code, counts):
                found.append(code)
                counts.update(self.keys[code])
        return found

    def _nobody(self) -> None:
        """No list keeps all quotas: nobody is selected, and the smallest contradiction is named."""
        codes, titles = self._contradiction(len(self.by_rank), self.lists.nothing())
        for ranked in self.pool:
            self.results[ranked.candidate.code] = NOT_SELECTED, "infeasible"
            self.swaps[ranked.candidate.code] = Swap(codes, titles)
        words = "、".join(f"“{title}”" for title in titles)
        sentence = (
            f"没有一个名单能同时满足全部要求：按名次可选{len(self.by_rank)}名，{words}互相矛盾或无法满足，须先调整"
        )
        self.decisions.append(TieDecision("infeasible", codes, 0, sentence))

    # --- the first list that keeps all quotas ---

    def _choose(self) -> None:
        self.taken = self.lists.nothing()
        self.witness = self.lists.exists(self.size, self.taken) or self.lists.nothing()
        for group in self.groups():
            members = [r for r in group if r.candidate.code in self.keys]
            if len(self.chosen) >= self.size:
                break
            if len(members) > 1:
                self._take_tied(members)
            elif members:
                self._take(members[0])
        if self.rule.places is None or len(self.by_rank) < self.rule.places:
            self._tied_by_rank()

    def _kind(self, ranked: Ranked) -> int:
        return self.lists.number[self.keys[ranked.candidate.code]]

    def _take(self, ranked: Ranked) -> bool:
        """In, when some list has everybody taken so far and this candidate."""
        kind = self._kind(ranked)
        if len(self.chosen) >= self.size or not self._can_add(kind):
            return False
        self.taken[kind] += 1
        self.chosen.append(ranked.candidate.code)
        return True

    def _can_add(self, kind: int) -> bool:
        """Refusals stay true when more is taken, so every kind is refused at most once."""
        if kind in self.refused:
            return False
        if self.witness[kind] > self.taken[kind]:
            return True
        more = self._plus({kind: 1})
        if not (found := self.lists.exists(self.size, more)):
            self.refused.add(kind)
            if not self.lists.can_have_one_like(kind, self.size, self.taken):
                self.refused |= set(self.lists.patterns[pattern_of(self.lists.kinds[kind])])
            return False
        self.witness = found
        return True

    def _plus(self, counts: dict[int, int]) -> list[int]:
        return [n + counts.get(k, 0) for k, n in enumerate(self.taken)]

    def _take_tied(self, members: Sequence[Ranked]) -> None:
        """Sure ones first; the others are left to people and taken provisionally in the order of their codes."""
        open_to = [r for r in members if self._can_add(self._kind(r))]
        counts = Counter(self._kind(r) for r in open_to)
        whole = self._plus(counts)
        if open_to and (
            all(n <= m for n, m in zip(whole, self.witness, strict=True)) or self.lists.exists(self.size, whole)
        ):
            sure = set(counts)
        else:
            sure = self._sure(counts)
        for ranked in [r for r in open_to if self._kind(r) in sure]:
            self._take(ranked)
        rivals = [r for r in open_to if self._kind(r) not in sure]
        if rivals:
            group = [0] * len(self.taken)
            for ranked in rivals:
                group[self._kind(ranked)] += 1
            self.leave_to_people(rivals, self.lists.most_of(self.size, self.taken, group))
            self.undecided |= {r.candidate.code for r in rivals}
            for ranked in rivals:
                self._take(ranked)

    def _sure(self, counts: Counter[int]) -> set[int]:
        """Kinds of which everybody gets a place in whatever order the tied ones are taken."""
        kinds = sorted(counts)
        if prod(counts[k] + 1 for k in kinds) > EXACT_UP_TO:
            return set()
        known: dict[tuple[int, ...], bool] = {}

        def fits(vector: tuple[int, ...]) -> bool:
            if vector not in known:
                known[vector] = (
                    self.lists.exists(self.size, self._plus(dict(zip(kinds, vector, strict=True)))) is not None
                )
            return known[vector]

        sure = set(kinds)
        for vector in product(*(range(counts[k] + 1) for k in kinds)):
            short = [place for place, k in enumerate(kinds) if vector[place] < counts[k]]
            more = [(*vector[:p], vector[p] + 1, *vector[p + 1 :]) for p in short]
            if fits(vector) and not any(fits(one) for one in more):  # a list that nobody of the group can join
                sure -= {kinds[place] for place in short}
        return sure

    def _tied_by_rank(self) -> None:
        """Ties on which the length of the list by rank may hang, where the places do not fix it."""
        inside = set(self.by_rank)
        for group in self.groups():
            members = [r for r in group if r.candidate.code in self.keys]
            taken = [r for r in members if r.candidate.code in inside]
            if taken and len(taken) < len(members) and not {r.candidate.code for r in members} & self.undecided:
                self.leave_to_people(members, len(taken))
                self.undecided |= {r.candidate.code for r in members}

    # --- one reason for everybody ---

    def _contradiction(self, size: int, taken: Sequence[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Codes and words of the smallest set of quotas that no list of this length with these members keeps."""
        quotas = {quota.code: quota for quota in self.lists.quotas}

        def can_be_met(codes: frozenset[str]) -> bool:
            kept = [quota for code, quota in quotas.items() if code in codes]
            return self.lists.exists(size, taken, quotas=kept) is not None

        codes = smallest_contradiction(list(quotas), can_be_met)
        return codes, tuple(quotas[code].title for code in codes)

    def _explain(self) -> None:
        inside, by_rank = set(self.chosen), set(self.by_rank)
        counts = Counter(key for code in self.chosen for key in self.keys[code])
        taken, above = self.lists.nothing(), len(by_rank)
        for ranked in self.pool:
            code = ranked.candidate.code
            above -= code in by_rank
            if code in inside:
                taken[self._kind(ranked)] += 1
                if code not in self.undecided:
                    self.select(ranked, "selected" if code in by_rank else "quota")
                continue
            full = self._full(code, counts)
            # By rank a cap stopped it that has room now: a quota, then, took that room away.
            is_open = sum(taken) < self.size
            freed = not full and is_open and (above > 0 or len(by_rank) != self.rule.places)
            # A list as long as that by rank and full of better ones is no quota's doing.
            passed = code in by_rank and (is_open or self.size < len(by_rank))
            if code not in self.undecided and (passed or freed):
                self.swaps[code] = self._why_not(ranked, taken)
                self._stop(ranked, "quota")
            else:
                self._stop(ranked, full or "places")
        self._pair(inside, by_rank)

    def _why_not(self, ranked: Ranked, taken: Sequence[int]) -> Swap:
        """The quotas that stand against it beside the better ones taken, or that keep the list so short."""
        if sum(taken) < self.size:
            with_it = list(taken)
            with_it[self._kind(ranked)] += 1
            return Swap(*self._contradiction(self.size, with_it))
        if self.too_long is None:
            self.too_long = self._contradiction(len(self.by_rank), self.lists.nothing())
        return Swap(*self.too_long, most=self.size)

    def _stop(self, ranked: Ranked, cause: str) -> None:
        self.stop(ranked, cause)
        if ranked.candidate.code in self.undecided:
            self.results[ranked.candidate.code] = UNDECIDED, "tie"

    def _pair(self, inside: set[str], by_rank: set[str]) -> None:
        """Who came in for whom: in ranking order, by a quota that speaks for the one or against the other."""
        gone = [
            r.candidate.code
            for r in self.pool
            if r.candidate.code in by_rank - inside and r.candidate.code in self.swaps
        ]
        for ranked in self.pool:
            code = ranked.candidate.code
            if self.results.get(code) != (SELECTED, "quota"):
                continue
            other = next((one for one in gone if self._speaks_for(code, one)), gone[0] if gone else "")
            if other:
                gone.remove(other)
                swap = self.swaps[other]
                self.swaps[code] = self._swapped_back(code, other)
                self.swaps[other] = Swap(swap.codes, swap.titles, code)

    def _swapped_back(self, one: str, other: str) -> Swap:
        """What the list would break with ``other`` in the place of ``one``: why it is this one that is in."""
        back = [self.keys[code] for code in self.chosen if code != one] + [self.keys[other]]
        quotas = broken(self.lists.quotas, back)
        if not quotas:  # they differ in rank only
            return Swap(self.swaps[other].codes, self.swaps[other].titles, other)
        return Swap(tuple(quota.code for quota in quotas), tuple(quota.title for quota in quotas), other)

    def _speaks_for(self, one: str, other: str) -> bool:
        for quota in self.lists.quotas:
            if (
                quota.code in self.swaps[other].codes
                and quota.key
                and quota.speaks_for(self.keys[one]) > quota.speaks_for(self.keys[other])
            ):
                return True
        return False


def walk_structured(ranking: Ranking, rule: QuotaRule) -> StructuredWalk:
    """The finished walk; never raises for ties or contradictions: look at its ``decisions``."""
    walk = StructuredWalk(ranking, rule)
    walk.run()
    return walk
