"""Writes of the results: by file or by hand, then confirmed by a second person, who turns them into marks."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.imports.reading import check_content
from portal.audit.domain import record
from portal.core.db import lock_row, lock_rows
from portal.core.decisions import refuse
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import policy_for
from portal.core.text import safe_file_name
from portal.lifecycle.blueprints.vocabulary import ReviewMethod
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.imported import queries
from portal.lifecycle.review.imported.models import (
    ContestResult,
    MarksFile,
    ResultBatch,
    ResultBatchState,
    ResultState,
)
from portal.lifecycle.review.imported.workbook import Plan, read_results
from portal.lifecycle.review.models import Assignment, AssignmentState, Panel, Score
from portal.lifecycle.review.sheet import MarkError, parse_mark, plain

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.core.context import Actor
    from portal.lifecycle.blueprints.stages import ReviewParams

PANEL_NAME = "竞赛成绩"
MAX_REASON = 300
SHOWN = 500


# --- by file ------------------------------------------------------------------------------------------------------


def upload_results(*, actor: Actor, stage: CycleStage, file_name: str, content: bytes, now: dt.datetime) -> ResultBatch:
    """Keeps the file and tries it: every problem with its line, or every change it would make. Writes no result.

    Raises Invalid when it is no usable workbook, Conflict when the stage is not open.
    """
    policy_for("result").require(actor, "result.record", stage)
    _require_open(stage, now)
    _require_decoded(stage)
    check_content(content)
    params = params_of(stage)
    plan = read_results(content, params, queries.entries_by_code(stage))
    with transaction.atomic():
        batch = ResultBatch(
            stage=stage,
            file_name=safe_file_name(file_name),
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=actor.user,
            uploaded_at=now,
        )
        keep_findings(batch, plan, params)
        batch.file.save("results.xlsx", ContentFile(content), save=False)
        batch.save()
        record(
            "lifecycle.results.uploaded", batch, actor=actor, now=now, file=batch.file_name, sha256=batch.sha256,
            rows=batch.rows, faulty=batch.faulty_rows, changes=len(plan.changes),
        )  # fmt: skip
    return batch


def keep_findings(batch: MarksFile, plan: Plan, params: ReviewParams) -> None:
    """Writes down what the dry run found; the caller saves."""
    batch.rows, batch.unchanged = plan.count, plan.unchanged
    batch.problems = [problem.plain() for problem in plan.problems[:SHOWN]]
    batch.changes = [] if plan.problems else [change.plain(params) for change in plan.changes]
    batch.state = ResultBatchState.FAULTY if plan.problems else ResultBatchState.CHECKED


def apply_results(*, actor: Actor, batch: ResultBatch, now: dt.datetime) -> ResultBatch:
    """Reads the file again under the stage's lock and records all of it, or nothing.

    Raises Conflict when it was applied or given up already, or no longer fits what is recorded now.
    """
    with transaction.atomic():
        stage = _locked_stage(batch.stage_id)
        policy_for("result").require(actor, "result.record", stage)
        _require_open(stage, now)
        _require_decoded(stage)
        locked = lock_row(ResultBatch, batch.pk)
        if locked.state != ResultBatchState.CHECKED:
            text = _("只有试导无误、尚未导入的成绩单可以导入；现在的状态是“%(s)s”。")
            raise Conflict(text % {"s": locked.get_state_display()})
        entries = queries.entries_by_code(stage)
        lock_rows(Entry.objects.filter(pk__in=[entry.pk for entry in entries.values()]))
        with locked.file.open("rb") as handle:
            plan = read_results(handle.read(), params_of(stage), queries.entries_by_code(stage))
        if plan.problems:
            raise Conflict(_("试导之后成绩或申报件已有变化，没有写入任何成绩。请重新上传。"), code="stale")
        for change in plan.changes:
            _write(
                change.entry, marks=change.marks, absent=change.absent, note=change.note, batch=locked, actor=actor,
                now=now,
            )  # fmt: skip
        locked.state, locked.applied_at = ResultBatchState.APPLIED, now
        locked.save(update_fields=["state", "applied_at"])
        record("lifecycle.results.applied", locked, actor=actor, now=now, sha256=locked.sha256, n=len(plan.changes))
        return locked


def cancel_results(*, actor: Actor, batch: ResultBatch, now: dt.datetime) -> ResultBatch:
    """Gives an unapplied file up and deletes it. Raises Conflict when it has been applied."""
    with transaction.atomic():
        locked = lock_row(ResultBatch, batch.pk)
        policy_for("result").require(actor, "result.record", locked)
        if locked.state not in {ResultBatchState.CHECKED, ResultBatchState.FAULTY}:
            raise Conflict(_("这份成绩单的状态是“%(s)s”，不能放弃。") % {"s": locked.get_state_display()})
        locked.state = ResultBatchState.CANCELLED
        locked.save(update_fields=["state"])
        record("lifecycle.results.cancelled", locked, actor=actor, now=now, sha256=locked.sha256)
        name, storage = locked.file.name, locked.file.storage
        ResultBatch.objects.filter(pk=locked.pk).update(file="")
        transaction.on_commit(lambda: storage.delete(name))
    return locked


# --- by hand ------------------------------------------------------------------------------------------------------


def record_result(
    *, actor: Actor, entry: Entry, typed: Mapping[str, str], absent: bool, note: str, now: dt.datetime
) -> ContestResult:
    """Records the result of one entry; it counts only after somebody else has confirmed it.

    Raises Invalid beside every part that is missing or does not fit, Conflict when the result is confirmed already or
    the entry is not under review.
    """
    with transaction.atomic():
        locked = _locked_entry(entry)
        stage = queries.stage_of_entry(locked)
        policy_for("result").require(actor, "result.record", stage)
        _require_open(stage, now)
        _require_decoded(stage)
        existing = ContestResult.objects.filter(entry=locked).first()
        if existing is not None and existing.is_confirmed:
            raise Conflict(_("成绩已经确认，不能再改；需要更正时请先退回。"), code="confirmed")
        marks = parsed(params_of(stage), typed, absent=absent)
        return _write(locked, marks=marks, absent=absent, note=note.strip(), batch=None, actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class Known:
    """Marks that one person recorded and another confirmed before anybody knew whose they are."""

    marks: dict[str, str]
    absent: bool
    note: str
    recorder: User
    recorded_at: dt.datetime
    confirmer: User
    confirmed_at: dt.datetime


def take_over(*, stage: CycleStage, entry: Entry, known: Known, actor: Actor, now: dt.datetime) -> ContestResult:
    """The decoded marks become the confirmed result of their entry. The caller holds the locks of stage and entry."""
    result = ContestResult.objects.create(
        entry=entry, marks=known.marks, absent=known.absent, note=known.note, state=ResultState.CONFIRMED,
        recorded_by=known.recorder, recorded_at=known.recorded_at, confirmed_by=known.confirmer,
        confirmed_at=known.confirmed_at,
    )  # fmt: skip
    _write_marks(stage, entry, result, now)
    record(
        "lifecycle.result.confirmed", result, actor=actor, now=now, entry=entry.code, marks=known.marks,
        absent=known.absent, recorded_by=known.recorder.pk, confirmed_by=known.confirmer.pk,
    )  # fmt: skip
    return result


def parsed(params: ReviewParams, typed: Mapping[str, str], *, absent: bool) -> dict[str, str]:
    """The marks of one result by part. Raises Invalid beside every part that is missing or does not fit."""
    marks: dict[str, str] = {}
    fields: dict[str, list[str]] = {}
    for criterion in params.rubric:
        name = f"mark_{criterion.code}"
        try:
            value = parse_mark(criterion, typed.get(criterion.code, ""))
        except MarkError as error:
            fields[name] = [str(error)]
            continue
        if value is None and not absent:
            fields[name] = [_("请填写成绩；没有参加的请勾选“缺考”。")]
        elif value is not None and absent:
            fields[name] = [_("缺考的各项成绩应留空。")]
        elif value is not None:
            marks[criterion.code] = plain(value)
    if fields:
        raise Invalid(_("请更正标出的内容。"), fields=fields)
    return marks


def _write(
    entry: Entry, *, marks: dict[str, str], absent: bool, note: str, batch: ResultBatch | None, actor: Actor,
    now: dt.datetime,
) -> ContestResult:  # fmt: skip
    """Stores a result that is not confirmed; the caller has locked the entry."""
    result = ContestResult.objects.filter(entry=entry).first() or ContestResult(entry=entry)
    before = _facts(result) if result.pk else {}
    result.marks, result.absent, result.note, result.batch = marks, absent, note, batch
    result.state, result.return_reason = ResultState.RECORDED, ""
    result.recorded_by, result.recorded_at = actor.user, now
    result.save()
    record(
        "lifecycle.result.recorded", result, actor=actor, now=now, before=before, after=_facts(result),
        entry=entry.code, batch=batch.pk if batch else None,
    )  # fmt: skip
    return result


def _facts(result: ContestResult) -> dict[str, Any]:
    return {"marks": result.marks, "absent": result.absent, "note": result.note, "state": result.state}


# --- the second person --------------------------------------------------------------------------------------------


def confirm_result(*, actor: Actor, result: ContestResult, now: dt.datetime) -> ContestResult:
    """Makes a recorded result count: its parts become the marks of one sheet, handed in.

    Raises Refused when the actor recorded it, Conflict when it is not waiting for confirmation or the review is over.
    """
    with transaction.atomic():
        entry = _locked_entry(result.entry_id)
        locked = lock_row(ContestResult, result.pk)
        policy_for("result").require(actor, "result.confirm", locked)
        stage = queries.stage_of_entry(entry)
        _require_open(stage, now)
        if locked.state != ResultState.RECORDED:
            text = _("“%(e)s”的成绩现为“%(s)s”，不在待确认状态。")
            raise Conflict(text % {"e": entry, "s": locked.get_state_display()})
        _write_marks(stage, entry, locked, now)
        locked.state, locked.confirmed_by, locked.confirmed_at = ResultState.CONFIRMED, actor.user, now
        locked.save(update_fields=["state", "confirmed_by", "confirmed_at", "updated_at"])
        record(
            "lifecycle.result.confirmed", locked, actor=actor, now=now, entry=entry.code, marks=locked.marks,
            absent=locked.absent, recorded_by=locked.recorded_by_id,
        )  # fmt: skip
        return locked


def confirm_all(*, actor: Actor, stage: CycleStage, now: dt.datetime) -> int:
    """Confirms, as one unit, every waiting result of the stage that somebody else recorded; how many.

    Raises Invalid when there is none.
    """
    policy_for("result").require(actor, "result.confirm", stage)
    with transaction.atomic():
        waiting = list(queries.results_to_confirm(stage, actor).order_by("entry_id"))
        if not waiting:
            raise Invalid(_("没有由他人录入、等待确认的成绩。"))
        for result in waiting:
            confirm_result(actor=actor, result=result, now=now)
        return len(waiting)


def return_result(*, actor: Actor, result: ContestResult, reason: str, now: dt.datetime) -> ContestResult:
    """Sends a result back to be checked; a confirmed one no longer counts until it is confirmed again.

    Raises Invalid without a reason, Conflict when it is returned already or the review of the entry is over.
    """
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        text = _("请写明退回原因，最多%(n)s字。") % {"n": MAX_REASON}
        raise Invalid(text, fields={"reason": [text]})
    with transaction.atomic():
        entry = _locked_entry(result.entry_id)
        locked = lock_row(ContestResult, result.pk)
        policy_for("result").require(actor, "result.record", locked)
        _require_open(queries.stage_of_entry(entry), now)
        if locked.state == ResultState.RETURNED:
            raise Conflict(_("这项成绩已经退回。"))
        before = locked.state
        rows = Assignment.objects.filter(entry=entry, panel__is_record=True)
        for sheet in lock_rows(rows):
            sheet.state, sheet.submitted_at = AssignmentState.OPEN, None
            sheet.save(update_fields=["state", "submitted_at", "updated_at"])
        locked.state, locked.return_reason = ResultState.RETURNED, reason
        locked.confirmed_by, locked.confirmed_at = None, None
        locked.save(update_fields=["state", "return_reason", "confirmed_by", "confirmed_at", "updated_at"])
        record(
            "lifecycle.result.returned", locked, actor=actor, now=now, before={"state": before},
            after={"state": locked.state}, reason=reason, entry=entry.code,
        )  # fmt: skip
        return locked


def _write_marks(stage: CycleStage, entry: Entry, result: ContestResult, now: dt.datetime) -> None:
    """The result as the one sheet of its entry; the absent abstain from everything and so have no total."""
    panel, _created = Panel.objects.get_or_create(stage=stage, is_record=True, defaults={"name": PANEL_NAME})
    sheet = Assignment.objects.filter(entry=entry, panel=panel).first() or Assignment(entry=entry, panel=panel)
    sheet.expert_id, sheet.state, sheet.submitted_at = result.recorded_by_id, AssignmentState.SUBMITTED, now
    sheet.comment = result.note
    sheet.save()
    Score.objects.filter(assignment=sheet).delete()
    Score.objects.bulk_create(_scores(sheet, result, [c.code for c in params_of(stage).rubric]))


def _scores(sheet: Assignment, result: ContestResult, codes: Iterable[str]) -> list[Score]:
    if result.absent:
        return [Score(assignment=sheet, criterion=code, abstained=True) for code in codes]
    return [Score(assignment=sheet, criterion=code, value=Decimal(result.marks[code])) for code in codes]


# --- locks --------------------------------------------------------------------------------------------------------


def _locked_entry(entry: Entry | int) -> Entry:
    """The entry, locked and read again; Conflict when it is not under review."""
    locked = lock_row(Entry, getattr(entry, "pk", entry))
    if locked.state != EntryState.IN_REVIEW:
        raise Conflict(_("“%(e)s”现在不在评审中，成绩不再变动。") % {"e": locked}, code="over")
    return locked


def _locked_stage(pk: int) -> CycleStage:
    lock_row(CycleStage, pk)
    return CycleStage.objects.select_related("cycle__owner", "cycle__programme").get(pk=pk)


def _require_open(stage: CycleStage, now: dt.datetime) -> None:
    if stage.params.get("method") != ReviewMethod.IMPORTED_MARKS:
        raise Refused(refuse("method", _("本届次的评审方式不是导入竞赛成绩。")))
    if not stage.is_open_at(now):
        raise Conflict(_("评审环节没有开放，成绩暂不能录入或改动。"), code="closed")


def _require_decoded(stage: CycleStage) -> None:
    """With codes, nobody records a result under a name before two officers have decoded."""
    if queries.is_coded(stage):
        raise Conflict(_("本届实行抽签加密，解密前请在“抽签加密”中按码录入成绩。"), code="coded")
