"""The smallest set of demands that contradict each other. Pure; knows nothing of what a demand is.

Implicit hitting sets: every set of demands that can be met together leaves out at least one member of each contradiction, so
a smallest contradiction hits the complement of every set that can be met. Candidates are tried smallest first, and among
equals in the order of the demands, so that the same demands always give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations


def smallest_contradiction(codes: Sequence[str], can_be_met: Callable[[frozenset[str]], bool]) -> tuple[str, ...]:
    """A contradiction with the fewest members, in the order of ``codes``; empty when no demand is needed for one.

    ``can_be_met`` says whether the demands of a set can be kept together; removing demands never makes that harder.
    Raises ValueError when all of them together can be met.
    """
    if can_be_met(frozenset(codes)):
        raise ValueError("there is no contradiction")
    complements: list[frozenset[str]] = []
    while True:
        candidate = _smallest_hitting_set(codes, complements)
        if not can_be_met(frozenset(candidate)):
            return candidate
        met = set(candidate)
        for code in codes:
            if code not in met and can_be_met(frozenset({*met, code})):
                met.add(code)
        complements.append(frozenset(codes) - met)


def _smallest_hitting_set(codes: Sequence[str], sets: Sequence[frozenset[str]]) -> tuple[str, ...]:
    for size in range(len(codes) + 1):
        for chosen in combinations(codes, size):
            if all(one & frozenset(chosen) for one in sets):
                return chosen
    raise ValueError("an empty set cannot be hit")
