"""Coverage as unions see it, reminders from the first word to the answer, snapshots that later changes do not reach."""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import suppress

import pytest
from django.db import connections
from django.urls import reverse

from competitions.filings.enums import FilingState
from competitions.nonpublic import figures, queries
from competitions.nonpublic.domain import coverage
from competitions.nonpublic.enums import Answer, Figure
from competitions.nonpublic.models import CoverageRow, CoverageSnapshot, Reminder
from competitions.rosters import counting
from competitions.rosters.enums import NewGroup, RosterKind
from portal.accounts.enums import EmergingKind, OwnershipClass, Role, SizeClass
from portal.accounts.models import Employer
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.worklist.queries import work_of
from tests.factories import rosters
from tests.factories.nonpublic import make_filing, make_unit
from tests.factories.people import make_actor

NOW = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)
YEAR = NOW.year


@pytest.fixture
def city(tianjin):
    """In the zone: two above scale (one with a contest), a small one; in the group: one above scale; an institution."""
    with system_scope("test"):
        first = make_unit(tianjin.zone, year=YEAR, name="渤海精密")
        make_filing(first.organisation, tianjin, year=YEAR)
        bare = make_unit(tianjin.zone, year=YEAR, name="海河纺织", size=SizeClass.LARGE)
        small = make_unit(tianjin.zone, year=YEAR, name="三岔口食品", above=False)
        group = make_unit(tianjin.group, year=YEAR, name="津电重工", ownership=OwnershipClass.PUBLIC)
        office = make_unit(
            tianjin.district, year=YEAR, name="东区服务中心", above=None, ownership=OwnershipClass.INSTITUTION
        )
    return {"first": first, "bare": bare, "small": small, "group": group, "office": office}


def only(city, rows):
    return rows.filter(pk__in=[e.pk for e in city.values()])


@pytest.mark.django_db
@pytest.mark.row(24, 29, 145)
def test_coverage_counts_units_of_each_group_inside_the_desk(tianjin, city, in_scope):
    with in_scope(tianjin.manager):
        found = figures.shares(only(city, queries.units(year=YEAR)))
    assert found[Figure.ABOVE_SCALE] == figures.Share(1, 3)
    assert found[Figure.ALL] == figures.Share(1, 5)
    assert found[Figure.NON_PUBLIC] == figures.Share(1, 3)
    assert found[Figure.SMALL] == figures.Share(1, 2)
    assert found[Figure.INSTITUTION] == figures.Share(0, 1)
    with in_scope(tianjin.group_checker):
        found = figures.shares(only(city, queries.units(year=YEAR)))
    assert found[Figure.ABOVE_SCALE] == figures.Share(0, 1)
    assert found[Figure.INSTITUTION].percent is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("draft", False),
        ("filed", False),
        ("returned", False),
        ("withdrawn", False),
        ("running", True),
        ("archived", True),
    ],
)
def test_coverage_counts_only_competitions_that_stand(tianjin, city, in_scope, state, counts):
    with system_scope("test"):
        make_filing(city["bare"].organisation, tianjin, year=YEAR, state=FilingState(state))
        make_filing(city["small"].organisation, tianjin, year=YEAR - 1)
    with in_scope(tianjin.manager):
        rows = queries.units(year=YEAR)
        assert bool(rows.get(pk=city["bare"].pk).held) is counts
        assert rows.get(pk=city["small"].pk).held == 0


@pytest.mark.django_db
@pytest.mark.row(144)
def test_layers_of_a_unit_are_those_of_its_competitions(tianjin, city, in_scope):
    with system_scope("test"):
        make_filing(city["first"].organisation, tianjin, year=YEAR, layer="zone")
    with in_scope(tianjin.manager):
        unit = queries.units(year=YEAR).get(pk=city["first"].pk)
    assert sorted(unit.layers) == ["enterprise", "zone"]
    assert unit.held == 2


