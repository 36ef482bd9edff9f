"""An expert reviews without learning whose work it is."""

import pytest
from playwright.sync_api import expect

from portal.lifecycle.review.models import Assignment, AssignmentState
from tests.e2e.steps import press, said
from tests.factories.entries import make_cycle
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel, mark_share

pytestmark = [pytest.mark.browser, pytest.mark.integration]
FIRST, SECOND = "焊接飞溅收集装置", "车床快换夹具"
MARKS = {"创新性": "27", "先进性与技术难度": "12", "实用性": "18", "经济社会效益": "16", "推广应用": "13"}


@pytest.fixture
def sheets(tianjin):
    """Two entries, three experts; the others have already marked the first one."""
    cycle = make_cycle(
        tianjin,
        "five-small-top20",
        stage="review",
        params={"review": {"experts_per_entry": 3, "show_marks_after": True}},
    )
    experts = [make_expert(tianjin, name) for name in ("沈知行", "严守正", "许问之")]
    panel = make_panel(cycle, experts)
    first = make_entry_in_review(cycle, tianjin.filer, title=FIRST)
    second = make_entry_in_review(cycle, tianjin.filer, title=SECOND)
    mine, *others = assign(panel, first, *experts)
    for other in others:
        mark_share(other, "0.91")
    to_leave = assign(panel, second, experts[0])[0]
    return experts[0], mine, to_leave


def test_expert_marks_blind_and_recuses(sheets, tianjin, at_desk, look, all_rows):
    expert, mine, to_leave = sheets
    page = at_desk(expert)
    page.goto("/review/")
    said(page, mine.entry.review_code)
    look(page)

    page.goto(f"/review/{mine.pk}/")
    look(page)
    text = page.content()
    names = [tianjin.employer.name, tianjin.unit.name, tianjin.district.name, tianjin.filer.user.name, mine.entry.code]
    names += [row["name"] for row in mine.entry.answers["completers"]]
    assert not [name for name in names if name in text]
    expect(page.get_by_text("其他专家评分")).to_have_count(0)

    # Out of range: said at once. In range: kept at once.
    page.get_by_label("创新性").fill("31")
    expect(page.locator("#status-innovation")).to_contain_text("30")
    for title, value in MARKS.items():
        box = page.get_by_label(title, exact=True)
        with page.expect_response("**/save/"):
            box.fill(value)
        expect(box.locator("xpath=ancestor::*[@data-mark-line]").get_by_text("已保存")).to_be_visible()
    page.close()
    page = at_desk(expert)
    page.goto(f"/review/{mine.pk}/")
    for title, value in MARKS.items():
        expect(page.get_by_label(title, exact=True)).to_have_value(value)
    expect(page.get_by_text("其他专家评分")).to_have_count(0)
    press(page, "提交评分", confirm=True)
    said(page, "已提交")
    mine = Assignment.objects.get(pk=mine.pk)
    assert mine.state == AssignmentState.SUBMITTED

    # One's own marks are in: now the others' are shown, without names.
    page.goto(f"/review/{mine.pk}/")
    said(page, "其他专家评分（不署名）")
    expect(page.get_by_text("严守正")).to_have_count(0)

    page.goto(f"/review/{to_leave.pk}/")
    page.get_by_role("link", name="回避").first.click()
    page.get_by_label("回避原因").fill("本人曾指导该成果的试验。")
    press(page, "确认回避")
    said(page, "已回避")
    assert Assignment.objects.get(pk=to_leave.pk).state == AssignmentState.RECUSED
