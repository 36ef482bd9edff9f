"""Re-marking as a set: give sheets back together, look at old and new ranks, then take the new marks or restore the old.

Locks in one order: stage, entries, re-marking, sheets. Old marks stay with the set (and as sealed versions) for ever.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.checklist.models import ItemMark
from portal.lifecycle.review.models import Assignment, AssignmentState, Score
from portal.lifecycle.review.remarking.models import RemarkedSheet, Remarking, RemarkingState
from portal.lifecycle.review.remarking.queries import effect_of, old_items, old_marks
from portal.lifecycle.review.seals import ABSTAINED, break_seal, canonical_marks, seal_sheet
from portal.lifecycle.review.sheet import plain

if TYPE_CHECKING:
    from portal.core.context import Actor

MAX_TEXT = 300
ACTIONS = {
    RemarkingState.APPLIED: "lifecycle.remarking.applied",
    RemarkingState.CANCELLED: "lifecycle.remarking.cancelled",
}
Marks = dict[str, tuple[Decimal | None, bool]]


def open_remarking(
    *, actor: Actor, stage: CycleStage, entries: Iterable[int], reason: str, now: dt.datetime
) -> Remarking:
    """Gives all submitted sheets of these entries back to their experts, as one set.

    The findings on a checklist stay on the sheet, so that experts change what has to be changed; as they were is kept
    with the set. Raises Invalid without reason or sheets, Conflict when another set is open, an entry is not under
    review or the stage is closed.
    """
    reason, wanted = _text(reason, "reason"), set(entries)
    with transaction.atomic():
        locked = lock_row(CycleStage, stage.pk)
        policy_for("review").require(actor, "review.organise", locked)
        if not locked.is_open_at(now):
            raise Conflict(_("评审环节没有开放，不能发起复评。"), code="closed")
        rows = lock_rows(Entry.objects.filter(pk__in=wanted, cycle_id=locked.cycle_id, state=EntryState.IN_REVIEW))
        if len(rows) != len(wanted):
            raise Conflict(_("所选申报件有的已不在评审中，请刷新后重新选择。"), code="stale")
        try:
            with transaction.atomic():
                found = Remarking.objects.create(stage=locked, reason=reason, opened_by=actor.user, opened_at=now)
        except IntegrityError:
            raise Conflict(_("本环节已有一组复评正在进行，请先作出决定。")) from None
        sheets = lock_rows(
            Assignment.objects.filter(
                entry__in=wanted, panel__stage=locked, panel__is_record=False, state=AssignmentState.SUBMITTED
            )
        )
        if not sheets:
            raise Invalid(_("所选申报件还没有已提交的评分，不用复评。"))
        for sheet in sheets:
            _give_back(found, sheet, reason, now)
        record(
            "lifecycle.remarking.opened", found, actor=actor, now=now, reason=reason,
            entries=sorted(wanted), sheets=[sheet.pk for sheet in sheets],
        )  # fmt: skip
        return found


def apply_remarking(*, actor: Actor, remarking: Remarking, reason: str, now: dt.datetime) -> Remarking:
    """Takes the new marks. Conflict while a sheet of the set is still open, or when somebody has decided before."""
    reason = _text(reason, "reason")
    with transaction.atomic():
        locked, sheets = _lock(actor, remarking)
        missing = sum(1 for sheet in sheets if sheet.assignment.state == AssignmentState.OPEN)
        if missing:
            raise Conflict(_("还有 %(n)s 份评分没有重新提交，不能采用。") % {"n": missing}, code="open")
        effect = effect_of(locked)
        return _decide(locked, RemarkingState.APPLIED, actor=actor, reason=reason, effect=effect, now=now)


def cancel_remarking(*, actor: Actor, remarking: Remarking, reason: str, now: dt.datetime) -> Remarking:
    """Restores every sheet as it was; what was marked meanwhile stays as a sealed version. Conflict when decided."""
    reason = _text(reason, "reason")
    with transaction.atomic():
        locked, sheets = _lock(actor, remarking)
        effect = effect_of(locked)
        for sheet in sheets:
            if sheet.assignment.state != AssignmentState.RECUSED:  # who stepped back meanwhile stays away
                _restore(sheet, actor, reason, now)
        return _decide(locked, RemarkingState.CANCELLED, actor=actor, reason=reason, effect=effect, now=now)


def _give_back(remarking: Remarking, sheet: Assignment, reason: str, now: dt.datetime) -> None:
    scores = {row.criterion: (row.value, row.abstained) for row in Score.objects.filter(assignment=sheet)}
    stored: Any = canonical_marks(scores)
    if items := _items(sheet):
        stored = {"marks": stored, "items": items}
    RemarkedSheet.objects.create(
        remarking=remarking, assignment=sheet, old_marks=json.dumps(stored, ensure_ascii=False),
        old_comment=sheet.comment, old_submitted_at=sheet.submitted_at,
    )  # fmt: skip
    sheet.state, sheet.submitted_at = AssignmentState.OPEN, None
    sheet.save(update_fields=["state", "submitted_at", "updated_at"])
    break_seal(sheet, reason=reason, now=now)


def _items(sheet: Assignment) -> list[dict[str, Any]]:
    rows = ItemMark.objects.filter(assignment=sheet).order_by("item")
    return [
        {"item": r.item, "value": None if r.value is None else plain(r.value), "found": r.found, "comment": r.comment}
        for r in rows
    ]


def _lock(actor: Actor, remarking: Remarking) -> tuple[Remarking, list[RemarkedSheet]]:
    lock_row(CycleStage, remarking.stage_id)
    ids = RemarkedSheet.objects.filter(remarking=remarking).values_list("assignment_id", flat=True)
    entries = Assignment.objects.filter(pk__in=list(ids)).values_list("entry_id", flat=True)
    lock_rows(Entry.objects.filter(pk__in=set(entries)))
    locked = lock_row(Remarking, remarking.pk)
    policy_for("review").require(actor, "review.organise", locked.stage)
    if not locked.is_open:
        raise Conflict(_("这组复评已经有了决定：%s。") % locked.get_state_display(), code="decided")
    lock_rows(Assignment.objects.filter(pk__in=list(ids)))
    return locked, list(RemarkedSheet.objects.filter(remarking=locked).select_related("assignment__panel__stage"))


def _restore(sheet: RemarkedSheet, actor: Actor, reason: str, now: dt.datetime) -> None:
    assignment, marks = sheet.assignment, _parsed(old_marks(sheet))
    if assignment.is_submitted:
        break_seal(assignment, reason=reason, now=now)
    Score.objects.filter(assignment=assignment).delete()
    Score.objects.bulk_create(
        Score(assignment=assignment, criterion=code, value=value, abstained=abstained)
        for code, (value, abstained) in marks.items()
    )
    if items := old_items(sheet):
        _restore_items(assignment, items)
    assignment.state, assignment.comment = AssignmentState.SUBMITTED, sheet.old_comment
    assignment.submitted_at = sheet.old_submitted_at
    assignment.save(update_fields=["state", "comment", "submitted_at", "updated_at"])
    seal = seal_sheet(assignment, marks, now=now)
    record(
        "lifecycle.remarking.restored", assignment, actor=actor, now=now, version=seal.version, seal=seal.sha256
    )  # fmt: skip


def _restore_items(assignment: Assignment, items: list[dict[str, Any]]) -> None:
    ItemMark.objects.filter(assignment=assignment).delete()
    ItemMark.objects.bulk_create(
        ItemMark(
            assignment=assignment, item=row["item"], found=row["found"], comment=row["comment"],
            value=None if row["value"] is None else Decimal(row["value"]),
        )
        for row in items
    )  # fmt: skip


def _parsed(rows: list[list[str]]) -> Marks:
    return {code: (None, True) if text == ABSTAINED else (Decimal(text), False) for code, text in rows}


def _decide(
    remarking: Remarking, state: RemarkingState, *, actor: Actor, reason: str, effect: list[dict], now: dt.datetime
) -> Remarking:
    remarking.state, remarking.decision, remarking.effect = state, reason, effect
    remarking.decided_by, remarking.decided_at = actor.user, now
    remarking.save(update_fields=["state", "decision", "effect", "decided_by", "decided_at"])
    record(ACTIONS[state], remarking, actor=actor, now=now, reason=reason, effect=effect)
    return remarking


def _text(text: str, name: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(_("请写明理由。"), fields={name: [_("请写明理由。")]})
    return text[:MAX_TEXT]
