"""Formulas against Python's own Decimal arithmetic, and what they refuse; comparison inside a group."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.green.comparison import Member, Rules, compare, months_between, next_month
from competitions.green.formula import CONTEXT, FormulaError, in_words, parse

NAMES = {"coal": Decimal("12.5"), "power": Decimal(3400), "output": Decimal("0.75"), "k_coal": Decimal("0.7143")}
RULES = Rules(3, Decimal("0.75"), Decimal(50), Decimal(50), 8)
START, END = dt.date(2026, 1, 1), dt.date(2026, 6, 1)


def leaves():
    numbers = st.decimals(min_value=0, max_value=9999, places=3, allow_nan=False, allow_infinity=False)
    return st.one_of(
        numbers.map(lambda n: (f"{n:f}", n)), st.sampled_from(sorted(NAMES)).map(lambda name: (name, NAMES[name]))
    )


def grow(smaller):
    def join(parts):
        sign, (left, a), (right, b) = parts
        if a is None or b is None or (sign in "/÷" and b == 0):
            return f"({left}){sign}({right})", None
        acts = {"+": lambda: a + b, "-": lambda: a - b, "−": lambda: a - b, "*": lambda: a * b, "×": lambda: a * b,
                "/": lambda: a / b, "÷": lambda: a / b}  # fmt: skip
        with localcontext(CONTEXT):
            return f"({left}){sign}({right})", acts[sign]()

    def negative(part):
        text, value = part
        return f"-({text})", None if value is None else CONTEXT.minus(value)

    return st.one_of(st.tuples(st.sampled_from("+-−*×/÷"), smaller, smaller).map(join), smaller.map(negative))


@pytest.mark.row(73)
@given(st.recursive(leaves(), grow, max_leaves=8))
def test_formula_calculates_as_python_decimals_do(case):
    text, expected = case
    if len(text) > 300:
        return
    formula = parse(text)
    if expected is None:
        with pytest.raises(FormulaError, match="除数为零"):
            formula.value(NAMES)
    else:
        assert formula.value(NAMES) == expected


@given(st.lists(st.tuples(st.sampled_from("+-*/"), st.integers(1, 99)), max_size=12), st.integers(1, 99))
def test_formula_binds_products_first_and_from_the_left(rest, first):
    text = str(first) + "".join(f" {sign} {number}" for sign, number in rest)
    with localcontext(CONTEXT):
        total, product, pending = Decimal(0), Decimal(first), 1
        for sign, number in rest:
            if sign in "+-":
                total, product, pending = total + pending * product, Decimal(number), 1 if sign == "+" else -1
            else:
                product = product * number if sign == "*" else product / number
        assert parse(text).value({}) == total + pending * product


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "空的"),
        ("coal +", "没有写完"),
        ("(coal", "不成对"),
        ("coal) * 2", "无法理解"),
        ("coal coal", "无法理解"),
        ("__import__('os')", "不能使用"),
        ("coal ** 2", "无法理解"),
        ("coal.real", "不能使用"),
        ("1e99", "无法理解"),
        ("(" * 30 + "1" + ")" * 30, "过深"),
        ("1+" * 200 + "1", "不能超过"),
    ],
)
def test_what_is_no_formula_is_refused_in_words(text, words):
    with pytest.raises(FormulaError, match=words):
        parse(text).value({"coal": Decimal(1)})


def test_missing_input_division_by_zero_and_size_are_told_in_words():
    with pytest.raises(FormulaError, match="output"):
        parse("coal / output").value({"coal": Decimal(1)})
    for zero in (Decimal(0), Decimal("0.00")):
        with pytest.raises(FormulaError, match="除数为零"):
            parse("coal / output").value({"coal": zero, "output": zero})
    with pytest.raises(FormulaError, match="超出范围"):
        parse("a*a*a").rounded({"a": Decimal(10) ** 5})


def member(pk, values, *, baseline="110", **over):
    months = {next_month(START, n): (Decimal(v), Decimal(1)) for n, v in enumerate(values) if v is not None}
    return Member(
        pk, **({"first_month": START, "last_month": None, "baseline": Decimal(baseline)} | over), months=months
    )


def standings(members, **over):
    options = {"start": START, "end": END, "benchmark": Decimal(100), "is_lower_better": True, "is_seasonal": False}
    return {s.pk: s for s in compare(members, by=RULES, **(options | over))}


@pytest.mark.row(73)
def test_two_subjects_are_not_compared_and_three_are():
    members = [member(1, ["100"] * 6), member(2, ["105"] * 6), member(3, ["110"] * 6)]
    assert [s.rank for s in standings(members[:2]).values()] == [None, None]
    found = standings(members)
    assert [found[n].rank for n in (1, 2, 3)] == [1, 2, 3]
    assert [found[n].score for n in (1, 2, 3)] == [Decimal(100), Decimal("50.03"), Decimal(0)]
    assert (found[2].gap, found[2].improvement) == (Decimal("5.00"), Decimal("4.55"))


@pytest.mark.row(73)
def test_missing_months_are_shown_and_too_many_leave_without_rank():
    members = [member(n, ["100", None, "101", None, "102", None]) for n in (1,)]
    members += [member(n, [str(100 + n)] * 6) for n in (2, 3, 4)]
    found = standings(members)
    assert (found[1].months, found[1].expected, found[1].rank) == (3, 6, None)
    assert found[1].value == Decimal("101.000000")
    late = member(5, [None, None, None, None, "90", "90"], first_month=next_month(START, 4))
    assert standings([*members, late])[5].expected == 2


def test_higher_is_better_turns_gap_and_improvement():
    members = [member(n, [str(90 + n)] * 6, baseline="80") for n in (1, 2, 3)]
    found = standings(members, is_lower_better=False)
    assert found[3].rank == 1
    assert (found[3].gap, found[3].improvement) == (Decimal("7.00"), Decimal("16.25"))


def test_seasonal_months_compare_with_the_same_months_a_year_before():
    months = {dt.date(2025, 1, 1): ("200", "10"), dt.date(2025, 2, 1): ("100", "30"),
              dt.date(2026, 1, 1): ("180", "10"), dt.date(2026, 2, 1): ("90", "10"), dt.date(2026, 3, 1): ("5", "1")}  # fmt: skip
    values = {m: (Decimal(v), Decimal(w)) for m, (v, w) in months.items()}
    heating = Member(1, dt.date(2025, 1, 1), None, Decimal(1), values)
    found = standings([heating], is_seasonal=True)[1]
    assert found.base == Decimal("125.000000")  # of January and February alone
    assert found.improvement == Decimal("-8.00")  # 135 against 125
    assert found.months == 3


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(-40, 40))
def test_months_count_there_and_back(day, step):
    month = day.replace(day=1)
    assert next_month(next_month(month, step), -step) == month
    assert months_between(month, next_month(month, abs(step))) == abs(step) + 1


def test_formula_reads_in_words():
    names = {"power": "电力", "output": "产量", "k_power": "电力系数"}
    assert in_words("power * k_power / (output-lost)", names) == "电力 × 电力系数 ÷ (产量−lost)"
