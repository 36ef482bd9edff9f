"""The form of a blueprint: every field type as draft and as submission, conditions, tables, kept input."""

import datetime as dt
import json

import pytest
import time_machine
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from portal.lifecycle.blueprints.fields import form_class, form_data
from portal.lifecycle.blueprints.fields.inputs import KEPT_LENGTH
from tests.factories.definitions import ANSWERS, blueprint

RULES = blueprint()


def form(data, *, draft=False, answers=None, section=None, rules=RULES, **kwargs):
    query = QueryDict(mutable=True)
    for key, value in data.items():
        query.setlist(key, value if isinstance(value, list) else [value])
    return form_class(rules, section)(query, answers=answers or {}, draft=draft, **kwargs)


def draft_of(**data):
    bound = form(data, draft=True)
    bound.is_valid()
    return bound


GOOD = [
    ("title", " 自动 除锈\r\n装置 ", "自动 除锈\n装置"),
    ("kind", "small", "small"),
    ("tags", ["y", "x"], ["x", "y"]),
    ("body", "足够长的内容", "足够长的内容"),
    ("count", "１２", 12),
    ("weight", "1,234.50吨", "1234.5"),
    ("money", "1,234.5元", "1234.50"),
    ("rate", "12.50%", "12.5"),
    ("since", "2025年1月2日", "2025-01-02"),
    ("since", "2025/1/2", "2025-01-02"),
    ("since", "20250102", "2025-01-02"),
    ("month", "2025年3月", "2025-03"),
    ("month", "202503", "2025-03"),
    ("big", "yes", True),
    ("big", "no", False),
    ("sex", "2", "2"),
    ("id_number", "120199199001010012", "120199199001010012"),
    ("phone", "+86 199-0000-0001", "19900000001"),
    ("email", "Ａ@example.cn", "A@example.cn"),
    ("credit", "91120116ma00000a97", "91120116MA00000A97"),
    ("unit", "示例公司", "示例公司"),
    ("vetoes", ["dispute", "secret", "unknown"], ["secret", "dispute"]),
    ("consent", "on", True),
]


@pytest.mark.parametrize(("code", "typed", "stored"), GOOD)
def test_value_that_fits_is_stored_in_its_plain_form(code, typed, stored):
    bound = draft_of(**{code: typed})
    assert bound.errors == {}
    assert bound.answers()[code] == stored


BAD = [
    ("title", "字" * 23, "最多 20 字，现有 23 字，超出 3 字，请删减（已填内容已保留）"),
    ("kind", "huge", "请从给出的选项中选择"),
    ("tags", ["x", "nein"], "请从给出的选项中选择"),
    ("tags", ["x", "y", "z"], "最多选 2 项，现选了 3 项"),
    ("body", "短", "至少 5 字，现有 1 字，还差 4 字"),
    ("count", "三", "请填写整数，例如 120"),
    ("count", "0", "不能小于 1"),
    ("count", "101", "不能大于 100"),
    ("weight", "viel", "请填写数字，例如 12.5"),
    ("weight", "Infinity", "请填写数字，例如 12.5"),
    ("weight", "1.234", "最多保留 2 位小数"),
    ("money", "1.234", "金额最多保留两位小数（精确到分）。"),
    ("money", "-1", "金额不能为负数。"),
    ("money", "viel", "金额不是有效的数字。"),
    ("rate", "-1", "百分比不能为负数"),
    ("rate", "101", "不能大于 100"),
    ("since", "2025-02-30", "请填写正确的日期，例如 2026-11-22"),
    ("since", "gestern", "请填写正确的日期，例如 2026-11-22"),
    ("since", "0001-01-01", "请填写正确的日期，例如 2026-11-22"),
    ("since", "2999-01-01", "不能晚于今天"),
    ("month", "2025-13", "请填写正确的日期，例如 2026-11"),
    ("big", "maybe", "请从给出的选项中选择"),
    ("sex", "9", "请从给出的选项中选择"),
    ("id_number", "120199199001010013", "身份证号码的校验码（最后一位）不符，请逐位核对。"),
    ("phone", "123", "手机号码应为11位数字，现在是3位。"),
    ("email", "a@", "请填写正确的邮箱地址"),
    ("credit", "91120116MA00000A98", "统一社会信用代码的校验码（第18位）不符，请对照登记证书逐位核对。"),
]


