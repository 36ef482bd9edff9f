"""Staff who keep away from an entry: they do not see it anywhere, a colleague acts, the whole is decided by others."""

from __future__ import annotations

import threading

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.models import Membership
from portal.accounts.queries.desks import desk_facts, desk_of
from portal.accounts.scopes import scope_of
from portal.core.context import Actor
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import may
from portal.core.scoping import ScopedModel, scope, subject_lookups, system_scope
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.recusals.domain import end_recusal, record_recusal
from portal.lifecycle.entries.recusals.models import Recusal
from portal.lifecycle.selection import domain as selection
from portal.lifecycle.selection.models import Selection
from tests.factories.people import make_actor
from tests.factories.rounds import Case

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
REASON = "申报单位负责人是本人近亲属"


@pytest.fixture
def case(tianjin):
    return Case(tianjin)


@pytest.fixture
def colleague(tianjin):
    return make_actor(tianjin.municipal, Role.MANAGER, "代办人")


def again(actor: Actor) -> Actor:
    """The same person at the same desk, as the next request finds them."""
    with system_scope("test"):
        row = Membership.objects.select_related("organisation").annotate(**desk_facts())
        return Actor(user=actor.user, desk=desk_of(row.get(pk=actor.desk.membership_id)))


def keep_away(case, user, deputy, actor=None, entry=None):
    return case.act(
        record_recusal, actor=actor or user, entry=entry or case.entries[0], user=user.user, deputy=deputy.user,
        reason=REASON,
    )  # fmt: skip


def test_entry_is_gone_for_who_keeps_away_and_there_for_the_deputy(case, tianjin, colleague, desk_client):
    entry, other = case.entries[:2]
    keep_away(case, tianjin.manager, colleague)
    mine, theirs = desk_client(tianjin.manager), desk_client(colleague)
    for name in ("detail", "attachments", "versions", "history", "files"):
        address = reverse(f"lifecycle:entry.{name}", args=[entry.code])
        assert mine.get(address).status_code == 404, name
        assert theirs.get(address).status_code == 200, name
    pages = [
        reverse("lifecycle:entry.list"),
        reverse("lifecycle:worklist.home"),
        reverse("lifecycle:review.marks", args=[case.panel.stage_id]),
        f"{reverse('lifecycle:worklist.search')}?q={entry.title}",
        reverse("lifecycle:recusal.list"),
    ]
    for address in pages:
        content = mine.get(address).content.decode()
        assert entry.code not in content.replace(f"q={entry.title}", ""), address
        assert reverse("lifecycle:entry.detail", args=[entry.code]) not in content, address
    assert other.code in mine.get(pages[0]).content.decode()
    assert entry.code in theirs.get(pages[0]).content.decode()


def test_entry_is_gone_from_the_api(case, tianjin, colleague, desk_client):
    keep_away(case, tianjin.manager, colleague)
    rows = desk_client(tianjin.manager).get("/api/v1/entries/").json()["results"]
    assert {row["code"] for row in rows} == {e.code for e in case.entries[1:]}


def test_every_model_about_an_entry_is_withheld_with_it():
    """Whoever adds a model that points to an entry has nothing to remember."""
    scoped = [m for m in apps.get_models() if issubclass(m, ScopedModel)]
    about = [
        m for m in scoped
        if any(isinstance(f, models.ForeignKey) and f.related_model is Entry for f in m._meta.fields)
    ]  # fmt: skip
    assert len(about) > 20
    assert [m.__name__ for m in about if not subject_lookups(m)] == []


def test_rows_of_an_entry_are_withheld_with_it(case, tianjin, colleague):
    round_ = case.produce()
    keep_away(case, tianjin.manager, colleague)
    with scope(scope_of(again(tianjin.manager))):
        assert case.entries[0].pk not in set(Selection.objects.filter(round=round_).values_list("entry_id", flat=True))
        assert not Recusal.objects.exists()
    with scope(scope_of(again(colleague))):
        assert Selection.objects.filter(round=round_, entry=case.entries[0]).exists()
        assert Recusal.objects.get().user == tianjin.manager.user


def test_the_whole_is_decided_by_others(case, tianjin, colleague):
    round_ = case.produce()
    keep_away(case, tianjin.manager, colleague)
    away, deputy = again(tianjin.manager), again(colleague)
    for action, obj in (
        ("cycle.run", case.cycle), ("round.produce", case.stage), ("round.approve", round_),
        ("conferral.draft", case.cycle), ("review.assign", case.panel),
    ):  # fmt: skip
        assert may(away, action, obj).code == "recused", action
        assert may(deputy, action, obj), action
    assert may(away, "round.view", round_)
    with pytest.raises(Refused):
        case.act(selection.approve_round, actor=away, round_=round_, note="经会议审议通过。")
    case.act(selection.approve_round, actor=deputy, round_=round_, note="经会议审议通过。")


