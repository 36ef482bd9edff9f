"""The menu follows the work and shows only what the desk may use."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from portal.core.context import PUBLIC, Actor, Desk
from portal.core.decisions import ALLOWED, refuse
from portal.core.policies import Policy, register_policy
from portal.web import navigation
from portal.web.context import Frame
from portal.web.navigation import Entry, PublicEntry

pytestmark = [pytest.mark.unit, pytest.mark.urls("tests.portal.web.sample_site")]
DESK = Desk(1, 1, "某区总工会", "0001/0002/", "district", "union", "checker")


@register_policy
class SampleMenuPolicy(Policy):
    name = "samplemenu"
    actions = ("use", "manage")

    def can_use(self, actor, obj):
        return ALLOWED

    def can_manage(self, actor, obj):
        return ALLOWED if actor.role == "manager" else refuse("role", "只有管理员可用")


class Person:
    pk = 1
    is_authenticated = True

    def get_full_name(self):
        return "张建国"

    def get_username(self):
        return "zhang"


@pytest.fixture(autouse=True)
def _own_entries(monkeypatch):
    for registry in ("_providers", "_entries", "_public"):
        monkeypatch.setattr(navigation, registry, {})


def request_of(path="/groups/", desk=DESK):
    request = RequestFactory().get(path)
    request.actor = Actor(user=Person(), desk=desk)
    return request


def test_menu_stands_in_the_order_of_the_work():
    navigation.register(
        Entry("设置", "open", "samplemenu.use", "settings"),
        Entry("申报件", "group.list", "samplemenu.use", "entries"),
    )
    assert [str(g.label) for g in navigation.desk_menu(request_of())] == ["申报件", "设置"]


def test_menu_leaves_out_what_the_desk_may_not_use():
    navigation.register(Entry("申报件", "group.list", "samplemenu.manage", "entries"))
    assert navigation.desk_menu(request_of()) == []
    manager = Desk(1, 1, "某区总工会", "0001/0002/", "district", "union", "manager")
    assert len(navigation.desk_menu(request_of(desk=manager))) == 1


def test_menu_marks_the_entry_with_the_longest_matching_address():
    navigation.register(
        Entry("组", "group.list", "samplemenu.use", "entries"),
        Entry("批量", "group.bulk_close", "samplemenu.use", "entries"),
    )
    (group,) = navigation.desk_menu(request_of("/groups/bulk/"))
    assert [(i.label, i.current) for i in group.items] == [("组", False), ("批量", True)]
    assert group.is_current
    below = request_of("/groups/bulk/7/")
    (group,) = navigation.desk_menu(below, "/groups/?sort=name")  # the page's first crumb knows better
    assert [(i.label, i.current) for i in group.items] == [("组", True), ("批量", False)]
    assert not group.is_single


def test_badges_of_a_group_add_up_and_missing_pages_are_left_out():
    navigation.register(
        Entry("组", "group.list", "samplemenu.use", "entries", badge=lambda request: 3),
        Entry("批量", "group.bulk_close", "samplemenu.use", "entries", badge=lambda request: 4),
        Entry("还没有", "no.such.page", "samplemenu.use", "entries"),
    )
    (group,) = navigation.desk_menu(request_of())
    assert group.badge == 7
    assert len(group.items) == 2


def test_long_group_is_folded_into_declared_parts(monkeypatch):
    pages = ["group.list", "group.bulk_close", "open"]
    parts = {"one": ("entries", "甲"), "two": ("entries", "乙")}
    monkeypatch.setattr(navigation, "PARTS", parts)
    named = zip(pages, ["one", "two", "one"], strict=True)
    navigation.register(
        *(Entry(page, page, "samplemenu.use", "entries", badge=lambda r: 2, part=p) for page, p in named)
    )
    (group,) = navigation.desk_menu(request_of())
    assert [(p.key, p.is_folded) for p in group.parts] == [("", False)]  # a glance takes them in
    monkeypatch.setattr(navigation, "FOLD_FROM", 2)
    one, two = group.parts
    assert (one.label, one.is_folded, one.is_current, one.badge) == ("甲", True, True, 4)
    assert (two.is_folded, [str(item.label) for item in two.items]) == (False, ["group.bulk_close"])
    html = render_to_string("layouts/_menu.html", {"groups": [group]})
    assert html.count("<details") == 2
    assert 'data-fold="one" open' in html
    with pytest.raises(ValueError, match="unknown part"):
        Entry("x", "y", "samplemenu.use", "reports", part="one")


def test_menu_is_drawn_anew_when_a_badge_or_the_place_changes():
    waiting = iter([3, 3, 4])
    badge = {"badge": lambda request: next(waiting)}
    navigation.register(Entry("批次", "group.list", "samplemenu.use", "entries", **badge))
    navigation.register(Entry("公开", "open", "samplemenu.use", "entries"))
    first, elsewhere, later = (Frame(request_of(path)).drawn_menu for path in ("/groups/", "/open/", "/open/"))
    assert '<span class="count">3</span>' in first
    assert first.count('aria-current="page"') == elsewhere.count('aria-current="page"') == 1
    assert first != elsewhere
    assert '<span class="count">4</span>' in later


def test_person_without_a_desk_has_no_menu():
    assert navigation.desk_menu(request_of(desk=None)) == []


def test_unknown_group_is_an_error():
    with pytest.raises(ValueError, match="unknown menu group"):
        Entry("x", "y", "samplemenu.use", "nowhere")


def test_public_menu_is_ordered_and_the_footer_is_apart():
    navigation.register_public(
        PublicEntry("荣誉查询", "group.list", 40),
        PublicEntry("首页", "open", 10),
        PublicEntry("声明", "group.bulk_close", 90, footer=True),
    )
    request = RequestFactory().get("/open/")
    assert [(i.label, i.current) for i in navigation.public_menu(request)] == [("首页", True), ("荣誉查询", False)]
    assert [i.label for i in navigation.public_menu(request, footer=True)] == ["声明"]


def test_frame_asks_its_providers_only_when_used():
    asked = []
    navigation.provide("todo_count", lambda request: asked.append("todo") or 5)
    navigation.provide("search_url", lambda request: "/groups/")
    frame = Frame(request_of("/groups/?q=五小"))
    assert asked == []
    assert frame.todo_count == 5
    assert frame.todo_count == 5
    assert asked == ["todo"]
    assert frame.search_text == "五小"
    assert frame.user_name == "张建国"


def test_frame_of_the_public_has_neither_desk_nor_work():
    navigation.provide("todo_count", lambda request: 5)
    request = RequestFactory().get("/")
    request.actor = PUBLIC
    frame = Frame(request)
    assert frame.todo_count is None
    assert frame.menu == []
    assert frame.user_name == ""
