"""The uploaded rows again, with what is wrong written beside them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from portal.accounts.imports.template import DATA
from portal.web.exports import write_sheet

REASON = "错误说明"


def error_workbook(content: bytes, problems: list[dict[str, Any]], *, only_faulty: bool = False) -> bytes:
    """Original rows plus a column with their errors; errors of the whole file stand on a sheet of their own."""
    by_row: dict[int, list[str]] = {}
    for problem in problems:
        text = f"{problem['column']}：{problem['message']}" if problem["column"] else problem["message"]
        by_row.setdefault(problem["row"], []).append(text)
    source = load_workbook(BytesIO(content), data_only=False, read_only=True)
    sheet = source[DATA] if DATA in source.sheetnames else source.worksheets[0]
    lines = ([_plain(v) for v in line] for line in sheet.iter_rows(values_only=True))
    heads = next(lines, [])
    rows = (
        [*line, "；".join(by_row.get(number, ()))]
        for number, line in enumerate(lines, 2)
        if any(v not in (None, "") for v in line) and (by_row.get(number) or not only_faulty)
    )
    book = Workbook(write_only=True)
    write_sheet(book, DATA, [*("" if h is None else h for h in heads), REASON], rows)
    whole = [[text] for row in (0, 1) for text in by_row.get(row, ())]
    if whole:
        write_sheet(book, "整个文件的错误", [REASON], whole)
    source.close()
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(value: Any) -> Any:
    return getattr(value, "text", value)
