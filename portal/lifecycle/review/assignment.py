"""Who reviews what: a proposal with hard exclusions, even loads and mixed company. Pure; deterministic by seed.

In this order of importance
    1. *Exclusions are hard* (回避): same unit, same nominating union, declared, pinned. No count of experts overrides them;
       only people can clear a pair, two of them, with a reason (``cleared``).
    2. *As many as possible*: no other plan gives the entries more reviews in all.
    3. *Even loads*: among those plans the sum of squared loads is the least, hence the difference between the busiest and
       the idlest expert is at most 1 whenever any plan can achieve it. Work an expert already carries counts.
    4. *Expertise*: experts whose field is the entry's track or a word of its title come first.
    5. *Mixed company*: the same two experts should not meet on entry after entry (4 and 5 are a local search, no guarantee).

Method: reviews are added one by one along the cheapest alternating path (successive shortest paths with convex costs: an
expert's next review costs as much as the load it comes on top of). Only experts have costs, so the cheapest path simply
ends at the least loaded expert that can be reached. Optimality is the classical one of minimum-cost flows; tests compare
with exhaustive search.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations

SAME_UNIT, SAME_NOMINATING, DECLARED = "same_unit", "same_nominating", "declared"
ALL_RULES = (SAME_UNIT, SAME_NOMINATING, DECLARED)
# Exchanges tried for mixed company: enough for a few hundred entries, and about a second at most.
SWAPS_PER_ENTRY = 60
MOST_SWAPS = 30_000


class AssignmentError(ValueError):
    """The request contradicts itself (unknown code, an existing pair named twice, …)."""


@dataclass(frozen=True, slots=True)
class EntryToReview:
    """``units``: codes of the entry's own unit and employers; ``unions``: codes of the unions that nominate it."""

    code: str
    units: frozenset[str] = frozenset()
    unions: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Expert:
    """``load``: reviews carried outside this plan; ``capacity``: most reviews in all, that load included.

    ``topics`` of an expert and an entry have a word in common where the expert is at home.
    """

    code: str
    units: frozenset[str] = frozenset()
    unions: frozenset[str] = frozenset()
    load: int = 0
    capacity: int | None = None
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shortage:
    """``reasons``: why each expert who is not on the entry cannot take it (in the plan as it stands)."""

    entry: str
    lacking: int
    reasons: tuple[tuple[str, str], ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class AssignmentPlan:
    """``pairs``: all experts of every entry by code, kept ones included; ``loads``: with the work carried outside."""

    pairs: dict[str, tuple[str, ...]]
    new_pairs: tuple[tuple[str, str], ...]
    loads: dict[str, int]
    shortages: tuple[Shortage, ...]

    @property
    def is_complete(self) -> bool:
        return not self.shortages


def conflict_reason(
    entry: EntryToReview,
    expert: Expert,
    declared: Collection[tuple[str, str]] = (),
    rules: Collection[str] = ALL_RULES,
    cleared: Collection[tuple[str, str]] = (),
) -> str:
    """Why the expert must not review the entry, in Chinese; ``""`` when nothing stands against it.

    ``declared`` and ``cleared`` hold (expert code, entry code) pairs. Clearing takes away what the system found; what was
    declared or pinned is excluded as long as it stands in ``declared``.
    """
    is_cleared = (expert.code, entry.code) in cleared
    if SAME_UNIT in rules and entry.units & expert.units and not is_cleared:
        return "与申报单位为同一单位"
    if SAME_NOMINATING in rules and entry.unions & expert.unions and not is_cleared:
        return "与申报件属同一推荐单位"
    if DECLARED in rules and (expert.code, entry.code) in declared:
        return "专家已申报回避"
    return ""


@dataclass(slots=True)
class _State:
    """The plan while it grows."""

    allowed: dict[str, list[str]]  # entry → experts without conflict, in an order shuffled by the seed
    capacity: dict[str, int | None]
    loads: Counter[str]
    chosen: dict[str, set[str]]
    kept: dict[str, frozenset[str]]
    at_home: frozenset[tuple[str, str]] = frozenset()  # (entry, expert) with a topic in common
    entries_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    useful: frozenset[str] = field(init=False)  # experts who may review anything at all

    def __post_init__(self) -> None:
        self.useful = frozenset(expert for experts in self.allowed.values() for expert in experts)

    def can_take(self, expert: str) -> bool:
        most = self.capacity[expert]
        return most is None or self.loads[expert] < most

    def give(self, entry: str, expert: str) -> None:
        self.chosen[entry].add(expert)
        self.entries_of[expert].add(entry)
        self.loads[expert] += 1

    def take_back(self, entry: str, expert: str) -> None:
        self.chosen[entry].discard(expert)
        self.entries_of[expert].discard(entry)
        self.loads[expert] -= 1

    def add_review(self, entry: str) -> bool:
        """Give ``entry`` one more expert, moving other reviews along if that is cheaper; ``False`` when impossible."""
        came_from: dict[str, tuple[str, str]] = {}  # expert → (entry that takes them, expert that entry gives up)
        queue, seen = deque([(entry, "")]), {entry}
        free = [expert for expert in self.useful if self.can_take(expert)]
        lightest = min((self.loads[expert] for expert in free), default=0)
        best = ""
        while queue and len(came_from) < len(self.useful) and not (best and self.loads[best] == lightest):
            current, given_up = queue.popleft()
            for expert in self.allowed[current]:
                if expert in came_from or expert in self.chosen[current]:
                    continue
                came_from[expert] = current, given_up
                if self.can_take(expert) and (not best or self.loads[expert] < self.loads[best]):
                    best = expert
                for other in sorted(self.entries_of[expert] - seen):
                    if expert not in self.kept[other]:
                        seen.add(other)
                        queue.append((other, expert))
        if not best:
            return False
        while best:
            current, given_up = came_from[best]
            if given_up:
                self.take_back(current, given_up)
            self.give(current, best)
            best = given_up
        return True


def assign(
    entries: Sequence[EntryToReview],
    experts: Sequence[Expert],
    *,
    per_entry: int,
    seed: int | str,
    declared: Collection[tuple[str, str]] = (),
    existing: Mapping[str, Collection[str]] | None = None,
    rules: Collection[str] = ALL_RULES,
    cleared: Collection[tuple[str, str]] = (),
) -> AssignmentPlan:
    """Propose ``per_entry`` experts for every entry.

    ``existing`` pairs (entry code → expert codes) are kept as they are, even against a rule: a person decided them, and
    taking them back is a person's decision. Same input and seed, same plan, whatever the order of the input. Entries that
    cannot be served are listed in ``shortages`` with the reason for every expert. Raises :class:`AssignmentError`.
    """
    if per_entry < 1 or set(rules) - set(ALL_RULES):
        raise AssignmentError("per_entry must be at least 1 and every rule known")
    chance = random.Random(f"assignment:{seed}")  # noqa: S311 -- reproducible, not secret
    reason = partial(conflict_reason, declared=frozenset(declared), rules=rules, cleared=frozenset(cleared))
    state = _start(entries, experts, reason=reason, existing=existing or {}, chance=chance)
    order = list(state.allowed)
    for _ in range(per_entry):
        for entry in order:
            if len(state.chosen[entry]) < per_entry:
                state.add_review(entry)
    _mix(state, chance)
    codes = sorted(state.chosen)
    return AssignmentPlan(
        pairs={code: tuple(sorted(state.chosen[code])) for code in codes},
        new_pairs=tuple((code, e) for code in codes for e in sorted(state.chosen[code] - state.kept[code])),
        loads={e.code: state.loads[e.code] for e in sorted(experts, key=lambda e: e.code)},
        shortages=tuple(_shortages(entries, experts, state, per_entry=per_entry, reason=reason)),
    )


def _start(
    entries: Sequence[EntryToReview],
    experts: Sequence[Expert],
    *,
    reason: Callable[[EntryToReview, Expert], str],
    existing: Mapping[str, Collection[str]],
    chance: random.Random,
) -> _State:
    """Check the codes, shuffle everything by the seed, put the kept pairs in place."""
    by_code = {e.code: e for e in entries}
    pool = {e.code: e for e in experts}
    if len(by_code) != len(entries) or len(pool) != len(experts):
        raise AssignmentError("an entry or expert occurs twice")
    if existing.keys() - by_code.keys() or {e for kept in existing.values() for e in kept} - pool.keys():
        raise AssignmentError("existing pairs name an unknown entry or expert")
    shuffled = chance.sample(sorted(by_code), len(by_code))
    at_home = frozenset((e.code, x.code) for e in entries for x in experts if e.topics & x.topics)
    state = _State(
        allowed={
            code: sorted(
                (x for x in chance.sample(sorted(pool), len(pool)) if not reason(by_code[code], pool[x])),
                key=lambda expert, code=code: (code, expert) not in at_home,
            )
            for code in shuffled
        },
        at_home=at_home,
        capacity={code: pool[code].capacity for code in sorted(pool)},
        loads=Counter({code: expert.load for code, expert in pool.items()}),
        chosen={code: set() for code in shuffled},
        kept={code: frozenset(existing.get(code, ())) for code in shuffled},
    )
    for code in sorted(existing):
        for expert in sorted(state.kept[code]):
            state.give(code, expert)
    return state


def _shortages(
    entries: Iterable[EntryToReview],
    experts: Sequence[Expert],
    state: _State,
    *,
    per_entry: int,
    reason: Callable[[EntryToReview, Expert], str],
) -> Iterable[Shortage]:
    for entry in sorted(entries, key=lambda e: e.code):
        lacking = per_entry - len(state.chosen[entry.code])
        if lacking <= 0:
            continue
        reasons = tuple(
            (expert.code, reason(entry, expert) or "评审件数已达上限")
            for expert in sorted(experts, key=lambda e: e.code)
            if expert.code not in state.chosen[entry.code]
        )
        counts = Counter(text for _, text in reasons)
        why = "、".join(f"{text}{n}人" for text, n in counts.most_common()) or "专家组人数不足"
        yield Shortage(entry.code, lacking, reasons, f"还缺{lacking}位专家（{why}）")


# --- mixed company -------------------------------------------------------------------------------------------------


def _mix(state: _State, chance: random.Random) -> None:
    """Swap experts between entries while that brings more of them home or makes repeated company rarer.

    Loads and exclusions stay as they are.
    """
    order = [entry for entry in state.allowed if state.chosen[entry] - state.kept[entry]]
    if len(order) < 2:
        return
    company: Counter[tuple[str, str]] = Counter()
    for group in state.chosen.values():
        company.update(combinations(sorted(group), 2))
    allowed = {entry: frozenset(experts) for entry, experts in state.allowed.items()}
    for _ in range(min(SWAPS_PER_ENTRY * len(order), MOST_SWAPS)):
        one, other = chance.sample(order, 2)
        gone = chance.choice(sorted(state.chosen[one] - state.kept[one]))
        come = chance.choice(sorted(state.chosen[other] - state.kept[other]))
        fits = come in allowed[one] - state.chosen[one] and gone in allowed[other] - state.chosen[other]
        if fits:
            _swap_if_better(state, company, (one, gone), (other, come))


def _swap_if_better(
    state: _State, company: Counter[tuple[str, str]], mine: tuple[str, str], theirs: tuple[str, str]
) -> None:
    """Exchange two experts when more are at home then, or as many and the sum of squared meetings is lower."""
    (one, gone), (other, come) = mine, theirs
    home = state.at_home
    gain = ((one, come) in home) + ((other, gone) in home) - ((one, gone) in home) - ((other, come) in home)
    if gain < 0:
        return
    change: Counter[tuple[str, str]] = Counter()
    for entry, leaving, coming in ((one, gone, come), (other, come, gone)):
        for colleague in state.chosen[entry] - {leaving}:
            change[_pair(leaving, colleague)] -= 1
            change[_pair(coming, colleague)] += 1
    if not gain and sum((company[pair] + step) ** 2 - company[pair] ** 2 for pair, step in change.items()) >= 0:
        return
    company.update(change)
    state.take_back(one, gone)
    state.take_back(other, come)
    state.give(one, come)
    state.give(other, gone)


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
