"""Starting, following and finishing background work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from celery import current_app
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.scoping import system_scope
from portal.jobs.models import JobRun, JobState, StoredFile
from portal.jobs.registry import all_jobs, get_job

log = structlog.get_logger(__name__)
TASK = "jobs.run_job"  # the one Celery task, by name: tasks.py stands above this module
LOST_AFTER = dt.timedelta(minutes=2)
FILE_LIFETIME = dt.timedelta(days=7)


def start(
    name: str,
    *,
    key: str,
    actor: Actor,
    params: dict[str, Any] | None = None,
    title: str = "",
    now: dt.datetime | None = None,
) -> JobRun:
    """Creates the run and enqueues it on commit; an existing run with the same key is returned untouched.

    ``actor`` decides whose scope the job works in (a desk's, or the system's). Raises LookupError for an unknown job.
    """
    definition = get_job(name)
    with transaction.atomic(), system_scope("a job run is unique over all tenants"):
        run, created = JobRun.objects.get_or_create(
            key=f"{name}:{key}"[:200],
            defaults={
                "kind": name,
                "title": title or definition.title,
                "params": params or {},
                "organisation_path": actor.path,
                "membership_id": actor.desk.membership_id if actor.desk else None,
                "started_by": actor.user,
                "created_at": now or timezone.now(),
            },
        )
        if created:
            transaction.on_commit(lambda: enqueue(run.pk))
    return run


def enqueue(run_id: int) -> None:
    """Hands the run to Celery. With Redis down the run stays queued and ``pick_up_lost`` sends it later."""
    try:
        current_app.send_task(TASK, [run_id], retry=False)
    except Exception as error:  # noqa: BLE001 -- the broker may fail in many ways; the run waits in the database
        log.warning("jobs.broker_unavailable", run=run_id, error=type(error).__name__)


@dataclass
class Progress:
    """Handed to the job function: report progress, keep files; every report is also the heartbeat."""

    run_id: int
    actor: Actor
    organisation_path: str

    def report(self, done: int, total: int, stage: str = "") -> None:
        """Call it between the job's transactions: the progress page sees it on commit, and so does ``pick_up_lost``."""
        with system_scope("progress of the run itself"):
            JobRun.objects.filter(pk=self.run_id).update(
                done=done, total=total, stage=stage[:200], alive_at=timezone.now()
            )

    def keep_file(
        self, *, name: str, content: BinaryIO | Path, content_type: str, now: dt.datetime | None = None
    ) -> StoredFile:
        """Stores the product for the desk that asked, for ``FILE_LIFETIME``."""
        now = now or timezone.now()
        handle = content.open("rb") if isinstance(content, Path) else content
        with handle:
            stored = StoredFile(
                job_id=self.run_id,
                name=name,
                content_type=content_type,
                organisation_path=self.organisation_path,
                owner=self.actor.user,
                created_at=now,
                expires_at=now + FILE_LIFETIME,
            )
            stored.file.save(name, File(handle), save=False)
            stored.size = stored.file.size
            stored.save()
        return stored


def claim(run_id: int, *, now: dt.datetime) -> JobRun | None:
    """Takes the run for this worker; None when it is over, or another worker is alive on it.

    A run whose workers died as often as its job may be tried is given up, or it would take worker after worker along.
    """
    with transaction.atomic(), system_scope("a worker claims a run"):
        try:
            run = lock_row(JobRun, run_id)
        except JobRun.DoesNotExist:
            return None
        alive = run.state == JobState.RUNNING and run.alive_at and now - run.alive_at < LOST_AFTER
        if run.is_over or alive:
            return None
        known = all_jobs().get(run.kind)
        if run.state == JobState.RUNNING and known is not None and run.attempts >= known.max_attempts:
            finish(run, state=JobState.FAILED, message=_("多次中断，已停止重试，编号 %s") % run.pk, now=now)
            return None
        run.state, run.started_at, run.alive_at = JobState.RUNNING, now, now
        run.attempts += 1
        run.save(update_fields=["state", "started_at", "alive_at", "attempts"])
        return run


def still_alive(run_id: int, *, now: dt.datetime) -> None:
    """The heartbeat of a running job."""
    with system_scope("a worker is alive on a run"):
        JobRun.objects.filter(pk=run_id, state=JobState.RUNNING).update(alive_at=now)


def finish(run: JobRun, *, state: str, message: str = "", result: dict | None = None, now: dt.datetime) -> None:
    """Writes the outcome – unless another worker has taken the run over since it was claimed as ``run``."""
    with system_scope("a worker finishes a run"):
        JobRun.objects.filter(pk=run.pk, attempts=run.attempts).update(
            state=state, message=message, result=result or {}, finished_at=now, alive_at=now
        )


def lost_runs(*, now: dt.datetime) -> list[int]:
    """Runs whose worker died or that never reached the broker."""
    with system_scope("all lost runs"):
        condition = Q(state=JobState.RUNNING, alive_at__lt=now - LOST_AFTER) | Q(
            state=JobState.QUEUED, created_at__lt=now - dt.timedelta(seconds=30)
        )
        return list(JobRun.objects.filter(condition).order_by("pk").values_list("pk", flat=True)[:100])


JobFunction = Callable[..., Any]
