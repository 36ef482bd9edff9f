"""Workbooks as people upload them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from portal.accounts.imports.sheets import SHEETS
from portal.accounts.imports.template import DATA, template


def workbook(kind: str, rows: list[dict[str, Any]], *, edit: Callable[[Any], None] | None = None) -> bytes:
    """The template of ``kind`` filled in: each row maps column labels to values; ``edit`` changes the open workbook."""
    sheet = SHEETS[kind]
    book = load_workbook(BytesIO(template(sheet)))
    data = book[DATA]
    labels = sheet.labels
    for number, row in enumerate(rows, 2):
        unknown = set(row) - set(labels)
        if unknown:
            raise KeyError(unknown)
        for position, label in enumerate(labels, 1):
            if label in row:
                data.cell(number, position, row[label])
    if edit:
        edit(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def lines(content: bytes, title: str = "") -> list[tuple[Any, ...]]:
    """All rows of a sheet, the head included."""
    book = load_workbook(BytesIO(content))
    return list((book[title] if title else book.worksheets[0]).iter_rows(values_only=True))


def union(code, name, parent, kind="单独基层工会", **more):
    """A line of the organisations' sheet."""
    return {"内部编号": code, "名称": name, "组织类型": kind, "上级编号": parent, **more}


def messages(batch, row):
    """What the dry run says about one line."""
    return [p["message"] for p in batch.problems if p["row"] == row]
