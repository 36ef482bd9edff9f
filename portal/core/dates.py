"""Dates of the portal: Asia/Shanghai, PRC working days, the rhythm of programmes. No Django, no database.

Counting working days
    A period counted in days does not include the day on which it begins (民法典 第201条): a notice published on day 0
    has its first day on the next working day, and “公示5个工作日” ends with the fifth one, at midnight.
    Working days are Monday to Friday without the State Council's holidays, plus its make-up working days (调休);
    a period therefore never ends on a day off (民法典 第203条).

Years without a table
    The State Council publishes next year's holidays in October or November. A year that neither the library nor the
    administrator's table knows is *unknown*: a strict calendar raises :class:`UnknownYear`, a lenient one counts plain
    weekdays and ``deadline`` / ``unknown_years`` name the years, so that a page can warn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chinese_calendar import constants as library

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"


# --- Asia/Shanghai -------------------------------------------------------------------------------------------------


def local_date(moment: datetime) -> date:
    """The calendar day in Shanghai of an aware moment. Raises ``ValueError`` for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(SHANGHAI).date()


def local_datetime(day: date, at: time = time.min) -> datetime:
    """The aware moment ``at`` o'clock on ``day`` in Shanghai."""
    return datetime.combine(day, at, tzinfo=SHANGHAI)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of ``day`` and first moment of the next day in Shanghai: a half-open interval for queries."""
    return local_datetime(day), local_datetime(day + ONE_DAY)


def closing_time(day: date, clock: str = "24:00") -> datetime:
    """The aware moment at which something closes: ``"17:00"`` of ``day``; ``"24:00"`` is the end of that day."""
    if clock == "24:00":
        return day_bounds(day)[1]
    return local_datetime(day, time.fromisoformat(clock))


def format_cn(moment: date | datetime) -> str:
    """``2026年11月22日`` for a day, ``2026年11月22日 17:05`` for an aware moment (shown in Shanghai time)."""
    if isinstance(moment, datetime):
        day = local_date(moment)
        return f"{format_cn(day)} {moment.astimezone(SHANGHAI):%H:%M}"
    return f"{moment.year}年{moment.month}月{moment.day}日"


def format_cn_range(first: date, last: date) -> str:
    """``2026年11月23日至27日``: what both dates share is said once."""
    if first == last:
        return format_cn(first)
    if first.year != last.year:
        end = format_cn(last)
    elif first.month != last.month:
        end = f"{last.month}月{last.day}日"
    else:
        end = f"{last.day}日"
    return f"{format_cn(first)}至{end}"


def weekday_cn(day: date) -> str:
    """``星期日``."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


def parse_month_day(text: str, year: int) -> date:
    """``"05-01"`` of ``year``; ``"02-29"`` means the last day of February in other years. Raises ``ValueError``."""
    month, day = (int(part) for part in text.split("-"))
    if (month, day) == (2, 29):
        return date(year, 3, 1) - ONE_DAY
    return date(year, month, day)


# --- working days --------------------------------------------------------------------------------------------------


class UnknownYear(ValueError):
    """No holiday table for ``year``; ``str(error)`` is the Chinese sentence for the page."""

    def __init__(self, year: int) -> None:
        super().__init__(f"尚未维护{year}年的节假日和调休安排，无法计算工作日。")
        self.year = year


@dataclass(frozen=True, slots=True)
class Deadline:
    """A computed last day and the years in it whose holidays were not known (empty: the date is certain)."""

    day: date
    unknown_years: tuple[int, ...]

    @property
    def is_certain(self) -> bool:
        return not self.unknown_years


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """PRC working days out of three sets; see the module's text for the convention.

    ``holidays`` and ``makeup_workdays`` must not overlap (``ValueError``). ``known_years`` says for which years the
    two sets are complete.
    """

    holidays: frozenset[date]
    makeup_workdays: frozenset[date]
    known_years: frozenset[int]
    strict: bool = True

    def __post_init__(self) -> None:
        for name in ("holidays", "makeup_workdays", "known_years"):
            object.__setattr__(self, name, frozenset(getattr(self, name)))
        both = self.holidays & self.makeup_workdays
        if both:
            raise ValueError(f"both holiday and working day: {min(both)}")

    def lenient(self) -> WorkingCalendar:
        """The same calendar, but unknown years count Monday to Friday instead of raising."""
        return replace(self, strict=False)

    def is_working_day(self, day: date) -> bool:
        """Raises :class:`UnknownYear` when the calendar is strict and has no table for the year of ``day``."""
        if self.strict and day.year not in self.known_years:
            raise UnknownYear(day.year)
        return day in self.makeup_workdays or (day.weekday() < 5 and day not in self.holidays)

    def next_working_day(self, day: date) -> date:
        """``day`` itself when it is a working day, otherwise the first one after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def add_working_days(self, start: date, n: int) -> date:
        """The ``n``-th working day after ``start``; ``start`` itself is not counted, ``n = 0`` returns ``start``.

        ``add_working_days(published, 5)`` is the last day of a notice of five working days. Raises ``ValueError`` for
        a negative ``n`` and :class:`UnknownYear` (strict).
        """
        if n < 0:
            raise ValueError("n must not be negative")
        day = start
        while n:
            day += ONE_DAY
            n -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` lies before ``start``.

        The inverse of :meth:`add_working_days`: “还剩 n 个工作日” from today, “已超期” when negative.
        """
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(start + ONE_DAY * i) for i in range(1, (end - start).days + 1))

    def unknown_years(self, start: date, end: date) -> tuple[int, ...]:
        """Years from ``start`` to ``end`` (both included) without a table, ascending."""
        return tuple(year for year in range(start.year, end.year + 1) if year not in self.known_years)

    def deadline(self, start: date, n: int) -> Deadline:
        """Like :meth:`add_working_days`, but never raises for unknown years: the result names them instead."""
        day = self.lenient().add_working_days(start, n)
        first = start + ONE_DAY if n else start
        return Deadline(day, self.unknown_years(first, day))


