"""The year by month, and the calendars that other programs read."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from portal.accounts.models import CalendarFeed
from portal.core.dates import local_date
from portal.core.scoping import system_scope
from portal.lifecycle.programmes.ical import Item, calendar_text
from portal.lifecycle.programmes.models import Cycle
from tests.conftest import DeskClient
from tests.factories.entries import make_cycle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def cycle(tianjin) -> Cycle:
    return make_cycle(tianjin, "small-work")


def address_of(client, membership_id: int) -> str:
    page = client.post(reverse("accounts:feed.create", kwargs={"membership_id": membership_id}))
    assert page["Cache-Control"] == "no-store"
    return page.context["address"].removeprefix("http://testserver")


def test_text_is_folded_escaped_and_the_same_for_the_same_facts():
    changed = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
    title = "二十佳“五小”，评选；甲\\乙\n第二行" * 4
    items = [
        Item("a@x", title, changed, first=dt.date(2026, 3, 2), last=dt.date(2026, 4, 1)),
        Item("b@x", "截止", changed, at=dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC), url="https://example.org/a,b"),
    ]
    text = calendar_text("年历", items)
    assert text == calendar_text("年历", items)
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert text.endswith(b"END:VCALENDAR\r\n")
    first, second = Calendar.from_ical(text).walk("VEVENT")
    assert str(first["summary"]) == title
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (dt.date(2026, 3, 2), dt.date(2026, 4, 2))
    assert second.decoded("dtstart") == dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC)


def test_secret_address_needs_no_session_and_shows_what_the_desk_sees(tianjin, hebei, desk_client, cycle):
    address = address_of(desk_client(tianjin.filer), tianjin.filer.desk.membership_id)
    with system_scope("test"):
        make_cycle(hebei, "small-work")
        assert CalendarFeed.objects.get().token_hash not in address
    answer = DeskClient().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "sessionid" not in answer.cookies
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len(events) == len(cycle.rules.stages) + 1  # the end of the call is an event of its own
    assert all(str(cycle) in str(event["summary"]) for event in events)


def test_unchanged_calendar_is_not_sent_again(tianjin, desk_client, cycle):
    address = address_of(desk_client(tianjin.filer), tianjin.filer.desk.membership_id)
    first = DeskClient().get(address)
    again = DeskClient().get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert DeskClient().get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_renewed_and_stopped_addresses_no_longer_answer(tianjin, desk_client, cycle):
    client, membership = desk_client(tianjin.filer), tianjin.filer.desk.membership_id
    first = address_of(client, membership)
    second = address_of(client, membership)
    assert [DeskClient().get(a).status_code for a in (first, second)] == [404, 200]
    client.post(reverse("accounts:feed.revoke", kwargs={"membership_id": membership}))
    assert DeskClient().get(second).status_code == 404
    assert client.get(second).status_code == 404  # nor does a session stand in for the secret
    assert DeskClient().get("/calendar/nonsense.ics").status_code == 404


def test_address_of_a_closed_desk_and_of_another_person(tianjin, desk_client, cycle):
    client, membership = desk_client(tianjin.filer), tianjin.filer.desk.membership_id
    address = address_of(client, membership)
    other = reverse("accounts:feed.create", kwargs={"membership_id": tianjin.manager.desk.membership_id})
    assert client.post(other).status_code == 404
    with system_scope("test"):
        CalendarFeed.objects.get().membership.__class__.objects.filter(pk=membership).update(is_active=False)
    assert DeskClient().get(address).status_code == 404


def test_too_many_readings_are_refused(tianjin, desk_client, cycle):
    address = address_of(desk_client(tianjin.filer), tianjin.filer.desk.membership_id)
    codes = [DeskClient().get(address).status_code for _ in range(61)]
    assert codes[:60] == [200] * 60
    assert codes[60] == 429


def test_public_calendar_has_calls_and_no_inner_stages(tianjin, cycle):
    answer = DeskClient().get(reverse("lifecycle:public.feed"))
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len(events) == 2
    assert all("/public/calls/" in str(event["url"]) for event in events)
    assert "public" in answer["Cache-Control"]


def test_month_shows_bars_and_the_same_stages_as_a_list(tianjin, desk_client, cycle):
    with system_scope("test"):
        day = local_date(cycle.stages.first().closes_at)
    client = desk_client(tianjin.filer)
    page = client.get(reverse("lifecycle:cycle.calendar"), {"year": day.year, "month": day.month})
    assert str(cycle) in page.content.decode()
    spans = [span for week in page.context["grid"].weeks for span in week.spans]
    assert {span.stage.pk for span in spans} >= {line["stage"].pk for line in page.context["lines"]}
    assert all(1 <= span.start <= span.start + span.length - 1 <= 7 for span in spans)


@pytest.mark.parametrize(
    ("query", "count"),
    [({"level": "municipal"}, 1), ({"level": "district"}, 0), ({"kind": "clearance"}, 0), ({"pillar": "none"}, 1)],
)
def test_filters_narrow_the_month(tianjin, desk_client, cycle, query, count):
    today = timezone.localdate()
    asked = {"year": today.year, "month": today.month} | query
    page = desk_client(tianjin.filer).get(reverse("lifecycle:cycle.calendar"), asked)
    kinds = {line["stage"].kind for line in page.context["lines"]}
    assert ("application" in kinds) == bool(count)


def test_month_has_a_constant_number_of_queries(tianjin, desk_client, django_assert_max_num_queries):
    with system_scope("test"):
        for code in ("small-work", "five-small-top20", "nonpublic-top10"):
            make_cycle(tianjin, code)
    client, today = desk_client(tianjin.filer), timezone.localdate()
    asked = {"year": today.year, "month": today.month}
    client.get(reverse("lifecycle:cycle.calendar"), asked)
    with django_assert_max_num_queries(12):
        client.get(reverse("lifecycle:cycle.calendar"), asked)
