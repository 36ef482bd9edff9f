"""The one Celery task that runs all jobs, and beat's two finders."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from celery import current_app
from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import Membership, User
from portal.accounts.queries.desks import desk_facts, desk_of
from portal.accounts.scopes import scope_of
from portal.core.context import Actor, request_context, system_actor
from portal.core.errors import DomainError, Invalid
from portal.core.scoping import SystemScope, scope, system_scope
from portal.jobs import domain
from portal.jobs.models import JobRun, JobState
from portal.jobs.registry import all_jobs, get_job

log = structlog.get_logger(__name__)


@current_app.task(name=domain.TASK)
def run_job(run_id: int) -> None:
    """Claim, enter the scope of whoever asked, call the function, write the outcome. Safe to deliver twice."""
    run = domain.claim(run_id, now=timezone.now())
    if run is None:
        return
    with request_context(f"job-{run.pk}"), _heartbeat(run.pk):
        try:
            outcome = _call(run)
        except DomainError as error:
            domain.finish(run, state=JobState.FAILED, message=error.message, now=timezone.now())
        except Exception as error:
            log.exception("jobs.failed", run=run.pk, kind=run.kind)
            known = all_jobs().get(run.kind)
            over = known is None or run.attempts >= known.max_attempts
            message = _("内部错误（%(name)s），编号 %(run)s") % {"name": type(error).__name__, "run": run.pk}
            state = JobState.FAILED if over else JobState.QUEUED
            domain.finish(run, state=state, message=message, now=timezone.now())
        else:
            message, result = outcome if isinstance(outcome, tuple) else (str(outcome or ""), {})
            domain.finish(run, state=JobState.SUCCEEDED, message=message, result=result, now=timezone.now())


def _call(run: JobRun) -> object:
    definition = get_job(run.kind)
    actor = _actor_of(run)
    kind = SystemScope(f"job {run.kind}") if actor.system else scope_of(actor)
    with scope(kind):
        return definition.function(domain.Progress(run.pk, actor, run.organisation_path), **run.params)


def _actor_of(run: JobRun) -> Actor:
    """Whose scope the job works in, as it is now. Raises Invalid when the person has lost the desk meanwhile."""
    if run.membership_id is None:
        return system_actor(run.kind)
    with system_scope("the desk that started the run"):
        rows = Membership.objects.select_related("organisation").annotate(**desk_facts())
        membership = rows.filter(pk=run.membership_id, is_active=True)
        user = User.objects.filter(pk=run.started_by_id, is_active=True)
        found, person = membership.first(), user.first()
    if found is None or person is None:
        raise Invalid(_("发起人已没有这个工作台，任务没有办理。"))
    return Actor(user=person, desk=desk_of(found))


@contextmanager
def _heartbeat(run_id: int) -> Iterator[None]:
    """While the function works, also for long without a report, nobody takes its run for lost."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(domain.LOST_AFTER.total_seconds() / 4):
            domain.still_alive(run_id, now=timezone.now())
        connections.close_all()

    thread = threading.Thread(target=beat, name=f"heartbeat-{run_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@current_app.task(name="jobs.start_due")
def start_due(name: str) -> None:
    """Beat's tick: one run per job and minute, however often beat ticks."""
    now = timezone.now()
    domain.start(name, key=f"beat:{now:%Y%m%d%H%M}", actor=system_actor("beat"), now=now)


@current_app.task(name="jobs.pick_up_lost")
def pick_up_lost() -> None:
    """Sends again what a dead worker or an unreachable broker left behind."""
    for run_id in domain.lost_runs(now=timezone.now()):
        domain.enqueue(run_id)
