"""From the register to the archive: plan, reports, cards, visits, care."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from competitions.projects import queries
from competitions.projects.domain import field, progress, register
from competitions.projects.domain.tickets import close_ticket, solve_ticket
from competitions.projects.enums import Cadence, PeriodState, ProjectStatus
from competitions.projects.models import KeyProject, Period, ProjectFile, Scorecard
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from tests.factories import projects as make
from tests.factories.people import Tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_rows")]
NOW = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)  # a Monday


@pytest.fixture
def project(tianjin):
    return make.make_project(tianjin, now=NOW)


@pytest.fixture
def planned(tianjin, project):
    return make.file(tianjin, project, now=NOW)


def shown(project, now=NOW):
    return queries.projects(now=now).get(pk=project.pk)


@pytest.mark.row(55)
def test_registering_numbers_projects_through_all_federations(tianjin, hebei, project):
    other = make.make_project(hebei, now=NOW)
    assert [project.number, other.number] == ["2026-0001", "2026-0002"]
    assert AuditEvent.objects.filter(action="competitions.project.registered").count() == 2


def test_same_name_at_one_union_is_a_conflict(tianjin, project):
    with pytest.raises(Conflict):
        make.make_project(tianjin, now=NOW)


@pytest.mark.row(52)
def test_project_outside_the_city_needs_its_place(tianjin):
    with pytest.raises(Invalid) as error:
        make.make_project(tianjin, now=NOW, districts=[])
    assert "districts" in error.value.fields
    assert make.make_project(tianjin, now=NOW, districts=[], place="川藏铁路沿线").place


def test_unit_does_not_register(tianjin):
    with pytest.raises(Refused):
        make.make_project(tianjin, now=NOW, actor=tianjin.filer)


@pytest.mark.row(55)
def test_plan_makes_the_periods_and_counts_for_the_coverage(tianjin, project):
    make.make_project(tianjin, now=NOW, name="未报方案的工程")
    assert shown(project).light == "no_plan"
    make.file(tianjin, project, now=NOW, actor=tianjin.filer)
    assert Period.objects.filter(project=project).count() == 10
    assert queries.coverage(queries.projects(now=NOW)) == (1, 2)
    assert shown(project).light == "waiting"
    # Months that were over before are due from the day of filing on; the others from their own end.
    due = list(Period.objects.filter(project=project).values_list("due_at", flat=True))
    assert due[0] == due[1] == dt.datetime(2026, 3, 9, 9, tzinfo=dt.UTC)
    assert due[2].month == 4


def test_plan_without_scheme_or_falling_is_refused(tianjin, project):
    slots = progress.plan_slots(project)
    percents = {start: planned for start, _e, planned, _f in slots}
    with pytest.raises(Invalid) as error:
        progress.file_plan(actor=tianjin.filer, project=project, percents=percents, now=NOW)
    assert "files" in error.value.fields
    percents[slots[4][0]] = Decimal(1)
    with pytest.raises(Invalid) as error:
        progress.file_plan(actor=tianjin.filer, project=project, percents=percents, files=[make.pdf()], now=NOW)
    assert list(error.value.fields) == ["p202605"]
    assert not Period.objects.filter(project=project).exists()


def test_planning_again_leaves_what_was_reported(tianjin, planned):
    first = make.reported(tianjin, planned, 0, percent=9, now=NOW)
    percents = dict.fromkeys([p.starts_on for p in Period.objects.filter(project=planned)], Decimal(100))
    progress.file_plan(actor=tianjin.district_checker, project=planned, percents=percents, now=NOW)
    first.refresh_from_db()
    assert first.planned == Decimal(10)
    assert Period.objects.filter(project=planned, planned=100).count() == 9
    facts = make.FACTS | {"cadence": Cadence.QUARTERLY}
    with pytest.raises(Invalid):
        register.change_project(
            actor=tianjin.district_checker, project=planned, reporter=tianjin.unit, facts=facts, now=NOW
        )


@pytest.mark.row(78)
def test_report_counts_when_it_is_accepted(tianjin, planned):
    period = Period.objects.filter(project=planned)[1]
    make.report(period, tianjin.filer, percent=8, now=NOW)
    assert shown(planned).light == "waiting"
    with pytest.raises(Refused):  # not twice while it is being checked
        make.report(period, tianjin.filer, percent=9, now=NOW)
    progress.accept_period(actor=tianjin.district_checker, period=period, now=NOW)
    row = shown(planned)
    assert (row.planned, row.real, row.gap, row.light) == (Decimal(20), Decimal(8), Decimal(12), "red")


def test_returned_report_comes_back_with_a_new_deadline(tianjin, planned):
    period = Period.objects.filter(project=planned)[0]
    make.report(period, tianjin.filer, percent=8, now=NOW)
    with pytest.raises(Invalid):
        progress.return_period(actor=tianjin.district_checker, period=period, reason=" ", days=3, now=NOW)
    progress.return_period(actor=tianjin.district_checker, period=period, reason="数字有误", days=3, now=NOW)
    period.refresh_from_db()
    assert (period.state, period.due_at) == (PeriodState.RETURNED, dt.datetime(2026, 3, 5, 9, tzinfo=dt.UTC))
    make.report(period, tianjin.filer, percent=9, now=NOW)
    progress.accept_period(actor=tianjin.district_checker, period=period, now=NOW)
    assert shown(planned).real == 9


def test_progress_never_falls_below_what_was_accepted(tianjin, planned):
    make.reported(tianjin, planned, 0, percent=12, now=NOW)
    period = Period.objects.filter(project=planned)[1]
    with pytest.raises(Invalid) as error:
        make.report(period, tianjin.filer, percent=11, now=NOW)
    assert "percent" in error.value.fields
    with pytest.raises(Invalid) as error:
        make.report(period, tianjin.filer, percent=20, hazards=1, hazards_fixed=2, now=NOW)
    assert "hazards_fixed" in error.value.fields
    with pytest.raises(Invalid):
        make.report(Period.objects.filter(project=planned)[8], tianjin.filer, percent=90, now=NOW)


def test_late_report_is_yellow(tianjin, planned):
    make.reported(tianjin, planned, 0, percent=30, now=NOW)
    assert shown(planned, NOW).light == "green"
    later = NOW + dt.timedelta(days=30)
    assert shown(planned, later).late_reports == 1
    assert shown(planned, later).light == "yellow"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    status=st.sampled_from(ProjectStatus.values), filed=st.booleans(), accidents=st.integers(0, 1),
    percent=st.none() | st.integers(0, 30), days=st.sampled_from([0, 40]),
)  # fmt: skip
def test_database_and_calculation_give_the_same_light(tianjin, planned, status, filed, accidents, percent, days):
    KeyProject.objects.filter(pk=planned.pk).update(status=status, plan_filed_at=NOW if filed else None)
    reported = {"percent": percent, "reported_at": NOW, "accidents": accidents, "state": PeriodState.ACCEPTED}
    waiting = {"percent": None, "reported_at": None, "accidents": 0, "state": PeriodState.WAITING}
    second = Period.objects.filter(project=planned)[1]
    Period.objects.filter(pk=second.pk).update(**(waiting if percent is None else reported))
    row = shown(planned, NOW + dt.timedelta(days=days))
    assert row.light == queries.light(row)


def marks(**over):
    full = {"innovation": 12, "management": 12, "quality": 18, "safety": 19, "site": 12, "excellence": 12}
    return {code: Decimal(value) for code, value in (full | over).items()}


@pytest.mark.row(76)
def test_new_definition_leaves_past_cards_alone(tianjin, planned):
    old = make.make_definition(tianjin, now=NOW)
    card = field.enter_scorecard(
        actor=tianjin.manager, project=planned, definition=old, scored_on=NOW.date(), marks=marks(), now=NOW
    )
    assert card.total == 85
    data = field.read_definition()
    data["dimensions"][0]["max"], data["dimensions"][1]["max"] = 20, 10
    new, is_new = field.load_definition(actor=tianjin.manager, owner=tianjin.municipal, data=data, now=NOW)
    assert (is_new, new.version) == (True, 2)
    assert field.load_definition(actor=tianjin.manager, owner=tianjin.municipal, data=data, now=NOW) == (new, False)
    assert queries.newest_definition() == new
    card = Scorecard.objects.get(pk=card.pk)
    assert (card.total, card.definition_id) == (85, old.pk)
    with pytest.raises(Invalid) as error:  # 12 is too much under the new one
        field.enter_scorecard(
            actor=tianjin.manager, project=planned, definition=new, scored_on=NOW.date(), marks=marks(), now=NOW
        )
    assert list(error.value.fields) == ["mark_management"]


@pytest.mark.row(77)
def test_visit_keeps_findings_and_pictures_without_camera_data(tianjin, planned):
    visit = field.plan_visit(
        actor=tianjin.manager, project=planned, planned_on=dt.date(2026, 3, 5), team="调研组", agenda="座谈", now=NOW
    )
    photos = [make.photo("red"), make.photo("blue"), make.photo("red")]
    field.record_visit(
        actor=tianjin.manager, visit=visit, visited_on=NOW.date(), findings="现场有序。", photos=photos, now=NOW
    )
    files = ProjectFile.objects.filter(visit=visit)
    assert files.count() == 2  # the same picture once
    with files[0].file.open("rb") as stored, Image.open(stored) as picture:
        assert not picture.getexif()
    assert shown(planned).last_visit == NOW.date()
    with pytest.raises(Conflict):
        field.record_visit(actor=tianjin.manager, visit=visit, visited_on=NOW.date(), findings="再改", now=NOW)


CARE = {
    "on": NOW.date(), "leaders": "市总工会调研组", "recipients": "一线班组职工", "headcount": 60, "goods": "防暑用品",
    "amount": Decimal(12000), "source": "union", "approval_number": "津工经批〔2026〕1号",
}  # fmt: skip


@pytest.mark.row(81)
def test_money_of_the_union_needs_approval_and_evidence(tianjin, planned):
    with pytest.raises(Invalid) as error:
        field.enter_care(
            actor=tianjin.manager, project=planned, facts=CARE | {"approval_number": " "}, files=[make.pdf()], now=NOW
        )
    assert "approval_number" in error.value.fields
    with pytest.raises(Invalid) as error:
        field.enter_care(actor=tianjin.manager, project=planned, facts=CARE, now=NOW)
    assert "files" in error.value.fields
    care = field.enter_care(actor=tianjin.manager, project=planned, facts=CARE, files=[make.pdf()], now=NOW)
    assert care.files.count() == 1
    assert AuditEvent.objects.filter(action="competitions.care.entered").count() == 1


@pytest.mark.row(82)
def test_closing_needs_settled_tickets_and_archive_is_read_only(tianjin, planned):
    ticket = make.make_ticket(tianjin, planned, now=NOW)
    ending = {"project": planned, "finished_on": NOW.date(), "summary": "总结", "experience": "做法", "now": NOW}
    with pytest.raises(Invalid, match="问题单"):
        register.close_project(actor=tianjin.district_checker, **ending)
    with pytest.raises(Refused, match="收尾"):
        register.archive_project(actor=tianjin.district_checker, project=planned, now=NOW)
    solve_ticket(actor=tianjin.filer, ticket=ticket, solution="已整改", files=[make.pdf()], now=NOW)
    close_ticket(actor=tianjin.district_checker, ticket=ticket, now=NOW)
    register.close_project(actor=tianjin.district_checker, files=[make.pdf()], **ending)
    assert shown(planned).light == "done"
    with pytest.raises(Refused, match="收尾"):
        make.make_ticket(tianjin, planned, now=NOW)
    register.archive_project(actor=tianjin.district_checker, project=planned, now=NOW)
    for act in (
        lambda: register.change_project(
            actor=tianjin.district_checker, project=planned, reporter=None, facts=make.FACTS, now=NOW
        ),
        lambda: field.enter_care(actor=tianjin.manager, project=planned, facts=CARE, now=NOW),
        lambda: make.report(Period.objects.filter(project=planned)[0], tianjin.filer, percent=9, now=NOW),
    ):
        with pytest.raises(Refused, match="归档"):
            act()


def test_every_act_leaves_its_trace(tianjin, planned):
    make.reported(tianjin, planned, 0, percent=12, now=NOW)
    progress.add_milestone(
        actor=tianjin.filer, project=planned, title="主体封顶", planned_on=dt.date(2026, 6, 1), now=NOW
    )
    progress.finish_milestone(actor=tianjin.filer, milestone=planned.milestones.get(), done_on=NOW.date(), now=NOW)
    actions = set(AuditEvent.objects.filter(action__startswith="competitions.").values_list("action", flat=True))
    assert actions == {
        "competitions.project.registered", "competitions.plan.filed", "competitions.period.reported",
        "competitions.period.accepted", "competitions.milestone.added", "competitions.milestone.done",
    }  # fmt: skip


def test_project_of_a_unit_in_another_tree_is_never_seen(tianjin, planned, in_scope):
    other = Tree("北京市")
    with in_scope(other.manager):
        assert not KeyProject.objects.exists()
