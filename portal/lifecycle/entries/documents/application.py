"""申报表 for the seal: the same content as PDF (fonts embedded) and as an editable Word document."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.entries.documents import word
from portal.lifecycle.entries.documents.content import Block, FormContent, as_payload, form_content
from portal.lifecycle.entries.documents.data import EntryData
from portal.lifecycle.entries.documents.typesetting import TEMPLATES, compile_pdf

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table


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
        for block in section.blocks:
            _BLOCKS[block.kind](document, block)
    _boxes(document, content)
    return word.to_bytes(document)


def _cover(document: Document, content: FormContent) -> None:
    centre = WD_ALIGN_PARAGRAPH.CENTER
    word.paragraph(document, content.title, font=word.SONG, size=26, bold=True, align=centre, before=130, after=12)
    word.paragraph(document, f"（{content.cycle}）", font=word.SONG, size=15, align=centre, after=90)
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    for cell in content.cover:
        row = table.add_row()
        word.write(row.cells[0], f"{cell.label}：", font=word.FANG, size=14)
        word.write(row.cells[1], cell.value, font=word.FANG, size=14)
        word.border(row.cells[1], bottom=True)
    word.set_widths(table, (Cm(4), Cm(12)))
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


def _pairs(document: Document, block: Block) -> None:
    table = word.grid(document, 4)
    for line in block.lines:
        cells = table.add_row().cells
        for index, cell in enumerate(line):
            word.write(cells[index * 2], cell.label, font=word.HEI, size=10, align=WD_ALIGN_PARAGRAPH.CENTER)
            target = cells[1].merge(cells[3]) if len(line) == 1 else cells[index * 2 + 1]
            word.write(target, cell.value, font=word.FANG, size=11)
    word.set_widths(table, (Cm(2.9), Cm(5.2), Cm(2.9), Cm(5.2)))


def _heading_row(table: Table, label: str) -> None:
    cells = table.add_row().cells
    head = cells[0] if len(cells) == 1 else cells[0].merge(cells[-1])
    word.write(head, label, font=word.HEI, size=10)
    word.shade(head)


def _long(document: Document, block: Block) -> None:
    table = word.grid(document, 1)
    _heading_row(table, block.label)
    word.write_lines(table.add_row().cells[0], block.paragraphs, font=word.FANG, size=11)
    word.set_widths(table, (Cm(16.2),))


def _rows(document: Document, block: Block) -> None:
    count = len(block.heads)
    table = word.grid(document, count)
    _heading_row(table, block.label)
    size = 9 if count > 6 else 10
    heads = table.add_row()
    word.repeat_as_header(heads)
    for cell, head in zip(heads.cells, block.heads, strict=True):
        word.write(cell, head, font=word.HEI, size=size, align=WD_ALIGN_PARAGRAPH.CENTER)
    for row in block.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            word.write(cell, text, font=word.FANG, size=size)
    if not block.rows:
        cells = table.add_row().cells
        word.write(cells[0].merge(cells[-1]), _("（无）"), font=word.FANG, size=size, align=WD_ALIGN_PARAGRAPH.CENTER)
    word.set_widths(table, column_widths(block.heads))


def column_widths(heads: tuple[str, ...], total: float = 16.2) -> tuple[Cm, ...]:
    """A narrow first column for 序号, the rest shared by the length of the heads."""
    numbered = heads[0] == _("序号")
    first = 1.1 if numbered else 0.0
    rest = heads[1:] if numbered else heads
    weights = [1.4 if len(head) > 6 else 1.0 for head in rest]
    widths = [(total - first) * weight / sum(weights) for weight in weights]
    return tuple(Cm(width) for width in ([first, *widths] if numbered else widths))


def _ticks(document: Document, block: Block) -> None:
    table = word.grid(document, 2)
    _heading_row(table, block.label)
    if block.paragraphs:
        cells = table.add_row().cells
        word.write_lines(cells[0].merge(cells[1]), block.paragraphs, font=word.FANG, size=10)
    for text, state in block.rows:
        cells = table.add_row().cells
        word.write(cells[0], text, font=word.FANG, size=10)
        word.write(cells[1], state, font=word.FANG, size=10, align=WD_ALIGN_PARAGRAPH.CENTER)
    word.set_widths(table, (Cm(12.6), Cm(3.6)))


def _boxes(document: Document, content: FormContent) -> None:
    word.page_break(document)
    word.paragraph(
        document, _("意 见 与 盖 章"), font=word.SONG, size=15, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER, after=6
    )
    table = word.grid(document, 2)
    for box in content.boxes:
        row = table.add_row()
        word.fixed_height(row, Cm(3.8))
        word.write(row.cells[0], box.label, font=word.HEI, size=10, align=WD_ALIGN_PARAGRAPH.CENTER)
        word.write_lines(row.cells[1], [box.text], font=word.FANG, size=11)
        for text in ("", box.signature, box.date):
            line = row.cells[1].add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.space_after = Pt(2)
            word.run(line, text, font=word.FANG, size=11)
    word.set_widths(table, (Cm(2.6), Cm(13.6)))


_BLOCKS = {"pairs": _pairs, "long": _long, "table": _rows, "ticks": _ticks}
