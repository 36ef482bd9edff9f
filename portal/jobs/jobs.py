"""Housekeeping of the jobs themselves."""

from django.utils import timezone

from portal.jobs.domain import Progress
from portal.jobs.models import StoredFile
from portal.jobs.registry import job


@job("jobs.delete_expired_files", title="清理过期文件")
def delete_expired_files(progress: Progress) -> tuple[str, dict]:
    """Removes generated files whose time is over; what is gone already stays gone."""
    rows = list(StoredFile.objects.filter(expires_at__lte=timezone.now()))
    for done, row in enumerate(rows, start=1):
        row.file.delete(save=False)
        row.delete()
        progress.report(done, len(rows))
    return f"清理{len(rows)}个文件", {"deleted": len(rows)}
