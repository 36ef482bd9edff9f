"""What people settle: the order of ties that the rules cannot separate, and the lines of a batch, with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.selection.domain.rounds import rank_again
from portal.lifecycle.selection.models import Outcome, RoundStatus, SelectionRound
from portal.lifecycle.selection.snapshot import is_batch

if TYPE_CHECKING:
    from portal.core.context import Actor

MAX_REASON = 500
MAX_LINE_REASON = 300
ORDERS = ("place", "reserve")  # questions that are answered by an order


def settle_tie(
    *, actor: Actor, round_: SelectionRound, codes: Sequence[str], reason: str, now: dt.datetime
) -> SelectionRound:
    """Records the settled order of exactly the entries of one open tie (best first) and ranks the frozen marks again.

    Raises Conflict when the round is no draft any more or the tie is no longer open, Invalid when the reason is
    missing or the order does not name every entry once. The snapshot and its fingerprint stay untouched.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid("请写明议定依据。", fields={"reason": ["请写明议定依据，如会议名称与表决情况。"]})
    if len(reason) > MAX_REASON:
        text = f"最多{MAX_REASON}字，现在是{len(reason)}字。"
        raise Invalid(text, fields={"reason": [text]})
    with transaction.atomic():
        locked = locked_round(round_)
        policy_for("round").require(actor, "round.approve", locked)
        if locked.status != RoundStatus.DRAFT:
            raise Conflict(f"本轮现为“{locked.get_status_display()}”，不能再议定并列。", code="state")
        ties = [tie for tie in locked.needs_decision if tie["kind"] in ORDERS]
        if not any(sorted(tie["codes"]) == sorted(codes) for tie in ties):
            raise Conflict("这组并列已经议定或名单有变化，请刷新页面。", code="stale")
        settlement = {
            "codes": list(codes),
            "reason": reason,
            "by": str(actor.user) if actor.user else actor.system,
            "by_id": actor.user_id,
            "at": now.isoformat(),
        }
        locked.settlements = [*locked.settlements, settlement]
        rank_again(locked, locked.settlements)
        locked.save()
        record(
            "lifecycle.round.tie_settled", locked, actor=actor, now=now, codes=list(codes), reason=reason,
            open_ties=len(locked.needs_decision), sha256=locked.sha256,
        )  # fmt: skip
        return locked


def decide_lines(
    *,
    actor: Actor,
    round_: SelectionRound,
    codes: Sequence[str],
    outcome: str,
    reason: str,
    now: dt.datetime,
    order: int | None = None,
) -> SelectionRound:
    """Records what the meeting decided about these entries of a batch round; the last word counts.

    ``order`` numbers a reserve. Raises Invalid without a reason or with an outcome that is none, Conflict when the round
    is no draft, not decided by people, or does not hold all of the entries.
    """
    reason = reason.strip()
    if not reason or len(reason) > MAX_LINE_REASON:
        text = f"请写明理由，最多{MAX_LINE_REASON}字。"
        raise Invalid(text, fields={"reason": [text]})
    if outcome not in {Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED}:
        raise Invalid("请选择结果。", fields={"outcome": ["请选择结果。"]})
    with transaction.atomic():
        locked = locked_round(round_)
        policy_for("round").require(actor, "round.approve", locked)
        if not is_batch(locked.snapshot):
            raise Conflict("本轮按得分和规则评选，不能逐件议定。", code="kind")
        if locked.status != RoundStatus.DRAFT:
            raise Conflict(f"本轮现为“{locked.get_status_display()}”，不能再议定。", code="state")
        open_to = {e["code"] for e in locked.snapshot["entries"] if e["eligible"]}
        if not codes or not set(codes) <= open_to:
            raise Conflict("名单有变化，或所选申报件不符合参评条件，请刷新页面。", code="stale")
        decision = {
            "codes": list(codes),
            "outcome": str(outcome),
            "order": order if outcome == Outcome.RESERVE else None,
            "reason": reason,
            "by": str(actor.user) if actor.user else actor.system,
            "by_id": actor.user_id,
            "at": now.isoformat(),
        }
        locked.settlements = [*locked.settlements, decision]
        rank_again(locked, locked.settlements)
        locked.save()
        record(
            "lifecycle.round.lines_decided", locked, actor=actor, now=now, codes=list(codes), outcome=str(outcome),
            reason=reason, open=sum(len(q["codes"]) for q in locked.needs_decision if q["kind"] == "open"),
        )  # fmt: skip
        return locked


def locked_round(round_: SelectionRound) -> SelectionRound:
    """The round, locked and read again with its cycle."""
    lock_row(SelectionRound, round_.pk)
    rows = SelectionRound.objects.select_related(
        "stage__cycle__owner", "stage__cycle__programme", "stage__cycle__blueprint"
    )
    return rows.get(pk=round_.pk)
