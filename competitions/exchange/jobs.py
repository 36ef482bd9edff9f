"""Background work of the room."""

from competitions.exchange.domain.reads import collect_reads
from portal.jobs.domain import Progress
from portal.jobs.registry import job


@job("competitions.collect_reads", title="汇总案例阅读量")
def collect(run: Progress) -> str:
    """Every quarter of an hour."""
    return f"新增{collect_reads()}次阅读"