@pytest.mark.parametrize(("code", "typed", "message"), BAD)
@pytest.mark.parametrize("draft", [True, False])
def test_value_that_does_not_fit_is_named_and_kept(code, typed, message, draft):
    bound = form({code: typed}, draft=draft)
    bound.is_valid()
    assert list(bound.errors[code]) == [message]
    assert bound.answers()[code] == typed
    if code not in {"kind", "tags", "big"}:  # a forged choice has no box that could be ticked
        assert typed in str(bound[code])


@pytest.mark.parametrize("code", [spec.code for spec in RULES.fields if spec.is_answer])
def test_empty_answer_is_no_error_in_a_draft(code):
    assert code not in draft_of(**{code: ""}).errors


REQUIRED = {
    "title": "请填写“名称”",
    "kind": "请选择“类别”",
    "people": "请填写“完成人”",
    "vetoes": "还有 2 项没有确认，请逐项核对后勾选",
    "consent": "请阅读并勾选同意",
}


def test_submission_wants_what_applies_and_nothing_else():
    bound = form({})
    assert not bound.is_valid()
    assert {code: messages[0] for code, messages in bound.errors.items()} == REQUIRED


def test_complete_answers_are_a_valid_submission():
    bound = form_class(RULES)(form_data(RULES, ANSWERS), answers={})
    assert bound.is_valid(), bound.errors
    assert bound.answers() == ANSWERS


def test_answers_are_json():
    bound = form_class(RULES)(form_data(RULES, ANSWERS), answers={}, draft=True)
    bound.is_valid()
    assert json.loads(json.dumps(bound.answers())) == bound.answers()


def test_hidden_question_is_not_asked_and_its_answer_dropped_from_a_submission():
    bound = form_class(RULES)(form_data(RULES, ANSWERS | {"why": "x" * 10, "big": False}), answers={})
    assert bound.is_valid()
    assert "why" not in bound.answers()


def test_hidden_answer_is_kept_in_a_draft():
    bound = draft_of(big="no", why="以后再说")
    assert bound.answers()["why"] == "以后再说"


def test_hidden_question_cannot_be_wrong():
    bound = form({"kind": "small", "rights-present": "1", "rights-0-number": ""})
    bound.is_valid()
    assert "rights" not in bound.errors


def test_condition_makes_a_question_required():
    bound = form_class(RULES)(form_data(RULES, ANSWERS | {"big": True}), answers={})
    bound.is_valid()
    assert list(bound.errors["why"]) == ["请填写“大型原因”"]
    assert form_class(RULES)(form_data(RULES, ANSWERS | {"big": True, "why": "大"}), answers={}).is_valid()


def test_condition_of_another_section_follows_the_stored_answers():
    section = form_class(RULES, "people")
    assert "rights" in section(answers={"kind": "large"}).fields
    assert "rights" not in section(answers={"kind": "small"}).fields
    assert "rights" not in section(answers={}).fields


def test_conditions_reach_the_browser():
    html = str(form_class(RULES, "main")(answers={})["why"])
    assert "data-visible-when" in html
    assert "&quot;is_true&quot;: true" in html
    assert "data-required-when" in html


def test_star_follows_the_condition():
    section = form_class(RULES, "main")
    assert section(answers={"big": True}).fields["why"].required is True
    assert section(answers={"big": False}).fields["why"].required is False


def test_dates_out_of_order_are_named_in_drafts_too():
    bound = draft_of(since="2025-02-01", until="2025-01-01")
    assert list(bound.errors["until"]) == ["不能早于“起始”"]
    assert bound.answers()["until"] == "2025-01-01"


@time_machine.travel(dt.datetime(2025, 1, 2, 4, tzinfo=dt.UTC))
def test_today_is_not_in_the_future():
    assert draft_of(since="2025-01-02").errors == {}
    assert "since" in draft_of(since="2025-01-03").errors


