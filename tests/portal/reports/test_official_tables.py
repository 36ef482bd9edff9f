"""Tables of official papers: every reader of .docx takes the widths that were asked for."""

from __future__ import annotations

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from portal.reports.official import OfficialPaper


def test_widths_stand_in_the_grid_and_in_the_cells():
    paper = OfficialPaper()
    paper.table(["序号", "名称"], [[1, "甲"], [2, "乙"]], [14, 142])
    (table,) = Document(paper.save()).tables
    grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
    assert grid == [Mm(14).twips, Mm(142).twips]
    assert len(table._tbl.findall(".//" + qn("w:cantSplit"))) == 2
    assert {cell.width for cell in table.columns[1].cells} == {table.rows[0].cells[1].width}
