"""Periods of the rules of eligibility. Pure.

A bar of n years from an event holds up to and including the same day n years later (“三年内” read to the advantage of the
rule); the period of an event on 29 February ends on 28 February where there is no 29th. Ages are ``CitizenId.age_on``.
"""

from __future__ import annotations

import datetime as dt

FOR_EVER = 99


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day ``years`` later; 29 February becomes 28 February in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def is_barred(event: dt.date, years: int, today: dt.date) -> bool:
    """Whether an event still bars on ``today``: from the day it happened to the end of the last day, both inclusive.

    ``years`` of FOR_EVER or more never end; 0 bars nothing.
    """
    if years <= 0 or today < event:
        return False
    return years >= FOR_EVER or today <= years_after(event, years)
