"""Means of ratings: only with enough of them, always with their number. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from competitions.labels.enums import Dimension

MIN_COUNT = 10  # fewer say more about the guests than about the window


@dataclass(frozen=True, slots=True)
class Scores:
    """``count`` ratings whose marks (1–5) sum up to ``sums`` for each dimension."""

    count: int
    sums: Mapping[str, int]
    left_out: int = 0

    def __post_init__(self) -> None:
        for name in Dimension.values:
            if not self.count <= self.sums.get(name, 0) <= 5 * self.count:
                raise ValueError(f"{name}: the sum does not belong to {self.count} marks of 1 to 5")

    @property
    def is_enough(self) -> bool:
        return self.count >= MIN_COUNT

    def mean(self, dimension: str) -> Decimal | None:
        """1–5 with two places, half up; None below MIN_COUNT."""
        return _mean(self.sums[dimension], self.count) if self.is_enough else None

    @property
    def overall(self) -> Decimal | None:
        """Mean of all marks of the five dimensions, from the sums, not from rounded means."""
        return _mean(sum(self.sums[d] for d in Dimension.values), 5 * self.count) if self.is_enough else None


def _mean(total: int, count: int) -> Decimal:
    return (Decimal(total) / count).quantize(Decimal("0.01"), ROUND_HALF_UP)
