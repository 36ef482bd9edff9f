"""Months and quarters of a project, and a first proposal for its plan; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from competitions.projects.enums import Cadence

WHOLE = Decimal(100)
CENT = Decimal("0.01")
LONGEST = 120  # periods: ten years by months


def periods(starts_on: dt.date, ends_on: dt.date, cadence: str) -> list[tuple[dt.date, dt.date]]:
    """The calendar months (quarters) that the works touch, first and last whole, in order and without gaps."""
    step = 3 if cadence == Cadence.QUARTERLY else 1
    year, month = starts_on.year, (starts_on.month - 1) // step * step + 1
    found = []
    while (first := dt.date(year, month, 1)) <= ends_on and len(found) < LONGEST:
        year, month = (year, month + step) if month + step <= 12 else (year + 1, 1)
        found.append((first, dt.date(year, month, 1) - dt.timedelta(days=1)))
    return found


def even(count: int) -> list[Decimal]:
    """Percent at the end of each of ``count`` periods when the works go on evenly; the last is 100."""
    return [(WHOLE * n / count).quantize(CENT, ROUND_HALF_UP) for n in range(1, count + 1)]


def problem_of(percents: Sequence[Decimal]) -> tuple[int, str] | None:
    """Index and code of the first thing that is wrong with a plan: ``range``, ``falls`` or ``unfinished``; None = good."""
    before = Decimal(0)
    for index, percent in enumerate(percents):
        if not Decimal(0) <= percent <= WHOLE:
            return index, "range"
        if percent < before:
            return index, "falls"
        before = percent
    if not percents or percents[-1] != WHOLE:
        return max(0, len(percents) - 1), "unfinished"
    return None
