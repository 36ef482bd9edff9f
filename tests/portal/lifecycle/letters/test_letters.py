"""Letters: for whom, not before the decision is final, never to those who may not see, never twice."""

from __future__ import annotations

import json
import threading

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.conferral.domain import issue_conferral
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.letters import queries
from portal.lifecycle.letters.domain import drafting, sending
from portal.lifecycle.letters.domain.reading import mark_read
from portal.lifecycle.letters.models import BatchState, Delivery, DeliveryState, Letter, LetterState
from portal.lifecycle.notice.models import NoticeItem
from tests.factories.entries import make_cycle, make_entry
from tests.factories.letters import make_letters, send, work_off
from tests.factories.notices import (
    end_notice,
    make_conferred,
    make_confirmed,
    make_decision,
    make_notice,
    make_round_done,
    make_selected,
    move_to,
)
from tests.factories.people import make_actor, make_membership
from tests.factories.review import assign, make_entry_in_review, make_panel

pytestmark = pytest.mark.django_db
NOW = timezone.now


def running(tree, **options):
    with system_scope("test"):
        return make_cycle(tree, **options)


def letters(batch, **where):
    with system_scope("test"):
        return list(batch.letters.filter(**where).order_by("pk"))


def inbox(actor):
    with scope(scope_of(actor)):
        return list(queries.inbox(actor=actor))


# --- for whom -----------------------------------------------------------------------------------------


def test_call_goes_to_the_unions_directly_below_with_the_words_filled_in(tianjin):
    cycle = running(tianjin)
    batch = send(make_letters(cycle, "call", tianjin.manager), tianjin.manager)
    assert {letter.organisation_id for letter in letters(batch)} == {tianjin.district.pk, tianjin.group.pk}
    (message,) = inbox(tianjin.district_checker)
    with system_scope("test"):
        assert str(cycle) in message.heading
    assert message.body.startswith(f"{tianjin.district.name}：")
    assert "{" not in message.body
    assert not inbox(tianjin.zone_checker)
    assert not inbox(tianjin.checker)


def test_reminder_says_how_many_wait_at_which_union(tianjin):
    cycle = running(tianjin)
    for number in range(3):
        with system_scope("test"):
            make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, at_level="district", title=f"成果{number}")
    batch = make_letters(cycle, "reminder", tianjin.manager)
    (letter,) = letters(batch)
    assert letter.organisation_id == tianjin.district.pk
    assert "3件" in letter.heading
    with system_scope("test"):
        Entry.objects.filter(cycle=cycle).update(state=EntryState.RECOMMENDED)
    with pytest.raises(Invalid, match="不再需要告知"), scope(scope_of(tianjin.manager)):
        sending.send_batch(batch=batch, actor=tianjin.manager, now=NOW())


def test_reviewer_is_written_to_in_person_and_reads_it_at_the_experts_desk(tianjin):
    cycle = running(tianjin, stage="review")
    with system_scope("test"):
        panel = make_panel(cycle, [tianjin.expert])
        assign(panel, make_entry_in_review(cycle, tianjin.filer), tianjin.expert)
    batch = send(make_letters(cycle, "review", tianjin.manager), tianjin.manager)
    assert batch.state == BatchState.SENT
    (message,) = inbox(tianjin.expert)
    assert "1件待您评分" in message.heading
    assert not inbox(tianjin.checker)


# --- not before it is final ---------------------------------------------------------------------------


def test_proposed_are_told_only_when_the_list_is_public(tianjin):
    entries = make_selected(tianjin)
    batch = make_letters(entries[0].cycle, "proposed", tianjin.manager)
    assert {letter.state for letter in letters(batch)} == {LetterState.HELD}
    with pytest.raises(Invalid, match="评选公示还没有发布"), scope(scope_of(tianjin.manager)):
        sending.send_batch(batch=batch, actor=tianjin.manager, now=NOW())
    make_notice(entries, tianjin.manager)
    assert send(batch, tianjin.manager).state == BatchState.SENT
    assert [len(inbox(unit)) for unit in (tianjin.filer, tianjin.group_filer)] == [1, 1]


