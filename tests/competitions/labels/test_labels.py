"""The register of labels: giving, workbooks, taking away by two people, what programmes bring."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from competitions.labels import queries
from competitions.labels.domain import imports, removals, teams
from competitions.labels.enums import LabelStatus
from competitions.labels.models import LabelImport, TeamLabel, WorkTeam
from competitions.labels.workbook import SHEET
from portal.accounts.enums import Role
from portal.accounts.imports.template import DATA, template
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.jobs.tasks import run_job
from portal.lifecycle.conferral.domain import issue_conferral
from portal.lifecycle.models import Entry, Programme
from tests.factories.labels import make_label, make_team
from tests.factories.notices import make_confirmed, make_decision, take_back
from tests.factories.people import make_actor

NOW = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)
DAY = dt.date(2026, 4, 28)


def facts(**changes):
    base = {"kind": "learning", "basis_title": "命名决定", "basis_number": "津东工〔2026〕8号", "given_on": DAY}
    return base | {"valid_until": None} | changes


@pytest.fixture
def team(tianjin):
    return make_team(tianjin.employer, "焊接一班")


@pytest.mark.django_db
@pytest.mark.row(156, 157, 158)
def test_label_is_given_by_a_level_with_its_document_and_term(tianjin, team, in_scope, desk_client):
    with in_scope(tianjin.district_manager) as actor:
        for kind in ("learning", "innovative", "quality"):
            label = teams.give_label(actor=actor, team=team, given_by=tianjin.district, facts=facts(kind=kind), now=NOW)
        assert (label.level, label.valid_until) == ("district", dt.date(2029, 4, 27))
        with pytest.raises(Invalid) as twice:
            teams.give_label(actor=actor, team=team, given_by=tianjin.district, facts=facts(), now=NOW)
        with pytest.raises(Invalid) as wrong:
            teams.give_label(
                actor=actor, team=team, given_by=tianjin.district, now=NOW,
                facts=facts(kind="pioneer", given_on=dt.date(2026, 7, 1), basis_number=" "),
            )  # fmt: skip
        assert set(twice.value.fields) == {"kind"}
        assert set(wrong.value.fields) == {"kind", "given_on", "basis_number"}
        assert queries.teams().get().kinds == ["innovative", "learning", "quality"]
        assert AuditEvent.objects.filter(action="competitions.label.given").count() == 3
    page = desk_client(tianjin.manager).get(reverse("competitions:label.home")).content.decode()
    for title in ("学习型班组", "创新型班组", "质量信得过班组", "安全型班组", "工人先锋号"):
        assert title in page
    held = desk_client(tianjin.filer).get(f"{reverse('competitions:teamlabel.list')}?kind=quality&living=on")
    assert "焊接一班" in held.content.decode()
    unit_page = desk_client(tianjin.filer).get(team.get_absolute_url()).content.decode()
    assert "牌匾文字" in unit_page
    paper = desk_client(tianjin.filer).get(reverse("competitions:teamlabel.certificate", kwargs={"pk": label.pk}))
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    assert desk_client(tianjin.group_checker).get(team.get_absolute_url()).status_code == 404


@pytest.mark.django_db
@pytest.mark.row(154)
def test_label_is_taken_away_by_a_second_person_and_the_team_shows_it(tianjin, team, in_scope, desk_client, all_rows):
    label = make_label(team, tianjin.district, given_on=DAY)
    second = make_actor(tianjin.district, Role.CHECKER, "第二人")
    actor = tianjin.district_manager
    with pytest.raises(Refused):
        removals.propose_removal(actor=tianjin.unit_checker, label=label, reason="发生责任事故", now=NOW)
    removal = removals.propose_removal(actor=actor, label=label, reason="发生责任事故", now=NOW)
    with pytest.raises(Refused):
        removals.decide_removal(actor=actor, removal=removal, agreed=True, words="", now=NOW)
    with pytest.raises(Invalid):
        removals.decide_removal(actor=second, removal=removal, agreed=False, words="", now=NOW)
    removals.decide_removal(actor=second, removal=removal, agreed=True, words="情况属实", now=NOW)
    label.refresh_from_db()
    assert (label.status, label.removed_on) == (LabelStatus.REMOVED, NOW.date())
    page = desk_client(tianjin.filer).get(team.get_absolute_url()).content.decode()
    assert "已摘牌" in page
    assert "发生责任事故" in page
    certificate = reverse("competitions:teamlabel.certificate", kwargs={"pk": label.pk})
    assert desk_client(tianjin.filer).get(certificate).status_code == 404
    again = teams.give_label(actor=actor, team=team, given_by=tianjin.district, facts=facts(), now=NOW)
    kept = removals.propose_removal(actor=actor, label=again, reason="群众反映强烈", now=NOW)
    removals.decide_removal(actor=second, removal=kept, agreed=False, words="查无实据", now=NOW)
    again.refresh_from_db()
    assert again.status == LabelStatus.VALID
    with pytest.raises(IntegrityError), transaction.atomic():  # the database knows the second person too
        type(kept).objects.filter(pk=kept.pk).update(decided_by=kept.proposed_by)


@pytest.mark.django_db
@pytest.mark.row(135, 154)
def test_label_follows_the_conferral_and_the_revocation_of_a_programme(tianjin, all_rows, desk_client):
    entries = make_confirmed(tianjin)
    Programme.objects.filter(pk=entries[0].cycle.programme_id).update(code="worker-pioneer")
    conferral = make_decision(entries[0].cycle, tianjin.manager)
    issue_conferral(conferral=conferral, actor=tianjin.manager, now=timezone.now())
    label = TeamLabel.objects.get(entry=entries[0])
    assert (label.kind, label.level, label.given_by) == ("pioneer", "city", tianjin.municipal)
    assert (label.team.name, label.basis_number) == (entries[0].title, conferral.document_number)
    removal = removals.propose_removal(
        actor=tianjin.checker, label=label, reason="复查发现弄虚作假", now=timezone.now()
    )
    with pytest.raises(Invalid):  # revoked where it was conferred, not here
        removals.decide_removal(actor=tianjin.manager, removal=removal, agreed=True, words="", now=timezone.now())
    page = desk_client(tianjin.manager).get(label.get_absolute_url()).content.decode()
    assert "办理撤销荣誉" in page
    take_back(Entry.objects.get(pk=entries[0].pk), tianjin.manager)
    label.refresh_from_db()
    removal.refresh_from_db()
    assert (label.status, removal.agreed) == (LabelStatus.REMOVED, True)
    assert "弄虚作假" in label.removed_reason
    assert TeamLabel.objects.get(entry=entries[1]).status == LabelStatus.VALID


def _workbook(rows):
    book = load_workbook(BytesIO(template(SHEET)))
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            book[DATA].cell(number, column, value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


GOOD = [
    "天津市精工机械有限公司",
    "装配班",
    "班组",
    "某班长",
    12,
    "创新型班组",
    "津东工〔2026〕9号",
    "",
    "2026-05-01",
    "",
]


@pytest.mark.django_db
def test_workbook_names_every_fault_and_writes_all_or_nothing(tianjin, in_scope, desk_client):
    def load(*rows):
        batch = imports.upload(
            actor=tianjin.district_manager, organisation=tianjin.district, file_name="称号.xlsx", now=NOW,
            content=_workbook(rows),
        )  # fmt: skip
        assert batch.status == "checking"
        assert "正在逐行检查" in client.get(batch.get_absolute_url()).content.decode()
        return work_off(batch)

    def work_off(batch):
        run_job(imports.run_of(batch).pk)
        batch.refresh_from_db()
        return batch

    client = desk_client(tianjin.district_manager)

    with in_scope(tianjin.district_manager) as actor:
        bad = load(
            GOOD, GOOD, ["没有的单位", *GOOD[1:]], [*GOOD[:1], "另一班", *GOOD[2:8], "2027-01-01", ""],
            [*GOOD[:5], "工人先锋号", *GOOD[6:]],
        )  # fmt: skip
        assert bad.status == "faulty"
        assert {(p["row"], p["column"]) for p in bad.problems} == {
            (3, "班组名称"), (4, "所在单位"), (5, "授予日期"), (6, "称号"),
        }  # fmt: skip
        with pytest.raises(Conflict):
            imports.start_apply(actor=actor, batch=bad, now=NOW)
        good = load(GOOD, [*GOOD[:5], "学习型班组", *GOOD[6:]])
        assert (good.creates, good.updates) == (2, 0)
        assert not WorkTeam.objects.exists()
        started = imports.start_apply(actor=actor, batch=good, now=NOW)
        run = imports.run_of(started)
        with pytest.raises(Conflict):  # not while it is being written
            imports.give_up(actor=actor, batch=good, now=NOW)
        assert work_off(started).status == "applied"
        run_job(run.pk)  # a second worker writes nothing twice
        assert WorkTeam.objects.get().headcount == 12
        assert {x.kind for x in TeamLabel.objects.all()} == {"innovative", "learning"}
        again = load(GOOD, [*GOOD[:5], "学习型班组", "津东工〔2026〕10号", *GOOD[7:]])
        assert (again.creates, again.updates, again.unchanged) == (0, 1, 1)
        work_off(imports.start_apply(actor=actor, batch=again, now=NOW))
        assert TeamLabel.objects.get(kind="learning").basis_number == "津东工〔2026〕10号"
        assert not queries.import_content(again)
        lost = load(GOOD, [*GOOD[:1], "第三班", *GOOD[2:]])
        lost = imports.start_apply(actor=actor, batch=lost, now=NOW)
        LabelImport.objects.filter(pk=lost.pk).update(content=_workbook([["没有的单位", *GOOD[1:]]]))
        assert work_off(lost).status == "faulty"  # what no longer fits is not written, and people are told
        assert "重新上传" in lost.problems[0]["message"]
    errors = client.get(reverse("competitions:labelimport.errors", kwargs={"pk": bad.pk}))
    book = load_workbook(BytesIO(b"".join(errors.streaming_content)))
    assert "错误说明" in [cell.value for cell in book[DATA][1]]
    page = client.get(bad.get_absolute_url()).content.decode()
    assert "没有找到这个单位" in page
    assert desk_client(tianjin.manager).get(bad.get_absolute_url()).status_code == 404
