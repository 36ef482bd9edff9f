"""Skill levels of entrants before and after a year of contests (row 101 of the plan). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from competitions.contests.enums import LADDER

RUNG = {str(level): place for place, level in enumerate(LADDER)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One time a person entered a contest: the level stated then, and the level granted for it (empty: none)."""

    person: str
    trade: str
    stated: str
    granted: str = ""


@dataclass(slots=True)
class Growth:
    """Persons by level before and after; each person once."""

    matrix: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def persons(self) -> int:
        return self.matrix.total()

    @property
    def risen(self) -> int:
        return sum(n for (before, after), n in self.matrix.items() if RUNG[after] > RUNG[before])

    @property
    def rungs(self) -> int:
        """How many rungs of the ladder were climbed by all together."""
        return sum((RUNG[after] - RUNG[before]) * n for (before, after), n in self.matrix.items())

    @property
    def share(self) -> Decimal | None:
        """Risen among entrants, in percent with one place, half up; None without entrants."""
        if not self.persons:
            return None
        return (Decimal(100 * self.risen) / self.persons).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def before(self, level: str) -> int:
        return sum(n for (was, _is), n in self.matrix.items() if was == level)

    def after(self, level: str) -> int:
        return sum(n for (_was, now), n in self.matrix.items() if now == level)


def growth_of(entries: Iterable[Entry]) -> Growth:
    """Each person once: before is the lowest level stated in any entry, after the highest stated or granted.

    A level is never lost by a contest, so that a person whose later entry states less stays where the person was.
    """
    lowest: dict[str, str] = {}
    highest: dict[str, str] = {}
    for entry in entries:
        reached = max((entry.stated, entry.granted or entry.stated), key=RUNG.__getitem__)
        lowest[entry.person] = min((lowest.get(entry.person, entry.stated), entry.stated), key=RUNG.__getitem__)
        highest[entry.person] = max((highest.get(entry.person, reached), reached), key=RUNG.__getitem__)
    return Growth(Counter((lowest[person], highest[person]) for person in lowest))


def growth_by_trade(entries: Sequence[Entry]) -> list[tuple[str, Growth]]:
    """(trade, growth) with the most entrants first; a person of two trades counts in both."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.trade, []).append(entry)
    found = [(trade, growth_of(rows)) for trade, rows in grouped.items()]
    return sorted(found, key=lambda pair: (-pair[1].persons, pair[0]))
