"""The one Celery task that runs all jobs, and beat's two finders."""

from __future__ import annotations

import structlog
from celery import current_app
from django.utils import timezone

from portal.accounts.models import Membership, User
from portal.accounts.queries.desks import desk_of
from portal.accounts.scopes import scope_of
from portal.core.context import Actor, request_context, system_actor
from portal.core.errors import DomainError
from portal.core.scoping import SystemScope, scope, system_scope
from portal.jobs import domain
from portal.jobs.models import JobRun, JobState
from portal.jobs.registry import get_job

log = structlog.get_logger(__name__)


@current_app.task(name=domain.TASK)
def run_job(run_id: int) -> None:
    """Claim, enter the scope of whoever asked, call the function, write the outcome. Safe to deliver twice."""
    run = domain.claim(run_id, now=timezone.now())
    if run is None:
        return
    definition = get_job(run.kind)
    actor = _actor_of(run)
    kind = SystemScope(f"job {run.kind}") if actor.system else scope_of(actor)
    progress = domain.Progress(run.pk, actor, run.organisation_path)
    with request_context(f"job-{run.pk}"), scope(kind):
        try:
            outcome = definition.function(progress, **run.params)
        except DomainError as error:
            domain.finish(run.pk, state=JobState.FAILED, message=error.message, now=timezone.now())
        except Exception as error:
            log.exception("jobs.failed", run=run.pk, kind=run.kind)
            over = run.attempts >= definition.max_attempts
            state = JobState.FAILED if over else JobState.QUEUED
            domain.finish(
                run.pk, state=state, message=f"内部错误（{type(error).__name__}），编号 {run.pk}", now=timezone.now()
            )
        else:
            message, result = outcome if isinstance(outcome, tuple) else (str(outcome or ""), {})
            domain.finish(run.pk, state=JobState.SUCCEEDED, message=message, result=result, now=timezone.now())


def _actor_of(run: JobRun) -> Actor:
    if run.membership_id is None:
        return system_actor(run.kind)
    with system_scope("the desk that started the run"):
        membership = Membership.objects.select_related("organisation").get(pk=run.membership_id)
        user = User.objects.get(pk=run.started_by_id)
    return Actor(user=user, desk=desk_of(membership))


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
