"""Unions check, show the list to their people, rank, and send on: unit, zone, district, city."""

import pytest
from playwright.sync_api import expect

from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.models import Notice
from tests.e2e.steps import press, said
from tests.factories.entries import make_cycle, make_entry

pytestmark = [pytest.mark.browser, pytest.mark.integration]
FIRST, SECOND = "焊接飞溅收集装置", "车床快换夹具"


@pytest.fixture
def cycle(tianjin):
    cycle = make_cycle(tianjin, "five-small-top20", params={"recommendation": {"allocation": {"rule": "none"}}})
    for title in (FIRST, SECOND):
        make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, title=title)
    return cycle


def publish_local_notice(page, days_pass):
    """Drafts and publishes the list of what is at hand; the working days pass; ends the notice."""
    page.goto("/desk/notices/new/")
    page.get_by_role("link", name="拟定公示").click()
    press(page, "保存为公示稿")
    said(page, "这是公示稿，尚未公开")
    desk = page.url
    press(page, "发布公示", confirm=True)
    said(page, "公示已发布")
    days_pass(16)  # longer than five working days with any holiday
    page.goto(desk)
    press(page, "结束公示")
    said(page, "公示已结束")


def forward(page, cycle, order):
    """Puts the entries in this order and sends the whole sheet on."""
    page.goto(f"/desk/nominations/{cycle.pk}/")
    for number, title in enumerate(order, 1):
        page.get_by_label(f"“{title}”的次序").fill(str(number))
        page.get_by_label(f"“{title}”的推荐类型").select_option("正选")
    press(page, "保存排序")
    said(page, f"排序已保存：正选{len(order)}件")
    page.get_by_role("link", name="整体上报").click()
    page.get_by_label("已逐项核对一票否决情形，均不存在").check()
    press(page, "确认上报", confirm=True)
    said(page, f"已上报{len(order)}件")


def test_unions_check_rank_and_forward(cycle, tianjin, at_desk, look, days_pass, all_rows):
    unit = at_desk(tianjin.unit_checker)
    unit.goto("/desk/nominations/waiting/")
    said(unit, FIRST)
    look(unit)

    # Before the notice has run its days nothing goes up, and the page says why.
    unit.get_by_role("link", name=FIRST).first.click()
    said(unit, "现在还不能推荐")
    expect(unit.get_by_role("button", name="同意推荐")).to_be_disabled()
    publish_local_notice(unit, days_pass)
    look(unit)
    forward(unit, cycle, [SECOND, FIRST])
    look(unit)

    # The zone shows nothing in public of its own; it sends on in its own order.
    zone = at_desk(tianjin.zone_checker)
    zone.goto("/desk/")
    said(zone, FIRST)
    forward(zone, cycle, [FIRST, SECOND])

    district = at_desk(tianjin.district_checker)
    publish_local_notice(district, days_pass)
    district.goto(f"/desk/nominations/{cycle.pk}/")
    look(district)
    forward(district, cycle, [FIRST, SECOND])

    city = at_desk(tianjin.checker)
    city.goto("/desk/")
    look(city)
    forward(city, cycle, [FIRST, SECOND])

    entries = {entry.title: entry for entry in Entry.objects.filter(cycle=cycle)}
    assert {entry.state for entry in entries.values()} == {EntryState.RECOMMENDED}
    assert {entry.nominating for entry in entries.values()} == {tianjin.district}
    assert list(entries[FIRST].recommendations.values_list("level", flat=True)) == [
        "grassroots", "subdistrict", "district", "municipal",
    ]  # fmt: skip
    assert Notice.objects.filter(cycle=cycle).count() == 2

    # They have arrived where the city's desk clears them.
    desk = at_desk(tianjin.manager)
    desk.goto("/desk/clearances/")
    said(desk, FIRST)
    said(desk, SECOND)

    # The unit sees how far its entry has come.
    own = at_desk(tianjin.filer)
    own.goto(entries[FIRST].get_absolute_url())
    said(own, "推荐路径")
    look(own)
