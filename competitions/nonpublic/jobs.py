"""Background work of the room."""

from django.utils import timezone
from django.utils.translation import gettext as _

from competitions.nonpublic.domain.coverage import take_snapshot
from portal.jobs.domain import Progress
from portal.jobs.registry import job


@job("competitions.coverage", title="覆盖面时点数据")
def snapshot(progress: Progress, year: int, version: int, reason: str) -> tuple[str, dict]:
    """Keeps the coverage of ``year``; a repeat finds the version there."""
    taken = take_snapshot(actor=progress.actor, year=year, version=version, reason=reason, now=timezone.now())
    return _("已形成%(name)s，共%(n)d个单位。") % {"name": taken, "n": taken.units}, {"snapshot": taken.pk}
