"""The workbook of results: one line per entry, one column per part of the rubric; and reading it back.

Pure but for the entries handed in: nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from portal.accounts.imports.reading import read
from portal.accounts.imports.sheets import Column, Problem, Row, Sheet
from portal.accounts.imports.template import DATA, template
from portal.lifecycle.review.sheet import MarkError, parse_mark, plain

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.stages import Criterion, ReviewParams
    from portal.lifecycle.entries.models import Entry

CODE, TITLE, UNIT, ABSENT, NOTE = "code", "title", "unit", "absent", "note"
PART = "part_"
YES = "是"


class ResultKind(TextChoices):
    RESULTS = "results", _("竞赛成绩")


@dataclass(frozen=True, slots=True)
class Change:
    """What a line says about an entry; ``marks`` is empty for the absent."""

    row: int
    entry: Entry
    marks: dict[str, str]
    absent: bool
    note: str
    is_new: bool

    def plain(self, params: ReviewParams) -> dict[str, Any]:
        """The line of the preview."""
        kind = "create" if self.is_new else "update"
        details = [_t("缺考")] if self.absent else in_words(params, self.marks)
        return {"row": self.row, "kind": kind, "title": f"{self.entry.code} {self.entry.title}", "details": details}


@dataclass(slots=True)
class Plan:
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    count: int = 0
    unchanged: int = 0


def in_words(params: ReviewParams, marks: Mapping[str, str]) -> list[str]:
    """理论 85.5 分 …, in the order of the rubric."""
    return [f"{c.title} {marks[c.code]}" for c in params.rubric if c.code in marks]


def label_of(criterion: Criterion) -> str:
    return _t("%(title)s（满分%(max)s）") % {"title": criterion.title, "max": plain(criterion.max_score)}


def part_columns(params: ReviewParams) -> tuple[Column, ...]:
    """One column for each part of the rubric."""
    return tuple(
        Column(
            f"{PART}{c.code}",
            label_of(c),
            False,
            help=_t("0 至 %(max)s，最小单位 %(step)s；占总分 %(weight)s%%。")
            % {"max": plain(c.max_score), "step": plain(c.step), "weight": plain(c.weight)},
            width=18,
        )
        for c in params.rubric
    )


def last_columns() -> tuple[Column, ...]:
    return (
        Column(ABSENT, "缺考", False, 4, _t("没有参加的填“是”，各项成绩留空。"), width=8, example=YES),
        Column(NOTE, "备注", False, 200, width=24),
    )


def sheet_of(params: ReviewParams) -> Sheet:
    """The columns of this stage's workbook."""
    return Sheet(
        ResultKind.RESULTS,
        (
            Column(CODE, "申报编号", True, 40, _t("模板已列好，请勿改动。"), width=20),
            Column(TITLE, "名称", False, 200, _t("供核对；与编号对不上时不能导入。"), width=34),
            Column(UNIT, "单位", False, 200, _t("供核对，不导入。"), width=30),
            *part_columns(params),
            *last_columns(),
        ),
        _t("按“申报编号”识别；一行一件，各项成绩须填全。整行没有成绩的不导入。"),
    )


def results_template(params: ReviewParams, entries: Iterable[Entry]) -> bytes:
    """The workbook with every entry under review and what has been recorded of it so far."""
    return filled(sheet_of(params), ((lambda key, e=entry: _stored(e, key)) for entry in entries))


def filled(sheet: Sheet, lines: Iterable[Callable[[str], str]]) -> bytes:
    """The template of ``sheet`` with one line for each function from a column's key to its text."""
    book = load_workbook(BytesIO(template(sheet)))
    data = book[DATA]
    for number, text_of in enumerate(lines, 2):
        for position, column in enumerate(sheet.columns, 1):
            cell = data.cell(number, position, text_of(column.key))
            cell.number_format = "@"
            cell.data_type = "s"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _stored(entry: Entry, key: str) -> str:
    facts = {CODE: entry.code, TITLE: entry.title, UNIT: entry.organisation.name}
    if key in facts:
        return facts[key]
    return recorded(getattr(entry, "contest_result", None), key)


def recorded(result: Any, key: str) -> str:
    """What stands in a column of marks; ``result`` has marks, absent and note, or is None."""
    if result is None:
        return ""
    if key.startswith(PART):
        return result.marks.get(key.removeprefix(PART), "")
    return (YES if result.absent else "") if key == ABSENT else result.note


