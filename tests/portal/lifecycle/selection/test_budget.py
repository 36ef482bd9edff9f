"""Money by rank: never more than there is, nobody skipped who would have fitted, the same in SQL, ties to people."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.lifecycle.selection.budget import allocate_budget, approved_sum
from portal.lifecycle.selection.outcomes import NOT_SELECTED, SELECTED, UNDECIDED, BudgetRule, QuotaError
from portal.lifecycle.selection.ranking import Candidate, rank

pytestmark = pytest.mark.unit


def make(totals, **facts):
    return [Candidate(f"E{n:02d}", None if t is None else Decimal(t), **facts) for n, t in enumerate(totals)]


def give(totals, amounts, budget, **rule):
    candidates = make(totals)
    asked = {c.code: None if a is None else Decimal(a) for c, a in zip(candidates, amounts, strict=True)}
    return allocate_budget(rank(candidates), BudgetRule(Decimal(budget), **rule), asked)


def test_money_goes_by_rank_and_skips_what_does_not_fit():
    done = give([90, 80, 70, 60], [50, 40, 30, 10], 100)
    assert dict(done.amounts) == {"E00": 50, "E01": 40, "E03": 10}
    assert done.of("E02").cause == "budget"
    assert done.of("E02").reason == "第3名，可核定30.00元，剩余预算10.00元不足，未列入"
    assert done.of("E00").reason == "按名次支持（第1名），核定50.00元"
    assert [o.order for o in done.outcomes] == [1, 2, None, 3]


def test_cap_cuts_the_sum_of_one_entry():
    done = give([90, 80], [100, 30], 100, cap=Decimal(60))
    assert dict(done.amounts) == {"E00": 60, "E01": 30}
    assert "申请100.00元，按单项上限核定" in done.of("E00").reason


def test_to_the_cent():
    assert dict(give([90, 80], ["0.01", "0.02"], "0.03").amounts) == {"E00": Decimal("0.01"), "E01": Decimal("0.02")}
    assert set(give([90, 80], ["0.02", "0.02"], "0.03").amounts) == {"E00"}


@pytest.mark.parametrize(("asked", "cause"), [(None, "no_amount"), (0, "no_amount"), (-5, "no_amount")])
def test_nothing_asked_nothing_given(asked, cause):
    assert give([90], [asked], 100).of("E00").cause == cause


def test_marks_decide_before_money():
    candidates = [
        Candidate("A", None),
        Candidate("B", Decimal(59)),
        Candidate("C", Decimal(90), below_floor="创新性低于下限"),
        Candidate("D", Decimal(95), eligible=False, reason="资格审查未通过"),
    ]
    rule = BudgetRule(Decimal(100), min_score=Decimal(60))
    done = allocate_budget(rank(candidates), rule, {c.code: Decimal(1) for c in candidates})
    assert {o.code: o.cause for o in done.outcomes} == {
        "A": "no_total", "B": "below_minimum", "C": "below_floor", "D": "ineligible",
    }  # fmt: skip
    assert not done.amounts


def test_tie_that_the_money_cannot_carry_goes_to_people():
    done = give([90, 80, 80, 80], [50, 40, 40, 60], 100)
    assert {o.code: o.result for o in done.outcomes} == {
        "E00": SELECTED, "E01": UNDECIDED, "E02": UNDECIDED, "E03": NOT_SELECTED,
    }  # fmt: skip
    assert done.decisions[0].codes == ("E01", "E02")
    assert "剩余预算50.00元不能全部支持" in done.decisions[0].sentence


def test_tie_is_settled_by_the_draw():
    candidates = [Candidate("A", Decimal(80), draw=2), Candidate("B", Decimal(80), draw=1)]
    done = allocate_budget(rank(candidates), BudgetRule(Decimal(40)), {"A": Decimal(40), "B": Decimal(40)})
    assert not done.needs_decision
    assert dict(done.amounts) == {"B": 40}


def test_large_tie_is_settled_without_a_search():
    done = give([80] * 40, [10] * 40, 100)
    assert len(done.decisions[0].codes) == 40


def test_senseless_rules_are_refused():
    with pytest.raises(QuotaError):
        BudgetRule(Decimal(-1))
    with pytest.raises(QuotaError):
        BudgetRule(Decimal(1), cap=Decimal(0))


# --- against the rule in its plainest form ---


def plain_walk(order, asked, rule):
    """The rule as the regulation words it: down the list, give what still fits."""
    left, given_ = rule.budget, {}
    for candidate in order:
        amount = approved_sum(asked[candidate.code], rule)
        barred = candidate.total is None or (rule.min_score is not None and candidate.total < rule.min_score)
        if amount is not None and not barred and amount <= left:
            left -= amount
            given_[candidate.code] = amount
    return given_


amounts = st.one_of(st.none(), st.integers(0, 60).map(Decimal), st.decimals(0, 60, places=2))
caps = st.one_of(st.none(), st.integers(1, 40).map(Decimal))
lists = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 5).map(Decimal)), amounts), max_size=5)


@settings(max_examples=300, deadline=None)
@given(lists, st.integers(0, 120).map(Decimal), caps, st.one_of(st.none(), st.integers(0, 5).map(Decimal)))
def test_outcome_is_what_every_order_of_the_tied_gives(pairs, budget, cap, minimum):
    """Brute force: walk down every order that the ranking allows; certain is what all of them agree on."""
    candidates = [Candidate(f"E{n}", total) for n, (total, _asked) in enumerate(pairs)]
    asked = {f"E{n}": wanted for n, (_total, wanted) in enumerate(pairs)}
    rule = BudgetRule(budget, cap, minimum)
    ranking = rank(candidates)
    done = allocate_budget(ranking, rule, asked)
    orders = [
        order
        for order in permutations(candidates)
        if all((a.total is not None, a.total or 0) >= (b.total is not None, b.total or 0)
               for a, b in pairwise(order))
    ]  # fmt: skip
    results = [plain_walk(order, asked, rule) for order in orders]
    assert sum(done.amounts.values(), Decimal(0)) <= budget
    if not done.needs_decision:
        assert all(result == dict(done.amounts) for result in results)
        return
    first = done.decisions[0]
    above = {c.code for c in candidates if c.total is not None and c.total > _total_of(candidates, first.codes[0])}
    for code in above:  # nothing before the first open tie depends on it
        assert all((code in result) == (done.of(code).result == SELECTED) for result in results)
    for code in first.codes:  # an open question really has two answers
        assert len({code in result for result in results}) == 2


def _total_of(candidates, code):
    return next(c.total for c in candidates if c.code == code)


@settings(max_examples=100, deadline=None)
@given(lists, st.integers(0, 120).map(Decimal))
def test_nobody_is_skipped_who_would_have_fitted_at_the_end(pairs, budget):
    candidates = [Candidate(f"E{n}", total, draw=n) for n, (total, _asked) in enumerate(pairs)]
    asked = {f"E{n}": wanted for n, (_total, wanted) in enumerate(pairs)}
    done = allocate_budget(rank(candidates), BudgetRule(budget), asked)
    left = budget - sum(done.amounts.values(), Decimal(0))
    for outcome in done.outcomes:
        if outcome.cause == "budget":
            assert asked[outcome.code] > left
