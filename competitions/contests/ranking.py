"""Totals, ranks, medals and the 700 scale. Pure, ``Decimal`` throughout.

Sources: domain.md 2.2 (weights, tie order) and 2.4 (median at 700, k = 50, medals within a gap on that scale).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from competitions.contests.enums import Medal, PartKind, TieKey

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
MEDIAN = Decimal(700)


@dataclass(frozen=True, slots=True)
class Standing:
    """Marks of one competitor by part: (kind, weight in percent, mark of 100), and the seconds of all parts together."""

    key: Any
    marks: tuple[tuple[str, Decimal, Decimal], ...]
    seconds: int | None = None

    @property
    def total(self) -> Decimal:
        """Weighted sum, rounded half up to the cent."""
        exact = sum((weight * mark for _kind, weight, mark in self.marks), Decimal(0)) / HUNDRED
        return exact.quantize(CENT, ROUND_HALF_UP)

    def part(self, kind: str) -> Decimal:
        """Weighted marks of all parts of one kind."""
        return sum((weight * mark for found, weight, mark in self.marks if found == kind), Decimal(0))


@dataclass(frozen=True, slots=True)
class Placed:
    key: Any
    total: Decimal
    rank: int


def _tie_value(standing: Standing, key: str) -> Any:
    if key == TieKey.TIME:  # nobody's time is known to be shorter than an unknown one
        return (standing.seconds is None, standing.seconds or 0)
    return -standing.part(PartKind.PRACTICAL if key == TieKey.PRACTICAL else PartKind.THEORY)


def ranked(standings: Iterable[Standing], ties: Sequence[str]) -> list[Placed]:
    """Best first. Equal totals are parted by ``ties`` in their order; who is equal in all of them shares the rank,
    and the next rank counts everybody before it (1, 2, 2, 4).
    """

    def order(standing: Standing) -> tuple[Any, ...]:
        return (-standing.total, *(_tie_value(standing, key) for key in ties))

    placed: list[Placed] = []
    for _same, group in groupby(sorted(standings, key=order), key=order):
        rank = len(placed) + 1
        placed += [Placed(s.key, s.total, rank) for s in group]
    return placed


def median(values: Sequence[Decimal]) -> Decimal:
    """Middle value, or the mean of the two in the middle. Raises ValueError for none."""
    if not values:
        raise ValueError("no values")
    row, half = sorted(values), len(values) // 2
    return row[half] if len(row) % 2 else (row[half - 1] + row[half]) / 2


def spread(values: Sequence[Decimal]) -> Decimal:
    """The population's standard deviation. Raises ValueError for none."""
    if not values:
        raise ValueError("no values")
    mean = sum(values, Decimal(0)) / len(values)
    return (sum(((v - mean) ** 2 for v in values), Decimal(0)) / len(values)).sqrt()


def scaled(totals: Mapping[Any, Decimal], k: int = 50) -> dict[Any, Decimal]:
    """``700 + k·(x − median)/s`` with the population's standard deviation; 700 for all where nobody differs."""
    if not totals:
        return {}
    middle, deviation = median(list(totals.values())), spread(list(totals.values()))
    if not deviation:
        return dict.fromkeys(totals, MEDIAN.quantize(CENT))
    return {
        key: (MEDIAN + k * (value - middle) / deviation).quantize(CENT, ROUND_HALF_UP) for key, value in totals.items()
    }


def medals_by_rank(placed: Iterable[Placed]) -> dict[Any, Medal]:
    """金 for rank 1, 银 for rank 2, 铜 for rank 3; a shared rank shares the medal."""
    by_rank = {1: Medal.GOLD, 2: Medal.SILVER, 3: Medal.BRONZE}
    return {p.key: by_rank[p.rank] for p in placed if p.rank in by_rank}


def medals_by_gap(points: Mapping[Any, Decimal], gap: Decimal) -> dict[Any, Medal]:
    """Medals on the 700 scale, where a difference of at most ``gap`` is a tie (domain.md 2.4):

    two golds → no silver, bronze for the next; three or more golds → no silver, bronze only within ``gap`` of the last
    gold; one gold and two or more silvers → bronze only within ``gap`` of the last silver. Nobody else at or above the
    median gets less than a medallion.
    """
    if not points:
        return {}
    order = sorted(points, key=lambda key: -points[key])
    golds = _tied(order, points, gap)
    rest = order[len(golds) :]
    silvers = _tied(rest, points, gap) if len(golds) == 1 else []
    left = rest[len(silvers) :]
    limit = None
    if len(golds) >= 3:
        limit = points[golds[-1]]
    elif len(silvers) >= 2:
        limit = points[silvers[-1]]
    bronzes = [key for key in _tied(left, points, gap) if limit is None or limit - points[key] <= gap]
    found = (
        dict.fromkeys(golds, Medal.GOLD) | dict.fromkeys(silvers, Medal.SILVER) | dict.fromkeys(bronzes, Medal.BRONZE)
    )
    return found | {key: Medal.MEDALLION for key in order if key not in found and points[key] >= MEDIAN}


def _tied(order: Sequence[Any], points: Mapping[Any, Decimal], gap: Decimal) -> list[Any]:
    """The first of ``order`` and those within ``gap`` of it."""
    return [key for key in order if points[order[0]] - points[key] <= gap] if order else []
