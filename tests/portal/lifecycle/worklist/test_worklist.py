"""The work list: what each desk finds, in which group, at a constant cost; search and the figure in the top bar."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.queries.calendar import working_calendar
from portal.core.dates import local_date, local_datetime
from portal.core.scoping import system_scope
from portal.lifecycle.clearance.domain import request_clearances
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import QuotaAllocation
from portal.lifecycle.recommendation.domain import endorse_entry
from portal.lifecycle.review.vote.queries import staff_windows
from portal.lifecycle.worklist.queries import moment_of, span_of, todo_count, work_of
from tests.factories.entries import make_cycle, make_entry

NO_NOTICE = {"recommendation": {"notice_working_days": {}}}


def keys(work) -> set[str]:
    return {kind.source.key for kind in work.kinds}


@given(now=st.datetimes(), hours=st.integers(-2000, 2000))
def test_every_deadline_falls_in_exactly_the_right_span(now, hours):
    now = now.replace(year=2026 + now.year % 5, day=min(now.day, 28), tzinfo=dt.UTC)
    due = now + dt.timedelta(hours=hours)
    span = span_of(due, now)
    days = (local_date(due) - local_date(now)).days
    if due < now:
        assert span == "overdue"
    elif days == 0:
        assert span == "today"
    elif days <= 6 - local_date(now).weekday():
        assert span == "week"
    else:
        assert span == "later"


def test_no_deadline_is_later():
    assert span_of(None, timezone.now()) == "later"


@pytest.mark.django_db
def test_each_desk_finds_its_own_work(tianjin, in_scope):
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work", params=NO_NOTICE)
        make_entry(cycle, tianjin.filer, EntryState.DRAFT, files=False)
        make_entry(cycle, tianjin.filer, EntryState.RETURNED, files=False)
        for level in ("grassroots", "subdistrict", "district", "municipal"):
            make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, at_level=level, files=False)
        reviewed = make_cycle(tianjin, "innovation-star", stage="clearance")
        request_clearances(entry=make_entry(reviewed, tianjin.filer, EntryState.RECOMMENDED, files=False))
    expected = {
        "filer": {"entry.returned", "entry.draft"},
        "group_filer": {"entry.call"},
        "unit_checker": {"nomination.check"},
        "zone_checker": {"nomination.check"},
        "district_checker": {"nomination.check"},
        "group_checker": set(),
        "checker": {"nomination.check", "clearance.record"},
        "manager": {"nomination.check", "clearance.record"},
        "supervisor": set(),
        "auditor": set(),
    }
    for who, wanted in expected.items():
        with in_scope(tianjin.actors[who]) as actor:
            work = work_of(actor, now=timezone.now())
            assert wanted <= keys(work), who
            assert not keys(work) & ({"entry.returned", "nomination.check", "clearance.record"} - wanted), who


@pytest.mark.django_db
def test_groups_follow_the_deadlines_and_overdue_comes_first(tianjin, in_scope):
    now = local_datetime(dt.date(2026, 11, 24), dt.time(10))  # a Tuesday
    offsets = {"overdue": -1, "today": 2, "week": 60, "later": 300}
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work", now=now)
        for name, hours in offsets.items():
            make_entry(
                cycle,
                tianjin.filer,
                EntryState.SUBMITTED,
                title=name,
                files=False,
                due_at=now + dt.timedelta(hours=hours),
            )
    with in_scope(tianjin.unit_checker) as actor:
        work = work_of(actor, now=now)
        assert [(g.key, [item.title for item in g.items]) for g in work.groups] == [(k, [k]) for k in offsets]
        found = work_of(actor, now=now, search="today")
        assert sum(len(g.lines) for g in found.groups) == 1
        assert work_of(actor, now=now, kind="nomination.check").chosen.key == "nomination.check"
        assert work_of(actor, now=now, search="没有这一件").is_empty


@pytest.mark.django_db
def test_todo_count_is_one_query_and_follows_what_the_desk_does(tianjin, in_scope, django_assert_num_queries,
                                                                django_capture_on_commit_callbacks):  # fmt: skip
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work", params=NO_NOTICE)
        entries = [make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, files=False) for _ in range(3)]
    staff_windows(timezone.now())  # asked once a minute for everybody, and the calendar once in five
    working_calendar()
    with in_scope(tianjin.unit_checker) as actor:
        with django_assert_num_queries(1):
            assert todo_count(actor, now=timezone.now()) == 3
        with django_assert_num_queries(0):
            assert todo_count(actor, now=timezone.now()) == 3
        with django_capture_on_commit_callbacks(execute=True):
            endorse_entry(entry=entries[0], actor=actor, now=timezone.now(), vetoes_checked=True)
        assert todo_count(actor, now=timezone.now()) == 2


def own_queries(context) -> list[str]:
    """Without what the session store of the tests does: in production sessions live in Redis."""
    return [q["sql"] for q in context if "django_session" not in q["sql"] and "SAVEPOINT" not in q["sql"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who",
    ["filer", "unit_checker", "zone_checker", "district_checker", "checker", "manager", "supervisor", "auditor"],
)
@pytest.mark.parametrize("n", [1, 3])
def test_home_costs_at_most_twelve_queries(tianjin, desk_client, who, n):
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work")
        second = make_cycle(tianjin, "innovation-star", stage="clearance")
        for _ in range(n):
            make_entry(cycle, tianjin.filer, EntryState.DRAFT, files=False)
            for level in ("grassroots", "subdistrict", "district", "municipal"):
                make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, at_level=level, files=False)
            request_clearances(entry=make_entry(second, tianjin.filer, EntryState.RECOMMENDED, files=False))
    client = desk_client(tianjin.actors[who])
    with CaptureQueriesContext(connection) as context:
        assert client.get("/desk/").status_code == 200
    assert len(own_queries(context)) <= 12, "\n".join(own_queries(context))


@pytest.mark.django_db
def test_more_kinds_than_fit_are_one_click_away(tianjin, in_scope, monkeypatch):
    """However many kinds of work there are, the page loads the most urgent ones and links the others."""
    monkeypatch.setattr("portal.lifecycle.worklist.queries.KINDS_SHOWN", 1)
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work")
        make_entry(cycle, tianjin.filer, EntryState.DRAFT, files=False)
        soon = timezone.now() + dt.timedelta(hours=3)
        make_entry(cycle, tianjin.filer, EntryState.RETURNED, files=False, return_due_at=soon)
    with in_scope(tianjin.filer) as actor:
        work = work_of(actor, now=timezone.now())
        assert [kind.source.key for kind in work.left_out] == ["entry.draft"]
        assert work.total == 2
        chosen = work_of(actor, now=timezone.now(), kind="entry.draft")
        assert sum(len(group.lines) for group in chosen.groups) == 1


@pytest.mark.django_db
def test_home_of_an_expert_is_the_review_desk(tianjin, desk_client):
    response = desk_client(tianjin.expert).get("/desk/")
    assert (response.status_code, response.url) == (302, "/review/")


@pytest.mark.django_db
def test_home_shows_lines_with_one_button_and_can_be_selected(tianjin, desk_client):
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work")
        entry = make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, title="轴承拆装工具", files=False)
    page = desk_client(tianjin.unit_checker).get("/desk/").content.decode()
    assert "轴承拆装工具" in page
    assert entry.get_absolute_url() in page
    assert f'name="selected" value="{entry.pk}"' in page
    assert "批量同意推荐" in page
    empty = desk_client(tianjin.auditor).get("/desk/").content.decode()
    assert "现在没有要办的事" in empty


@pytest.mark.django_db
def test_search_finds_by_title_code_and_unit_inside_the_scope(tianjin, hebei, desk_client):
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work")
        entry = make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, title="冷却塔风机节能改造", files=False)
    for text in ("冷却塔 节能", entry.code, tianjin.unit.name):
        page = desk_client(tianjin.zone_checker).get("/desk/search/", {"q": text}).content.decode()
        assert "冷却塔风机节能改造" in page, text
    for stranger in (hebei.manager, tianjin.group_checker):
        page = desk_client(stranger).get("/desk/search/", {"q": "冷却塔"}).content.decode()
        assert "冷却塔风机节能改造" not in page
        assert "没有找到" in page


@pytest.mark.django_db
def test_search_does_not_tell_an_outcome_before_it_is_public(tianjin, desk_client):
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work", stage="selection")
        make_entry(cycle, tianjin.filer, EntryState.SELECTED, title="尚未公布的成果", files=False)
        assert Entry.objects.count() == 1
    page = desk_client(tianjin.filer).get("/desk/search/", {"q": "尚未公布"}).content.decode()
    assert "评审中" in page
    assert "拟定" not in page


@pytest.mark.django_db
def test_beside_the_work_stand_the_places_of_the_cycle_that_is_recommended(tianjin, desk_client):
    with system_scope("test"):
        make_cycle(tianjin, "innovation-star", stage="review")
        make_cycle(tianjin, "nonpublic-top10", stage="notice")
        calling = make_cycle(tianjin, "five-small-top20", params=NO_NOTICE)
        QuotaAllocation.objects.create(cycle=calling, organisation=tianjin.district, count=4, reserves=1)
    response = desk_client(tianjin.district_checker).get("/desk/")
    first = response.context["cycles"][0]
    assert first.cycle == calling
    assert (first.places.limit, first.places.left) == (4, 4)
    assert "推荐名额" in response.content.decode()
    organiser = desk_client(tianjin.manager).get("/desk/").context["cycles"]
    assert all(running.places is None for running in organiser)


def test_deadline_that_is_a_day_lasts_to_its_end():
    now = timezone.now()
    today = local_date(now)
    assert span_of(moment_of(today), now) == "today"
    assert span_of(moment_of(today - dt.timedelta(days=1)), now) == "overdue"
    assert moment_of(now) is now
    assert moment_of(None) is None
