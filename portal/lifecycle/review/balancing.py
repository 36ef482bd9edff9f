"""Balanced marks (标准分平衡): how an entry would stand if all experts were equally severe. Pure, ``Decimal`` only.

The rule in words (docs/decisions/0014)
    For expert *e* with the totals x(e,i) on the entries *i* that they marked:

        mean(e) = Σ x / n        spread(e) = √( Σ (x − mean(e))² / n )        z(e,i) = ( x(e,i) − mean(e) ) / spread(e)

    Taken back to the scale everybody reads, with mean M and spread S of all totals of the stage:

        balanced(e,i) = M + z(e,i) × S, never below 0 or above the full mark

    An entry's balanced figure is the plain mean of its experts' balanced totals, nothing dropped, rounded half up once.

Degenerate cases
    * *one mark*: a single total tells nothing about an expert's severity; it is taken over as it is (``too_few``);
    * *zero spread*: whoever gives the same total to everything does not tell entries apart; z is 0, balanced is M (``flat``);
    * fewer than ``LEAST`` totals are balanced, but the chart says that they are few (``few``).

Source: standard scores (z-scores) as competitions use them to compare judges, shown beside the raw marks and never
instead of them (peers.md A6). A spread is a square root and has no exact value, unlike every figure of ``scoring.py``;
that is why balanced figures are information and no ranking goes by them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

LEAST = 5
PRECISION = Context(prec=40)
Totals = Mapping[tuple[str, str], Decimal]  # (expert, entry) → total


@dataclass(frozen=True, slots=True)
class Severity:
    """One expert beside all others. ``lean`` = mean of (own total − mean of the entry's other experts); below 0 is severe.

    ``lean`` is None when nobody else marked any of their entries. ``note``: ``""``, ``too_few``, ``few`` or ``flat``.
    """

    expert: str
    count: int
    mean: Decimal
    spread: Decimal
    lean: Decimal | None
    note: str = ""

    @property
    def is_severe(self) -> bool:
        return self.lean is not None and self.lean < 0


@dataclass(frozen=True, slots=True)
class Balance:
    """``sheets``: (expert, entry) → balanced total; ``entries``: entry → balanced figure; both rounded at ``places``."""

    sheets: Mapping[tuple[str, str], Decimal]
    entries: Mapping[str, Decimal]
    experts: tuple[Severity, ...]


def balance(totals: Totals, *, full: Decimal, places: int = 2) -> Balance:
    """Balanced figures of all totals of one stage. Totals lie between 0 and ``full``; ValueError otherwise."""
    if any(not 0 <= value <= full for value in totals.values()):
        raise ValueError("a total lies outside 0 … full mark")
    by_expert: dict[str, dict[str, Decimal]] = defaultdict(dict)
    by_entry: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for (expert, entry), value in totals.items():
        by_expert[expert][entry] = value
        by_entry[entry][expert] = value
    everything = sorted(totals.values())
    middle, width = _mean(everything), _spread(everything)
    exact: dict[tuple[str, str], Decimal] = {}
    for expert, marks in by_expert.items():
        own, spread = _mean(sorted(marks.values())), _spread(sorted(marks.values()))
        for entry, value in marks.items():
            if len(marks) < 2:
                exact[expert, entry] = value
                continue
            z = PRECISION.divide(PRECISION.subtract(value, own), spread) if spread else Decimal(0)
            back = PRECISION.add(middle, PRECISION.multiply(z, width))
            exact[expert, entry] = min(full, max(Decimal(0), back))
    return Balance(
        sheets={pair: _rounded(value, places) for pair, value in exact.items()},
        entries={
            entry: _rounded(_mean(sorted(exact[expert, entry] for expert in marks)), places)
            for entry, marks in by_entry.items()
        },
        experts=tuple(_severity(expert, by_expert[expert], by_entry, places) for expert in sorted(by_expert)),
    )


def _severity(
    expert: str, marks: Mapping[str, Decimal], by_entry: Mapping[str, Mapping[str, Decimal]], places: int
) -> Severity:
    gaps = [
        PRECISION.subtract(value, _mean(sorted(others)))
        for entry, value in marks.items()
        if (others := [v for e, v in by_entry[entry].items() if e != expert])
    ]
    values = sorted(marks.values())
    spread = _spread(values)
    note = "too_few" if len(values) < 2 else "flat" if not spread else "few" if len(values) < LEAST else ""
    lean = _rounded(_mean(sorted(gaps)), places) if gaps else None
    return Severity(expert, len(values), _rounded(_mean(values), places), _rounded(spread, places), lean, note)


def _mean(values: list[Decimal]) -> Decimal:
    """Mean of sorted values (the order makes the last digit the same whatever the order of the input); 0 of nothing."""
    total = Decimal(0)
    for value in values:
        total = PRECISION.add(total, value)
    return PRECISION.divide(total, Decimal(len(values))) if values else Decimal(0)


def _spread(values: list[Decimal]) -> Decimal:
    """Standard deviation of the whole (division by n); exactly 0 when all values are equal."""
    if len(set(values)) < 2:
        return Decimal(0)
    own = _mean(values)
    squares = sorted(PRECISION.power(PRECISION.subtract(value, own), 2) for value in values)
    return PRECISION.sqrt(_mean(squares))


def _rounded(value: Decimal, places: int) -> Decimal:
    """Half away from zero, once; repaired beforehand far behind any digit that counts."""
    near = value.quantize(Decimal(1).scaleb(-30), rounding=ROUND_HALF_UP, context=PRECISION)
    return near.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=PRECISION) + 0
