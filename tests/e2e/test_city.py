"""The federation's desk: clearance, experts, the round by a real worker, approval, notice, conferral, certificate."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.lifecycle.clearance.domain import request_clearances
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.models import Assignment
from portal.lifecycle.selection.models import Selection
from tests.e2e.steps import press, said
from tests.factories.entries import make_cycle, make_entry
from tests.factories.review import make_expert, mark_share
from tests.live_plugin import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]
TITLES = ("焊接飞溅收集装置", "车床快换夹具", "皮带机自动纠偏器")
SHARES = dict(zip(TITLES, ("0.70", "0.92", "0.81"), strict=True))
RULES = {
    "review": {"experts_per_entry": 3},
    "selection": {"places": 2, "reserves": 1},
}


@pytest.fixture
def cycle(tianjin):
    """Three entries have been recommended to the city; they are being cleared."""
    cycle = make_cycle(tianjin, "five-small-top20", stage="clearance", params=RULES)
    for number in range(1, 5):
        make_expert(tianjin, f"评审专家{number}")
    for title in TITLES:
        request_clearances(entry=make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED, title=title))
    return cycle


def in_state(cycle, state):
    return Entry.objects.filter(cycle=cycle, state=state).count()


def next_stage(page, cycle, kind, button, text):
    """Ends or opens a stage on the cycle's page."""
    page.goto(f"/desk/cycles/{cycle.pk}/")
    title = cycle.stages.get(kind=kind).title
    row = page.get_by_role("row").filter(has=page.get_by_role("cell", name=title))
    row.get_by_role("button", name=button).click()
    page.locator("[data-confirm-yes]").click()
    said(page, text)


def clear_all(page, cycle):
    for entry in Entry.objects.filter(cycle=cycle):
        page.goto(f"/desk/clearances/{entry.code}/")
        for choice in page.get_by_role("radio", name="同意", exact=True).all():
            choice.check()
        press(page, "保存意见")
        said(page, "已全部同意")


def assign_experts(page, stage):
    page.goto(f"/desk/reviews/{stage.pk}/panels/")
    page.get_by_role("link", name="新建评审组").click()
    page.get_by_label("名称").fill("综合评审组")
    for number in range(1, 5):
        page.get_by_label(f"评审专家{number}").check()
    press(page, "保存评审组")
    said(page, "已设立“综合评审组”")
    page.get_by_role("link", name="自动分配").click()
    said(page, "方案还没有生效")


def complete_reviews(page, cycle, look):
    """A panel, the proposal, the experts' marks (their own journey: test_expert.py), the end of the review."""
    wait_until(lambda: in_state(cycle, EntryState.IN_REVIEW) == len(TITLES))
    review = cycle.stages.get(kind="review")
    assign_experts(page, review)  # the proposal is shown before it counts
    look(page)
    press(page, "采用这个方案")
    said(page, "已分配")
    sheets = list(Assignment.objects.filter(panel__stage=review).order_by("pk"))
    assert len(sheets) == 3 * len(TITLES)
    for sheet in sheets:
        mark_share(sheet, SHARES[sheet.entry.title])
    page.goto(f"/desk/reviews/{review.pk}/")
    said(page, "评分表提交进度")
    look(page)
    page.goto(f"/desk/reviews/{review.pk}/entries/")
    page.get_by_label("选择本页全部").check()
    press(page, "完成评审")
    press(page, "完成评审（3 条）")
    said(page, "已办理 3 条")
    next_stage(page, cycle, "review", "结束", "已结束")


def select(page, cycle, look):
    """Opening the selection starts the job; the worker produces the round; people look at it and approve."""
    next_stage(page, cycle, "selection", "开启", "已开启")
    rows = Selection.objects.filter(round__stage__cycle=cycle)
    wait_until(lambda: rows.count() == len(TITLES), 60)
    assert in_state(cycle, EntryState.SELECTED) == 0  # nothing counts before approval
    page.goto(f"/desk/rounds/{rows[0].round_id}/")
    said(page, "待审定，尚未生效")
    for title in TITLES:
        said(page, title)
    look(page)
    page.get_by_role("link", name="审定结果").click()
    page.get_by_label("审定意见").fill("经市总工会主席办公会审议通过。")
    press(page, "审定通过", confirm=True)
    said(page, "评选结果已审定")
    ranking = Entry.objects.filter(cycle=cycle).order_by("final_rank").values_list("title", "state")
    assert list(ranking) == [(TITLES[1], "selected"), (TITLES[2], "selected"), (TITLES[0], "reserve")]
    next_stage(page, cycle, "selection", "结束", "已结束")


def show_in_public(page, public, cycle, look, days_pass):
    """The notice, read by everybody, and its days; beat's job ends it."""
    next_stage(page, cycle, "notice", "开启", "已开启")
    page.goto("/desk/notices/new/")
    page.get_by_role("link", name="拟定公示").click()
    press(page, "保存为公示稿")
    press(page, "发布公示", confirm=True)
    said(page, "公示已发布")
    look(page)
    public.goto("/public/notices/")
    public.get_by_role("link", name=cycle.rules.honour.title).first.click()
    said(public, TITLES[1])
    expect(public.get_by_text(TITLES[0])).to_have_count(0)  # only the frozen list, no reserves
    days_pass(16)
    wait_until(lambda: in_state(cycle, EntryState.CONFIRMED) == 2, 60)


def confer(page, cycle, look):
    """The decision; certificates are numbered when it is issued."""
    if cycle.stages.get(kind="notice").status == "open":
        next_stage(page, cycle, "notice", "结束", "已结束")
    if cycle.stages.get(kind="conferral").status == "pending":
        next_stage(page, cycle, "conferral", "开启", "已开启")
    page.goto("/desk/conferrals/new/")
    page.get_by_role("link", name="拟定决定").click()
    page.get_by_label("发文字号").fill("津工发〔2026〕88号")
    press(page, "保存决定稿")
    look(page)
    press(page, "印发并命名", confirm=True)
    said(page, "已印发")
    assert in_state(cycle, EntryState.CONFERRED) == 2
    look(page)


@pytest.mark.row(45)
def test_city_from_clearance_to_certificate(cycle, tianjin, celery_worker, at_desk, look, days_pass, all_rows):
    page, public = at_desk(tianjin.manager), at_desk()
    page.goto("/desk/")
    look(page)
    clear_all(page, cycle)
    page.goto("/desk/clearances/")
    look(page)
    next_stage(page, cycle, "clearance", "结束", "已结束")
    next_stage(page, cycle, "review", "开启", "已开启")
    look(page)
    complete_reviews(page, cycle, look)
    select(page, cycle, look)
    show_in_public(page, public, cycle, look, days_pass)
    confer(page, cycle, look)

    with page.expect_download() as download:
        page.get_by_role("link", name="证书", exact=True).first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    public.goto("/public/verify/")
    public.get_by_label("证书编号").fill(page.locator(".serial").first.inner_text())
    press(public, "核验")
    said(public, "核验通过")
