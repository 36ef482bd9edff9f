"""A workbook of labels comes in, is tried, and is applied or given up – each by a job; the file is kept only in between."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.labels import workbook
from competitions.labels.models import LabelImport
from portal.accounts.enums import ImportState
from portal.accounts.imports.plan import Plan
from portal.accounts.imports.reading import check_content, read
from portal.accounts.imports.sheets import Problem
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, DomainError
from portal.core.policies import policy_for
from portal.core.text import safe_file_name
from portal.jobs import domain as jobs
from portal.jobs.models import JobRun

CHECK, APPLY = "competitions.check_labels", "competitions.apply_labels"
SHOWN = 1000
BROKEN = "处理时出现内部错误，没有写入任何数据。请稍后重新上传；仍不成功请联系系统管理员。"
RACE = "试导以后数据有变化，没有写入任何数据。请重新上传试导。"


@transaction.atomic
def upload(
    *, actor: Actor, organisation: Organisation, file_name: str, content: bytes, now: dt.datetime
) -> LabelImport:
    """Keeps the file and starts the dry run. Raises Invalid when it is no usable workbook."""
    policy_for("teamlabel").require(actor, "import")
    check_content(content)
    batch = LabelImport.objects.create(
        organisation=organisation, content=content, file_name=safe_file_name(file_name),
        sha256=hashlib.sha256(content).hexdigest(), uploaded_by=actor.user, uploaded_at=now,
    )  # fmt: skip
    record("competitions.label.import_tried", batch, actor=actor, now=now, sha256=batch.sha256)
    _start(batch, CHECK, actor, _("试导：%s") % batch.file_name, now)
    return batch


@transaction.atomic
def start_apply(*, actor: Actor, batch: LabelImport, now: dt.datetime) -> LabelImport:
    """Starts the application of a checked file. Raises Conflict when it is not (or no longer) ready."""
    row = lock_row(LabelImport, batch.pk)
    policy_for("teamlabel").require(actor, "import")
    if row.status != ImportState.CHECKED:
        raise Conflict(_("只有试导无误、尚未导入的文件可以正式导入。"))
    row.status = ImportState.APPLYING
    row.save(update_fields=["status"])
    _start(row, APPLY, actor, _("导入：%s") % row.file_name, now)
    return row


def _start(batch: LabelImport, job: str, actor: Actor, title: str, now: dt.datetime) -> None:
    jobs.start(job, key=str(batch.pk), actor=actor, params={"batch_id": batch.pk}, title=title, now=now)


def run_of(batch: LabelImport) -> JobRun | None:
    """The run that works on the file now; None when nothing is under way."""
    job = {ImportState.CHECKING: CHECK, ImportState.APPLYING: APPLY}.get(ImportState(batch.status))
    return JobRun.objects.filter(key=f"{job}:{batch.pk}").first() if job else None


def run_check(run: Any, *, batch_id: int, now: dt.datetime) -> str:
    """Dry run: writes nothing but its findings. Safe to run twice."""
    batch = LabelImport.objects.select_related("organisation").get(pk=batch_id)
    if batch.status != ImportState.CHECKING:
        return "这份文件已经检查过。"
    run.report(0, 2, "读取文件")
    try:
        reading = read(bytes(batch.content), workbook.SHEET)
        if len(reading.rows) > workbook.MAX_ROWS:
            reading.problems.append(Problem(0, "", _("超过%d行，请分批导入。") % workbook.MAX_ROWS))
        run.report(1, 2, f"检查 {reading.count} 行")
        plan = workbook.check(reading.rows, batch.organisation, now=now) if reading.rows else Plan()
    except DomainError as error:
        return _found_faulty(batch, error.message)
    except Exception:
        _found_faulty(batch, BROKEN)
        raise
    problems = sorted([*reading.problems, *plan.problems], key=lambda p: (p.row, p.column))
    LabelImport.objects.filter(pk=batch.pk, status=ImportState.CHECKING).update(
        status=ImportState.FAULTY if problems else ImportState.CHECKED,
        rows=reading.count, creates=len(plan.creates), updates=len(plan.updates), unchanged=plan.unchanged,
        errors=len({p.row for p in problems}), problems=[p.plain() for p in problems[:SHOWN]],
        changes=[] if problems else plan.changes,
    )  # fmt: skip
    run.report(2, 2, "完成")
    if problems:
        return f"共{reading.count}行，{len({p.row for p in problems})}行有误，请按错误说明修改后重新上传。"
    return f"共{reading.count}行，全部无误：新增{len(plan.creates)}，更新{len(plan.updates)}，无变化{plan.unchanged}。"


def run_apply(run: Any, *, batch_id: int, now: dt.datetime) -> str:
    """Checks once more under the lock and writes all of it, or nothing. An applied file is left alone."""
    batch = LabelImport.objects.get(pk=batch_id)
    if batch.status != ImportState.APPLYING:
        return "这份文件已经办理过。"
    run.report(1, 3, "核对并写入")  # not inside the transaction: the heartbeat would wait for it
    try:
        row = _apply(batch, run.actor, now)
    except (DomainError, IntegrityError) as error:
        message = error.message if isinstance(error, DomainError) else RACE
        _found_faulty(batch, message)
        raise Conflict(message) from error
    except Exception:
        _found_faulty(batch, BROKEN)
        raise
    run.report(3, 3, "完成")
    return f"已导入：新增{row.creates}，更新{row.updates}，无变化{row.unchanged}。"


@transaction.atomic
def _apply(batch: LabelImport, actor: Actor, now: dt.datetime) -> LabelImport:
    row = lock_row(LabelImport, batch.pk)
    policy_for("teamlabel").require(actor, "import")
    if row.status != ImportState.APPLYING:
        raise Conflict(_("这份文件不在待导入状态。"))
    advisory_lock("labels", "import")  # two imports at once would give one label twice
    plan = workbook.check(read(bytes(row.content), workbook.SHEET).rows, row.organisation, now=now)
    if plan.problems:
        raise Conflict(RACE)
    workbook.apply(plan, row.organisation)
    row.status, row.applied_at, row.content = ImportState.APPLIED, now, b""
    row.creates, row.updates, row.unchanged = len(plan.creates), len(plan.updates), plan.unchanged
    row.save()
    record(
        "competitions.label.imported", row, actor=actor, now=now, sha256=row.sha256, creates=row.creates,
        updates=row.updates,
    )  # fmt: skip
    return row


def _found_faulty(batch: LabelImport, message: str) -> str:
    problem = Problem(0, "", message).plain()
    LabelImport.objects.filter(pk=batch.pk).update(status=ImportState.FAULTY, errors=1, problems=[problem], changes=[])
    return message


@transaction.atomic
def give_up(*, actor: Actor, batch: LabelImport, now: dt.datetime) -> LabelImport:
    """Deletes the uploaded file. Raises Conflict when it was applied or given up."""
    row = lock_row(LabelImport, batch.pk)
    policy_for("teamlabel").require(actor, "import")
    if row.status not in {ImportState.CHECKING, ImportState.CHECKED, ImportState.FAULTY}:
        raise Conflict(_("这份文件正在写入，或者已经处理过。"))
    row.status, row.content, row.changes = ImportState.CANCELLED, b"", []
    row.save()
    record("competitions.label.import_given_up", row, actor=actor, now=now)
    return row
