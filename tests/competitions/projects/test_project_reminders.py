"""催报, 催办, and the field that finds a project: words are read first, each late thing is named once a day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from competitions.projects.domain.reminders import remind_reports, remind_tickets
from competitions.projects.models import Period, Ticket
from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.core.errors import Invalid, Refused
from portal.core.scoping import system_scope
from portal.jobs.models import JobRun
from portal.jobs.tasks import run_job
from portal.lifecycle.letters.models import Delivery
from tests.factories import projects as make

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=20)


@pytest.fixture
def project(tianjin):
    with system_scope("test"):
        found = make.make_project(tianjin, now=NOW)
        make.file(tianjin, found, now=NOW)
        return found


def told(heading=""):
    return Delivery.objects.filter(channel="site", heading__contains=heading)


def test_late_reports_are_named_in_one_note_for_each_unit_once_a_day(tianjin, project, all_rows):
    periods = list(Period.objects.filter(project=project)[:3])
    User.objects.filter(pk=tianjin.filer.user_id).update(email="filer@example.org")
    how = {"actor": tianjin.district_checker, "periods": periods, "words": "请于周五前报送。"}
    late = sum(p.due_at <= LATER for p in periods)
    assert 0 < late < 3
    assert remind_reports(now=LATER, **how) == (late, 3 - late)
    note = told("逾期未报").get(user=tianjin.filer.user)
    assert "请于周五前报送。" in note.body
    assert note.body.count(project.name) == late
    assert not told().exclude(organisation=tianjin.unit).exists()  # nobody else is written to
    assert not mail.outbox
    run_job(JobRun.objects.get(kind="lifecycle.send_notes").pk)
    assert [m.to for m in mail.outbox] == [["filer@example.org"]]
    with pytest.raises(Invalid, match="今天已经催过"):
        remind_reports(now=LATER + dt.timedelta(hours=1), **how)
    assert remind_reports(now=LATER + dt.timedelta(days=1), **how)[0] == late
    assert AuditEvent.objects.filter(action="competitions.period.reminded").count() == 2 * late
    with pytest.raises(Refused):
        remind_reports(now=LATER + dt.timedelta(days=2), **how | {"actor": tianjin.checker})


def test_overdue_problem_is_named_to_the_responsible_union_of_another_branch(tianjin, project, all_rows):
    make.with_group(tianjin, project, now=NOW)
    ticket = make.make_ticket(tianjin, project, now=NOW, responsible=tianjin.group_unit)
    how = {"actor": tianjin.district_checker, "tickets": [ticket], "words": "请尽快办理。"}
    with pytest.raises(Invalid):
        remind_tickets(now=NOW, **how)  # not due yet
    assert remind_tickets(now=LATER, **how) == (1, 0)
    assert set(told("逾期未办").values_list("organisation", flat=True)) == {tianjin.group_unit.pk}
    assert ticket.history.filter(title="催办", text="请尽快办理。").count() == 1
    assert Ticket.objects.get().reminded_at == LATER
    assert AuditEvent.objects.filter(action="competitions.ticket.reminded").count() == 1


def test_reminder_through_the_pages_and_the_field_that_finds_a_project(tianjin, project, desk_client):
    with system_scope("test"):
        period = Period.objects.filter(project=project).first()
        Period.objects.filter(pk=period.pk).update(due_at=NOW)
    checker = desk_client(tianjin.district_checker)
    url = reverse("competitions:period.remind")
    preview = checker.post(url, {"selected": [period.pk]}).content.decode()
    assert "请尽快登录平台报送" in preview
    assert tianjin.unit.label in preview
    with system_scope("test"):
        assert not told().exists()  # looking is not sending
    assert checker.post(url, {"selected": [period.pk], "confirmed": "1", "words": ""}).status_code == 200
    assert checker.post(url, {"selected": [period.pk], "confirmed": "1", "words": "请报送。"}).status_code == 302
    inbox = desk_client(tianjin.filer).get(reverse("lifecycle:message.list")).content.decode()
    assert "逾期未报" in inbox
    assert (
        project.number in checker.get(f"{reverse('competitions:project.pick')}?q={project.name[:4]}").content.decode()
    )
    choose = reverse("competitions:project.choose", args=["ticket"])
    assert checker.post(choose, {"project": "没有的工程"}).status_code == 422
    typed = checker.post(choose, {"project": f"{project.name}（{project.number}）"})
    assert typed.url == reverse("competitions:ticket.raise", args=[project.pk])
    assert checker.get(reverse("competitions:project.choose", args=["nothing"])).status_code == 404
    assert (
        project.number
        not in desk_client(tianjin.group_filer)
        .get(f"{reverse('competitions:project.pick')}?q={project.name[:4]}")
        .content.decode()
    )
