"""Ways to review and to select: which parameters each needs, which it refuses, which stages may be left out."""

from __future__ import annotations

import pytest

from portal.lifecycle.blueprints import loader
from portal.lifecycle.blueprints.diff import changes as differences
from tests.factories.definitions import DEFINITION, GONE, changed

MONEY = next(
    f"sections[{at}].fields[{index}]"
    for at, section in enumerate(DEFINITION["sections"])
    for index, spec in enumerate(section["fields"])
    if spec["code"] == "money"
)
IMPORTED = {
    "stages[3].method": "imported_marks",
    "stages[3].blind": False,
    "stages[3].experts_per_entry": 1,
    "stages[3].rubric": [
        {"code": "theory", "title": "理论", "weight": 30, "max_score": 100, "step": "0.01", "core": True},
        {"code": "practice", "title": "实操", "weight": 70, "max_score": 100, "step": "0.01"},
    ],
}
BATCH = {"stages[4].rule": "batch", "stages[4].reserves": 0}
THRESHOLD = {
    "stages[4].rule": "threshold",
    "stages[4].min_score": 80,
    "stages[4].places": GONE,
    "stages[4].reserves": 0,
}
BUDGET = {
    "stages[4].rule": "budget",
    "stages[4].places": None,
    "stages[4].reserves": 0,
    "stages[4].budget": 100000,
    "stages[4].amount_field": "money",
    f"{MONEY}.required": True,
}
GRANT = {
    "honour.kind": "grant",
    "honour.cash_allowed": True,
    "honour.forms": [],
    "stages[6].number_pattern": "",
    "stages[6].document_pattern": "津工发〔{year}〕{serial}号",
}


def errors_of(changes, without=()):
    definition = changed(changes)
    definition["stages"] = [stage for stage in definition["stages"] if stage["kind"] not in without]
    try:
        loader.from_definition(definition)
    except loader.BlueprintInvalid as invalid:
        return [(error.path, error.message) for error in invalid.errors]
    return []