LIBRARY_YEARS = range(min(library.holidays).year, max(library.holidays).year + 1)


def calendar_from_library(
    years: Iterable[int],
    *,
    holidays: Collection[date] = (),
    makeup_workdays: Collection[date] = (),
    confirmed_years: Collection[int] = (),
    strict: bool = True,
) -> WorkingCalendar:
    """The State Council's calendar of ``years`` from the library ``chinesecalendar``, merged with the administrator's table.

    A row of the administrator wins over the library in both directions (the table also brings corrections during the
    year). ``confirmed_years`` are years whose administrator's table is complete; together with the library's years
    they are the known ones. Years outside ``years`` are unknown even if the library has them, so ask for enough.
    """
    wanted = frozenset(years)
    own_holidays, own_workdays = frozenset(holidays), frozenset(makeup_workdays)
    return WorkingCalendar(
        holidays=frozenset(d for d in library.holidays if d.year in wanted and d not in own_workdays) | own_holidays,
        makeup_workdays=frozenset(d for d in library.workdays if d.year in wanted and d not in own_holidays)
        | own_workdays,
        known_years=frozenset(wanted.intersection(LIBRARY_YEARS)) | frozenset(confirmed_years),
        strict=strict,
    )


# --- the rhythm of programmes --------------------------------------------------------------------------------------

ANNUAL, EVERY_YEARS, ROLLING, ON_DEMAND = "annual", "every_years", "rolling", "on_demand"


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a programme is held. ``every_years`` counts for the kinds ``annual`` (always 1) and ``every_years``."""

    kind: str
    every_years: int = 1

    def __post_init__(self) -> None:
        if self.kind not in {ANNUAL, EVERY_YEARS, ROLLING, ON_DEMAND}:
            raise ValueError(f"unknown cadence: {self.kind}")
        if self.every_years < 1 or (self.kind == ANNUAL and self.every_years != 1):
            raise ValueError(f"cadence {self.kind} cannot be every {self.every_years} years")

    @property
    def is_periodic(self) -> bool:
        """Does the calendar open its cycles? Rolling and on-demand programmes are opened by people."""
        return self.kind in {ANNUAL, EVERY_YEARS}


@dataclass(frozen=True, slots=True)
class Period:
    """Calendar years that one cycle covers; ``index`` counts cycles from 1 (第几届)."""

    first_year: int
    last_year: int
    index: int


def period_of(cadence: Cadence, first_year: int, year: int) -> Period | None:
    """The period that ``year`` belongs to when the first one began in ``first_year``.

    ``None`` before ``first_year`` and for programmes that are not periodic.
    """
    if not cadence.is_periodic or year < first_year:
        return None
    step = cadence.every_years
    number = (year - first_year) // step
    start = first_year + number * step
    return Period(start, start + step - 1, number + 1)


def starts_in(cadence: Cadence, first_year: int, year: int) -> bool:
    """Does a cycle begin in ``year``?"""
    period = period_of(cadence, first_year, year)
    return period is not None and period.first_year == year


def next_period(cadence: Cadence, first_year: int, year: int) -> Period | None:
    """The first period that begins after ``year``; ``None`` for programmes that are not periodic."""
    if not cadence.is_periodic:
        return None
    current = period_of(cadence, first_year, year)
    return period_of(cadence, first_year, current.last_year + 1 if current else first_year)


def cycles_between(start: int, end: int, every_years: int) -> tuple[int, ...]:
    """The years ``start``, ``start + every_years``, … up to and including ``end``; empty when ``end < start``."""
    if every_years < 1:
        raise ValueError("every_years must be at least 1")
    return tuple(range(start, end + 1, every_years))
