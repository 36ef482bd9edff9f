"""Journeys: three judges mark with a re-discussion while the network drops; the live board freezes and is revealed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from competitions.marking import published
from competitions.marking.domain import boards, closing
from competitions.marking.models import Mark, Marking
from portal.core.scoping import system_scope
from tests.factories.marked import Marked
from tests.live_plugin import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def marked(tianjin) -> Marked:
    return Marked(tianjin, timezone.now(), benches=4)


def score(page, bench: str, figure: int) -> None:
    page.get_by_role("button", name=f"工位 {bench} {figure} 分", exact=True).click()


def state(page, bench: str):
    return page.locator(".mark-grid tbody tr", has=page.get_by_role("rowheader", name=bench)).locator(".mark-state")


def saved(page) -> None:
    expect(page.locator("[data-sync]")).to_have_text("已保存")


@pytest.mark.row(99)
def test_judgement_with_re_discussion_and_a_network_drop(marked, at_desk, look):
    with system_scope("test"):
        part = marked.part("A2")
    pages = [at_desk(judge, width=1180) for judge in marked.judges[:3]]
    for page in pages:
        page.set_viewport_size({"width": 1180, "height": 820})
        page.goto(part.get_absolute_url())
    first, second, third = pages
    expect(first.locator("[data-aspect-title]")).to_contain_text("A2.01")
    expect(first.locator("body")).not_to_contain_text("张建国")
    score(first, "01", 0)
    saved(first)
    expect(state(first, "01")).to_contain_text("等待其他裁判（1/3）")
    # The network goes: marks stay on the device, the page says so – also after it was loaded again.
    second.wait_for_function(
        "navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready.then(() => true)"
    )
    second.reload()
    second.wait_for_function("navigator.serviceWorker.controller !== null")
    second.reload()  # now the worker has seen the page
    second.context.set_offline(True)
    score(second, "01", 2)
    score(second, "02", 3)
    expect(second.locator("[data-sync]")).to_have_text("离线 · 待发送 2 条")
    second.reload()
    expect(second.locator("[data-sync]")).to_contain_text("待发送 2 条")
    expect(state(second, "02")).to_have_text("待发送")
    score(second, "03", 1)
    with system_scope("test"):
        assert Mark.objects.count() == 1
    second.context.set_offline(False)
    saved(second)
    with system_scope("test"):
        assert Mark.objects.filter(entered_by=marked.judges[1].user).count() == 3, "each once"
    # Three scores that differ by more than one: red for all, scored again by all three.
    score(third, "01", 3)
    for page in pages:
        expect(state(page, "01")).to_contain_text("相差超过1分")
    score(first, "01", 2)
    expect(state(third, "01")).to_contain_text("请您重新评分")
    score(second, "01", 2)
    score(third, "01", 3)
    for page in pages:
        expect(state(page, "01")).to_contain_text("2、2、3 → 得 14 分")
    look(first)
    with system_scope("test"):
        rounds = Mark.objects.filter(bench__code="01").order_by("pk").values_list("round", flat=True)
        assert sorted(rounds) == [1, 1, 1, 2, 2, 2]


def test_two_devices_of_one_judge_show_the_conflict(marked, at_desk):
    with system_scope("test"):
        part = marked.part("A1")
    one, other = at_desk(marked.judges[0], width=1180), at_desk(marked.judges[0], width=1180)
    for page in (one, other):
        page.goto(part.get_absolute_url())
    field = one.get_by_label("工位 01 测量值")
    field.fill("2")
    field.press("Enter")
    expect(one.locator(".mark-note").first).to_contain_text("应在 20 至 30 mm 之间")
    other.context.set_offline(True)
    field.fill("25.01")
    field.press("Enter")
    saved(one)
    there = other.get_by_label("工位 01 测量值")
    there.fill("25.04")
    there.press("Enter")
    expect(other.locator("[data-sync]")).to_contain_text("待发送 1 条")
    other.context.set_offline(False)
    expect(other.locator("[data-problems]")).to_contain_text("您评的是 25.04，已有的是 25.01")
    other.get_by_role("button", name="改为我的").click()
    expect(other.locator("[data-problems]")).to_be_hidden()
    saved(other)
    with system_scope("test"):
        assert str(Mark.objects.get(is_current=True).value.normalize()) == "25.04"


@pytest.mark.row(193)
def test_live_board_freezes_and_is_revealed(marked, at_desk, look):
    now = timezone.now()
    with system_scope("test"):
        marking = Marking.objects.get()
        marked.mark_all("A1")
        closing.confirm_part(actor=marked.judges[3], part=marked.part("A1"), now=now)
    desk = at_desk(marked.tree.manager)
    desk.goto(marking.get_absolute_url())
    desk.get_by_role("link", name="公开榜单").click()
    desk.get_by_role("button", name="公开榜单").click()
    expect(desk.locator("body")).to_contain_text("榜单已公开")
    publish(marking)
    public, wall = at_desk(), at_desk(width=1920)
    public.goto("/public/boards/")
    look(public)
    public.get_by_role("link", name="数控车工决赛1").click()
    wall.goto(f"/public/boards/{marking.pk}/wall/")
    for page in (public, wall):
        expect(page.locator("[data-board-state]")).to_have_text("实时榜单")
        expect(page.locator(".board-mark").first).to_have_text("40.00")
        expect(page.locator("body")).not_to_contain_text("张建国")
    look(public)
    desk.get_by_role("button", name="封存榜单").click()
    desk.locator("[data-confirm-yes]").click()
    expect(desk.locator("body")).to_contain_text("榜单已封存")
    with system_scope("test"):
        marked.mark_all("A2")
        closing.confirm_part(actor=marked.judges[3], part=marked.part("A2"), now=timezone.now())
    publish(marking)
    for page in (public, wall):
        expect(page.locator("[data-board-state]")).to_have_text("榜单封存")
        expect(page.locator(".board-mark").first).to_have_text("40.00")
    desk.get_by_role("button", name="揭晓榜单").click()
    desk.locator("[data-confirm-yes]").click()
    expect(desk.locator("body")).to_contain_text("最终榜单已揭晓")
    publish(marking)
    for page in (public, wall):
        expect(page.locator("[data-board-state]")).to_have_text("最终榜单")
        expect(page.locator(".board-mark").first).to_have_text("60.00")


def publish(marking: Marking) -> None:
    """What the worker does after the act."""
    with system_scope("test"):
        boards.publish(marking, now=timezone.now())
    assert wait_until(lambda: published.read(marking.pk) is not None)
    assert Path(settings.MEDIA_ROOT, "boards").is_dir()
