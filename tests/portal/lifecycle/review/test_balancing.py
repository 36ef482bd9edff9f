"""Balanced marks: information about severity, with every degenerate case said in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lifecycle.review.balancing import balance

FULL = Decimal(100)


def table(**experts: list[int | None]) -> dict[tuple[str, str], Decimal]:
    return {(e, str(i)): Decimal(v) for e, marks in experts.items() for i, v in enumerate(marks) if v is not None}


def test_severe_expert_no_longer_decides_after_balancing():
    """Entry 1 drew the severe expert, entry 0 the lenient one; their order among the same colleagues is the other way."""
    totals = table(severe=[None, 70, 60, 50], lenient=[90, None, 92, 88], fair=[78, 82, 80, 70])
    raw = {e: sum(v for (_x, i), v in totals.items() if i == e) / 2 for e in "01"}
    found = balance(totals, full=FULL)
    assert raw["0"] > raw["1"]
    assert found.entries["1"] > found.entries["0"]


def test_worked_example_by_hand():
    """Two experts, spreads 10 and 5; all totals: mean 75, spread √(6.25·…) = 9.0139."""
    found = balance(table(a=[60, 80], b=[75, 85]), full=FULL)
    # all: 60 80 75 85, mean 75, squares 225 25 0 100 → variance 87.5 → spread 9.354…
    assert found.sheets["a", "0"] == Decimal("65.65")
    assert found.sheets["b", "1"] == Decimal("84.35")
    assert found.entries == {"0": Decimal("65.65"), "1": Decimal("84.35")}


def test_single_mark_is_taken_over_as_it_is():
    found = balance(table(one=[88], two=[70, 90]), full=FULL)
    assert found.sheets["one", "0"] == Decimal("88.00")
    assert next(e for e in found.experts if e.expert == "one").note == "too_few"


def test_zero_spread_counts_as_the_mean_of_all():
    found = balance(table(flat=[80, 80, 80], other=[60, 70, 90]), full=FULL)
    whole = (Decimal(80) * 3 + Decimal(220)) / 6
    assert {found.sheets["flat", str(i)] for i in range(3)} == {whole.quantize(Decimal("0.01"))}
    assert next(e for e in found.experts if e.expert == "flat").note == "flat"


def test_expert_who_marked_alone_has_no_lean():
    found = balance(table(alone=[80, 90]), full=FULL)
    assert found.experts[0].lean is None


def test_lean_is_the_distance_from_the_colleagues():
    found = balance(table(severe=[60, 70], fair=[80, 80], mild=[80, 100]), full=FULL)
    leans = {e.expert: e.lean for e in found.experts}
    assert leans["severe"] == Decimal("-20.00")
    assert next(e for e in found.experts if e.expert == "severe").is_severe


@pytest.mark.parametrize("value", [Decimal(-1), Decimal("100.01")])
def test_totals_outside_the_scale_are_refused(value):
    with pytest.raises(ValueError, match="outside"):
        balance({("a", "0"): value}, full=FULL)


def test_nothing_marked_gives_nothing():
    found = balance({}, full=FULL)
    assert (found.sheets, found.entries, found.experts) == ({}, {}, ())


MARKS = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("12345")),
    st.decimals(0, 100, places=2),
    max_size=20,
)


@given(MARKS)
def test_figures_stay_on_the_scale_whatever_is_marked(totals):
    found = balance(totals, full=FULL)
    assert found.sheets.keys() == totals.keys()
    assert all(0 <= value <= FULL for value in [*found.sheets.values(), *found.entries.values()])


@given(MARKS, st.randoms(use_true_random=False))
def test_order_of_input_does_not_matter(totals, random):
    shuffled = list(totals.items())
    random.shuffle(shuffled)
    assert balance(dict(shuffled), full=FULL) == balance(totals, full=FULL)


@given(st.lists(st.integers(20, 60), min_size=3, max_size=8, unique=True), st.integers(0, 40))
def test_constant_severity_is_taken_out_completely(marks, gap):
    """Two experts who differ by a constant give every entry the same balanced total."""
    found = balance(table(a=marks, b=[m + gap for m in marks]), full=Decimal(1000))
    assert all(found.sheets["a", str(i)] == found.sheets["b", str(i)] for i in range(len(marks)))


@given(MARKS)
def test_each_expert_keeps_the_own_order(totals):
    found = balance(totals, full=FULL)
    for (expert, one), value in totals.items():
        for (other_expert, other), smaller in totals.items():
            if expert == other_expert and value > smaller:
                assert found.sheets[expert, one] >= found.sheets[expert, other]
