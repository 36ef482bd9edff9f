"""A competition of the year at the desks of two municipal roots: filed with a co-host, confirmed there, reviewed, amended,
reported; and a union's competition filed, returned, put right and accepted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from competitions.filings.models import CompetitionFiling
from portal.core.dates import local_date
from portal.core.scoping import system_scope
from tests.e2e.steps import press, said
from tests.factories import filings as make

pytestmark = [pytest.mark.browser, pytest.mark.integration]
NOW = timezone.now()


@pytest.fixture
def catalogue(tianjin):
    make.make_catalogue(tianjin, now=NOW)


def fill_filing(page, title):
    """The long form as a person fills it: rows are added by button."""
    today = local_date(NOW)
    first, last = dt.date(today.year, 1, 1), dt.date(today.year, 12, 31)
    page.get_by_label("竞赛名称").fill(title)
    page.locator('[name="kind"]').select_option(label="引领性劳动竞赛")
    page.get_by_label("京津冀协同发展", exact=True).check()
    page.locator('[name="committee-0-seat"]').select_option(label="主任")
    page.locator('[name="committee-0-name"]').fill("示例主任")
    page.locator('[name="committee-0-post"]').fill("行政主要负责人")
    page.locator('[name="committee-0-is_administrative"]').check()
    page.locator('[data-rows="committee"] [data-rows-add]').click()
    page.locator('[name="committee-1-name"]').fill("示例副主任")
    page.locator('[name="committee-1-post"]').fill("工会主席")
    page.get_by_label("竞赛方案", exact=True).fill("选拔赛和决赛两个阶段。")
    page.locator('[name="indicators-0-name"]').fill("职工参赛率")
    page.locator('[name="indicators-0-unit"]').fill("%")
    page.locator('[name="indicators-0-target"]').fill("80")
    page.locator('[name="starts_on"]').fill(f"{first}")
    page.locator('[name="ends_on"]').fill(f"{last}")
    page.get_by_label("预计参赛职工").fill("200")
    page.locator('[name="phases-0-title"]').fill("选拔")
    page.locator('[name="phases-0-starts_on"]').fill(f"{first}")
    page.locator('[name="phases-0-ends_on"]').fill(f"{first + dt.timedelta(days=5)}")
    page.get_by_label("联系科室及电话").fill("劳动和经济工作部 022-00000000")
    page.locator('[name="budget-0-purpose"]').fill("奖励")
    page.locator('[name="budget-0-amount"]').fill("30000")


@pytest.mark.row(50)
@pytest.mark.row(70)
@pytest.mark.usefixtures("catalogue")
def test_filing_and_approval_across_two_municipal_roots(tianjin, hebei, at_desk, look):
    host, guest = at_desk(tianjin.manager), at_desk(hebei.manager)
    host.goto("/desk/filings/")
    look(host)
    host.get_by_role("main").get_by_role("link", name="新建备案").first.click()
    look(host)
    fill_filing(host, "京津冀焊接技能竞赛")
    press(host, "保存草稿")
    said(host, "草稿已保存")
    look(host)
    host.get_by_role("link", name="增加联合主办单位").click()
    host.get_by_label("对应工作台").select_option(label=hebei.municipal.name)
    host.get_by_label("分工").fill("组织河北选拔赛")
    host.get_by_label("报告和总结").check()
    look(host)
    press(host, "增加")
    guest.goto("/desk/filings/joint/")
    said(guest, "没有联合主办的竞赛")  # a draft is shown to nobody
    press(host, "本级立项", confirm=True)
    said(host, "已立项，备案号")

    guest.goto("/desk/")
    said(guest, "核对并确认")
    guest.goto("/desk/filings/joint/")
    look(guest)
    guest.get_by_role("link", name="京津冀焊接技能竞赛").first.click()
    said(guest, "请确认联合主办")
    said(guest, "年终总结")
    expect(guest.get_by_text("撬动效应")).to_have_count(0)  # the budget was not granted
    look(guest)
    press(guest, "已核对，确认")
    said(guest, "已确认联合主办")
    guest.goto("/desk/filings/")
    said(guest, "还没有竞赛备案")  # no list of Hebei holds a competition of Tianjin

    host.goto("/desk/filings/")
    host.get_by_role("link", name="京津冀焊接技能竞赛").first.click()
    said(host, "已确认")
    press(host, "结束", confirm=True)
    said(host, "对方不再能查看")
    with system_scope("test"):
        row = CompetitionFiling.objects.get()
    assert guest.goto(row.get_absolute_url()).status == 404


@pytest.mark.row(171)
@pytest.mark.usefixtures("catalogue")
def test_union_files_is_returned_puts_right_and_is_taken_into_the_plan(tianjin, at_desk, look):
    unit, zone, city = at_desk(tianjin.filer), at_desk(tianjin.zone_checker), at_desk(tianjin.manager)
    unit.goto("/desk/filings/create/")
    unit.get_by_label("竞赛名称").fill("班组焊接竞赛")
    unit.locator('[name="kind"]').select_option(label="班组竞赛")
    press(unit, "保存草稿")
    said(unit, "请至少填写竞赛委员会主任一名。")
    unit.get_by_role("link", name="继续填报").click()
    fill_filing(unit, "班组焊接竞赛")
    press(unit, "保存草稿")
    press(unit, "报上级备案", confirm=True)
    said(unit, f"已报{tianjin.zone.name}备案")

    zone.goto("/desk/")
    said(zone, "审核备案")
    zone.get_by_role("link", name="班组焊接竞赛").first.click()
    zone.get_by_role("link", name="退回补正").click()
    zone.get_by_label("退回原因").fill("请写明奖励办法。")
    press(zone, "退回补正")
    said(zone, "已退回")

    unit.goto("/desk/")
    said(unit, "补正后重报")
    unit.get_by_role("link", name="班组焊接竞赛").first.click()
    said(unit, "请写明奖励办法。")
    look(unit)
    unit.get_by_role("link", name="继续填报").click()
    unit.get_by_label("奖励办法").fill("设一、二、三等奖。")
    press(unit, "保存草稿")
    press(unit, "报上级备案", confirm=True)

    zone.goto("/desk/filings/?review=on")
    zone.get_by_role("link", name="班组焊接竞赛").first.click()
    zone.get_by_role("link", name="同意备案").click()
    press(zone, "同意备案")
    said(zone, "已同意备案")
    look(zone)

    city.goto("/desk/filings/calendar/")
    said(city, "班组焊接竞赛")
    look(city)
    city.goto("/desk/filings/board/")
    look(city)
    city.goto("/desk/filings/")
    city.get_by_role("link", name="班组焊接竞赛").first.click()
    press(city, "纳入市级计划", confirm=True)
    said(city, "已纳入市级计划")
