"""Places by members: exact sums, bounds, proportions, and the same result as a slow, obvious method."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lifecycle.recommendation import allocation as a

pytestmark = pytest.mark.unit


def test_larger_unions_get_more_and_everybody_gets_one():
    members = {"big": 80_000, "middle": 15_000, "small": 4_900, "tiny": 100}
    assert a.allocate_places(members, 10) == {"big": 7, "middle": 1, "small": 1, "tiny": 1}
    assert a.allocate_places(members, 20) == {"big": 15, "middle": 3, "small": 1, "tiny": 1}


def test_largest_remainder_gets_the_last_place():
    # exact shares 4.7, 3.1, 2.2
    assert a.allocate_places({"a": 47, "b": 31, "c": 22}, 10) == {"a": 5, "b": 3, "c": 2}


def test_equal_remainders_go_to_more_members_then_by_code():
    assert a.allocate_places({"b": 10, "a": 10}, 3) == {"b": 1, "a": 2}
    assert a.allocate_places({"a": 1, "b": 3}, 6, minimum=0) == {"a": 1, "b": 5}  # 1.5 and 4.5


def test_maximum_passes_places_on():
    assert a.allocate_places({"a": 98, "b": 1, "c": 1}, 10, maximum=4) == {"a": 4, "b": 3, "c": 3}


def test_special_numbers_stand_outside_the_bounds():
    result = a.allocate_places({"binhai": 50, "a": 50, "b": 50}, 14, maximum=2, special={"binhai": 10})
    assert result == {"binhai": 10, "a": 2, "b": 2}
    assert a.allocate_places({"x": 5}, 3, special={"x": 3}) == {"x": 3}


def test_unions_without_members_are_filled_last():
    assert a.allocate_places({"a": 10, "new": 0}, 6) == {"a": 5, "new": 1}
    assert a.allocate_places({"a": 10, "new": 0}, 6, maximum=4) == {"a": 4, "new": 2}
    assert a.allocate_places({"new": 0, "newer": 0}, 3) == {"new": 2, "newer": 1}
    assert a.allocate_places({}, 0) == {}


@pytest.mark.parametrize(
    ("members", "places", "options", "words"),
    [
        ({"a": 1, "b": 1}, 1, {}, "可分配名额1个，不够2家单位每家至少1个"),
        ({"a": 1, "b": 1}, 9, {"maximum": 4}, "分不完：2家单位每家最多4个"),
        ({"a": 1}, 3, {"maximum": 1, "minimum": 2}, "不能小于保底"),
        ({"a": 1}, 3, {"special": {"b": 1}}, "不在分配范围内：b"),
        ({"a": 1}, 3, {"special": {"a": 2}}, "分不完"),
        ({"a": 1}, 1, {"special": {"a": 2}}, "可分配名额0个"),
        ({"a": -1}, 3, {}, "负数"),
        ({"a": 1}, -3, {}, "负数"),
        ({"a": 1}, 3, {"minimum": -1}, "负数"),
    ],
)
def test_contradictions_are_explained(members, places, options, words):
    with pytest.raises(a.AllocationError, match=words):
        a.allocate_places(members, places, **options)


def test_places_for_each_full_number_of_members():
    members = {"a": 9_999, "b": 10_000, "c": 100, "d": 90_000, "e": 5}
    assert a.places_by_members(members, 5_000, maximum=8, special={"e": 12}) == {
        "a": 1,
        "b": 2,
        "c": 1,
        "d": 8,
        "e": 12,
    }
    assert a.places_by_members({"a": 12_000}, 5_000) == {"a": 2}
    with pytest.raises(a.AllocationError, match="大于零"):
        a.places_by_members(members, 0)


# --- properties ---

MEMBERS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 500), min_size=1, max_size=8)


@st.composite
def cases(draw):
    members = draw(MEMBERS)
    low = draw(st.integers(0, 3))
    high = draw(st.one_of(st.none(), st.integers(low, low + 6)))
    most = 60 if high is None else high * len(members)
    return members, draw(st.integers(low * len(members), max(most, low * len(members)))), low, high


@given(cases())
def test_sum_is_exact_and_bounds_hold(case):
    members, places, low, high = case
    result = a.allocate_places(members, places, minimum=low, maximum=high)
    assert sum(result.values()) == places
    assert all(low <= n and (high is None or n <= high) for n in result.values())
    assert list(result) == list(members)


@given(cases())
def test_more_members_never_mean_fewer_places(case):
    members, places, low, high = case
    result = a.allocate_places(members, places, minimum=low, maximum=high)
    for one, more in ((x, y) for x in members for y in members if members[y] > members[x]):
        assert result[more] >= result[one]


@given(cases())
def test_without_bounds_every_union_is_within_one_place_of_its_exact_share(case):
    members, places, _, _ = case
    if not sum(members.values()):
        return
    result = a.allocate_places(members, places, minimum=0)
    for code, count in members.items():
        assert abs(result[code] - Fraction(count * places, sum(members.values()))) < 1


@given(cases())
def test_exact_shares_agree_with_fixing_bounds_one_by_one(case):
    """Shares between bounds found by bisection on the factor instead of by its bends."""
    members, places, low, high = case
    if not all(members.values()):
        return
    top = max(places, low) if high is None else high
    lower, upper = Fraction(0), Fraction(max(top, 1))
    for _ in range(60):
        middle = (lower + upper) / 2
        if sum(min(max(middle * w, low), top) for w in members.values()) <= places:
            lower = middle
        else:
            upper = middle
    exact = a._bounded_shares(members, places, low, top)
    assert sum(exact.values()) == places
    for code, w in members.items():
        assert abs(exact[code] - min(max(lower * w, low), top)) < Fraction(1, 10**9)
