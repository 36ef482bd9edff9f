"""What is calculated: lots that anybody can repeat, the leverage of union money, reports owed, the table of states."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.filings import lots, money, steps, timetable
from competitions.filings.enums import FilingState, FundSource, ReportKind

NUMBERS = st.sets(st.integers(1, 99_999).map(lambda n: f"JS2026-{n:05d}"), min_size=1, max_size=40)
SEEDS = st.text("0123456789abcdef", min_size=8, max_size=32)
LINES = st.lists(st.tuples(st.sampled_from(FundSource.values), st.decimals(0, 10**9, places=2)), max_size=20)


@pytest.mark.row(179)
@given(seed=SEEDS, numbers=NUMBERS, data=st.data())
def test_lot_is_the_same_whoever_repeats_it(seed, numbers, data):
    size = data.draw(st.integers(1, len(numbers)))
    chosen = lots.drawn(seed, numbers, size)
    shuffled = data.draw(st.permutations(sorted(numbers)))
    assert lots.drawn(seed, shuffled, size) == chosen
    assert len(set(chosen)) == size
    assert set(chosen) <= numbers


@given(seed=SEEDS, numbers=NUMBERS)
def test_larger_sample_only_adds(seed, numbers):
    whole = lots.drawn(seed, numbers, len(numbers))
    for size in range(1, len(numbers) + 1):
        assert lots.drawn(seed, numbers, size) == whole[:size]


@pytest.mark.parametrize("size", [0, 3, -1])
def test_lot_refuses_what_is_not_there(size):
    with pytest.raises(ValueError, match="size"):
        lots.drawn("seed", ["a", "b"], size)


def test_lot_spreads_over_all():
    numbers = [f"JS2026-{n:05d}" for n in range(20)]
    hits = dict.fromkeys(numbers, 0)
    for n in range(2000):
        hits[lots.drawn(str(n), numbers, 1)[0]] += 1
    assert all(60 < count < 150 for count in hits.values())


@pytest.mark.row(181)
@given(LINES)
def test_leverage_is_other_money_by_union_money(lines):
    funds = money.funds_of(lines)
    assert funds.total == sum((amount for _s, amount in lines), Decimal(0))
    union = sum((amount for source, amount in lines if source == "union"), Decimal(0))
    if not union:
        assert funds.leverage is None
    else:
        assert abs(funds.leverage * union - (funds.total - union)) <= union * Decimal("0.005")


@given(LINES, st.decimals(0, 10**9, places=2))
def test_more_money_of_others_never_lowers_the_leverage(lines, more):
    before = money.funds_of([*lines, ("union", Decimal(1))]).leverage
    assert money.funds_of([*lines, ("union", Decimal(1)), ("administrative", more)]).leverage >= before


def test_leverage_in_words():
    assert money.leverage_words(money.funds_of([("union", Decimal(2)), ("enterprise", Decimal(5))]).leverage) == "1∶2.5"
    assert money.leverage_words(money.funds_of([("union", Decimal(2))]).leverage) == "1∶0"
    assert money.leverage_words(None) == "—"


@pytest.mark.parametrize("line", [("bank", Decimal(1)), ("union", Decimal(-1))])
def test_wrong_money_is_refused(line):
    with pytest.raises(ValueError, match=str(line[1])):
        money.funds_of([line])


def test_share_of_nothing_is_no_data():
    assert money.share(0, 0) is None
    assert money.share(1, 4) == Decimal("0.25")


DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31))


@given(DAYS, st.integers(0, 700), st.lists(st.integers(0, 700), max_size=6))
def test_every_competition_owes_one_summary_and_at_most_one_midterm(first, length, ends):
    last = first + dt.timedelta(days=length)
    phases = [(n, f"第{n}阶段", min(last, first + dt.timedelta(days=end))) for n, end in enumerate(ends)]
    found = timetable.owed(first, last, phases)
    kinds = [row.kind for row in found]
    assert kinds.count(ReportKind.SUMMARY) == 1
    assert kinds.count(ReportKind.MIDTERM) <= 1
    assert kinds.count(ReportKind.STAGE) == sum(end < last for _n, _t, end in phases)
    assert all(first <= row.covers_until <= last for row in found)


def test_table_of_states_is_closed():
    assert {s for step in steps.STEPS.values() for s in (*step.before, step.after)} == set(FilingState)
    ends = {FilingState.ARCHIVED, FilingState.WITHDRAWN}
    assert not [step for step in steps.STEPS.values() if ends & set(step.before)]
    assert steps.after("accept", FilingState.DRAFT) is None
    assert steps.after("accept", FilingState.FILED) == FilingState.ACCEPTED
