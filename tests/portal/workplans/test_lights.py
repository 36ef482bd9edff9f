"""The light of a task: arithmetic alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.workplans.enums import Light
from portal.workplans.lights import Quarter, done_so_far, light_of

NOW = dt.datetime(2026, 7, 20, 9, tzinfo=dt.UTC)
DUE = [dt.datetime(2026, month, 14, 9, tzinfo=dt.UTC) for month in (4, 7, 10)] + [
    dt.datetime(2027, 1, 15, tzinfo=dt.UTC)
]


def quarters(*values):
    """A year with these quarters filed; None is not filed, a string is told in words only."""
    filled = [*values, *[None] * (4 - len(values))]
    return [
        Quarter(n, DUE[n - 1], None if isinstance(v, str) or v is None else Decimal(v), v is not None)
        for n, v in enumerate(filled, start=1)
    ]


@pytest.mark.parametrize(
    ("values", "light"),
    [
        ((20, 30), Light.ON_TRACK),
        ((20, 25), Light.ON_TRACK),  # 45 of the 50 expected: exactly 90 %
        ((20, 15), Light.SLOW),  # 35: exactly 70 %
        ((20, 14), Light.BEHIND),
        ((60, 40), Light.DONE),
        ((20,), Light.LATE),  # the second quarter was due on 14 July
    ],
)
def test_counted_task_is_measured_against_the_quarters_passed(values, light):
    assert light_of(quarters(*values), target=Decimal(100), accumulates=True, now=NOW) == light


def test_task_without_accepted_scheme_waits():
    assert light_of([], target=Decimal(10), accumulates=True, now=NOW) == Light.WAITING


def test_level_is_compared_with_the_whole_target_and_done_only_at_the_end_of_the_year():
    assert light_of(quarters(60, 62), target=Decimal(60), accumulates=False, now=NOW) == Light.ON_TRACK
    assert light_of(quarters(30, 40), target=Decimal(60), accumulates=False, now=NOW) == Light.BEHIND
    assert light_of(quarters(60, 62, 58, 61), target=Decimal(60), accumulates=False, now=NOW) == Light.DONE


def test_task_in_words_is_on_track_until_the_last_report():
    assert light_of(quarters("写", "写"), target=None, accumulates=True, now=NOW) == Light.ON_TRACK
    assert light_of(quarters(*["写"] * 4), target=None, accumulates=True, now=NOW) == Light.DONE


def test_before_the_first_deadline_nothing_is_late():
    early = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    assert light_of(quarters(), target=Decimal(10), accumulates=True, now=early) == Light.WAITING


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=4))
def test_done_so_far_is_the_sum_or_the_latest(values):
    rows = quarters(*values)
    assert done_so_far(list(reversed(rows)), accumulates=True) == sum(values)
    assert done_so_far(list(reversed(rows)), accumulates=False) == values[-1]


@given(st.lists(st.integers(0, 100), min_size=2, max_size=4), st.integers(1, 100))
def test_doing_more_never_makes_the_light_worse(values, more):
    order = [Light.BEHIND, Light.SLOW, Light.ON_TRACK, Light.DONE]
    lights = [
        light_of(quarters(*v), target=Decimal(100), accumulates=True, now=NOW)
        for v in (values, [*values[:-1], values[-1] + more])
    ]
    assert order.index(lights[0]) <= order.index(lights[1])