def test_letter_about_an_entry_taken_off_the_list_is_held_and_the_others_go(tianjin):
    entries = make_selected(tianjin)
    notice = make_notice(entries, tianjin.manager)
    batch = make_letters(entries[0].cycle, "proposed", tianjin.manager)
    with system_scope("test"):
        NoticeItem.objects.filter(notice=notice, entry=entries[0]).update(removed_reason="异议成立")
    batch = send(batch, tianjin.manager)
    assert batch.state == BatchState.PARTLY
    states = {letter.entry_id: letter.state for letter in letters(batch)}
    assert states == {entries[0].pk: LetterState.HELD, entries[1].pk: LetterState.SENT}
    assert [len(inbox(unit)) for unit in (tianjin.filer, tianjin.group_filer)] == [0, 1]


def test_declined_are_told_after_the_notice_has_run_out(tianjin):
    chosen = make_round_done(tianjin)
    with system_scope("test"):
        selected = list(Entry.objects.filter(cycle=chosen[0].cycle, state=EntryState.SELECTED))
        Entry.objects.filter(cycle=chosen[0].cycle, state=EntryState.RESERVE).update(state=EntryState.NOT_SELECTED)
    notice = make_notice(selected, tianjin.manager)
    batch = make_letters(selected[0].cycle, "declined", tianjin.manager)
    with pytest.raises(Invalid, match="公示期满后"), scope(scope_of(tianjin.manager)):
        sending.send_batch(batch=batch, actor=tianjin.manager, now=NOW())
    end_notice(notice)
    assert send(batch, tianjin.manager).state == BatchState.SENT


def test_reserve_is_told_only_when_nobody_can_step_back_any_more(tianjin):
    chosen = make_round_done(tianjin)
    cycle = chosen[0].cycle
    with system_scope("test"):
        selected = list(Entry.objects.filter(cycle=cycle, state=EntryState.SELECTED))
        assert Entry.objects.filter(cycle=cycle, state=EntryState.RESERVE).count() == 1
    end_notice(make_notice(selected, tianjin.manager))
    (letter,) = letters(make_letters(cycle, "declined", tianjin.manager))
    assert (letter.state, letter.note) == (LetterState.HELD, "递补件在决定印发后才能告知")
    move_to(cycle, "conferral")
    decision = make_decision(cycle, tianjin.manager)
    with scope(scope_of(tianjin.manager)):
        issue_conferral(conferral=decision, actor=tianjin.manager, now=NOW())
    with system_scope("test"):
        batch = letter.batch
    assert send(batch, tianjin.manager).state == BatchState.SENT


def test_conferred_are_told_with_document_and_number_and_only_after_it_is_issued(tianjin):
    confirmed = make_confirmed(tianjin, toml="innovation-star")
    waiting = make_letters(confirmed[0].cycle, "conferred", tianjin.manager)
    assert {letter.note for letter in letters(waiting)} == {"决定还没有印发"}
    conferred = make_conferred(tianjin)
    batch = send(make_letters(conferred[0].cycle, "conferred", tianjin.manager), tianjin.manager)
    bodies = [message.body for unit in (tianjin.filer, tianjin.group_filer) for message in inbox(unit)]
    assert len(bodies) == len(conferred) == len(letters(batch))
    assert all("证书编号：测〔" in body for body in bodies)


def test_what_was_told_once_is_not_drafted_again(tianjin):
    cycle = running(tianjin)
    send(make_letters(cycle, "call", tianjin.manager), tianjin.manager)
    with pytest.raises(Invalid, match="没有需要告知"):
        make_letters(cycle, "call", tianjin.manager)


# --- whom not -----------------------------------------------------------------------------------------


def test_nobody_hears_of_an_entry_they_may_not_see(tianjin):
    """Even a letter that names the wrong union goes to nobody there: each desk is asked in its own scope."""
    entries = make_selected(tianjin)
    make_notice(entries, tianjin.manager)
    batch = make_letters(entries[0].cycle, "proposed", tianjin.manager)
    with system_scope("test"):
        Letter.objects.filter(batch=batch, entry=entries[0]).update(organisation=tianjin.group_unit)
    batch = send(batch, tianjin.manager)
    assert batch.state == BatchState.PARTLY
    titles = [message.heading for message in inbox(tianjin.group_filer)]
    assert len(titles) == 1
    assert entries[0].title not in titles[0]


