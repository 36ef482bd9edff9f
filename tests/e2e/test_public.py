"""Anybody objects to a notice and follows the case by its code; the desk rules; certificates are checked."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.accounts.scopes import scope_of
from portal.core.scoping import scope
from portal.lifecycle.conferral.domain import issue_conferral
from portal.lifecycle.conferral.models import ConferralItem
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.models import Notice
from tests.e2e.steps import press, said
from tests.factories.entries import PDF
from tests.factories.notices import end_notice, make_decision, make_notice, make_selected, move_to

pytestmark = [pytest.mark.browser, pytest.mark.integration]
GROUNDS = "该成果的核心装置由另一班组先行研制，附有当时的图纸和验收单。"
ANSWER = "经查，两项成果结构不同，图纸日期在后，异议不成立。"
PROOF = {"name": "图纸.pdf", "mimeType": "application/pdf", "buffer": PDF}


@pytest.fixture
def notice(tianjin):
    return make_notice(make_selected(tianjin, toml="five-small-top20"), tianjin.manager)


def confer(notice, tree):
    """The days are over, the decision is issued; returns the certificates' numbers."""
    end_notice(Notice.objects.get(pk=notice.pk))
    move_to(notice.cycle, "conferral")
    conferral = make_decision(notice.cycle, tree.manager)
    with scope(scope_of(tree.manager)):
        issue_conferral(conferral=conferral, actor=tree.manager, now=timezone.now())
    return list(ConferralItem.objects.filter(conferral=conferral).order_by("pk"))


def check_number(page, number):
    page.goto("/public/verify/")
    page.get_by_label("证书编号").fill(number)
    press(page, "核验")


def test_public_objects_and_verifies(notice, tianjin, at_desk, look, all_rows):
    public = at_desk(width=390)
    public.goto("/")
    look(public)
    public.goto("/public/notices/")
    public.get_by_role("link", name=notice.title).first.click()
    public.wait_for_url(f"**/public/notices/{notice.code}/")
    item = notice.items.order_by("position").first()
    said(public, item.shown["title"])
    look(public)

    # Not signed in, with a file, under one's name; the code is shown once.
    public.get_by_role("link", name="提出异议").click()
    look(public)
    public.get_by_label("异议对象").select_option(str(item.entry_id))
    public.get_by_label("事实与理由").fill(GROUNDS)
    public.locator("input[type=file]").set_input_files(PROOF)
    public.get_by_label("姓名或单位名称").fill("周海燕")
    public.get_by_label("联系电话").fill("19900000007")
    press(public, "提交异议")
    said(public, "异议已收到")
    look(public)
    code = public.locator(".big-code .copy-text").inner_text()
    public.get_by_role("link", name="去查询页").click()
    public.get_by_label("查询码").fill(code)
    press(public, "查询")
    said(public, "正在核实")

    # The federation's desk sees it, without the person's full name, and answers.
    desk = at_desk(tianjin.manager)
    desk.goto("/desk/objections/")
    look(desk)
    desk.get_by_role("link", name=notice.objections.get().code).first.click()
    said(desk, GROUNDS)
    expect(desk.get_by_text("周海燕")).to_have_count(0)
    look(desk)
    desk.get_by_role("link", name="答复异议").click()
    desk.get_by_label("不成立").first.check()
    desk.get_by_label("答复意见").fill(ANSWER)
    press(desk, "作出结论", confirm=True)
    said(desk, ANSWER)
    public.goto("/public/objections/")
    public.get_by_label("查询码").fill(code)
    press(public, "查询")
    said(public, ANSWER)

    first, second = confer(notice, tianjin)
    check_number(public, first.certificate_number)
    said(public, "核验通过")
    said(public, first.entry.title)
    look(public)
    check_number(public, "津工五小〔2026〕9999")
    said(public, "没有这个证书编号")

    # Revoked at the desk: the public page says so from then on, of this one only.
    desk.goto(f"/desk/conferrals/items/{first.pk}/revoke/")
    desk.get_by_label("弄虚作假取得").check()
    desk.get_by_label("撤销决定文号").fill("津工发〔2026〕30号")
    desk.get_by_label("决定日期").fill(f"{timezone.localdate():%Y-%m-%d}")
    desk.get_by_label("事实和依据").fill("市总工会2026年第5次主席办公会决定撤销。")
    press(desk, "确认撤销", confirm=True)
    said(desk, "已撤销，登记和核验页面已更新")
    assert Entry.objects.get(pk=first.entry_id).state == EntryState.REVOKED
    check_number(public, first.certificate_number)
    said(public, "证书作废")
    look(public)
    check_number(public, second.certificate_number)
    said(public, "核验通过")
