"""What an expert does with an assignment: mark, abstain, comment, submit, recuse. Each under the assignment's lock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from portal.audit.domain import record
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.checklist.completeness import require_items
from portal.lifecycle.review.checklist.sheets import review_items
from portal.lifecycle.review.models import Assignment, AssignmentState, Score
from portal.lifecycle.review.seals import break_seal, seal_sheet
from portal.lifecycle.review.sheet import MarkError, Sheet, StoredMark, make_sheet, parse_mark, plain

if TYPE_CHECKING:
    from portal.core.context import Actor

MAX_REASON = 300


def save_marks(
    *, actor: Actor, assignment: Assignment, typed: Mapping[str, str], abstained: Mapping[str, bool], now: dt.datetime
) -> Sheet:
    """Keeps what was typed for the criteria named in ``typed`` (an empty text takes a mark back) and in ``abstained``.

    A mark that does not fit is not stored; it comes back in the sheet with its message while the others are kept.
    Raises Conflict when the sheet has been submitted or recused, or the review is over; Refused for another's sheet.
    Two pages saving at once follow one another; each gets the sheet as it then is.
    """
    with transaction.atomic():
        locked = lock_open(actor, assignment, "review.score", now)
        params = params_of(locked.panel.stage)
        if params.checklist is not None:  # its marks follow from the items
            raise Conflict("本届按考核表逐项评分，请在考核表中填写。")
        rows = {row.criterion: row for row in Score.objects.filter(assignment=locked)}
        errors: dict[str, tuple[str, str]] = {}
        before: dict[str, str] = {}
        after: dict[str, str] = {}
        for criterion in params.rubric:
            code = criterion.code
            if code not in typed and code not in abstained:
                continue
            row = rows.get(code) or Score(assignment=locked, criterion=code)
            old = (row.value, row.abstained)
            try:
                value = None if abstained.get(code) else parse_mark(criterion, typed.get(code, ""))
            except MarkError as error:
                errors[code] = (typed.get(code, ""), str(error))
                continue
            row.value, row.abstained = value, bool(abstained.get(code))
            if (row.value, row.abstained) != old:
                row.save()
                rows[code] = row
                before[code], after[code] = _words(*old), _words(row.value, row.abstained)
        if after:
            record("lifecycle.score.saved", locked, actor=actor, before=before, after=after, now=now)
        marks = {code: StoredMark(row.value, row.abstained) for code, row in rows.items()}
        return make_sheet(params, marks, comment=locked.comment, errors=errors)


def save_comment(*, actor: Actor, assignment: Assignment, comment: str, now: dt.datetime) -> Assignment:
    """Keeps the comment as typed. Raises Invalid when it is too long, Conflict when the sheet is closed."""
    comment = comment.strip()
    with transaction.atomic():
        locked = lock_open(actor, assignment, "review.score", now)
        limit = params_of(locked.panel.stage).comment_max
        if len(comment) > limit:
            text = f"评语最多{limit}字，现在是{len(comment)}字。"
            raise Invalid(text, fields={"comment": [text]})
        if comment != locked.comment:
            locked.comment = comment
            locked.save(update_fields=["comment", "updated_at"])
            record("lifecycle.assignment.commented", locked, actor=actor, now=now, length=len(comment))
        return locked


def submit_sheet(*, actor: Actor, assignment: Assignment, now: dt.datetime) -> Assignment:
    """Hands the sheet in and seals its marks; from now on it cannot be changed.

    Raises Invalid naming every criterion that is neither marked nor abstained, a missing comment, or total
    abstention; Conflict when it was submitted already.
    """
    with transaction.atomic():
        locked = lock_open(actor, assignment, "review.score", now)
        params = params_of(locked.panel.stage)
        if params.checklist is not None:
            require_items(review_items(locked, params.checklist))
        sheet = sheet_of(locked)
        _check_complete(sheet)
        locked.state, locked.submitted_at = AssignmentState.SUBMITTED, now
        locked.save(update_fields=["state", "submitted_at", "updated_at"])
        seal = seal_sheet(locked, {x.criterion.code: (x.mark.value, x.mark.abstained) for x in sheet.lines}, now=now)
        record(
            "lifecycle.assignment.submitted",
            locked,
            actor=actor,
            before={"state": AssignmentState.OPEN},
            after={"state": locked.state},
            now=now,
            total=sheet.total,
            version=seal.version,
            seal=seal.sha256,
            marks={x.criterion.code: _words(x.mark.value, x.mark.abstained) for x in sheet.lines},
        )
        return locked


def recuse(*, actor: Actor, assignment: Assignment, reason: str, now: dt.datetime) -> Assignment:
    """The expert steps back from an entry; its marks no longer count and it vanishes from the expert's desk."""
    reason = reason.strip()
    if not reason:
        raise Invalid("请写明回避原因。", fields={"reason": ["请写明回避原因。"]})
    if len(reason) > MAX_REASON:
        text = f"最多{MAX_REASON}字，现在是{len(reason)}字。"
        raise Invalid(text, fields={"reason": [text]})
    with transaction.atomic():
        locked = lock_open(actor, assignment, "review.recuse", now)
        return recuse_locked(locked, reason=reason, actor=actor, now=now)


