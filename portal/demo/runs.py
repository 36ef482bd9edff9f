"""Background runs that the story has done itself: no worker runs while the demo is filled, so they are closed here."""

from __future__ import annotations

from portal.jobs import domain as jobs
from portal.jobs.models import JobRun, JobState
from portal.lifecycle.selection.models import SelectionRound
from portal.lifecycle.selection.queries import JOB


def close_produced_rounds() -> int:
    """Closes the waiting runs of stages whose round exists; a worker that hears of them later does nothing. How many."""
    first = {
        round_.stage_id: round_
        for round_ in SelectionRound.objects.order_by("stage_id", "-number").defer("snapshot", "differences")
    }
    closed = 0
    for run in JobRun.objects.filter(kind=JOB, state=JobState.QUEUED):
        round_ = first.get(run.params["stage_id"])
        claimed = jobs.claim(run.pk, now=run.created_at) if round_ else None
        if claimed is not None:
            message, result = f"第{round_.number}轮已产生。", {"round": round_.pk}
            jobs.finish(claimed, state=JobState.SUCCEEDED, message=message, result=result, now=run.created_at)
            closed += 1
    return closed
