"""The workbook to fill in: instructions, the data sheet with drop-downs, and the options they come from."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.accounts.imports.sheets import Column, Sheet

DATA, HELP, OPTIONS = "数据", "填写说明", "可选项"
LAST_ROW = 5001
HEAD = PatternFill("solid", fgColor="A61B1F")
LIGHT = PatternFill("solid", fgColor="FBF1F0")
LINE = Border(bottom=Side("thin", color="E5E8EC"))


def template(sheet: Sheet) -> bytes:
    """An empty workbook for ``sheet``."""
    book = Workbook()
    data = book.active
    data.title = DATA
    guide, options = book.create_sheet(HELP), book.create_sheet(OPTIONS)
    for number, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(number)
        cell = data.cell(1, number, column.label)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill, cell.alignment = HEAD, Alignment(horizontal="center", vertical="center")
        data.column_dimensions[letter].width = column.width
        for row in data[
            f"{letter}2:{letter}200"
        ]:  # text, so that codes keep their zeros and are never turned into dates
            row[0].number_format = "General" if column.kind == "whole" else "@"
        if column.options is not None:
            _drop_down(data, options, number, column)
    data.row_dimensions[1].height = 24
    data.freeze_panes = "A2"
    _guide(guide, sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _drop_down(data, options, number: int, column: Column) -> None:
    labels = list(column.options())
    letter = get_column_letter(number)
    options.cell(1, number, column.label).font = Font(bold=True)
    options.column_dimensions[letter].width = column.width
    for row, label in enumerate(labels, 2):
        options.cell(row, number, label)
    rule = DataValidation(
        type="list",
        formula1=f"'{OPTIONS}'!${letter}$2:${letter}${len(labels) + 1}",
        allow_blank=not column.required,
        showErrorMessage=True,
        errorTitle="请选择",
        error="请从下拉列表中选择。",
    )
    data.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{LAST_ROW}")


def _guide(guide, sheet: Sheet) -> None:
    title = guide.cell(1, 1, f"{sheet.kind.label}导入模板填写说明")
    title.font = Font(bold=True, size=14)
    rules = (
        f"请在“{DATA}”表从第2行起填写，一行一条，最多5000行；不要改动第1行的列名、不要增加列、不要合并单元格、不要隐藏工作表。",
        str(sheet.identity),
        "上传后先试导：逐行检查并列出全部错误，不写入任何数据。全部无误后再正式导入：要么全部成功，要么一条也不写入。",
        "公式按文字处理；编号、代码请保持文本格式。",
    )
    for row, rule in enumerate(rules, 2):
        guide.cell(row, 1, rule).alignment = Alignment(wrap_text=True, vertical="top")
        guide.merge_cells(start_row=row, start_column=1, end_row=row, end_column=5)
        guide.row_dimensions[row].height = 34
    start = len(rules) + 3
    for number, head in enumerate(("列名", "是否必填", "字数", "说明", "示例"), 1):
        cell = guide.cell(start, number, head)
        cell.font, cell.fill = Font(bold=True), LIGHT
    for row, column in enumerate(sheet.columns, start + 1):
        help_text = str(column.help) or ("从下拉列表选择。" if column.options else "")
        length = f"不超过{column.length}字" if column.length else ("整数" if column.kind == "whole" else "")
        for number, value in enumerate(
            (column.label, "必填" if column.required else "选填", length, help_text, column.example), 1
        ):
            cell = guide.cell(row, number, value)
            cell.border, cell.alignment = LINE, Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDE", (22, 10, 14, 60, 26), strict=True):
        guide.column_dimensions[letter].width = width
