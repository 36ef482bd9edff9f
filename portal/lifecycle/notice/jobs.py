"""Beat's job: end the notices whose last day is over."""

from django.utils import timezone

from portal.core.context import system_actor
from portal.core.errors import DomainError
from portal.jobs.domain import Progress
from portal.jobs.registry import job
from portal.lifecycle.notice.domain import close_notice
from portal.lifecycle.notice.queries import due_notices


@job("lifecycle.close_due_notices", title="结束到期公示")
def close_due_notices(progress: Progress) -> tuple[str, dict]:
    """Each notice in its own transaction; running twice closes nothing twice."""
    now = timezone.now()
    closed, failed = [], []
    notices = list(due_notices(now=now))
    for done, notice in enumerate(notices, start=1):
        try:
            close_notice(notice=notice, actor=system_actor("close_due_notices"), now=now)
            closed.append(notice.code)
        except DomainError as error:
            failed.append([notice.code, error.message])
        progress.report(done, len(notices), notice.title)
    return f"结束{len(closed)}份公示", {"closed": closed, "failed": failed}
