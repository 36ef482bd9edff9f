"""Dates are moved on the drawn timeline: by the bar, by its end, by keys; the server says at once what is wrong."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.lifecycle.programmes.models import CycleStage
from tests.e2e.steps import press, said
from tests.factories.entries import make_cycle

pytestmark = [pytest.mark.browser, pytest.mark.integration]


@pytest.fixture
def cycle(tianjin):
    return make_cycle(tianjin, "small-work")


def row(page, cycle, kind):
    stage = CycleStage.objects.get(cycle=cycle, kind=kind)
    return page.locator(f'[data-slot="{stage.pk}"]')


def day(row, side):
    """Day that one of the two fields shows; side 0 = begins, 1 = ends."""
    return dt.date.fromisoformat(row.locator("input[type=datetime-local]").nth(side).input_value()[:10])


def drag(page, bar, days, *, at="middle"):
    """Takes hold of the bar in its middle or near its end and moves it by so many days."""
    board = page.locator("[data-schedule]")
    count = int(board.get_attribute("data-days"))
    bar.scroll_into_view_if_needed()
    box, lane = bar.bounding_box(), bar.locator("xpath=..").bounding_box()
    x = box["x"] + (box["width"] - 2 if at == "end" else box["width"] / 2)
    y = box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * lane["width"] / count, y, steps=5)
    page.mouse.up()


def test_bars_are_dragged_checked_and_saved(cycle, tianjin, at_desk, look, all_rows):
    page = at_desk(tianjin.manager)
    page.goto(f"/desk/cycles/{cycle.pk}/amend/")
    expect(page.get_by_text("后面的环节跟着移动")).to_be_visible()
    look(page)
    review, selection = row(page, cycle, "review"), row(page, cycle, "selection")
    summary = page.locator("#schedule-summary")

    # The end alone: the review would overlap with what follows, and the server says so beside that stage.
    began, ended = day(review, 0), day(review, 1)
    drag(page, review.locator("[data-bar]"), 21, at="end")
    assert day(review, 0) == began
    assert day(review, 1) >= ended + dt.timedelta(days=14)
    expect(selection).to_contain_text("两个环节不能交叉")
    expect(summary).to_contain_text("需要修改")

    # Back by its field, then the same again with all that follows.
    page.wait_for_load_state("networkidle")
    page.reload()
    page.get_by_label("后面的环节跟着移动").check()
    before = day(selection, 0)
    drag(page, review.locator("[data-bar]"), 21, at="end")
    assert day(selection, 0) > before
    expect(summary).not_to_contain_text("需要修改")

    # Keys: one day each; the whole bar, then its end.
    last = row(page, cycle, "conferral")
    bar = last.locator("[data-bar]")
    began, ended = day(last, 0), day(last, 1)
    bar.focus()
    page.get_by_label("后面的环节跟着移动").uncheck()
    bar.focus()
    page.keyboard.press("ArrowRight")
    assert (day(last, 0), day(last, 1)) == (began + dt.timedelta(days=1), ended + dt.timedelta(days=1))
    page.keyboard.press("Shift+ArrowRight")
    assert (day(last, 0), day(last, 1)) == (began + dt.timedelta(days=1), ended + dt.timedelta(days=2))

    page.get_by_label("调整原因").fill("评审专家时间冲突")
    wanted = day(review, 1)
    page.wait_for_timeout(400)  # the check waits for a pause in the changes
    page.wait_for_load_state("networkidle")
    press(page, "保存并通知")
    said(page, "调整已生效")
    stage = CycleStage.objects.get(cycle=cycle, kind="review")
    assert timezone.localdate(stage.closes_at) == wanted


def test_dates_can_be_moved_without_a_mouse_or_on_a_phone(cycle, tianjin, at_desk, all_rows):
    """The fields are the truth: typed dates draw the bar anew."""
    page = at_desk(tianjin.manager, width=390)
    page.goto(f"/desk/cycles/{cycle.pk}/amend/")
    last = row(page, cycle, "conferral")
    bar = last.locator("[data-bar]")
    before = float(bar.get_attribute("width"))
    field = last.locator("input[type=datetime-local]").nth(1)
    later = dt.datetime.fromisoformat(field.input_value()) + dt.timedelta(days=14)
    field.fill(later.strftime("%Y-%m-%dT%H:%M"))
    field.blur()
    assert float(bar.get_attribute("width")) > before
    page.wait_for_timeout(400)
    page.wait_for_load_state("networkidle")
    expect(last.locator(".schedule-length")).to_contain_text(f"{(day(last, 1) - day(last, 0)).days + 1}天")