@pytest.mark.django_db
@pytest.mark.row(29)
def test_reminder_goes_to_the_union_once_and_is_answered(tianjin, city, in_scope):
    with in_scope(tianjin.manager):
        wanted = list(only(city, queries.gap(queries.units(year=YEAR))))
        assert {e.pk for e in wanted} == {city["bare"].pk, city["group"].pk}
        made, passed = coverage.remind(
            actor=tianjin.manager, employers=[*wanted, city["first"]], year=YEAR, words="请开展竞赛。", days=5, now=NOW
        )
        assert (len(made), passed) == (2, 1)  # the one with a contest is passed over
        again, passed = coverage.remind(
            actor=tianjin.manager, employers=wanted, year=YEAR, words="请开展竞赛。", days=5, now=NOW
        )
        assert (again, passed) == ([], 2)
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="competitions.reminder.sent").count() == 2
        filer = make_actor(city["bare"].organisation, Role.FILER)
    with in_scope(filer):
        (row,) = queries.reminders()
        assert [k.source.key for k in work_of(filer, now=NOW).kinds if "reminder" in k.source.key] == [
            "reminder.answer"
        ]
        with pytest.raises(Invalid) as error:
            coverage.answer_reminder(
                actor=filer, reminder=row, answer=Answer.PLANNED, words="", planned_on=None, now=NOW
            )
        assert set(error.value.fields) == {"planned_on"}
        day = NOW.date() + dt.timedelta(days=30)
        coverage.answer_reminder(
            actor=filer, reminder=row, answer=Answer.PLANNED, words="焊工比武", planned_on=day, now=NOW
        )
        with pytest.raises(Refused):
            coverage.answer_reminder(actor=filer, reminder=row, answer=Answer.HELD, words="x", planned_on=None, now=NOW)
    with in_scope(tianjin.manager):
        assert queries.units(year=YEAR).get(pk=city["bare"].pk).answer == Answer.PLANNED


@pytest.mark.django_db
def test_remind_passes_over_what_the_desk_does_not_stand_above(tianjin, city, in_scope):
    with in_scope(tianjin.zone_checker):
        made, passed = coverage.remind(
            actor=tianjin.zone_checker,
            employers=[city["bare"], city["group"]],
            year=YEAR,
            words="请开展。",
            days=5,
            now=NOW,
        )
    assert ([r.employer_id for r in made], passed) == ([city["bare"].pk], 1)
    with in_scope(tianjin.filer), pytest.raises(Refused):
        coverage.remind(actor=tianjin.filer, employers=[city["bare"]], year=YEAR, words="请", days=5, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_desks_reminding_at_once_leave_one_reminder(tianjin, city, in_scope):
    def remind(actor):
        try:
            with suppress(Conflict, Invalid), in_scope(actor):
                coverage.remind(actor=actor, employers=[city["bare"]], year=YEAR, words="请开展。", days=5, now=NOW)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=remind, args=(a,)) for a in (tianjin.manager, tianjin.checker, tianjin.zone_checker)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with system_scope("test"):
        assert Reminder.objects.filter(employer=city["bare"]).count() == 1


@pytest.mark.django_db
@pytest.mark.row(22)
def test_snapshot_keeps_what_was_and_a_second_needs_its_reason(tianjin, city, in_scope):
    with in_scope(tianjin.manager):
        taken = coverage.take_snapshot(actor=tianjin.manager, year=YEAR, version=1, reason="", now=NOW)
        assert coverage.take_snapshot(actor=tianjin.manager, year=YEAR, version=1, reason="", now=NOW) == taken
        assert taken.units == Employer.objects.filter(organisation__is_active=True).count()
    with system_scope("test"):
        make_filing(city["bare"].organisation, tianjin, year=YEAR)
        Employer.objects.filter(pk=city["small"].pk).update(size_class=SizeClass.LARGE)
    with in_scope(tianjin.manager):
        kept = figures.shares(only_rows(city, taken))
        assert (kept[Figure.ABOVE_SCALE], kept[Figure.SMALL]) == (figures.Share(1, 3), figures.Share(1, 2))
        assert figures.shares(only(city, queries.units(year=YEAR)))[Figure.ABOVE_SCALE] == figures.Share(2, 3)
        with pytest.raises(Invalid) as error:
            coverage.request_snapshot(actor=tianjin.manager, year=YEAR, reason=" ", now=NOW)
        assert set(error.value.fields) == {"reason"}
    with in_scope(tianjin.group_checker):  # the part of one's own tree, and not that of others
        assert CoverageSnapshot.objects.get() == taken
        mine = set(CoverageRow.objects.values_list("employer_id", flat=True))
        assert city["group"].pk in mine
        assert city["bare"].pk not in mine


def only_rows(city, snapshot):
    return queries.snapshot_rows(snapshot).filter(employer__in=[e.pk for e in city.values()])


@pytest.mark.django_db
def test_snapshot_is_taken_by_the_federation_alone(tianjin, city, in_scope):
    with in_scope(tianjin.district_manager), pytest.raises(Refused):
        coverage.request_snapshot(actor=tianjin.district_manager, year=YEAR, reason="", now=NOW)


