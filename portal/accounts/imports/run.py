"""The two jobs of an import: the dry run, and the application as one transaction or not at all.

They are registered by ``portal.jobs`` (which stands to the right of this package) and get its progress object.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from types import ModuleType
from typing import Any, Protocol

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.enums import ImportKind, ImportState
from portal.accounts.imports import employers, organisations, staff
from portal.accounts.imports.plan import Context, Plan
from portal.accounts.imports.reading import read
from portal.accounts.imports.sheets import SHEETS, Problem, Row
from portal.accounts.models import ImportBatch
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, DomainError
from portal.web.exports import XLSX

log = structlog.get_logger(__name__)
KINDS: dict[str, ModuleType] = {
    ImportKind.ORGANISATIONS: organisations,
    ImportKind.EMPLOYERS: employers,
    ImportKind.STAFF: staff,
}
SHOWN_PROBLEMS = 2000
BROKEN = "检查时出现内部错误，没有写入任何数据。请稍后重新上传；仍不成功请联系系统管理员。"
RACE = "导入期间数据被他人改动，没有写入任何数据。请重新试导。"


class Progress(Protocol):
    """What ``portal.jobs`` hands to a job."""

    actor: Actor

    def report(self, done: int, total: int, stage: str = "") -> None: ...

    def keep_file(self, *, name: str, content: Any, content_type: str, now: dt.datetime | None = None) -> Any: ...


def check_import(run: Progress, *, batch_id: int) -> str:
    """Dry run: reads and checks, writes nothing but the batch's own findings. Safe to run twice."""
    batch = ImportBatch.objects.select_related("organisation").get(pk=batch_id)
    if batch.state != ImportState.CHECKING:
        return "这份文件已经检查过。"
    try:
        plan, count = _examine(run, batch, _context(run, batch))
    except DomainError as error:
        plan, count = Plan(problems=[Problem(0, "", error.message)]), 0
    except Exception:
        _write(batch, Plan(problems=[Problem(0, "", BROKEN)]), count=0)
        raise
    _write(batch, plan, count=count)
    if plan.problems:
        return f"共{count}行，{plan.faulty_rows}行有误，请按错误说明修改后重新上传。"
    return f"共{count}行，全部无误：新增{len(plan.creates)}，更新{len(plan.updates)}，无变化{plan.unchanged}。"


def apply_import(run: Progress, *, batch_id: int, base_url: str = "") -> str:
    """Checks once more under the lock and writes all of it, or nothing. Safe to run twice: an applied batch is left alone."""
    batch = ImportBatch.objects.select_related("organisation").get(pk=batch_id)
    if batch.state == ImportState.APPLIED:
        return "这份文件已经导入过。"
    context = _context(run, batch, base_url)
    rows = _read(run, batch).rows
    run.report(1, 3, "写入")
    try:
        plan = _apply_all(run, batch, rows, context)
    except (DomainError, IntegrityError) as error:
        message = error.message if isinstance(error, DomainError) else RACE
        _write(batch, Plan(problems=[Problem(0, "", message)]), count=batch.rows)
        raise Conflict(message) from error
    except Exception:
        _write(batch, Plan(problems=[Problem(0, "", BROKEN)]), count=batch.rows)
        raise
    run.report(3, 3, "完成")
    return f"已导入：新增{len(plan.creates)}，更新{len(plan.updates)}，无变化{plan.unchanged}。"


def _apply_all(run: Progress, batch: ImportBatch, rows: list[Row], context: Context) -> Plan:
    work = KINDS[batch.kind]
    with transaction.atomic():
        work.lock(context)
        locked = lock_row(ImportBatch, batch.pk)
        if locked.state != ImportState.APPLYING:
            raise Conflict("这份文件不在待导入状态。")
        plan = work.check(rows, context)
        if plan.problems:
            raise Conflict(RACE)
        answer = work.apply(plan, context)
        locked.state, locked.applied_at = ImportState.APPLIED, context.now
        locked.creates, locked.updates, locked.unchanged = len(plan.creates), len(plan.updates), plan.unchanged
        if answer.get("links"):  # in the same transaction: no account without its link
            content = BytesIO(staff.links_workbook(answer["links"]))
            stored = run.keep_file(name="首次登录链接.xlsx", content=content, content_type=XLSX, now=context.now)
            locked.result_file_id = stored.pk
        locked.save(update_fields=["state", "applied_at", "creates", "updates", "unchanged", "result_file_id"])
        record(
            "accounts.import.applied",
            locked,
            actor=context.actor,
            now=context.now,
            kind=batch.kind,
            file=batch.file_name,
            sha256=batch.sha256,
            creates=locked.creates,
            updates=locked.updates,
        )
    return plan


def _context(run: Progress, batch: ImportBatch, base_url: str = "") -> Context:
    return Context(run.actor, batch.organisation, timezone.now(), base_url.rstrip("/"))


def _read(run: Progress, batch: ImportBatch) -> Any:
    run.report(0, 3, "读取文件")
    with batch.file.open("rb") as handle:
        return read(handle.read(), SHEETS[batch.kind])


def _examine(run: Progress, batch: ImportBatch, context: Context) -> tuple[Plan, int]:
    reading = _read(run, batch)
    run.report(1, 3, f"检查 {reading.count} 行")
    plan = KINDS[batch.kind].check(reading.rows, context) if reading.rows else Plan()
    run.report(2, 3, "整理结果")
    plan.problems = sorted([*reading.problems, *plan.problems], key=lambda p: (p.row, p.column))
    return plan, reading.count


def _write(batch: ImportBatch, plan: Plan, *, count: int) -> None:
    faulty = bool(plan.problems)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=ImportState.FAULTY if faulty else ImportState.CHECKED,
        rows=count,
        creates=len(plan.creates),
        updates=len(plan.updates),
        unchanged=plan.unchanged,
        errors=plan.faulty_rows,
        problems=[p.plain() for p in plan.problems[:SHOWN_PROBLEMS]],
        changes=[] if faulty else sorted(plan.changes, key=lambda c: (c["kind"] == "create", c["row"])),
    )