def test_other_entries_of_the_cycle_stay_with_the_person(case, tianjin, colleague):
    keep_away(case, tianjin.manager, colleague)
    away = again(tianjin.manager)
    with scope(scope_of(away)):
        other = Entry.objects.get(pk=case.entries[1].pk)
        assert may(away, "entry.view", other)
        assert may(away, "recusal.record", other)


def test_recusal_holds_at_the_own_union_only(case, tianjin, colleague):
    district = make_actor(tianjin.district, Role.CHECKER, "区经办人")
    with system_scope("test"):
        membership = Membership.objects.create(
            user=tianjin.manager.user, organisation=tianjin.district, role=Role.CHECKER
        )
    keep_away(case, tianjin.manager, colleague)
    assert again(tianjin.manager).desk.withheld == {case.entries[0].pk}
    assert again(Actor(user=tianjin.manager.user, desk=desk_of(membership))).desk.withheld == frozenset()
    assert again(district).desk.withheld == frozenset()


@pytest.mark.parametrize(
    ("who", "deputy", "field"),
    [("manager", "manager", "deputy"), ("manager", "expert", "deputy"), ("filer", "second", "user")],
)
def test_people_of_the_own_union_only_are_accepted(case, tianjin, colleague, who, deputy, field):
    people = {"second": colleague, "manager": tianjin.manager, "expert": tianjin.expert, "filer": tianjin.filer}
    with pytest.raises(Invalid) as caught:
        keep_away(case, people[who], people[deputy], actor=tianjin.manager)
    assert field in caught.value.fields


def test_deputy_neither_keeps_away_nor_is_chosen_by_somebody_who_acts_for_others(case, tianjin, colleague):
    third = make_actor(tianjin.municipal, Role.CHECKER, "第三人")
    keep_away(case, tianjin.manager, colleague)
    with pytest.raises(Conflict):
        keep_away(case, tianjin.manager, third, actor=colleague)
    with pytest.raises(Conflict):
        keep_away(case, colleague, third, actor=third)
    with pytest.raises(Invalid):
        keep_away(case, third, tianjin.manager, actor=third)


def test_recusal_is_ended_by_somebody_else_with_a_reason(case, tianjin, colleague):
    recusal = keep_away(case, tianjin.manager, colleague)
    with pytest.raises(Refused):
        case.act(end_recusal, recusal=recusal, reason="经核实没有利害关系", actor=tianjin.manager)
    with pytest.raises(Invalid):
        case.act(end_recusal, actor=colleague, recusal=recusal, reason="")
    case.act(end_recusal, actor=colleague, recusal=recusal, reason="经核实没有利害关系")
    assert again(tianjin.manager).desk.withheld == frozenset()
    with pytest.raises(Refused):
        case.act(end_recusal, actor=colleague, recusal=recusal, reason="经核实没有利害关系")


def test_pages_of_recording_and_ending(case, tianjin, colleague, desk_client):
    entry = case.entries[0]
    page, theirs = desk_client(tianjin.manager), desk_client(colleague)
    detail = page.get(reverse("lifecycle:entry.detail", args=[entry.code])).content.decode()
    address = reverse("lifecycle:recusal.record", args=[entry.code])
    assert address in detail
    answer = page.post(address, {"user": tianjin.manager.user.pk, "deputy": "", "reason": REASON})
    assert answer.status_code == 422
    values = {"user": tianjin.manager.user.pk, "deputy": colleague.user.pk, "reason": REASON}
    assert page.post(address, values).status_code == 302
    assert "由代办人代为办理" in theirs.get(reverse("lifecycle:entry.detail", args=[entry.code])).content.decode()
    with system_scope("test"):
        end = reverse("lifecycle:recusal.end", args=[Recusal.objects.get().pk])
    assert page.get(end).status_code == 404
    assert end in theirs.get(reverse("lifecycle:recusal.list")).content.decode()
    assert theirs.post(end, {"reason": "经核实没有利害关系"}).status_code == 302
    assert page.get(reverse("lifecycle:entry.detail", args=[entry.code])).status_code == 200


def test_list_of_entries_needs_no_more_queries_for_who_keeps_away(case, tianjin, colleague, desk_client):
    client, address = desk_client(tianjin.manager), reverse("lifecycle:entry.list")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(address)
    keep_away(case, tianjin.manager, colleague)
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    assert len(after) <= len(before)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_record_one_recusal(case, tianjin, colleague):
    third, found = make_actor(tianjin.municipal, Role.CHECKER, "第三人"), []

    def run(deputy):
        try:
            keep_away(case, tianjin.manager, deputy, actor=deputy)
            found.append("ok")
        except (Conflict, Refused):
            found.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(person,)) for person in (colleague, third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["late", "ok"]
    with system_scope("test"):
        assert Recusal.objects.filter(ended_at=None).count() == 1


def test_recusal_of_now_is_kept_with_its_times(case, tianjin, colleague):
    before = timezone.now()
    recusal = keep_away(case, tianjin.manager, colleague)
    assert before <= recusal.recorded_at <= timezone.now()
    assert recusal.recorded_by == tianjin.manager.user
