"""Beat's job: accepted competitions begin on their first day."""

from django.utils import timezone

from competitions.filings import queries
from competitions.filings.domain.review import start_filing
from portal.core.context import system_actor
from portal.core.dates import local_date
from portal.core.errors import DomainError
from portal.jobs.domain import Progress
from portal.jobs.registry import job


@job("competitions.start_filings", title="启动到期的竞赛")
def start_filings(progress: Progress) -> tuple[str, dict]:
    """Each in its own transaction; what was begun or changed meanwhile is left alone."""
    now, actor = timezone.now(), system_actor("start_filings")
    due = list(queries.running_to_start(local_date(now)))
    begun, failed = [], []
    for done, filing in enumerate(due, start=1):
        try:
            begun.append(start_filing(actor=actor, filing=filing, now=now).pk)
        except DomainError as error:
            failed.append([filing.pk, error.message])
        progress.report(done, len(due), filing.title)
    return f"启动{len(begun)}项竞赛", {"begun": begun, "failed": failed}
