"""Who takes part in the year's competitions: units with their teams, drivers and couriers of a street, one faulty upload."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from competitions.filings.enums import COUNTED, OPEN_STATES, FilingState
from competitions.filings.models import CompetitionFiling
from competitions.rosters.domain import consent, imports, people, rosters, snapshots
from competitions.rosters.enums import Basis, NewGroup, ParticipationState, RosterKind
from competitions.rosters.models import Participation, Roster
from competitions.rosters.persons import Person, read_person
from competitions.rosters.workbook import SHEET
from portal.accounts.enums import OrganisationKind
from portal.accounts.imports.sheets import Row
from portal.accounts.imports.template import DATA
from portal.accounts.models import Employer, Organisation
from portal.core.context import PUBLIC
from portal.core.dates import local_date
from portal.demo import numbers, words
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload
from portal.jobs import domain as jobs
from portal.jobs.models import JobRun, JobState
from portal.web.exports import workbook_bytes

COMPETITIONS, PAST, MANY = 20, 5, 40  # many units make the large demo
GROUPS = (
    (NewGroup.TRUCK, "货车司机"),
    (NewGroup.COURIER, "快递员"),
    (NewGroup.MEAL, "网约送餐员"),
    (NewGroup.CARE, "护工护理员"),
)
UNANSWERED = 0.12


@dataclass
class Cast:
    """The workers of each unit: the same people turn up in several competitions."""

    rng: random.Random
    size: int
    taken: set[str] = field(default_factory=set)
    of_unit: dict[int, list[Person]] = field(default_factory=dict)

    def somebody(self, now: dt.datetime) -> Person:
        number = numbers.citizen_id(self.rng)
        while number in self.taken:
            number = numbers.citizen_id(self.rng)
        self.taken.add(number)
        return read_person("citizen", words.person(self.rng), number, today=local_date(now))

    def of(self, unit: Unit, now: dt.datetime) -> list[Person]:
        key = unit.organisation.pk
        if key not in self.of_unit:
            self.of_unit[key] = [self.somebody(now) for _ in range(self.size * 3 // 2)]
        return self.rng.sample(self.of_unit[key], self.rng.randint(self.size * 2 // 3, self.size))


def rosters_of_the_year(federation: Federation) -> Iterator[str]:
    """Rosters for the competitions that are open, and for some of last year's as they were while they ran."""
    rng = random.Random("rosters")  # noqa: S311 -- repeatable
    cast = Cast(rng, 75 if len(federation.units) > MANY else 20)
    line = Q(owner__path__startswith=federation.municipal.path)
    filings = CompetitionFiling.objects.filter(line).select_related("owner").order_by("pk")
    year, made = local_date(federation.now).year, 0
    for filing in filings.filter(year=year - 1, state__in=COUNTED)[:PAST]:
        made += _of_last_year(federation, cast, filing)
    for filing in filings.filter(state__in=OPEN_STATES)[:COMPETITIONS]:
        made += _units(federation, cast, filing, now=federation.now - dt.timedelta(days=rng.randint(20, 90)))
    _groups(federation, cast, filings)
    _faulty(federation, cast)
    if Participation.objects.filter(filing__year=year - 1).exists():
        snapshots.take_snapshot(
            actor=federation.city_checker, organisation=federation.municipal, year=year - 1, basis=Basis.CALENDAR,
            reason="", now=federation.now.replace(month=1, day=12),
        )  # fmt: skip
    yield f"参赛名单 {made} 份，{Participation.objects.filter(worker__isnull=False).count()} 人次"


def _of_last_year(federation: Federation, cast: Cast, filing: CompetitionFiling) -> int:
    """Lists close with their competition: it is set running for the moment in which its people are entered."""
    then = federation.now - dt.timedelta(days=365 + cast.rng.randint(20, 60))
    CompetitionFiling.objects.filter(pk=filing.pk).update(state=FilingState.RUNNING)
    state, filing.state = filing.state, FilingState.RUNNING
    made = _units(federation, cast, filing, now=then)
    CompetitionFiling.objects.filter(pk=filing.pk).update(state=state)
    return made


def _units(federation: Federation, cast: Cast, filing: CompetitionFiling, *, now: dt.datetime) -> int:
    below = [unit for unit in federation.units if unit.organisation.path.startswith(filing.owner.path)]
    chosen = cast.rng.sample(below, min(3, len(below)))
    for unit in chosen:
        _enter(cast, _open(unit, filing, now), unit, cast.of(unit, now), now)
    return len(chosen)


