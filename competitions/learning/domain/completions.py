"""A list of completions comes in, is tried, and is applied or given up. On disk it lies encrypted, for a week at most."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.learning import workbook
from competitions.learning.models import Completion, CompletionImport
from portal.accounts.enums import ImportState
from portal.accounts.imports.plan import Plan
from portal.accounts.imports.reading import check_content, read
from portal.accounts.imports.sheets import Problem, Row
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.crypto import decrypt, encrypt
from portal.core.db import lock_row, require_transaction
from portal.core.errors import Conflict, DomainError, Invalid
from portal.core.policies import policy_for
from portal.core.text import safe_file_name
from portal.jobs import domain as jobs

CHECK, APPLY = "competitions.check_completions", "competitions.apply_completions"
KEEP = dt.timedelta(days=7)
SHOWN_PROBLEMS = 2000
BROKEN = "检查时出现内部错误，没有写入任何数据。请稍后重新上传；仍不成功请联系系统管理员。"
RACE = "导入期间记录被他人改动，没有写入任何数据。请重新上传试导。"


def upload_completions(
    *, actor: Actor, organisation: Organisation, file_name: str, content: bytes, now: dt.datetime
) -> CompletionImport:
    """Keeps the file, encrypted, and starts the dry run. Raises Invalid when it is no usable workbook."""
    policy_for("completion").require(actor, "import")
    check_content(content)
    with transaction.atomic():
        batch = CompletionImport(
            organisation=organisation, file_name=safe_file_name(file_name),
            sha256=hashlib.sha256(content).hexdigest(), uploaded_by=actor.user, uploaded_at=now,
        )  # fmt: skip
        policy_for("completion").require(actor, "import", batch)
        sealed = encrypt(base64.b64encode(content).decode())
        batch.file.save("completions.enc", ContentFile(sealed.encode()), save=False)
        batch.save()
        record("competitions.completion.upload_kept", batch, actor=actor, now=now, sha256=batch.sha256)
        _start(batch, CHECK, actor, _("试导：%s") % batch.file_name, now)
    return batch


def content_of(batch: CompletionImport) -> bytes:
    """The workbook as it was uploaded."""
    with batch.file.open("rb") as handle:
        return base64.b64decode(decrypt(handle.read().decode()))


def _start(batch: CompletionImport, job: str, actor: Actor, title: str, now: dt.datetime) -> None:
    run = jobs.start(job, key=str(batch.pk), actor=actor, params={"batch_id": batch.pk}, title=title, now=now)
    batch.job_id = run.pk
    batch.save(update_fields=["job_id"])


@transaction.atomic
def start_apply(*, actor: Actor, batch: CompletionImport, now: dt.datetime) -> CompletionImport:
    """Starts the application of a checked file. Raises Conflict when it is not (or no longer) ready."""
    batch = lock_row(CompletionImport, batch.pk)
    policy_for("completion").require(actor, "import", batch)
    if batch.state != ImportState.CHECKED:
        state = batch.get_state_display()
        raise Conflict(_("只有试导无误、尚未导入的文件可以正式导入；现在的状态是“%s”。") % state)
    batch.state = ImportState.APPLYING
    batch.save(update_fields=["state"])
    _start(batch, APPLY, actor, _("导入：%s") % batch.file_name, now)
    return batch


@transaction.atomic
def give_up(*, actor: Actor, batch: CompletionImport, now: dt.datetime) -> CompletionImport:
    """Deletes the uploaded file. Raises Conflict while it is being applied and afterwards."""
    batch = lock_row(CompletionImport, batch.pk)
    policy_for("completion").require(actor, "import", batch)
    if batch.state in {ImportState.APPLYING, ImportState.APPLIED, ImportState.CANCELLED}:
        raise Conflict(_("这份文件的状态是“%s”，不能放弃。") % batch.get_state_display())
    batch.state, batch.changes = ImportState.CANCELLED, []
    batch.save(update_fields=["state", "changes"])
    record("competitions.completion.upload_given_up", batch, actor=actor, now=now)
    transaction.on_commit(lambda: delete_file(batch))
    return batch


@transaction.atomic
def read_errors(*, actor: Actor, batch: CompletionImport, now: dt.datetime) -> bytes:
    """The uploaded workbook for the one who uploaded it (it holds whole numbers); that it was read is recorded."""
    policy_for("completion").require(actor, "import", batch)
    record("competitions.completion.errors_read", batch, actor=actor, now=now)
    return content_of(batch)


@transaction.atomic
def remove_completion(*, actor: Actor, completion: Completion, reason: str, now: dt.datetime) -> None:
    """Deletes a record entered by mistake; the reason stays in the log, the person does not. Raises Invalid without one."""
    row = lock_row(Completion, completion.pk)
    policy_for("completion").require(actor, "remove", row)
    if not reason.strip():
        message = _("请填写删除原因。")
        raise Invalid(message, fields={"reason": [message]})
    facts = {"course": row.course, "finished_on": str(row.finished_on), "reason": reason.strip()}
    record("competitions.completion.removed", row, actor=actor, now=now, **facts)
    row.delete()


def delete_file(batch: CompletionImport) -> None:
    batch.file.delete(save=False)
    CompletionImport.objects.filter(pk=batch.pk).update(file="", changes=[])


def delete_old_files(*, now: dt.datetime) -> int:
    """Uploads go a week after they came, whatever became of them. How many went."""
    rows = list(CompletionImport.objects.filter(uploaded_at__lte=now - KEEP).exclude(file="")[:500])
    for batch in rows:
        delete_file(batch)
    return len(rows)


def run_check(run: Any, *, batch_id: int, now: dt.datetime) -> str:
    """Dry run: writes nothing but its findings. Safe to run twice."""
    batch = CompletionImport.objects.select_related("organisation").get(pk=batch_id)
    if batch.state != ImportState.CHECKING:
        return "这份文件已经检查过。"
    try:
        plan, count = _examine(run, batch, now)
    except DomainError as error:
        plan, count = Plan(problems=[Problem(0, "", error.message)]), 0
    except Exception:
        _keep(batch, Plan(problems=[Problem(0, "", BROKEN)]), 0)
        raise
    _keep(batch, plan, count)
    if plan.problems:
        return f"共{count}行，{plan.faulty_rows}行有误，请按错误说明修改后重新上传。"
    return f"共{count}行，全部无误：新增{len(plan.creates)}，更新{len(plan.updates)}，无变化{plan.unchanged}。"


def _examine(run: Any, batch: CompletionImport, now: dt.datetime) -> tuple[Plan, int]:
    run.report(0, 1, "读取文件")
    reading = read(content_of(batch), workbook.SHEET)
    rows = reading.rows
    plan = workbook.check(rows, batch.organisation, now=now, report=run.report) if rows else Plan()
    plan.problems = sorted([*reading.problems, *plan.problems], key=lambda p: (p.row, p.column))
    return plan, reading.count


def run_apply(run: Any, *, batch_id: int, now: dt.datetime) -> str:
    """Checks once more and writes all of it, or nothing. An applied file is left alone."""
    batch = CompletionImport.objects.get(pk=batch_id)
    if batch.state == ImportState.APPLIED:
        return "这份文件已经导入过。"
    run.report(0, 3, "读取文件")
    rows = read(content_of(batch), workbook.SHEET).rows
    run.report(1, 3, "写入")  # not inside the transaction: the heartbeat would wait for it
    try:
        with transaction.atomic():
            plan = _apply(run, batch, rows, now)
    except (DomainError, IntegrityError) as error:
        message = error.message if isinstance(error, DomainError) else RACE
        _keep(batch, Plan(problems=[Problem(0, "", message)]), batch.rows)
        raise Conflict(message) from error
    except Exception:
        _keep(batch, Plan(problems=[Problem(0, "", BROKEN)]), batch.rows)
        raise
    delete_file(batch)
    run.report(3, 3, "完成")
    return f"已导入：新增{len(plan.creates)}，更新{len(plan.updates)}，无变化{plan.unchanged}。"


def _apply(run: Any, batch: CompletionImport, rows: list[Row], now: dt.datetime) -> Plan:
    locked = lock_row(CompletionImport, batch.pk)
    if locked.state != ImportState.APPLYING:
        raise Conflict("这份文件不在待导入状态。")
    plan = enter_rows(actor=run.actor, organisation=locked.organisation, rows=rows, batch=locked, now=now)
    locked.state, locked.applied_at, locked.changes = ImportState.APPLIED, now, []
    locked.creates, locked.updates, locked.unchanged = len(plan.creates), len(plan.updates), plan.unchanged
    locked.save()
    record(
        "competitions.completion.imported", locked, actor=run.actor, now=now, sha256=locked.sha256,
        creates=locked.creates, updates=locked.updates,
    )  # fmt: skip
    return plan


def enter_rows(
    *, actor: Actor, organisation: Organisation, rows: list[Row], batch: CompletionImport | None, now: dt.datetime
) -> Plan:
    """Enters and updates all ``rows`` for ``organisation``, or none: raises Conflict when one of them does not fit.

    Another import of the same union waits for the lock on the organisation.
    """
    require_transaction()
    policy_for("completion").require(actor, "import")
    lock_row(Organisation, organisation.pk)
    plan = workbook.check(rows, organisation, now=now)
    if plan.problems:
        raise Conflict(RACE)
    workbook.apply(plan, organisation, actor=actor, batch=batch, now=now)
    return plan


def _keep(batch: CompletionImport, plan: Plan, count: int) -> None:
    faulty = bool(plan.problems)
    CompletionImport.objects.filter(pk=batch.pk).update(
        state=ImportState.FAULTY if faulty else ImportState.CHECKED,
        rows=count,
        creates=len(plan.creates),
        updates=len(plan.updates),
        unchanged=plan.unchanged,
        errors=plan.faulty_rows,
        problems=[problem.plain() for problem in plan.problems[:SHOWN_PROBLEMS]],
        changes=[] if faulty else sorted(plan.changes, key=lambda c: (c["kind"] == "create", c["row"])),
    )
