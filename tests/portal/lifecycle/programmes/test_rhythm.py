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
from portal.lifecycle.programmes.domain import load_blueprint
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus, StageStatus
from portal.lifecycle.programmes.queries import due_cycles
from tests.factories.entries import definition_of
from tests.factories.programmes import small_definition

JOB = "lifecycle.advance_due_cycles"
# The plan's own programmes, and the years in which they must run after being entered in November 2026.
RHYTHMS = {
    "nonpublic-top10": [2027, 2028, 2029, 2030, 2031, 2032],  # 每年 (三.1)
    "innovation-star": [2028, 2030, 2032],  # 每两年 (三.2), since 2022
    "five-small-top20": [2029, 2032],  # 每三年 (三.2), since 2023
    "small-works": [],  # when needed: nobody's calendar opens it
}
STAGES = 8


def set_up_programmes(tree) -> None:
    now = local_datetime(dt.date(2026, 11, 22))
    for code in RHYTHMS:
        definition = (
            small_definition(programme={"cadence": "rolling"}) if code == "small-works" else definition_of(code)
        )
        load_blueprint(definition=definition, owner=tree.municipal, actor=tree.manager, now=now)


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
    while day < dt.date(2033, 3, 1):
        with time_machine.travel(local_datetime(day, dt.time(8)), tick=False):
            tick()
            tick()
        day += dt.timedelta(days=5)
    with system_scope("test"):
        for code, years in RHYTHMS.items():
            cycles = Cycle.objects.filter(programme__code=code).order_by("year")
            assert [cycle.year for cycle in cycles] == years, code
            assert {cycle.status for cycle in cycles} <= {CycleStatus.FINISHED}, code
        total = sum(len(years) for years in RHYTHMS.values())
        counts = Counter(AuditEvent.objects.values_list("action", flat=True))
        assert counts["lifecycle.cycle.opened"] == counts["lifecycle.cycle.finished"] == total
        stages = CycleStage.objects.all()
        assert set(stages.values_list("status", flat=True)) == {StageStatus.CLOSED}
        assert counts["lifecycle.stage.opened"] == counts["lifecycle.stage.closed"] == stages.count() == total * STAGES
        rounds = JobRun.objects.filter(kind="lifecycle.produce_selection_round")
        assert rounds.count() == total


@pytest.mark.django_db(transaction=True)
def test_racing_workers_open_and_advance_once(tianjin):
    with system_scope("test"):
        set_up_programmes(tianjin)
    errors: list[Exception] = []
    for month in range(4, 13):  # 2028: the annual and the two-yearly programme
        with time_machine.travel(local_datetime(dt.date(2028, month, 28), dt.time(8)), tick=True):
            threads = [threading.Thread(target=tick_in_thread, args=(errors,)) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert errors == []
    with system_scope("test"):
        assert Cycle.objects.count() == 2
        counts = Counter(AuditEvent.objects.values_list("action", flat=True))
        assert counts["lifecycle.cycle.opened"] == counts["lifecycle.cycle.finished"] == 2
        assert counts["lifecycle.stage.opened"] == counts["lifecycle.stage.closed"] == 2 * STAGES
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
    due = due_cycles(now=local_datetime(dt.date(2028, 5, 1)))
    assert {(d.programme.code, d.year) for d in due} == {("nonpublic-top10", 2028), ("innovation-star", 2028)}


@pytest.mark.django_db
def test_due_cycle_found_late_begins_today(tianjin, all_rows):
    set_up_programmes(tianjin)
    due = due_cycles(now=local_datetime(dt.date(2027, 5, 20)))
    assert [(d.programme.code, d.start) for d in due] == [("nonpublic-top10", dt.date(2027, 5, 20))]


@pytest.mark.django_db
def test_cycle_missed_for_long_is_left_to_people(tianjin, all_rows):
    set_up_programmes(tianjin)
    assert due_cycles(now=local_datetime(dt.date(2027, 8, 1))) == []
