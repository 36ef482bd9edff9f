"""What the money of competitions shows (domain.md 12); pure, in Decimal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from competitions.filings.enums import FundSource

CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Funds:
    """Sums in 元, by source."""

    union: Decimal = ZERO
    administrative: Decimal = ZERO
    enterprise: Decimal = ZERO
    other: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.union + self.administrative + self.enterprise + self.other

    @property
    def wan(self) -> str:
        """The total in 万元 with two places, as pages show it."""
        return f"{(self.total / 10_000).quantize(CENT, ROUND_HALF_UP):,}"

    @property
    def leverage(self) -> Decimal | None:
        """撬动效应: yuan of other money for one yuan of the union's, half up to two places; None without union money."""
        if not self.union:
            return None
        return ((self.total - self.union) / self.union).quantize(CENT, ROUND_HALF_UP)


def funds_of(lines: Iterable[tuple[str, Decimal]]) -> Funds:
    """Adds lines of (source, amount). Raises ValueError for an unknown source or a negative amount."""
    sums = dict.fromkeys(FundSource.values, ZERO)
    for source, amount in lines:
        if source not in sums or amount < 0:
            raise ValueError(f"{source} {amount}")
        sums[source] += amount
    return Funds(**sums)


def leverage_words(leverage: Decimal | None) -> str:
    """``1∶3.2`` – one yuan of the union moved so many of others; a dash without union money."""
    return "—" if leverage is None else f"1∶{leverage.normalize():f}"


def share(part: int, whole: int) -> Decimal | None:
    """``part`` of ``whole`` as a ratio; None where there is nothing to divide by (no data is not zero)."""
    return None if not whole else Decimal(part) / Decimal(whole)
