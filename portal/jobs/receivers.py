"""Work that packages to the left ask for, and stored paths that follow a moved organisation."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.dispatch import receiver
from django.utils import timezone

from portal.accounts.domain.imports import APPLY_JOB, CHECK_JOB, delete_old_files
from portal.accounts.imports.run import apply_import, check_import
from portal.accounts.signals import organisation_moved, work_requested
from portal.core.context import Actor
from portal.core.scoping import system_scope
from portal.jobs.domain import Progress, start
from portal.jobs.models import JobRun, StoredFile
from portal.jobs.registry import job

job(CHECK_JOB, title="试导工作簿", max_attempts=1)(check_import)
job(APPLY_JOB, title="导入工作簿", max_attempts=1)(apply_import)


@job("accounts.delete_old_imports", title="清理导入文件")
def delete_old_imports(progress: Progress) -> str:
    """Uploaded workbooks hold personal data and are not kept."""
    return f"清理{delete_old_files(now=timezone.now())}个文件"


@receiver(work_requested)
def start_work(sender: Any, *, name: str, key: str, params: dict, title: str, actor: Actor, **kwargs: Any) -> JobRun:
    return start(name, key=key, actor=actor, params=params, title=title)


@receiver(organisation_moved)
def follow(sender: Any, *, old_path: str, new_path: str, **kwargs: Any) -> None:
    """Runs and their products stay with the organisation that asked for them."""
    with system_scope("paths follow a moved organisation"):
        for model in (JobRun, StoredFile):
            rows = model.objects.filter(organisation_path__startswith=old_path)
            rows.update(organisation_path=Concat(Value(new_path), Substr(F("organisation_path"), len(old_path) + 1)))
