"""What is pure: the catalogue, terms, bursts, means."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.labels.domain.teams import term_end
from competitions.labels.enums import Dimension
from competitions.labels.figures import MIN_COUNT, Scores
from competitions.labels.fraud import bursts
from competitions.labels.kinds import given_here, kind_of_programme, kinds
from competitions.labels.policies import parent_path
from tests.factories.labels import scores

START = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


def test_catalogue_has_the_labels_of_the_plan_and_awarded_ones_are_not_given_by_hand():
    assert set(kinds()) == {"learning", "innovative", "quality", "safe", "pioneer"}
    assert {code for code, _title in given_here()} == {"learning", "innovative", "quality", "safe"}
    assert kind_of_programme("worker-pioneer").code == "pioneer"
    assert kind_of_programme("safe-team").code == "safe"
    assert kind_of_programme("five-small") is None


def test_term_ends_the_day_before_its_anniversary_and_may_have_no_end():
    assert term_end(dt.date(2024, 4, 28), 3) == dt.date(2027, 4, 27)
    assert term_end(dt.date(2024, 2, 29), 3) == dt.date(2027, 2, 28)
    assert term_end(dt.date(2024, 4, 28), 0) is None


@given(st.lists(st.integers(0, 3600), max_size=40), st.integers(1, 6), st.integers(1, 900))
@settings(max_examples=100)
def test_bursts_are_those_of_some_window_with_too_many(seconds, most, window):
    moments = [START + dt.timedelta(seconds=s) for s in sorted(seconds)]
    span = dt.timedelta(seconds=window)
    plain = {
        i
        for first in range(len(moments))
        for inside in [[j for j in range(first, len(moments)) if moments[j] - moments[first] <= span]]
        if len(inside) > most
        for i in inside
    }
    assert bursts(moments, most, span) == plain


def test_bursts_refuse_moments_out_of_order():
    with pytest.raises(ValueError, match="ascend"):
        bursts([START, START - dt.timedelta(seconds=1)], 3)


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 5), min_size=1, max_size=60))
@settings(max_examples=100)
def test_means_are_shown_with_enough_ratings_only_and_lie_between_the_marks(rows):
    sums = {name: sum(row[n] for row in rows) for n, name in enumerate(Dimension.values)}
    found = Scores(len(rows), sums)
    means = [found.mean(name) for name in Dimension.values]
    if len(rows) < MIN_COUNT:
        assert means == [None] * 5
        assert found.overall is None
    else:
        assert all(Decimal(1) <= mean <= Decimal(5) for mean in means)
        assert min(means) <= found.overall <= max(means)


def test_scores_refuse_sums_that_no_marks_add_up_to():
    assert scores(MIN_COUNT, 4).overall == Decimal("4.00")
    with pytest.raises(ValueError, match="attitude"):
        Scores(2, dict.fromkeys(Dimension.values, 11))


def test_parent_of_a_union_is_the_next_above_and_a_root_has_none():
    assert parent_path("0000001/0000007/0000021/") == "0000001/0000007/"
    assert parent_path("0000001/") == ""
