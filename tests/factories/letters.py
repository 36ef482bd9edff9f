"""Letters in every state."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.core.context import Actor
from portal.core.scoping import scope, system_scope
from portal.jobs.models import JobRun
from portal.jobs.tasks import run_job
from portal.lifecycle.letters.domain.drafting import draft_letters
from portal.lifecycle.letters.domain.sending import JOB, run_key, send_batch
from portal.lifecycle.letters.models import LetterBatch
from portal.lifecycle.programmes.models import Cycle


def make_letters(cycle: Cycle, event: str, actor: Actor, *, now: dt.datetime | None = None) -> LetterBatch:
    """Drafted, not sent."""
    with scope(scope_of(actor)):
        fresh = Cycle.objects.select_related("programme", "blueprint", "owner").get(pk=cycle.pk)
        return draft_letters(cycle=fresh, event=event, actor=actor, now=now or timezone.now())


def send(batch: LetterBatch, actor: Actor, *, now: dt.datetime | None = None) -> LetterBatch:
    """Sent, and the job done."""
    with scope(scope_of(actor)):
        send_batch(batch=batch, actor=actor, now=now or timezone.now())
    return work_off(batch)


def work_off(batch: LetterBatch) -> LetterBatch:
    """Runs the batch's latest job as the worker would."""
    with system_scope("factory"):
        batch.refresh_from_db()
        run = JobRun.objects.get(key=f"{JOB}:{run_key(batch)}")
    run_job(run.pk)
    with system_scope("factory"):
        return LetterBatch.objects.select_related("cycle__owner", "cycle__programme", "cycle__blueprint").get(
            pk=batch.pk
        )
