"""Working days against an independent count, Shanghai midnights, the rhythm of cycles."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import dates as d

pytestmark = pytest.mark.unit

CALENDAR = d.calendar_from_library(range(2024, 2027))
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


# --- Asia/Shanghai ---


def test_local_day_changes_at_midnight_in_shanghai():
    assert d.local_date(datetime(2026, 11, 21, 15, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert d.local_date(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == date(2026, 11, 22)
    with pytest.raises(ValueError, match="time zone"):
        d.local_date(datetime(2026, 11, 21))  # noqa: DTZ001 -- that is the point


def test_day_bounds_are_half_open_and_24_hours_apart():
    start, end = d.day_bounds(date(2026, 11, 22))
    assert start.isoformat() == "2026-11-22T00:00:00+08:00"
    assert end - start == timedelta(hours=24)


def test_closing_time():
    assert d.closing_time(date(2026, 11, 22), "17:00").astimezone(UTC) == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert d.closing_time(date(2026, 11, 22)) == d.day_bounds(date(2026, 11, 23))[0]


def test_chinese_formats():
    assert d.format_cn(date(2026, 1, 2)) == "2026年1月2日"
    assert d.format_cn(datetime(2026, 11, 21, 16, 5, tzinfo=UTC)) == "2026年11月22日 00:05"
    assert d.format_cn_range(date(2026, 1, 2), date(2026, 1, 2)) == "2026年1月2日"
    assert d.format_cn_range(date(2026, 1, 2), date(2026, 1, 9)) == "2026年1月2日至9日"
    assert d.format_cn_range(date(2026, 1, 30), date(2026, 2, 9)) == "2026年1月30日至2月9日"
    assert d.format_cn_range(date(2026, 12, 30), date(2027, 1, 9)) == "2026年12月30日至2027年1月9日"
    assert d.weekday_cn(date(2026, 11, 22)) == "星期日"


def test_month_and_day_of_a_year():
    assert d.parse_month_day("05-01", 2026) == date(2026, 5, 1)
    assert d.parse_month_day("02-29", 2026) == date(2026, 2, 28)
    assert d.parse_month_day("02-29", 2028) == date(2028, 2, 29)
    with pytest.raises(ValueError, match="day"):
        d.parse_month_day("02-30", 2026)


# --- working days ---


@given(DAYS)
def test_library_years_agree_with_the_library(day):
    assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day)


def test_notice_over_national_day_skips_holidays_and_counts_make_up_days():
    # 2025: 1–8 October off, 28 September and 11 October worked.
    assert CALENDAR.add_working_days(date(2025, 9, 26), 1) == date(2025, 9, 28)
    assert CALENDAR.add_working_days(date(2025, 9, 29), 5) == date(2025, 10, 13)
    assert CALENDAR.working_days_between(date(2025, 9, 29), date(2025, 10, 13)) == 5


def test_notice_published_on_a_friday_has_monday_as_first_day():
    assert CALENDAR.add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert CALENDAR.add_working_days(date(2026, 11, 20), 5) == date(2026, 11, 27)
    assert CALENDAR.add_working_days(date(2026, 11, 22), 0) == date(2026, 11, 22)
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_days(date(2026, 11, 20), -1)


def test_next_working_day_is_the_day_itself_or_the_first_after():
    assert CALENDAR.next_working_day(date(2026, 11, 20)) == date(2026, 11, 20)
    assert CALENDAR.next_working_day(date(2026, 11, 21)) == date(2026, 11, 23)


@given(st.dates(date(2024, 1, 1), date(2025, 12, 31)), st.integers(0, 60))
def test_adding_and_counting_are_inverse(start, n):
    end = CALENDAR.add_working_days(start, n)
    assert CALENDAR.working_days_between(start, end) == n
    assert n == 0 or CALENDAR.is_working_day(end)
    assert CALENDAR.working_days_between(end, start) == -n


@given(DAYS, DAYS, DAYS)
def test_counting_is_additive(a, b, c):
    assert CALENDAR.working_days_between(a, b) + CALENDAR.working_days_between(b, c) == CALENDAR.working_days_between(
        a, c
    )


@given(
    st.sets(st.dates(date(2030, 1, 1), date(2030, 3, 31)), max_size=20),
    st.sets(st.dates(date(2030, 1, 1), date(2030, 3, 31)), max_size=20),
    st.dates(date(2030, 1, 1), date(2030, 2, 10)),
    st.integers(1, 20),
)
def test_any_table_gives_the_nth_day_of_a_plain_enumeration(holidays, workdays, start, n):
    calendar = d.WorkingCalendar(holidays - workdays, workdays, {2030})
    days = [start + timedelta(days=i) for i in range(1, 120)]
    plain = [x for x in days if x in workdays or (x.isoweekday() <= 5 and x not in holidays)]
    if plain[n - 1].year == 2030:
        assert calendar.add_working_days(start, n) == plain[n - 1]


def test_a_day_cannot_be_both():
    with pytest.raises(ValueError, match="both holiday and working day: 2030-01-01"):
        d.WorkingCalendar({date(2030, 1, 1)}, {date(2030, 1, 1)}, {2030})


def test_unknown_year_raises_or_is_named():
    with pytest.raises(d.UnknownYear, match="尚未维护2027年") as caught:
        CALENDAR.add_working_days(date(2026, 12, 28), 10)
    assert caught.value.year == 2027
    assert CALENDAR.lenient().add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 1)  # Friday; not known to be off
    late = CALENDAR.deadline(date(2026, 12, 28), 10)
    assert late.unknown_years == (2027,)
    assert not late.is_certain
    assert CALENDAR.deadline(date(2026, 11, 20), 5) == d.Deadline(date(2026, 11, 27), ())
    assert CALENDAR.deadline(date(2026, 12, 31), 1).unknown_years == (2027,)
    assert CALENDAR.deadline(date(2026, 11, 20), 0).is_certain


def test_notice_published_on_the_last_day_of_an_unknown_year_needs_only_the_next():
    calendar = d.calendar_from_library([2026])
    assert calendar.deadline(date(2025, 12, 31), 1) == d.Deadline(date(2026, 1, 4), ())


def test_administrators_table_wins_in_both_directions_and_confirms_a_year():
    calendar = d.calendar_from_library(
        [2026, 2027],
        holidays=[date(2027, 1, 1), date(2026, 1, 4)],
        makeup_workdays=[date(2026, 10, 7)],
        confirmed_years=[2027],
    )
    assert chinese_calendar.is_workday(date(2026, 1, 4))
    assert not calendar.is_working_day(date(2026, 1, 4))
    assert not chinese_calendar.is_workday(date(2026, 10, 7))
    assert calendar.is_working_day(date(2026, 10, 7))
    assert calendar.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert calendar.known_years == {2026, 2027}


def test_year_that_was_not_asked_for_is_unknown():
    assert 2026 in d.LIBRARY_YEARS
    assert d.calendar_from_library([2025], strict=False).unknown_years(date(2025, 1, 1), date(2026, 1, 1)) == (2026,)


# --- rhythm ---

ANNUAL = d.Cadence("annual")
BIENNIAL = d.Cadence("every_years", 2)
TRIENNIAL = d.Cadence("every_years", 3)


def test_three_yearly_programme_begins_every_third_year():
    assert [y for y in range(2019, 2031) if d.starts_in(TRIENNIAL, 2021, y)] == [2021, 2024, 2027, 2030]
    assert d.period_of(TRIENNIAL, 2021, 2026) == d.Period(2024, 2026, 2)
    assert d.next_period(TRIENNIAL, 2021, 2026) == d.Period(2027, 2029, 3)
    assert d.next_period(TRIENNIAL, 2021, 2019) == d.Period(2021, 2023, 1)


def test_two_yearly_programme_begins_every_second_year():
    assert [y for y in range(2021, 2028) if d.starts_in(BIENNIAL, 2022, y)] == [2022, 2024, 2026]


def test_annual_programme_begins_every_year():
    assert [y for y in range(2020, 2026) if d.starts_in(ANNUAL, 2021, y)] == [2021, 2022, 2023, 2024, 2025]
    assert d.next_period(ANNUAL, 2021, 2026) == d.Period(2027, 2027, 7)


@pytest.mark.parametrize("kind", ["rolling", "on_demand"])
def test_programmes_that_people_open_have_no_periods(kind):
    cadence = d.Cadence(kind)
    assert d.period_of(cadence, 2021, 2026) is None
    assert d.next_period(cadence, 2021, 2026) is None
    assert not d.starts_in(cadence, 2021, 2021)


@pytest.mark.parametrize(("kind", "step"), [("weekly", 1), ("annual", 2), ("every_years", 0)])
def test_impossible_cadence_is_refused(kind, step):
    with pytest.raises(ValueError, match="cadence"):
        d.Cadence(kind, step)


def test_cycles_between_two_years():
    assert d.cycles_between(2021, 2030, 3) == (2021, 2024, 2027, 2030)
    assert d.cycles_between(2021, 2020, 3) == ()
    with pytest.raises(ValueError, match="every_years"):
        d.cycles_between(2021, 2030, 0)


@given(st.integers(1, 9), st.integers(2000, 2100), st.integers(0, 60))
def test_periods_tile_the_years_without_gap(step, first, after):
    cadence = d.Cadence("every_years", step)
    year = first + after
    period = d.period_of(cadence, first, year)
    following = d.next_period(cadence, first, year)
    assert period.first_year <= year <= period.last_year
    assert period.last_year - period.first_year + 1 == step
    assert (following.first_year, following.index) == (period.last_year + 1, period.index + 1)
    assert following.first_year in d.cycles_between(first, first + 100, step)
