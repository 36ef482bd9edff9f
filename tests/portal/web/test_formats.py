"""Dates, money and figures as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web import formats

pytestmark = pytest.mark.unit
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


def test_datetime_is_written_in_shanghai_time():
    assert formats.cn_datetime(datetime(2026, 11, 22, 9, 0, tzinfo=UTC)) == "2026年11月22日 17:00"
    assert formats.cn_datetime(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == "2026年11月23日 01:00"


def test_range_has_weekdays_and_repeats_the_year_only_when_it_changes():
    assert formats.cn_range(date(2026, 11, 20), date(2026, 11, 26)) == "2026年11月20日（周五）至11月26日（周四）"
    assert formats.cn_range(date(2026, 12, 30), date(2027, 1, 6)) == "2026年12月30日（周三）至2027年1月6日（周三）"
    assert formats.cn_range(date(2026, 11, 20), None) == "2026年11月20日（周五）"


@pytest.mark.parametrize(
    ("moment", "text", "tone"),
    [
        (datetime(2026, 11, 25, 9, 0, tzinfo=UTC), "还剩3天", "waiting"),
        (datetime(2026, 12, 5, 9, 0, tzinfo=UTC), "还剩13天", "neutral"),
        (datetime(2026, 11, 22, 9, 0, tzinfo=UTC), "今天17:00截止", "waiting"),
        (datetime(2026, 11, 22, 0, 30, tzinfo=UTC), "今天已逾期", "stopped"),
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), "已逾期2天", "stopped"),
        (date(2026, 11, 20), "已逾期2天", "stopped"),
    ],
)
def test_due_says_how_long_is_left(moment, text, tone):
    assert formats.due_text(moment, NOW) == text
    assert formats.due_tone(moment, NOW) == tone


def test_money_and_percent_round_half_up():
    assert formats.money(Decimal("12345.005")) == "12,345.01 元"
    assert formats.percent(Decimal("0.12345")) == "12.3%"
    assert formats.percent(Decimal("0.1235")) == "12.4%"
    assert formats.score(Decimal("87.5")) == "87.50"
    assert formats.thousands(-1234567) == "-1,234,567"


@pytest.mark.parametrize("function", [formats.money, formats.percent, formats.score, formats.thousands])
@pytest.mark.parametrize("value", [None, "", "abc", float("nan")])
def test_missing_figure_is_a_dash_never_zero(function, value):
    assert function(value) == "—"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4))
def test_thousands_changes_only_the_look_of_a_number(number):
    assert Decimal(formats.thousands(number).replace(",", "")) == number


@pytest.mark.parametrize(("size", "text"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (20 * 1024**2, "20.0 MB")])
def test_file_size_is_read_in_its_unit(size, text):
    assert formats.file_size(size) == text


def test_zero_is_a_value_and_nothing_is_a_dash():
    assert formats.or_dash(0) == 0
    assert formats.or_dash("") == "—"
    assert formats.yes_no(None) == "—"
    assert formats.yes_no(False) == "否"