def test_drafts_are_seen_by_nobody_but_the_sender(tianjin, hebei):
    batch = make_letters(running(tianjin), "call", tianjin.manager)
    for actor in (tianjin.district_checker, tianjin.filer, tianjin.expert, hebei.manager):
        with scope(scope_of(actor)):
            assert not Letter.objects.exists()
            assert not queries.batches(actor=actor).exists()
    assert batch.letters is not None


def test_message_of_another_person_is_refused(tianjin):
    send(make_letters(running(tianjin), "call", tianjin.manager), tianjin.manager)
    (message,) = inbox(tianjin.district_checker)
    with pytest.raises(Refused, match="不是发给您的"):
        mark_read(message=message, actor=tianjin.district_manager, now=NOW())


def test_only_the_cycles_owner_drafts_and_only_its_manager_sends(tianjin):
    cycle = running(tianjin)
    with pytest.raises(Refused):
        make_letters(cycle, "call", tianjin.district_manager)
    batch = make_letters(cycle, "call", tianjin.checker)
    with pytest.raises(Refused), scope(scope_of(tianjin.checker)):
        sending.send_batch(batch=batch, actor=tianjin.checker, now=NOW())


# --- reading before sending ---------------------------------------------------------------------------


def test_changed_words_reach_every_letter_but_those_with_words_of_their_own(tianjin):
    batch = make_letters(running(tianjin), "call", tianjin.manager)
    first, second = letters(batch)
    with scope(scope_of(tianjin.manager)):
        drafting.edit_letter(letter=first, heading="专函", body="请贵会先行动员。", actor=tianjin.manager, now=NOW())
        drafting.edit_batch(
            batch=batch, heading="{届次}启动", body="{收件人}：请组织申报。", channels=["site"],
            actor=tianjin.manager, now=NOW(),
        )  # fmt: skip
    texts = {letter.pk: letter.body for letter in letters(batch)}
    assert texts == {first.pk: "请贵会先行动员。", second.pk: f"{second.reader}：请组织申报。"}
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="lifecycle.letters.edited").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [({"body": "{申报件}"}, "body"), ({"body": " "}, "body"), ({"heading": "{x}"}, "heading"), ({"channels": ["email"]}, "channels")],
)  # fmt: skip
def test_words_that_do_not_fit_are_refused_beside_the_field(change, field, tianjin):
    batch = make_letters(running(tianjin), "call", tianjin.manager)
    values = {"heading": "通知", "body": "请申报。", "channels": ["site"]} | change
    with pytest.raises(Invalid) as refused, scope(scope_of(tianjin.manager)):
        drafting.edit_batch(batch=batch, actor=tianjin.manager, now=NOW(), **values)
    assert set(refused.value.fields) == {field}


def test_letter_left_out_does_not_go_and_can_be_taken_back_in(tianjin):
    batch = make_letters(running(tianjin), "call", tianjin.manager)
    first, second = letters(batch)
    with scope(scope_of(tianjin.manager)):
        for letter in (first, second):
            drafting.leave_out(letter=letter, reason="已电话通知", actor=tianjin.manager, now=NOW())
        drafting.leave_out(letter=second, reason="", actor=tianjin.manager, now=NOW())
    batch = send(batch, tianjin.manager)
    assert [letter.state for letter in letters(batch)] == [LetterState.LEFT_OUT, LetterState.SENT]


def test_discarded_batch_is_not_sent_and_a_new_one_may_be_drafted(tianjin):
    cycle = running(tianjin)
    batch = make_letters(cycle, "call", tianjin.manager)
    with pytest.raises(Conflict, match="已有一批拟稿"):
        make_letters(cycle, "call", tianjin.manager)
    with scope(scope_of(tianjin.manager)):
        drafting.discard_batch(batch=batch, reason="文字有误", actor=tianjin.manager, now=NOW())
        with pytest.raises(Conflict):
            sending.send_batch(batch=batch, actor=tianjin.manager, now=NOW())
    assert make_letters(cycle, "call", tianjin.manager).pk != batch.pk


