"""Marks under codes: one by one or by file, then confirmed by a second person, all before anybody knows whose they are."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.imports.reading import check_content
from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.codes import queries
from portal.lifecycle.review.codes.domain import open_stage
from portal.lifecycle.review.codes.models import CodeApproval, CodedBatch, CodedMark
from portal.lifecycle.review.codes.workbook import named_in, only_data, read_marks, texts_of, typed_code
from portal.lifecycle.review.imported.domain import keep_findings, parsed
from portal.lifecycle.review.imported.models import ResultBatchState, ResultState

if TYPE_CHECKING:
    from portal.core.context import Actor

MAX_REASON = 300
SALT_BYTES = 16
FORMAT = "coded-mark-1"
UNAPPLIED = {ResultBatchState.CHECKED, ResultBatchState.FAULTY}


def mark_hash(*, code: str, marks: Mapping[str, str], absent: bool, note: str, salt: str) -> str:
    """What the log keeps of a mark until decoding: whoever holds a table reads no marks out of the log."""
    text = json.dumps(
        [FORMAT, code, sorted(marks.items()), absent, note, salt], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _stage(actor: Actor, pk: int, now: dt.datetime) -> CycleStage:
    """As ``open_stage``; Conflict also when somebody has confirmed decoding: marks are locked from then on."""
    locked = open_stage(actor, pk, "codes.mark", now)
    if CodeApproval.objects.filter(stage=locked).exists():
        raise Conflict(_("已经有人确认解密，成绩已锁定。"), code="locked")
    return locked


def _require_nameless(stage: CycleStage, texts: Iterable[str], *, field: str) -> None:
    if found := named_in(texts, queries.names(stage)):
        text = _("出现了选手的信息“%s”，没有保存：按码成绩里不得有姓名、单位或申报编号。") % found
        raise Invalid(text, fields={field: [text]})


def _write(
    stage: CycleStage, *, code: str, marks: dict[str, str], absent: bool, note: str, batch: CodedBatch | None,
    actor: Actor, now: dt.datetime,
) -> CodedMark:  # fmt: skip
    facts = {"marks": marks, "absent": absent, "note": note}
    written = {"salt": secrets.token_hex(SALT_BYTES), "recorded_by": actor.user, "recorded_at": now, "batch": batch}
    row, _created = CodedMark.objects.update_or_create(
        stage=stage, code=code, defaults=facts | written | {"state": ResultState.RECORDED, "return_reason": ""}
    )
    record(
        "lifecycle.codes.marked", row, actor=actor, now=now, code=code,
        sha256=mark_hash(code=code, salt=row.salt, **facts), batch=batch.pk if batch else None,
    )  # fmt: skip
    return row


def mark(
    *, actor: Actor, stage: CycleStage, code: str, typed: Mapping[str, str], absent: bool, note: str, now: dt.datetime
) -> CodedMark:
    """Records the marks of a code; they may be corrected until a second person has confirmed them.

    Raises Invalid for an unknown code, a note that names people or marks that do not fit, Conflict when the marks are
    confirmed or locked.
    """
    note = note.strip()
    with transaction.atomic():
        locked = _stage(actor, stage.pk, now)
        codes = queries.last_codes(locked)
        code = typed_code(code, codes)
        if code not in codes:
            raise Invalid(_("没有“%s”这个码。") % code)
        known = queries.marks(locked).get(code)
        if known is not None and known.is_confirmed:
            raise Conflict(_("“%s”的成绩已经复核，不能再改；需要更正时请先退回。") % code, code="confirmed")
        marks = parsed(params_of(locked), typed, absent=absent)
        _require_nameless(locked, [note], field="note")
        return _write(locked, code=code, marks=marks, absent=absent, note=note, batch=None, actor=actor, now=now)


# --- by file ---


def upload_marks(*, actor: Actor, stage: CycleStage, content: bytes, now: dt.datetime) -> CodedBatch:
    """Keeps the data of the file and tries it: every problem with its line, or every change. Writes no mark.

    The file's own name and properties are not kept. Raises Invalid when it is no usable workbook or names anybody who
    takes part, Conflict when codes are missing or marks are locked.
    """
    policy_for("codes").require(actor, "codes.mark", stage)
    check_content(content)
    with transaction.atomic():
        locked = _stage(actor, stage.pk, now)
        codes = queries.last_codes(locked)
        if not codes:
            raise Conflict(_("各次加密都抽签后才能导入按码成绩。"))
        params = params_of(locked)
        plan = read_marks(content, params, codes, queries.marks(locked))
        _require_nameless(locked, texts_of(content), field="file")
        data = only_data(content)
        number = CodedBatch.objects.filter(stage=locked).count() + 1
        batch = CodedBatch(
            stage=locked, file_name=_("按码成绩单（第%d份）.xlsx") % number, sha256=hashlib.sha256(data).hexdigest(),
            uploaded_by=actor.user, uploaded_at=now,
        )  # fmt: skip
        keep_findings(batch, plan, params)
        batch.file.save("coded-marks.xlsx", ContentFile(data), save=False)
        batch.save()
        record(
            "lifecycle.codes.uploaded", batch, actor=actor, now=now, file=batch.file_name, sha256=batch.sha256,
            rows=batch.rows, faulty=batch.faulty_rows, changes=len(plan.changes),
        )  # fmt: skip
        return batch


def apply_marks(*, actor: Actor, batch: CodedBatch, now: dt.datetime) -> CodedBatch:
    """Reads the kept data again under the stage's lock and records all of it, or nothing.

    Raises Conflict when it was applied or given up already, or no longer fits what is recorded now.
    """
    with transaction.atomic():
        stage = _stage(actor, batch.stage_id, now)
        locked = lock_row(CodedBatch, batch.pk)
        if locked.state != ResultBatchState.CHECKED:
            text = _("只有试导无误、尚未导入的成绩单可以导入；现在的状态是“%(s)s”。")
            raise Conflict(text % {"s": locked.get_state_display()})
        with locked.file.open("rb") as handle:
            plan = read_marks(handle.read(), params_of(stage), queries.last_codes(stage), queries.marks(stage))
        if plan.problems:
            raise Conflict(_("试导之后密码或成绩已有变化，没有写入任何成绩。请重新上传。"), code="stale")
        _require_nameless(stage, [change.note for change in plan.changes], field="file")
        for change in plan.changes:
            _write(
                stage, code=change.code, marks=change.marks, absent=change.absent, note=change.note, batch=locked,
                actor=actor, now=now,
            )  # fmt: skip
        locked.state, locked.applied_at = ResultBatchState.APPLIED, now
        locked.save(update_fields=["state", "applied_at"])
        record("lifecycle.codes.applied", locked, actor=actor, now=now, sha256=locked.sha256, n=len(plan.changes))
        return locked


def cancel_marks(*, actor: Actor, batch: CodedBatch, now: dt.datetime) -> CodedBatch:
    """Gives an unapplied file up and deletes it. Raises Conflict when it has been applied."""
    with transaction.atomic():
        policy_for("codes").require(actor, "codes.mark", batch.stage)
        locked = lock_row(CodedBatch, batch.pk)
        if locked.state not in UNAPPLIED:
            raise Conflict(_("这份成绩单的状态是“%(s)s”，不能放弃。") % {"s": locked.get_state_display()})
        locked.state = ResultBatchState.CANCELLED
        locked.save(update_fields=["state"])
        record("lifecycle.codes.file_cancelled", locked, actor=actor, now=now, sha256=locked.sha256)
        name, storage = locked.file.name, locked.file.storage
        CodedBatch.objects.filter(pk=locked.pk).update(file="")
        transaction.on_commit(lambda: storage.delete(name))
    return locked


# --- the second person ---


def confirm_marks(*, actor: Actor, stage: CycleStage, now: dt.datetime) -> int:
    """Confirms, as one unit, every waiting mark that somebody else recorded; how many.

    Raises Invalid when there is none, Conflict when marks are locked.
    """
    with transaction.atomic():
        locked = _stage(actor, stage.pk, now)
        waiting = [row for row in queries.marks(locked).values() if queries.waits_for(row, actor)]
        if not waiting:
            raise Invalid(_("没有由他人录入、等待复核的成绩。"))
        for row in waiting:
            row.state, row.confirmed_by, row.confirmed_at = ResultState.CONFIRMED, actor.user, now
            row.save(update_fields=["state", "confirmed_by", "confirmed_at"])
            facts = {"code": row.code, "marks": row.marks, "absent": row.absent, "note": row.note}
            record(
                "lifecycle.codes.confirmed", row, actor=actor, now=now, code=row.code,
                sha256=mark_hash(salt=row.salt, **facts),
            )  # fmt: skip
        return len(waiting)


def return_mark(*, actor: Actor, stage: CycleStage, code: str, reason: str, now: dt.datetime) -> CodedMark:
    """Sends the marks of a code back to be checked, also confirmed ones, until somebody confirms decoding.

    Raises Invalid without a reason or with one that names people, Conflict when there is nothing to send back.
    """
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        text = _("请写明退回原因，最多%(n)s字。") % {"n": MAX_REASON}
        raise Invalid(text, fields={"reason": [text]})
    with transaction.atomic():
        locked = _stage(actor, stage.pk, now)
        row = queries.marks(locked).get(code)
        if row is None or row.state == ResultState.RETURNED:
            raise Conflict(_("这个码没有可以退回的成绩。"))
        _require_nameless(locked, [reason], field="reason")
        before = row.state
        row.state, row.return_reason = ResultState.RETURNED, reason
        row.confirmed_by, row.confirmed_at = None, None
        row.save(update_fields=["state", "return_reason", "confirmed_by", "confirmed_at"])
        record(
            "lifecycle.codes.returned", row, actor=actor, now=now, before={"state": before},
            after={"state": row.state}, code=code, reason=reason,
        )  # fmt: skip
        return row
