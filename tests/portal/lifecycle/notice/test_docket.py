"""The docket: acceptance, letters, closing report; the objector stays hidden from the nominating union; no conferral past an open case."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.conferral.domain import issue_conferral
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.models import NoticeItem
from portal.lifecycle.notice.objections import accept_objection, rule_on_objection
from tests.factories.notices import make_confirmed, make_decision, make_notice, make_selected, object_to

pytestmark = pytest.mark.django_db
ANSWER = "经调阅图纸和验收单并走访当事人，反映的情况不属实。"
OBJECTOR, PHONE = "周海燕", "19900000007"


@pytest.fixture
def notice(tianjin):
    return make_notice(make_selected(tianjin), tianjin.manager)


@pytest.fixture
def objection(notice):
    with system_scope("test"):
        entry = NoticeItem.objects.filter(notice=notice).select_related("entry").first().entry
    return object_to(notice, entry, files=1).objection


def url(name, objection, **more):
    return reverse(f"lifecycle:objection.{name}", kwargs={"pk": objection.pk, **more})


def accept(objection, actor):
    with system_scope("test"):
        return accept_objection(objection=objection, actor=actor, now=timezone.now())


def answer(objection, actor, ruling="rejected"):
    with system_scope("test"):
        return rule_on_objection(objection=objection, ruling=ruling, text=ANSWER, actor=actor, now=timezone.now())


def words(response):
    document = Document(io.BytesIO(response.getvalue()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_acceptance_is_recorded_once_and_gives_a_letter(objection, tianjin, desk_client):
    client = desk_client(tianjin.manager)
    assert client.get(url("letter", objection, kind="acceptance")).status_code == 404
    assert client.post(url("accept", objection)).status_code == 302
    text = words(client.get(url("letter", objection, kind="acceptance")))
    assert "异议受理告知书" in text
    assert objection.code in text
    assert "暂缓命名" in text
    assert OBJECTOR not in text
    with pytest.raises(Conflict):
        accept(objection, tianjin.manager)
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="lifecycle.objection.accepted").count() == 1


def test_accepting_comes_before_answering(objection, tianjin, desk_client):
    client = desk_client(tianjin.manager)

    def primary() -> str:
        page = client.get(url("detail", objection)).content.decode()
        return page.split("btn-primary", 1)[1].split("</span>", 1)[0]

    assert "受理异议" in primary()
    accept(objection, tianjin.manager)
    assert "答复异议" in primary()
    ruling = client.get(url("rule", objection)).content.decode()
    assert str(objection.entry) in ruling
    assert objection.grounds[:30] in ruling


def test_ruling_gives_a_letter_with_conclusion_and_grounds(objection, tianjin, desk_client):
    client = desk_client(tianjin.manager)
    accept(objection, tianjin.manager)
    assert client.get(url("letter", objection, kind="ruling")).status_code == 404
    answer(objection, tianjin.manager)
    text = words(client.get(url("letter", objection, kind="ruling")))
    assert "异议不成立" in text
    assert ANSWER in text
    assert OBJECTOR not in text


def test_ruling_at_once_accepts_the_case(objection, tianjin):
    assert answer(objection, tianjin.manager).accepted_at is not None


def test_strangers_do_not_accept(objection, tianjin):
    for actor in (tianjin.checker, tianjin.auditor, tianjin.district_manager):
        with pytest.raises(Refused):
            accept(objection, actor)


def test_closing_report_counts_cases_and_names_no_objector(notice, objection, tianjin, desk_client):
    client = desk_client(tianjin.manager)
    report = reverse("lifecycle:objection.report", kwargs={"pk": notice.pk})
    text = words(client.get(report))
    assert "共收到异议1件" in text
    assert "尚有1件未办结" in text
    answer(objection, tianjin.manager)
    text = words(client.get(report))
    assert "已办结1件" in text
    assert "异议不成立1件" in text
    assert objection.code in text
    assert OBJECTOR not in text
    assert PHONE not in text


def test_report_of_a_notice_without_objections_says_so(notice, tianjin, desk_client):
    text = words(desk_client(tianjin.manager).get(reverse("lifecycle:objection.report", kwargs={"pk": notice.pk})))
    assert "没有收到异议" in text


@pytest.mark.parametrize(
    "who", ["filer", "unit_checker", "zone_checker", "district_checker", "district_manager", "group_checker"]
)
def test_nominating_unions_learn_nothing_of_the_objector(who, notice, objection, tianjin, desk_client):
    """Neither that somebody objected to their entry, nor who, nor what was said – before and after the ruling."""
    client = desk_client(getattr(tianjin, who))
    with system_scope("test"):
        file_id = objection.files.get().pk
        code = objection.entry.code
    pages = [
        url("detail", objection),
        url("rule", objection),
        url("reveal", objection),
        url("letter", objection, kind="acceptance"),
        reverse("lifecycle:objection.report", kwargs={"pk": notice.pk}),
        reverse("lifecycle:objection.file", kwargs={"pk": file_id}),
        reverse("lifecycle:objection.list"),
        reverse("lifecycle:entry.detail", kwargs={"code": code}),
        reverse("lifecycle:entry.history", kwargs={"code": code}),
        reverse("lifecycle:worklist.home"),
        reverse("accounts:audit.log"),
        reverse("lifecycle:public.notice", kwargs={"code": notice.code}),
    ]
    for _ in range(2):
        for page in pages:
            response = client.get(page)
            body = response.getvalue() if response.streaming else response.content
            text = body.decode(errors="replace")
            for secret in (OBJECTOR, PHONE, objection.grounds[:12], objection.code):
                assert secret not in text, page
        if objection.is_open:
            objection = answer(objection, tianjin.manager)


def test_public_cannot_tell_the_objector_from_the_status_page(objection, client, notice):
    receipt = object_to(notice, None)
    text = client.post(reverse("lifecycle:public.objection"), {"code": receipt.query_code}).content.decode()
    assert receipt.objection.code in text
    assert OBJECTOR not in text


def test_conferral_does_not_pass_an_open_case(tianjin, all_rows):
    """Whatever state the entry is in: as long as its case is open, no decision confers it."""
    entries = make_confirmed(tianjin, 2)
    notice = NoticeItem.objects.filter(entry=entries[0]).select_related("notice").first().notice
    decision = make_decision(entries[0].cycle, tianjin.manager)
    objection = object_to(make_notice(make_selected(tianjin, 1, year=2031), tianjin.manager), None).objection
    objection.notice, objection.entry = notice, entries[0]
    objection.save()
    with pytest.raises(Refused, match="异议"):
        issue_conferral(conferral=decision, actor=tianjin.manager, now=timezone.now())
    assert set(Entry.objects.filter(cycle=entries[0].cycle).values_list("state", flat=True)) == {EntryState.CONFIRMED}
    answer(objection, tianjin.manager)
    issue_conferral(conferral=decision, actor=tianjin.manager, now=timezone.now())


def test_overdue_case_stands_among_what_is_overdue_on_the_work_list(objection, tianjin, desk_client):
    with system_scope("test"):
        objection.due_at = timezone.now() - dt.timedelta(days=2)
        objection.save()
    text = desk_client(tianjin.manager).get(reverse("lifecycle:worklist.home")).content.decode()
    assert objection.code in text
    assert "已逾期" in text
