"""Report jobs."""

from django.utils import timezone

from portal.jobs.domain import Progress
from portal.jobs.registry import job
from portal.reports.domain import write_yearly_report


@job("reports.yearly", title="年度统计报表")
def yearly(progress: Progress, year: int) -> tuple[str, dict]:
    return write_yearly_report(progress=progress, year=year, now=timezone.now())
