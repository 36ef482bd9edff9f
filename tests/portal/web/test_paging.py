"""Keyset pages: every row exactly once, in order, forwards and backwards, flat at any depth."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.db.models import IntegerField, Value
from django.db.models.functions import Cast, NullIf, Right
from django.http import QueryDict

from portal.web import paging
from portal.web.paging import Cursor, Pager, Sort

pytestmark = pytest.mark.integration


@pytest.fixture
def groups(db):
    """70 groups; the last digit repeats, so that ties are many, and 0 counts as missing."""
    Group.objects.bulk_create(Group(name=f"g{i:03d}") for i in range(70))
    digit = NullIf(Cast(Right("name", 1), IntegerField()), Value(0))
    return Group.objects.annotate(digit=digit)


def walk(queryset, sort, first="", size="25"):
    """All pages from the first to the last by their “next” links."""
    data, pages = QueryDict(first or f"size={size}"), []
    while True:
        page = Pager(queryset, Sort.parse(sort), data).page()
        pages.append(page)
        if not page.next_url:
            return pages
        data = QueryDict(page.next_url[1:])


@pytest.mark.parametrize("sort", ["name", "-name", "digit", "-digit", "pk", "-pk"])
def test_pages_hold_every_row_once_in_the_order_of_the_sort(groups, sort):
    pages = walk(groups, sort)
    seen = [row.pk for page in pages for row in page.rows]
    assert [len(page.rows) for page in pages] == [25, 25, 20]
    assert len(set(seen)) == 70
    values = [getattr(row, sort.lstrip("-")) for page in pages for row in page.rows]
    present = [v for v in values if v is not None]
    assert present == sorted(present, reverse=sort.startswith("-"))
    assert values == present + [None] * (70 - len(present)), "missing values stand last"


@pytest.mark.parametrize("sort", ["name", "-digit", "digit"])
def test_previous_link_leads_back_to_the_same_rows(groups, sort):
    pages = walk(groups, sort)
    back = Pager(groups, Sort.parse(sort), QueryDict(pages[2].previous_url[1:])).page()
    assert [r.pk for r in back.rows] == [r.pk for r in pages[1].rows]
    assert (back.start, back.end) == (26, 50)
    first = Pager(groups, Sort.parse(sort), QueryDict(back.previous_url[1:])).page()
    assert [r.pk for r in first.rows] == [r.pk for r in pages[0].rows]
    assert first.start == 1
    assert not first.previous_url


def test_numbers_run_through_all_pages(groups):
    assert [(p.start, p.end) for p in walk(groups, "name")] == [(1, 25), (26, 50), (51, 70)]


def test_page_costs_two_queries_wherever_it_lies(groups, django_assert_num_queries):
    pages = walk(groups, "name")
    for url in (pages[0].next_url, pages[1].next_url):
        with django_assert_num_queries(2):
            Pager(groups, Sort.parse("name"), QueryDict(url[1:])).page()


@pytest.mark.parametrize(
    "cursor", ["nonsense", "e30", "", "W10", Cursor("x", "not-a-number", 3).encode(), Cursor(1, 1, -4).encode()]
)
def test_edited_cursor_shows_the_first_page(groups, cursor):
    page = Pager(groups, Sort.parse("name"), QueryDict(f"after={cursor}")).page()
    assert page.start == 1


def test_count_stops_at_the_cap(groups, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_CAP", 40)
    page = Pager(groups, Sort.parse("name"), QueryDict()).page()
    assert page.capped
    assert page.total_text == "40+"


def test_size_of_page_is_one_of_the_offered(groups):
    assert len(Pager(groups, Sort.parse("name"), QueryDict("size=50")).page().rows) == 50
    assert len(Pager(groups, Sort.parse("name"), QueryDict("size=5000")).page().rows) == 25


def test_row_that_vanished_while_reading_does_not_shift_the_next_page(groups):
    first = Pager(groups, Sort.parse("name"), QueryDict()).page()
    Group.objects.filter(name="g003").delete()
    second = Pager(groups, Sort.parse("name"), QueryDict(first.next_url[1:])).page()
    assert second.rows[0].name == "g025"


def test_cursor_keeps_microseconds():
    moment = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)
    assert Cursor.decode(Cursor(moment, 1, 0).encode()).value == moment.isoformat()


def test_deep_page_is_reached_by_a_condition_not_by_counting_rows_off(groups):
    condition = paging.beyond(Sort.parse("name"), Cursor("g050", 5, 50), nullable=False)
    plan = groups.filter(condition).order_by("name", "pk")[:26].explain()
    assert "OFFSET" not in str(groups.filter(condition).query)
    assert "name" in plan
