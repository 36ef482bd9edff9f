"""Months of a term, marks, rates."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.growth import calculations as c

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))


@settings(max_examples=60)
@given(DAYS, st.integers(28, 1000))
def test_months_of_a_term_cover_every_day_once_and_are_due_on_the_fifth(start: dt.date, length: int) -> None:
    end = start + dt.timedelta(days=length)
    found = c.months_of_term(start, end)
    covered = {(d.year, d.month) for d in (start + dt.timedelta(days=n) for n in range(length + 1))}
    assert [(m.year, m.month) for m, _due in found] == sorted(covered)
    assert all(m.day == 1 and due.day == c.DUE_DAY and 28 < (due - m).days < 37 for m, due in found)


@settings(max_examples=60)
@given(st.tuples(*(st.integers(-1, most + 1) for _key, _title, most in c.CRITERIA)))
def test_marks_within_their_criteria_add_up_to_at_most_a_hundred(values: tuple[int, ...]) -> None:
    marks = {key: value for (key, _title, _most), value in zip(c.CRITERIA, values, strict=True)}
    wrong = c.mark_problems(marks)
    assert set(wrong) == {key for key, _title, most in c.CRITERIA if not 0 <= marks[key] <= most}
    if not wrong:
        assert c.total_of(marks) == sum(values) <= 100
        assert (c.grade_of(c.total_of(marks)) == "不合格") == (sum(values) < c.PASS)


def test_completion_rate_without_ended_contracts_is_a_dash() -> None:
    assert sum(most for _key, _title, most in c.CRITERIA) == 100
    assert c.completion_rate(0, 0, 0) == "—"
    assert c.completion_rate(2, 1, 0) == "66.7%"
    assert c.mark_problems({}).keys() == {key for key, _title, _most in c.CRITERIA}
