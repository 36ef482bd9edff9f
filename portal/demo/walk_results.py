"""Results of a contest: typed and imported by name, or under codes that two officers draw and two people decode."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import resolve, reverse
from openpyxl import load_workbook

from portal.accounts.enums import Role
from portal.accounts.imports.template import DATA
from portal.demo.desk import Desk, PageProblem
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.review.imported.workbook import label_of
from portal.web.exports import XLSX

if TYPE_CHECKING:
    from portal.demo.walk import Walk
    from portal.lifecycle.blueprints.stages import Criterion, ReviewParams


def points(walk: Walk, criterion: Criterion) -> str:
    """Between 84 and 96 percent: above every floor and line, and within a spread that nobody questions."""
    share = walk.rng.randint(84, 96)
    return str(int(criterion.max_score * share / 100) or criterion.max_score)


def by_name(walk: Walk, stage: int, params: ReviewParams) -> None:
    """The first result by hand at one desk, the others as a workbook; confirmed at the other desk."""
    entries = walk.in_state(EntryState.IN_REVIEW)
    for entry in entries[:1]:
        walk.city_checker.fill_in("lifecycle:result.edit", entry.pk, **typed_marks(walk, entry, params))
    if entries[1:]:
        _results_file(walk, stage, params)
    walk.manager.open("lifecycle:result.list", stage)
    walk.manager.fill_in("lifecycle:result.confirm_all", stage, checked="on")


def _results_file(walk: Walk, stage: int, params: ReviewParams) -> None:
    content = filled_template(walk, walk.city_checker.download("lifecycle:result.template", stage), params)
    file = SimpleUploadedFile("成绩单.xlsx", content, XLSX)
    import_file(walk.city_checker, "lifecycle:result", stage, file)


def filled_template(walk: Walk, template: bytes, params: ReviewParams) -> bytes:
    """The workbook of the page, its empty lines filled in as on a desk."""
    book = load_workbook(BytesIO(template))
    lines = book[DATA]
    heads = {str(cell.value).strip("*＊ "): cell.column for cell in lines[1]}
    for criterion in params.rubric:
        column = next(heads[head] for head in heads if head.startswith(label_of(criterion)))
        for row in range(2, lines.max_row + 1):
            if lines.cell(row, 1).value and not lines.cell(row, column).value:
                lines.cell(row, column).value = points(walk, criterion)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def import_file(desk: Desk, room: str, stage: int, file: SimpleUploadedFile) -> None:
    """Uploaded, tried, applied; ``room`` has the pages ``upload``, ``batch`` and ``apply``."""
    batch = resolve(urlsplit(desk.press(f"{room}.upload", stage, file=file)).path).kwargs["pk"]
    checked = desk.open(f"{room}.batch", batch)
    if reverse(f"{room}.apply", args=[batch]) not in {form.get("action") for form in checked.tree.forms}:
        raise PageProblem(checked.url, checked.problems() or "成绩单不能导入")
    desk.press(f"{room}.apply", batch)


def typed_marks(walk: Walk, where: object, params: ReviewParams) -> dict[str, str]:
    if not params.rubric:
        raise PageProblem(str(where), "导入成绩的项目没有成绩项")
    return {f"mark_{criterion.code}": points(walk, criterion) for criterion in params.rubric}


def by_code(walk: Walk, stage: int, params: ReviewParams) -> None:
    """Two layers: the manager draws, then the checker, who also records. One layer: its holder, the checker, may see no
    marks, so a colleague records. The manager confirms; the first mark is typed, the others come as a workbook.
    """
    manager, checker, is_double = walk.manager, walk.city_checker, params.codes.layers > 1
    first, recorder = (manager, checker) if is_double else (checker, _colleague(walk))
    first.fill_in("lifecycle:codes.draw", stage, 1)
    first.open("lifecycle:codes.table", stage)
    if is_double:
        checker.fill_in("lifecycle:codes.draw", stage, 2)
    codes = _codes(recorder, stage)
    recorder.fill_in("lifecycle:codes.mark", stage, codes[0], **typed_marks(walk, codes[0], params))
    if codes[1:]:
        content = filled_template(walk, recorder.download("lifecycle:codes.template", stage), params)
        import_file(recorder, "lifecycle:codes", stage, SimpleUploadedFile("按码成绩单.xlsx", content, XLSX))
    manager.fill_in("lifecycle:codes.confirm", stage, checked="on")
    for desk in (checker, manager):
        desk.fill_in("lifecycle:codes.decode", stage)
    manager.open("lifecycle:result.list", stage)


def _colleague(walk: Walk) -> Desk:
    federation = walk.federation
    with transaction.atomic():
        return walk.desk(federation.person(federation.municipal, Role.CHECKER, username="dengjian", name="邓建国"))


def _codes(desk: Desk, stage: int) -> list[str]:
    page = desk.open("lifecycle:codes.marks", stage)
    codes = [str(text).strip() for text in page.tree.xpath('//td[contains(@class,"phone-title")]/strong/text()')]
    if not codes:
        raise PageProblem(page.url, "抽签以后没有码可以录入成绩")
    return codes
