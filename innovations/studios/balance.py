"""经费账: balances in ``Decimal`` yuan, day by day. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

Line = tuple[dt.date, Decimal]
"""A day and a signed amount: income above nought, expenditure below."""


def balances(lines: Sequence[Line]) -> list[Decimal]:
    """The balance after each line, in the order given."""
    found, running = [], Decimal(0)
    for _day, amount in lines:
        running += amount
        found.append(running)
    return found


def lowest_from(lines: Iterable[Line], day: dt.date) -> Decimal:
    """The lowest balance at the end of ``day`` or of any later day with lines; a line of an earlier day that is
    entered late may make a later day negative. With no lines: nought.
    """
    ordered = sorted(lines, key=lambda line: line[0])
    running = sum((amount for on, amount in ordered if on <= day), Decimal(0))
    lowest = running
    later = [line for line in ordered if line[0] > day]
    for place, (on, amount) in enumerate(later):
        running += amount
        if place + 1 == len(later) or later[place + 1][0] != on:  # the end of that day
            lowest = min(lowest, running)
    return lowest