def _open(unit: Unit, filing: CompetitionFiling, now: dt.datetime) -> Roster:
    employer = Employer.objects.filter(organisation=unit.organisation).first()
    return rosters.open_roster(
        actor=unit.filer, filing=filing, organisation=unit.organisation, kind=RosterKind.UNIT, employer=employer,
        contact=unit.filer.user.name, contact_phone="022-12345678", now=now,
    )  # fmt: skip


def _row(number: int, person: Person, rng: random.Random) -> Row:
    values = {
        "name": person.name, "id_number": person.id_number, "team": words.TEAMS[number % 5], "trade": rng.choice(words.POSTS),
        "is_frontline": rng.random() < 0.8, "is_migrant": rng.random() < 0.3,
    }  # fmt: skip
    return Row(number + 2, values)


@transaction.atomic
def _enter(cast: Cast, roster: Roster, unit: Unit, staff: list[Person], now: dt.datetime) -> None:
    rows = [_row(number, person, cast.rng) for number, person in enumerate(staff)]
    imports.enter_rows(actor=unit.filer, roster=rosters.lock_roster(roster), rows=rows, now=now)
    keys = list(Participation.objects.filter(roster=roster).order_by("pk").values_list("pk", flat=True))
    signed = keys[: len(keys) - max(2, round(len(keys) * UNANSWERED))]
    consent.record_batch(
        actor=unit.filer, roster=roster, chosen=signed, signed_on=local_date(now), note="班前会集中签字",
        upload=upload("参赛同意签字表", consent.PAPERS, cast.rng, f"roster-{roster.pk}"), now=now,
    )  # fmt: skip


def _groups(federation: Federation, cast: Cast, filings: Any) -> None:
    """Streets and zones register people without a unit; some wait to be accepted."""
    hosts = Organisation.objects.filter(
        path__startswith=federation.municipal.path, kind__in=(OrganisationKind.ZONE, OrganisationKind.STREET)
    )
    for number, host in enumerate(hosts.order_by("path")[: len(GROUPS)]):
        line = filings.filter(state__in=OPEN_STATES, owner__path__in=host.ancestor_paths).first()
        if line is None:
            continue
        actor, then = federation.checker_of(host.pk), federation.now - dt.timedelta(days=20)
        group, title = GROUPS[number]
        roster = rosters.open_roster(
            actor=actor, filing=line, organisation=host, kind=RosterKind.GROUP, title=f"{host.label}{title}",
            contact=actor.user.name, contact_phone="022-87654321", now=then,
        )  # fmt: skip
        until = local_date(federation.now) + dt.timedelta(days=30)
        rosters.open_door(actor=actor, roster=roster, until=until, now=then)
        for n in range(9):
            facts = people.Facts(group=group, street=host.label, trade="示范平台")
            row = people.apply_at_door(actor=PUBLIC, roster=roster, person=cast.somebody(then), facts=facts, now=then)
            if n < 6:
                people.accept_person(actor=actor, participation=row, now=federation.now)


class _Silent:
    """The face of a run that nobody watches."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor

    def report(self, done: int, total: int, stage: str = "") -> None:
        """Nobody asks."""


def _faulty(federation: Federation, cast: Cast) -> None:
    """One upload of the first unit whose dry run found errors in some of its rows."""
    own = {unit.organisation.pk: unit for unit in federation.units}
    living = Roster.objects.filter(organisation__in=own, filing__state__in=OPEN_STATES).order_by(
        "organisation__path", "pk"
    )
    first = living.filter(organisation=federation.units[0].organisation).first() or living.first()
    if first is None:
        return
    unit = own[first.organisation_id]
    inside = Participation.objects.filter(roster=first, state=ParticipationState.ACTIVE).select_related("worker")[:3]
    rows = [{"name": row.worker.name, "id_number": row.worker.id_number, "team": "一班"} for row in inside]
    newcomers = [cast.somebody(federation.now) for _ in range(9)]
    rows += [{"name": p.name, "id_number": p.id_number, "team": "二班", "is_frontline": "是"} for p in newcomers]
    rows[4]["id_number"] = rows[4]["id_number"][:16] + "00"
    rows[6]["name"] = "王3"
    rows[8] |= {"id_number": rows[7]["id_number"], "name": rows[7]["name"]}
    rows[10]["is_frontline"] = "对"
    table = [[row.get(column.key, "") for column in SHEET.columns] for row in rows]
    content = workbook_bytes(DATA, SHEET.labels, table)
    batch = imports.upload_roster(
        actor=unit.filer, roster=first, file_name="第二批参赛人员.xlsx", content=content, now=federation.now
    )
    message = imports.run_check(_Silent(unit.filer), batch_id=batch.pk, now=federation.now)
    run = jobs.claim(JobRun.objects.get(pk=batch.job_id).pk, now=federation.now)
    jobs.finish(run, state=JobState.SUCCEEDED, message=message, now=federation.now)
