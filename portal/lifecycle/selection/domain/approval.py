"""Approving or rejecting a round, and filling a place that falls free."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.selection.bundle.domain import make_bundle
from portal.lifecycle.selection.countersigning.standing import countersigned
from portal.lifecycle.selection.domain.settling import locked_round
from portal.lifecycle.selection.freezing import candidates
from portal.lifecycle.selection.models import Outcome, RoundStatus, Selection, SelectionRound
from portal.lifecycle.selection.outcomes import Outcome as PureOutcome
from portal.lifecycle.selection.quotas import promote_next
from portal.lifecycle.selection.ratios import broken_ratios
from portal.lifecycle.selection.snapshot import fingerprint, quota_of

if TYPE_CHECKING:
    from portal.core.context import Actor

MAX_NOTE = 1000
TRANSITION_OF = {Outcome.SELECTED: "select", Outcome.RESERVE: "reserve", Outcome.NOT_SELECTED: "pass_over"}
UNCHECKED = "请人工核对第二套算法未能核对的各件，并勾选确认。"
STALE = "产生本轮之后，申报件已有变化（如撤回、取消资格或新完成评审）。请重新产生一轮再审定。"


def approve_round(
    *, actor: Actor, round_: SelectionRound, note: str, now: dt.datetime, checked_by_hand: bool = False
) -> SelectionRound:
    """Approves a draft and carries out its outcome on every entry, all in one transaction.

    What the second program could not be sure of must have been checked by people (``checked_by_hand``). Raises Invalid
    without that or without an approval note, Conflict when the round is blocked, superseded, has open ties, a co-host that
    decides too has not agreed to this very list, or the entries are no longer those it decided about, Refused by the policy or a guard. Nothing is published by this.
    """
    note = _note(note)
    with transaction.atomic():
        locked = _open_round(actor, round_)
        _check_approvable(locked)
        if locked.unproved and not checked_by_hand:
            raise Invalid(UNCHECKED, fields={"checked_by_hand": [UNCHECKED]})
        rows = list(Selection.objects.filter(round=locked).select_related("entry").order_by("entry_id"))
        if {row.entry_id for row in rows} != set(candidates(locked.stage).order_by().values_list("pk", flat=True)):
            raise Conflict(STALE, code="stale")
        locked.status = RoundStatus.APPROVED
        by_hand = {"checked_by_hand": locked.unproved} if locked.unproved else {}
        _decide(locked, actor, note, now, "lifecycle.round.approved", **by_hand)
        make_bundle(locked, rows, actor=actor, now=now)
        for row in rows:  # in the order of the keys, as all locks are taken
            perform(
                row.entry_id, TRANSITION_OF[Outcome(row.outcome)], actor=actor, now=now,
                reason=row.reason, round=locked.pk, rank=row.rank,
            )  # fmt: skip
        return locked


def reject_round(*, actor: Actor, round_: SelectionRound, note: str, now: dt.datetime) -> SelectionRound:
    """Rejects a draft or blocked round with a reason; entries stay as they are and a new round may be produced."""
    note = _note(note)
    with transaction.atomic():
        locked = _open_round(actor, round_)
        if locked.status not in {RoundStatus.DRAFT, RoundStatus.BLOCKED}:
            raise Conflict(f"本轮现为“{locked.get_status_display()}”，不能否决。", code="state")
        locked.status = RoundStatus.REJECTED
        _decide(locked, actor, note, now, "lifecycle.round.rejected")
        return locked


def _note(note: str) -> str:
    note = note.strip()
    if not note:
        raise Invalid("请写明意见。", fields={"note": ["请写明审定意见，如会议名称、日期和决定。"]})
    if len(note) > MAX_NOTE:
        text = f"最多{MAX_NOTE}字，现在是{len(note)}字。"
        raise Invalid(text, fields={"note": [text]})
    return note


def _open_round(actor: Actor, round_: SelectionRound) -> SelectionRound:
    """Stage, then round: producing a round takes its locks in the same order."""
    lock_row(CycleStage, round_.stage_id)
    locked = locked_round(round_)
    policy_for("round").require(actor, "round.approve", locked)
    return locked


def _check_approvable(round_: SelectionRound) -> None:
    if round_.status == RoundStatus.BLOCKED:
        raise Conflict("两套算法的结果不一致，本轮不能审定。请核对差异后重新产生。", code="blocked")
    if round_.status != RoundStatus.DRAFT:
        raise Conflict(f"本轮现为“{round_.get_status_display()}”，不能再审定。", code="state")
    if round_.needs_decision:
        raise Conflict("；".join(question["sentence"] for question in round_.needs_decision) + "。", code="tie")
    if fingerprint(round_.snapshot) != round_.sha256:
        raise Conflict("冻结数据与指纹不符，本轮不能审定。请重新产生一轮。", code="fingerprint")
    broken = [r.sentence for r in broken_ratios(round_) if r.blocks]
    if broken:
        raise Conflict("结构比例不符合要求：" + "；".join(broken), code="ratio")
    if not (signed := countersigned(round_)):
        raise Conflict(signed.message, code=signed.code)


def _decide(round_: SelectionRound, actor: Actor, note: str, now: dt.datetime, action: str, **data: object) -> None:
    round_.decided_by, round_.decided_at, round_.decision_note = actor.user, now, note
    round_.save(update_fields=["status", "decided_by", "decided_at", "decision_note", "updated_at"])
    record(
        action, round_, actor=actor, now=now, before={"status": RoundStatus.DRAFT}, after={"status": round_.status},
        note=note, sha256=round_.sha256, **data,
    )  # fmt: skip


def promote_reserve(*, actor: Actor, freed: Entry, reason: str, now: dt.datetime) -> Entry | None:
    """A selected entry has lost its place: the next reserve of its list that caps allow takes it.

    ``freed`` is the entry that fell out (after its ``disqualify``). Returns the promoted entry, or None when no reserve
    may follow. The approved round keeps what was decided: each change is appended to the row's ``details.history`` and
    to the audit log. Raises Conflict when the entry holds no place of an approved round.
    """
    with transaction.atomic():
        round_ = SelectionRound.objects.filter(stage__cycle_id=freed.cycle_id, status=RoundStatus.APPROVED).first()
        if round_ is None:
            raise Conflict("本届次还没有审定的评选结果，没有可以递补的名额。", code="no_round")
        locked = _open_round(actor, round_)
        rows = {row.entry.code: row for row in Selection.objects.filter(round=locked).select_related("entry")}
        row = rows.get(freed.code)
        if row is None or row.outcome != Outcome.SELECTED:
            raise Conflict(f"“{freed}”不在入选名单中，没有空出的名额。", code="no_place")
        promotion = promote_next([_pure(r) for r in rows.values()], freed.code, quota_of(locked.snapshot))
        changed = {o.code: o for o in promotion.outcomes}
        _change(row, changed[freed.code], reason, now)
        promoted = None
        if promotion.promoted is not None:
            winner = rows[promotion.promoted.code]
            _change(winner, promotion.promoted, reason, now)
            text = f"{promotion.promoted.reason}（{reason}）" if reason else promotion.promoted.reason
            promoted = perform(winner.entry_id, "promote", actor=actor, now=now, reason=text[:2000], round=locked.pk)
        record(
            "lifecycle.round.place_refilled", locked, actor=actor, now=now, freed=freed.code, reason=reason,
            promoted=promotion.promoted.code if promotion.promoted else "", skipped=[list(s) for s in promotion.skipped],
        )  # fmt: skip
        return promoted


def _pure(row: Selection) -> PureOutcome:
    return PureOutcome(
        code=row.entry.code,
        result=row.outcome if _may_follow(row) else Outcome.NOT_SELECTED,
        order=row.order,
        rank=row.rank,
        reason=row.reason,
        cause=row.details.get("cause", ""),
        nominating=row.details.get("nominating", ""),
        track=row.details.get("track", ""),
        total=row.total,
        employer=row.details.get("employer", ""),
        groups=frozenset(row.details.get("groups", [])),
    )


def _may_follow(row: Selection) -> bool:
    """A reserve that has withdrawn or been disqualified meanwhile cannot be promoted."""
    return row.outcome != Outcome.RESERVE or row.entry.state == Outcome.RESERVE


def _change(row: Selection, outcome: PureOutcome, reason: str, now: dt.datetime) -> None:
    """Writes what a row now says and keeps what it said."""
    before = {"outcome": row.outcome, "order": row.order, "reason": row.reason}
    history = [*row.details.get("history", []), before | {"until": now.isoformat(), "because": reason}]
    row.outcome, row.order, row.reason = outcome.result, outcome.order, outcome.reason[:300]
    row.details = row.details | {"cause": outcome.cause, "history": history}
    row.save(update_fields=["outcome", "order", "reason", "details"])
