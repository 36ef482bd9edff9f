"""A contest under codes: drawn by two officers, marks imported by code and checked; decoding is left to the reader."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from portal.accounts.enums import Role
from portal.accounts.imports.template import DATA
from portal.lifecycle.review.codes import domain, marking, queries
from portal.lifecycle.review.codes.models import FIRST, SECOND
from portal.lifecycle.review.codes.workbook import marks_template

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.demo.story import Story
    from portal.lifecycle.blueprints.stages import ReviewParams


def mark_by_code(story: Story, params: ReviewParams, *, share: float) -> None:
    """Half of the marks are confirmed, the others wait for the manager; with the whole share all are, and decoded."""
    stage = story.cycle.stages.select_related("cycle__owner").get(kind="review")
    if not queries.subjects(stage):
        return
    manager, checker = story.federation.manager, story.federation.city_checker
    is_double = params.codes.layers > FIRST
    first, recorder = (manager, checker) if is_double else (checker, _colleague(story))
    domain.draw(actor=first, stage=stage, layer=FIRST, now=story.clock)
    if is_double:
        domain.draw(actor=checker, stage=stage, layer=SECOND, now=story.clock)
    codes = queries.last_codes(stage)
    chosen = codes[: max(1, round(len(codes) * share))]
    halves = (chosen[: len(chosen) // 2], chosen) if share < 1 else (chosen,)
    for number, part in enumerate(halves):
        batch = marking.upload_marks(
            actor=recorder, stage=stage, content=_workbook(story, params, codes, part), now=story.clock
        )
        marking.apply_marks(actor=recorder, batch=batch, now=story.clock)
        if share >= 1 or not number:
            marking.confirm_marks(actor=manager, stage=stage, now=story.clock)
    if share >= 1:
        for officer in (first, checker if is_double else manager):
            domain.approve(actor=officer, stage=stage, now=story.clock)


def _colleague(story: Story) -> Actor:
    federation = story.federation
    return federation.person(federation.municipal, Role.CHECKER, name="邓建国")


def _workbook(story: Story, params: ReviewParams, codes: list[str], part: list[str]) -> bytes:
    """The template with figures for some codes, from 70 to 97 percent; what is confirmed stays as it is."""
    stage = story.cycle.stages.get(kind="review")
    known = queries.marks(stage)
    book = load_workbook(BytesIO(marks_template(params, codes, known)))
    data = book[DATA]
    for row in range(2, len(codes) + 2):
        code = data.cell(row, 1).value
        if code not in part or code in known:
            continue
        level = story.rng.uniform(0.7, 0.97)
        for column, criterion in enumerate(params.rubric, 2):
            points = float(criterion.max_score) * (level - column / 100)
            data.cell(row, column).value = str(int(points))
    content = BytesIO()
    book.save(content)
    return content.getvalue()
