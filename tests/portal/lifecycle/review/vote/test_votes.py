"""Votes: one voice per person, capped per network, hidden until the end, never naming a voter."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.context import PUBLIC
from portal.core.errors import Conflict, Invalid
from portal.core.scoping import PublicScope, scope, system_scope
from portal.lifecycle.review.vote import domain, queries
from portal.lifecycle.review.vote.models import Ballot, VoteCandidate, VoteWindow
from tests.factories.entries import make_cycle
from tests.factories.programmes import small_definition
from tests.factories.review import make_entry_in_review, review_stage


def make_window(tianjin, audience="public", **rules):
    vote = {"days": 7, "votes_per_person": 2, "audience": audience, "address_cap": 3} | rules
    definition = small_definition(programme={"code": f"vote-{audience}"}, stages={"review": {"vote": vote}})
    cycle = make_cycle(tianjin, definition, stage="review")
    for number in range(3):
        make_entry_in_review(cycle, tianjin.filer, title=f"成果{number}")
    with scope(scope_of(tianjin.manager)):
        return domain.open_vote(actor=tianjin.manager, stage=review_stage(cycle), now=timezone.now())


@pytest.fixture
def window(tianjin):
    return make_window(tianjin)


def choices(window):
    with system_scope("test"):
        return list(VoteCandidate.objects.filter(window=window).values_list("pk", flat=True))


def cast(window, voter, chosen=None, address="203.0.113.1", now=None, actor=PUBLIC):
    now = now or timezone.now()
    chosen = choices(window)[:1] if chosen is None else chosen
    with scope(PublicScope() if actor is PUBLIC else scope_of(actor)):
        return domain.cast_ballot(
            actor=actor, window=window, candidates=chosen, voter=voter, address=address, now=now
        )  # fmt: skip


def test_ballot_counts_once_per_voter(window):
    cast(window, "one")
    with pytest.raises(Conflict, match="已经投过票"):
        cast(window, "one", address="203.0.113.2")


@pytest.mark.django_db(transaction=True)
def test_two_requests_of_one_voter_at_once_count_once(window):
    results, barrier = [], threading.Barrier(2)

    def vote(address):
        try:
            barrier.wait()
            cast(window, "same", address=address)
            results.append("counted")
        except Conflict as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=vote, args=(f"203.0.113.{n}",)) for n in (1, 2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(results) == ["counted", "voted"]
    with system_scope("test"):
        assert Ballot.objects.count() == 1


def test_one_network_is_capped_per_hour_and_free_again_later(window):
    for number in range(3):
        cast(window, f"v{number}")
    with pytest.raises(Conflict, match="同一网络"):
        cast(window, "v3")
    cast(window, "v3", address="203.0.113.9")
    cast(window, "v4", now=timezone.now() + dt.timedelta(minutes=61))


@pytest.mark.parametrize(
    ("chosen", "words"),
    [([], "请先选择"), (slice(3), "最多投 2 票"), ([0], "选票内容已变化")],
    ids=["none", "many", "other"],
)
def test_ballot_that_does_not_fit_is_refused(window, chosen, words):
    chosen = choices(window)[chosen] if isinstance(chosen, slice) else chosen
    with pytest.raises(Invalid, match=words):
        cast(window, "one", chosen)


def test_window_is_kept(window):
    with pytest.raises(Conflict, match="尚未开始或已经结束"):
        cast(window, "late", now=window.closes_at)


def test_nothing_that_is_stored_leads_back_to_the_voter(window):
    cast(window, "token-of-a-person", address="203.0.113.77")
    with system_scope("test"):
        row = Ballot.objects.values().get()
        event = AuditEvent.objects.get(action="lifecycle.vote.cast")
    everything = f"{row} {event.__dict__}"
    assert "token-of-a-person" not in everything
    assert "203.0.113.77" not in everything
    assert event.actor_id is None


def test_results_stay_hidden_until_the_end_and_then_stand_beside_the_marks(tianjin, window):
    one, two, _three = choices(window)
    cast(window, "a", [one, two])
    cast(window, "b", [two])
    with scope(scope_of(tianjin.manager)):
        window = VoteWindow.objects.get(pk=window.pk)
        assert queries.standings(window, timezone.now()) == []
        assert queries.votes_of_stage(window.stage_id, timezone.now()) is None
        rows = queries.standings(window, window.closes_at)
        assert [(row.candidate.pk, row.votes, row.rank) for row in rows][:2] == [(two, 2, 1), (one, 1, 2)]
        assert sum(queries.votes_of_stage(window.stage_id, window.closes_at).values()) == 3


def test_burst_of_ballots_is_flagged(tianjin, window):
    start = timezone.now().replace(second=0, microsecond=0)
    with system_scope("test"):
        rows = [(minute, n) for minute in range(9) for n in range(2)] + [(10, n) for n in range(25)]
        Ballot.objects.bulk_create(
            Ballot(
                window=window, voter_key=f"{minute}-{n}", address_key="x", cast_at=start + dt.timedelta(minutes=minute)
            )
            for minute, n in rows
        )
    with scope(scope_of(tianjin.manager)):
        (burst,) = queries.bursts(window)
    assert (burst.ballots, burst.addresses) == (25, 1)


def test_public_votes_on_the_page_with_a_cookie_and_only_once(window, client):
    url = reverse("lifecycle:vote.public", kwargs={"token": window.token})
    page = client.get(url)
    assert "成果0" in page.content.decode()
    assert page.cookies["vote"]["httponly"]
    done = client.post(url, {"candidate": choices(window)[:2]}, follow=True).content.decode()
    assert "您已投票" in done
    assert "得票" not in done
    assert client.post(url, {"candidate": choices(window)[:1]}).status_code == 409


def test_public_without_the_page_s_cookie_is_refused(window, client):
    url = reverse("lifecycle:vote.public", kwargs={"token": window.token})
    assert client.post(url, {"candidate": choices(window)[:1]}).status_code == 422
    client.cookies["vote"] = "made-up"
    assert client.post(url, {"candidate": choices(window)[:1]}).status_code == 422


def test_vote_of_staff_is_closed_to_the_public_and_counts_persons(tianjin, hebei, client, desk_client):
    with system_scope("test"):
        window = make_window(tianjin, audience="staff")
    assert client.get(reverse("lifecycle:vote.public", kwargs={"token": window.token})).status_code == 404
    url = reverse("lifecycle:vote.staff", kwargs={"token": window.token})
    assert desk_client(hebei.filer).get(url).status_code == 404
    voter = desk_client(tianjin.filer)
    assert "您已投票" in voter.post(url, {"candidate": choices(window)[:1]}, follow=True).content.decode()
    assert desk_client(tianjin.filer).post(url, {"candidate": choices(window)[:1]}).status_code == 409


def test_organiser_opens_the_vote_once_and_sees_no_count_while_it_runs(tianjin, window, desk_client):
    cast(window, "a")
    page = desk_client(tianjin.manager).get(reverse("lifecycle:vote.overview", args=[window.stage_id])).content.decode()
    assert "不计入总分" in page
    assert "得票" not in page
    assert window.token in page
    with scope(scope_of(tianjin.manager)), pytest.raises(Conflict, match="已经开启"):
        domain.open_vote(actor=tianjin.manager, stage=window.stage, now=timezone.now())
