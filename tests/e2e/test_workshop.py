"""A manager makes a programme from nothing, opens it; an enterprise enters; the cycle runs to its end."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.accounts.scopes import scope_of
from portal.core.dates import local_date
from portal.core.scoping import scope
from portal.lifecycle.conferral.domain import issue_conferral
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.domain import close_stage, open_stage
from portal.lifecycle.programmes.models import Cycle, Programme
from portal.lifecycle.recommendation.domain import endorse_entry
from portal.lifecycle.selection.domain import approve_round, produce_round
from portal.lifecycle.workshop.models import BlueprintDraft
from tests.e2e.steps import press, said
from tests.factories.notices import end_notice, make_decision, make_notice
from tests.factories.review import assign, make_expert, make_panel, mark_share

pytestmark = [pytest.mark.browser, pytest.mark.integration]
TITLE, ENTRY = "职工安全微视频评选", "三分钟看懂有限空间作业"


def part(page, name):
    """Opens a part of the blueprint from the contents on the left."""
    page.get_by_role("navigation", name="方案目录").get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", name=name, level=2)).to_be_visible()


def rows_of(page, name):
    return [box.input_value() for box in page.locator(f'tbody[data-rows-of="{name}"] input[name$="__label"]').all()]


def sheet(page):
    """The form of the open part; sources have forms of their own below it."""
    return page.locator("#page-form")


def begin(page, look):
    page.goto("/desk/drafts/")
    look(page)
    page.get_by_role("link", name="从零新建").click()
    page.get_by_label("项目名称").fill(TITLE)
    page.get_by_label("代码").fill("safety-video")
    page.get_by_label("板块").select_option("safety")
    page.get_by_label("成果（作品）").check()
    page.get_by_label("每年一届").check()
    press(page, "建立草稿")
    said(page, "检查通过，可以发布")
    sheet(page).get_by_label("简介").fill("一线职工自拍自编的安全微视频。")
    press(page, "保存这一页")
    said(page, "已保存")
    look(page)


def write_form(page, look):
    """A question with two answers is added, set, and dragged to the first place; a second part follows."""
    part(page, "一、基本情况")
    sheet(page).get_by_label("新字段的类型").select_option("choice")
    press(page, "增加字段")
    page.wait_for_url("**fields%5B3%5D")
    sheet(page).get_by_label("名称", exact=True).fill("视频类型")
    sheet(page).get_by_label("选项一 · 名称").fill("操作示范")
    sheet(page).get_by_label("选项二 · 名称").fill("事故警示")
    sheet(page).get_by_label("必填", exact=True).check()
    press(page, "保存这一页")
    said(page, "已保存")
    part(page, "一、基本情况")
    handles = page.locator('tbody[data-rows-of="fields"] .drag-handle')
    handles.nth(3).drag_to(handles.nth(0), target_position={"x": 4, "y": 2})
    said(page, "已保存")
    assert rows_of(page, "fields") == ["视频类型", "成果名称", "主要事迹（内容）", "同意公示和公开"]
    press(page, "下移“视频类型”")  # and back, by a button that the keyboard reaches
    said(page, "已保存")
    assert rows_of(page, "fields")[:2] == ["成果名称", "视频类型"]
    look(page)
    part(page, "表单")
    press(page, "增加一部分")
    sheet(page).get_by_label("名称", exact=True).fill("二、制作情况")
    press(page, "保存这一页")
    said(page, "已保存")


def set_stages(page, look):
    """A stage on and off again; the rubric gets a third criterion, and its sum is shown as it grows."""
    part(page, "环节")
    press(page, "启用“资格审查与联审”")
    said(page, "10 个工作日")
    press(page, "关掉“资格审查与联审”", confirm=True)
    expect(page.get_by_role("button", name="启用“资格审查与联审”")).to_be_visible()
    part(page, "专家评审")
    sheet(page).get_by_label("创新与成效 · 权重").fill("50")
    total = page.locator("[data-sum-value]")
    expect(total).to_have_text("90")
    press(page, "增加评分项")
    sheet(page).get_by_label("名称", exact=True).fill("制作水平")
    sheet(page).get_by_label("权重", exact=True).fill("20")
    press(page, "保存这一页")
    said(page, "还有 1 处问题")
    page.get_by_text("全部问题").click()
    page.get_by_role("link", name="去修改").click()
    expect(page.locator("[data-workshop-page] .notice")).to_contain_text("各项权重之和应为 100，现为 110")
    sheet(page).get_by_label("推广价值 · 权重").fill("30")
    expect(total).to_have_text("100")
    press(page, "保存这一页")
    said(page, "检查通过，可以发布")
    look(page)


def publish(page, look):
    page.get_by_role("link", name="预览").click()
    said(page, "视频类型")
    page.get_by_role("link", name="评审专家看到的").click()
    said(page, "制作水平")
    page.get_by_role("link", name="比较与发布").click()
    said(page, "发布后为第 1 版")
    look(page)
    page.get_by_label("修改说明").fill("新设项目。")
    press(page, "发布方案", confirm=True)
    said(page, "第1版已发布")


def open_cycle(page):
    page.get_by_role("link", name="开设届次").click()
    now = timezone.now()
    page.get_by_label("评选年度").fill(str(local_date(now).year))
    page.get_by_label("申报开始日期").fill(local_date(now).isoformat())
    press(page, "按方案日期直接开设")
    page.wait_for_url("**/desk/cycles/*/")
    return Cycle.objects.get(programme__code="safety-video")


def enter(page, cycle):
    """The unit fills in both parts and submits."""
    page.goto(f"/desk/entries/new/{cycle.pk}/")
    page.get_by_label("成果名称").fill(ENTRY)
    press(page, "开始填报")
    page.wait_for_url("**/edit/basic/")
    page.get_by_label("事故警示").check()
    page.get_by_label("主要事迹（内容）").fill("用真实案例讲清有限空间作业的七道关口。")
    page.locator('[name="consent"]').check()
    press(page, "保存并填下一部分")
    page.get_by_label("情况说明").fill("班组自拍，手机拍摄，用时两天。")
    press(page, "保存并检查提交")
    press(page, "提交申报", confirm=True)
    said(page, "已提交")


def turn(cycle, kind, *, actor, opening):
    """Ends or opens one stage, unless it stands so already."""
    stage = cycle.stages.get(kind=kind)
    if opening and stage.status == "pending":
        open_stage(stage=stage, actor=actor, now=timezone.now())
    if not opening and stage.status == "open":
        close_stage(stage=stage, actor=actor, now=timezone.now())


def run_to_its_end(tree, cycle, entry):
    """What other journeys prove page by page, here by the functions behind the pages."""
    for kind in ("application", "recommendation"):
        turn(cycle, kind, actor=tree.manager, opening=True)
    for actor in (tree.unit_checker, tree.zone_checker, tree.district_checker):
        entry = endorse_entry(entry=entry, actor=actor, now=timezone.now(), opinion="同意推荐。")
    assert entry.state == EntryState.RECOMMENDED
    for kind in ("application", "recommendation"):
        turn(cycle, kind, actor=tree.manager, opening=False)
    turn(cycle, "review", actor=tree.manager, opening=True)
    entry = Entry.objects.get(pk=entry.pk)
    if entry.state == EntryState.RECOMMENDED:
        entry = perform(entry, "begin_review", actor=tree.manager, now=timezone.now())
    experts = [make_expert(tree) for _n in range(3)]
    for sheet in assign(make_panel(cycle, experts), entry, *experts):
        mark_share(sheet, 0.9)
    perform(entry, "complete_review", actor=tree.manager, now=timezone.now())
    turn(cycle, "review", actor=tree.manager, opening=False)
    turn(cycle, "selection", actor=tree.manager, opening=True)
    stage = cycle.stages.get(kind="selection")
    round_ = produce_round(actor=tree.manager, stage_id=stage.pk, number=1, now=timezone.now())
    approve_round(actor=tree.manager, round_=round_, note="主席办公会审定。", now=timezone.now())
    turn(cycle, "selection", actor=tree.manager, opening=False)
    turn(cycle, "notice", actor=tree.manager, opening=True)
    end_notice(make_notice([entry], tree.manager))
    turn(cycle, "notice", actor=tree.manager, opening=False)
    turn(cycle, "conferral", actor=tree.manager, opening=True)
    decision = make_decision(cycle, tree.manager)
    with scope(scope_of(tree.manager)):
        issue_conferral(conferral=decision, actor=tree.manager, now=timezone.now())


def test_a_programme_from_nothing_runs_to_its_end(tianjin, at_desk, look, all_rows):
    page = at_desk(tianjin.manager)
    begin(page, look)
    write_form(page, look)
    set_stages(page, look)
    publish(page, look)
    assert Programme.objects.get(code="safety-video").blueprints.get().version == 1
    assert BlueprintDraft.objects.get().status == "published"
    cycle = open_cycle(page)

    unit = at_desk(tianjin.filer)
    enter(unit, cycle)
    entry = Entry.objects.get(cycle=cycle)
    assert entry.state == EntryState.SUBMITTED
    assert entry.title == ENTRY

    run_to_its_end(tianjin, cycle, entry)
    assert Entry.objects.get(pk=entry.pk).state == EntryState.CONFERRED
    unit.goto(f"/desk/entries/{entry.code}/")
    said(unit, "已命名")
