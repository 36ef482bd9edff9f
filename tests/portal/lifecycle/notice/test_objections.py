"""Objections: received from anybody, kept secret, answered once; what the answer does to the entry."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.core.context import system_actor
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import PublicScope, scope, system_scope
from portal.lifecycle.conferral.domain import issue_conferral
from portal.lifecycle.engine.perform import perform, preview
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice import queries
from portal.lifecycle.notice.domain import close_notice
from portal.lifecycle.notice.models import NoticeItem, NoticeKind, Objection, ObjectionFile, Ruling
from portal.lifecycle.notice.objections import reveal_objector, rule_on_objection
from portal.lifecycle.programmes.models import CycleStage
from tests.factories.entries import make_cycle, make_entry
from tests.factories.notices import (
    end_notice,
    make_decision,
    make_notice,
    make_round_done,
    make_selected,
    move_to,
    object_to,
)
from tests.portal.lifecycle.notice.test_notices import at, together

pytestmark = pytest.mark.django_db
ANSWER = "经调阅图纸和验收单并走访当事人，情况如下。"


@pytest.fixture
def notice(tianjin):
    return make_notice(make_selected(tianjin), tianjin.manager)


@pytest.fixture
def entries(notice):
    return [item.entry for item in NoticeItem.objects.filter(notice=notice).select_related("entry")]


def state(entry):
    with system_scope("test"):
        return Entry.objects.get(pk=entry.pk).state


def rule(objection, actor, ruling, *, now=None, text=ANSWER):
    with system_scope("test"):
        return rule_on_objection(objection=objection, ruling=ruling, text=text, actor=actor, now=now or timezone.now())


# --- intake -----------------------------------------------------------------------------------------


def test_named_objection_is_received_with_a_deadline_in_working_days(tianjin):
    published = at(2026, 9, 28, 9)
    notice = make_notice(make_selected(tianjin, now=published), tianjin.manager, now=published)
    with system_scope("test"):
        entry = notice.items.first().entry
    receipt = object_to(notice, entry, now=at(2026, 9, 30, 10))
    objection = receipt.objection
    # Ten working days after 30 September 2026, over the holidays: 8, 9, 10 (worked Saturday), 12 … 20 October.
    assert objection.due_at == at(2026, 10, 20, 17)
    assert objection.is_open
    assert (objection.name, objection.is_named) == ("周海燕", True)
    assert len(receipt.query_code) == 10


def test_anonymous_objection_keeps_no_name_even_when_one_was_typed(notice, entries):
    objection = object_to(notice, entries[0], named=False).objection
    assert (objection.is_named, objection.name, objection.phone) == (False, "", "")


def test_anonymous_objection_is_refused_where_the_cycle_takes_named_ones_only(notice, entries):
    with system_scope("test"):
        stage = CycleStage.objects.get(cycle=notice.cycle_id, kind="notice")
        stage.params |= {"anonymous_objections": False}
        stage.save()
        notice.refresh_from_db()
    with pytest.raises(Invalid) as refused:
        object_to(notice, entries[0], named=False)
    assert set(refused.value.fields) == {"is_named"}
    assert object_to(notice, entries[0]).objection.is_named


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"grounds": "太短"}, "grounds"),
        ({"grounds": "长" * 5001}, "grounds"),
        ({"name": " "}, "name"),
        ({"phone": ""}, "phone"),
        ({"files": 6}, "files"),
    ],
)
def test_objection_is_refused_beside_the_field(notice, entries, given, field):
    with pytest.raises(Invalid) as refused:
        object_to(notice, entries[0], **given)
    assert set(refused.value.fields) == {field}
    with system_scope("test"):
        assert not Objection.objects.exists()


def test_objection_to_what_does_not_stand_in_the_notice_is_refused(tianjin, notice):
    with system_scope("test"):
        cycle = make_cycle(tianjin, "innovation-star")
        stranger = make_entry(cycle, tianjin.filer)
    with pytest.raises(Invalid) as refused:
        object_to(notice, stranger)
    assert set(refused.value.fields) == {"entry"}


def test_objection_after_the_last_moment_is_refused(notice, entries):
    object_to(notice, entries[0], now=notice.closes_at)
    with pytest.raises(Conflict):
        object_to(notice, entries[0], now=notice.closes_at + dt.timedelta(seconds=1))
    end_notice(notice)
    notice.refresh_from_db(from_queryset=type(notice)._base_manager.all())
    with pytest.raises(Refused):
        object_to(notice, entries[0])


def test_two_same_objections_are_two_cases(notice, entries):
    first, second = object_to(notice, entries[0]), object_to(notice, entries[0])
    assert first.objection.code != second.objection.code
    assert first.query_code != second.query_code


# --- holding the entry ------------------------------------------------------------------------------


def test_open_objection_holds_the_confirmation_of_its_entry_only(tianjin, notice, entries):
    object_to(notice, entries[0])
    end_notice(notice)
    assert [state(e) for e in entries] == [EntryState.IN_NOTICE, EntryState.CONFIRMED]
    with system_scope("test"):
        found = preview(Entry.objects.get(pk=entries[0].pk), "confirm", actor=tianjin.manager, now=timezone.now())
        held = AuditEvent.objects.get(action="lifecycle.notice.closed").data["held"]
    assert [d.code for d in found] == ["objection"]
    assert held == [entries[0].code]


def test_objection_to_the_whole_list_holds_everybody(tianjin, notice, entries):
    objection = object_to(notice, None).objection
    end_notice(notice)
    assert [state(e) for e in entries] == [EntryState.IN_NOTICE] * 2
    with pytest.raises(Invalid):
        rule(objection, tianjin.manager, Ruling.UPHELD)
    rule(objection, tianjin.manager, Ruling.PARTLY, now=notice.closes_at)
    assert [state(e) for e in entries] == [EntryState.CONFIRMED] * 2


def test_open_objection_holds_the_whole_decision(tianjin, notice, entries, all_rows):
    object_to(notice, entries[0])
    end_notice(notice)
    move_to(notice.cycle, "conferral")
    decision = make_decision(notice.cycle, tianjin.manager)
    with pytest.raises(Refused, match="异议"):
        issue_conferral(conferral=decision, actor=tianjin.manager, now=timezone.now())
    assert state(entries[1]) == EntryState.CONFIRMED


def test_entry_with_an_open_objection_cannot_be_conferred(tianjin, notice, entries, all_rows):
    end_notice(notice)
    move_to(notice.cycle, "conferral")
    Objection.objects.create(
        code="YY20261122-LATE", notice=notice, entry=entries[0], grounds="事实与理由", query_hash="0" * 64,
        received_at=timezone.now(), due_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(Refused, match="异议尚未答复"):
        perform(entries[0], "confer", actor=tianjin.manager, now=timezone.now())


# --- rulings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ruling", [Ruling.PARTLY, Ruling.REJECTED])
def test_objection_not_upheld_after_the_notice_confirms_at_once(tianjin, notice, entries, ruling):
    objection = object_to(notice, entries[0]).objection
    end_notice(notice)
    rule(objection, tianjin.manager, ruling, now=notice.closes_at)
    assert state(entries[0]) == EntryState.CONFIRMED


def test_objection_not_upheld_while_the_notice_runs_changes_nothing_yet(tianjin, notice, entries):
    objection = object_to(notice, entries[0]).objection
    rule(objection, tianjin.manager, Ruling.REJECTED)
    assert state(entries[0]) == EntryState.IN_NOTICE
    end_notice(notice)
    assert state(entries[0]) == EntryState.CONFIRMED


def test_second_open_objection_still_holds(tianjin, notice, entries):
    first, second = (object_to(notice, entries[0]).objection for _ in range(2))
    end_notice(notice)
    rule(first, tianjin.manager, Ruling.REJECTED, now=notice.closes_at)
    assert state(entries[0]) == EntryState.IN_NOTICE
    rule(second, tianjin.manager, Ruling.REJECTED, now=notice.closes_at)
    assert state(entries[0]) == EntryState.CONFIRMED


def test_upheld_objection_disqualifies_and_the_reserve_moves_up_into_a_notice_of_its_own(tianjin):
    best, second, reserve = make_round_done(tianjin)
    notice = make_notice([best, second], tianjin.manager)
    objection = object_to(notice, best).objection
    end_notice(notice)
    rule(objection, tianjin.manager, Ruling.UPHELD, now=notice.closes_at)
    assert [state(e) for e in (best, second, reserve)] == [
        EntryState.DISQUALIFIED,
        EntryState.CONFIRMED,
        EntryState.SELECTED,
    ]
    with system_scope("test"):
        item = NoticeItem.objects.get(notice=notice, entry=best)
        assert objection.code in item.removed_reason
        decision = make_decision(notice.cycle, tianjin.manager)
    supplementary = make_notice([reserve], tianjin.manager)
    assert state(reserve) == EntryState.IN_NOTICE
    move_to(notice.cycle, "conferral")
    with system_scope("test"), pytest.raises(Refused):  # nobody is named while the reserve is still being shown
        issue_conferral(conferral=decision, actor=tianjin.manager, now=timezone.now())
    move_to(notice.cycle, "notice")
    end_notice(supplementary)
    assert state(reserve) == EntryState.CONFIRMED


def test_upheld_objection_while_the_notice_runs_takes_the_line_out(tianjin):
    best, second, _reserve = make_round_done(tianjin)
    notice = make_notice([best, second], tianjin.manager)
    rule(object_to(notice, best).objection, tianjin.manager, Ruling.UPHELD)
    assert state(best) == EntryState.DISQUALIFIED
    end_notice(notice)
    assert state(second) == EntryState.CONFIRMED
    assert state(best) == EntryState.DISQUALIFIED


def test_upheld_objection_to_a_local_notice_ends_the_recommendation(tianjin):
    with system_scope("test"):
        params = {"recommendation": {"notice_working_days": {"grassroots": 5}}}
        entry = make_entry(make_cycle(tianjin, "small-work", params=params), tianjin.filer, EntryState.SUBMITTED)
    notice = make_notice([entry], tianjin.unit_checker, kind=NoticeKind.LOCAL)
    objection = object_to(notice, entry).objection
    rule(objection, tianjin.unit_checker, Ruling.UPHELD)
    assert state(entry) == EntryState.DECLINED


def test_open_objection_to_a_local_notice_holds_the_recommendation(tianjin):
    with system_scope("test"):
        params = {"recommendation": {"notice_working_days": {"grassroots": 5}}}
        entry = make_entry(make_cycle(tianjin, "small-work", params=params), tianjin.filer, EntryState.SUBMITTED)
    notice = make_notice([entry], tianjin.unit_checker, kind=NoticeKind.LOCAL)
    objection = object_to(notice, entry).objection
    end_notice(notice)

    def codes():
        with system_scope("test"):
            found = preview(Entry.objects.get(pk=entry.pk), "endorse", actor=tianjin.unit_checker, now=timezone.now())
        return {d.code for d in found}

    assert "objection" in codes()
    rule(objection, tianjin.unit_checker, Ruling.REJECTED)
    assert "objection" not in codes()


def test_objection_is_answered_once(tianjin, notice, entries):
    objection = object_to(notice, entries[0]).objection
    rule(objection, tianjin.manager, Ruling.REJECTED)
    with pytest.raises(Conflict):
        rule(objection, tianjin.manager, Ruling.UPHELD)
    assert state(entries[0]) == EntryState.IN_NOTICE


@pytest.mark.parametrize(("ruling", "text"), [("maybe", ANSWER), (Ruling.REJECTED, "不")])
def test_answer_without_conclusion_or_words_is_refused(tianjin, notice, entries, ruling, text):
    with pytest.raises(Invalid):
        rule(object_to(notice, entries[0]).objection, tianjin.manager, ruling, text=text)


def test_only_the_publishers_managers_answer(tianjin, notice, entries, hebei):
    objection = object_to(notice, entries[0]).objection
    for actor in (tianjin.checker, tianjin.supervisor, tianjin.auditor, tianjin.district_manager, hebei.manager):
        with pytest.raises(Refused):
            rule(objection, actor, Ruling.REJECTED)


@pytest.mark.django_db(transaction=True)
def test_two_managers_answer_at_the_same_moment(tianjin):
    selected = make_selected(tianjin)
    notice = make_notice(selected, tianjin.manager)
    objection = object_to(notice, selected[0]).objection
    outcomes = together(
        4,
        lambda: (
            rule_on_objection(
                objection=objection, ruling=Ruling.REJECTED, text=ANSWER, actor=tianjin.manager, now=timezone.now()
            ).ruling
        ),
    )
    assert sorted(outcomes) == ["Conflict", "Conflict", "Conflict", "rejected"]
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="lifecycle.objection.ruled").count() == 1


# --- secrecy ----------------------------------------------------------------------------------------


def test_who_objected_is_unreadable_in_the_database(notice, entries):
    receipt = object_to(notice, entries[0], name="周海燕", phone="19900000007")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, query_hash FROM lifecycle_objection WHERE id = %s", [receipt.objection.pk])
        name, phone, query_hash = cursor.fetchone()
        assert name.startswith("enc1:")
        assert phone.startswith("enc1:")
        assert receipt.query_code not in query_hash
        cursor.execute("SELECT count(*) FROM audit_auditevent WHERE concat(before, after, data) LIKE '%周海燕%'")
        assert cursor.fetchone() == (0,)
    with system_scope("test"), pytest.raises(TypeError):
        Objection.objects.filter(name="周海燕").exists()


def test_name_is_shown_to_whoever_rules_for_a_reason_and_logged(tianjin, notice, entries, all_rows):
    objection = object_to(notice, entries[0]).objection
    now = timezone.now()
    person = reveal_objector(objection=objection, reason="电话核实", actor=tianjin.manager, now=now)
    assert person == {"name": "周海燕", "phone": "19900000007"}
    assert AuditEvent.objects.get(action="lifecycle.objection.revealed").data == {"reason": "电话核实"}
    with pytest.raises(Invalid):
        reveal_objector(objection=objection, reason=" ", actor=tianjin.manager, now=now)
    with pytest.raises(Refused):
        reveal_objector(objection=objection, reason="看看", actor=tianjin.supervisor, now=now)


def test_objections_are_outside_the_scope_of_unit_and_nominating_union(tianjin, hebei, notice, entries, in_scope):
    object_to(notice, entries[0], files=1)
    for actor in (tianjin.filer, tianjin.unit_checker, tianjin.zone_checker, tianjin.district_manager, hebei.manager):
        with in_scope(actor):
            assert not queries.objections_of_desk(actor=actor).exists()
            assert not Objection.objects.exists()
            assert not ObjectionFile.objects.exists()
            assert not AuditEvent.objects.filter(action__startswith="lifecycle.objection").exists()
    with scope(PublicScope()):
        assert not Objection.objects.exists()
    for actor in (tianjin.manager, tianjin.supervisor, tianjin.auditor):
        with in_scope(actor):
            assert queries.objections_of_desk(actor=actor).count() == 1
    with in_scope(tianjin.checker):
        assert not queries.objections_of_desk(actor=tianjin.checker).exists()


def test_objection_to_a_local_notice_is_read_above_and_answered_by_the_union(tianjin, in_scope):
    with system_scope("test"):
        entry = make_entry(make_cycle(tianjin, "small-work"), tianjin.filer, EntryState.SUBMITTED)
    notice = make_notice([entry], tianjin.unit_checker, kind=NoticeKind.LOCAL)
    object_to(notice, entry)
    for actor in (tianjin.unit_checker, tianjin.district_manager, tianjin.manager, tianjin.supervisor):
        with in_scope(actor):
            assert queries.objections_of_desk(actor=actor).count() == 1
    for actor in (tianjin.filer, tianjin.district_checker, tianjin.checker):
        with in_scope(actor):
            assert not queries.objections_of_desk(actor=actor).exists()
    with in_scope(tianjin.unit_checker) as actor:
        assert queries.objections_to_rule(actor=actor).count() == 1
    with in_scope(tianjin.manager) as actor:
        assert not queries.objections_to_rule(actor=actor).exists()


def test_answer_is_found_by_the_code_alone(notice, entries):
    receipt = object_to(notice, entries[0])
    with scope(PublicScope()):
        assert queries.objection_by_query_code(f" {receipt.query_code.lower()} ") == receipt.objection
        assert queries.objection_by_query_code("ABCDEFGHJK") is None


def test_beat_closing_leaves_the_held_entry_for_the_ruling(tianjin, notice, entries, all_rows):
    objection = object_to(notice, entries[0]).objection
    late = notice.closes_at + dt.timedelta(days=20)
    close_notice(notice=notice, actor=system_actor("beat"), now=late)
    assert state(entries[0]) == EntryState.IN_NOTICE
    rule(objection, tianjin.manager, Ruling.REJECTED, now=late)
    assert state(entries[0]) == EntryState.CONFIRMED
