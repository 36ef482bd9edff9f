"""The working calendar out of the library and the administrator's holiday table."""

from __future__ import annotations

from collections.abc import Iterable

from portal.accounts.models import Holiday
from portal.core.dates import WorkingCalendar, calendar_from_library


def working_calendar(*years: int, strict: bool = False) -> WorkingCalendar:
    """PRC working days of the years from the smallest to the largest named one (two years of margin are added).

    Rows of the holiday table win over the library; a year with rows counts as known. A strict calendar raises
    ``UnknownYear`` for other years; the default counts Monday to Friday there, and pages warn (``unknown_years``).
    """
    span = range(min(years) - 1, max(years) + 3)
    rows = list(Holiday.objects.filter(day__year__in=span))
    return calendar_from_library(
        span,
        holidays=[row.day for row in rows if not row.is_workday],
        makeup_workdays=[row.day for row in rows if row.is_workday],
        confirmed_years=_complete(row.day.year for row in rows),
        strict=strict,
    )


def _complete(years: Iterable[int]) -> set[int]:
    """A year with at least seven rows (the statutory holidays) counts as kept by the administrator."""
    counts: dict[int, int] = {}
    for year in years:
        counts[year] = counts.get(year, 0) + 1
    return {year for year, count in counts.items() if count >= 7}
