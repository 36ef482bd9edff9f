"""A real worker process: it does the work, is killed in the middle, and the next one finishes it – once."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from portal.core.scoping import system_scope
from portal.jobs import domain
from portal.jobs.models import JobRun, JobState, StoredFile
from portal.jobs.tasks import pick_up_lost
from tests.factories.entries import make_cycle
from tests.factories.people import Tree
from tests.factories.reports import many_submitted
from tests.live_plugin import wait_until

pytestmark = pytest.mark.integration
ROWS = 12_000  # some seconds of work


def now_of(run):
    with system_scope("test"):
        return JobRun.objects.get(pk=run.pk)


def test_work_of_a_killed_worker_is_done_once_by_the_next(celery_worker):
    """``kill -9`` in the middle of a yearly report; beat's finder sends it again, and there is one workbook."""
    with system_scope("test"):
        tree = Tree("天津市")
        many_submitted(make_cycle(tree, "small-work"), tree.filer, ROWS)
    year = timezone.now().year
    run = domain.start("reports.yearly", key="killed", actor=tree.manager, params={"year": year})
    wait_until(lambda: now_of(run).state == JobState.RUNNING)
    celery_worker.kill()
    with system_scope("test"):
        assert not StoredFile.objects.exists()  # killed before it could keep anything
    pick_up_lost()
    assert (now_of(run).state, now_of(run).attempts) == (JobState.RUNNING, 1)  # for all we know it is still alive

    with system_scope("test"):  # two minutes without a sign of life later
        JobRun.objects.filter(pk=run.pk).update(alive_at=timezone.now() - dt.timedelta(minutes=3))
    celery_worker.start(concurrency=2)
    pick_up_lost()
    pick_up_lost()  # delivered to both processes, claimed by one
    wait_until(lambda: now_of(run).is_over, 60)
    found = now_of(run)
    assert (found.state, found.attempts) == (JobState.SUCCEEDED, 2), found.message
    with system_scope("test"):
        stored = StoredFile.objects.get()
        assert stored.organisation_path == tree.municipal.path
        content = stored.file.open("rb").read()
    book = load_workbook(io.BytesIO(content), read_only=True)
    assert sum(1 for _row in book["申报件明细"].rows) == ROWS + 1
