"""Conferring: one decision, numbers without gaps, the register in the same transaction, and taking it back."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone

from awards.register.models import HonourRecord, HonourStatus
from portal.audit.models import AuditEvent
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import PublicScope, scope, system_scope
from portal.lifecycle.conferral import domain, queries
from portal.lifecycle.conferral.models import Conferral, ConferralItem, ConferralStatus, NumberSequence
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.signals import entry_conferred
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.domain import fingerprint
from portal.lifecycle.notice.models import Notice, NoticeKind, NoticeStatus
from tests.factories.entries import make_entry
from tests.factories.notices import (
    end_notice,
    make_conferred,
    make_confirmed,
    make_decision,
    make_notice,
    make_round_done,
    make_selected,
    move_to,
    object_to,
    take_back,
)
from tests.portal.lifecycle.notice.test_notices import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed(tianjin):
    return make_confirmed(tianjin, 3)


@pytest.fixture
def decision(tianjin, confirmed):
    return make_decision(confirmed[0].cycle, tianjin.manager)


def issue(decision, actor, now=None):
    with system_scope("test"):
        return domain.issue_conferral(conferral=decision, actor=actor, now=now or timezone.now())


def states(entries):
    with system_scope("test"):
        return [Entry.objects.get(pk=e.pk).state for e in entries]


# --- issuing ----------------------------------------------------------------------------------------


def test_issuing_numbers_confers_and_registers_every_confirmed_entry(tianjin, confirmed, decision, all_rows):
    issued = issue(decision, tianjin.manager)
    assert (issued.status, issued.issued_by) == (ConferralStatus.ISSUED, tianjin.manager.user)
    assert states(confirmed) == [EntryState.CONFERRED] * 3
    year = decision.decided_on.year
    numbers = list(ConferralItem.objects.order_by("serial").values_list("certificate_number", flat=True))
    assert numbers == [f"测〔{year}〕{n:04d}" for n in (1, 2, 3)]
    honours = list(HonourRecord.objects.order_by("certificate_number"))
    assert [h.certificate_number for h in honours] == numbers
    first = honours[0]
    assert (first.recipient, first.honour) == (confirmed[0].title, "测试优秀成果")
    assert (first.document_number, first.conferred_on) == (decision.document_number, decision.decided_on)
    assert (first.issuer, first.recipient_path) == (tianjin.municipal, confirmed[0].organisation.path)
    event = AuditEvent.objects.get(action="lifecycle.conferral.issued")
    assert event.data["count"] == 3
    assert AuditEvent.objects.filter(action="awards.honour.entered").count() == 3


def test_decision_is_announced_in_public_and_stands(tianjin, confirmed, decision, client, desk_client):
    issue(decision, tianjin.manager)
    with system_scope("test"):
        notice = Notice.objects.get(kind=NoticeKind.DECISION)
        assert [i.entry_id for i in notice.items.all()] == [e.pk for e in confirmed]
        assert fingerprint(list(notice.items.select_related("entry"))) == notice.sha256
    text = client.get(reverse("lifecycle:public.notice", kwargs={"code": notice.code})).content.decode()
    assert decision.document_number in text
    assert all(entry.title in text for entry in confirmed)
    assert "提出异议" not in text
    objecting = reverse("lifecycle:public.object", kwargs={"code": notice.code})
    assert client.get(objecting).status_code == 403
    manager = desk_client(tianjin.manager)
    for name in ("close", "cancel", "publish"):
        url = reverse(f"lifecycle:notice.{name}", kwargs={"pk": notice.pk})
        assert manager.post(url, {"reason": "发错了"}).status_code == 409, name
    with system_scope("test"):
        notice.refresh_from_db()
    assert notice.status == NoticeStatus.PUBLISHED


def test_decision_is_issued_once(tianjin, confirmed, decision, all_rows):
    issue(decision, tianjin.manager)
    with pytest.raises(Conflict):
        issue(decision, tianjin.manager)
    assert ConferralItem.objects.count() == 3


def test_second_decision_of_the_cycle_finds_nobody_left(tianjin, confirmed, decision):
    second = make_decision(decision.cycle, tianjin.manager)
    issue(decision, tianjin.manager)
    with pytest.raises(Invalid, match="没有可以命名"):
        issue(second, tianjin.manager)
    with system_scope("test"):
        second.refresh_from_db()
    assert second.status == ConferralStatus.DRAFT


def test_document_number_is_used_once(tianjin, confirmed, decision):
    issue(decision, tianjin.manager)
    others = make_confirmed(tianjin, 1, toml="innovation-star")
    same = make_decision(others[0].cycle, tianjin.manager, document_number=decision.document_number)
    with pytest.raises(Invalid) as refused:
        issue(same, tianjin.manager)
    assert set(refused.value.fields) == {"document_number"}
    assert states(others) == [EntryState.CONFIRMED]
    with system_scope("test"):
        assert HonourRecord.objects.count() == 3


def test_running_notice_holds_the_decision(tianjin):
    entries = make_selected(tianjin)
    make_notice(entries, tianjin.manager)
    move_to(entries[0].cycle, "conferral")
    decision = make_decision(entries[0].cycle, tianjin.manager)
    with pytest.raises(Refused, match="公示或异议"):
        issue(decision, tianjin.manager)
    assert states(entries) == [EntryState.IN_NOTICE] * 2


def test_promoted_reserve_that_nobody_has_shown_yet_waits_for_a_later_decision(tianjin):
    """What was not in a notice cannot be named; what was confirmed need not wait for it."""
    best, second, reserve = make_round_done(tianjin)
    notice = make_notice([best, second], tianjin.manager)
    with system_scope("test"):
        perform(best, "disqualify", actor=tianjin.manager, now=timezone.now(), reason="材料不实")
    end_notice(notice)
    move_to(notice.cycle, "conferral")
    decision = make_decision(notice.cycle, tianjin.manager)
    issue(decision, tianjin.manager)
    assert states([best, second, reserve]) == [EntryState.DISQUALIFIED, EntryState.CONFERRED, EntryState.SELECTED]


def test_nothing_is_conferred_without_a_numbered_certificate(tianjin, confirmed, all_rows):
    with pytest.raises(Invalid):
        perform(confirmed[0], "confer", actor=tianjin.manager, now=timezone.now())


def test_only_the_owners_managers_draft_and_issue(tianjin, hebei, confirmed, decision):
    for actor in (tianjin.checker, tianjin.supervisor, tianjin.auditor, tianjin.district_manager, hebei.manager):
        with pytest.raises(Refused):
            make_decision(decision.cycle, actor)
        with pytest.raises(Refused):
            issue(decision, actor)
    assert states(confirmed) == [EntryState.CONFIRMED] * 3


@pytest.mark.parametrize("field", ["title", "document_number", "body"])
def test_draft_without_necessary_words_is_refused_beside_the_field(tianjin, confirmed, field):
    with pytest.raises(Invalid) as refused:
        make_decision(confirmed[0].cycle, tianjin.manager, **{field: "  "})
    assert set(refused.value.fields) == {field}


def test_issued_decision_is_not_changed_any_more(tianjin, decision, all_rows):
    words = {
        "title": "新标题",
        "document_number": "津工测〔2026〕99号",
        "decided_on": dt.date(2026, 11, 20),
        "body": "正文",
    }
    now = timezone.now()
    changed = domain.change_conferral(conferral=decision, actor=tianjin.manager, now=now, **words)
    assert changed.title == "新标题"
    issue(decision, tianjin.manager)
    with pytest.raises(Conflict):
        domain.change_conferral(conferral=decision, actor=tianjin.manager, now=now, **words)


def test_register_that_fails_takes_everything_back(tianjin, confirmed, decision):
    def fail(**_kwargs):
        raise RuntimeError("the register cannot be written")

    entry_conferred.connect(fail, dispatch_uid="test.fail")
    try:
        with pytest.raises(RuntimeError):
            issue(decision, tianjin.manager)
    finally:
        entry_conferred.disconnect(dispatch_uid="test.fail")
    assert states(confirmed) == [EntryState.CONFIRMED] * 3
    with system_scope("test"):
        decision.refresh_from_db()
        assert decision.status == ConferralStatus.DRAFT
        assert not ConferralItem.objects.exists()
        assert not HonourRecord.objects.exists()
        assert not NumberSequence.objects.exists()
        assert not AuditEvent.objects.filter(action="lifecycle.conferral.issued").exists()
    issue(decision, tianjin.manager)
    with system_scope("test"):
        assert ConferralItem.objects.order_by("serial").first().serial == 1


def test_lists_of_what_can_be_conferred(tianjin, hebei, confirmed, in_scope):
    with in_scope(tianjin.manager) as actor:
        assert [(c.pk, n) for c, n in queries.cycles_to_confer(actor=actor)] == [(confirmed[0].cycle_id, 3)]
    with in_scope(tianjin.district_manager) as actor:
        assert queries.cycles_to_confer(actor=actor) == []
    with in_scope(hebei.manager) as actor:
        assert queries.cycles_to_confer(actor=actor) == []
        assert not Conferral.objects.exists()


# --- numbers ----------------------------------------------------------------------------------------


def test_numbers_run_by_programme_and_year(tianjin, all_rows):
    def take(key, year):
        return domain.next_serial(owner=tianjin.municipal, key=key, year=year)

    assert [take("a", 2026), take("a", 2026), take("b", 2026), take("a", 2027)] == [1, 2, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_twenty_clerks_at_once_get_twenty_numbers_without_gap_or_double(tianjin):
    numbers, gate = [], threading.Barrier(20)

    def take():
        gate.wait()
        with system_scope("test"), transaction.atomic():
            numbers.append(domain.next_serial(owner=tianjin.municipal, key="cup", year=2026))
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(numbers) == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_decision_issued_by_four_people_at_once_is_one_decision(tianjin):
    entries = make_confirmed(tianjin, 2)
    decision = make_decision(entries[0].cycle, tianjin.manager)
    outcomes = together(
        4, lambda: domain.issue_conferral(conferral=decision, actor=tianjin.manager, now=timezone.now()).status
    )
    assert sorted(outcomes) == ["Conflict", "Conflict", "Conflict", "issued"]
    with system_scope("test"):
        assert sorted(ConferralItem.objects.values_list("serial", flat=True)) == [1, 2]
        assert HonourRecord.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_decisions_of_one_cycle_issued_at_once_confer_everybody_once(tianjin):
    entries = make_confirmed(tianjin, 2)
    waiting = [make_decision(entries[0].cycle, tianjin.manager) for _ in range(2)]

    def act():
        decision = waiting.pop()
        return domain.issue_conferral(conferral=decision, actor=tianjin.manager, now=timezone.now()).status

    assert sorted(together(2, act)) == ["Invalid", "issued"]
    with system_scope("test"):
        assert sorted(ConferralItem.objects.values_list("serial", flat=True)) == [1, 2]


def test_number_given_back_by_a_rollback_is_given_again(tianjin, all_rows):
    with transaction.atomic():
        assert domain.next_serial(owner=tianjin.municipal, key="cup", year=2026) == 1
        transaction.set_rollback(True)
    assert domain.next_serial(owner=tianjin.municipal, key="cup", year=2026) == 1


# --- taking it back ---------------------------------------------------------------------------------


def test_revoked_honour_stays_in_the_register_as_revoked(tianjin, all_rows):
    entry, other = make_conferred(tianjin)
    now = timezone.now()
    take_back(entry, tianjin.manager, reason="弄虚作假，依据津工发〔2026〕20号。", now=now)
    assert states([entry, other]) == [EntryState.REVOKED, EntryState.CONFERRED]
    honour = HonourRecord.objects.get(entry=entry)
    assert (honour.status, honour.revoked_reason) == (HonourStatus.REVOKED, "弄虚作假，依据津工发〔2026〕20号。")
    assert HonourRecord.objects.get(entry=other).is_valid
    assert AuditEvent.objects.filter(action="awards.honour.revoked").count() == 1
    with pytest.raises(Conflict):
        take_back(entry, tianjin.manager, reason="再撤一次", now=now)
    with scope(PublicScope()):
        assert HonourRecord.objects.get(entry=entry).status == HonourStatus.REVOKED


def test_page_of_revoking_names_who_loses_what(tianjin, desk_client):
    with system_scope("test"):
        entry, _other = make_conferred(tianjin)
        item = ConferralItem.objects.get(entry=entry)
        title = entry.cycle.rules.honour.title
    page = desk_client(tianjin.manager).get(reverse("lifecycle:conferral.revoke", kwargs={"pk": item.pk}))
    assert f"撤销“{entry}”的“{title}”" in page.content.decode()


def test_revoking_needs_a_reason_and_the_owners_manager(tianjin, hebei, all_rows):
    entry, _other = make_conferred(tianjin)
    with pytest.raises(Invalid):
        take_back(entry, tianjin.manager, reason=" ", now=timezone.now())
    for actor in (tianjin.checker, tianjin.district_manager, tianjin.auditor, hebei.manager):
        with pytest.raises(Refused):
            take_back(entry, actor, reason="弄虚作假", now=timezone.now())
    assert HonourRecord.objects.get(entry=entry).is_valid


def test_objection_after_the_conferral_is_not_taken(tianjin, all_rows):
    entry, _other = make_conferred(tianjin)
    notice = entry.notice_items.get(notice__kind=NoticeKind.SELECTION).notice
    with pytest.raises(Refused):
        object_to(notice, entry, now=timezone.now())


def test_other_federation_cannot_even_lock_the_decision(tianjin, hebei, decision, in_scope):
    with in_scope(hebei.manager), transaction.atomic(), pytest.raises(Conferral.DoesNotExist):
        lock_row(Conferral, decision.pk)


def test_draft_entry_is_never_conferred(tianjin, confirmed, decision, all_rows):
    draft = make_entry(confirmed[0].cycle, tianjin.filer)
    issue(decision, tianjin.manager)
    assert states([draft]) == [EntryState.DRAFT]
