"""Word documents in the look of official papers: A4, 宋体 titles, 黑体 labels, 仿宋 text, page numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import docx
from django.utils.translation import gettext as _
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.table import _Cell

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Row
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

SONG, HEI, FANG = "宋体", "黑体", "仿宋"
LATIN = "Times New Roman"
STOPPED = RGBColor(0xB4, 0x23, 0x18)
QUIET = RGBColor(0x5B, 0x64, 0x70)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def new_document(*, title: str, footer: str = "", note: str = "", landscape: bool = False) -> Document:
    """An empty A4 document. ``footer`` stands left of the page numbers, ``note`` in red at the head of every page."""
    document = docx.Document()
    document.core_properties.title = _FORBIDDEN.sub("", title)[:255]
    document.core_properties.author = ""
    section = document.sections[0]
    width, height = (Cm(29.7), Cm(21)) if landscape else (Cm(21), Cm(29.7))
    section.page_width, section.page_height = width, height
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.4)
    section.left_margin = section.right_margin = Cm(2.4)
    style = document.styles["Normal"]
    style.font.name = LATIN
    style.font.size = Pt(11)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANG)
    style.paragraph_format.space_after = Pt(0)
    if note:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run(head, note, font=FANG, size=9).font.color.rgb = STOPPED
    _footer(document, section.footer.paragraphs[0], footer, width - section.left_margin - section.right_margin)
    return document


def _footer(document: Document, line: Paragraph, text: str, width: int) -> None:
    line.style = document.styles["Normal"]  # the built-in footer style has tab stops of its own
    line.paragraph_format.tab_stops.add_tab_stop(Length(width), WD_TAB_ALIGNMENT.RIGHT)
    for piece in (f"{text}\t" + _("第 "), "PAGE", _(" 页　共 "), "NUMPAGES", _(" 页")):
        if piece in {"PAGE", "NUMPAGES"}:
            _field(line, piece)
        else:
            run(line, piece, font=FANG, size=8).font.color.rgb = QUIET


def _field(line: Paragraph, code: str) -> None:
    """A field is five runs; each carries the look, because programs read it from different ones."""
    for kind in ("begin", "code", "separate", "result", "end"):
        target = run(line, "1" if kind == "result" else "", font=FANG, size=8)
        target.font.color.rgb = QUIET
        if kind == "code":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = code
            target._r.append(element)
        elif kind != "result":
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            target._r.append(element)


def run(line: Paragraph, text: str, *, font: str, size: float, bold: bool = False) -> Run:
    """A piece of text in a Chinese font; the Latin letters and figures in it are set in Times."""
    piece = line.add_run(_FORBIDDEN.sub("", text))
    piece.font.name = LATIN
    piece.font.size = Pt(size)
    piece.font.bold = bold
    fonts = piece._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")
    return piece


def paragraph(
    document: Document,
    text: str,
    *,
    font: str = FANG,
    size: float = 12,
    bold: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
    before: float = 0,
    after: float = 0,
    indent: bool = False,
    keep: bool = False,
    leading: float | None = None,
) -> Paragraph:
    line = document.add_paragraph()
    layout = line.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.keep_with_next = keep
    if leading:
        layout.line_spacing = Pt(leading)
    if indent:
        layout.first_line_indent = Pt(size * 2)
    if align is not None:
        line.alignment = align
    run(line, text, font=font, size=size, bold=bold)
    return line


def page_break(document: Document) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


class Sheet:
    """One ruled table whose rows are divided differently: every row says how many of ``COLUMNS`` each cell takes."""

    COLUMNS = 60

    def __init__(self, document: Document, width: Length) -> None:
        self.table = document.add_table(rows=0, cols=0)
        self.table.style = "Table Grid"
        self.table.alignment = WD_TABLE_ALIGNMENT.CENTER
        self.table.autofit = False
        self.unit = width // self.COLUMNS
        for _number in range(self.COLUMNS):
            column = OxmlElement("w:gridCol")
            column.set(qn("w:w"), str(Length(self.unit).twips))
            self.table._tbl.tblGrid.append(column)

    def row(self, *spans: int) -> list[_Cell]:
        """A row of cells that take ``spans`` columns; they must add up to ``COLUMNS``."""
        if sum(spans) != self.COLUMNS:
            raise ValueError(f"spans {spans} do not fill the row")
        row = OxmlElement("w:tr")
        self.table._tbl.append(row)
        cells = []
        for span in spans:
            tc = OxmlElement("w:tc")
            row.append(tc)
            properties = tc.get_or_add_tcPr()
            tc.width = Length(self.unit * span)
            grid_span = OxmlElement("w:gridSpan")
            grid_span.set(qn("w:val"), str(span))
            properties.append(grid_span)
            tc.append(OxmlElement("w:p"))
            cells.append(_Cell(tc, self.table))
        return cells

    def heading(self, text: str) -> _Cell:
        """A shaded row across the sheet that stays with the row below."""
        (cell,) = self.row(self.COLUMNS)
        write(cell, text, font=HEI, size=10)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
        shade(cell)
        return cell

    @property
    def last_row(self) -> _Row:
        return self.table.rows[-1]

    def shares(self, weights: Sequence[int], *, first: int = 0) -> tuple[int, ...]:
        """``COLUMNS`` shared out by weight, at least three for each; ``first`` > 0 fixes the first share."""
        rest = list(weights[1:] if first else weights)
        room = self.COLUMNS - first
        shares = [max(3, room * weight // sum(rest)) for weight in rest]
        while sum(shares) != room:
            step = 1 if sum(shares) < room else -1
            target = max(range(len(shares)), key=lambda index: shares[index] * -step if step > 0 else shares[index])
            shares[target] += step
        return (first, *shares) if first else tuple(shares)


def grid(document: Document, columns: int) -> Table:
    """A plain ruled table."""
    table = document.add_table(rows=0, cols=columns)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    return table


def write(
    cell: _Cell,
    text: str,
    *,
    font: str,
    size: float,
    align: WD_ALIGN_PARAGRAPH | None = None,
    bold: bool = False,
) -> None:
    """Fill a cell with one line of text, vertically centred."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    line = cell.paragraphs[0]
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(3)
    if align is not None:
        line.alignment = align
    run(line, text, font=font, size=size, bold=bold)


