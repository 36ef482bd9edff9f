"""申报表, letters and summaries: right content in both formats, fonts embedded, nothing typed is ever markup."""

import datetime as dt
import io
import re
import subprocess
import zipfile
from shutil import which

import docx
import pytest
from django.test import override_settings
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from portal.lifecycle.entries.documents import (
    AttachmentData,
    EntryData,
    FontMissing,
    OpinionData,
    SummaryData,
    SummaryLine,
    application_docx,
    application_pdf,
    letter_docx,
    letter_pdf,
    summary_docx,
)
from portal.lifecycle.entries.documents.content import column_weights, form_content
from portal.lifecycle.entries.documents.word import Sheet, new_document
from tests.factories.definitions import ANSWERS, blueprint

RULES = blueprint()
MARKUP = '#set text(red) *粗* $x^2$ `code` "引号" <b>&amp; @ref #sys.inputs \\ [x]'
DATA = EntryData(
    code="TJ2026-0001",
    cycle_label="2026年度",
    organisation="示例公司工会",
    nominating="滨海新区总工会",
    answers=ANSWERS | {"big": True, "why": "规模大"},
    version=2,
    fingerprint="9f2c4b7a1e5d8c3091ab",
    submitted_on=dt.date(2026, 4, 28),
    attachments=(AttachmentData("scan", "盖章件.pdf", 2048),),
    opinions=(OpinionData("grassroots", "示例公司工会", "同意推荐。", dt.date(2026, 5, 6)),),
)
DRAFT = EntryData(code="TJ2026-0002", cycle_label="2026年度", organisation="示例公司工会", answers={})


def pdf_text(data: bytes) -> str:
    return re.sub(r"[\s\u200b]+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def docx_text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    parts = [node.text or "" for node in document.element.body.iter(qn("w:t"))]
    for section in document.sections:
        for part in (section.footer, section.header):
            parts += [node.text or "" for node in part._element.iter(qn("w:t"))]
    return re.sub(r"\s+", "", "".join(parts))


MAKERS = {"pdf": (application_pdf, pdf_text), "docx": (application_docx, docx_text)}
both = pytest.mark.parametrize("kind", ["pdf", "docx"])


@both
@pytest.mark.parametrize(
    "words",
    [
        "示例申报表",
        "（2026年度）",
        "自动除锈装置",
        "基本情况",
        "1,234.50元",
        "120199199001010012",
        "19900000001",
        "规模大",
        "张三",
        "盖章件.pdf",
        "没有涉及国家秘密",
        "已确认没有此情形",
        "同意公开姓名和成果名称。",
        "完成人签名",
        "单位意见",
        "基层工会意见",
        "示例公司工会：同意推荐。",
        "2026年5月6日",
        "区总工会、局（集团公司）工会意见",
        "申报编号TJ2026-0001",
        "第2版",
        "指纹9f2c4b7a1e5d8c30",
        "填表说明",
    ],
)
def test_application_form_says_the_same_in_both_formats(kind, words):
    make, read = MAKERS[kind]
    assert words in read(make(RULES, DATA))


@both
def test_optional_level_without_opinion_has_no_box_once_opinions_exist(kind):
    make, read = MAKERS[kind]
    assert "街镇、功能区工会意见" not in read(make(RULES, DATA))
    assert "街镇、功能区工会意见" in read(make(RULES, DRAFT))


@both
def test_draft_says_that_it_is_one(kind):
    make, read = MAKERS[kind]
    assert "尚未提交，仅供核对" in read(make(RULES, DRAFT))
    assert "尚未提交" not in read(make(RULES, DATA))


@both
def test_typed_markup_stays_text(kind):
    make, read = MAKERS[kind]
    answers = ANSWERS | {"body": MARKUP, "title": MARKUP[:20], "people": [{"name": "*张三*", "share": "100"}]}
    text = read(make(RULES, EntryData(code="x", cycle_label="y", organisation="z", answers=answers)))
    assert re.sub(r"\s+", "", MARKUP) in text
    assert "*张三*" in text


@both
def test_long_answers_and_long_words_are_printed_in_full(kind):
    make, read = MAKERS[kind]
    address = "https://example.invalid/" + "a" * 300
    answers = ANSWERS | {"body": "\n".join(["很长的内容" * 80] * 5) + "完", "unit": address}
    text = read(make(RULES, EntryData(code="x", cycle_label="y", organisation="z", answers=answers)))
    assert text.count("很") == 400  # whole words may meet the end of a page
    assert address in text


def test_pdf_embeds_its_fonts_and_fits_a4():
    reader = PdfReader(io.BytesIO(application_pdf(RULES, DATA)))
    for page in reader.pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"].get_object()
    assert reader.metadata.title == "示例申报表"


def test_pdf_of_the_same_data_is_the_same_file():
    when = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    assert application_pdf(RULES, DATA, made_at=when) == application_pdf(RULES, DATA, made_at=when)


def test_missing_fonts_say_what_to_do(tmp_path):
    with override_settings(NODE_MODULES=tmp_path), pytest.raises(FontMissing, match="npm ci"):
        application_pdf(RULES, DATA)


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_any_text_makes_a_document(text):
    answers = ANSWERS | {"body": text, "people": [{"name": text, "share": "100"}]}
    data = EntryData(code="x", cycle_label=text, organisation=text, answers=answers)
    assert application_pdf(RULES, data).startswith(b"%PDF")
    assert zipfile.is_zipfile(io.BytesIO(application_docx(RULES, data)))


def test_word_document_is_a4_with_chinese_fonts_and_page_numbers():
    document = docx.Document(io.BytesIO(application_docx(RULES, DATA)))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fonts = {node.get(qn("w:eastAsia")) for node in document.element.body.iter(qn("w:rFonts"))}
    assert {"宋体", "黑体", "仿宋"} <= fonts
    fields = [node.text for node in section.footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_tables_share_the_width_by_what_their_cells_need():
    heads = ("序号", "姓名", "身份证号", "说明")
    weights = column_weights(heads, [("1", "张三", "120199199001010012", "很长的说明" * 20)])
    assert weights == (4, 5, 19, 40)
    sheet = Sheet(new_document(title="x"), 9_000_000)
    spans = sheet.shares(weights, first=5)
    assert sum(spans) == sheet.COLUMNS
    assert spans[0] == 5
    with pytest.raises(ValueError, match="do not fill"):
        sheet.row(10, 10)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=15), st.sampled_from([0, 5]))
