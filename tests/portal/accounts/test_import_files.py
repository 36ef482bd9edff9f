"""What the uploaded file itself may be: by content, within limits, without merged or hidden parts."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from portal.accounts.domain.imports import upload_import
from portal.accounts.imports import reading
from portal.accounts.imports.results import REASON, error_workbook
from portal.accounts.imports.sheets import SHEETS
from portal.accounts.imports.template import DATA, OPTIONS, template
from portal.accounts.models import (
    ImportBatch,
    Organisation,
)
from portal.core.errors import Invalid
from portal.core.scoping import system_scope
from tests.factories.workbooks import lines, messages, union

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


# --- the file itself -----------------------------------------------------------------------------------------------


def test_merged_cells_hidden_sheets_and_hidden_rows_are_named(tianjin, bring):
    def edit(book):
        book[DATA].merge_cells("B2:B3")
        book[DATA].row_dimensions[4].hidden = True

    rows = [union(f"X-{i}", f"组织{i}", tianjin.zone.code) for i in range(3)]
    batch = bring("organisations", rows, edit=edit)
    assert "B2:B3 被合并" in messages(batch, 2)[0]
    assert "被隐藏" in messages(batch, 4)[0]

    def hide(book):
        book[OPTIONS].sheet_state = "hidden"

    batch = bring("organisations", rows, edit=hide)
    assert "隐藏的工作表：可选项" in messages(batch, 0)[0]


def test_wrong_unknown_missing_and_double_heads_are_refused(tianjin, bring):
    def edit(book):
        book[DATA]["A1"] = "组织代码"
        book[DATA]["C1"] = "名称"

    batch = bring("organisations", [], edit=edit)
    texts = " ".join(p["message"] for p in batch.problems)
    assert "模板中没有“组织代码”这一列" in texts
    assert "“名称”列出现了两次" in texts
    assert "缺少列：内部编号、简称" in texts


def test_columns_may_stand_in_another_order(tianjin, bring):
    book = Workbook()
    sheet = book.active
    sheet.title = DATA
    labels = list(reversed(SHEETS["organisations"].labels))
    sheet.append(labels)
    row = union("X-1", "甲", tianjin.zone.code)
    sheet.append([row.get(label) for label in labels])
    out = io.BytesIO()
    book.save(out)
    assert bring("organisations", [], content=out.getvalue()).creates == 1


def test_content_beside_the_columns_is_refused(tianjin, bring):
    def edit(book):
        book[DATA].cell(2, 12, "备注")

    batch = bring("organisations", [union("X-1", "甲", tianjin.zone.code)], edit=edit)
    assert "没有列名但有内容" in messages(batch, 2)[0]


def test_formula_is_taken_as_text(tianjin, bring, finish, all_rows):
    batch = bring("organisations", [union("X-1", '=HYPERLINK("http://x","甲")', tianjin.zone.code)])
    finish(batch)
    assert Organisation.objects.get(code="X-1").name == '=HYPERLINK("http://x","甲")'


def test_numbers_and_dates_typed_by_excel_are_understood(tianjin, bring, finish, all_rows):
    batch = bring("organisations", [union(20260001.0, "甲", tianjin.zone.code, 会员数="1,250")])
    finish(batch)
    assert Organisation.objects.get(code="20260001").member_count == 1250


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (100 * 1024 * 1024))
    return out.getvalue()


def _macro() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/vbaProject.bin", b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"not a workbook", "不是 Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100, "旧版 .xls 或加了密码"),
        (_bomb(), "解压后过大"),
        (_macro(), "宏"),
        (b"P" * (reading.MAX_BYTES + 1), "超过10MB"),
    ],
    ids=["empty", "text", "xls", "bomb", "macro", "large"],
)
def test_file_is_judged_by_its_content_before_it_is_opened(tianjin, in_scope, content, words):
    with in_scope(tianjin.manager), pytest.raises(Invalid) as error:
        upload_import(
            actor=tianjin.manager,
            kind="organisations",
            organisation=tianjin.municipal,
            file_name="模板.xlsx",
            content=content,
            now=timezone.now(),
        )
    assert words in error.value.message
    with system_scope("test"):
        assert not ImportBatch.objects.exists()


def test_broken_worksheet_inside_a_sound_archive_is_reported(tianjin, bring):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not-a-workbook")
    batch = bring("organisations", [], content=out.getvalue())
    assert messages(batch, 0) == ["工作簿已损坏，不能读取。请用模板重新填写。"]


def test_empty_template_says_where_to_begin(tianjin, bring):
    assert "从第2行开始" in messages(bring("organisations", []), 0)[0]


def test_template_offers_the_options_as_drop_downs():
    for sheet in SHEETS.values():
        book = load_workbook(io.BytesIO(template(sheet)))
        data = book[DATA]
        assert [c.value for c in data[1]] == sheet.labels
        wanted = [c for c in sheet.columns if c.options is not None]
        assert len(data.data_validations.dataValidation) == len(wanted)
        assert all(s.sheet_state == "visible" for s in book.worksheets)


def test_error_workbook_holds_the_rows_with_their_errors(tianjin, bring):
    rows = [union("X-1", "甲", "没有"), union("X-2", "=1+1", tianjin.zone.code)]
    batch = bring("organisations", rows)
    with batch.file.open("rb") as handle:
        written = lines(error_workbook(handle.read(), batch.problems))
    assert written[0][-1] == REASON
    assert written[1][0] == "X-1"
    assert "没有编号为“没有”的组织" in written[1][-1]
    assert written[2][1] == "=1+1"
    assert written[2][-1] is None
