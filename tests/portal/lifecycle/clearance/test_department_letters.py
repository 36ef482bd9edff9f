"""Letters to outside departments: who is asked on which sheet, the papers, and who may make them."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.queries.calendar import last_day
from portal.audit.models import AuditEvent
from portal.core.dates import format_cn, local_date
from portal.core.errors import Invalid, Refused
from portal.core.scoping import system_scope
from portal.jobs.models import JobRun, JobState
from portal.jobs.tasks import run_job
from portal.lifecycle.clearance.departments import queries
from portal.lifecycle.clearance.departments.domain import request_letters
from portal.lifecycle.clearance.domain import Answer, record_opinions, request_clearances
from portal.lifecycle.clearance.models import Opinion
from portal.lifecycle.clearance.queries import demanded
from portal.lifecycle.engine.states import EntryState
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db


def asked(tree, cycle, **answers):
    entry = make_entry(cycle, tree.filer, EntryState.RECOMMENDED, files=False, answers=answers)
    request_clearances(entry=entry)
    return entry


def letters(cycle, actor, *, reminder=False, days=10):
    """The files of the archive, by name, as the worker wrote it."""
    run = request_letters(cycle=cycle, reminder=reminder, working_days=days, actor=actor, now=timezone.now())
    run_job(run.pk)
    with system_scope("test"):
        found = JobRun.objects.get(pk=run.pk)
        assert found.state == JobState.SUCCEEDED, found.message
        archive = zipfile.ZipFile(io.BytesIO(found.files.get().file.read()))
    return {name: Document(io.BytesIO(archive.read(name))) for name in archive.namelist()}


def words(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.fixture
def cycle(tianjin, all_rows):
    return make_cycle(tianjin, "innovation-star", stage="clearance")


@given(leader=st.booleans(), cadre=st.booleans())
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_department_that_the_rules_ask_has_a_sheet_and_no_other(cycle, tianjin, leader, cadre):
    entry = make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED, files=False, answers={
        "post_category": "leader" if leader else "industrial", "is_cadre": cadre,
    })  # fmt: skip
    wanted = {key.removeprefix(queries.PREFIX) for key, _ in demanded(entry) if key.startswith(queries.PREFIX)}
    everybody = {request.department for request in cycle.rules.stage("clearance").params.opinions}
    assert {name for name in everybody if queries.sheet_for(entry, name)} == wanted
    assert len(wanted) == 5 * leader + 2 * cadre
    sheets = {queries.sheet_for(entry, name).value for name in wanted}
    assert sheets == {"enterprise_leader" for _ in range(leader)} | {"cadre" for _ in range(cadre)}


def test_each_department_gets_one_letter_with_its_list_and_the_sheets(cycle, tianjin):
    leader = asked(tianjin, cycle, post_category="leader", is_cadre=False)
    cadre = asked(tianjin, cycle, post_category="industrial", is_cadre=True)
    found = letters(cycle, tianjin.checker)
    assert len(found) == 14  # seven departments: a letter and one kind of sheet each
    tax = words(found["税务部门/征求意见函.docx"])
    assert "税务部门：" in tax
    assert leader.title in tax
    assert cadre.title not in tax
    assert format_cn(last_day(local_date(timezone.now()), 10)[0]) in tax
    sheet = words(found["税务部门/企业负责人征求意见表.docx"])
    assert leader.code in sheet
    assert "税务部门意见" in sheet
    assert cadre.code in words(found["纪检监察机关/机关事业单位干部征求意见表.docx"])


def test_a_reminder_lists_only_what_is_not_answered(cycle, tianjin):
    first = asked(tianjin, cycle, post_category="leader", is_cadre=False)
    second = asked(tianjin, cycle, post_category="leader", is_cadre=False)
    answers = {row.key: Answer(Opinion.AGREED) for row in first.clearances.all()}
    answers["opinion:税务部门"] = Answer(Opinion.REFUSED, "欠税未缴清")
    record_opinions(entry=first, answers=answers, actor=tianjin.checker, now=timezone.now())
    found = letters(cycle, tianjin.manager, reminder=True)
    assert len(found) == 5
    assert all(name.endswith("/催复函.docx") for name in found)
    assert all(first.code not in words(paper) for paper in found.values())
    rows = found["税务部门/催复函.docx"].tables[0].rows
    assert len(rows) == 2
    assert rows[1].cells[1].text == second.title
    line = next(line for line in queries.department_lines(actor=tianjin.manager) if line.title == "税务部门意见")
    assert (line.asked, line.agreed, line.against, line.pending) == (2, 0, 1, 1)


def test_making_letters_is_audited_and_the_organisers_own(cycle, tianjin, hebei):
    asked(tianjin, cycle, post_category="leader", is_cadre=False)
    letters(cycle, tianjin.checker)
    event = AuditEvent.objects.get(action="lifecycle.clearance.letters")
    assert event.actor_id == tianjin.checker.user.pk
    for stranger in (tianjin.filer, tianjin.supervisor, hebei.manager):
        with pytest.raises(Refused):
            letters(cycle, stranger)


def test_letters_without_anybody_to_ask_or_without_time_are_refused(cycle, tianjin):
    with pytest.raises(Invalid, match="没有等待部门回复"):
        letters(cycle, tianjin.checker)
    with pytest.raises(Invalid, match="工作日"):
        letters(cycle, tianjin.checker, days=0)


def test_the_page_counts_and_starts_the_run(cycle, tianjin, desk_client):
    url = reverse("lifecycle:clearance.letters")
    client = desk_client(tianjin.checker)
    assert "没有等待部门回复的对象" in client.get(url).content.decode()
    asked(tianjin, cycle, post_category="leader", is_cadre=False)
    assert "税务部门意见" in client.get(url).content.decode()
    response = client.post(url, {"cycle": cycle.pk, "kind": "inquiry", "working_days": 5})
    run = JobRun.objects.get(kind="lifecycle.inquiry_letters")
    assert response.headers["Location"] == reverse("jobs:run.detail", kwargs={"pk": run.pk})
    assert run.params["answer_by"] == last_day(local_date(timezone.now()), 5)[0].isoformat()


def test_departments_have_the_time_of_the_cycles_rules_unless_the_officer_types_another(cycle, tianjin, desk_client):
    asked(tianjin, cycle, post_category="leader", is_cadre=False)
    stage, today = cycle.stages.get(kind="clearance"), local_date(timezone.now())
    stage.params["reply_working_days"] = 17
    stage.save()
    client, url = desk_client(tianjin.checker), reverse("lifecycle:clearance.letters")
    assert "答复期限 17 个工作日" in client.get(url).content.decode()
    assert "working_days" in client.post(url, {"cycle": cycle.pk, "kind": "inquiry", "working_days": 0}).text
    client.post(url, {"cycle": cycle.pk, "kind": "inquiry"})
    run = JobRun.objects.get(kind="lifecycle.inquiry_letters")
    assert run.params["answer_by"] == last_day(today, 17)[0].isoformat()
    sent = {"request": f"{cycle.pk}:税务部门", "number": "津工函〔2026〕9号", "sent_on": today}
    assert client.post(reverse("lifecycle:clearance.letter_sent"), sent).status_code == 302
    assert queries.letters(actor=tianjin.checker).get().answer_by == last_day(today, 17)[0]
