"""What programmes do that the journeys of the five small ones do not: results files, visits, grants out of a budget."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from portal.accounts.enums import Role
from portal.accounts.imports.template import DATA
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.imported.workbook import label_of
from portal.lifecycle.review.visits.models import Visit
from portal.lifecycle.selection.models import Selection
from portal.web.exports import XLSX
from tests.e2e.steps import press, said
from tests.factories.entries import make_cycle
from tests.factories.people import make_actor
from tests.factories.review import make_entry_in_review, review_stage
from tests.factories.rounds import Case

pytestmark = [pytest.mark.browser, pytest.mark.integration]


def fill_in(content, stage, marks):
    """The downloaded workbook with the same mark in every part of a line."""
    book = load_workbook(BytesIO(content))
    lines = book[DATA]
    heads = {str(cell.value): cell.column for cell in lines[1]}
    for criterion in params_of(stage).rubric:
        column = next(number for head, number in heads.items() if head.startswith(label_of(criterion)))
        for row, mark in enumerate(marks, 2):
            lines.cell(row, column).value = mark
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def complete(page, count):
    """From the list of entries under review: all of the page are done."""
    page.get_by_label("选择本页全部").check()
    press(page, "完成评审")
    press(page, f"完成评审（{count} 条）")
    said(page, f"已办理 {count} 条")


def test_results_come_as_a_workbook_and_a_second_person_confirms(tianjin, at_desk, look, all_rows):
    cycle = make_cycle(tianjin, "manufacturing-chain", stage="review")
    stage, second = review_stage(cycle), make_actor(tianjin.municipal, Role.MANAGER, "复核人")
    entries = [make_entry_in_review(cycle, unit) for unit in (tianjin.filer, tianjin.group_filer)]
    page = at_desk(tianjin.manager)
    page.goto(f"/desk/results/{stage.pk}/")
    look(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载成绩单模板").click()
    content = waiting.value.path().read_bytes()

    # A mark that cannot be: the line is named, nothing is taken over.
    page.get_by_role("link", name="导入成绩单").first.click()
    choose = page.locator("main input[type=file]")
    choose.set_input_files({"name": "错.xlsx", "mimeType": XLSX, "buffer": fill_in(content, stage, ["900", "80"])})
    press(page, "上传并试导")
    expect(page.get_by_role("button", name="正式导入")).to_have_count(0)
    look(page)
    page.get_by_role("link", name="修改后重新上传").click()
    choose.set_input_files({"name": "对.xlsx", "mimeType": XLSX, "buffer": fill_in(content, stage, ["10", "8"])})
    press(page, "上传并试导")
    press(page, "正式导入", confirm=True)
    said(page, "等待另一人确认")

    # Who recorded cannot confirm; another person does, and the review is complete.
    other = at_desk(second)
    other.goto(f"/desk/results/{stage.pk}/")
    other.get_by_role("link", name="全部确认").click()
    other.get_by_label("已与裁判组签字的原始成绩单逐件核对").check()
    press(other, "确认成绩")
    said(other, "已确认 2 件成绩")
    look(other)
    other.goto(f"/desk/reviews/{stage.pk}/entries/")
    complete(other, 2)
    assert {e.state for e in Entry.objects.filter(pk__in=[e.pk for e in entries])} == {EntryState.REVIEWED}


def test_visit_is_planned_from_the_menu_and_its_record_opens(tianjin, at_desk, look, all_rows):
    cycle = make_cycle(tianjin, "demonstration-project", stage="review")
    stage, rules = review_stage(cycle), cycle.rules.stage("review").params.visit
    make_actor(tianjin.municipal, Role.CHECKER, "同行人")
    make_entry_in_review(cycle, tianjin.filer)
    page = at_desk(tianjin.manager)
    page.goto("/desk/")
    page.locator("#menu summary").filter(has_text="评审").click()
    page.locator("#menu").get_by_role("link", name="实地考察").click()
    page.get_by_role("link", name=str(cycle)).click()
    look(page)
    page.get_by_label("选择本页全部").check()
    press(page, "安排考察")
    page.get_by_label("考察日期").fill(cycle.period_start.isoformat())
    for person in page.get_by_role("group", name="考察人员").get_by_role("checkbox").all()[: rules.minimum_visitors]:
        person.check()
    page.locator("main form button[type=submit]").last.click()
    said(page, "已办理 1 条")
    visit = Visit.objects.get(entry__cycle=cycle)
    page.goto(f"/desk/reviews/visits/{visit.pk}/")
    look(page)
    assert stage.pk == visit.entry.cycle.stages.get(kind="review").pk


def test_budget_is_spent_by_rank_and_the_sums_are_shown(tianjin, at_desk, look, all_rows):
    case = Case(tianjin, (0.95, 0.9, 0.85), toml="innovation-subsidy")
    page = at_desk(tianjin.manager)
    round_ = case.produce()
    page.goto(f"/desk/rounds/{round_.pk}/")
    said(page, "待审定，尚未生效")
    look(page)
    page.get_by_role("link", name="审定结果").click()
    page.get_by_label("审定意见").fill("经市总工会主席办公会审议通过。")
    press(page, "审定通过", confirm=True)
    said(page, "评选结果已审定")
    best = Selection.objects.get(round=round_, entry=case.entries[0])
    assert best.outcome == "selected"
    assert Entry.objects.get(pk=case.entries[0].pk).state == EntryState.SELECTED
