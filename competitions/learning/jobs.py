"""The two jobs of a list of completions, and the daily one that deletes uploads after a week."""

from django.utils import timezone

from competitions.learning.domain import completions
from portal.jobs.domain import Progress
from portal.jobs.registry import job


@job(completions.CHECK, title="试导结业名单")
def check_completions(run: Progress, *, batch_id: int) -> str:
    return completions.run_check(run, batch_id=batch_id, now=timezone.now())


@job(completions.APPLY, title="导入结业名单")
def apply_completions(run: Progress, *, batch_id: int) -> str:
    return completions.run_apply(run, batch_id=batch_id, now=timezone.now())


@job("competitions.tidy_completions", title="清理结业名单文件")
def tidy_completions(run: Progress) -> str:
    """Uploads after a week. Running twice deletes nothing twice."""
    return f"删除{completions.delete_old_files(now=timezone.now())}份上传的文件"
