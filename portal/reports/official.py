"""Official papers as .docx in the layout of GB/T 9704-2012 (党政机关公文格式).

A4, type area 156 × 225 mm, title 2号小标宋, body 3号仿宋, 28-point lines, two characters' indent, page number at the foot.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal.core.dates import format_cn

TITLE, BODY, HEADING = "方正小标宋简体", "仿宋_GB2312", "黑体"
TITLE_SIZE, BODY_SIZE, TABLE_SIZE = Pt(22), Pt(16), Pt(12)
LINE = Pt(28)


class OfficialPaper:
    """``paper = OfficialPaper(); paper.title(…); paper.paragraphs(…); paper.table(…); paper.save()``."""

    def __init__(self) -> None:
        self.document = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = "Times New Roman", BODY_SIZE
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
        self._page_number(section.footer.paragraphs[0])

    def title(self, text: str) -> None:
        self._line(text, font=TITLE, size=TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, after=Pt(14))

    def number(self, text: str) -> None:
        """发文字号, centred above the title."""
        if text:
            self._line(text, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, after=Pt(14))

    def addressee(self, text: str) -> None:
        self._line(text, indent=False)

    def heading(self, text: str) -> None:
        self._line(text, font=HEADING)

    def paragraphs(self, text: str) -> None:
        """Every line of the text becomes a paragraph with two characters' indent."""
        for line in text.splitlines():
            if line.strip():
                self._line(line.strip())

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[int]) -> None:
        """Table with repeated head row; ``widths`` in millimetres."""
        table = self.document.add_table(rows=1, cols=len(heads), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)  # the grid: WPS and LibreOffice read it, Word reads the cells
        for index, head in enumerate(heads):
            self._cell(table.rows[0].cells[index], head, widths[index], font=HEADING)
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:tblHeader"))
        for row in rows:
            added = table.add_row()
            added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # no line is torn between two pages
            cells = added.cells
            for index, value in enumerate(row):
                self._cell(cells[index], str(value), widths[index])

    def signature(self, issuer: str, day: dt.date) -> None:
        """Issuer and date at the right."""
        self._line("", indent=False)
        self._line(issuer, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False)
        self._line(format_cn(day), align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False)

    def note(self, text: str) -> None:
        """Small print at the end, such as the fingerprint of a list."""
        self._line(text, size=Pt(10), indent=False)

    def save(self) -> io.BytesIO:
        stream = io.BytesIO()
        self.document.save(stream)
        stream.seek(0)
        return stream

    def _line(self, text, *, font=BODY, size=BODY_SIZE, align=None, indent=True, after=None) -> None:
        paragraph = self.document.add_paragraph()
        layout = paragraph.paragraph_format
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, max(LINE, size)
        layout.space_before, layout.space_after = Pt(0), after or Pt(0)
        if align is not None:
            paragraph.alignment = align
        if indent:
            layout.first_line_indent = Pt(size.pt * 2)
        self._run(paragraph, text, font, size)

    def _cell(self, cell, text: str, width: int, font: str = BODY) -> None:
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if len(text) <= 8 else WD_ALIGN_PARAGRAPH.LEFT
        self._run(paragraph, text, font, TABLE_SIZE)

    def _run(self, paragraph, text: str, font: str, size) -> None:
        run = paragraph.add_run(text)
        run.font.size, run.font.name = size, "Times New Roman"
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)

    def _page_number(self, paragraph) -> None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
            run = paragraph.add_run()
            run.font.size = Pt(14)
            if kind:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark = OxmlElement("w:instrText")
                mark.text = text
            run._element.append(mark)
