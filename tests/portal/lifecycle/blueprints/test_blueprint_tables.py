"""Tables, attachments, vetoes and statements in the form of a blueprint."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from portal.lifecycle.blueprints.fields import AttachedFile, form_class
from tests.factories.definitions import blueprint

RULES = blueprint()


def form(data, *, draft=False, answers=None, rules=RULES):
    query = QueryDict(mutable=True)
    for key, value in data.items():
        query.setlist(key, value if isinstance(value, list) else [value])
    return form_class(rules)(query, answers=answers or {}, draft=draft)


def draft_of(**data):
    bound = form(data, draft=True)
    bound.is_valid()
    return bound


# --- tables ---------------------------------------------------------------------------------------------

PEOPLE = {
    "people-present": "1",
    "people-0-name": "张三",
    "people-0-share": "60",
    "people-0-front": "yes",
    "people-4-name": "李四",
    "people-4-share": "40",
    "people-7-name": " ",
}


def test_table_reads_rows_in_order_and_drops_blank_ones():
    bound = draft_of(**PEOPLE)
    assert bound.answers()["people"] == [
        {"name": "张三", "number": "", "share": "60", "front": True},
        {"name": "李四", "number": "", "share": "40", "front": None},
    ]


def test_table_names_row_and_column_and_keeps_what_was_typed():
    bound = draft_of(**PEOPLE, **{"people-4-number": "120199"})
    assert list(bound.errors["people"]) == ["第 2 行“身份证号”：身份证号码应为18位，现在是6位。"]
    assert bound.answers()["people"][1]["number"] == "120199"
    html = str(bound["people"])
    assert 'value="120199"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_people-1-number_error"' in html


def test_table_cells_are_required_only_at_submission():
    data = {"people-present": "1", "people-0-name": "张三"}
    assert draft_of(**data).errors == {}
    bound = form(data)
    bound.is_valid()
    assert "第 1 行“贡献率”：请填写" in bound.errors["people"]


def test_table_sum_rule_at_submission_only():
    data = PEOPLE | {"people-4-share": "30"}
    assert draft_of(**data).errors == {}
    bound = form(data)
    bound.is_valid()
    assert list(bound.errors["people"]) == ["“贡献率”合计应为 100，现为 90"]


@pytest.mark.parametrize(
    ("rule", "rows", "message"),
    [
        ({"kind": "unique", "column": "name"}, [("甲", 50), ("甲", 50)], "第 1 行与第 2 行的“姓名”重复"),
        ({"kind": "first_is_max", "column": "share"}, [("甲", 40), ("乙", 60)], "第 1 行的“贡献率”不应低于其他行"),
        ({"kind": "at_least_one", "column": "front"}, [("甲", 60), ("乙", 40)], "至少有一行的“一线”应为“是”"),
        (
            {"kind": "sum", "column": "share", "total": 90, "message": "合计%(wanted)s，现为%(total)s"},
            [("甲", 60), ("乙", 40)],
            "合计90，现为100",
        ),
    ],
)
def test_table_row_rule(rule, rows, message):
    rules = blueprint({"sections[1].fields[7].row_rules": [rule]})
    data = {"people-present": "1"}
    for index, (name, share) in enumerate(rows):
        data |= {f"people-{index}-name": name, f"people-{index}-share": str(share)}
    bound = form(data, rules=rules)
    bound.is_valid()
    assert any(message in error for error in bound.errors["people"])


def test_table_row_rules_hold_when_rows_are_in_order():
    rules = blueprint(
        {
            "sections[1].fields[7].row_rules": [
                {"kind": "unique", "column": "name"},
                {"kind": "first_is_max", "column": "share"},
                {"kind": "at_least_one", "column": "front"},
            ]
        }
    )
    bound = form(PEOPLE, rules=rules)
    bound.is_valid()
    assert "people" not in bound.errors


def test_table_with_too_many_rows_keeps_them_all():
    data = {"people-present": "1"} | {f"people-{n}-name": f"人{n}" for n in range(5)}
    bound = draft_of(**data)
    assert list(bound.errors["people"]) == ["最多 3 行，现有 5 行，请删去 2 行"]
    assert len(bound.answers()["people"]) == 5


def test_table_with_too_few_rows():
    rules = blueprint({"sections[1].fields[7].min_rows": 2, "sections[1].fields[7].row_rules": []})
    bound = form({"people-present": "1", "people-0-name": "甲", "people-0-share": "1"}, rules=rules)
    bound.is_valid()
    assert "至少填写 2 行，现有 1 行" in bound.errors["people"]


def test_table_dates_in_a_row_are_compared():
    columns = [
        {"code": "from", "type": "month", "label": "起"},
        {"code": "to", "type": "month", "label": "止", "not_before": "from"},
    ]
    rules = blueprint({"sections[1].fields[8].columns": columns, "sections[1].fields[8].row_rules": [], "checks": {}})
    bound = form({"kind": "large", "rights-0-from": "2025-05", "rights-0-to": "2025-04"}, rules=rules, draft=True)
    assert list(bound.errors["rights"]) == ["第 1 行“止”：不能早于“起”"]


def test_table_cell_required_by_its_own_row():
    columns = [
        {"code": "state", "type": "choice", "label": "状态", "choices": [{"value": "granted", "label": "已授权"}]},
        {"code": "day", "type": "text", "label": "日期", "required_when": {"field": "state", "equals": "granted"}},
    ]
    rules = blueprint({"sections[1].fields[8].columns": columns, "sections[1].fields[8].row_rules": [], "checks": {}})
    bound = form({"kind": "large", "rights-0-state": "granted"}, rules=rules)
    bound.is_valid()
    assert list(bound.errors["rights"]) == ["第 1 行“日期”：请填写"]


def test_table_emptied_by_hand_is_empty():
    bound = form({"people-present": "1"}, draft=True, answers={"people": [{"name": "张三"}]})
    bound.is_valid()
    assert bound.answers()["people"] == []


def test_table_draws_blank_row_template_and_one_more_on_request():
    section = form_class(RULES, "people")(answers={"people": [{"name": "张三", "share": "100"}]})
    html = str(section["people"])
    assert html.count("data-row-number") == 2  # the row and the template
    assert "people-__row__-name" in html
    section.extra_rows("people")
    assert 'name="people-1-name"' in str(section["people"])
    section.extra_rows("title")  # no table: nothing happens


def test_table_that_is_full_offers_no_further_row():
    rows = [{"name": str(n), "share": "1"} for n in range(3)]
    section = form_class(RULES, "people")(answers={"people": rows})
    section.extra_rows("people")
    html = str(section["people"])
    assert "data-rows-add disabled" in html
    assert 'name="people-3-name"' not in html


def test_table_ignores_foreign_keys_and_absurd_numbers():
    bound = draft_of(**{"people-0-name": "张三", "people-99999-name": "x", "people-0-evil": "x", "people-a-name": "x"})
    assert bound.answers()["people"] == [{"name": "张三", "number": "", "share": "", "front": None}]


# --- attachments, statements, vetoes ----------------------------------------------------------------------


def test_attachment_slot_shows_files_limits_and_template():
    section = form_class(RULES, "end")(
        answers={},
        attachments={"scan": [AttachedFile("盖章件.pdf", 2048, "/f/1", "/f/1/remove")]},
        upload_url="/e/1/files/{code}/",
        template_url="/e/1/documents/{code}.pdf",
    )
    html = str(section["scan"])
    assert "盖章件.pdf" in html
    assert 'hx-post="/e/1/files/scan/"' in html
    assert "/e/1/documents/form.pdf" in html
    assert "可上传 PDF，每个不超过 5 MB，最多 2 个" in html
    assert 'accept=".pdf"' in html


def test_attachment_slot_that_is_full_has_no_input():
    files = [AttachedFile(f"{n}.pdf", 1) for n in range(2)]
    html = str(form_class(RULES, "end")(answers={}, attachments={"scan": files})["scan"])
    assert "已上传 2 个，达到上限" in html
    assert 'type="file"' not in html


def test_files_that_come_with_the_form():
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    files = MultiValueDict({"scan": [upload]})
    bound = form_class(RULES, "end")(QueryDict(mutable=True), files, answers={}, draft=True)
    assert bound.is_multipart()
    assert bound.is_valid()
    assert bound.uploads() == {"scan": [upload]}
    assert "scan" not in bound.answers()


def test_statement_is_read_and_never_answered():
    bound = form_class(RULES, "people")(answers={})
    assert "<p>按贡献排序。</p>" in str(bound["intro"])
    filled = form({"intro": "x"}, draft=True)
    filled.is_valid()
    assert "intro" not in filled.answers()


def test_vetoes_are_ticked_one_by_one():
    bound = form({"vetoes": ["secret"]})
    bound.is_valid()
    assert list(bound.errors["vetoes"]) == ["还有 1 项没有确认，请逐项核对后勾选"]
    html = str(form_class(RULES, "end")(answers={"vetoes": ["secret"]})["vetoes"])
    assert html.count("checked") == 1
    assert "涉及国家秘密" in html


def test_consent_shows_its_text():
    html = str(form_class(RULES, "end")(answers={"consent": True})["consent"])
    assert "<p>同意公开姓名和成果名称。</p>" in html
    assert " checked" in html


def test_row_with_many_columns_is_drawn_as_a_card():
    """An ID number must be readable without scrolling sideways."""
    more = [{"code": f"c{n}", "type": "text", "label": f"列{n}"} for n in range(4)]
    columns = blueprint().field("people").columns
    wide = blueprint({f"sections[1].fields[7].columns[{len(columns) + n}]": column for n, column in enumerate(more)})
    assert "rows-stacked" in str(form_class(wide, "people")(answers={})["people"])
    assert "rows-stacked" not in str(form_class(RULES, "people")(answers={})["people"])
