"""A new cycle's dates after the example of the last one. Pure: the working calendar is handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from portal.core.dates import WorkingCalendar, closing_time, local_datetime
from portal.lifecycle.blueprints.stages import ApplicationParams, NoticeParams, RecommendationParams
from portal.lifecycle.programmes.schedule import OVERLAPS, Slot

CLOSING_CLOCK = "17:00"  # the end of an office day; an application stage may say another
ONE_DAY = dt.timedelta(days=1)


def shifted(slots: Sequence[Slot], source: Sequence[Slot], start: dt.date, *, calendar: WorkingCalendar) -> list[Slot]:
    """``slots`` (the new cycle's) with the distances that ``source`` (the old one's) had, from ``start`` on.

    Every end falls on a working day, so does every beginning but the call's and that of what runs beside it. Where the
    calendar of the new year leaves less room – a holiday in the notice, a stage the old cycle did not have – the date
    moves on until the rules hold: no overlap that the engine does not open, the call's full window, the working days
    of the notices. ``schedule.check`` finds no error in the result.
    """
    plain = calendar.lenient()
    distance = start - source[0].first if source else dt.timedelta(0)
    by_kind = {slot.kind: slot for slot in source}
    result: list[Slot] = []
    for slot in slots:
        old = by_kind.get(slot.kind)
        if old is None:
            first = result[-1].last + ONE_DAY if result else start
            last = first + (slot.last - slot.first)
        else:
            first, last = old.first + distance, old.last + distance
        result.append(_fitted(slot, first, last, result, plain))
    return result


def _fitted(slot: Slot, first: dt.date, last: dt.date, earlier: Sequence[Slot], calendar: WorkingCalendar) -> Slot:
    beside = OVERLAPS.get(slot.kind, set())
    for other in earlier:
        first = max(first, other.first if other.kind in beside else other.last + ONE_DAY)
    if earlier and not any(other.kind in beside and other.first == first for other in earlier):
        first = calendar.next_working_day(first)
    last = max(last, first, _shortest(slot, first, calendar))
    last = max([last, *(other.last for other in earlier if other.kind in beside)])
    return replace(slot, opens=local_datetime(first), closes=at_clock(calendar.next_working_day(last), slot))


def _shortest(slot: Slot, first: dt.date, calendar: WorkingCalendar) -> dt.date:
    """The earliest last day that the stage's own rules allow."""
    params = slot.params
    if isinstance(params, ApplicationParams):
        return first + dt.timedelta(days=params.days - 1)
    if isinstance(params, NoticeParams):
        return calendar.add_working_days(first, params.working_days)
    if isinstance(params, RecommendationParams):
        return calendar.add_working_days(first - ONE_DAY, sum(params.notice_working_days.values()))
    return first


def at_clock(day: dt.date, slot: Slot) -> dt.datetime:
    """The moment at which the stage closes on ``day``."""
    clock = slot.params.closes_at if isinstance(slot.params, ApplicationParams) else CLOSING_CLOCK
    return closing_time(day, clock)