def write_lines(cell: _Cell, lines: Iterable[str], *, font: str, size: float) -> None:
    """Fill a cell with paragraphs, first lines indented by two characters."""
    for index, text in enumerate(lines):
        line = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        line.paragraph_format.first_line_indent = Pt(size * 2)
        line.paragraph_format.space_before = Pt(4 if index == 0 else 0)
        line.paragraph_format.space_after = Pt(4)
        line.paragraph_format.line_spacing = 1.25
        run(line, text, font=font, size=size)


def set_widths(table: Table, widths: Sequence[Length]) -> None:
    """Column widths, also written into every cell: Word and LibreOffice each read another of the two."""
    for index, width in enumerate(widths):
        table.columns[index].width = width
    for row in table.rows:
        seen: set[int] = set()
        for index, cell in enumerate(row.cells):
            if id(cell._tc) in seen:
                continue
            seen.add(id(cell._tc))
            span = cell._tc.grid_span
            cell.width = Length(sum(widths[index : index + span]))


def shade(cell: _Cell, colour: str = "F7F7F7") -> None:
    element = OxmlElement("w:shd")
    element.set(qn("w:val"), "clear")
    element.set(qn("w:color"), "auto")
    element.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(element)


def border(cell: _Cell, *, bottom: bool = False) -> None:
    borders = OxmlElement("w:tcBorders")
    if bottom:
        edge = OxmlElement("w:bottom")
        for key, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    cell._tc.get_or_add_tcPr().append(borders)


def repeat_as_header(row: _Row) -> None:
    element = OxmlElement("w:tblHeader")
    element.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(element)


def fixed_height(row: _Row, height: Length) -> None:
    row.height = height
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    element = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(element)


def to_bytes(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
