"""Small workbooks straight from a table (≤ 5,000 rows). Longer ones are jobs: see ``portal.reports``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from portal.core.context import PUBLIC, Actor
from portal.web.paging import is_nullable, ordering
from portal.web.tables import Table

EXPORT_LIMIT = 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_LIMIT = 32_767  # characters in one cell, a limit of the format
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_text(value: str) -> str:
    """Text that a workbook can hold: no control characters, not longer than a cell."""
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:CELL_LIMIT]


def make_cell(sheet: Any, value: Any) -> WriteOnlyCell:
    """A cell that stays what it is: text that begins like a formula is written as text, marked with a quote prefix."""
    if isinstance(value, Promise):  # a word of the interface that is not yet translated
        value = str(value)
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=None)
        cell.value = safe_text(value)
        cell.data_type = "s"
        if value.startswith(FORMULA_STARTS):
            cell.quotePrefix = True
        return cell
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def write_sheet(book: Workbook, title: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> int:
    """Adds one sheet with a fixed head; returns how many rows were written."""
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number, head in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(number)].width = max(10, min(40, 2 * len(str(head)) + 6))
    line = []
    for head in heads:
        cell = make_cell(sheet, str(head))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F1F3F5")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        line.append(cell)
    sheet.append(line)
    count = 0
    for row in rows:
        sheet.append([make_cell(sheet, value) for value in row])
        count += 1
    return count


def workbook_bytes(title: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook(write_only=True)
    write_sheet(book, title, heads, rows)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def workbook_response(name: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Download of one sheet, named with today's date."""
    filename = f"{name}_{timezone.localdate():%Y%m%d}.xlsx"
    response = HttpResponse(workbook_bytes(name, heads, rows), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    response["Cache-Control"] = "private, no-store"
    return response


def table_response(
    table_class: type[Table],
    queryset: QuerySet,
    data: QueryDict,
    *,
    name: str,
    actor: Actor = PUBLIC,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """All rows of ``queryset`` in the order and with the columns that the list shows."""
    sort = table_class.sort_from(data)
    ordered = queryset.order_by(*ordering(sort, nullable=is_nullable(queryset, sort.key)))[:EXPORT_LIMIT]
    table = table_class(ordered, data=data, actor=actor, context=context)
    columns = table.export_columns()
    numbered = table.numbered
    rows = (
        ([number] if numbered else []) + [table.export_value(record, column) for column in columns]
        for number, record in enumerate(table.rows, 1)
    )
    heads = (["序号"] if numbered else []) + [column.label for column in columns]
    return workbook_response(name, heads, rows)
