"""申报表 for the seal: the same content as PDF (fonts embedded) and as an editable Word document."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.entries.documents import word
from portal.lifecycle.entries.documents.content import Block, FormContent, as_payload, form_content
from portal.lifecycle.entries.documents.data import EntryData
from portal.lifecycle.entries.documents.typesetting import TEMPLATES, compile_pdf

if TYPE_CHECKING:
    from docx.document import Document

PAGE_WIDTH = Cm(16.2)


def application_pdf(blueprint: Blueprint, data: EntryData, *, made_at: dt.datetime | None = None) -> bytes:
    """The 申报表 as PDF, A4, fonts embedded; a draft says on every page that it is one. Raises FontMissing."""
    return compile_pdf(TEMPLATES / "application.typ", as_payload(form_content(blueprint, data)), made_at=made_at)


def application_docx(blueprint: Blueprint, data: EntryData) -> bytes:
    """The 申报表 as Word document with the same content."""
    content = form_content(blueprint, data)
    document = word.new_document(title=content.title, footer=content.footer, note=content.draft_note)
    _cover(document, content)
    _guide(document, content)
    for section in content.sections:
        word.paragraph(document, section.title, font=word.HEI, size=12, bold=True, before=10, after=4, keep=True)
        sheet = word.Sheet(document, PAGE_WIDTH)
        for block in section.blocks:
            _BLOCKS[block.kind](sheet, block)
    _boxes(document, content)
    return word.to_bytes(document)


def _cover(document: Document, content: FormContent) -> None:
    centre = WD_ALIGN_PARAGRAPH.CENTER
    word.paragraph(document, content.title, font=word.SONG, size=26, bold=True, align=centre, before=130, after=12)
    word.paragraph(document, f"（{content.cycle}）", font=word.SONG, size=15, align=centre, after=90)
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell in content.cover:
        row = table.add_row()
        word.write(row.cells[0], f"{cell.label}：", font=word.FANG, size=14)
        word.write(row.cells[1], cell.value, font=word.FANG, size=14)
        word.border(row.cells[1], bottom=True)
    word.set_widths(table, (Cm(3.6), Cm(10)))
    word.paragraph(document, f"{content.issuer}制", font=word.SONG, size=15, align=centre, before=140)
    word.paragraph(document, content.cover_date, font=word.SONG, size=13, align=centre)
    word.page_break(document)


def _guide(document: Document, content: FormContent) -> None:
    if not content.guide:
        return
    word.paragraph(
        document, _("填 表 说 明"), font=word.SONG, size=15, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER, after=6
    )
    for line in content.guide:
        word.paragraph(document, line, font=word.FANG, size=12, indent=True)


def _pairs(sheet: word.Sheet, block: Block) -> None:
    for line in block.lines:
        cells = sheet.row(12, 18, 12, 18) if len(line) == 2 else sheet.row(12, 48)
        for index, cell in enumerate(line):
            word.write(cells[index * 2], cell.label, font=word.HEI, size=10, align=WD_ALIGN_PARAGRAPH.CENTER)
            word.write(cells[index * 2 + 1], cell.value, font=word.FANG, size=11)


def _long(sheet: word.Sheet, block: Block) -> None:
    sheet.heading(block.label)
    (cell,) = sheet.row(sheet.COLUMNS)
    word.write_lines(cell, block.paragraphs, font=word.FANG, size=11)


def _rows(sheet: word.Sheet, block: Block) -> None:
    sheet.heading(block.label)
    size = 9 if len(block.heads) > 6 else 10
    spans = sheet.shares(block.weights, first=5 if block.heads[0] == _("序号") else 0)
    for cell, head in zip(sheet.row(*spans), block.heads, strict=True):
        word.write(cell, head, font=word.HEI, size=size, align=WD_ALIGN_PARAGRAPH.CENTER)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    for row in block.rows:
        for cell, text in zip(sheet.row(*spans), row, strict=True):
            word.write(cell, text, font=word.FANG, size=size)
    if not block.rows:
        (cell,) = sheet.row(sheet.COLUMNS)
        word.write(cell, _("（无）"), font=word.FANG, size=size, align=WD_ALIGN_PARAGRAPH.CENTER)


def _ticks(sheet: word.Sheet, block: Block) -> None:
    sheet.heading(block.label)
    if block.paragraphs:
        (cell,) = sheet.row(sheet.COLUMNS)
        word.write_lines(cell, block.paragraphs, font=word.FANG, size=10)
    for text, state in block.rows:
        cells = sheet.row(47, 13)
        word.write(cells[0], text, font=word.FANG, size=10)
        word.write(cells[1], state, font=word.FANG, size=10, align=WD_ALIGN_PARAGRAPH.CENTER)


def _boxes(document: Document, content: FormContent) -> None:
    word.page_break(document)
    word.paragraph(
        document, _("意 见 与 盖 章"), font=word.SONG, size=15, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER, after=6
    )
    sheet = word.Sheet(document, PAGE_WIDTH)
    for box in content.boxes:
        label, place = sheet.row(10, 50)
        word.fixed_height(sheet.last_row, Cm(3.8))
        word.write(label, box.label, font=word.HEI, size=10, align=WD_ALIGN_PARAGRAPH.CENTER)
        word.write_lines(place, [box.text], font=word.FANG, size=11)
        for text in ("", box.signature, box.date):
            line = place.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.space_after = Pt(2)
            word.run(line, text, font=word.FANG, size=11)


_BLOCKS = {"pairs": _pairs, "long": _long, "table": _rows, "ticks": _ticks}
