"""Meetings: rules of the ballot, who sees what, one ballot each that leads back to nobody, minutes."""

from __future__ import annotations

import io
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.blueprints.vocabulary import MajorityRule
from portal.lifecycle.review.meeting import domain, queries
from portal.lifecycle.review.meeting.models import AgendaItem, BallotRound, Meeting, MeetingMember, Turnout
from portal.lifecycle.review.meeting.rules import outcome, reaches
from tests.factories.entries import make_cycle
from tests.factories.programmes import small_definition
from tests.factories.review import make_entry_in_review, make_expert, make_panel

HALF, TWO_THIRDS = MajorityRule.MORE_THAN_HALF, MajorityRule.TWO_THIRDS


@pytest.mark.parametrize(("part", "whole", "rule", "is_share"), [
    (4, 8, HALF, False), (5, 8, HALF, True), (6, 9, TWO_THIRDS, True), (5, 9, TWO_THIRDS, False),
    (4, 5, MajorityRule.FOUR_FIFTHS, True), (3, 3, MajorityRule.ALL, True), (2, 3, MajorityRule.ALL, False),
    (0, 0, TWO_THIRDS, False),
])  # fmt: skip
def test_shares_are_compared_exactly(part, whole, rule, is_share):
    assert reaches(part, whole, rule) is is_share


@pytest.mark.parametrize(("yes", "cast", "number", "expected"), [
    (6, 9, 1, "passed"), (5, 9, 1, "again"), (5, 9, 2, "failed"), (4, 5, 1, "no_quorum"), (4, 5, 2, "no_quorum"),
])  # fmt: skip
def test_round_counts_with_quorum_and_passes_with_majority(yes, cast, number, expected):
    found = outcome(
        yes=yes, cast=cast, entitled=9, quorum=TWO_THIRDS, majority=TWO_THIRDS, number=number, rounds=2
    )  # fmt: skip
    assert found == expected


@given(st.integers(0, 30), st.integers(0, 30), st.sampled_from(MajorityRule.values))
def test_more_votes_never_turn_a_majority_into_none(part, more, rule):
    whole = part + more
    if part and reaches(part - 1, whole, rule):
        assert reaches(part, whole, rule)


@pytest.fixture
def case(tianjin):
    definition = small_definition(
        programme={"code": "with-meeting"}, stages={"review": {"meeting": {"rounds": 2}, "conflicts": ["same_unit"]}}
    )
    cycle = make_cycle(tianjin, definition, stage="review")
    away = make_expert(tianjin, "同单位评委", unit=tianjin.unit)
    voters = [make_expert(tianjin, f"评委{n}") for n in range(3)]
    panel = make_panel(cycle, [*voters, away])
    entry = make_entry_in_review(cycle, tianjin.filer, title="一号成果")
    with scope(scope_of(tianjin.manager)):
        meeting = domain.call_meeting(
            actor=tianjin.manager, panel=panel, title="评审会", place="三楼会议室", starts_at=timezone.now(),
            entries=[entry.pk], now=timezone.now(),
        )  # fmt: skip
        members = list(MeetingMember.objects.filter(meeting=meeting).values_list("pk", flat=True))
        domain.open_meeting(actor=tianjin.manager, meeting=meeting, present=members, now=timezone.now())
        item = AgendaItem.objects.get()
        domain.take_up(actor=tianjin.manager, item=item, now=timezone.now())
    return tianjin, meeting, item, voters, away


def ballot_of(tree, item):
    with scope(scope_of(tree.manager)):
        return domain.open_ballot(actor=tree.manager, item=item, now=timezone.now())


def cast(actor, ballot, choice="yes"):
    with scope(scope_of(actor)):
        domain.cast_ballot(actor=actor, ballot=ballot, choice=choice, now=timezone.now())


def closed(tree, ballot, note=""):
    with scope(scope_of(tree.manager)):
        return domain.close_ballot(actor=tree.manager, ballot=ballot, note=note, now=timezone.now())


def test_conflicted_member_sees_only_that_something_is_discussed(case, desk_client):
    _tree, meeting, item, voters, away = case
    with scope(scope_of(away)):
        assert not AgendaItem.objects.exists()
        assert queries.member_view(meeting, actor=away).hidden
    url = reverse("lifecycle:meeting.room", args=[meeting.pk])
    page = desk_client(away).get(url).text
    assert "您须回避的议题" in page
    assert item.label not in page
    assert item.label in desk_client(voters[0]).get(url).text


def test_conflicted_member_and_strangers_cannot_vote(case):
    tree, _meeting, item, _voters, away = case
    ballot = ballot_of(tree, item)
    assert ballot.entitled == 3
    for actor in (away, tree.expert):
        with pytest.raises(Refused):
            cast(actor, ballot)


def test_absent_member_cannot_vote(case):
    tree, _meeting, item, voters, _away = case
    with system_scope("test"):
        MeetingMember.objects.filter(user=voters[2].user).update(is_present=False)
    with pytest.raises(Refused):
        cast(voters[2], ballot_of(tree, item))


