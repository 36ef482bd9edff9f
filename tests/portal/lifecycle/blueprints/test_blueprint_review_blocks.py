"""Checklist, vote, visit and presentation of a review stage: what is accepted, refused, kept and said in words."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest

from portal.lifecycle.blueprints import loader
from portal.lifecycle.blueprints.diff import changes as differences
from portal.lifecycle.blueprints.stages import stage_params_from_json, stage_params_to_json
from tests.factories.checklists import CHECKLIST
from tests.factories.definitions import GONE, changed

TABLE = {
    "stages[3].method": "checklist",
    "stages[3].blind": False,
    "stages[3].rubric": [],
    "stages[3].ties": ["untrimmed_median"],
    "stages[3].checklist": CHECKLIST,
}
VISIT = {"items": [{"code": "site", "title": "现场管理"}]}
BLOCKS = {
    "stages[3].vote": {"days": 7, "votes_per_person": 3, "audience": "staff"},
    "stages[3].visit": VISIT,
    "stages[3].presentation": {"minutes": 10},
}


def fresh(changes):
    return changed({key: value if value is GONE else copy.deepcopy(value) for key, value in changes.items()})


def errors_of(changes):
    try:
        loader.from_definition(fresh(changes))
    except loader.BlueprintInvalid as invalid:
        return [(error.path, error.message) for error in invalid.errors]
    return []


@pytest.mark.parametrize(
    "changes",
    [
        TABLE,
        TABLE | BLOCKS,
        BLOCKS,
        TABLE | {"stages[3].checklist.self_mark": False, "stages[3].checklist.self_minimum": GONE},
        {
            "stages[3].method": "none",
            "stages[3].rubric": [],
            "stages[3].ties": [],
            "stages[3].visit": VISIT,
            "stages[4].rule": "batch",
            "stages[4].reserves": 0,
        },
        {
            "stages[3].method": "vote",
            "stages[3].rubric": [],
            "stages[3].ties": [],
            "stages[3].vote": {"days": 5},
            "stages[4].rule": "batch",
            "stages[4].reserves": 0,
        },
    ],
    ids=["checklist", "with_blocks", "rubric_with_blocks", "without_self_mark", "visit_only", "vote_only"],
)
def test_review_with_blocks_is_accepted(changes):
    assert errors_of(changes) == []


LIST = "stages[3].checklist"


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        (TABLE | {"stages[3].checklist": None}, "stages[3].checklist", "须写明考核表"),
        ({"stages[3].checklist": CHECKLIST}, "stages[3].checklist", "不用考核表"),
        (TABLE | {f"{LIST}.sections[0].items[0].points": 31}, f"{LIST}.sections", "之和应为 100，现为 101"),
        (TABLE | {f"{LIST}.sections[1].code": "lead"}, f"{LIST}.sections", "代码“lead”重复"),
        (TABLE | {f"{LIST}.sections[1].items[0].code": "lead.chair"}, f"{LIST}.sections", "代码“lead.chair”重复"),
        (TABLE | {f"{LIST}.self_minimum": 101}, f"{LIST}.self_minimum", "不超过 100"),
        (TABLE | {f"{LIST}.self_mark": False}, f"{LIST}.self_minimum", "就不能有自评最低分"),
        (TABLE | {f"{LIST}.bonus_cap": GONE}, f"{LIST}.bonus_cap", "须写明加分上限"),
        (TABLE | {f"{LIST}.sections[2].bonus": False}, f"{LIST}.bonus_cap", "没有加分部分"),
        (TABLE | {f"{LIST}.sections[2].min_share": "0.5"}, f"{LIST}.sections[2].min_share", "加分部分不能有"),
        (TABLE | {f"{LIST}.sections[0].min_share": "1.2"}, f"{LIST}.sections[0].min_share", "不超过 1"),
        (TABLE | {f"{LIST}.sections[3].min_share": "0.8"}, f"{LIST}.sections[3].min_share", "没有分值"),
        (TABLE | {f"{LIST}.sections[3].items": []}, f"{LIST}.sections[3].items", "不能为空"),
        (TABLE | {f"{LIST}.sections[3].items[0].points": 3}, f"{LIST}.sections[3].items[0].points", "否决项不计分"),
        (TABLE | {f"{LIST}.sections[0].items[0].step": "0.7"}, f"{LIST}.sections[0].items[0].step", "整数倍"),
        (TABLE | {f"{LIST}.sections[0].items[0].mode": "minus"}, f"{LIST}.sections[0].items[0].mode", "不可用"),
        (BLOCKS | {"stages[3].vote.days": 0}, "stages[3].vote.days", "应不小于 1"),
        (BLOCKS | {"stages[3].vote.audience": "all"}, "stages[3].vote.audience", "不可用"),
        (BLOCKS | {"stages[3].visit.items": []}, "stages[3].visit.items", "须列出考察内容"),
        (BLOCKS | {"stages[3].visit.minimum_visitors": 0}, "stages[3].visit.minimum_visitors", "应不小于 1"),
        (BLOCKS | {"stages[3].visit.photos_min": 21}, "stages[3].visit.photos_min", "应在 0 到 20 之间"),
        (BLOCKS | {"stages[3].presentation.minutes": 0}, "stages[3].presentation.minutes", "应不小于 1"),
    ],
)
def test_broken_block_is_refused_with_its_path(changes, path, words):
    found = errors_of(changes)
    assert any(where == path and words in message for where, message in found), found


def test_sections_of_a_checklist_become_its_rubric_with_weights_floors_and_capped_bonus():
    params = loader.from_definition(fresh(TABLE)).stage("review").params
    lines = [(c.code, c.weight, c.max_score, c.floor_ratio) for c in params.rubric]
    assert lines == [
        ("lead", Decimal(40), Decimal(40), Decimal("0.8")),
        ("safety", Decimal(60), Decimal(60), None),
        ("extra", Decimal(4), Decimal(4), None),
    ]


def test_blocks_survive_a_round_trip_and_the_derived_rubric_is_not_written():
    first = loader.from_definition(fresh(TABLE | BLOCKS))
    definition = loader.to_definition(first)
    assert "rubric" not in definition["stages"][3]
    assert loader.from_definition(definition) == first
    params = first.stage("review").params
    assert stage_params_from_json("review", stage_params_to_json(params)) == params


def test_changes_of_blocks_are_told_in_words():
    old = loader.to_definition(loader.from_definition(fresh(TABLE | BLOCKS)))
    new = copy.deepcopy(old)
    new["stages"][3]["checklist"]["sections"][0]["items"][1]["mode"] = "add"
    new["stages"][3]["checklist"]["self_minimum"] = "85"
    new["stages"][3]["vote"] |= {"audience": "public", "days": 9}
    new["stages"][3]["visit"]["photos_min"] = 3
    texts = [change.text for change in differences(old, new)]
    assert any("考核部分“组织领导” · 考核项“活动计划” · 计分方式：由“扣分”改为“得分”" in text for text in texts), texts
    assert any("自评最低分：由“80”改为“85”" in text for text in texts)
    assert any("由谁投票：由“登录的工会干部”改为“公众”" in text for text in texts)
    assert any("投票天数：由“7”改为“9”" in text for text in texts)
    assert any("照片张数下限：由“1”改为“3”" in text for text in texts)
