"""Candidates for honours: drafted by the unit in the programme of the honour, handed down, reported to other departments."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from competitions.contests.domain import honours, promotions, results
from competitions.contests.models import ContestResult, HonourCandidate, Promotion
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.entries.content import answers_of
from portal.lifecycle.entries.models import Entry
from tests.factories import contests as make
from tests.factories.entries import make_cycle

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NOW = timezone.now()
LATER = NOW + dt.timedelta(days=2)


def url(name: str, **kwargs: object) -> str:
    return reverse(f"competitions:{name}", kwargs=kwargs)


def recorded(action: str) -> int:
    with system_scope("test"):
        return AuditEvent.objects.filter(action=action).count()


def confirmed(tianjin, in_scope, filer, *people):
    with in_scope(tianjin.manager):
        contest = make.open_contest(tianjin.manager, tianjin.municipal, NOW)
    with in_scope(filer):
        make.enter(filer, contest, NOW, list(people))
    with in_scope(tianjin.manager):
        contest = make.drawn(tianjin.manager, contest, NOW)
        make.marked(contest, [95, 90][: len(people)], by=tianjin.manager, confirmed_by=tianjin.checker, now=NOW)
        contest = results.lock_marks(actor=tianjin.manager, contest=contest, now=NOW)
        contest = results.publish(actor=tianjin.manager, contest=contest, now=NOW)
        return results.confirm(actor=tianjin.manager, contest=contest, now=LATER)


@pytest.mark.row(99)
def test_unit_drafts_the_entry_of_the_honour_from_its_work_list(tianjin, in_scope, desk_client):
    contest = confirmed(tianjin, in_scope, tianjin.filer, make.person(1), make.person(2, sex="2"))
    client = desk_client(tianjin.filer)
    with system_scope("test"):
        medal = HonourCandidate.objects.get(honour="may_day")
        women = HonourCandidate.objects.get(honour="women")
    address = url("contest_honour.detail", pk=medal.pk)
    assert address in client.get(reverse("lifecycle:worklist.home")).content.decode()
    draft = url("contest_honour.draft", pk=medal.pk)
    assert "没有受理中的届次" in client.post(draft, follow=True).content.decode()
    with system_scope("test"):
        cycle = make_cycle(tianjin, "may-day-instant")
    answer = client.post(draft)
    with system_scope("test"):
        entry = Entry.objects.get()
        answers = answers_of(entry)
        medal.refresh_from_db()
    assert answer.url == entry.get_absolute_url()
    assert (entry.cycle, entry.title, entry.track.code, medal.entry) == (cycle, "选手1", "medal", entry)
    assert (answers["contest"], answers["id_number"], answers["sex"]) == ("haihe", make.citizen(1), "1")
    assert answers["contest_result"].endswith("第1名，总成绩95.00分")
    assert make.citizen(1) not in str(entry.answers), "encrypted as the form keeps it"
    page = client.get(answer.url).content.decode()
    assert contest.get_absolute_url() in page, "the entry's page shows where it comes from"
    with in_scope(tianjin.filer):
        with pytest.raises(Refused, match="已经起草"):
            honours.draft_entry(actor=tianjin.filer, candidate=medal, now=NOW)
        with pytest.raises(Refused, match="其他部门"):
            honours.draft_entry(actor=tianjin.filer, candidate=women, now=NOW)
    assert address not in client.get(reverse("lifecycle:worklist.home")).content.decode()
    assert desk_client(tianjin.group_filer).get(address).status_code == 404


def test_delegation_of_a_district_hands_its_candidate_down_to_the_unit(tianjin, in_scope, desk_client):
    confirmed(tianjin, in_scope, tianjin.district_checker, make.person(1), make.person(2))
    with system_scope("test"):
        row = HonourCandidate.objects.get(honour="may_day")
    unit = desk_client(tianjin.filer)
    assert unit.get(url("contest_honour.detail", pk=row.pk)).status_code == 404
    client = desk_client(tianjin.district_checker)
    page = client.post(url("contest_honour.unit", pk=row.pk), {"unit": tianjin.group_unit.name})
    assert page.status_code == 422
    assert client.post(url("contest_honour.unit", pk=row.pk), {"unit": tianjin.unit.name}).status_code == 302
    assert unit.get(url("contest_honour.detail", pk=row.pk)).status_code == 200
    with system_scope("test"):
        person = row.competitor_id
    assert unit.get(url("competitor.detail", pk=person)).status_code == 404, "the unit sees the candidate, not the card"
    with in_scope(tianjin.district_checker), pytest.raises(Invalid, match="基层工会"):
        honours.hand_down(actor=tianjin.district_checker, candidate=row, unit=tianjin.zone, now=NOW)


def test_other_departments_get_their_list_once(tianjin, in_scope, desk_client):
    confirmed(tianjin, in_scope, tianjin.filer, make.person(1), make.person(2, sex="2"))
    client = desk_client(tianjin.manager)
    content = b"".join(client.get(url("contest_honour.workbook")).streaming_content)
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=4, max_row=5, values_only=True))
    assert [(row[1], row[2], row[5]) for row in rows] == [
        ("天津市技术能手", "市人力资源和社会保障局", make.citizen(1)),
        ("天津市三八红旗手", "市妇女联合会", make.citizen(2)),
    ]
    assert recorded("competitions.honour.exported") == 1
    page = client.post(url("contest_honour.send"), follow=True).content.decode()
    assert "2名人选已标为已报送" in page
    assert make.citizen(1) not in page
    with in_scope(tianjin.manager), pytest.raises(Conflict, match="没有待报送"):
        honours.send(actor=tianjin.manager, candidates=list(HonourCandidate.objects.all()), now=NOW)


@pytest.mark.row(96)
def test_certificates_report_and_register(tianjin, in_scope, desk_client):
    contest = confirmed(tianjin, in_scope, tianjin.filer, make.person(1), make.person(2))
    with system_scope("test"):
        first = ContestResult.objects.get(rank=1)
    host, unit = desk_client(tianjin.manager), desk_client(tianjin.filer)
    for client, address in (
        (host, url("contest.certificates", pk=contest.pk)),
        (unit, url("competitor.pdf", pk=first.competitor_id)),
    ):
        content = b"".join(client.get(address).streaming_content)
        assert content.startswith(b"%PDF")
    assert recorded("competitions.certificate.printed") == 2
    assert unit.get(url("contest.certificates", pk=contest.pk)).status_code == 403
    page = Client().get(url("public.contest_certificate", number=first.certificate_number)).content.decode()
    assert "已登记" in page
    assert "第1名" in page
    assert "选手1" not in page
    assert "没有登记" in Client().get(url("public.contest_certificate", number="2026-9999-001")).content.decode()
    page = unit.get(url("contest.scale", pk=contest.pk)).content.decode()
    assert "750.00" in page
    assert "650.00" in page
    page = host.get(url("competitor.detail", pk=first.competitor_id)).content.decode()
    with system_scope("test"):
        promotion = Promotion.objects.get(competitor=first.competitor_id)
    assert url("promotion.drop", pk=promotion.pk) in page
    assert host.post(url("promotion.drop", pk=promotion.pk), {"reason": "本人放弃"}).status_code == 302
    page = host.get(url("competitor.detail", pk=first.competitor_id)).content.decode()
    assert url("promotion.drop", pk=promotion.pk) not in page
    with in_scope(tianjin.manager), pytest.raises(Conflict):
        promotions.drop(actor=tianjin.manager, promotion=promotion, reason="再次", now=NOW)
