"""How a task does at a union: pure calculation, no database.

A task that is counted should be at quarter q of the year where q/4 of its target is; one whose target is a level
(a share in per cent) is compared with the whole target from the first quarter on. 90 % of what is expected is on
track, 70 % is slow, less is behind (the portal's convention; the plan names no thresholds).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.workplans.enums import Light

ON_TRACK_SHARE = Decimal("0.9")
SLOW_SHARE = Decimal("0.7")


@dataclass(frozen=True, slots=True)
class Quarter:
    """One report: ``value`` None while it is not filed or the task is told in words only."""

    number: int
    due_at: dt.datetime
    value: Decimal | None
    is_filed: bool


def done_so_far(quarters: Sequence[Quarter], *, accumulates: bool) -> Decimal | None:
    """The sum of the quarters, or the latest level; None before anything was counted."""
    values = [q.value for q in sorted(quarters, key=lambda q: q.number) if q.value is not None]
    if not values:
        return None
    return sum(values, Decimal(0)) if accumulates else values[-1]


def light_of(quarters: Sequence[Quarter], *, target: Decimal | None, accumulates: bool, now: dt.datetime) -> Light:
    """The light of one task at one union. Without quarters (scheme not accepted) nothing has begun."""
    if not quarters:
        return Light.WAITING
    filed = [q for q in quarters if q.is_filed]
    done = done_so_far(quarters, accumulates=accumulates)
    if target and done is not None and done >= target and (accumulates or len(filed) == len(quarters)):
        return Light.DONE
    if any(not q.is_filed and q.due_at <= now for q in quarters):
        return Light.LATE
    if not filed:
        return Light.WAITING
    if not target:  # told in words: the last report closes the year
        return Light.DONE if len(filed) == len(quarters) else Light.ON_TRACK
    return _measured(done, target, max(q.number for q in filed), accumulates=accumulates)


def _measured(done: Decimal | None, target: Decimal, quarter: int, *, accumulates: bool) -> Light:
    expected = target * quarter / 4 if accumulates else target
    share = (done or Decimal(0)) / expected
    if share >= ON_TRACK_SHARE:
        return Light.ON_TRACK
    return Light.SLOW if share >= SLOW_SHARE else Light.BEHIND