def test_shares_always_fill_the_row(weights, first):
    sheet = Sheet.__new__(Sheet)
    if first and len(weights) == 1:
        return
    spans = sheet.shares(weights, first=first)
    assert sum(spans) == Sheet.COLUMNS
    assert min(spans) >= 1


@pytest.mark.parametrize(
    ("subject", "box"), [("person", "申报人签名"), ("team", "班组负责人签名"), ("project", "项目负责人签名")]
)
def test_first_box_is_for_the_subject(subject, box):
    assert form_content(blueprint({"programme.subject": subject}), DATA).boxes[0].label == box


def test_unit_signs_for_itself():
    content = form_content(blueprint({"programme.subject": "unit"}), DATA)
    assert content.boxes[0].label == "单位意见"


def test_track_stands_on_the_cover():
    data = EntryData(code="x", cycle_label="y", organisation="z", answers=ANSWERS, track="甲类")
    cover = {cell.label: cell.value for cell in form_content(RULES, data).cover}
    assert cover == {"名称": "自动除锈装置", "申报类别": "甲类", "单位": "示例公司", "申报工会": "z"}


# --- letters and summaries --------------------------------------------------------------------------------


@pytest.mark.parametrize(("make", "read"), [(letter_pdf, pdf_text), (letter_docx, docx_text)])
def test_letter_is_filled_in(make, read):
    text = read(make(RULES, "letter", DATA))
    assert "承诺书" in text
    assert "成果“自动除锈装置”真实。" in text
    assert "申报编号TJ2026-0001" in text


def test_letter_leaves_room_for_what_is_not_known():
    text = docx_text(letter_docx(RULES, "letter", DRAFT))
    assert "成果“”真实。" in text


@pytest.mark.parametrize("make", [letter_pdf, letter_docx])
def test_unknown_letter_is_an_error(make):
    with pytest.raises(KeyError):
        make(RULES, "nothing", DATA)


def test_summary_lists_entries_in_order_of_nomination():
    lines = (SummaryLine(1, "TJ-1", ANSWERS), SummaryLine(2, "TJ-2", ANSWERS | {"title": "第二项"}, is_reserve=True))
    data = SummaryData("2026年度", "滨海新区总工会", lines, dt.date(2026, 6, 1), notes=("共二项。",))
    made = summary_docx(RULES, data)
    text = docx_text(made)
    assert text.index("TJ-1") < text.index("TJ-2")
    assert "张三、李四" in text
    assert "递补" in text
    assert "填报日期：2026年6月1日" in text
    section = docx.Document(io.BytesIO(made)).sections[0]
    assert section.page_width > section.page_height


def test_summary_needs_its_document():
    rules = blueprint({"documents[2].kind": "letter", "documents[2].body": ["x"]})
    with pytest.raises(KeyError):
        summary_docx(rules, SummaryData("2026年度", "x"))


@pytest.mark.skipif(which("soffice") is None, reason="LibreOffice is not installed")
def test_word_document_opens_in_libreoffice(tmp_path):
    (tmp_path / "form.docx").write_bytes(application_docx(RULES, DATA))
    subprocess.run(
        [
            which("soffice"),
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "form.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    text = pdf_text((tmp_path / "form.pdf").read_bytes())
    assert "示例申报表" in text
    assert "共" in text
