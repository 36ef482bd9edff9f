"""What was sent and what came back: numbers and days, versions with scan, going on without agreement by two persons."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal.accounts.queries.calendar import last_day
from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.dates import local_date
from portal.core.errors import Conflict, DomainError, Invalid, Refused
from portal.core.scoping import scope
from portal.lifecycle.clearance.departments import queries
from portal.lifecycle.clearance.departments.models import ClearanceWaiver, DepartmentReply, LetterLine
from portal.lifecycle.clearance.departments.register import (
    confirm_waiver,
    propose_waiver,
    record_replies,
    register_letter,
)
from portal.lifecycle.clearance.domain import Answer, record_opinions, request_clearances
from portal.lifecycle.clearance.guards import clearance_of, objections_of
from portal.lifecycle.clearance.models import Clearance, Opinion
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import StageStatus
from portal.web.work import sources_for
from tests.factories.entries import PDF, make_cycle, make_entry

TAX = "税务部门"


def source_by_key(actor, key):
    return next(source for source in sources_for(actor) if source.key == key)


def asked(tree, cycle):
    entry = make_entry(
        cycle, tree.filer, EntryState.RECOMMENDED, files=False, answers={"post_category": "leader", "is_cadre": False}
    )
    request_clearances(entry=entry)
    return entry


def sent(cycle, actor, *, department=TAX, number="津工函〔2026〕18号", days_ago=0):
    day = local_date(timezone.now()) - dt.timedelta(days=days_ago)
    return register_letter(
        cycle=cycle, department=department, number=number, sent_on=day, working_days=10, actor=actor, now=timezone.now()
    )


def reply(letter, answers, actor, *, reason="", upload=None):
    today = local_date(timezone.now())
    return record_replies(
        letter=letter, answers=answers, received_on=today, reason=reason, upload=upload, actor=actor, now=timezone.now()
    )


def row_of(entry, department=TAX):
    return entry.clearances.get(key=f"opinion:{department}")


def agree_all_but(entry, actor, department=TAX):
    others = entry.clearances.exclude(key=f"opinion:{department}")
    answers = {row.key: Answer(Opinion.AGREED) for row in others}
    record_opinions(entry=entry, answers=answers, actor=actor, now=timezone.now())


@pytest.fixture
def cycle(tianjin, all_rows):
    return make_cycle(tianjin, "innovation-star", stage="clearance")


@pytest.mark.django_db
def test_a_letter_takes_everybody_not_yet_asked_and_nobody_twice(cycle, tianjin):
    first, second = asked(tianjin, cycle), asked(tianjin, cycle)
    letter = sent(cycle, tianjin.checker)
    assert set(letter.lines.values_list("clearance__entry", flat=True)) == {first.pk, second.pk}
    assert letter.answer_by == last_day(letter.sent_on, 10)[0]
    with pytest.raises(Invalid, match="没有尚未发函的对象"):
        sent(cycle, tianjin.checker, number="津工函〔2026〕19号")
    third = asked(tianjin, cycle)
    later = sent(cycle, tianjin.checker, number="津工函〔2026〕19号")
    assert [line.clearance.entry_id for line in later.lines.all()] == [third.pk]
    event = AuditEvent.objects.filter(action="lifecycle.clearance.letter_sent").latest("pk")
    assert event.actor_id == tianjin.checker.user.pk


@pytest.mark.django_db
def test_a_letter_needs_a_number_and_a_day_that_has_been(cycle, tianjin):
    asked(tianjin, cycle)
    with pytest.raises(Invalid, match="文号"):
        sent(cycle, tianjin.checker, number=" ")
    with pytest.raises(Invalid, match="不能晚于今天"):
        sent(cycle, tianjin.checker, days_ago=-1)


@pytest.mark.django_db
def test_a_whole_letter_is_answered_at_once_with_one_stored_scan(cycle, tianjin):
    entries = [asked(tianjin, cycle) for _ in range(3)]
    letter = sent(cycle, tianjin.checker)
    answers = {row.pk: Answer(Opinion.AGREED) for row in queries.lines_of(letter)}
    answers[row_of(entries[2]).pk] = Answer(Opinion.REFUSED, "欠税未缴清")
    upload = SimpleUploadedFile("税务复函.pdf", PDF)
    assert len(reply(letter, answers, tianjin.checker, upload=upload)) == 3
    replies = DepartmentReply.objects.all()
    assert {r.version for r in replies} == {1}
    assert len({r.file.name for r in replies}) == 1
    assert all(r.entered_by_id == tianjin.checker.user.pk and r.file_sha256 for r in replies)
    assert [row_of(entry).opinion for entry in entries] == ["agreed", "agreed", "refused"]


@pytest.mark.django_db
def test_a_correction_is_a_new_version_with_a_reason(cycle, tianjin):
    entry = asked(tianjin, cycle)
    letter = sent(cycle, tianjin.checker)
    pk = row_of(entry).pk
    reply(letter, {pk: Answer(Opinion.REFUSED, "欠税")}, tianjin.checker)
    with pytest.raises(Invalid, match="更正"):
        reply(letter, {pk: Answer(Opinion.AGREED)}, tianjin.manager)
    reply(letter, {pk: Answer(Opinion.AGREED)}, tianjin.manager, reason="税务部门来函更正")
    assert reply(letter, {pk: Answer(Opinion.AGREED)}, tianjin.manager) == []  # the same again is nothing
    versions = list(DepartmentReply.objects.values_list("version", "opinion", "reason", "entered_by"))
    assert versions == [
        (1, "refused", "", tianjin.checker.user.pk),
        (2, "agreed", "税务部门来函更正", tianjin.manager.user.pk),
    ]


@pytest.mark.django_db
def test_a_reply_names_only_requests_of_its_letter_and_gives_reasons(cycle, tianjin):
    entry = asked(tianjin, cycle)
    letter = sent(cycle, tianjin.checker)
    with pytest.raises(Conflict):
        reply(letter, {row_of(entry, "应急管理部门").pk: Answer(Opinion.AGREED)}, tianjin.checker)
    with pytest.raises(Invalid) as refused:
        reply(letter, {row_of(entry).pk: Answer(Opinion.REFUSED)}, tianjin.checker)
    assert set(refused.value.fields) == {f"note_{row_of(entry).pk}"}
    for stranger in (tianjin.filer, tianjin.supervisor):
        with pytest.raises(Refused):
            reply(letter, {row_of(entry).pk: Answer(Opinion.AGREED)}, stranger)


@pytest.mark.django_db
def test_going_on_without_agreement_takes_two_persons(cycle, tianjin):
    entry = asked(tianjin, cycle)
    agree_all_but(entry, tianjin.checker)
    cycle.stages.filter(kind="review").update(status=StageStatus.OPEN)
    letter = sent(cycle, tianjin.checker)
    reply(letter, {row_of(entry).pk: Answer(Opinion.REFUSED, "正在核查")}, tianjin.checker)
    now = timezone.now()
    waiver = propose_waiver(
        row=row_of(entry), decision="第8次主席办公会", reason="核查已结", actor=tianjin.manager, now=now
    )
    with pytest.raises(Refused, match="另一人"):
        confirm_waiver(waiver=waiver, actor=tianjin.manager, now=now)
    assert not clearance_of(entry)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClearanceWaiver.objects.filter(pk=waiver.pk).update(confirmed_by=waiver.proposed_by)
    ClearanceWaiver.objects.filter(pk=waiver.pk).update(proposed_by=tianjin.checker.user)
    confirm_waiver(waiver=waiver, actor=tianjin.manager, now=now)
    entry.refresh_from_db()
    assert entry.state == EntryState.IN_REVIEW
    with pytest.raises(Conflict):
        confirm_waiver(waiver=waiver, actor=tianjin.manager, now=now)


@pytest.mark.django_db
def test_a_new_answer_takes_a_decision_to_go_on_back(cycle, tianjin):
    entry = asked(tianjin, cycle)
    agree_all_but(entry, tianjin.checker)
    letter, now = sent(cycle, tianjin.checker), timezone.now()
    reply(letter, {row_of(entry).pk: Answer(Opinion.REFUSED, "正在核查")}, tianjin.checker)
    waiver = propose_waiver(row=row_of(entry), decision="会议", reason="核查已结", actor=tianjin.checker, now=now)
    confirm_waiver(waiver=waiver, actor=tianjin.manager, now=now)
    assert clearance_of(entry)
    reply(letter, {row_of(entry).pk: Answer(Opinion.REFUSED, "已立案")}, tianjin.checker, reason="再次来函")
    assert not clearance_of(entry)
    assert AuditEvent.objects.filter(action="lifecycle.clearance.waiver_void").count() == 1


@pytest.mark.django_db
def test_an_objection_after_the_review_still_holds_selection_and_conferral_up(cycle, tianjin):
    entry = asked(tianjin, cycle)
    agree_all_but(entry, tianjin.checker)
    letter = sent(cycle, tianjin.checker)
    reply(letter, {row_of(entry).pk: Answer(Opinion.AGREED)}, tianjin.checker)
    Entry.objects.filter(pk=entry.pk).update(state=EntryState.REVIEWED)
    reply(letter, {row_of(entry).pk: Answer(Opinion.REFUSED, "新发现偷税")}, tianjin.checker, reason="来函更正")
    assert TAX in objections_of(entry).message
    cycle.stages.filter(kind__in=["selection", "conferral"]).update(status=StageStatus.OPEN)
    for before, name in ((EntryState.REVIEWED, "select"), (EntryState.SELECTED, "confer")):
        Entry.objects.filter(pk=entry.pk).update(state=before)
        entry.refresh_from_db()
        with pytest.raises(Refused, match=TAX):
            perform(entry, name, actor=tianjin.manager, now=timezone.now())


@pytest.mark.django_db
def test_overdue_letters_and_waivers_wait_on_the_work_list(cycle, tianjin, hebei):
    entry = asked(tianjin, cycle)
    sent(cycle, tianjin.checker, days_ago=40)
    now, actor = timezone.now(), tianjin.manager
    assert queries.overdue_letters(actor=actor, today=local_date(now)).count() == 1
    source = source_by_key(actor, "clearance.overdue")
    assert source.item(source.rows(actor, now)[0], now).due < now
    assert not source.rows(hebei.manager, now).exists()
    propose_waiver(row=row_of(entry), decision="会议", reason="理由", actor=tianjin.checker, now=now)
    assert source_by_key(actor, "clearance.waiver").rows(actor, now).count() == 1
    assert "clearance.waiver" not in {found.key for found in sources_for(tianjin.checker)}


@pytest.mark.django_db
def test_pages_register_a_letter_record_replies_and_show_the_trail(cycle, tianjin, desk_client):
    entry, client = asked(tianjin, cycle), desk_client(tianjin.checker)
    today = local_date(timezone.now())
    data = {"request": f"{cycle.pk}:{TAX}", "number": "津工函〔2026〕18号", "sent_on": today, "working_days": 10}
    url = client.post(reverse("lifecycle:clearance.letter_sent"), data).headers["Location"]
    pk = row_of(entry).pk
    fields = {f"opinion_{pk}": "refused", f"note_{pk}": "", "received_on": today}
    assert "请写明原因" in client.post(url, fields).content.decode()
    scan = SimpleUploadedFile("税务复函.pdf", PDF)
    response = client.post(url, fields | {f"note_{pk}": "欠税", "scan": scan})
    assert response.status_code == 302
    assert "有不同意见" in client.get(reverse("lifecycle:clearance.letters")).content.decode()
    page = client.get(reverse("lifecycle:clearance.record", kwargs={"code": entry.code})).content.decode()
    assert "登记记录" in page
    assert "税务复函.pdf" in page
    where = reverse("lifecycle:clearance.reply_scan", kwargs={"pk": DepartmentReply.objects.get().pk})
    assert b"".join(client.get(where).streaming_content) == PDF


@pytest.mark.django_db(transaction=True)
def test_two_officers_registering_the_same_letters_ask_nobody_twice(cycle, tianjin):
    for _ in range(3):
        asked(tianjin, cycle)
    outcomes, barrier = [], threading.Barrier(2)

    def work(actor, number):
        try:
            with scope(scope_of(actor)):
                barrier.wait()
                sent(cycle, actor, number=number)
            outcomes.append("sent")
        except DomainError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=(actor, f"津工函〔2026〕{n}号"))
        for n, actor in enumerate((tianjin.checker, tianjin.manager), start=1)
    ]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert sorted(outcomes) == ["refused", "sent"]
    assert LetterLine.objects.count() == 3
    assert Clearance.objects.filter(line=None, key=f"opinion:{TAX}").count() == 0
