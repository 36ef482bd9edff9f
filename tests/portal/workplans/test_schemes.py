"""From the plan's file to the accepted scheme and its reports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command

from portal.accounts.models import Organisation
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.workplans.domain.files import add_file, remove_file
from portal.workplans.domain.plans import load_plan, open_year, read_plan
from portal.workplans.domain.reports import file_report
from portal.workplans.domain.schemes import (
    LineDraft,
    accept_scheme,
    assign_targets,
    return_scheme,
    revise_scheme,
    save_scheme,
    submit_scheme,
)
from portal.workplans.enums import SchemeStatus
from portal.workplans.models import Plan, PlanTask, ProgressReport, Scheme, SchemeFile, SchemeLine, SchemeVersion
from tests.factories.people import make_organisation
from tests.factories.workplans import fill, make_accepted, make_plan, make_submitted, make_year, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.row(196)]
NOW = dt.datetime(2026, 1, 12, 2, tzinfo=dt.UTC)  # a Monday, 10:00 in Shanghai


def scheme_of(year, actor):
    return Scheme.objects.get(year=year, organisation__path=actor.path)


@pytest.mark.usefixtures("all_rows")
def test_plan_file_holds_the_whole_plan_with_its_sources(tianjin):
    plan = make_plan(tianjin, now=NOW)
    tasks = list(PlanTask.objects.filter(plan=plan))
    assert len(tasks) == 31
    assert "细化实施方案" in plan.mandate
    assert all(t.text and t.source_lines and t.lead and t.measure and t.unit for t in tasks)
    # Only figures that the plan itself names.
    assert {t.code: int(t.city_target) for t in tasks if t.city_target} == {"3-2": 10, "3-3": 100, "5-2": 60}


@pytest.mark.usefixtures("all_rows")
def test_loading_twice_changes_nothing_and_keeps_tasks_in_use(tianjin):
    year = make_year(tianjin, now=NOW)
    data = read_plan()
    before = list(PlanTask.objects.values_list("pk", flat=True))
    _plan, is_new = load_plan(actor=tianjin.manager, owner=tianjin.municipal, data=data, now=NOW)
    assert not is_new
    assert list(PlanTask.objects.values_list("pk", flat=True)) == before
    data["chapters"] = data["chapters"][:1]
    load_plan(actor=tianjin.manager, owner=tianjin.municipal, data=data, now=NOW)
    assert PlanTask.objects.filter(plan=year.plan).count() == 31  # schemes speak of them


def test_command_loads_the_plan_of_the_only_federation(tianjin, capsys):
    call_command("workplans", "load", "--until", "2026")
    assert "31项任务" in capsys.readouterr().out
    with system_scope("test"):
        assert Plan.objects.get().last_year == 2026


@pytest.mark.usefixtures("all_rows")
def test_opening_a_year_gives_every_second_level_union_its_scheme(tianjin, hebei):
    closed = make_organisation("district", "停用区总工会", tianjin.municipal, is_active=False)
    year = make_year(tianjin, now=NOW)
    owners = set(Scheme.objects.filter(year=year).values_list("organisation_id", flat=True))
    assert owners == {tianjin.district.pk, tianjin.group.pk}
    assert closed.pk not in owners
    assert hebei.district.pk not in owners
    assert SchemeLine.objects.filter(scheme__year=year).count() == 2 * 31
    # The twentieth working day after 12 January 2026, 17:00: the Spring Festival does not count.
    assert year.scheme_due_at == dt.datetime(2026, 2, 9, 9, tzinfo=dt.UTC)


@pytest.mark.usefixtures("all_rows")
def test_year_is_opened_once_and_within_the_plan(tianjin):
    year = make_year(tianjin, now=NOW)
    with pytest.raises(Conflict):
        open_year(actor=tianjin.manager, plan=year.plan, year=2026, now=NOW)
    with pytest.raises(Invalid):
        open_year(actor=tianjin.manager, plan=year.plan, year=2031, now=NOW)
    with pytest.raises(Refused):
        open_year(actor=tianjin.district_manager, plan=year.plan, year=2025, now=NOW)


@pytest.mark.usefixtures("all_rows")
def test_incomplete_scheme_is_saved_but_not_sent(tianjin):
    scheme = scheme_of(make_year(tianjin, now=NOW), tianjin.district_checker)
    save_scheme(actor=tianjin.district_checker, scheme=scheme, text="短", lines={}, now=NOW)
    with pytest.raises(Invalid, match=r"不少于50字.*还没有填写工作举措.*盖章"):
        submit_scheme(actor=tianjin.district_checker, scheme=scheme, now=NOW)


@pytest.mark.row(197)
@pytest.mark.usefixtures("all_rows")
def test_target_may_not_fall_short_of_what_was_assigned(tianjin):
    scheme = scheme_of(make_year(tianjin, now=NOW), tianjin.district_checker)
    line = SchemeLine.objects.filter(scheme=scheme).first()
    assign_targets(actor=tianjin.manager, scheme=scheme, targets={line.pk: Decimal(50)}, now=NOW)
    fill(scheme, tianjin.district_checker, now=NOW, target=Decimal(40))
    with pytest.raises(Invalid, match="不得低于下达指标50"):
        submit_scheme(actor=tianjin.district_checker, scheme=scheme, now=NOW)
    save_scheme(
        actor=tianjin.district_checker, scheme=scheme, text=Scheme.objects.get(pk=scheme.pk).text,
        lines={line.pk: LineDraft(Decimal(50), "推进")}, now=NOW,
    )  # fmt: skip
    assert submit_scheme(actor=tianjin.district_checker, scheme=scheme, now=NOW).number == 1


@pytest.mark.usefixtures("all_rows")
def test_sent_scheme_is_frozen_returned_with_a_reason_and_sent_again(tianjin):
    year = make_year(tianjin, now=NOW)
    scheme = make_submitted(year, tianjin.district_checker, now=NOW)
    assert scheme.decide_by == dt.datetime(2026, 1, 26, 9, tzinfo=dt.UTC)  # ten working days
    with pytest.raises(Refused):
        save_scheme(actor=tianjin.district_checker, scheme=scheme, text="改", lines={}, now=NOW)
    with pytest.raises(Invalid):
        return_scheme(actor=tianjin.checker, scheme=scheme, reason=" ", days=5, now=NOW)
    scheme = return_scheme(actor=tianjin.checker, scheme=scheme, reason="请补充非公企业举措。", days=5, now=NOW)
    assert scheme.due_at == dt.datetime(2026, 1, 19, 9, tzinfo=dt.UTC)
    submit_scheme(actor=tianjin.district_checker, scheme=scheme, now=NOW)
    second, first = SchemeVersion.objects.filter(scheme=scheme)
    assert (first.outcome, first.opinion) == (SchemeStatus.RETURNED, "请补充非公企业举措。")
    assert second.outcome == SchemeStatus.SUBMITTED
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"workplans.scheme.submitted", "workplans.scheme.returned", "workplans.file.added"} <= actions


@pytest.mark.usefixtures("all_rows")
def test_acceptance_publishes_the_version_and_makes_four_quarters_due(tianjin):
    year = make_year(tianjin, now=NOW)
    scheme = make_accepted(year, tianjin.district_checker, tianjin.checker, now=NOW)
    assert SchemeVersion.objects.get(scheme=scheme).published_for == tianjin.district
    reports = ProgressReport.objects.filter(line__scheme=scheme)
    assert reports.count() == 31 * 4
    first = reports.filter(quarter=1).first()
    assert first.due_at == dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)  # ten working days, without Qingming


@pytest.mark.usefixtures("all_rows")
def test_quarters_over_before_the_scheme_was_accepted_are_due_from_then_on(tianjin):
    late = dt.datetime(2026, 8, 3, 2, tzinfo=dt.UTC)
    scheme = make_accepted(make_year(tianjin, now=NOW), tianjin.district_checker, tianjin.checker, now=late)
    first = ProgressReport.objects.filter(line__scheme=scheme, quarter=1).first()
    assert first.due_at == dt.datetime(2026, 8, 17, 9, tzinfo=dt.UTC)


@pytest.mark.usefixtures("all_rows")
def test_revision_keeps_the_published_version_until_the_next_is_accepted(tianjin):
    scheme = make_accepted(make_year(tianjin, now=NOW), tianjin.district_checker, tianjin.checker, now=NOW)
    revise_scheme(actor=tianjin.district_checker, scheme=scheme, now=NOW)
    assert SchemeVersion.objects.exclude(published_for=None).get().number == 1
    submit_scheme(actor=tianjin.district_checker, scheme=scheme, now=NOW)
    accept_scheme(actor=tianjin.checker, scheme=scheme, now=NOW)
    assert SchemeVersion.objects.exclude(published_for=None).get().number == 2
    assert ProgressReport.objects.filter(line__scheme=scheme).count() == 31 * 4


@pytest.mark.usefixtures("all_rows")
def test_report_needs_value_and_words_and_corrections_are_audited(tianjin):
    scheme = make_accepted(make_year(tianjin, now=NOW), tianjin.district_checker, tianjin.checker, now=NOW)
    report = ProgressReport.objects.filter(line__scheme=scheme, quarter=1).first()
    common = {"actor": tianjin.district_checker, "report": report, "now": NOW}
    with pytest.raises(Invalid):
        file_report(value=None, words="已开展。", **common)
    with pytest.raises(Invalid):
        file_report(value=Decimal(3), words=" ", **common)
    file_report(value=Decimal(3), words="已开展三场。", evidence=pdf("佐证.pdf", "a"), **common)
    file_report(value=Decimal(4), words="更正为四场。", **common)
    assert SchemeFile.objects.get(report=report).name == "佐证.pdf"
    event = AuditEvent.objects.filter(action="workplans.report.filed").order_by("-pk").first()
    assert (event.before["value"], event.after["value"]) == ("3.00", "4")
    fourth = ProgressReport.objects.filter(line__scheme=scheme, quarter=4).first()
    with pytest.raises(Invalid, match="还没有开始"):
        file_report(actor=tianjin.district_checker, report=fourth, value=Decimal(1), words="早", now=NOW)


@pytest.mark.usefixtures("all_rows")
def test_others_may_neither_edit_nor_decide(tianjin, hebei):
    scheme = scheme_of(make_year(tianjin, now=NOW), tianjin.district_checker)
    for actor in (tianjin.group_checker, tianjin.zone_checker, tianjin.manager, hebei.district_checker):
        with pytest.raises(Refused):
            save_scheme(actor=actor, scheme=scheme, text="越权", lines={}, now=NOW)
    fill(scheme, tianjin.district_checker, now=NOW)
    submit_scheme(actor=tianjin.district_checker, scheme=scheme, now=NOW)
    for actor in (tianjin.district_checker, tianjin.supervisor, hebei.checker):
        with pytest.raises(Refused):
            accept_scheme(actor=actor, scheme=scheme, now=NOW)


@pytest.mark.usefixtures("all_rows")
def test_files_are_checked_by_content_and_not_twice(tianjin):
    scheme = scheme_of(make_year(tianjin, now=NOW), tianjin.district_checker)
    common = {"actor": tianjin.district_checker, "scheme": scheme, "now": NOW}
    fake = pdf("假.docx")
    with pytest.raises(Invalid):
        add_file(upload=fake, **common)
    stored = add_file(upload=pdf(), **common)
    with pytest.raises(Conflict):
        add_file(upload=pdf(), **common)
    remove_file(actor=tianjin.district_checker, file=stored, now=NOW)
    assert SchemeFile.objects.get(pk=stored.pk).removed_at == NOW


def test_unions_see_their_own_schemes_and_units_only_what_is_published(tianjin, hebei, in_scope):
    with system_scope("test"):
        year = make_year(tianjin, now=NOW)
        make_accepted(year, tianjin.district_checker, tianjin.checker, now=NOW)
        make_submitted(year, tianjin.group_checker, now=NOW)
    expected = {
        tianjin.manager: (2, 2),
        tianjin.district_checker: (1, 1),
        tianjin.group_checker: (1, 1),
        tianjin.filer: (0, 1),  # below the district: the accepted version
        tianjin.group_filer: (0, 0),  # the group's is still being checked
        hebei.manager: (0, 0),
        hebei.district_checker: (0, 0),
    }
    for actor, counts in expected.items():
        with in_scope(actor):
            assert (Scheme.objects.count(), SchemeVersion.objects.count()) == counts, actor
            assert Plan.objects.count() == (0 if actor.path.startswith(hebei.municipal.path) else 1)
    with system_scope("test"):
        assert Organisation.objects.filter(pk=tianjin.group.pk).exists()