@pytest.mark.parametrize(
    ("changes", "without"),
    [
        (IMPORTED, ()),
        (THRESHOLD, ()),
        (BATCH, ()),
        (BATCH | {"stages[4].places": GONE}, ("review",)),
        (BATCH, ("review", "clearance", "recommendation")),
        (BATCH, ("review", "notice", "showcase")),
        (BUDGET, ()),
        (BUDGET | {"stages[4].amount_cap": "50000.50", "stages[4].min_score": 60}, ("showcase",)),
        (BUDGET | GRANT, ()),
        ({}, ("review", "selection", "notice", "conferral", "showcase", "clearance")),
        ({}, ("review", "selection", "notice", "conferral")),
        ({"honour": GONE}, ("review", "selection", "notice", "conferral")),
    ],
    ids=[
        "imported_marks",
        "threshold",
        "batch_after_marks",
        "batch_without_marks",
        "batch_on_the_spot",
        "batch_without_notice",
        "budget",
        "budget_with_cap",
        "grant",
        "participation_only",
        "showcase_only",
        "without_honour",
    ],
)
def test_shape_of_a_programme_is_accepted(changes, without):
    assert errors_of(changes, without) == []


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        (IMPORTED | {"stages[3].rubric": []}, "stages[3].rubric", "评分表不能为空"),
        (IMPORTED | {"stages[3].experts_per_entry": 7}, "stages[3].experts_per_entry", "每件只有一份"),
        (IMPORTED | {"stages[3].blind": True}, "stages[3].blind", "不必匿名评审"),
        (IMPORTED | {"stages[3].rubric[1].weight": 60}, "stages[3].rubric", "权重之和应为 100"),
        ({"stages[3].method": "none"}, "stages[3].rubric", "不用评分表"),
        ({"stages[3].method": "none", "stages[3].rubric": []}, "stages[3].method", "请去掉评审环节"),
        ({"stages[3].method": "vote", "stages[3].rubric": []}, "stages[3].vote", "须写明投票规则"),
        ({"stages[3].method": "none", "stages[3].rubric": []}, "stages[4].rule", "评审方式是“不评分”"),
        ({"stages[4].rule": "none"}, "stages[4].rule", "“none”不可用"),
        (THRESHOLD | {"stages[4].places": 3}, "stages[4].places", "“达到分数线”不用此项"),
        (THRESHOLD | {"stages[4].min_score": None}, "stages[4].min_score", "须写明分数线"),
        (BATCH | {"stages[4].min_score": 60}, "stages[4].min_score", "不用此项"),
        (BATCH | {"stages[4].reserves": 2}, "stages[4].reserves", "不用此项"),
        (BATCH | {"stages[4].places": 0}, "stages[4].places", "应不小于 1"),
        (BUDGET | {"stages[4].budget": None}, "stages[4].budget", "须写明预算"),
        (BUDGET | {"stages[4].budget": 0}, "stages[4].budget", "应大于 0"),
        (BUDGET | {"stages[4].budget": "0.001"}, "stages[4].budget", "最多两位小数"),
        (BUDGET | {"stages[4].amount_cap": -1}, "stages[4].amount_cap", "应大于 0"),
        (BUDGET | {"stages[4].amount_field": ""}, "stages[4].amount_field", "须指明申请金额"),
        (BUDGET | {"stages[4].amount_field": "nothing"}, "stages[4].amount_field", "没有字段“nothing”"),
        (BUDGET | {"stages[4].amount_field": "count"}, "stages[4].amount_field", "不是金额"),
        (BUDGET | {f"{MONEY}.required": False}, "stages[4].amount_field", "须为必填"),
        (BUDGET | {"stages[4].places": 3}, "stages[4].places", "不用此项"),
        ({"stages[4].budget": 1000}, "stages[4].budget", "不用此项"),
        (GRANT | {"stages[6].document_pattern": ""}, "stages.conferral.document_pattern", "拨付须有决定文号"),
        (GRANT | {"honour.forms": ["certificate"]}, "stages[6].number_pattern", "须写明证书编号格式"),
        (GRANT | {"honour.class": "commendation", "honour.legal_basis": "目录"}, "honour.kind", "不能写成补助"),
        ({"honour.title": ""}, "honour.title", "须写明荣誉"),
        ({"honour": GONE}, "honour.title", "须写明荣誉"),
        ({"stages[6].number_pattern": ""}, "stages[6].number_pattern", "须写明证书编号格式"),
    ],
)
def test_nonsense_has_path_and_words(changes, path, words):
    found = errors_of(changes)
    assert any(where == path and words in message for where, message in found), found


@pytest.mark.parametrize(
    ("changes", "without", "path", "words"),
    [
        ({}, ("selection", "notice", "conferral"), "stages[3].kind", "有“专家评审”就必须有“评选”"),
        ({}, ("review", "selection"), "stages[3].kind", "有“全市公示”就必须有“评选”"),
        ({}, ("review",), "stages[3].rule", "须有评审环节"),
        (BUDGET, ("review",), "stages[3].rule", "须有评审环节"),
        (GRANT, ("conferral",), "honour.kind", "须有拨付环节"),
    ],
)
def test_stage_left_out_that_another_needs(changes, without, path, words):
    found = errors_of(changes, without)
    assert any(where == path and words in message for where, message in found), found


def test_rule_of_selection_is_read_in_words():
    before, after = changed(), changed(BUDGET | GRANT)
    texts = [change.text for change in differences(before, after)]
    assert "环节“评选” · 规则：由“按名额择优”改为“在预算内择优”" in texts
    assert any("预算（元）" in text and "100000" in text for text in texts)
    assert any(text.endswith("种类：“补助”") or "由“荣誉”改为“补助”" in text for text in texts), texts
