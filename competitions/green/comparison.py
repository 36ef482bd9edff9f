"""Comparison inside one group and level; pure. ``ranking.sql`` says the same to the database, a test holds both together.

The value of a period is the mean weighted by the output (so Σenergy ÷ Σoutput for a unit consumption). The gap is to the
benchmark, the improvement to the own baseline – in seasonal groups to the same months a year before –, both in percent and
positive when worse (gap) and when better (improvement). Points are proportional inside the group (domain.md 8).
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache
from pathlib import Path

from portal.core.dates import local_date

RULES_FILE = Path(__file__).with_name("definitions") / "comparison.toml"
EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
SIX, FOUR, CENT = Decimal("0.000001"), Decimal("0.0001"), Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Rules:
    minimum_subjects: int
    least_coverage: Decimal
    gap_points: Decimal
    improvement_points: Decimal
    report_days: int


@cache
def rules() -> Rules:
    """``definitions/comparison.toml``."""
    data = tomllib.loads(RULES_FILE.read_text(encoding="utf-8"))
    decimals = {name: Decimal(str(data[name])) for name in ("least_coverage", "gap_points", "improvement_points")}
    return Rules(minimum_subjects=data["minimum_subjects"], report_days=data["report_days"], **decimals)


@dataclass(frozen=True)
class Member:
    """``months``: value and weight of every accepted month (first days)."""

    pk: int
    first_month: dt.date
    last_month: dt.date | None
    baseline: Decimal | None
    months: Mapping[dt.date, tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class Standing:
    """``rank`` and ``score`` only where there is something to compare; ``expected`` − ``months`` are missing."""

    pk: int
    expected: int
    months: int
    value: Decimal | None
    gap: Decimal | None
    base: Decimal | None
    improvement: Decimal | None
    score: Decimal | None = None
    rank: int | None = None


def months_between(first: dt.date, last: dt.date) -> int:
    """Calendar months from ``first`` to ``last``, both counted; 0 when there is none."""
    return max(0, (last.year - first.year) * 12 + last.month - first.month + 1)


def year_before(month: dt.date) -> dt.date:
    return month.replace(year=month.year - 1)


def last_month(now: dt.datetime) -> dt.date:
    """First day of the last month that is over."""
    return next_month(local_date(now).replace(day=1), -1)


def next_month(month: dt.date, step: int = 1) -> dt.date:
    """First day of the month ``step`` months later (earlier when negative)."""
    number = month.year * 12 + month.month - 1 + step
    return dt.date(number // 12, number % 12 + 1, 1)


def compare(
    members: Sequence[Member],
    *,
    start: dt.date,
    end: dt.date,
    benchmark: Decimal,
    is_lower_better: bool,
    is_seasonal: bool,
    by: Rules,
) -> list[Standing]:
    """Everyone who took part between the months ``start`` and ``end``, best first, those without a rank last."""
    with localcontext(EXACT):
        taking_part = [m for m in members if m.first_month <= end and (m.last_month or start) >= start]
        found = [
            _figures(m, start, end, benchmark=benchmark, lower=is_lower_better, seasonal=is_seasonal)
            for m in taking_part
        ]
        fit = [f for f in found if f.gap is not None and f.months >= f.expected * by.least_coverage]
        if len(fit) >= by.minimum_subjects:
            found = _ranked(found, fit, by)
    return sorted(found, key=lambda f: (f.rank is None, f.rank or 0, f.pk))


def _figures(m: Member, start: dt.date, end: dt.date, *, benchmark: Decimal, lower: bool, seasonal: bool) -> Standing:
    first, last = max(m.first_month, start), min(m.last_month or end, end)
    here = {month: pair for month, pair in m.months.items() if first <= month <= last}
    value, base, current = _mean(here.values()), m.baseline, None
    current = value
    if seasonal:
        pairs = [(pair, m.months[year_before(month)]) for month, pair in here.items() if year_before(month) in m.months]
        current, base = _mean([now for now, _then in pairs]), _mean([then for _now, then in pairs])
    sign = 1 if lower else -1
    gap = improvement = None
    if value is not None:
        gap = (sign * (value - benchmark) / benchmark * HUNDRED).quantize(CENT)
    if base and current is not None:
        improvement = (sign * (base - current) / base * HUNDRED).quantize(CENT)
    return Standing(m.pk, months_between(first, last), len(here), value, gap, base, improvement)


def _mean(pairs) -> Decimal | None:
    pairs = list(pairs)
    weight = sum((w for _v, w in pairs), Decimal(0))
    return (sum((v * w for v, w in pairs), Decimal(0)) / weight).quantize(SIX) if weight else None


def _ranked(found: list[Standing], fit: list[Standing], by: Rules) -> list[Standing]:
    gaps = [f.gap for f in fit]
    gains = [f.improvement for f in fit if f.improvement is not None]
    scores = {
        f.pk: (
            _points(max(gaps) - f.gap, max(gaps) - min(gaps), by.gap_points)
            + (_points(f.improvement - min(gains), max(gains) - min(gains), by.improvement_points)
               if f.improvement is not None else Decimal(0))
        ).quantize(CENT)
        for f in fit
    }  # fmt: skip
    order = {f.pk: (-scores[f.pk], f.gap) for f in fit}
    ranks = {pk: 1 + sum(other < mine for other in order.values()) for pk, mine in order.items()}
    return [replace(f, score=scores[f.pk], rank=ranks[f.pk]) if f.pk in scores else f for f in found]


def _points(part: Decimal, whole: Decimal, most: Decimal) -> Decimal:
    """``most`` where all are equal."""
    return (most * part / whole).quantize(FOUR) if whole else most
