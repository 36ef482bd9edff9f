"""A workbook of labels comes in, is tried, and is applied or given up; the file is kept only in between."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction
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
from portal.core.errors import Conflict
from portal.core.policies import policy_for
from portal.core.text import safe_file_name

SHOWN = 1000


@transaction.atomic
def try_import(
    *, actor: Actor, organisation: Organisation, file_name: str, content: bytes, now: dt.datetime
) -> LabelImport:
    """The dry run: reads and checks, writes nothing but its findings. Raises Invalid when it is no usable workbook."""
    policy_for("teamlabel").require(actor, "import")
    check_content(content)
    reading = read(content, workbook.SHEET)
    if len(reading.rows) > workbook.MAX_ROWS:
        reading.problems.append(Problem(0, "", _("超过%d行，请分批导入。") % workbook.MAX_ROWS))
    plan = workbook.check(reading.rows, organisation, now=now) if reading.rows else Plan()
    problems = sorted([*reading.problems, *plan.problems], key=lambda p: (p.row, p.column))
    batch = LabelImport.objects.create(
        organisation=organisation, content=content, file_name=safe_file_name(file_name),
        sha256=hashlib.sha256(content).hexdigest(), uploaded_by=actor.user, uploaded_at=now, rows=reading.count,
        status=ImportState.FAULTY if problems else ImportState.CHECKED,
        creates=len(plan.creates), updates=len(plan.updates), unchanged=plan.unchanged,
        errors=len({p.row for p in problems}), problems=[p.plain() for p in problems[:SHOWN]],
        changes=[] if problems else plan.changes,
    )  # fmt: skip
    record("competitions.label.import_tried", batch, actor=actor, now=now, sha256=batch.sha256, rows=batch.rows)
    return batch


@transaction.atomic
def apply_import(*, actor: Actor, batch: LabelImport, now: dt.datetime) -> LabelImport:
    """Checks once more and writes all of it, or nothing. Raises Conflict when it is not ready, or no longer fits."""
    row = lock_row(LabelImport, batch.pk)
    policy_for("teamlabel").require(actor, "import")
    if row.status != ImportState.CHECKED:
        raise Conflict(_("只有试导无误、尚未导入的文件可以正式导入。"))
    advisory_lock("labels", "import")  # two imports at once would give one label twice
    plan = workbook.check(read(bytes(row.content), workbook.SHEET).rows, row.organisation, now=now)
    if plan.problems:
        raise Conflict(_("试导以后数据有变化，没有写入任何数据。请重新上传试导。"))
    workbook.apply(plan, row.organisation)
    row.status, row.applied_at, row.content = ImportState.APPLIED, now, b""
    row.creates, row.updates, row.unchanged = len(plan.creates), len(plan.updates), plan.unchanged
    row.save()
    record(
        "competitions.label.imported", row, actor=actor, now=now, sha256=row.sha256, creates=row.creates,
        updates=row.updates,
    )  # fmt: skip
    return row


@transaction.atomic
def give_up(*, actor: Actor, batch: LabelImport, now: dt.datetime) -> LabelImport:
    """Deletes the uploaded file. Raises Conflict when it was applied or given up."""
    row = lock_row(LabelImport, batch.pk)
    policy_for("teamlabel").require(actor, "import")
    if row.status not in {ImportState.CHECKED, ImportState.FAULTY}:
        raise Conflict(_("这份文件已经处理过。"))
    row.status, row.content, row.changes = ImportState.CANCELLED, b"", []
    row.save()
    record("competitions.label.import_given_up", row, actor=actor, now=now)
    return row
