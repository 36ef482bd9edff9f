"""A filing from draft to archive: who may do what, what is refused, what others see of it, two hands at once."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from competitions.filings.domain import catalogue, cohosts, filing, reports, review
from competitions.filings.domain.content import content_of
from competitions.filings.models import (
    Amendment,
    BudgetLine,
    CatalogueItem,
    CoHost,
    CompetitionFiling,
    FilingReport,
    FilingStep,
    SpotCheck,
)
from portal.accounts.enums import OrganisationKind, Role
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, DomainError, Invalid, Refused
from portal.core.scoping import system_scope
from tests.factories import filings as make
from tests.factories.people import make_actor, make_organisation

NOW = dt.datetime(2026, 2, 2, 2, tzinfo=dt.UTC)
MAY = dt.datetime(2026, 5, 6, 2, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_rows")]


def actions(row):
    return list(AuditEvent.objects.filter(object_id=row.pk, object_type="competitions.competitionfiling").order_by("pk").values_list("action", flat=True))  # fmt: skip


@pytest.mark.row(3)
@pytest.mark.row(23)
def test_catalogue_is_loaded_once_and_grows(tianjin):
    make.make_catalogue(tianjin, now=NOW)
    count = CatalogueItem.objects.filter(owner=tianjin.municipal).count()
    data = catalogue.read_definition()
    assert catalogue.load_catalogue(actor=tianjin.manager, owner=tianjin.municipal, data=data, now=NOW) == 0
    facts = {"name": "直播技能大比拼", "note": "", "is_new_form": True, "first_year": 2026, "last_year": None}
    added = catalogue.add_item(actor=tianjin.manager, owner=tianjin.municipal, group="kind", facts=facts, now=NOW)
    assert CatalogueItem.objects.filter(owner=tianjin.municipal).count() == count + 1
    with pytest.raises(Invalid, match="已经在目录里"):
        catalogue.add_item(actor=tianjin.manager, owner=tianjin.municipal, group="kind", facts=facts, now=NOW)
    catalogue.switch_item(actor=tianjin.manager, item=added, is_active=False, now=NOW)
    with pytest.raises(Conflict):
        catalogue.switch_item(actor=tianjin.manager, item=added, is_active=False, now=NOW)
    with pytest.raises(Refused):
        catalogue.switch_item(actor=tianjin.district_manager, item=added, is_active=True, now=NOW)


def test_draft_may_be_poor_but_filing_must_be_complete(tianjin):
    empty = {"committee": [], "indicators": [], "budget": [], "phases": []}
    row = make.make_filing(
        tianjin, now=NOW, lists=empty, scheme="", starts_on=None, ends_on=None, expected_people=0, contact=""
    )
    with pytest.raises(Invalid) as error:
        filing.file_filing(actor=tianjin.filer, filing=row, now=NOW)
    assert set(error.value.fields) == {
        "starts_on", "ends_on", "expected_people", "scheme", "contact", "committee", "indicators", "phases",
    }  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.number, row.filed_path) == ("draft", "", "")


@pytest.mark.row(69)
@pytest.mark.row(171)
def test_filing_goes_to_the_level_above_and_comes_back_once(tianjin):
    row = make.filed(tianjin, now=NOW)
    assert (row.state, row.reviewer, row.number) == ("filed", tianjin.zone, "JS2026-00001")
    with pytest.raises(Refused):  # not by the unit itself, nor by one level too high
        review.accept_filing(actor=tianjin.unit_checker, filing=row, now=NOW)
    with pytest.raises(Refused):
        review.accept_filing(actor=tianjin.district_checker, filing=row, now=NOW)
    row = review.return_filing(actor=tianjin.zone_checker, filing=row, reason="请补充指标。", days=3, now=NOW)
    assert row.state == "returned"
    assert row.correct_by.date() == dt.date(2026, 2, 5)
    with pytest.raises(Refused):
        review.accept_filing(actor=tianjin.zone_checker, filing=row, now=NOW)
    row = filing.file_filing(actor=tianjin.filer, filing=row, now=NOW)
    assert row.number == "JS2026-00001"
    row = review.accept_filing(actor=tianjin.zone_checker, filing=row, opinion="同意", now=NOW)
    assert row.is_open
    assert [s.after for s in FilingStep.objects.filter(filing=row)] == [
        "draft",
        "filed",
        "returned",
        "filed",
        "accepted",
    ]
    assert actions(row) == [f"competitions.filing.{n}" for n in ("created", "file", "return", "file", "accept")]


def test_federation_adopts_its_own_into_the_plan(tianjin):
    row = make.make_filing(tianjin, now=NOW, actor=tianjin.manager, owner=tianjin.municipal)
    row = filing.file_filing(actor=tianjin.manager, filing=row, now=NOW)
    assert row.state == "accepted"
    assert row.in_city_plan_at == NOW
    assert row.reviewer is None


@pytest.mark.row(171)
def test_only_the_federation_takes_into_the_city_plan(tianjin, hebei):
    row = make.accepted(tianjin, now=NOW)
    for actor in (tianjin.zone_checker, tianjin.district_manager, hebei.manager):
        with pytest.raises(Refused):
            review.plan_filing(actor=actor, filing=row, is_planned=True, now=NOW)
    row = review.plan_filing(actor=tianjin.checker, filing=row, is_planned=True, now=NOW)
    assert row.in_city_plan_at == NOW
    with pytest.raises(Conflict):
        review.plan_filing(actor=tianjin.checker, filing=row, is_planned=True, now=NOW)
    assert review.plan_filing(actor=tianjin.manager, filing=row, is_planned=False, now=NOW).in_city_plan_at is None


def test_departments_and_teams_do_not_file(tianjin):
    make.make_catalogue(tianjin, now=NOW)
    department = make_organisation(OrganisationKind.DEPARTMENT, "市人社局", tianjin.municipal)
    team = make_organisation(OrganisationKind.TEAM, "一班", tianjin.unit)
    for owner, role in ((department, Role.MANAGER), (team, Role.FILER)):
        with pytest.raises(Refused, match="不单独备案"):
            make.make_filing(tianjin, now=NOW, actor=make_actor(owner, role), owner=owner)


def test_same_title_twice_in_a_year_is_refused(tianjin):
    make.make_filing(tianjin, now=NOW)
    with pytest.raises(Invalid, match="同名"):
        make.make_filing(tianjin, now=NOW)
    other = make.make_filing(tianjin, now=NOW, title="另一项竞赛")
    changed = replace(content_of(other), facts=content_of(other).facts | {"title": make.PLAIN["title"]})
    with pytest.raises(Invalid, match="同名"):
        filing.save_filing(actor=tianjin.filer, filing=other, content=changed, revision=other.revision, now=NOW)


def test_stale_form_is_refused(tianjin):
    row = make.make_filing(tianjin, now=NOW)
    first = make.content(tianjin, topic="第一位的修改")
    filing.save_filing(actor=tianjin.filer, filing=row, content=first, revision=1, now=NOW)
    with pytest.raises(Conflict, match="他人修改"):
        filing.save_filing(actor=tianjin.unit_checker, filing=row, content=first, revision=1, now=NOW)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_on": dt.date(2026, 2, 1)}, "ends_on"),
        ({"year": 2025}, "starts_on"),
        ({"starts_on": dt.date(2026, 4, 1)}, "phases"),
        ({"committee_until": dt.date(2025, 1, 1)}, "committee_until"),
    ],
)
def test_dates_that_do_not_fit_are_refused_beside_the_field(tianjin, change, field):
    with pytest.raises(Invalid) as error:
        make.make_filing(tianjin, now=NOW, **change)
    assert field in error.value.fields


def test_amendment_is_kept_in_words_and_noted_above(tianjin):
    row = make.accepted(tianjin, now=NOW)
    changed = make.content(tianjin, expected_people=420)
    with pytest.raises(Invalid, match="原因"):
        filing.amend_filing(actor=tianjin.filer, filing=row, content=changed, reason=" ", revision=1, now=MAY)
    same = content_of(row)
    with pytest.raises(Invalid, match="没有任何变化"):
        filing.amend_filing(
            actor=tianjin.filer, filing=row, content=same, reason="扩大", revision=row.revision, now=MAY
        )
    change = filing.amend_filing(
        actor=tianjin.filer, filing=row, content=changed, reason="扩大参赛面", revision=row.revision, now=MAY
    )
    assert change.changes == [["预计参赛职工", "300", "420"]]
    with pytest.raises(Refused):
        review.note_amendment(actor=tianjin.district_checker, amendment=change, now=MAY)
    review.note_amendment(actor=tianjin.zone_checker, amendment=change, now=MAY)
    assert Amendment.objects.get().noted_at == MAY
    row.refresh_from_db()
    assert (row.state, row.expected_people) == ("accepted", 420)


def test_amended_phases_move_their_reports_but_sent_ones_stay(tianjin):
    row = make.running(tianjin, now=MAY)
    first = FilingReport.objects.get(filing=row, phase__title="动员")
    reports.report(
        actor=tianjin.filer, report=first, figures={"people": 10, "times": 12}, words={"words": "已动员"}, now=MAY
    )
    phases = [dict(p) for p in make.LISTS["phases"]]
    phases[1]["ends_on"] = dt.date(2026, 9, 15)
    phases[2]["starts_on"] = dt.date(2026, 9, 16)
    new = make.content(tianjin, {"phases": phases})
    filing.amend_filing(actor=tianjin.filer, filing=row, content=new, reason="顺延", revision=1, now=MAY)
    kept = {r.title: r for r in FilingReport.objects.filter(filing=row)}
    assert kept["“动员”阶段报告"].state == "submitted"
    assert kept["“初赛”阶段报告"].covers_until == dt.date(2026, 9, 15)
    row.refresh_from_db()
    fewer = make.content(tianjin, {"phases": []})
    with pytest.raises(DomainError):
        filing.amend_filing(actor=tianjin.filer, filing=row, content=fewer, reason="x", revision=row.revision, now=MAY)


@pytest.mark.row(3)
def test_next_year_copies_this_year_without_its_papers(tianjin, hebei):
    row = make.joint(tianjin, hebei.municipal, now=NOW, sight=("reports",))
    cohosts.confirm_cohost(actor=hebei.manager, cohost=row.cohosts.get(), now=NOW)
    copy = filing.copy_filing(actor=tianjin.manager, filing=row, now=MAY)
    assert (copy.year, copy.state, copy.starts_on, copy.basis_number) == (2027, "draft", dt.date(2027, 3, 1), "")
    assert copy.copied_from == row
    assert content_of(copy).lists["committee"] == content_of(row).lists["committee"]
    assert content_of(copy).lists["phases"][0]["ends_on"] == dt.date(2027, 3, 31)
    assert copy.cohosts.get().confirmed_at is None
    assert copy.seen_by == []
    with pytest.raises(Conflict, match="不用再复制"):
        filing.copy_filing(actor=tianjin.manager, filing=row, now=MAY)


def test_withdrawn_is_the_end_and_frees_the_title(tianjin):
    row = make.filed(tianjin, now=NOW)
    row = filing.withdraw_filing(actor=tianjin.filer, filing=row, reason="与集团竞赛合并", now=NOW)
    assert row.state == "withdrawn"
    for act in (filing.file_filing, review.start_filing):
        with pytest.raises(Refused):
            act(actor=tianjin.filer, filing=row, now=NOW)
    assert make.make_filing(tianjin, now=NOW).state == "draft"


@pytest.mark.row(50)
@pytest.mark.row(70)
def test_other_root_sees_what_the_host_grants_and_nothing_else(tianjin, hebei, in_scope):
    strange = make.accepted(tianjin, now=NOW)
    row = make.joint(tianjin, hebei.municipal, now=NOW)
    with in_scope(hebei.manager):
        assert list(CompetitionFiling.objects.all()) == [row]
        assert not BudgetLine.objects.exists()
        assert not FilingReport.objects.exists()
        assert CoHost.objects.count() == 1
    for actor in (hebei.district_checker, hebei.filer):  # what Hebei agreed to is not shown further down
        with in_scope(actor):
            assert not CompetitionFiling.objects.exists()
    cohosts.change_cohost(
        actor=tianjin.manager, cohost=row.cohosts.get(), duty="承办", sight=("budget", "reports"), now=NOW
    )
    with in_scope(hebei.manager):
        assert BudgetLine.objects.count() == 2
        assert FilingReport.objects.exists()
        assert not SpotCheck.objects.exists()
        cohosts.confirm_cohost(actor=hebei.manager, cohost=CoHost.objects.get(), now=NOW)
        with pytest.raises(Refused):
            filing.withdraw_filing(actor=hebei.manager, filing=row, reason="不同意", now=NOW)
        with pytest.raises(CompetitionFiling.DoesNotExist):
            filing.withdraw_filing(actor=hebei.manager, filing=strange, reason="不同意", now=NOW)
    cohosts.end_cohost(actor=tianjin.manager, cohost=row.cohosts.get(), now=NOW)
    with in_scope(hebei.manager):
        assert not CompetitionFiling.objects.exists()


@pytest.mark.row(100)
def test_department_of_the_own_tree_is_a_guest(tianjin, in_scope):
    department = make_organisation(OrganisationKind.DEPARTMENT, "市人社局", tianjin.municipal)
    person = make_actor(department, Role.MANAGER)
    row = make.joint(tianjin, department, now=NOW, sight=("budget",))
    make.accepted(tianjin, now=NOW)
    with in_scope(person):
        assert list(CompetitionFiling.objects.all()) == [row]
        assert BudgetLine.objects.count() == 2
        assert not FilingReport.objects.exists()


def test_drafts_are_seen_by_nobody_above(tianjin, in_scope):
    make.make_filing(tianjin, now=NOW)
    for actor in (tianjin.zone_checker, tianjin.district_manager, tianjin.manager):
        with in_scope(actor):
            assert not CompetitionFiling.objects.exists()
    with in_scope(tianjin.unit_checker):
        assert CompetitionFiling.objects.count() == 1
    with in_scope(tianjin.group_filer):
        assert not CompetitionFiling.objects.exists()


def test_not_started_before_its_first_day_and_archived_after_its_summary(tianjin):
    row = make.accepted(tianjin, now=NOW)
    with pytest.raises(Invalid, match="还不能启动"):
        review.start_filing(actor=tianjin.filer, filing=row, now=NOW)
    row = review.start_filing(actor=tianjin.filer, filing=row, now=MAY)
    with pytest.raises(Refused):
        review.archive_filing(actor=tianjin.filer, filing=row, now=MAY)
    after = dt.datetime(2026, 11, 3, 2, tzinfo=dt.UTC)
    summary = FilingReport.objects.get(filing=row, kind="summary")
    with pytest.raises(Invalid) as error:
        reports.report(
            actor=tianjin.filer, report=summary, figures={"people": 9, "times": 3}, words={"words": "x"}, now=after
        )
    assert "times" in error.value.fields
    assert sum(name.startswith("actual_") for name in error.value.fields) == 2
    actuals = {i.pk: Decimal(70) for i in row.indicators.all()}
    spent = {b.pk: b.amount for b in row.budget.all()}
    summary = reports.report(
        actor=tianjin.filer, report=summary, figures={"people": 9, "times": 30}, words={"words": "全部完成。"},
        actuals=actuals, spent=spent, now=after,
    )  # fmt: skip
    reports.accept_report(actor=tianjin.zone_checker, report=summary, now=after)
    row.refresh_from_db()
    assert row.state == "summarised"
    row = review.archive_filing(actor=tianjin.filer, filing=row, now=after)
    assert row.state == "archived"
    assert row.indicators.first().actual == 70


def test_report_that_is_late_comes_back_and_is_accepted(tianjin):
    row = make.running(tianjin, now=MAY)
    report = FilingReport.objects.get(filing=row, phase__title="动员")
    with pytest.raises(Refused):
        reports.report(actor=tianjin.zone_checker, report=report, figures={}, words={"words": "x"}, now=MAY)
    report = reports.report(
        actor=tianjin.filer, report=report, figures={"people": 1, "times": 1}, words={"words": "已动员"}, now=MAY
    )
    report = reports.return_report(actor=tianjin.zone_checker, report=report, reason="请写明人数", days=2, now=MAY)
    assert report.state == "returned"
    report = reports.report(
        actor=tianjin.filer, report=report, figures={"people": 5, "times": 5}, words={"words": "已动员"}, now=MAY
    )
    assert reports.accept_report(actor=tianjin.zone_checker, report=report, now=MAY).people == 5
    with pytest.raises(Refused):
        reports.accept_report(actor=tianjin.zone_checker, report=report, now=MAY)


def test_commendations_are_handed_on_once(tianjin):
    row = make.running(tianjin, now=MAY)
    line = {
        "subject": "collective",
        "name": "装配一班",
        "unit": "示例单位",
        "honour": "工人先锋号",
        "deeds": "夺得第一",
    }
    with pytest.raises(Invalid, match="先登记"):
        reports.hand_commendations(actor=tianjin.filer, filing=row, now=MAY)
    with pytest.raises(Invalid, match="只能建议一次"):
        reports.save_commendations(actor=tianjin.filer, filing=row, rows=[line, line], now=MAY)
    reports.save_commendations(actor=tianjin.filer, filing=row, rows=[line], now=MAY)
    assert reports.hand_commendations(actor=tianjin.filer, filing=row, now=MAY) == 1
    with pytest.raises(Conflict):
        reports.save_commendations(actor=tianjin.filer, filing=row, rows=[], now=MAY)
    with pytest.raises(Conflict):
        reports.hand_commendations(actor=tianjin.filer, filing=row, now=MAY)


def race(*acts):
    """Outcomes of acts that begin at the same moment, each in its own connection."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            with system_scope("race"):
                gate.wait(5)
                act()
            return "done"
        except DomainError as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_accepting_and_returning_at_once_lets_one_win(tianjin):
    row = make.filed(tianjin, now=NOW)
    outcomes = race(
        lambda: review.accept_filing(actor=tianjin.zone_checker, filing=row, now=NOW),
        lambda: review.return_filing(actor=tianjin.zone_checker, filing=row, reason="不全", days=3, now=NOW),
    )
    assert outcomes.count("done") == 1
    row.refresh_from_db()
    assert FilingStep.objects.filter(filing=row, before="filed").count() == 1
    assert row.state == FilingStep.objects.get(filing=row, before="filed").after


@pytest.mark.django_db(transaction=True)
def test_two_unions_filing_at_once_get_two_numbers(tianjin):
    one = make.make_filing(tianjin, now=NOW)
    other = make.make_filing(tianjin, now=NOW, actor=tianjin.group_filer, owner=tianjin.group_unit)
    assert race(
        lambda: filing.file_filing(actor=tianjin.filer, filing=one, now=NOW),
        lambda: filing.file_filing(actor=tianjin.group_filer, filing=other, now=NOW),
    ) == ["done", "done"]
    assert set(CompetitionFiling.objects.values_list("number", flat=True)) == {"JS2026-00001", "JS2026-00002"}