def test_item_passes_and_nothing_stored_leads_back_to_a_voter(case):
    tree, _meeting, item, voters, _away = case
    ballot = ballot_of(tree, item)
    for actor, choice in zip(voters, ("yes", "yes", "no"), strict=True):
        cast(actor, ballot, choice)
    found = closed(tree, ballot, "材料扎实")
    assert (found.yes, found.no, found.outcome) == (2, 1, "passed")
    with system_scope("test"):
        item.refresh_from_db()
        assert (item.state, item.note) == ("passed", "材料扎实")
        assert not Turnout.objects.exists()
        events = AuditEvent.objects.filter(action="lifecycle.meeting.ballot_cast")
        assert events.count() == 3
        for event in events:
            assert event.actor_id is None
            assert "choice" not in event.data
            assert not any(str(a.user.pk) == str(v) for v in event.data.values() for a in voters if v != 1)


def test_counts_are_hidden_until_the_round_is_closed(case, desk_client):
    tree, meeting, item, voters, _away = case
    ballot = ballot_of(tree, item)
    cast(voters[0], ballot)
    with scope(scope_of(tree.manager)):
        (view,) = queries.agenda(meeting)
    assert (view.open_round.yes, view.open_round.cast) == (None, None)
    page = desk_client(tree.manager).get(reverse("lifecycle:meeting.detail", args=[meeting.pk])).text
    assert "同意 1" not in page
    assert "投票进行中" in page


def test_second_round_decides_and_there_is_no_third(case):
    tree, _meeting, item, voters, _away = case
    for expected in ("again", "failed"):
        ballot = ballot_of(tree, item)
        for actor, choice in zip(voters, ("yes", "no", "abstain"), strict=True):
            cast(actor, ballot, choice)
        assert closed(tree, ballot).outcome == expected
    with pytest.raises(Conflict):
        ballot_of(tree, item)


def test_round_without_quorum_is_held_again(case):
    tree, _meeting, item, voters, _away = case
    first = ballot_of(tree, item)
    cast(voters[0], first)
    assert closed(tree, first).outcome == "no_quorum"
    second = ballot_of(tree, item)
    for actor in voters:
        cast(actor, second)
    assert closed(tree, second).outcome == "passed"


def test_closed_round_takes_no_ballot_and_an_unknown_choice_is_refused(case):
    tree, _meeting, item, voters, _away = case
    ballot = ballot_of(tree, item)
    with pytest.raises(Invalid):
        cast(voters[0], ballot, "maybe")
    closed(tree, ballot)
    with pytest.raises(Conflict, match="已经结束"):
        cast(voters[0], ballot)


@pytest.mark.django_db(transaction=True)
def test_one_ballot_each_even_with_two_requests_at_once(case):
    tree, _meeting, item, voters, _away = case
    ballot = ballot_of(tree, item)
    outcomes = []

    def run():
        try:
            cast(voters[0], ballot)
            outcomes.append("counted")
        except Conflict as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["counted", "voted"]
    with system_scope("test"):
        assert BallotRound.objects.get().yes == 1


def test_meeting_by_its_pages_from_call_to_minutes(case, desk_client):
    tree, meeting, item, voters, _away = case
    client, detail = desk_client(tree.manager), reverse("lifecycle:meeting.detail", args=[meeting.pk])
    client.post(reverse("lifecycle:meeting.ballot_open", args=[item.pk]))
    with system_scope("test"):
        ballot = BallotRound.objects.get()
    for actor in voters:
        member = desk_client(actor)
        room = reverse("lifecycle:meeting.room", args=[meeting.pk])
        assert "无记名投票" in member.get(room).text
        member.post(reverse("lifecycle:meeting.cast", args=[meeting.pk]), {"ballot": ballot.pk, "choice": "yes"})
        assert "已投票" in member.get(room).text
    client.post(reverse("lifecycle:meeting.ballot_close", args=[ballot.pk]), {"note": "一致同意"})
    client.post(reverse("lifecycle:meeting.close", args=[meeting.pk]))
    assert "会议纪要" in client.get(detail).text
    response = client.get(reverse("lifecycle:meeting.minutes", args=[meeting.pk]))
    document = Document(io.BytesIO(b"".join(response.streaming_content)))
    text = "\n".join(p.text for p in document.paragraphs)
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert "三楼会议室" in text
    assert "回避：同单位评委" in text
    assert any("同意3" in cell for cell in cells)


def test_unchanged_room_is_not_redrawn(case, desk_client):
    _tree, meeting, _item, voters, _away = case
    client, url = desk_client(voters[0]), reverse("lifecycle:meeting.room", args=[meeting.pk])
    key = client.get(url).context["key"]
    headers = {"HX-Request": "true"}
    assert client.get(url, {"seen": key}, headers=headers).status_code == 204
    assert client.get(url, {"seen": "old"}, headers=headers).status_code == 200


def test_meeting_is_called_by_the_form(case, desk_client):
    tree, meeting, _item, _voters, _away = case
    client = desk_client(tree.manager)
    with system_scope("test"):
        stage, panel = meeting.panel.stage_id, meeting.panel_id
    url = reverse("lifecycle:meeting.call", args=[stage])
    assert "三分之二" in client.get(url).text
    values = {"panel": panel, "title": "第二次评审会", "place": "", "starts_at": "2026-11-25T09:00", "agenda": "all"}
    assert client.post(url, values).status_code == 302
    with system_scope("test"):
        assert Meeting.objects.filter(title="第二次评审会").exists()
    assert "第二次评审会" in client.get(reverse("lifecycle:meeting.list", args=[stage])).text
