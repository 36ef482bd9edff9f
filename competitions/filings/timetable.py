"""Which reports a competition owes and when; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from competitions.filings.enums import ReportKind

STAGE_DAYS = 10  # working days after the end of a phase
MIDTERM_DAYS = 10
SUMMARY_DAYS = 15
MIDYEAR = (6, 30)


@dataclass(frozen=True, slots=True)
class Owed:
    kind: str
    phase: Any  # key of the phase, None for the others
    title: str
    covers_until: dt.date
    days: int  # working days


def owed(starts_on: dt.date, ends_on: dt.date, phases: Iterable[tuple[Any, str, dt.date]]) -> list[Owed]:
    """One report for each phase but the last of those that end with the competition (the summary tells of it), the
    mid-term check when the competition runs over 30 June, and the summary.
    """
    found = [
        Owed(ReportKind.STAGE, key, f"“{title}”阶段报告", end, STAGE_DAYS)
        for key, title, end in phases
        if end < ends_on
    ]
    for year in range(starts_on.year, ends_on.year + 1):
        middle = dt.date(year, *MIDYEAR)
        if starts_on <= middle < ends_on:
            found.append(Owed(ReportKind.MIDTERM, None, "年中检查", middle, MIDTERM_DAYS))
            break  # one a competition
    found.append(Owed(ReportKind.SUMMARY, None, "年终总结", ends_on, SUMMARY_DAYS))
    return found