def test_pattern_says_what_is_wanted():
    rules = blueprint(
        {"sections[0].fields[0].pattern": "[一-龥]+", "sections[0].fields[0].pattern_message": "只填汉字"}
    )
    bound = form({"title": "abc"}, rules=rules, draft=True)
    assert list(bound.errors["title"]) == ["只填汉字"]
    assert form({"title": "汉字"}, rules=rules, draft=True).errors == {}


def test_question_that_was_not_sent_keeps_its_stored_answer():
    bound = form({"title": "新名称"}, draft=True, answers={"body": "已经保存的内容", "people": [{"name": "张三"}]})
    bound.is_valid()
    assert bound.answers()["body"] == "已经保存的内容"
    assert bound.answers()["people"] == [{"name": "张三"}]
    assert bound.answers()["title"] == "新名称"


def test_enormous_text_is_cut_and_control_characters_go():
    kept = draft_of(body="甲\x00\x0b" + "字" * (KEPT_LENGTH + 5)).answers()["body"]
    assert len(kept) == KEPT_LENGTH
    assert "\x00" not in kept


def test_section_form_has_only_its_questions():
    bound = form_class(RULES, "main")(answers={})
    assert {item.spec.code for item in bound.items()} == {spec.code for spec in RULES.section("main").fields}
    assert [section["title"] for section in bound.section_list()] == ["基本情况"]
    with pytest.raises(KeyError):
        form_class(RULES, "nothing")


def test_whole_form_lists_sections_with_help_and_anchor():
    sections = form_class(RULES)(answers={}).section_list()
    assert [section["key"] for section in sections] == ["main", "people", "end"]
    assert sections[0]["help"] == "逐项填写。"


def test_prefill_fills_only_what_is_empty():
    bound = form_class(RULES)(
        answers={"phone": "19900000009"}, prefill={"applicant.phone": "19900000001", "employer.name": "甲公司"}
    )
    assert bound["unit"].value() == "甲公司"
    assert bound["phone"].value() == "19900000009"


def test_withdrawn_code_stays_visible():
    assert "已停用，请重新选择" in str(form_class(RULES)(answers={"sex": "7"})["sex"])


def test_long_text_has_a_counter_and_no_hard_limit():
    html = str(form_class(RULES)(answers={})["body"])
    assert 'data-count-chars="50"' in html
    assert "maxlength" not in html


def test_numbers_ask_for_the_right_keyboard():
    bound = form_class(RULES)(answers={})
    assert 'inputmode="numeric"' in str(bound["count"])
    assert 'inputmode="tel"' in str(bound["phone"])
    assert bound.fields["money"].unit == "元"


# --- properties ---------------------------------------------------------------------------------------------

plain_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40).map(str.strip)
money = st.decimals(min_value=0, max_value=10**9, places=2).map(lambda value: f"{value:.2f}")
some_answers = st.fixed_dictionaries(
    {},
    optional={
        "title": plain_text,
        "kind": st.sampled_from(["small", "large", ""]),
        "tags": st.lists(st.sampled_from(["x", "y", "z"]), max_size=2, unique=True).map(sorted),
        "count": st.none() | st.integers(1, 100),
        "money": st.just("") | money,
        "big": st.none() | st.booleans(),
        "since": st.just("") | st.dates(dt.date(1950, 1, 1), dt.date(2024, 1, 1)).map(str),
        "people": st.lists(
            st.fixed_dictionaries(
                {
                    "name": plain_text.filter(bool),
                    "number": st.just(""),
                    "share": st.sampled_from(["", "10", "33.33"]),
                    "front": st.none() | st.booleans(),
                }
            ),
            max_size=3,
        ),
        "consent": st.booleans(),
    },
)


@given(some_answers)
def test_stored_answers_survive_being_shown_and_saved_again(answers):
    bound = form_class(RULES)(form_data(RULES, answers), answers={}, draft=True)
    bound.is_valid()
    saved = bound.answers()
    for code, value in answers.items():
        assert saved[code] == value, code


@given(st.dictionaries(st.sampled_from([spec.code for spec in RULES.fields]), st.text(max_size=30), max_size=8))
def test_whatever_is_typed_a_draft_never_fails_and_is_json(data):
    bound = form(data, draft=True)
    bound.is_valid()
    json.dumps(bound.answers())
    str(bound)
