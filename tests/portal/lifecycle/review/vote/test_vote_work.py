"""What the work list says about votes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.core.scoping import scope, system_scope
from portal.lifecycle.review.vote import domain, queries
from portal.lifecycle.worklist.queries import work_of
from tests.factories.entries import make_cycle
from tests.factories.programmes import small_definition
from tests.factories.review import make_entry_in_review, review_stage
from tests.portal.lifecycle.review.vote.test_votes import cast, make_window


@pytest.fixture(autouse=True)
def fresh_windows():
    """Tests never commit, so what is remembered about open votes is forgotten by hand."""
    queries.forget_staff_windows()
    yield
    queries.forget_staff_windows()


def titles(actor, kind, now=None):
    with scope(scope_of(actor)):
        work = work_of(actor, now=now or timezone.now(), kind=kind)
        return [str(line.item.title) for group in work.groups for line in group.lines if work.chosen]


def test_vote_to_open_waits_for_the_manager_until_there_is_no_time_left(tianjin, hebei):
    rules = {"days": 7, "audience": "staff"}
    definition = small_definition(programme={"code": "vote-work"}, stages={"review": {"vote": rules}})
    with system_scope("test"):
        cycle = make_cycle(tianjin, definition, stage="review")
    assert titles(tianjin.manager, "vote.open") == []
    with system_scope("test"):
        make_entry_in_review(cycle, tianjin.filer)
        stage = review_stage(cycle)
    (title,) = titles(tianjin.manager, "vote.open")
    assert title.endswith("：投票还没有开始")
    assert titles(hebei.manager, "vote.open") == []
    with scope(scope_of(tianjin.manager)):
        (row,) = queries.stages_to_open(actor=tianjin.manager, now=timezone.now())
        assert stage.closes_at - row.vote_due == dt.timedelta(days=7)
        domain.open_vote(actor=tianjin.manager, stage=stage, now=timezone.now())
    assert titles(tianjin.manager, "vote.open") == []


def test_staff_are_asked_for_their_ballot_once(tianjin, hebei):
    with system_scope("test"):
        window = make_window(tianjin, audience="staff")
    for actor in (tianjin.filer, tianjin.district_checker, tianjin.manager):
        assert titles(actor, "vote.cast") == [f"{window.title}：请您投票"]
    assert titles(hebei.manager, "vote.cast") == []
    cast(window, "", actor=tianjin.filer)
    assert titles(tianjin.filer, "vote.cast") == []
    assert len(titles(tianjin.manager, "vote.cast")) == 1
    assert titles(tianjin.manager, "vote.cast", now=window.closes_at) == []


def test_public_vote_asks_nobody_at_a_desk(tianjin):
    with system_scope("test"):
        make_window(tianjin, audience="public")
    assert titles(tianjin.filer, "vote.cast") == []


def test_closed_vote_leads_the_manager_to_its_count_while_the_review_runs(tianjin):
    with system_scope("test"):
        window = make_window(tianjin, audience="staff")
    assert titles(tianjin.manager, "vote.counted") == []
    with system_scope("test"):
        type(window).objects.filter(pk=window.pk).update(closes_at=window.opens_at + dt.timedelta(seconds=1))
    later = window.opens_at + dt.timedelta(minutes=1)
    assert titles(tianjin.manager, "vote.counted", now=later) == [f"{window.title}：投票已结束"]
    with system_scope("test"):
        type(window.stage).objects.filter(pk=window.stage_id).update(status="closed")
    assert titles(tianjin.manager, "vote.counted", now=later) == []


def test_lists_of_votes_say_how_they_stand(tianjin, desk_client):
    with system_scope("test"):
        window = make_window(tianjin, audience="staff")
    client = desk_client(tianjin.manager)
    assert "投票中" in client.get(reverse("lifecycle:vote.stages")).content.decode()
    page = client.get(reverse("lifecycle:vote.overview", args=[window.stage_id])).content.decode()
    assert "投票中" in page
    assert f'href="{reverse("lifecycle:vote.staff", kwargs={"token": window.token})}"' in page


def test_ballot_counts_choices_and_keeps_them_after_a_refusal(tianjin, client):
    with system_scope("test"):
        window = make_window(tianjin, audience="public")
        chosen = list(window.candidates.values_list("pk", flat=True))
    url = reverse("lifecycle:vote.public", kwargs={"token": window.token})
    assert 'data-choose-up-to="2"' in client.get(url).content.decode()
    page = client.post(url, {"candidate": chosen})
    assert page.status_code == 422
    assert page.content.decode().count(" checked") == 3


def test_vote_opened_now_is_asked_for_at_once(tianjin, django_capture_on_commit_callbacks):
    assert titles(tianjin.filer, "vote.cast") == []
    with django_capture_on_commit_callbacks(execute=True), system_scope("test"):
        window = make_window(tianjin, audience="staff")
    assert titles(tianjin.filer, "vote.cast") == [f"{window.title}：请您投票"]