def recuse_locked(locked: Assignment, *, reason: str, actor: Actor, now: dt.datetime) -> Assignment:
    """The same for a row the caller has locked (a declared conflict recuses all entries of the organisation)."""
    before = locked.state
    locked.state, locked.recusal_reason = AssignmentState.RECUSED, reason
    locked.save(update_fields=["state", "recusal_reason", "updated_at"])
    record(
        "lifecycle.assignment.recused",
        locked,
        actor=actor,
        before={"state": before},
        after={"state": locked.state},
        now=now,
        reason=reason,
    )
    return locked


def reopen_sheet(*, actor: Actor, assignment: Assignment, reason: str, now: dt.datetime) -> Assignment:
    """The organiser gives a submitted sheet back to its expert, with a reason that stays in the audit log.

    Raises Conflict unless the sheet is submitted and its entry still under review.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid("请写明退回原因。", fields={"reason": ["请写明退回原因。"]})
    with transaction.atomic():
        lock_row(Entry, assignment.entry_id)  # completing the review looks at all sheets under this lock
        locked = _locked(assignment)
        policy_for("review").require(actor, "review.assign", locked)
        if locked.panel.is_record:
            raise Conflict("竞赛成绩请在“竞赛成绩”页面勾选后退回核对。")
        if not locked.is_submitted:
            raise Conflict("这份评分现在不是“已提交”，不能退回。")
        _require_running(locked, now)
        locked.state, locked.submitted_at = AssignmentState.OPEN, None
        locked.save(update_fields=["state", "submitted_at", "updated_at"])
        break_seal(locked, reason=reason[:MAX_REASON], now=now)
        record("lifecycle.assignment.reopened", locked, actor=actor, now=now, reason=reason[:MAX_REASON])
        return locked


def sheet_of(assignment: Assignment) -> Sheet:
    """The sheet as it is stored (one query when the stage is loaded)."""
    rows = Score.objects.filter(assignment=assignment)
    marks = {row.criterion: StoredMark(row.value, row.abstained) for row in rows}
    return make_sheet(params_of(assignment.panel.stage), marks, comment=assignment.comment)


def lock_open(actor: Actor, assignment: Assignment, action: str, now: dt.datetime) -> Assignment:
    """The assignment, locked and read again; the review still runs and the sheet is still open.

    Raises Conflict with what is the case now, Refused by the policy, ``Assignment.DoesNotExist`` outside the scope.
    """
    locked = _locked(assignment)
    if locked.is_submitted:
        raise Conflict("这份评分已经提交，不能再改。需要更正时，请联系主办工会退回。", code="submitted")
    if not locked.is_open:
        raise Conflict("这项评审任务已回避。", code="recused")
    policy_for("review").require(actor, action, locked)
    _require_running(locked, now)
    return locked


def _locked(assignment: Assignment) -> Assignment:
    rows = lock_rows(Assignment.objects.filter(pk=assignment.pk).select_related("panel__stage__cycle__owner", "entry"))
    if not rows:
        raise Assignment.DoesNotExist
    return rows[0]


def _require_running(assignment: Assignment, now: dt.datetime) -> None:
    if assignment.entry.state != EntryState.IN_REVIEW:
        raise Conflict("这份申报件已不在评审中，评分不再变动。", code="over")
    if not assignment.panel.stage.is_open_at(now):
        raise Conflict("评审环节没有开放，评分暂不能改动。", code="closed")


def _check_complete(sheet: Sheet) -> None:
    fields: dict[str, list[str]] = {}
    for line in sheet.missing:
        fields[f"mark-{line.criterion.code}"] = ["请评分，或选择弃权。"]
    if sheet.needs_comment:
        fields["comment"] = [f"总分低于{plain(sheet.full * sheet.comment_below)}分，请写明评语。"]
    if sheet.missing:
        titles = "、".join(line.criterion.title for line in sheet.missing)
        raise Invalid(f"还有{len(sheet.missing)}项没有评分：{titles}。", fields=fields)
    if sheet.abstained == len(sheet.lines):
        raise Invalid("各项都弃权就没有评审意见了；如不宜评审，请改用“申请回避”。")
    if fields:
        raise Invalid(fields["comment"][0], fields=fields)


def _words(value: object, abstained: bool) -> str:
    return "弃权" if abstained else plain(value)
