"""The two jobs of a roster's workbook, and the daily one that deletes what has been kept long enough."""

from django.utils import timezone

from competitions.rosters.domain import imports, retention
from portal.core.context import system_actor
from portal.jobs.domain import Progress
from portal.jobs.registry import job


@job(imports.CHECK, title="试导参赛名单")
def check_roster(run: Progress, *, batch_id: int) -> str:
    return imports.run_check(run, batch_id=batch_id, now=timezone.now())


@job(imports.APPLY, title="导入参赛名单")
def apply_roster(run: Progress, *, batch_id: int) -> str:
    return imports.run_apply(run, batch_id=batch_id, now=timezone.now())


@job("competitions.tidy_rosters", title="清理参赛名单的到期数据")
def tidy_rosters(run: Progress) -> str:
    """Uploads after a week, people after the second year following the competition's. Running twice deletes nothing twice."""
    now, actor = timezone.now(), system_actor("tidy_rosters")
    files = imports.delete_old_files(now=now)
    people = retention.forget_expired(actor=actor, now=now, report=run.report)
    return f"删除{files}份上传的文件，{people}人次的个人信息"
