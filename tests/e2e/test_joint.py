"""A joint programme at two desks: agreement, opinions, a list that is refused, changed, countersigned and approved."""

from __future__ import annotations

import re

import pytest

from portal.lifecycle.clearance.domain import request_clearances
from portal.lifecycle.clearance.models import Clearance
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.selection.models import RoundStatus, SelectionRound
from tests.e2e.steps import press, said
from tests.e2e.test_city import next_stage
from tests.factories.entries import make_cycle, make_entry
from tests.factories.shapes import shape
from tests.live_plugin import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]
TITLES = ("焊接飞溅收集装置", "车床快换夹具", "皮带机自动纠偏器")


@pytest.fixture
def cycle(tianjin):
    """Three entries have been recommended to the city, whose own checks are done."""
    cycle = make_cycle(tianjin, shape("batch_without_review"), stage="clearance")
    for title in TITLES:
        request_clearances(entry=make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED, title=title))
    Clearance.objects.filter(entry__cycle=cycle).update(opinion="agreed")
    return cycle


def agree(owner, guest, cycle, name, look):
    """The owner chooses the co-host's desk and its rights; the co-host finds and confirms them."""
    owner.goto(f"/desk/cycles/{cycle.pk}/")
    owner.get_by_role("main").get_by_role("link", name="联合主办", exact=True).click()
    said(owner, "与哪些单位联合主办")
    look(owner)
    owner.goto(f"/desk/cycles/{cycle.pk}/hosts/add/")
    owner.get_by_label("单位名称").fill(name)
    owner.get_by_label("对应工作台").select_option(label=f"{name}（市级总工会）")
    for right in ("查看：", "联审：", "会签："):
        owner.get_by_label(right).check()
    owner.get_by_label("调整原因").fill("两地联合主办")
    look(owner)
    press(owner, "增加", confirm=True)
    said(owner, "已增加联合主办单位")
    guest.goto("/desk/")
    said(guest, "联合主办“")
    guest.goto("/desk/joint/")
    look(guest)
    guest.get_by_role("link", name=str(cycle)).first.click()
    press(guest, "已核对，确认")
    said(guest, "已确认联合主办约定")
    look(guest)


def speak(guest, look):
    """One entry is refused with a reason, the others are agreed to at once."""
    guest.get_by_role("link", name="去办理").click()
    guest.get_by_role("link", name=TITLES[0]).first.click()
    look(guest)
    guest.get_by_label("不同意", exact=True).check()
    guest.get_by_label("说明").fill("对方有一项同名成果，请核实。")
    press(guest, "出具意见")
    said(guest, "下面是下一件")
    guest.get_by_role("main").get_by_role("link", name=re.compile("^申报件")).first.click()
    look(guest)
    for title in TITLES[1:]:
        guest.get_by_role("row").filter(has_text=title).get_by_role("checkbox").check()
    press(guest, "对勾选的出具“同意”")
    press(guest, "出具“同意”意见（2 条）")
    said(guest, "已办理 2 条")


def go_on(owner, cycle, look):
    """The owner reads the refusal and says why the entry goes on."""
    owner.goto("/desk/clearances/")
    said(owner, "1/1 已出具，1 不同意")
    look(owner)
    owner.get_by_role("link", name=TITLES[0]).first.click()
    said(owner, "对方有一项同名成果")
    look(owner)
    owner.get_by_role("link", name="写明理由，继续办理").click()
    owner.get_by_label("继续办理的理由").fill("经核实为不同成果，名称相近。")
    press(owner, "写明理由，继续办理", confirm=True)
    said(owner, "理由已记入办理记录")


def draw_up(owner, cycle, chosen, reason):
    """The meeting's decision on the list: ``chosen`` are in, the others are out."""
    round_ = SelectionRound.objects.get(stage__cycle=cycle, status=RoundStatus.DRAFT)
    for entry in Entry.objects.filter(cycle=cycle).order_by("pk"):
        owner.goto(f"/desk/rounds/{round_.pk}/lines/{entry.pk}/")
        owner.get_by_label("入选" if entry.title in chosen else "不列入", exact=True).check()
        owner.get_by_label("理由").fill(reason)
        press(owner, "保存结果")
        said(owner, "已记录")
    return round_


def sign(guest, round_, verdict, reason=""):
    guest.goto(f"/desk/joint/rounds/{round_.pk}/")
    guest.get_by_role("link", name="会签").last.click()
    guest.get_by_label(verdict, exact=True).check()
    guest.get_by_label("说明").fill(reason)
    press(guest, "提交会签意见", confirm=True)
    said(guest, "会签意见已提交")


@pytest.mark.row(34)
@pytest.mark.row(100)
def test_joint_programme_from_the_agreement_to_the_approval(
    cycle, tianjin, hebei, celery_worker, at_desk, look, all_rows
):
    owner, guest = at_desk(tianjin.manager), at_desk(hebei.manager)
    agree(owner, guest, cycle, hebei.municipal.name, look)
    speak(guest, look)
    go_on(owner, cycle, look)
    next_stage(owner, cycle, "clearance", "结束", "已结束")
    next_stage(owner, cycle, "selection", "开启", "已开启")
    wait_until(lambda: SelectionRound.objects.filter(stage__cycle=cycle).exists(), 60)

    round_ = draw_up(owner, cycle, TITLES[:1], "会议研究确定")
    guest.goto("/desk/")
    said(guest, "核对会签")
    sign(guest, round_, "不同意", "第二件也应入选")
    look(guest)
    owner.goto(f"/desk/rounds/{round_.pk}/")
    said(owner, "第二件也应入选")
    look(owner)
    draw_up(owner, cycle, TITLES[:2], "会议复议确定")
    owner.goto(f"/desk/rounds/{round_.pk}/")
    said(owner, "名单已变动，待重新会签")
    sign(guest, round_, "同意")
    owner.goto(f"/desk/rounds/{round_.pk}/")
    said(owner, "已会签同意")
    owner.get_by_role("link", name="审定结果").click()
    owner.get_by_label("审定意见").fill("经主席办公会审议通过。")
    press(owner, "审定通过", confirm=True)
    said(owner, "评选结果已审定")
    states = dict(Entry.objects.filter(cycle=cycle).values_list("title", "state"))
    assert [states[title] for title in TITLES] == ["selected", "selected", "not_selected"]
    guest.goto(f"/desk/joint/rounds/{round_.pk}/")
    said(guest, "主办工会已审定")
