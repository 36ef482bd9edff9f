"""A list that people decide: every line has one outcome and a reason, limits hold, reserves are numbered."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.lifecycle.selection.batch import NOT_YET, OPEN, OVER, OVER_CAP, Decided, Line, decide
from portal.lifecycle.selection.outcomes import NOT_SELECTED, RESERVE, SELECTED, UNDECIDED, QuotaRule
from portal.lifecycle.selection.quotas import promote_next

pytestmark = pytest.mark.unit
FREE = QuotaRule(places=None)


def test_lines_are_open_until_somebody_decides():
    done = decide([Line("A"), Line("B")], {"A": Decided(SELECTED, "事迹突出")}, FREE)
    assert [(o.code, o.result, o.reason) for o in done.outcomes] == [
        ("A", SELECTED, "事迹突出"),
        ("B", UNDECIDED, NOT_YET),
    ]
    assert [(d.kind, d.codes) for d in done.decisions] == [(OPEN, ("B",))]


def test_ineligible_line_is_out_whatever_was_decided():
    done = decide([Line("A", eligible=False, reason="联审未通过")], {"A": Decided(SELECTED, "x")}, FREE)
    assert (done.of("A").result, done.of("A").reason, done.needs_decision) == (NOT_SELECTED, "联审未通过", False)


def test_upper_limit_and_cap_are_kept():
    lines = [Line("A", nominating="D1"), Line("B", nominating="D1"), Line("C", nominating="D2")]
    chosen = {code: Decided(SELECTED, "x") for code in "ABC"}
    done = decide(lines, chosen, QuotaRule(places=2, cap_per_nominating=1))
    assert [(d.kind, d.codes) for d in done.decisions] == [(OVER, ("A", "B", "C")), (OVER_CAP, ("A", "B"))]


def test_reserves_follow_their_number_then_the_order_of_the_decisions():
    chosen = {
        "A": Decided(RESERVE, "x", sequence=1),
        "B": Decided(RESERVE, "x", order=1, sequence=3),
        "C": Decided(RESERVE, "x", sequence=0),
    }
    done = decide([Line("A"), Line("B"), Line("C")], chosen, FREE)
    assert {o.code: o.order for o in done.outcomes} == {"B": 1, "C": 2, "A": 3}


def test_marks_order_the_list_but_decide_nothing():
    lines = [Line("A", rank=2, total=Decimal(80)), Line("B", rank=1, total=Decimal(90))]
    done = decide(lines, {"A": Decided(SELECTED, "x"), "B": Decided(NOT_SELECTED, "y")}, FREE)
    assert [o.code for o in done.outcomes] == ["B", "A"]
    assert done.of("A").order == 1


def test_reserve_follows_when_a_place_falls_free():
    chosen = {"A": Decided(SELECTED, "x"), "B": Decided(RESERVE, "x"), "C": Decided(NOT_SELECTED, "x")}
    done = decide([Line("A"), Line("B"), Line("C")], chosen, QuotaRule(places=1))
    assert promote_next(done.outcomes, "A", QuotaRule(places=1)).promoted.code == "B"


lines = st.lists(
    st.builds(
        Line,
        code=st.integers(0, 30).map(lambda n: f"E{n:02d}"),
        eligible=st.booleans(),
        nominating=st.sampled_from(["", "D1", "D2"]),
        rank=st.one_of(st.none(), st.integers(1, 9)),
    ),
    unique_by=lambda line: line.code,
    max_size=12,
)
choices = st.dictionaries(
    st.integers(0, 30).map(lambda n: f"E{n:02d}"),
    st.builds(
        Decided,
        outcome=st.sampled_from([SELECTED, RESERVE, NOT_SELECTED]),
        reason=st.just("经研究"),
        order=st.one_of(st.none(), st.integers(1, 5)),
        sequence=st.integers(0, 50),
    ),
)
rules = st.builds(
    QuotaRule,
    places=st.one_of(st.none(), st.integers(0, 6)),
    cap_per_nominating=st.one_of(st.none(), st.integers(1, 3)),
)


@settings(max_examples=200, deadline=None)
@given(lines, choices, rules)
def test_every_line_has_one_outcome_and_nothing_passes_with_a_question_open(rows, chosen, rule):
    done = decide(rows, chosen, rule)
    assert Counter(o.code for o in done.outcomes) == Counter(line.code for line in rows)
    eligible = {line.code for line in rows if line.eligible}
    for outcome in done.outcomes:
        wanted = chosen.get(outcome.code)
        if outcome.code not in eligible:
            assert outcome.result == NOT_SELECTED
        else:
            assert outcome.result == (wanted.outcome if wanted else UNDECIDED)
        assert outcome.reason
    selected = [o for o in done.outcomes if o.result == SELECTED]
    assert sorted(o.order for o in selected) == list(range(1, len(selected) + 1))
    reserves = [o.order for o in done.outcomes if o.result == RESERVE]
    assert sorted(reserves) == list(range(1, len(reserves) + 1))
    if not done.needs_decision:
        assert eligible <= chosen.keys()
        assert rule.places is None or len(selected) <= rule.places
        unions = Counter(o.nominating for o in selected if o.nominating)
        assert rule.cap_per_nominating is None or all(n <= rule.cap_per_nominating for n in unions.values())
