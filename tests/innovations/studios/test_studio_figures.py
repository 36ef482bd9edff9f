"""The index of 100 points and the account: pure calculations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innovations.studios.balance import balances, lowest_from
from innovations.studios.index import grade_of, hints_of, index, months_later, total_of, wrong_marks

DAY = dt.date(2026, 1, 1)
LINES = st.lists(
    st.tuples(st.dates(DAY, DAY + dt.timedelta(days=9)), st.decimals(-999, 999, places=2)), max_size=12
)  # fmt: skip
CRITERIA = [c.plain() for c in index().criteria]


@pytest.mark.row(155)
def test_index_makes_a_hundred_as_the_reference_says():
    assert [(c.title, c.max) for c in index().criteria] == [
        ("组织条件", 15), ("课题攻关", 25), ("成果与效益", 25), ("人才培养", 20), ("推广共享", 10), ("资料管理", 5)
    ]  # fmt: skip
    assert (index().pass_mark, index().mend_months, index().reconfirm_years) == (60, 6, 2)
    grades = index().grades
    assert [grade_of(Decimal(n), grades) for n in ("90", "89.5", "75", "60", "59.5")] == [
        "优秀", "良好", "良好", "合格", "",
    ]  # fmt: skip


@given(st.data())
@settings(max_examples=60)
def test_marks_are_whole_or_half_points_within_their_maxima(data):
    marks = {c["code"]: data.draw(st.integers(0, 2 * c["max"])) / Decimal(2) for c in CRITERIA}
    assert not wrong_marks(CRITERIA, marks)
    assert total_of({k: str(v) for k, v in marks.items()}) == sum(marks.values()) <= 100
    code = data.draw(st.sampled_from(sorted(marks)))
    top = next(c["max"] for c in CRITERIA if c["code"] == code)
    for bad in (None, Decimal("-0.5"), top + Decimal("0.5"), Decimal("0.3")):
        assert set(wrong_marks(CRITERIA, marks | {code: bad})) == {code}


@given(LINES, st.dates(DAY, DAY + dt.timedelta(days=9)))
@settings(max_examples=100)
def test_lowest_balance_is_that_of_the_ends_of_days(lines, day):
    ends = [d for d, _a in lines if d > day] + [day]
    plain = min(sum((a for d, a in lines if d <= end), Decimal(0)) for end in ends)
    assert lowest_from(lines, day) == plain
    if lines:
        assert balances(lines)[-1] == sum(a for _d, a in lines)


def test_half_a_year_later_ends_with_the_month():
    assert months_later(dt.date(2026, 8, 31), 6) == dt.date(2027, 2, 28)
    assert months_later(dt.date(2026, 6, 15), 6) == dt.date(2026, 12, 15)
    assert months_later(dt.date(2024, 2, 29), 24) == dt.date(2026, 2, 28)


def test_hints_compare_records_with_what_is_wanted():
    people = next(c for c in CRITERIA if c["code"] == "people")
    assert hints_of(people, {"promotions": 3, "apprentices": 0}) == [
        ("累计晋级", 3, 3, True), ("本年度在带徒弟", 0, 1, False)
    ]  # fmt: skip
