"""汇总表 of a nominating union: one line an entry in the order of nomination, for the seal."""

from __future__ import annotations

from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm

from portal.lifecycle.blueprints.fields import cell_text
from portal.lifecycle.blueprints.fields.display import unit_of
from portal.lifecycle.blueprints.schema import Blueprint, DocumentSpec, FieldSpec
from portal.lifecycle.blueprints.vocabulary import DocumentKind, FieldType, Viewer
from portal.lifecycle.entries.documents import word
from portal.lifecycle.entries.documents.content import BLANK_DATE, chinese_date, column_weights
from portal.lifecycle.entries.documents.data import SummaryData, SummaryLine


def summary_spec(blueprint: Blueprint) -> DocumentSpec:
    """The blueprint's 汇总表; KeyError when it has none."""
    for document in blueprint.documents:
        if document.kind == DocumentKind.SUMMARY:
            return document
    raise KeyError("summary")


def summary_docx(blueprint: Blueprint, data: SummaryData) -> bytes:
    """The 汇总表 as Word document on landscape A4. KeyError when the blueprint has none."""
    spec = summary_spec(blueprint)
    columns = [blueprint.field(code) for code in spec.columns]
    document = word.new_document(title=spec.title, landscape=True)
    centre = WD_ALIGN_PARAGRAPH.CENTER
    word.paragraph(document, spec.title, font=word.SONG, size=22, bold=True, align=centre, after=6)
    word.paragraph(document, f"（{data.cycle_label}）", font=word.SONG, size=14, align=centre, after=10)
    when = chinese_date(data.made_on) if data.made_on else BLANK_DATE
    line = _("推荐单位（盖章）：%(unit)s　　　　填报日期：%(date)s") % {"unit": data.nominating, "date": when}
    word.paragraph(document, line, font=word.FANG, size=12, after=6)
    heads = (_("序号"), _("申报编号"), *(_head(column) for column in columns), _("备注"))
    rows = [
        (str(entry.rank), entry.code, *(answer_text(column, entry) for column in columns), _note(entry))
        for entry in data.lines
    ]
    sheet = word.Sheet(document, Cm(24.9))
    spans = sheet.shares(column_weights(heads, rows), first=3)
    for cell, head in zip(sheet.row(*spans), heads, strict=True):
        word.write(cell, head, font=word.HEI, size=10, align=centre)
    word.repeat_as_header(sheet.last_row)
    for texts in rows:
        for cell, text in zip(sheet.row(*spans), texts, strict=True):
            word.write(cell, text, font=word.FANG, size=10)
    for note in data.notes:
        word.paragraph(document, note, font=word.FANG, size=11, before=4)
    return word.to_bytes(document)


def _head(column: FieldSpec) -> str:
    unit = unit_of(column)
    return f"{column.label}（{unit}）" if unit else column.label


def _note(entry: SummaryLine) -> str:
    return _("递补") if entry.is_reserve else ""


def answer_text(column: FieldSpec, entry: SummaryLine) -> str:
    """An answer in one cell; of a table the first column of each row (完成人: the names)."""
    value = entry.answers.get(column.code)
    if column.type == FieldType.TABLE:
        first = column.columns[0]
        rows = value if isinstance(value, list) else []
        return "、".join(cell_text(first, row.get(first.code), Viewer.DOCUMENT) for row in rows)
    return cell_text(column, value, Viewer.DOCUMENT)
