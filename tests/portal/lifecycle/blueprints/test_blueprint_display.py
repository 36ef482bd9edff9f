"""Answers as each viewer may read them, checklists, comparisons, and what is made from answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lifecycle.blueprints.conditions import as_json, condition_holds, visible_answers, visible_fields
from portal.lifecycle.blueprints.fields import (
    answer_diff,
    as_text,
    blank_answers,
    code_label,
    display_rows,
    is_touched,
    map_sensitive,
    missing_items,
    searchable_text,
    section_progress,
    similarity_text,
    subject_name,
    unique_values,
    word_parts,
)
from portal.lifecycle.blueprints.stages import Condition
from portal.lifecycle.blueprints.vocabulary import CodeList, Viewer
from tests.factories.definitions import ANSWERS, blueprint

RULES = blueprint()


def rows(viewer, section="people", answers=ANSWERS, rules=RULES, files=None):
    return {row.code: row for row in display_rows(rules, section, answers, viewer, files)}


@pytest.mark.parametrize("viewer", [Viewer.STAFF, Viewer.APPLICANT])
def test_staff_and_applicant_see_personal_numbers_masked(viewer):
    shown = rows(viewer)
    assert shown["id_number"].value == "120***********0012"
    assert shown["phone"].value == "199****0001"
    assert shown["people"].rows[0] == ("张三", "120***********0012", "60", "是")


def test_sealed_document_has_them_in_clear():
    shown = rows(Viewer.DOCUMENT)
    assert shown["id_number"].value == "120199199001010012"
    assert shown["people"].rows[0][1] == "120199199001010012"


def test_expert_sees_no_personal_numbers_and_nothing_blind():
    shown = rows(Viewer.EXPERT)
    assert {"id_number", "phone", "unit"}.isdisjoint(shown)
    assert shown["people"].columns == ("姓名", "贡献率（%）", "一线")


def test_expert_of_an_open_review_sees_blind_fields():
    assert "unit" in rows(Viewer.EXPERT, rules=blueprint({"stages[3].blind": False}))


def test_public_sees_only_public_answers_that_were_given():
    assert [row.code for row in rows(Viewer.PUBLIC).values()] == ["people"]
    assert rows(Viewer.PUBLIC)["people"].columns == ("姓名",)
    assert rows(Viewer.PUBLIC, answers={}) == {}
    assert set(rows(Viewer.PUBLIC, "main")) == {"title", "kind"}


def test_public_may_read_another_label():
    rules = blueprint({"sections[0].fields[0].publish_as": "入选成果"})
    assert rows(Viewer.PUBLIC, "main", rules=rules)["title"].label == "入选成果"
    assert rows(Viewer.STAFF, "main", rules=rules)["title"].label == "名称"


def test_answers_are_shown_in_words_with_units():
    shown = rows(Viewer.STAFF, "main", ANSWERS | {"count": 12345, "big": True, "tags": ["x", "z"]})
    words = {code: (row.value, row.unit) for code, row in shown.items()}
    assert words["kind"] == ("小", "")
    assert words["tags"] == ("X、Z", "")
    assert words["count"] == ("12,345", "家")
    assert words["weight"] == ("1.25", "吨")
    assert words["money"] == ("1,234.50", "元")
    assert words["rate"] == ("12.5", "%")
    assert words["since"] == ("2025年1月1日", "")
    assert words["month"] == ("2025年3月", "")
    assert words["big"] == ("是", "")
    assert words["sex"] == ("男", "")
    assert shown["body"].kind == "long"
    assert shown["money"].is_number


def test_kept_raw_values_of_a_draft_are_shown_as_typed():
    shown = rows(
        Viewer.STAFF, "main", {"count": "三", "since": "gestern", "kind": "huge", "big": "maybe", "money": "viel"}
    )
    assert [shown[code].value for code in ("count", "since", "kind", "big", "money")] == [
        "三",
        "gestern",
        "huge",
        "maybe",
        "viel",
    ]


def test_empty_answers_say_that_they_are_empty():
    shown = rows(Viewer.STAFF, "main", {})
    assert shown["title"].is_empty
    assert shown["count"].unit == ""
    assert "why" not in shown


def test_files_vetoes_and_consent_are_rows_too():
    shown = rows(Viewer.STAFF, "end", files={"scan": ["a.pdf"]})
    assert (shown["scan"].kind, shown["scan"].value) == ("files", ["a.pdf"])
    assert shown["vetoes"].rows[0] == ("涉及国家秘密", "已确认没有此情形")
    assert shown["consent"].value == "同意"
    assert rows(Viewer.STAFF, "end", {"vetoes": []})["vetoes"].rows[0][1] == "未确认"


@pytest.mark.django_db
def test_unknown_code_is_shown_as_it_is():
    assert code_label(CodeList.SEX, "1") == "男"
    assert code_label(CodeList.SIZE_CLASS, "large") == "大型"
    assert code_label(CodeList.EDUCATION, "999") == "999"


# --- checklist ------------------------------------------------------------------------------------------


def test_nothing_is_missing_when_everything_is_there():
    assert missing_items(RULES, ANSWERS, {"scan": 1}) == []
    assert missing_items(RULES, ANSWERS, {"scan": ["a.pdf"]}) == []


def test_missing_items_follow_the_form_and_name_section_and_field():
    found = missing_items(RULES, {}, {})
    assert [(item.section_title, item.label) for item in found] == [
        ("基本情况", "名称"),
        ("基本情况", "类别"),
        ("人员", "完成人"),
        ("附件与声明", "盖章件"),
        ("附件与声明", "否决情形"),
        ("附件与声明", "同意公开"),
    ]
    assert found[3].message == "请上传“盖章件”"


def test_missing_items_find_what_does_not_fit():
    found = missing_items(RULES, ANSWERS | {"count": "三", "title": "字" * 30}, {"scan": 1})
    assert {item.field: item.message for item in found} == {
        "title": "最多 20 字，现有 30 字，超出 10 字，请删减（已填内容已保留）",
        "count": "请填写整数，例如 120",
    }


def test_progress_counts_required_questions_of_each_section():
    before = section_progress(RULES, {}, {})
    assert [(p.title, p.done, p.total) for p in before] == [("基本情况", 0, 2), ("人员", 0, 1), ("附件与声明", 0, 3)]
    after = section_progress(RULES, ANSWERS | {"big": True}, {"scan": 1})
    assert [(p.done, p.total) for p in after] == [(2, 3), (1, 1), (3, 3)]
    assert after[1].is_complete
    assert not after[0].is_complete


def test_progress_leaves_out_sections_that_do_not_apply():
    rules = blueprint({"sections[1].visible_when": {"field": "kind", "equals": "large"}})
    assert [p.section for p in section_progress(rules, {"kind": "small"}, {})] == ["main", "end"]


def test_touched_means_something_was_answered():
    assert not is_touched(RULES, {"title": "", "people": []})
    assert is_touched(RULES, {"big": False})


# --- comparison -----------------------------------------------------------------------------------------


def test_equal_answers_have_no_difference():
    assert answer_diff(RULES, ANSWERS, dict(ANSWERS)) == []


def test_difference_is_marked_by_character_and_number():
    (change,) = answer_diff(RULES, ANSWERS, ANSWERS | {"title": "半自动除锈装置2025型"})
    assert (change.code, change.label) == ("title", "名称")
    assert change.parts == (("insert", "半"), ("equal", "自动除锈装置"), ("insert", "2025型"))


def test_difference_in_a_table_names_the_row():
    people = [ANSWERS["people"][0] | {"share": "70"}, ANSWERS["people"][1] | {"share": "30"}]
    (change,) = answer_diff(RULES, ANSWERS, ANSWERS | {"people": people})
    assert ("delete", "60") in change.parts
    assert ("insert", "70") in change.parts
    assert change.before.startswith("1. 张三｜120***********0012｜60｜是")


def test_difference_of_a_masked_number_is_reported_without_showing_it():
    (change,) = answer_diff(RULES, ANSWERS, ANSWERS | {"id_number": "120199198512310020"})
    assert change.before == "120***********0012"
    assert change.after == "120***********0020"


def test_difference_of_vetoes_and_consent():
    changes = answer_diff(RULES, ANSWERS, ANSWERS | {"vetoes": ["secret"], "consent": False})
    assert [change.code for change in changes] == ["vetoes", "consent"]


def test_answer_as_text_has_its_unit():
    assert as_text(rows(Viewer.STAFF, "main")["money"]) == "1,234.50 元"


texts = st.text("甲乙丙 abc12.\n", max_size=40)


@given(texts, texts)
def test_parts_rebuild_both_versions(before, after):
    parts = word_parts(before, after)
    assert "".join(text for tag, text in parts if tag != "insert") == before
    assert "".join(text for tag, text in parts if tag != "delete") == after


# --- what is made from answers ------------------------------------------------------------------------------


def test_sensitive_values_are_mapped_everywhere_and_back():
    stored = map_sensitive(RULES, ANSWERS, lambda text: f"enc1:{text}")
    assert stored["id_number"] == "enc1:120199199001010012"
    assert stored["phone"] == "enc1:19900000001"
    assert stored["people"][1]["number"] == "enc1:120199198512310020"
    assert stored["title"] == ANSWERS["title"]
    assert map_sensitive(RULES, stored, lambda text: text.removeprefix("enc1:")) == ANSWERS


def test_empty_sensitive_values_stay_empty():
    answers = {"id_number": "", "people": [{"name": "张三", "number": ""}]}
    assert map_sensitive(RULES, answers, lambda text: "x") == answers


def test_new_draft_knows_what_the_portal_knows():
    known = {"employer.name": "甲公司", "applicant.phone": "19900000001", "organisation.name": ""}
    assert blank_answers(RULES, known) == {"unit": "甲公司", "phone": "19900000001"}


def test_subject_name_is_one_line():
    assert subject_name(RULES, {"title": " 自动\n 除锈 "}) == "自动 除锈"
    assert subject_name(RULES, {}) == ""


def test_search_text_has_words_of_fields_and_tables_but_no_numbers_of_persons():
    text = searchable_text(RULES, ANSWERS)
    assert "自动除锈装置" in text
    assert "张三" in text
    assert "120199" not in text
    assert "19900000001" not in text


def test_similarity_text_takes_the_fields_the_blueprint_names():
    assert similarity_text(RULES, ANSWERS) == "自动除锈装置\n这是内容说明。"
    assert similarity_text(blueprint({"checks": {}}), ANSWERS) == "自动除锈装置"


def test_unique_values_are_found_in_fields_and_tables():
    rules = blueprint({"checks.unique_fields": ["rights.number", "credit"]})
    answers = {"credit": "91120116MA00000A97", "rights": [{"number": "ZL1"}, {"number": ""}, {"number": "ZL2"}]}
    assert unique_values(rules, answers) == {"credit": ["91120116MA00000A97"], "rights.number": ["ZL1", "ZL2"]}
    assert unique_values(rules, {}) == {}


# --- conditions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "answers", "holds"),
    [
        (None, {}, True),
        (Condition("a", equals="x"), {"a": "x"}, True),
        (Condition("a", equals="x"), {"a": "y"}, False),
        (Condition("a", equals="x"), {}, False),
        (Condition("a", equals="3"), {"a": 3}, True),
        (Condition("a", in_=("x", "y")), {"a": ["z", "y"]}, True),
        (Condition("a", in_=("x", "y")), {"a": []}, False),
        (Condition("a", is_true=True), {"a": True}, True),
        (Condition("a", is_true=True), {"a": "yes"}, False),
        (Condition("a", is_true=False), {"a": False}, True),
        (Condition("a", is_true=False), {}, False),
        (Condition("a", filled=True), {"a": 0}, True),
        (Condition("a", filled=True), {"a": ""}, False),
        (Condition("a", filled=False), {"a": []}, True),
    ],
)
def test_condition(condition, answers, holds):
    assert condition_holds(condition, answers) is holds


def test_conditions_as_the_browser_reads_them():
    assert as_json(None) is None
    assert as_json(Condition("a", equals="x")) == {"field": "a", "in": ["x"]}
    assert as_json(Condition("a", in_=("x", "y"))) == {"field": "a", "in": ["x", "y"]}
    assert as_json(Condition("a", is_true=False)) == {"field": "a", "is_true": False}
    assert as_json(Condition("a", filled=True)) == {"field": "a", "filled": True}


def test_what_hangs_on_a_hidden_question_is_hidden():
    rules = blueprint(
        {
            "sections[0].fields[12].visible_when": {"field": "big", "is_true": True},
            "sections[0].fields[13].visible_when": {"field": "why", "filled": True},
        }
    )
    answers = {"big": False, "why": "以前的答案", "sex": "1"}
    assert {"why", "sex"}.isdisjoint(visible_fields(rules, answers))
    assert visible_answers(rules, answers) == {"big": False}
    assert {"why", "sex"} <= visible_fields(rules, answers | {"big": True})
