"""The workbook by which a unit hands in many months of one group: filled with what is owed, read without trusting it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from competitions.green.domain.many import MOST, Line
from competitions.green.models import Indicator
from portal.accounts.imports.reading import check_content
from portal.core.errors import Invalid
from portal.web.exports import workbook_bytes

NAME, MONTH, NOTE = "参赛主体", "月份（如2026-03）", "说明"


def heads(indicator: Indicator) -> list[str]:
    return [NAME, MONTH, *(f"{entry['label']}（{entry['unit']}）" for entry in indicator.inputs), NOTE]


def template(indicator: Indicator, owed: Sequence[tuple[str, dt.date]]) -> bytes:
    """One row for every owed month; the figures are empty."""
    blank = [None] * (len(indicator.inputs) + 1)
    return workbook_bytes("能耗月报", heads(indicator), [[name, f"{month:%Y-%m}", *blank] for name, month in owed])


def read(content: bytes, indicator: Indicator) -> list[Line]:
    """Rows with any figure in them. Raises Invalid beside ``workbook`` with every cell that is no number.

    A row whose figures are all empty is left out: the template lists what is owed, and not all of it need be there yet.
    """
    check_content(content)
    book = load_workbook(BytesIO(content), read_only=True, data_only=False)
    rows = book.worksheets[0].iter_rows(values_only=True)
    wanted = heads(indicator)
    found = [str(cell or "").strip() for cell in next(rows, ())][: len(wanted)]
    if found != wanted:
        told = _("表头应为：%s。请使用本组下载的模板。") % "、".join(wanted)
        raise Invalid(told, fields={"workbook": [told]})
    lines, problems = [], []
    for number, cells in enumerate(rows, 2):
        values = [*cells[: len(wanted)], *[None] * (len(wanted) - len(cells))]
        if all(value in {None, ""} for value in values[2:-1]):
            continue
        if len(lines) == MOST:
            problems.append(_("最多%d行，请分次上传。") % MOST)
            break
        try:
            inputs = {
                entry["code"]: _number(value, entry["label"])
                for entry, value in zip(indicator.inputs, values[2:-1], strict=True)
            }
        except ValueError as error:
            problems.append(_("第%(row)d行：%(told)s") % {"row": number, "told": error})
            continue
        lines.append(
            Line(number, str(values[0] or "").strip(), _month(values[1]), inputs, str(values[-1] or "").strip())
        )
    if problems:
        raise Invalid(problems[0], fields={"workbook": problems})
    return lines


def _number(value: Any, label: str) -> Decimal | None:
    if value in {None, ""}:
        return None
    try:
        number = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        raise ValueError(_("“%s”不是数字。") % label) from None
    if not number.is_finite():
        raise ValueError(_("“%s”不是数字。") % label)
    return round(number, 6)


def _month(value: Any) -> dt.date | None:
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, 1)
    try:
        year, month = str(value or "").strip().replace("/", "-").replace("年", "-").rstrip("月").split("-")[:2]
        return dt.date(int(year), int(month), 1)
    except ValueError:
        return None
