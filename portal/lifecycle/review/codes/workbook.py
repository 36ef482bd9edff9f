"""The workbook of marks by code: codes, marks, nothing else; and reading it back.

Pure but for what is handed in. No cell of ours tells who stands behind a code, and no cell of theirs may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook

from portal.accounts.imports.reading import read
from portal.accounts.imports.sheets import Column, Problem, Row, Sheet
from portal.accounts.imports.template import DATA
from portal.lifecycle.review.imported.workbook import (
    CODE,
    NOTE,
    confirmed_otherwise,
    filled,
    in_words,
    is_recorded,
    last_columns,
    marks_of,
    part_columns,
    recorded,
)

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.stages import ReviewParams
    from portal.lifecycle.review.codes.models import CodedMark

CODE_LENGTH = 12
SHORTEST_NAME = 2  # characters; one alone says nothing


class CodedKind(TextChoices):
    MARKS = "coded_marks", _("按码成绩")


@dataclass(frozen=True, slots=True)
class CodedChange:
    """What a line says about a code; ``marks`` is empty for the absent."""

    row: int
    code: str
    marks: dict[str, str]
    absent: bool
    note: str
    is_new: bool

    def plain(self, params: ReviewParams) -> dict[str, Any]:
        """The line of the preview."""
        details = [_t("缺考")] if self.absent else in_words(params, self.marks)
        kind = "create" if self.is_new else "update"
        return {"row": self.row, "kind": kind, "title": self.code, "details": details}


@dataclass(slots=True)
class CodedPlan:
    problems: list[Problem] = field(default_factory=list)
    changes: list[CodedChange] = field(default_factory=list)
    count: int = 0
    unchanged: int = 0
    seen: dict[str, int] = field(default_factory=dict)  # code → its line


def label_of_code(params: ReviewParams) -> str:
    """What the last code is called: it heads the first column."""
    return params.codes.name_of(params.codes.layers)


def sheet_of(params: ReviewParams) -> Sheet:
    label = label_of_code(params)
    return Sheet(
        CodedKind.MARKS,
        (
            Column(CODE, label, True, CODE_LENGTH, _t("模板已列好，请勿改动。"), width=14),
            *part_columns(params),
            *last_columns(),
        ),
        _t("按“%s”识别；一行一个码，各项成绩须填全。整行没有成绩的不导入。不得填写姓名、单位、申报编号。") % label,
    )


def marks_template(params: ReviewParams, codes: Iterable[str], known: Mapping[str, CodedMark]) -> bytes:
    """Every code, in its own order, with what has been recorded of it so far."""

    def line(code: str) -> Any:
        return lambda key: code if key == CODE else recorded(known.get(code), key)

    return filled(sheet_of(params), (line(code) for code in codes))


def read_marks(content: bytes, params: ReviewParams, codes: Iterable[str], known: Mapping[str, CodedMark]) -> CodedPlan:
    """Every line against the codes of the stage. Raises Invalid when the file cannot be read at all.

    Problems carry their line; a plan with problems must not be applied.
    """
    reading = read(content, sheet_of(params))
    plan, all_codes = CodedPlan(problems=list(reading.problems), count=reading.count), set(codes)
    for row in reading.rows:
        _check_row(row, params, all_codes, known, plan)
    plan.problems.sort(key=lambda problem: (problem.row, problem.column))
    return plan


def typed_code(text: str, codes: Iterable[str]) -> str:
    """The code that was meant: spreadsheets take the zeros from 007, people type small letters."""
    text = text.strip().upper()
    width = max((len(code) for code in codes), default=0)
    return text.zfill(width) if text.isdigit() else text


def _check_row(
    row: Row, params: ReviewParams, codes: set[str], known: Mapping[str, CodedMark], plan: CodedPlan
) -> None:
    label, code = label_of_code(params), typed_code(row[CODE], codes)
    if code in plan.seen:
        text = _t("与第%(row)s行重复：同一个码只能有一行。") % {"row": plan.seen[code]}
        plan.problems.append(Problem(row.number, label, text))
        return
    plan.seen[code] = row.number
    if code not in codes:
        plan.problems.append(Problem(row.number, label, _t("没有“%s”这个码。") % code))
        return
    marks, absent, problems = marks_of(row, params)
    if not absent and not marks and not problems:
        plan.unchanged += 1  # nothing recorded yet
        return
    mark = known.get(code)
    problems += confirmed_otherwise(row, mark, marks, absent)
    plan.problems += problems
    if problems:
        return
    if is_recorded(row, mark, marks, absent):
        plan.unchanged += 1
        return
    plan.changes.append(CodedChange(row.number, code, marks, absent, row[NOTE] or "", is_new=mark is None))


# --- nothing that leads to a person ---


def named_in(texts: Iterable[str], names: Iterable[str]) -> str:
    """The first of ``names`` (entry numbers, people, units) that stands in one of ``texts``, or nothing."""
    wanted = [name for name in names if len(name) >= SHORTEST_NAME]
    for text in texts:
        for name in wanted:
            if name in text:
                return name
    return ""


def texts_of(content: bytes) -> Iterator[str]:
    """Every text of every sheet, sheet names, comments; the caller has checked that the file is a workbook."""
    book = load_workbook(BytesIO(content), data_only=False, keep_links=False)
    for sheet in book.worksheets:
        yield sheet.title
        for line in sheet.iter_rows():
            for cell in line:
                if isinstance(cell.value, str):
                    yield cell.value
                if cell.comment is not None:
                    yield cell.comment.text


def only_data(content: bytes) -> bytes:
    """The cells of the data sheet in a new workbook: no properties, comments, other sheets or traces of an editor."""
    source = load_workbook(BytesIO(content), data_only=False, keep_links=False)
    sheet = source[DATA] if DATA in source.sheetnames else source.worksheets[0]
    book = Workbook()
    data = book.active
    data.title = DATA
    for number, line in enumerate(sheet.iter_rows(values_only=True), 1):
        for position, value in enumerate(line, 1):
            if value is not None:
                cell = data.cell(number, position, value)
                cell.data_type = "s" if isinstance(value, str) else cell.data_type  # a formula stays text
    out = BytesIO()
    book.save(out)
    return out.getvalue()