# --- the ways out -------------------------------------------------------------------------------------


@pytest.fixture
def reachable(tianjin):
    user = tianjin.district_checker.user
    user.email, user.phone = "jingban@example.com", "19900001234"
    user.save()
    return user


def by_all_ways(batch, actor):
    with scope(scope_of(actor)):
        drafting.edit_batch(
            batch=batch,
            heading=batch.heading,
            body=batch.body,
            channels=["site", "email", "sms"],
            actor=actor,
            now=NOW(),
        )
    return send(batch, actor)


def test_mail_has_the_text_and_the_text_message_only_the_heading(tianjin, reachable, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    by_all_ways(make_letters(running(tianjin), "call", tianjin.manager), tianjin.manager)
    (message,) = mail.outbox
    assert message.to == ["jingban@example.com"]
    assert "征集通知" in message.body
    (line,) = (tmp_path / "sms.jsonl").read_text(encoding="utf-8").splitlines()
    text = json.loads(line)
    assert text["to"] == "…1234"
    assert "征集通知" not in text["text"]


def test_refused_mail_is_named_without_the_address_and_sent_again(tianjin, reachable, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.SMS_GATEWAY = "127.0.0.1", 9, ""
    batch = make_letters(running(tianjin), "call", tianjin.manager)
    with scope(scope_of(tianjin.manager)):
        drafting.edit_batch(
            batch=batch, heading="通知", body="请申报。", channels=["site", "email"], actor=tianjin.manager, now=NOW()
        )
    batch = send(batch, tianjin.manager)
    with system_scope("test"):
        (refused,) = Delivery.objects.filter(channel="email")
    assert refused.state == DeliveryState.FAILED
    assert "example.com" not in refused.error
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with scope(scope_of(tianjin.manager)):
        sending.resend_failed(batch=batch, actor=tianjin.manager, now=NOW())
    work_off(batch)
    assert len(mail.outbox) == 1
    assert len(inbox(tianjin.district_checker)) == 1


def test_mail_whose_fate_is_unknown_is_never_sent_again(tianjin, reachable):
    batch = by_all_ways(make_letters(running(tianjin), "call", tianjin.manager), tianjin.manager)
    with system_scope("test"):
        Delivery.objects.filter(channel="email").update(state=DeliveryState.SENDING)
        mail.outbox.clear()
        assert sending.send_waiting(Delivery.objects.filter(letter__batch=batch)) == 0
    assert not mail.outbox
    with pytest.raises(Conflict, match="没有发送失败"), scope(scope_of(tianjin.manager)):
        sending.resend_failed(batch=batch, actor=tianjin.manager, now=NOW())


def test_job_delivered_twice_writes_to_nobody_twice(tianjin, reachable):
    batch = by_all_ways(make_letters(running(tianjin), "call", tianjin.manager), tianjin.manager)
    with scope(scope_of(tianjin.manager)):
        sending.deliver_batch(batch=batch, actor=tianjin.manager, now=NOW(), report=lambda *_: None)
    assert len(mail.outbox) == 1
    assert len(inbox(tianjin.district_checker)) == 1


def test_person_with_two_desks_at_the_union_gets_one_letter(tianjin):
    actor = make_actor(tianjin.district, Role.FILER, name="兼职经办")
    make_membership(actor.user, tianjin.district, Role.CHECKER)
    send(make_letters(running(tianjin), "call", tianjin.manager), tianjin.manager)
    assert len(inbox(actor)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_sending_at_once_start_one_run(tianjin):
    batch = make_letters(running(tianjin), "call", tianjin.manager)
    outcomes = []

    def go():
        try:
            with scope(scope_of(tianjin.manager)):
                sending.send_batch(batch=batch, actor=tianjin.manager, now=NOW())
            outcomes.append("started")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "conflict", "started"]
