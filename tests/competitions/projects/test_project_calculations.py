"""Light, schedule and score: pure, over all inputs."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.projects import schedule, scoring
from competitions.projects.domain.field import read_definition
from competitions.projects.enums import Light, ProjectStatus
from competitions.projects.lights import Limits, Standing, light_of, limits

LIMITS = Limits(Decimal(5), Decimal(10), accident_is_red=True, late_is_yellow=True)
percents = st.decimals(0, 100, places=2)
days = st.dates(dt.date(2018, 1, 1), dt.date(2032, 12, 31))


def built(planned, real, **more):
    return Standing("building", has_plan=True, planned=Decimal(str(planned)), real=Decimal(str(real)), **more)


@pytest.mark.parametrize(
    ("gap", "light"),
    [("0", "green"), ("5", "green"), ("5.01", "yellow"), ("10", "yellow"), ("10.01", "red"), ("-20", "green")],
)
@pytest.mark.row(78)
def test_light_turns_just_over_the_limits(gap, light):
    assert light_of(built(60, Decimal(60) - Decimal(gap)), LIMITS) == light


def test_limits_file_is_in_order():
    assert Decimal(0) <= limits().yellow_over < limits().red_over


def test_accident_is_red_and_late_report_is_yellow_however_far_the_works_are():
    assert light_of(built(10, 50, accidents=1), LIMITS) == Light.RED
    assert light_of(built(10, 50, late_reports=1), LIMITS) == Light.YELLOW


def test_light_says_why_nothing_is_measured():
    assert light_of(Standing("building", has_plan=False), LIMITS) == Light.NO_PLAN
    assert light_of(Standing("building", has_plan=True), LIMITS) == Light.WAITING
    assert light_of(Standing("paused", has_plan=True, planned=Decimal(9), real=Decimal(0)), LIMITS) == Light.PAUSED
    assert light_of(Standing("building", has_plan=True, is_closed=True), LIMITS) == Light.DONE


@given(percents, percents, percents)
def test_light_never_gets_better_when_the_works_fall_back(planned, real, less):
    order = (Light.GREEN, Light.YELLOW, Light.RED)
    worse, better = sorted((real, less))
    assert order.index(light_of(built(planned, worse), LIMITS)) >= order.index(light_of(built(planned, better), LIMITS))


@given(st.sampled_from(ProjectStatus.values), st.booleans(), st.none() | percents, st.integers(0, 3), st.integers(0, 3))
def test_every_standing_has_a_light(status, has_plan, real, accidents, late):
    planned = None if real is None else Decimal(50)
    assert light_of(Standing(status, has_plan, planned, real, accidents, late), LIMITS) in Light


@given(days, days, st.sampled_from(["monthly", "quarterly"]))
def test_periods_cover_the_works_without_gap_or_overlap(one, other, cadence):
    start, end = sorted((one, other))
    found = schedule.periods(start, end, cadence)
    assert found[0][0] <= start <= found[0][1]
    assert found[-1][1] >= end or len(found) == schedule.LONGEST
    assert all(b[0] == a[1] + dt.timedelta(days=1) for a, b in itertools.pairwise(found))
    assert all(first.day == 1 and (last + dt.timedelta(days=1)).day == 1 for first, last in found)


@given(st.integers(1, schedule.LONGEST))
def test_proposal_is_a_good_plan(count):
    assert schedule.problem_of(schedule.even(count)) is None


@given(st.lists(percents, max_size=20))
def test_plan_is_good_exactly_when_it_climbs_to_a_hundred(plan):
    good = bool(plan) and plan == sorted(plan) and plan[-1] == 100
    assert (schedule.problem_of(plan) is None) == good


definition = scoring.parse(read_definition())


@pytest.mark.row(76)
def test_definition_compares_the_six_things_of_the_plan():
    assert [d.title.removeprefix("比") for d in definition.dimensions] == [
        "技术创新", "科学管理", "质量工期", "安全生产", "文明施工", "创精品工程",
    ]  # fmt: skip
    assert sum(d.max for d in definition.dimensions) == 100


@given(st.data())
def test_total_is_the_exact_sum_and_has_a_grade(data):
    marks = {d.code: data.draw(st.decimals(0, d.max, places=2)) for d in definition.dimensions}
    total = scoring.total_of(definition, marks)
    assert total == sum(marks.values())
    assert 0 <= total <= 100
    assert scoring.grade_of(definition, total, is_vetoed=False) in {label for _least, label in definition.grades}
    assert scoring.grade_of(definition, total, is_vetoed=True) == "不合格"


@given(st.sampled_from(definition.dimensions), st.decimals("0.01", 50, places=2))
def test_mark_above_its_maximum_is_refused(dimension, over):
    marks = {d.code: d.max for d in definition.dimensions} | {dimension.code: dimension.max + over}
    with pytest.raises(ValueError, match=dimension.code):
        scoring.total_of(definition, marks)


@pytest.mark.parametrize("spoil", ["five", "sum", "double", "grades"])
def test_definition_that_does_not_add_up_is_refused(spoil):
    data = read_definition()
    if spoil == "five":
        data["dimensions"].pop()
    elif spoil == "sum":
        data["dimensions"][0]["max"] = 16
    elif spoil == "double":
        data["dimensions"][0]["code"] = data["dimensions"][1]["code"]
    else:
        data["grades"] = data["grades"][:2]
    with pytest.raises(ValueError, match=r"评分标准|维度|等次"):
        scoring.parse(data)


def test_fingerprint_follows_the_content_only():
    data = read_definition()
    turned = dict(reversed(list(data.items())))
    assert scoring.fingerprint(data) == scoring.fingerprint(turned)
    other = read_definition()
    other["dimensions"][0]["max"] = 14
    assert scoring.fingerprint(other) != scoring.fingerprint(data)
