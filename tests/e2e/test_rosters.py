"""Journeys: a roster comes in with errors, is mended and imported; a worker agrees on the phone, and leaves again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from competitions.rosters.models import Participation, Worker
from portal.core.scoping import system_scope
from portal.web.exports import XLSX
from tests.e2e.steps import press
from tests.factories.rosters import line, make_filing, make_roster, person, workbook

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.mark.row(11)
def test_roster_comes_in_with_errors_and_a_worker_agrees_on_the_phone(tianjin, celery_worker, at_desk, look):
    with system_scope("test"):
        roster = make_roster(tianjin.filer, make_filing(tianjin.district), employer=tianjin.employer)
    desk = at_desk(tianjin.filer)
    desk.goto(roster.get_absolute_url())
    look(desk)
    desk.get_by_role("link", name="导入名单").first.click()
    choose = desk.locator("main input[type=file]")
    faulty = workbook([line(1), line(2, id_number="120199199001010013"), line(1)])
    choose.set_input_files({"name": "错.xlsx", "mimeType": XLSX, "buffer": faulty})
    press(desk, "上传并试导")
    # The errors stand beside their rows, and nothing was written.
    rows = desk.locator("main tbody tr")
    expect(rows.nth(0)).to_contain_text("校验码")
    expect(rows.nth(1)).to_contain_text("与第2行")
    expect(desk.get_by_role("button", name="正式导入")).to_have_count(0)
    look(desk)
    desk.get_by_role("link", name="修改后重新上传").click()
    choose.set_input_files({"name": "对.xlsx", "mimeType": XLSX, "buffer": workbook([line(1), line(2), line(3)])})
    press(desk, "上传并试导")
    press(desk, "正式导入", confirm=True)
    expect(desk.locator("main")).to_contain_text("全部职工已写入名单")

    # The worker opens the own address on the phone.
    desk.get_by_role("link", name="请职工同意").click()
    look(desk)
    expect(desk.locator("main")).not_to_contain_text(person(2).id_number)
    desk.get_by_role("link", name=person(2).name).click()
    look(desk)
    address = desk.locator("[data-copy]").get_attribute("data-copy")
    phone = at_desk(width=390)
    phone.goto(address)
    look(phone)
    expect(phone.locator("main")).to_contain_text("保存多久")
    phone.get_by_label("证件号码后四位").fill("0000")
    press(phone, "我同意参赛")
    expect(phone.locator("main")).to_contain_text("与登记的证件号码后四位不符")
    phone.get_by_label("证件号码后四位").fill(person(2).last_four)
    press(phone, "我同意参赛")
    expect(phone.locator("main")).to_contain_text("您已同意参赛")
    desk.reload()
    expect(desk.locator("main")).to_contain_text("本人扫码或打开链接")

    # … and leaves: nothing personal is left.
    phone.get_by_label("证件号码后四位").fill(person(2).last_four)
    press(phone, "退出参赛，删除我的信息", confirm=True)
    expect(phone.locator("main")).to_contain_text("已经办好")
    with system_scope("test"):
        assert Participation.objects.filter(worker__isnull=False).count() == 2
        assert not Worker.objects.filter(name=person(2).name).exists()
