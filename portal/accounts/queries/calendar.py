"""The working calendar as the portal knows it: the library's years plus the administrator's table."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache

from portal.accounts.models import Holiday
from portal.core.dates import LIBRARY_YEARS, WorkingCalendar, calendar_from_library

CACHE_KEY = "working-calendar"


def working_calendar() -> WorkingCalendar:
    """PRC working days (domain.md 0.4). Strict: a day in a year nobody has entered raises UnknownYear."""
    rows = cache.get(CACHE_KEY)
    if rows is None:
        rows = list(Holiday.objects.values_list("day", "is_workday"))
        cache.set(CACHE_KEY, rows, 300)
    years = sorted({*LIBRARY_YEARS, *(day.year for day, _ in rows)})
    return calendar_from_library(
        years,
        holidays={day for day, is_workday in rows if not is_workday},
        makeup_workdays={day for day, is_workday in rows if is_workday},
        confirmed_years={day.year for day, _ in rows},
    )


def last_day(published: dt.date, working_days: int) -> tuple[dt.date, tuple[int, ...]]:
    """Last day of a notice of so many working days, and the years whose holidays nobody has entered yet."""
    deadline = working_calendar().deadline(published, working_days)
    return deadline.day, deadline.unknown_years
