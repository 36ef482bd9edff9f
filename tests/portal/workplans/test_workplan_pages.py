"""The pages: board, own page per union and task, work list of both sides."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.core.scoping import system_scope
from portal.lifecycle.worklist.queries import work_of
from portal.workplans.domain.reports import file_report
from portal.workplans.domain.schemes import submit_scheme
from portal.workplans.models import PlanTask, ProgressReport, Scheme, SchemeVersion
from tests.factories.people import make_actor, make_organisation
from tests.factories.workplans import fill, make_accepted, make_submitted, make_year, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.row(196)]
NOW = dt.datetime(2026, 1, 12, 2, tzinfo=dt.UTC)


@pytest.fixture
def year(tianjin):
    return make_year(tianjin, now=NOW, year=2026)


@pytest.fixture
def accepted(tianjin, year):
    return make_accepted(year, tianjin.district_checker, tianjin.checker, now=NOW)


def kinds(actor, now, in_scope):
    with in_scope(actor):
        return {kind.source.key: kind.count for kind in work_of(actor, now=now).kinds if "workplan" in kind.source.key}


def test_work_list_of_both_sides_follows_the_scheme(tianjin, year, in_scope):
    assert kinds(tianjin.district_checker, NOW, in_scope) == {"workplan.scheme": 1}
    assert kinds(tianjin.manager, NOW, in_scope) == {}
    after = year.scheme_due_at + dt.timedelta(minutes=1)
    assert kinds(tianjin.manager, after, in_scope) == {"workplan.late_scheme": 2}
    with system_scope("test"):
        make_submitted(year, tianjin.district_checker, now=NOW)
    assert kinds(tianjin.district_checker, NOW, in_scope) == {}
    assert kinds(tianjin.manager, after, in_scope) == {"workplan.decide": 1, "workplan.late_scheme": 1}


@pytest.mark.row(197)
def test_late_reports_alarm_both_sides(tianjin, accepted, in_scope):
    due = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
    before, after = due - dt.timedelta(days=20), due + dt.timedelta(minutes=1)
    assert kinds(tianjin.district_checker, before, in_scope) == {"workplan.report": 1}
    assert "workplan.late_report" not in kinds(tianjin.manager, before, in_scope)
    assert kinds(tianjin.manager, after, in_scope)["workplan.late_report"] == 1
    with system_scope("test"):
        for report in ProgressReport.objects.filter(line__scheme=accepted, quarter=1):
            file_report(actor=tianjin.district_checker, report=report, value=Decimal(10), words="按期。", now=before)
    assert "workplan.late_report" not in kinds(tianjin.manager, after, in_scope)


def test_union_fills_uploads_sends_and_the_city_accepts_through_the_pages(tianjin, year, desk_client):
    union, city = desk_client(tianjin.district_checker), desk_client(tianjin.checker)
    with system_scope("test"):
        scheme = Scheme.objects.get(year=year, organisation=tianjin.district)
        lines = list(scheme.lines.values_list("pk", flat=True))
    url = {
        name: reverse(f"workplans:scheme.{name}", kwargs={"pk": scheme.pk})
        for name in ("edit", "upload", "submit", "accept", "detail")
    }
    data = {"text": "结合本区实际制定方案。" * 10}
    data |= {f"target_{pk}": "12" for pk in lines} | {f"steps_{pk}": "按季推进" for pk in lines}
    assert union.get(url["edit"]).status_code == 200
    assert union.post(url["edit"], data).status_code == 302
    assert union.post(url["upload"], {"file": pdf()}).status_code == 302
    assert union.post(url["submit"]).status_code == 302
    assert city.post(url["accept"]).status_code == 302
    page = union.get(url["detail"]).content.decode()
    assert "已通过" in page
    assert "未报" in page
    with system_scope("test"):
        version = SchemeVersion.objects.get(scheme=scheme)
    unit = desk_client(tianjin.filer)
    read = unit.get(reverse("workplans:version.detail", kwargs={"pk": version.pk}))
    assert "按季推进" in read.content.decode()
    assert unit.get(url["detail"]).status_code in {403, 404}


@pytest.mark.row(69)
@pytest.mark.row(171)
@pytest.mark.row(197)
def test_board_shows_each_task_and_union_and_exports_the_same(tianjin, year, accepted, desk_client):
    client = desk_client(tianjin.manager)
    url = reverse("workplans:board", kwargs={"pk": year.pk})
    page = client.get(url).content.decode()
    assert tianjin.group.name in page
    assert "逾期未报" in page  # three quarters of 2026 are over
    only = client.get(url, {"light": "late"}).content.decode()
    assert tianjin.group.name not in only  # its scheme is not in, so nothing of it is late
    book = load_workbook(io.BytesIO(client.get(url, {"export": "xlsx", "chapter": "四（一）重点领域行业竞赛"}).content))
    rows = list(book.active.values)
    assert len(rows) == 1 + 5
    assert rows[0][3:] == (tianjin.district.name, tianjin.group.name)
    assert rows[1][3:] == ("逾期未报", "未开始")


def test_district_sees_only_its_own_column(tianjin, year, accepted, desk_client):
    page = desk_client(tianjin.group_checker).get(reverse("workplans:board", kwargs={"pk": year.pk})).content.decode()
    assert tianjin.group.name in page
    assert tianjin.district.name not in page


@pytest.mark.parametrize("n", [1, 3])
def test_board_costs_the_same_for_any_number_of_unions(tianjin, desk_client, django_assert_max_num_queries, n):
    with system_scope("test"):
        for number in range(n):
            union = make_organisation("bureau", f"第{number}局工会", tianjin.municipal)
            make_actor(union, "checker")
        year = make_year(tianjin, now=NOW)
    client = desk_client(tianjin.manager)
    client.get("/desk/")
    with django_assert_max_num_queries(20):
        client.get(reverse("workplans:board", kwargs={"pk": year.pk}))


def test_task_page_lists_all_unions_with_their_figures(tianjin, accepted, desk_client):
    with system_scope("test"):
        task = PlanTask.objects.get(code="3-3")
        report = ProgressReport.objects.get(line__scheme=accepted, line__task=task, quarter=1)
        file_report(
            actor=tianjin.district_checker, report=report, value=Decimal(37), words="已办三十七项。", now=timezone.now()
        )
    page = desk_client(tianjin.manager).get(task.get_absolute_url()).content.decode()
    assert "100余项工种" in page
    assert "37" in page
    assert tianjin.group.name in page


def test_nothing_of_another_federation_is_found(tianjin, hebei, year, accepted, desk_client):
    client = desk_client(hebei.manager)
    for name, pk in (("board", year.pk), ("plan.detail", year.plan_id), ("scheme.detail", accepted.pk)):
        assert client.get(reverse(f"workplans:{name}", kwargs={"pk": pk})).status_code == 404


def test_late_sending_is_possible_and_marked(tianjin, year):
    with system_scope("test"):
        scheme = fill(Scheme.objects.get(year=year, organisation=tianjin.district), tianjin.district_checker, now=NOW)
        late = year.scheme_due_at + dt.timedelta(days=1)
        submit_scheme(actor=tianjin.district_checker, scheme=scheme, now=late)
        scheme.refresh_from_db()
    assert scheme.submitted_at == late
