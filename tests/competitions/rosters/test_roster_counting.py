"""参与率 and 参与人次 against a count by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.rosters import counting
from competitions.rosters.enums import Basis, ConsentState, ParticipationState, RosterKind
from competitions.rosters.models import Participation, Worker
from portal.accounts.models import EmployerYear
from portal.core.crypto import blind_index
from portal.core.scoping import system_scope
from tests.factories.people import Tree
from tests.factories.rosters import NOW, enter, make_filing, make_roster, person

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
YEAR = 2026


@pytest.fixture
def lists(tianjin):
    """Two units and a register of people without a unit, in two competitions of this year and one of last."""
    this = [make_filing(tianjin.municipal, f"竞赛{n}") for n in range(2)]
    last = make_filing(tianjin.municipal, "去年的竞赛", year=YEAR - 1)
    found = []
    for filing in (*this, last):
        found.append(make_roster(tianjin.filer, filing, employer=tianjin.employer))
        found.append(make_roster(tianjin.group_filer, filing, employer=tianjin.group_employer))
        found.append(make_roster(tianjin.zone_checker, filing, kind=RosterKind.GROUP, title="货车司机"))
    EmployerYear.objects.create(employer=tianjin.employer, year=YEAR - 1, employees=50, frontline=40, migrant=10)
    return found


entry = st.tuples(
    st.integers(0, 8), st.integers(0, 5), st.booleans(), st.booleans(), st.sampled_from(["active", "applied"])
)


@pytest.mark.row(20, 22)
def test_every_slice_agrees_with_a_count_by_hand(tianjin: Tree, lists):
    @settings(max_examples=25)
    @given(st.lists(entry, max_size=30))
    def holds(entered):
        with transaction.atomic(), system_scope("test"):
            rows = _write(lists, entered)
            _compare(tianjin, lists, rows)
            transaction.set_rollback(True)

    holds()


def _write(lists, entered) -> list[Participation]:
    workers, there, rows = {}, set(), []
    for list_number, n, agreed, frontline, state in entered:
        roster = lists[list_number]
        if (roster.filing_id, n) in there:
            continue
        there.add((roster.filing_id, n))
        if n not in workers:
            who = person(n)
            workers[n] = Worker.objects.create(
                root_path=roster.organisation.path[:8], name=who.name, id_number=who.id_number,
                id_index=blind_index(who.key), sex=who.sex,
            )  # fmt: skip
        rows.append(
            Participation.objects.create(
                roster=roster, filing=roster.filing, worker=workers[n], state=state, is_frontline=frontline,
                consent=ConsentState.GIVEN if agreed else ConsentState.PENDING, registered_at=NOW,
            )
        )  # fmt: skip
    return rows


def _count(rows) -> tuple[int, int, int, int, int, int]:
    """persons, covered, times, pending, persons_before, times_before – by hand."""
    active = [r for r in rows if r.state == ParticipationState.ACTIVE]
    sure = [r for r in active if r.consent == ConsentState.GIVEN]
    now = [r for r in sure if r.filing.year == YEAR]
    before = [r for r in sure if r.filing.year == YEAR - 1]
    waiting = [r for r in active if r.consent == ConsentState.PENDING and r.filing.year == YEAR]
    units = {r.worker_id for r in now if r.roster.kind == RosterKind.UNIT}
    return (
        len({r.worker_id for r in now}), len(units), len(now), len(waiting),
        len({r.worker_id for r in before}), len(before),
    )  # fmt: skip


def _figures(line) -> tuple[int, int, int, int, int, int]:
    return line.persons, line.covered, line.times, line.pending, line.persons_before, line.times_before


NOTHING = (0, 0, 0, 0, 0, 0)


def _compare(tree: Tree, lists, rows) -> None:
    path = tree.municipal.path
    assert _figures(counting.total(path, YEAR, Basis.CALENDAR)) == _count(rows)
    by_union = {line.key: _figures(line) for line in counting.lines("union", path, YEAR, Basis.CALENDAR)}
    for organisation in (tree.district, tree.group):
        own = [r for r in rows if r.roster.organisation.path.startswith(organisation.path)]
        assert by_union.get(organisation.path, NOTHING) == _count(own)
    by_kind = {line.key: _figures(line) for line in counting.lines("ownership", path, YEAR, Basis.CALENDAR)}
    assert by_kind.get("group", NOTHING) == _count([r for r in rows if r.roster.kind == RosterKind.GROUP])
    flags = {line.key: _figures(line) for line in counting.lines("flags", path, YEAR, Basis.CALENDAR)}
    assert flags["frontline"] == _count([r for r in rows if r.is_frontline])
    assert flags["woman"] == NOTHING
    assert sum(line[2] for line in by_union.values()) == _count(rows)[2]  # times add up, persons need not


@pytest.mark.row(22)
def test_rate_holds_units_against_their_own_workers(tianjin, lists, all_rows):
    for n in range(3):
        enter(tianjin.filer, lists[0], person(n), agreed=True)
    enter(tianjin.filer, lists[3], person(0), agreed=True)  # the same person in a second competition
    enter(tianjin.zone_checker, lists[2], person(7), agreed=True)
    enter(tianjin.group_filer, lists[1], person(8), agreed=True)
    district = next(
        line for line in counting.lines("union", tianjin.municipal.path, YEAR, Basis.CALENDAR)
        if line.key == tianjin.district.path
    )  # fmt: skip
    assert (district.persons, district.covered, district.times) == (4, 3, 5)
    assert (district.employees, district.rate) == (50, 3 / 50)
    group = next(
        line for line in counting.lines("union", tianjin.municipal.path, YEAR, Basis.CALENDAR)
        if line.key == tianjin.group.path
    )  # fmt: skip
    assert (group.employees, group.rate, group.silent) == (None, None, 1)  # nobody has said: not nought


def test_more_people_than_workers_gives_no_rate(tianjin, lists, all_rows):
    EmployerYear.objects.update(employees=1)
    for n in range(2):
        enter(tianjin.filer, lists[0], person(n), agreed=True)
    line = counting.total(tianjin.municipal.path, YEAR, Basis.CALENDAR)
    assert line.is_over
    assert line.rate is None


def test_statistics_year_goes_by_the_day_of_entry(tianjin, all_rows):
    roster = make_roster(tianjin.filer, make_filing(tianjin.municipal, "跨年竞赛"), employer=tianjin.employer)
    for n, day in enumerate((dt.date(2025, 9, 30), dt.date(2025, 10, 1), dt.date(2026, 9, 30), dt.date(2026, 10, 1))):
        row = enter(tianjin.filer, roster, person(n), agreed=True)
        at = dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC)
        Participation.objects.filter(pk=row.pk).update(registered_at=at)
    path = tianjin.municipal.path
    assert counting.total(path, 2026, Basis.STATISTICS).times == 2
    assert counting.total(path, 2025, Basis.STATISTICS).times == 1
    assert counting.total(path, 2026, Basis.CALENDAR).times == 4


def test_withdrawn_competition_counts_nowhere(tianjin, lists, all_rows):
    enter(tianjin.filer, lists[0], person(1), agreed=True)
    filing = lists[0].filing
    filing.state = "withdrawn"
    filing.save()
    assert counting.total(tianjin.municipal.path, YEAR, Basis.CALENDAR).times == 0