@pytest.mark.django_db
@pytest.mark.row(20)
def test_coverage_page_prints_definitions_and_leads_to_the_units(tianjin, city, desk_client):
    text = desk_client(tianjin.manager).get(reverse("competitions:coverage.home"), {"year": YEAR}).content.decode()
    assert "分母：最近一个已确认年度为规模以上" in text
    assert f"{reverse('competitions:coverage.units')}?year={YEAR}&amp;figure=above_scale" in text
    assert desk_client(tianjin.filer).get(reverse("competitions:coverage.home")).status_code == 403


@pytest.mark.django_db
@pytest.mark.row(25, 147)
def test_coverage_page_counts_the_eight_groups_beside_the_units(tianjin, desk_client, in_scope):
    with system_scope("test"):
        host = rosters.make_filing(tianjin.district)
        drivers = rosters.make_roster(tianjin.zone_checker, host, kind=RosterKind.GROUP, title="开发区货车司机")
        again = rosters.make_roster(
            tianjin.zone_checker,
            rosters.make_filing(tianjin.district, "安全行车"),
            kind=RosterKind.GROUP,
            title="货车队",
        )
        truck, ride = NewGroup.TRUCK, NewGroup.RIDE
        for found in (drivers, again):  # one person in two competitions
            rosters.enter(tianjin.zone_checker, found, rosters.person(1), agreed=True, group=truck)
        rosters.enter(tianjin.zone_checker, drivers, rosters.person(2), group=truck)  # has not agreed yet
        rosters.enter(tianjin.zone_checker, drivers, rosters.person(3), agreed=True, group=ride)  # not of the eight
    with in_scope(tianjin.manager):
        lines = {line.key: line for line in counting.group_lines(tianjin.manager.path, YEAR)}
    assert list(lines) == ["eight", *NewGroup.values]
    for key in ("eight", truck):
        assert (lines[key].lists, lines[key].persons, lines[key].times, lines[key].pending) == (2, 1, 2, 1)
    assert (lines[ride].lists, lines[ride].persons) == (1, 1)
    assert (lines[NewGroup.COURIER].lists, lines[NewGroup.COURIER].persons) == (0, 0)
    with in_scope(tianjin.group_checker):  # not of one's own tree
        assert not any(line.times for line in counting.group_lines(tianjin.group_checker.path, YEAR))
    page = desk_client(tianjin.manager).get(reverse("competitions:coverage.home"), {"year": YEAR})
    assert [line.key for line in page.context["groups"].rows] == list(lines)
    text = page.content.decode()
    assert all(str(label) in text for label in ("八大群体合计", *NewGroup.labels))


@pytest.mark.django_db
@pytest.mark.row(25, 147)
def test_coverage_counts_the_declared_kinds_and_lists_their_units(tianjin, city, desk_client, in_scope):
    kinds = {"first": EmergingKind.ECONOMY, "bare": EmergingKind.SOCIETY, "small": EmergingKind.EIGHT}
    with system_scope("test"):
        for key, kind in kinds.items():
            Employer.objects.filter(pk=city[key].pk).update(emerging_kind=kind)
    with in_scope(tianjin.manager):
        found = figures.emerging_shares(queries.units(year=YEAR))
    assert list(found) == ["three_new", *EmergingKind.values]
    assert found["three_new"] == figures.Share(1, 2)  # the first has filed, the second has not
    assert found[EmergingKind.EIGHT] == figures.Share(0, 1)
    assert found[EmergingKind.EMPLOYMENT] == figures.Share(0, 0)
    client = desk_client(tianjin.manager)
    page = client.get(reverse("competitions:coverage.home"), {"year": YEAR})
    assert [line.share.total for line in page.context["emerging"].rows] == [2, 1, 1, 0, 1]
    units = reverse("competitions:coverage.units")
    assert f"{units}?year={YEAR}&amp;emerging=three_new" in page.content.decode()
    listed = client.get(units, {"year": YEAR, "emerging": "three_new"}).content.decode()
    assert "渤海精密" in listed
    assert "三岔口食品" not in listed
    with in_scope(tianjin.group_checker):
        assert figures.emerging_shares(queries.units(year=YEAR))["three_new"] == figures.Share(0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("more", [1, 3])
def test_coverage_pages_cost_the_same_with_more_units(tianjin, desk_client, django_assert_max_num_queries, more):
    with system_scope("test"):
        for n in range(more):
            make_unit(tianjin.zone, year=dt.date.today().year, name=f"单位{n}")  # noqa: DTZ011 -- the page asks the clock
    client = desk_client(tianjin.manager)
    for name, most in (("coverage.home", 16), ("coverage.units", 14)):
        client.get(reverse(f"competitions:{name}"))
        with django_assert_max_num_queries(most):
            assert client.get(reverse(f"competitions:{name}")).status_code == 200
