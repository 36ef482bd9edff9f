"""A skill contest at three desks and in public: plan, entry, draw, marks, notice, an appeal that is upheld, the final list."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from competitions.contests.models import Competitor, Contest, ContestResult, HonourCandidate
from competitions.contests.workbooks import COMPETITORS
from tests.competitions.contests.test_contest_pages import book
from tests.e2e.steps import press, said
from tests.factories import contests as make

pytestmark = [pytest.mark.browser, pytest.mark.integration]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def fill(page, **values):
    for name, value in values.items():
        page.locator(f'[name="{name}"]').fill(str(value))


def go(page, name):
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def plan(host, look):
    """The line of the plan becomes a contest with sessions and its technical document, and takes entries."""
    day = timezone.localdate() + dt.timedelta(days=30)
    host.goto("/desk/contests/plan/")
    press(host, "载入工种目录")
    said(host, "工种目录已载入")
    look(host)
    go(host, "列入计划")
    host.locator('[name="trade"]').select_option(label="焊工")
    host.locator('[name="klass"]').select_option("first")
    until = f"{day - dt.timedelta(days=10)}T17:00"
    fill(host, name="焊工职业技能竞赛", planned_on=day, ends_on=day, venue="实训基地", entry_until=until, min_field=2)
    press(host, "列入计划")
    said(host, "已列入计划")
    for part in ("理论考试", "实际操作"):
        go(host, "增加场次")
        host.locator('[name="part"]').select_option(label=part)
        fill(host, title="第一场", starts_at=f"{day}T09:00", ends_at=f"{day}T11:00", venue="一号赛场", benches=4)
        press(host, "增加")
        said(host, "场次已增加")
    go(host, "发布技术文件")
    host.locator('[name="upload"]').set_input_files(
        {"name": "技术文件.pdf", "mimeType": "application/pdf", "buffer": make.PDF}
    )
    press(host, "发布")
    said(host, "第1版已发布")
    press(host, "开放报名", confirm=True)
    said(host, "已开放报名")


def enter(unit):
    """The unit finds the contest in its work list, sends a delegation and its people by workbook."""
    unit.goto("/desk/")
    unit.get_by_role("link", name=re.compile("焊工职业技能竞赛")).first.click()
    go(unit, "组队报名")
    fill(unit, leader="李领队", leader_phone="13800000000")
    press(unit, "建立代表队")
    go(unit, "Excel 导入")
    tail = ["男", None, "精工机械", "高级工（三级）", None, 5, 40, "是", "是", "否", "否"]
    content = book(COMPETITORS, [["张建国", make.citizen(1), *tail], ["李卫东", make.citizen(2), *tail]]).read()
    unit.locator('[name="upload"]').set_input_files({"name": "选手.xlsx", "mimeType": XLSX, "buffer": content})
    press(unit, "检查并导入")
    said(unit, "已登记2名选手")


def hold(host, second, contest):
    """Qualification, draw, marks by one and their check by another, the notice."""
    host.goto(contest.get_absolute_url())
    press(host, "按规则审核资格", confirm=True)
    said(host, "通过2人")
    host.goto(contest.get_absolute_url())
    for name, words in (("完成资格审核", "下一步：抽签"), ("抽签", "抽签种子已存证"), ("开赛", "已开赛")):
        press(host, name, confirm=True)
        said(host, words)
    people = list(Competitor.objects.filter(contest=contest).order_by("pk"))
    for part in contest.parts.all():
        host.goto(f"/desk/contests/parts/{part.pk}/marks/")
        for person, mark in zip(people, (80, 90), strict=True):
            fill(host, **{f"mark_{person.pk}": mark, f"minutes_{person.pk}": 100})
        press(host, "登记成绩")
        said(host, "请另一人复核")
    second.goto(contest.get_absolute_url())
    for _part in range(2):
        press(second, "复核无误", confirm=True)
        said(second, "成绩已复核")
    host.reload()
    for name, words in (("锁定成绩", "名次已计算"), ("公示成绩", "24小时内可以申诉")):
        press(host, name, confirm=True)
        said(host, words)


def appeal(unit, second, contest, look):
    """The delegation appeals in time; somebody who entered no mark upholds it and corrects one."""
    unit.goto(contest.delegations.get().get_absolute_url())
    go(unit, "提出申诉")
    unit.locator('[name="kind"]').select_option("result")
    fill(unit, words="第二工序漏计十五分，请核对评分表。")
    press(unit, "提出申诉")
    said(unit, "申诉已提出")
    second.goto("/desk/")
    second.get_by_role("link", name=re.compile("焊工职业技能竞赛")).last.click()
    go(second, "裁决")
    second.locator('[name="ruling"]').select_option("upheld")
    fill(second, reasons="核对评分表，确漏计十五分。")
    press(second, "作出裁决")
    said(second, "已裁决")
    go(second, "更正成绩")
    person = Competitor.objects.get(contest=contest, name="张建国")
    second.locator('[name="competitor"]').select_option(str(person.pk))
    second.locator('[name="part"]').select_option(label="实际操作")
    fill(second, mark=96)
    press(second, "更正并重新计算名次")
    said(second, "名次已重新计算")
    look(second)


@pytest.mark.row(99)
@pytest.mark.row(96)
def test_contest_from_the_plan_to_the_final_list(tianjin, at_desk, look, all_rows):
    host, second, unit = at_desk(tianjin.manager), at_desk(tianjin.checker), at_desk(tianjin.filer)
    plan(host, look)
    contest = Contest.objects.get()
    enter(unit)
    hold(host, second, contest)
    shown = at_desk()
    shown.goto(f"/public/contests/{contest.pk}/")
    expect(shown.get_by_role("row").nth(1)).to_contain_text("李*东")
    appeal(unit, second, contest, look)
    Contest.objects.filter(pk=contest.pk).update(published_at=timezone.now() - dt.timedelta(hours=25))
    host.goto(contest.get_absolute_url())
    press(host, "确认成绩", confirm=True)
    said(host, "晋升名单和荣誉人选已列出")
    look(host)
    shown.reload()
    expect(shown.get_by_role("row").nth(1)).to_contain_text("张*国")
    look(shown)
    first = ContestResult.objects.get(rank=1)
    assert first.certificate_number.endswith("-001")
    assert HonourCandidate.objects.filter(competitor=first.competitor).count() == 2
    unit.goto(first.competitor.get_absolute_url())
    said(unit, "打印名次证书")
    said(unit, "待单位起草")
    look(unit)
