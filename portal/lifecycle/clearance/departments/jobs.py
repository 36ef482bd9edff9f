"""The job that writes letters to departments."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.jobs.domain import Progress
from portal.jobs.registry import job
from portal.lifecycle.clearance.departments.domain import JOB, write_letters


@job(JOB, title=_("制作征求意见函"))
def inquiry_letters(progress: Progress, cycle_id: int, reminder: bool, day: str, answer_by: str) -> tuple[str, dict]:
    return write_letters(
        progress=progress,
        cycle_id=cycle_id,
        reminder=reminder,
        day=dt.date.fromisoformat(day),
        answer_by=dt.date.fromisoformat(answer_by),
        now=timezone.now(),
    )
