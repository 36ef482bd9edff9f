"""Differences of versions in words, and planned dates."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.dates import calendar_from_library
from portal.lifecycle.blueprints import labels
from portal.lifecycle.blueprints.diff import changes
from portal.lifecycle.blueprints.timeline import (
    cycle_starts,
    next_start,
    nth_working_day,
    plan,
    planned_working_days,
    start_in_year,
)
from tests.factories.definitions import DEFINITION, GONE, blueprint, changed

PRC = calendar_from_library(range(2024, 2028), strict=False).is_working_day


def weekday(day: dt.date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("edit", "kind", "text"),
    [
        ({"stages[0].days": 45}, "changed", "环节“申报” · 申报天数：由“30”改为“45”"),
        ({"programme.cadence": "rolling"}, "changed", "项目 · 周期：由“每年一届”改为“常年受理”"),
        ({"stages[3].blind": False}, "changed", "环节“专家评审” · 匿名评审：由“是”改为“否”"),
        ({"stages[4].min_score": 60}, "added", "新增 环节“评选” · 入选最低分：“60”"),
        ({"stages[4].reserves": GONE}, "removed", "删去 环节“评选” · 递补名额：原为“1”"),
        ({"stages[1].caps.district": 8}, "changed", "各级推荐名额上限 · 区总工会、局（集团公司）工会：由“5”改为“8”"),
        ({"sections[0].fields[4]": GONE}, "removed", "删去 表单分区“基本情况” · 字段“数量”"),
        ({"vetoes[2]": {"code": "new", "text": "新的情形"}}, "added", "新增 否决情形“新的情形”"),
        ({"stages[5].shown_fields": ["title"]}, "changed", "公开字段：由“title、people”改为“title”"),
        ({"stages[1].allocation.rule": "manual"}, "changed", "名额分配 · 规则：由“按会员人数分配”改为“逐家下达”"),
        ({"stages[4].rule": "batch"}, "changed", "规则：由“按名额择优”改为“会议研究确定一批”"),
        ({"documents[1].kind": "summary"}, "changed", "文书“承诺书” · 种类：由“文书”改为“汇总表”"),
    ],
)
def test_change_reads_as_a_sentence(edit, kind, text):
    (change,) = changes(DEFINITION, changed(edit))
    assert change.kind == kind
    assert text in change.text


def test_same_definition_has_no_changes():
    assert changes(DEFINITION, changed()) == []


def test_moved_item_is_a_change_of_order_only():
    definition = changed()
    definition["vetoes"].reverse()
    (change,) = changes(DEFINITION, definition)
    assert change.text == "否决情形：顺序有调整"


def test_confirmation_is_a_change_worth_telling():
    old = changed({"provenance": [{"path": "a", "label": "甲", "confirm": True}, {"path": "b", "confirm": True}]})
    new = changed({"provenance": [{"path": "b", "confirm": True}, {"path": "c", "label": "丙", "confirm": True}]})
    assert [change.text for change in changes(old, new)] == ["甲：已不再待确认", "丙：新增为待确认"]


def test_change_back_is_its_mirror():
    new = changed({"stages[0].days": 45, "stages[4].min_score": 60})
    assert {c.kind for c in changes(DEFINITION, new)} == {"changed", "added"}
    assert {c.kind for c in changes(new, DEFINITION)} == {"changed", "removed"}


def test_values_are_read_in_words():
    assert labels.value_in_words("01-04", "programme.cycle_start") == "1月4日"
    assert labels.value_in_words("spring", "programme.cycle_start") == "spring"
    assert labels.value_in_words(None) == "（无）"
    assert labels.value_in_words([]) == "（无）"
    assert labels.value_in_words({"min": 1}) == "min 1"
    assert labels.value_in_words("district", "stages[1].optional_levels") == "区总工会、局（集团公司）工会"
    assert labels.path_in_words({}, "stages[9].days") == "环节“10” · 申报天数"


def test_every_key_of_a_definition_has_a_chinese_word():
    def keys(value):
        if isinstance(value, dict):
            for key, item in value.items():
                yield key
                yield from keys(item)
        elif isinstance(value, list):
            for item in value:
                yield from keys(item)

    for key in set(keys(DEFINITION)):
        assert not labels.key_in_words(key).isascii(), key


# --- dates --------------------------------------------------------------------------------------------------


def test_plan_counts_working_days_with_the_holiday_table():
    stages = plan(blueprint(), dt.date(2025, 9, 1), PRC)
    by_kind = {stage.kind: stage for stage in stages}
    assert by_kind["application"].opens == dt.date(2025, 9, 1)
    assert by_kind["application"].closes == dt.date(2025, 9, 30)
    # 1 to 8 October is the National Day holiday: recommendation begins on the 9th.
    assert by_kind["recommendation"].opens == dt.date(2025, 10, 9)
    assert by_kind["recommendation"].working_days == 12  # 3 + 4 days of handling, 5 of notice
    assert by_kind["notice"].working_days == 15  # 5 of notice, 10 to rule on an objection of the last day
    assert by_kind["review"].title == "专家评审"


def test_window_that_ends_on_a_day_off_is_prolonged():
    (application, *_rest) = plan(blueprint({"stages[0].days": 6}), dt.date(2025, 9, 1), PRC)
    assert application.closes == dt.date(2025, 9, 8)  # 6 September is a Saturday


@given(st.dates(dt.date(2024, 2, 1), dt.date(2026, 6, 1)))
def test_plan_has_no_gaps_overlaps_or_days_off_at_its_ends(start):
    stages = plan(blueprint(), start, PRC)
    for before, after in itertools.pairwise(stages):
        assert before.closes < after.opens
        assert not any(PRC(before.closes + dt.timedelta(n)) for n in range(1, (after.opens - before.closes).days))
    for stage, spec in zip(stages, blueprint().stages, strict=True):
        assert PRC(stage.closes)
        if stage.kind != "application":
            assert stage.working_days == planned_working_days(spec.params, spec.working_days)


@given(st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 1)), st.integers(1, 30))
def test_nth_working_day_has_exactly_n_working_days(start, count):
    last = nth_working_day(start, count, weekday)
    assert sum(weekday(start + dt.timedelta(n)) for n in range((last - start).days + 1)) == count


@pytest.mark.parametrize(
    ("changes_", "years"),
    [
        ({}, [2021, 2022, 2023, 2024, 2025, 2026]),
        (
            {"programme.cadence": "every_years", "programme.every_years": 2, "programme.first_year": 2022},
            [2022, 2024, 2026],
        ),
        ({"programme.cadence": "every_years", "programme.every_years": 3, "programme.first_year": 2023}, [2023, 2026]),
        ({"programme.cadence": "rolling"}, []),
    ],
)
def test_years_in_which_cycles_begin(changes_, years):
    assert [day.year for day in cycle_starts(blueprint(changes_), 2021, 2026)] == years


def test_next_start_is_later_than_the_day():
    rules = blueprint({"programme.cadence": "every_years", "programme.every_years": 3, "programme.first_year": 2023})
    assert next_start(rules, dt.date(2026, 2, 28)) == dt.date(2026, 3, 1)
    assert next_start(rules, dt.date(2026, 3, 1)) == dt.date(2029, 3, 1)
    assert next_start(rules, dt.date(2020, 1, 1)) == dt.date(2023, 3, 1)
    assert next_start(blueprint({"programme.cadence": "on_demand"}), dt.date(2026, 1, 1)) is None


def test_start_in_year_refuses_what_is_no_date():
    assert start_in_year(blueprint().programme, 2026) == dt.date(2026, 3, 1)
    assert (
        start_in_year(blueprint({"programme.cadence": "rolling", "programme.cycle_start": "x"}).programme, 2026) is None
    )
