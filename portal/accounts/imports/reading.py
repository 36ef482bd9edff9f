"""Reading an uploaded workbook without trusting it: by content, within limits, formulas as text."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from portal.accounts.imports.sheets import Problem, Row, Sheet, clean_cell
from portal.accounts.imports.template import DATA
from portal.core.errors import Invalid

MB = 1024 * 1024
MAX_BYTES = 10 * MB
MAX_UNPACKED = 80 * MB  # 5,000 rows of 19 columns unpack to about 6 MB
MAX_PARTS = 300
MAX_RATIO = 150  # a worksheet of real data packs about 10:1, a bomb 1000:1
MAX_ROWS = 5000
MAX_COLUMNS = 200
OLD_FORMAT = b"\xd0\xcf\x11\xe0"


@dataclass(slots=True)
class Reading:
    """What was read: rows whose cells are all well formed, and every problem with its place."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    count: int = 0  # rows with content, faulty ones included


def check_content(content: bytes) -> None:
    """Raises Invalid unless this is an .xlsx workbook of sane size, looking at the bytes and not at the name."""
    if not content:
        raise Invalid("文件是空的。")
    if len(content) > MAX_BYTES:
        raise Invalid(f"文件超过{MAX_BYTES // MB}MB，请分批导入。")
    if content.startswith(OLD_FORMAT):
        raise Invalid("这是旧版 .xls 或加了密码的文件，请在 Excel 或 WPS 中另存为不加密的 .xlsx 后上传。")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_parts(archive.infolist(), len(content))
    except zipfile.BadZipFile as error:
        raise Invalid("这不是 Excel 工作簿（.xlsx），请使用下载的模板填写。") from error


def _check_parts(parts: list[zipfile.ZipInfo], packed: int) -> None:
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise Invalid("这不是 Excel 工作簿（.xlsx），请使用下载的模板填写。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Invalid("文件含有宏，请另存为不含宏的 .xlsx 后上传。")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > max(packed, 20_000) * MAX_RATIO:
        raise Invalid("文件解压后过大或结构异常，没有打开。请用模板重新填写。")


def read(content: bytes, sheet: Sheet) -> Reading:
    """Rows of the data sheet. Raises Invalid when the file as a whole cannot be used (see ``check_content``).

    Everything else is collected: hidden sheets, merged cells, wrong heads, cells that do not fit their column.
    """
    check_content(content)
    try:
        book = load_workbook(BytesIO(content), data_only=False, keep_links=False)
    except Exception as error:
        raise Invalid("工作簿已损坏，不能读取。请用模板重新填写。") from error
    reading = Reading()
    hidden = [s.title for s in book.worksheets if s.sheet_state != "visible"]
    if hidden:
        reading.problems.append(Problem(0, "", f"含有隐藏的工作表：{'、'.join(hidden)}。请取消隐藏或删除后重新上传。"))
    data = book[DATA] if DATA in book.sheetnames else (book.worksheets[0] if len(book.worksheets) == 1 else None)
    if data is None:
        reading.problems.append(Problem(0, "", f"没有找到“{DATA}”工作表，请使用下载的模板。"))
        return reading
    keys = _heads(data, sheet, reading)
    if reading.problems:
        return reading
    merged = _merged(data, reading)
    _rows(data, sheet, keys, merged, reading)
    return reading


def _heads(data: Any, sheet: Sheet, reading: Reading) -> dict[int, str]:
    """Column number → key; the order is free, the names are not."""
    by_label, keys = {c.label: c.key for c in sheet.columns}, {}
    if data.max_column > MAX_COLUMNS:
        reading.problems.append(Problem(0, "", "列数过多，请使用下载的模板。"))
        return {}
    for number, cell in enumerate(data[1], 1):
        label = str(cell.value or "").strip()
        if not label:
            continue
        if label not in by_label:
            reading.problems.append(Problem(1, label[:30], f"模板中没有“{label[:30]}”这一列，请删除或改回模板的列名。"))
        elif by_label[label] in keys.values():
            reading.problems.append(Problem(1, label, f"“{label}”列出现了两次。"))
        else:
            keys[number] = by_label[label]
    missing = [c.label for c in sheet.columns if c.key not in keys.values() and not c.later]
    if missing:
        reading.problems.append(Problem(1, "", f"缺少列：{'、'.join(missing)}。请使用下载的模板。"))
    return keys


def _merged(data: Any, reading: Reading) -> set[int]:
    rows: set[int] = set()
    for area in data.merged_cells.ranges:
        reading.problems.append(Problem(area.min_row, "", f"单元格 {area.coord} 被合并，请取消合并并逐行填写。"))
        rows.update(range(area.min_row, min(area.max_row, area.min_row + MAX_ROWS) + 1))
    return rows


def _rows(data: Any, sheet: Sheet, keys: dict[int, str], merged: set[int], reading: Reading) -> None:
    columns = {number: sheet.column(key) for number, key in keys.items()}
    labels = set(keys)
    for number, cells in enumerate(data.iter_rows(min_row=2, values_only=True), 2):
        if all(value is None or str(value).strip() == "" for value in cells):
            continue
        reading.count += 1
        if reading.count > MAX_ROWS:
            reading.problems.append(Problem(0, "", f"超过{MAX_ROWS}行，请分批导入。"))
            return
        line = data.row_dimensions.get(number)
        if line is not None and line.hidden:
            reading.problems.append(Problem(number, "", "这一行被隐藏（可能开启了筛选），请取消隐藏后重新上传。"))
        values, sound = {}, number not in merged
        for position, value in enumerate(cells, 1):
            if position not in labels:
                if value not in (None, ""):
                    reading.problems.append(Problem(number, "", f"第{position}列没有列名但有内容，请删除。"))
                    sound = False
                continue
            column = columns[position]
            try:
                values[column.key] = clean_cell(column, value)
            except ValueError as error:
                reading.problems.append(Problem(number, column.label, str(error)))
                sound = False
        if sound:
            reading.rows.append(Row(number, values))
    if not reading.count:
        reading.problems.append(Problem(0, "", "没有数据行，请从第2行开始填写。"))
