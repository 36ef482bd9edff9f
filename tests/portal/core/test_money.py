"""Money: exact both ways, capital characters by the rules for cheques, parts that add up."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import money as m

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "fen"),
    [
        ("1234.5", 123450),
        ("1,234.50", 123450),
        (" ¥１，２３４．５元 ", 123450),
        ("0", 0),
        ("-0", 0),
        ("0.01", 1),
        (12, 1200),
        (Decimal("12.30"), 1230),
        (Decimal("1E+3"), 100000),
        ("9999999999999.99", 999_999_999_999_999),
        ("999900000000.00", 99_990_000_000_000),
    ],
)
def test_yuan_becomes_fen(value, fen):
    if fen > m.MAX_FEN:
        with pytest.raises(m.MoneyError, match="过大"):
            m.yuan_to_fen(value)
    else:
        assert m.yuan_to_fen(value) == fen


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "有效的数字"),
        ("一百", "有效的数字"),
        ("1e3", "有效的数字"),
        ("1_000", "有效的数字"),
        ("nan", "有效的数字"),
        ("inf", "有效的数字"),
        (Decimal("NaN"), "有效的数字"),
        ("-1", "负数"),
        ("1.001", "两位小数"),
        (Decimal("1." + "0" * 40 + "1"), "两位小数"),
        ("1" * 40, "过大"),
        (1.5, "文本"),
        (True, "文本"),
        (None, "文本"),
    ],
)
def test_what_is_not_an_amount_is_refused(value, words):
    with pytest.raises(m.MoneyError, match=words):
        m.yuan_to_fen(value)


@given(st.integers(0, m.MAX_FEN))
def test_fen_and_yuan_are_inverse(fen):
    assert m.yuan_to_fen(m.fen_to_yuan(fen)) == fen
    assert m.yuan_to_fen(m.format_yuan(fen)) == fen


def test_display_of_amounts():
    assert m.fen_to_yuan(-5) == "-0.05"
    assert m.format_yuan(123456789) == "1,234,567.89"
    assert m.format_yuan(-123456) == "-1,234.56"
    assert m.format_wan(12_345_600) == "12.35"
    assert m.format_wan(-12_345_600) == "-12.35"
    assert m.format_wan(-1) == "0.00"
    assert m.format_wan(12_345_000) == "12.35"  # exactly half rounds up
    assert m.format_wan(123_456_789_000, 0) == "123,457"


@pytest.mark.parametrize(
    ("yuan", "capital"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.56", "伍角陆分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("1234.50", "壹仟贰佰叁拾肆元伍角整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("100000", "壹拾万元整"),
        ("10203", "壹万零贰佰零叁元整"),
        ("200300", "贰拾万零叁佰元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("120000000", "壹亿贰仟万元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("1002", "壹仟零贰元整"),
        ("1020.30", "壹仟零贰拾元叁角整"),
    ],
)
def test_capital_amount(yuan, capital):
    assert m.capital_amount(m.yuan_to_fen(yuan)) == f"人民币{capital}"


@pytest.mark.parametrize("fen", [-1, m.MAX_FEN + 1])
def test_capital_amount_outside_its_range_is_refused(fen):
    with pytest.raises(m.MoneyError):
        m.capital_amount(fen)


def read_capital(text):
    """An independent reader of capital amounts, for the round trip."""
    digits = {ch: i for i, ch in enumerate("零壹贰叁肆伍陆柒捌玖")}
    units = {"拾": 10, "佰": 100, "仟": 1000}
    body = text.removeprefix("人民币").removesuffix("整")
    whole, _, rest = body.rpartition("元")
    total = section = digit = 0
    for ch in whole:
        if ch in digits:
            digit = digits[ch]
        elif ch in units:
            section += digit * units[ch]
            digit = 0
        else:
            total += (section + digit) * {"万": 10_000, "亿": 10**8}[ch]
            section = digit = 0
    fen = (total + section + digit) * 100
    for value, unit in re.findall(r"([壹贰叁肆伍陆柒捌玖])([角分])", rest):
        fen += digits[value] * (10 if unit == "角" else 1)
    return fen


@given(st.one_of(st.integers(0, m.MAX_FEN), st.integers(0, 2_000_000)))
def test_capital_amount_reads_back_and_has_no_doubled_zero(fen):
    text = m.capital_amount(fen)
    assert read_capital(text) == fen
    assert "零零" not in text
    assert not text.endswith("零")


@given(st.integers(0, 10**12), st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_parts_add_up_and_differ_by_less_than_one_fen(total, weights):
    parts = m.split_fen(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


def test_tranches_of_sixty_and_forty_percent():
    assert m.split_fen(100_001, [60, 40]) == [60_001, 40_000]
    assert m.split_fen(1, [Decimal("0.5"), Decimal("0.5")]) == [1, 0]


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (5, []), (5, [0, 0]), (5, [2, -1])])
def test_impossible_shares_are_refused(total, weights):
    with pytest.raises(m.MoneyError):
        m.split_fen(total, weights)
