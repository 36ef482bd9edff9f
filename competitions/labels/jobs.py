"""The two jobs of a workbook of labels."""

from django.utils import timezone

from competitions.labels.domain import imports
from portal.jobs.domain import Progress
from portal.jobs.registry import job


@job(imports.CHECK, title="试导班组称号")
def check_labels(run: Progress, *, batch_id: int) -> str:
    return imports.run_check(run, batch_id=batch_id, now=timezone.now())


@job(imports.APPLY, title="导入班组称号")
def apply_labels(run: Progress, *, batch_id: int) -> str:
    return imports.run_apply(run, batch_id=batch_id, now=timezone.now())
