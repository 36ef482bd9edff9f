"""The calendar over six simulated years: every cycle opens and closes once, however often and by whomever it is asked."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter

import pytest
import time_machine
from django.db import connections

from portal.audit.models import AuditEvent
from portal.core.context import system_actor
from portal.core.dates import local_datetime
from portal.core.scoping import SystemScope, scope, system_scope
from portal.jobs.domain import Progress, start
from portal.jobs.models import JobRun
from portal.jobs.registry import get_job
from portal.jobs.tasks import start_due
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus, StageStatus
from portal.lifecycle.programmes.queries import due_cycles
from tests.factories.programmes import make_programme

JOB = "lifecycle.advance_due_cycles"
RHYTHMS = {
    "every-year": ({"cadence": "annual", "first_year": 2026}, [2027, 2028, 2029, 2030, 2031, 2032]),
    "every-two-years": ({"cadence": "every_years", "every_years": 2, "first_year": 2025}, [2027, 2029, 2031]),
    "every-three-years": ({"cadence": "every_years", "every_years": 3, "first_year": 2025}, [2028, 2031]),
    "when-needed": ({"cadence": "rolling"}, []),
}


def set_up_programmes(tree) -> None:
    now = local_datetime(dt.date(2026, 11, 22))
    for code, (cadence, _years) in RHYTHMS.items():
        make_programme(tree.municipal, tree.manager, now=now, programme={"code": code, "title": code} | cadence)


def tick() -> None:
    run = Progress(0, system_actor(JOB), "")
    with scope(SystemScope(f"job {JOB}")):
        get_job(JOB).function(run)


def tick_in_thread(errors: list) -> None:
    try:
        tick()
    except Exception as error:  # noqa: BLE001 -- shown by the assertion
        errors.append(error)
    finally:
        connections.close_all()


@pytest.mark.row(31)
@pytest.mark.row(44)
@pytest.mark.row(46)
@pytest.mark.django_db
def test_six_years_open_and_close_every_cycle_once(tianjin):
    with system_scope("test"):
        set_up_programmes(tianjin)
    day = dt.date(2026, 12, 1)
    while day < dt.date(2033, 1, 1):
        with time_machine.travel(local_datetime(day, dt.time(8)), tick=False):
            tick()
            tick()
        day += dt.timedelta(days=4)
    with system_scope("test"):
        for code, (_cadence, years) in RHYTHMS.items():
            cycles = Cycle.objects.filter(programme__code=code).order_by("year")
            assert [cycle.year for cycle in cycles] == years, code
            assert {cycle.status for cycle in cycles} <= {CycleStatus.FINISHED}
        total = sum(len(years) for _cadence, years in RHYTHMS.values())
        counts = Counter(AuditEvent.objects.values_list("action", flat=True))
        assert counts["lifecycle.cycle.opened"] == counts["lifecycle.cycle.finished"] == total
        stages = CycleStage.objects.all()
        assert set(stages.values_list("status", flat=True)) == {StageStatus.CLOSED}
        assert counts["lifecycle.stage.opened"] == counts["lifecycle.stage.closed"] == stages.count() == total * 7
        rounds = JobRun.objects.filter(kind="lifecycle.produce_selection_round")
        assert rounds.count() == total


@pytest.mark.django_db(transaction=True)
def test_racing_workers_open_and_advance_once(tianjin):
    with system_scope("test"):
        set_up_programmes(tianjin)
    errors: list[Exception] = []
    for month in (3, 4, 5, 6, 7):
        with time_machine.travel(local_datetime(dt.date(2027, month, 28), dt.time(8)), tick=True):
            threads = [threading.Thread(target=tick_in_thread, args=(errors,)) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert errors == []
    with system_scope("test"):
        assert Cycle.objects.count() == 2
        counts = Counter(AuditEvent.objects.values_list("action", flat=True))
        assert counts["lifecycle.cycle.opened"] == 2
        assert counts["lifecycle.stage.opened"] == 14
        assert JobRun.objects.filter(kind="lifecycle.produce_selection_round").count() == 2


@pytest.mark.django_db
def test_beat_ticking_twice_in_a_minute_makes_one_run(tianjin):
    with time_machine.travel(local_datetime(dt.date(2027, 3, 1), dt.time(8)), tick=False):
        start_due(JOB)
        start_due(JOB)
    with system_scope("test"):
        assert JobRun.objects.filter(kind=JOB).count() == 1


@pytest.mark.django_db
def test_a_round_is_started_once_per_stage(tianjin, all_rows):
    first = start("lifecycle.produce_selection_round", key="stage:1", actor=system_actor("a"), params={"stage_id": 1})
    again = start("lifecycle.produce_selection_round", key="stage:1", actor=system_actor("b"), params={"stage_id": 1})
    assert first == again


@pytest.mark.django_db
def test_due_cycles_do_not_make_up_what_was_before_publication(tianjin, all_rows):
    set_up_programmes(tianjin)
    assert due_cycles(now=local_datetime(dt.date(2026, 12, 31))) == []
    due = due_cycles(now=local_datetime(dt.date(2027, 3, 1)))
    assert {(d.programme.code, d.year) for d in due} == {("every-year", 2027), ("every-two-years", 2027)}


@pytest.mark.django_db
def test_due_cycle_found_late_begins_today(tianjin, all_rows):
    set_up_programmes(tianjin)
    due = due_cycles(now=local_datetime(dt.date(2027, 3, 20)))
    assert {d.start for d in due} == {dt.date(2027, 3, 20)}