def read_results(content: bytes, params: ReviewParams, entries: Mapping[str, Entry]) -> Plan:
    """Every line against the entries under review (by code). Raises Invalid when the file cannot be read at all.

    Problems carry their line; a plan with problems must not be applied.
    """
    sheet = sheet_of(params)
    reading = read(content, sheet)
    plan = Plan(problems=list(reading.problems), count=reading.count)
    seen: dict[str, int] = {}
    for row in reading.rows:
        _check_row(row, params, entries, seen, plan)
    plan.problems.sort(key=lambda problem: (problem.row, problem.column))
    return plan


def _check_row(row: Row, params: ReviewParams, entries: Mapping[str, Entry], seen: dict[str, int], plan: Plan) -> None:
    code = row[CODE]
    if code in seen:
        text = _t("与第%(row)s行重复：同一申报编号只能有一行。") % {"row": seen[code]}
        plan.problems.append(Problem(row.number, "申报编号", text))
        return
    seen[code] = row.number
    entry = entries.get(code)
    if entry is None:
        text = _t("没有编号为“%(code)s”、正在评审的申报件。") % {"code": code}
        plan.problems.append(Problem(row.number, "申报编号", text))
        return
    if row[TITLE] and row[TITLE] != entry.title.strip():
        text = _t("编号“%(code)s”的名称是“%(title)s”，与本行不符，请核对是否错行。")
        plan.problems.append(Problem(row.number, "名称", text % {"code": code, "title": entry.title}))
        return
    marks, absent, problems = marks_of(row, params)
    if not absent and not marks and not problems:
        plan.unchanged += 1  # nothing recorded yet
        return
    result = getattr(entry, "contest_result", None)
    problems += confirmed_otherwise(row, result, marks, absent)
    plan.problems += problems
    if problems:
        return
    if is_recorded(row, result, marks, absent):
        plan.unchanged += 1
        return
    plan.changes.append(Change(row.number, entry, marks, absent, row[NOTE] or "", is_new=result is None))


def marks_of(row: Row, params: ReviewParams) -> tuple[dict[str, str], bool, list[Problem]]:
    """Marks by part, whether absent, and what is wrong with the line; a line without a word has nothing of all three."""
    marks, problems = _marks(row, params)
    absent = row[ABSENT] == YES
    if row[ABSENT] and not absent:
        problems.append(Problem(row.number, "缺考", _t("只能填“是”或留空。")))
    if absent and marks:
        problems.append(Problem(row.number, "缺考", _t("缺考的各项成绩应留空。")))
    if not absent and (marks or problems):
        problems += [
            Problem(row.number, label_of(c), _t("没有填写")) for c in params.rubric
            if c.code not in marks and not any(p.column == label_of(c) for p in problems)
        ]  # fmt: skip
    return marks, absent, problems


def _marks(row: Row, params: ReviewParams) -> tuple[dict[str, str], list[Problem]]:
    marks, problems = {}, []
    for criterion in params.rubric:
        try:
            value = parse_mark(criterion, row[f"{PART}{criterion.code}"] or "")
        except MarkError as error:
            problems.append(Problem(row.number, label_of(criterion), str(error)))
            continue
        if value is not None:
            marks[criterion.code] = plain(value)
    return marks, problems


def _is_same(result: Any, marks: Mapping[str, str], absent: bool) -> bool:
    return result is not None and result.absent == absent and _numbers(result.marks) == _numbers(marks)


def _numbers(marks: Mapping[str, str]) -> dict[str, Decimal]:
    return {code: Decimal(value) for code, value in marks.items()}


def confirmed_otherwise(row: Row, result: Any, marks: Mapping[str, str], absent: bool) -> list[Problem]:
    """The problem of a line that contradicts marks which a second person has confirmed."""
    if result is None or not result.is_confirmed or _is_same(result, marks, absent):
        return []
    return [Problem(row.number, "", _t("成绩已经确认，与本行不同；需要更正时请先在页面上退回。"))]


def is_recorded(row: Row, result: Any, marks: Mapping[str, str], absent: bool) -> bool:
    """Whether the line says what is recorded already."""
    if not _is_same(result, marks, absent):
        return False
    return result.is_confirmed or (result.state == "recorded" and result.note == (row[NOTE] or ""))
