"""Maximum flow: known networks, and maximum matchings against brute force."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.flow import max_flow

pytestmark = pytest.mark.unit


def test_flow_of_a_textbook_network():
    edges = {("s", "a"): 10, ("s", "b"): 10, ("a", "b"): 2, ("a", "t"): 4, ("a", "d"): 8, ("b", "d"): 9, ("d", "t"): 10}
    assert max_flow(edges, "s", "t") == 14


def test_flow_uses_the_way_back():
    edges = {("s", "a"): 1, ("s", "b"): 1, ("a", "c"): 1, ("a", "d"): 1, ("b", "c"): 1, ("c", "t"): 1, ("d", "t"): 1}
    assert max_flow(edges, "s", "t") == 2


def test_flow_without_a_way_is_zero():
    assert max_flow({}, "s", "t") == 0
    assert max_flow({("s", "a"): 3, ("a", "t"): 0}, "s", "t") == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=7), st.integers(0, 2), st.integers(0, 2))
def test_flow_equals_the_largest_choice_under_capacities(pairs, left_room, right_room):
    network = Counter()
    for left, right in pairs:
        network["s", ("left", left)] = left_room
        network[("left", left), ("right", right)] += 1
        network[("right", right), "t"] = right_room

    def fits(chosen):
        lefts, rights = Counter(left for left, _ in chosen), Counter(right for _, right in chosen)
        return max(lefts.values(), default=0) <= left_room and max(rights.values(), default=0) <= right_room

    best = max(n for n in range(len(pairs) + 1) for chosen in combinations(pairs, n) if fits(chosen))
    assert max_flow(network, "s", "t") == best
