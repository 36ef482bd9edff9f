"""TOML and JSON in, blueprint out; nothing is lost on the way, and every error has its path."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lifecycle.blueprints import loader
from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.stages import (
    PARAMS_BY_KIND,
    Allocation,
    Criterion,
    SelectionParams,
    stage_params_from_json,
    stage_params_to_json,
)
from portal.lifecycle.blueprints.upgrade import SCHEMA_VERSION, upgrade
from portal.lifecycle.blueprints.vocabulary import AllocationRule, StageKind
from tests.factories.definitions import DEFINITION, GONE, blueprint, changed

TOML = """
[programme]
code = "x"
pillar = "innovations"
title = "某评选"
cadence = { value = "every_years", source = "方案三" }
every_years = 3
first_year = 2023
cycle_start = "03-01"
subject = "work"
subject_field = "title"
source = "方案三"
confirm = ["first_year"]
note = "首届没有写明"
[honour]
title = "某成果"
class = "naming"
source = "domain.md 3"
[[sections]]
code = "main"
title = "基本情况"
[[sections.fields]]
code = "title"
type = "text"
label = "名称"
confirm = true
[[stages]]
kind = "application"
days = { value = 30, confirm = true, source = "缺省", note = "待定" }
"""


def test_round_trip_through_json_keeps_the_blueprint():
    original = blueprint()
    stored = json.loads(json.dumps(loader.to_definition(original)))
    assert loader.from_definition(stored) == original
    assert loader.to_definition(loader.from_definition(stored)) == stored


def test_round_trip_keeps_defaults_that_mean_something():
    stored = loader.to_definition(blueprint())
    review = next(stage for stage in stored["stages"] if stage["kind"] == "review")
    assert review["trim_from"] == 5
    assert review["experts_per_entry"] == 7


def test_canonical_json_does_not_depend_on_order_or_spelling_of_numbers():
    one = {"a": Decimal("0.60"), "b": [1, 2]}
    other = {"b": [1, 2], "a": Decimal("0.6")}
    assert loader.canonical_json(one) == loader.canonical_json(other) == '{"a":"0.6","b":[1,2]}'
    assert loader.sha256_of(one) == loader.sha256_of(other)


def test_canonical_json_refuses_what_is_no_definition():
    with pytest.raises(TypeError):
        loader.canonical_json({"a": object()})


def test_toml_provenance_names_path_value_and_words():
    loaded = loader.load_text(TOML)
    assert loaded.programme.every_years == 3
    rows = {row.path: row for row in loaded.provenance}
    days = rows["stages[0].days"]
    assert (days.value, days.confirm, days.source, days.note) == ("30", True, "缺省", "待定")
    assert days.label == "环节“申报” · 申报天数"
    assert rows["programme.cadence"].value == "每数年一届"
    assert rows["honour"].confirm is False
    assert rows["sections[0].fields[0]"].label == "表单分区“基本情况” · 字段“名称”"
    assert [row.path for row in loaded.unconfirmed] == [
        "programme.first_year",
        "sections[0].fields[0]",
        "stages[0].days",
    ]


def test_toml_provenance_survives_json():
    loaded = loader.load_text(TOML)
    assert loader.from_definition(loader.to_definition(loaded)) == loaded


def test_broken_toml_is_one_problem():
    with pytest.raises(loader.BlueprintInvalid, match="不是有效的 TOML"):
        loader.load_text("[programme")


def test_load_file_reads_utf8(tmp_path):
    file = tmp_path / "x.toml"
    file.write_text(TOML, encoding="utf-8")
    assert loader.load_file(file).programme.title == "某评选"


def test_cached_parses_a_fingerprint_once():
    definition = loader.to_definition(blueprint())
    sha = loader.sha256_of(definition)
    assert loader.cached(definition, sha) is loader.cached(definition, sha)


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"programme.titel": "x"}, "programme.titel", "不认识的键，是否为 title？"),
        ({"zzz": 1}, "zzz", "不认识的键，可用："),
        ({"programme.title": GONE}, "programme.title", "缺少此项"),
        ({"programme.first_year": "2021"}, "programme.first_year", "应为整数，现为 文字“2021”"),
        ({"programme.first_year": True}, "programme.first_year", "应为整数，现为 是或否"),
        ({"programme.title": 3}, "programme.title", "应为文字，现为 数字 3"),
        ({"honour.cash_allowed": "no"}, "honour.cash_allowed", "应为是或否"),
        ({"programme.subject": "dog"}, "programme.subject", "“dog”不可用，可选：person、team、unit、project、work"),
        ({"stages[0].days": GONE}, "stages[0].days", "缺少此项"),
        ({"stages[3].rubric[1].weight": "viel"}, "stages[3].rubric[1].weight", "应为数字"),
        ({"stages[3].rubric[1].weight": "NaN"}, "stages[3].rubric[1].weight", "应为数字"),
        ({"stages[1].caps": [1]}, "stages[1].caps", "应为一组键值，现为 列表"),
        ({"stages[1].caps.district": "x"}, "stages[1].caps.district", "应为整数"),
        ({"vetoes": {"a": 1}}, "vetoes", "应为列表，现为 一组键值"),
        ({"programme": 3}, "programme", "应为一组键值，现为 数字 3"),
        ({"stages[0].kind": "party"}, "stages[0].kind", "“party”不可用"),
        ({"stages[0].trim_from": 5}, "stages[0].trim_from", "不认识的键"),
        ({"stages[0].days": None}, "stages[0].days", "应为整数，现为 空"),
    ],
)
def test_shape_error_has_path_and_words(changes, path, words):
    with pytest.raises(loader.BlueprintInvalid) as caught:
        loader.from_definition(changed(changes))
    assert any(error.path == path and words in error.message for error in caught.value.errors), caught.value


def test_shape_and_rule_errors_come_together():
    """A misspelt key must not hide a broken rule somewhere else."""
    definition = changed({"programme.titel": "x", "stages[3].rubric[0].weight": 40, "stages[5].working_days": 3})
    with pytest.raises(loader.BlueprintInvalid) as caught:
        loader.from_definition(definition)
    assert {error.path for error in caught.value.errors} == {
        "programme.titel",
        "stages[3].rubric",
        "stages[5].working_days",
    }


def test_rule_that_follows_from_an_unreadable_value_is_not_reported():
    with pytest.raises(loader.BlueprintInvalid) as caught:
        loader.from_definition(changed({"stages[3].rubric[0].weight": "viel"}))
    assert [error.path for error in caught.value.errors] == ["stages[3].rubric[0].weight"]


def test_problem_reads_as_path_and_message():
    assert str(loader.Problem("a.b", "错")) == "a.b: 错"
    assert str(loader.Problem("", "错")) == "错"


def test_stage_params_round_trip_beside_guards():
    for stage in blueprint().stages:
        stored = json.loads(json.dumps(stage_params_to_json(stage.params)))
        assert stage_params_from_json(stage.kind, stored | {"guards": ["x"]}) == stage.params


def test_stage_params_of_another_kind_are_refused():
    with pytest.raises(loader.BlueprintInvalid):
        stage_params_from_json(StageKind.APPLICATION, {"rule": "places"})


def test_every_stage_kind_has_parameters():
    assert set(PARAMS_BY_KIND) == set(StageKind.values)


scores = st.decimals(min_value=0, max_value=100, places=2)


@given(places=st.none() | st.integers(0, 500), minimum=st.none() | scores, reserves=st.integers(0, 50))
def test_selection_params_round_trip(places, minimum, reserves):
    params = SelectionParams(rule="places", places=places, min_score=minimum, reserves=reserves)
    assert stage_params_from_json("selection", stage_params_to_json(params)) == params


@given(weight=st.integers(1, 100), ratio=st.none() | st.decimals(min_value="0.01", max_value=1, places=2))
def test_criterion_floor_is_share_of_the_maximum(weight, ratio):
    criterion = Criterion("a", "甲", weight=Decimal(weight), max_score=Decimal(weight), floor_ratio=ratio)
    assert criterion.floor == (None if ratio is None else Decimal(weight) * ratio)


@given(members=st.integers(0, 10_000_000), per=st.integers(1, 50_000), low=st.integers(1, 5), more=st.integers(0, 50))
def test_allocation_by_members_stays_within_floor_and_ceiling(members, per, low, more):
    rule = Allocation(AllocationRule.BY_MEMBERS, members_per_place=per, minimum=low, maximum=low + more)
    assert low <= rule.places_for(members=members) <= low + more


def test_allocation_special_number_wins_and_manual_means_no_number():
    rule = Allocation(AllocationRule.FIXED, places=2, special={"120116": 4})
    assert rule.places_for(members=9, code="120116") == 4
    assert rule.places_for(members=9, code="120101") == 2
    assert Allocation(AllocationRule.MANUAL).places_for(members=9) is None


def test_conferral_numbers_follow_the_pattern():
    params = blueprint({"stages[6].document_pattern": "津工发〔{year}〕{serial}号"}).stage("conferral").params
    assert params.number(year=2026, serial=7) == "津工例〔2026〕0007"
    assert params.document_number(year=2026, serial=12) == "津工发〔2026〕12号"


def test_blueprint_finds_its_parts_by_code():
    rules = blueprint()
    assert rules.field("money").label == "金额"
    assert rules.section_of("money").code == "main"
    assert rules.section("people").title == "人员"
    assert rules.track("b").title == "乙类"
    assert rules.document("letter").title == "承诺书"
    assert rules.is_blind is True
    assert [spec.code for spec in rules.attachments] == ["scan"]
    assert rules.stage("notice").name == "全市公示"
    assert rules.stage("review").params.criterion("use").weight == 50
    assert rules.stage("review").params.groups == ("",)
    assert rules.programme.name == "示例评选"
    for finder in (rules.field, rules.section, rules.section_of, rules.track, rules.document):
        with pytest.raises(KeyError):
            finder("nothing")
    with pytest.raises(KeyError):
        rules.stage("review").params.criterion("nothing")


def test_blueprint_without_review_is_not_blind():
    definition = changed()
    definition["stages"] = definition["stages"][:1]
    assert loader.from_definition(definition).is_blind is False


def test_upgrade_runs_the_steps_in_order():
    steps = {1: lambda d: d | {"one": 1}, 2: lambda d: d | {"two": d["one"] + 1}}
    assert upgrade({"schema": 1}, steps=steps, target=3) == {"schema": 3, "one": 1, "two": 2}
    assert upgrade({}, target=1) == {}


@pytest.mark.parametrize("schema", [0, "1", True, SCHEMA_VERSION + 1])
def test_upgrade_refuses_unknown_schema(schema):
    with pytest.raises(loader.BlueprintInvalid):
        loader.from_definition(changed({"schema": schema}))


def test_upgrade_without_a_step_says_so():
    with pytest.raises(loader.BlueprintInvalid, match="没有从版本 1 升级的步骤"):
        upgrade({"schema": 1}, steps={}, target=2)


def test_sample_definition_is_plain_json():
    assert isinstance(loader.from_definition(json.loads(json.dumps(DEFINITION))), Blueprint)
