"""The job that writes a large workbook."""

from django.utils import timezone

from competitions.contests.domain import imports
from portal.jobs.domain import Progress
from portal.jobs.registry import job


@job(imports.JOB, title="导入赛项数据")
def import_contests(run: Progress, *, batch_id: int) -> str:
    return imports.run_load(run, batch_id=batch_id, now=timezone.now())
