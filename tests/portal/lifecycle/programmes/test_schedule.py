"""Dates of stages, judged and shifted: calculations only."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.dates import calendar_from_library, local_datetime
from portal.lifecycle.blueprints.loader import from_definition
from portal.lifecycle.blueprints.overlay import merged, overlaid
from portal.lifecycle.blueprints.timeline import plan
from portal.lifecycle.programmes.schedule import Slot, check, working_days
from portal.lifecycle.programmes.shifting import at_clock, shifted
from tests.factories.programmes import small_definition

CALENDAR = calendar_from_library(range(2021, 2032)).lenient()
RULES = from_definition(small_definition())
LONG_AGO = local_datetime(dt.date(2020, 1, 1))
STARTS = st.dates(dt.date(2022, 1, 1), dt.date(2027, 12, 31))


def slots_from(start: dt.date) -> list[Slot]:
    planned = plan(RULES, start, CALENDAR.is_working_day)
    slots = [
        Slot(
            n, str(stage.kind), stage.name, local_datetime(p.opens), local_datetime(p.closes, dt.time(17)), stage.params
        )
        for n, (stage, p) in enumerate(zip(RULES.stages, planned, strict=True), 1)
    ]
    return [replace(slot, opens=slots[0].opens) if slot.kind == "recommendation" else slot for slot in slots]


def by_kind(slots: list[Slot], kind: str) -> Slot:
    return next(slot for slot in slots if slot.kind == kind)


def moved(slots: list[Slot], kind: str, *, opens: int = 0, closes: int = 0) -> list[Slot]:
    """The slots in force, one of them moved by days."""
    in_force = [replace(slot, was=(slot.opens, slot.closes)) for slot in slots]
    return [
        replace(s, opens=s.opens + dt.timedelta(days=opens), closes=s.closes + dt.timedelta(days=closes))
        if s.kind == kind
        else s
        for s in in_force
    ]


def errors(slots: list[Slot], now: dt.datetime = LONG_AGO) -> str:
    return "".join(f.text for f in check(slots, now=now, calendar=CALENDAR).findings if f.is_error)


@given(STARTS)
def test_planned_dates_break_no_rule(start):
    assert errors(slots_from(start)) == ""


@given(STARTS, STARTS)
def test_shifted_dates_fall_on_working_days_and_break_no_rule(old, new):
    result = shifted(slots_from(new), slots_from(old), new, calendar=CALENDAR)
    assert errors(result) == ""
    assert result[0].first == new
    for slot in result:
        assert CALENDAR.is_working_day(slot.last), slot
        if slot.kind not in {"application", "recommendation"}:
            assert CALENDAR.is_working_day(slot.first), slot


@given(STARTS, STARTS, st.data())
def test_shifted_dates_repair_what_the_old_cycle_had_squeezed(old, new, data):
    """An old run may have been amended into anything: shorter, overlapping, out of order."""
    source = [
        replace(
            slot,
            opens=slot.opens + dt.timedelta(days=data.draw(st.integers(-20, 20))),
            closes=slot.closes + dt.timedelta(days=data.draw(st.integers(-20, 60))),
        )
        for slot in slots_from(old)
    ]
    result = shifted(slots_from(new), source, source[0].first + (new - old), calendar=CALENDAR)
    assert errors(result) == ""
    assert all(CALENDAR.is_working_day(slot.last) for slot in result)


@given(STARTS)
def test_shifting_to_the_same_day_changes_nothing(start):
    slots = slots_from(start)
    assert shifted(slots, slots, start, calendar=CALENDAR) == slots


@given(STARTS, st.integers(1, 400))
def test_length_in_working_days_grows_with_the_stage(start, days):
    slot = by_kind(slots_from(start), "review")
    longer = replace(slot, closes=slot.closes + dt.timedelta(days=days))
    assert working_days(longer, CALENDAR) >= working_days(slot, CALENDAR) >= 1


@pytest.mark.parametrize(
    ("kind", "by", "said"),
    [
        ("application", {"closes": -3}, "方案规定不少于31天"),
        ("application", {"closes": 60}, "不能在此之前结束"),
        ("clearance", {"opens": -20, "closes": -20}, "不能交叉"),
        ("review", {"closes": 30}, "不能交叉"),
        ("selection", {"opens": -60, "closes": -60}, "不能早于“专家评审”的开始时间"),
        ("notice", {"closes": -10}, "公示不少于5个工作日（发布当日不计）"),
        ("notice", {"closes": -40}, "结束时间应晚于开始时间"),
    ],
)
def test_check_names_the_rule_that_is_broken(kind, by, said):
    assert said in errors(moved(slots_from(dt.date(2026, 3, 2)), kind, **by))


def test_check_lets_the_engine_s_overlaps_be():
    """Recommendation runs beside the call; experts may begin with the cleared entries."""
    slots = slots_from(dt.date(2026, 3, 2))
    clearance = by_kind(slots, "clearance")
    early = (clearance.opens - by_kind(slots, "review").opens).days + 1
    assert errors(moved(slots, "review", opens=early)) == ""


def test_check_leaves_alone_what_was_in_force_before():
    slots = [replace(s, was=(s.opens, s.closes)) for s in moved(slots_from(dt.date(2026, 3, 2)), "review", closes=30)]
    assert errors(slots) == ""


def test_check_keeps_finished_stages_and_the_past():
    slots = slots_from(dt.date(2026, 3, 2))
    closed = [
        replace(s, status="closed") if s.kind == "application" else s for s in moved(slots, "application", closes=1)
    ]
    assert "已完成，不能再改日期" in errors(closed)
    now = by_kind(slots, "review").closes + dt.timedelta(days=3)
    assert "结束时间不能早于现在" in errors(moved(slots, "review", closes=1), now)
    running = [replace(s, status="open") if s.kind == "review" else s for s in moved(slots, "review", opens=3)]
    assert "开始时间不能改到以后" in errors(running, by_kind(slots, "review").opens)


def test_check_warns_of_days_off_with_the_next_working_day():
    slots = slots_from(dt.date(2026, 3, 2))
    off = (dt.date(2026, 10, 3) - by_kind(slots, "conferral").last).days
    found = check(moved(slots, "conferral", closes=off), now=LONG_AGO, calendar=CALENDAR)
    assert found.errors == {}
    assert "休息日，可顺延到2026年10月8日" in found.warnings[0].text


def test_check_says_once_which_years_have_no_holidays_yet():
    strict = calendar_from_library(range(2021, 2027))
    found = check(slots_from(dt.date(2026, 12, 1)), now=LONG_AGO, calendar=strict)
    said = [finding.text for finding in found.warnings if "放假安排尚未录入" in finding.text]
    assert len(said) == 1
    assert said[0].startswith("2027年")


def test_overlay_changes_a_copy_and_merges_by_key():
    definition = small_definition()
    first = {"stages": {"selection": {"places": 9}}, "texts": {"call": "甲"}}
    then = {"stages": {"selection": {"reserves": 4}, "absent": {"x": 1}}, "texts": {"call": "乙"}}
    result = from_definition(overlaid(definition, merged(first, then)))
    selection = result.stage("selection").params
    assert (selection.places, selection.reserves, result.texts.call) == (9, 4, "乙")
    assert from_definition(definition).stage("selection").params.places == 2


def test_closing_clock_follows_the_stage():
    slot = slots_from(dt.date(2026, 3, 2))[0]
    assert at_clock(dt.date(2026, 4, 1), slot) == local_datetime(dt.date(2026, 4, 1), dt.time(17))
