"""The roster as a workbook: dry run, row errors, application as one, repeats, five thousand rows."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competitions.rosters.domain import imports
from competitions.rosters.models import Participation, RosterImport, RosterTeam, Worker
from portal.accounts.enums import ImportState
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict
from tests.factories.rosters import NOW, enter, id_number, line, make_filing, make_roster, person, workbook

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@dataclass
class Run:
    """What portal.jobs hands to a job."""

    actor: Any
    reports: list = field(default_factory=list)

    def report(self, done: int, total: int, stage: str = "") -> None:
        self.reports.append((done, total, stage))


def upload(actor, roster, rows) -> RosterImport:
    content = workbook(rows)
    return imports.upload_roster(actor=actor, roster=roster, file_name="名单.xlsx", content=content, now=NOW)


def tried(actor, roster, rows) -> RosterImport:
    batch = upload(actor, roster, rows)
    imports.run_check(Run(actor), batch_id=batch.pk, now=NOW)
    batch.refresh_from_db()
    return batch


def applied(actor, roster, rows) -> RosterImport:
    batch = tried(actor, roster, rows)
    assert batch.state == ImportState.CHECKED, batch.problems
    imports.start_apply(actor=actor, batch=batch, now=NOW)
    imports.run_apply(Run(actor), batch_id=batch.pk, now=NOW)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def roster(tianjin):
    return make_roster(tianjin.filer, make_filing(tianjin.district))


def words(batch) -> dict[int, str]:
    return {p["row"]: f"{p['column']}：{p['message']}" for p in batch.problems}


def test_dry_run_writes_nothing_and_names_every_fault(tianjin, roster, all_rows):
    other = make_roster(tianjin.group_filer, roster.filing)
    enter(tianjin.group_filer, other, person(7))
    wrong_digit = id_number(1)[:-1] + ("0" if id_number(1)[-1] != "0" else "1")
    rows = [
        line(1, id_number=wrong_digit),
        line(2, id_number=id_number(2, born="20150101")),
        line(3),
        line(3),
        line(4, name="张3"),
        line(5, sex="女"),
        line(6, id_kind="护照、通行证、永久居留证", id_number="E1234567"),
        line(7),
        line(8, duty="队长"),
    ]
    batch = tried(tianjin.filer, roster, rows)
    found = words(batch)
    assert batch.state == ImportState.FAULTY
    assert batch.errors == 8
    assert "校验码" in found[2]
    assert "不满16周岁" in found[3]
    assert "与第4行" in found[5]
    assert "姓名" in found[6]
    assert "性别：与证件号码不符" in found[7]
    assert "性别" in found[8]
    assert tianjin.group_unit.name in found[9]
    assert "身份" in found[10]
    assert not Participation.objects.filter(roster=roster).exists()
    assert Worker.objects.count() == 1


def test_findings_hold_no_number_and_no_name(tianjin, roster, all_rows):
    good = tried(tianjin.filer, roster, [line(1), line(2)])
    bad = tried(tianjin.filer, roster, [line(1), line(2, name="王5")])
    kept = f"{good.changes}{good.problems}{bad.problems}"
    for n in (1, 2):
        assert person(n).id_number not in kept
        assert person(n).id_number[6:14] not in kept
        assert person(n).name not in kept


def test_upload_is_encrypted_on_disk_and_goes_when_applied(tianjin, roster, all_rows):
    batch = upload(tianjin.filer, roster, [line(1)])
    with batch.file.open("rb") as handle:
        assert handle.read(5) == b"enc1:"
    imports.run_check(Run(tianjin.filer), batch_id=batch.pk, now=NOW)
    imports.start_apply(actor=tianjin.filer, batch=batch, now=NOW)
    imports.run_apply(Run(tianjin.filer), batch_id=batch.pk, now=NOW)
    batch.refresh_from_db()
    assert batch.state == ImportState.APPLIED
    assert not batch.file


def test_import_repeated_changes_nothing_and_updates_only_what_differs(tianjin, roster, all_rows):
    first = applied(tianjin.filer, roster, [line(n) for n in range(5)])
    assert (first.creates, first.updates) == (5, 0)
    again = tried(tianjin.filer, roster, [line(n) for n in range(5)])
    assert (again.creates, again.updates, again.unchanged) == (0, 0, 5)
    moved = applied(tianjin.filer, roster, [line(0, team="二班"), line(1), line(9)])
    assert (moved.creates, moved.updates, moved.unchanged) == (1, 1, 1)
    assert Participation.objects.filter(roster=roster).count() == 6
    assert set(RosterTeam.objects.values_list("name", flat=True)) == {"一班", "二班"}
    assert Worker.objects.count() == 6


def test_import_applies_all_or_nothing_when_the_list_changed_meanwhile(tianjin, roster, all_rows):
    batch = tried(tianjin.filer, roster, [line(1), line(2)])
    other = make_roster(tianjin.group_filer, roster.filing)
    enter(tianjin.group_filer, other, person(2))
    imports.start_apply(actor=tianjin.filer, batch=batch, now=NOW)
    with pytest.raises(Conflict):
        imports.run_apply(Run(tianjin.filer), batch_id=batch.pk, now=NOW)
    batch.refresh_from_db()
    assert batch.state == ImportState.FAULTY
    assert not Participation.objects.filter(roster=roster).exists()


def test_same_number_under_another_name_is_refused(tianjin, roster, all_rows):
    other = make_roster(tianjin.group_filer, make_filing(tianjin.group, "另一竞赛"))
    enter(tianjin.group_filer, other, person(1, "赵同名"))
    batch = tried(tianjin.filer, roster, [line(1)])
    assert "另一个姓名" in words(batch)[2]


def test_audit_of_an_import_holds_counts_only(tianjin, roster, all_rows):
    applied(tianjin.filer, roster, [line(n) for n in range(3)])
    event = AuditEvent.objects.get(action="competitions.roster.imported")
    assert event.data["creates"] == 3
    everything = "".join(f"{e.object_title}{e.data}{e.before}{e.after}" for e in AuditEvent.objects.all())
    for n in range(3):
        assert person(n).id_number not in everything
        assert person(n).name not in everything


def test_five_thousand_rows_are_complete_in_few_statements(tianjin, roster, all_rows):
    rows = [line(n, team=f"{n % 40 + 1}班") for n in range(5000)]
    content = workbook(rows)
    batch = imports.upload_roster(actor=tianjin.filer, roster=roster, file_name="名单.xlsx", content=content, now=NOW)
    run, began = Run(tianjin.filer), time.monotonic()
    with CaptureQueriesContext(connection) as spent:
        imports.run_check(run, batch_id=batch.pk, now=NOW)
        imports.start_apply(actor=tianjin.filer, batch=batch, now=NOW)
        imports.run_apply(run, batch_id=batch.pk, now=NOW)
    assert time.monotonic() - began < 60
    assert Participation.objects.filter(roster=roster).count() == 5000
    assert Worker.objects.count() == 5000
    assert RosterTeam.objects.count() == 40
    assert len(spent) < 80
    assert len(run.reports) >= 10  # progress to look at


def test_stranger_may_not_upload(tianjin, hebei, roster, in_scope):
    from portal.core.errors import Refused  # noqa: PLC0415 -- the one test that needs it

    with in_scope(tianjin.zone_checker), pytest.raises(Refused):
        upload(tianjin.zone_checker, roster, [line(1)])
