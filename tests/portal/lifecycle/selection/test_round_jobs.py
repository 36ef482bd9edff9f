"""The job that produces a round: one run however often it is asked for, whole or nothing when a worker dies."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.core.errors import Conflict
from portal.core.scoping import scope, system_scope
from portal.jobs.domain import LOST_AFTER
from portal.jobs.models import JobRun, JobState
from portal.jobs.tasks import pick_up_lost, run_job
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.selection import domain
from portal.lifecycle.selection.models import Selection, SelectionRound
from tests.factories.people import Tree
from tests.factories.review import make_entry_in_review
from tests.factories.rounds import Case
from tests.live_plugin import wait_until


@pytest.fixture
def case(tianjin):
    return Case(tianjin)


def test_job_reports_and_leads_to_the_round(case, django_capture_on_commit_callbacks):
    with scope(scope_of(case.tree.manager)):
        run = domain.start_round(actor=case.tree.manager, stage=case.stage, now=timezone.now())
        again = domain.start_round(actor=case.tree.manager, stage=case.stage, now=timezone.now())
    assert again.pk == run.pk
    run_job(run.pk)
    with system_scope("test"):
        run.refresh_from_db()
        round_ = SelectionRound.objects.get()
    assert run.state == JobState.SUCCEEDED
    assert run.result == {"round": round_.pk}
    assert round_.job_id == run.pk
    run_job(run.pk)
    with system_scope("test"):
        assert SelectionRound.objects.count() == 1


def test_failed_job_can_be_asked_for_again(case, tianjin):
    make_entry_in_review(case.cycle, tianjin.filer)
    with scope(scope_of(tianjin.manager)), pytest.raises(Conflict):
        domain.start_round(actor=tianjin.manager, stage=case.stage, now=timezone.now())
    with system_scope("test"):
        Entry.objects.filter(state=EntryState.IN_REVIEW).update(state=EntryState.WITHDRAWN)
    with scope(scope_of(tianjin.manager)):
        run = domain.start_round(actor=tianjin.manager, stage=case.stage, now=timezone.now())
    with system_scope("test"):
        JobRun.objects.filter(pk=run.pk).update(state=JobState.FAILED)
    with scope(scope_of(tianjin.manager)):
        assert domain.start_round(actor=tianjin.manager, stage=case.stage, now=timezone.now()).pk != run.pk


def test_two_workers_make_one_round(transactional_db):
    with system_scope("fixture"):
        tree = Tree("天津市")
    case = Case(tree)
    barrier, results = threading.Barrier(3), []

    def work():
        try:
            barrier.wait()
            results.append(case.produce())
        except Exception as error:  # noqa: BLE001 -- the test looks at what came out
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({r.pk for r in results}) == 1
    with system_scope("test"):
        assert SelectionRound.objects.count() == 1
        assert Selection.objects.count() == 4
        assert Selection.objects.filter(total__gt=Decimal(0)).count() == 4


def _waits_for_selection_rows():
    """Is some other session waiting for the table the round writes last?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'lifecycle_selection'::regclass")
        return cursor.fetchone()[0]


@pytest.mark.integration
def test_worker_killed_half_way_leaves_nothing_and_the_run_is_picked_up_again(celery_worker):
    """The worker has written the round and stands before its rows when it dies; a second worker makes it whole."""
    with system_scope("fixture"):
        tree = Tree("天津市")
    case = Case(tree)
    gate = connection.copy()
    try:
        with gate.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE lifecycle_selection IN ACCESS EXCLUSIVE MODE")
        with scope(scope_of(tree.manager)):
            run = domain.start_round(actor=tree.manager, stage=case.stage, now=timezone.now())
        wait_until(_waits_for_selection_rows)
        celery_worker.kill()
    finally:
        gate.close()
    with system_scope("test"):
        wait_until(lambda: not _waits_for_selection_rows())
        run.refresh_from_db()
        assert run.state == JobState.RUNNING
        assert not SelectionRound.objects.exists()
        assert not Selection.objects.exists()
        JobRun.objects.filter(pk=run.pk).update(alive_at=timezone.now() - LOST_AFTER * 2)
    celery_worker.start()
    pick_up_lost()

    def finished():
        with system_scope("test"):
            run.refresh_from_db()
        return run.is_over

    wait_until(finished, 30)
    with system_scope("test"):
        assert run.state == JobState.SUCCEEDED
        assert run.attempts == 2
        assert SelectionRound.objects.get().job_id == run.pk
        assert Selection.objects.count() == 4
