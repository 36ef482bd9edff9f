"""The pages: what each side finds, the wall, the exports, the work list, and a problem from the site to its closing."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from competitions.projects import queries
from competitions.projects.models import KeyProject, ProjectFile, ScorecardDefinition, Ticket
from competitions.projects.panels import project_context
from competitions.projects.sheets import CARE, PROJECTS
from portal.core.dates import local_date
from portal.core.scoping import system_scope
from portal.jobs.registry import get_job
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.worklist.queries import work_of
from tests.e2e.steps import press, said
from tests.factories import projects as make

NOW = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
KEYS = ("project.", "period.", "ticket.")


@pytest.fixture
def project(tianjin):
    with system_scope("test"):
        return make.file(tianjin, make.make_project(tianjin, now=NOW), now=NOW)


def kinds(actor, now, in_scope):
    with in_scope(actor):
        return {k.source.key: k.count for k in work_of(actor, now=now).kinds if k.source.key.startswith(KEYS)}


@pytest.mark.django_db
@pytest.mark.row(78)
@pytest.mark.row(79)
def test_work_list_follows_reports_and_problems(tianjin, project, in_scope):
    assert kinds(tianjin.filer, NOW, in_scope) == {"period.report": 2}  # January and February are due next Monday
    with system_scope("test"):
        first = project.periods.first()
        make.report(first, tianjin.filer, percent=9, now=NOW)
        make.make_ticket(tianjin, project, now=NOW)
    assert kinds(tianjin.filer, NOW, in_scope) == {"period.report": 1, "ticket.solve": 1}
    assert kinds(tianjin.district_checker, NOW, in_scope) == {"period.decide": 1}
    late = NOW + dt.timedelta(days=9)
    assert kinds(tianjin.district_checker, late, in_scope) == {
        "period.decide": 1, "period.late": 1, "ticket.overdue": 1,
    }  # fmt: skip
    assert kinds(tianjin.manager, late, in_scope) == {}


@pytest.mark.django_db
@pytest.mark.row(79)
def test_job_escalates_to_the_federation_and_twice_is_once(tianjin, project, in_scope):
    class Nobody:
        def report(self, *args):
            """Where the job tells how far it is."""

    with system_scope("test"):
        ticket = make.make_ticket(tianjin, project, now=NOW)
        job = get_job("competitions.escalate_tickets").function
        assert job(Nobody())[0] == "升级1个问题单"
        assert job(Nobody())[0] == "升级0个问题单"
    assert kinds(tianjin.manager, ticket.due_at + dt.timedelta(days=3650), in_scope) == {"ticket.overdue": 1}


@pytest.mark.django_db
def test_lists_and_wall_cost_the_same_however_many_projects(
    tianjin, project, desk_client, django_assert_max_num_queries
):
    def count(url):
        client = desk_client(tianjin.manager)
        client.get(url)
        with django_assert_max_num_queries(200) as captured:
            assert client.get(url).status_code == 200
        return len(captured.captured_queries)

    urls = [reverse(f"competitions:{name}") for name in ("project.list", "project.wall", "period.list", "ticket.list")]
    urls.append(project.get_absolute_url())

    def more(numbers):
        with system_scope("test"):
            for number in numbers:
                other = make.make_project(tianjin, now=NOW, name=f"第{number}号工程")
                make.file(tianjin, other, now=NOW)
                make.make_ticket(tianjin, other, now=NOW)

    more(range(5))  # reports fill more than one page from here on
    before = [count(url) for url in urls]
    more(range(5, 8))
    with system_scope("test"):
        make.make_ticket(tianjin, project, now=NOW)
        make.reported(tianjin, project, 0, percent=5, now=NOW)
    after = [count(url) for url in urls]
    assert all(b <= a for a, b in zip(before, after, strict=True)), (before, after)


@pytest.mark.django_db
@pytest.mark.row(55)
def test_wall_shows_coverage_and_export_holds_what_is_shown(tianjin, project, desk_client):
    with system_scope("test"):
        make.make_project(tianjin, now=NOW, name="没有方案的工程")
        make.reported(tianjin, project, 1, percent=5, now=NOW)
    client = desk_client(tianjin.district_checker)
    page = client.get(reverse("competitions:project.wall")).content.decode()
    assert "50.0%" in page
    assert page.index(project.name) < page.index("没有方案的工程")  # red stands first
    response = client.get(reverse("competitions:project.list"), {"export": "xlsx", "light": "red"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content) if response.streaming else response.content))
    cells = [str(cell) for row in sheet.active.values for cell in row]
    assert project.name in cells
    assert "没有方案的工程" not in cells
    assert "滞后" in cells


@pytest.mark.django_db
@pytest.mark.row(81)
def test_sheets_of_the_yearly_report_hold_projects_and_care(tianjin, project, in_scope):
    with in_scope(tianjin.manager):
        rows = list(PROJECTS.rows(tianjin.manager, 2026))
        assert [len(row) for row in rows] == [len(PROJECTS.heads)]
        assert rows[0][1] == project.name
        assert list(CARE.rows(tianjin.manager, 2026)) == []
        assert list(PROJECTS.rows(tianjin.manager, 2025)) == []


@pytest.mark.django_db
def test_command_loads_the_definition_once(tianjin, capsys):
    call_command("scorecards", "load")
    call_command("scorecards", "load")
    assert capsys.readouterr().out.split()[0].startswith("已载入")
    with system_scope("test"):
        assert ScorecardDefinition.objects.count() == 1


@pytest.mark.django_db
def test_errors_stand_beside_their_fields(tianjin, project, desk_client):
    with system_scope("test"):
        ticket = make.make_ticket(tianjin, project, now=timezone.now())
    client = desk_client(tianjin.filer)
    response = client.post(reverse("competitions:ticket.solve", kwargs={"pk": ticket.pk}), {"solution": "已整改"})
    assert response.status_code == 422
    assert "请上传办结证明" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.row(80)
def test_experience_of_a_finished_project_leads_to_the_case_library(tianjin, project, desk_client):
    with system_scope("test"):
        type(project).objects.filter(pk=project.pk).update(summary="按期完工", experience="班组日清日结")
    page = desk_client(tianjin.filer).get(project.get_absolute_url()).content.decode()
    assert "班组日清日结" in page
    assert f"{reverse('competitions:case.list')}?kind=project" in page
    assert f"{reverse('competitions:case.add')}?kind=project" in page
    assert "写成案例推广" not in desk_client(tianjin.auditor).get(project.get_absolute_url()).content.decode()


@pytest.mark.django_db
@pytest.mark.row(53)
def test_entry_page_shows_the_project_its_code_names(tianjin, project, in_scope):
    entry = Entry(answers={"project_code": make.FACTS["approval_code"]})
    with in_scope(tianjin.manager):
        assert project_context(tianjin.manager, entry)["project"] == project
    with in_scope(tianjin.group_checker):
        assert project_context(tianjin.group_checker, entry)["project"] is None


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.row(79)
def test_problem_ticket_goes_from_the_site_to_its_closing(tianjin, open_page, desk_client, accessibility, tmp_path):
    """The union raises it, the unit solves it with proof on a phone, the union sends it back once, then closes it."""
    with system_scope("test"):
        now = timezone.now()
        start = local_date(now).replace(day=1)
        project = make.make_project(tianjin, now=now, starts_on=start, ends_on=start + dt.timedelta(days=300))
        make.file(tianjin, project, now=now)
    union = open_page(desk_client(tianjin.district_checker), width=1440)
    union.goto(project.get_absolute_url())
    assert not accessibility(union)
    union.get_by_role("link", name="提出问题").first.click()
    union.locator('[name="title"]').fill("深基坑临边防护不足")
    union.locator('[name="text"]').fill("东侧基坑临边防护缺失约二十米。")
    union.locator('[name="category"]').select_option("safety")
    union.locator('[name="department"]').fill("区住房建设部门")
    press(union, "提出问题")
    said(union, "问题单已转")
    with system_scope("test"):
        ticket = Ticket.objects.get()

    unit = open_page(desk_client(tianjin.filer), width=390)
    for number, words in enumerate(("已补齐防护。", "已补照片。")):
        unit.goto(ticket.get_absolute_url())
        unit.get_by_role("link", name="反馈办理结果").first.click()
        unit.locator('[name="solution"]').fill(words)
        proof = tmp_path / f"proof{number}.pdf"
        proof.write_bytes(make.pdf(words).read())
        unit.locator('[name="files"]').set_input_files(str(proof))
        press(unit, "反馈")
        said(unit, "已反馈")
        union.goto(ticket.get_absolute_url())
        if number == 0:
            union.get_by_role("link", name="退回重办").first.click()
            union.locator('[name="reason"]').fill("缺少整改后的照片。")
            press(union, "退回重办")
            said(union, "重新办理")
    press(union, "确认办结", confirm=True)
    said(union, "问题单已办结")
    assert not accessibility(union)
    with system_scope("test"):
        assert Ticket.objects.get().closed_at
        assert ProjectFile.objects.filter(ticket=ticket).count() == 2
        assert queries.projects(now=timezone.now()).get().open_tickets == 0
        assert KeyProject.objects.count() == 1
