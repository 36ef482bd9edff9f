"""会签: a co-host agrees to a list or refuses it; the owner answers and asks to reconsider."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.selection.countersigning.lists import list_fingerprint
from portal.lifecycle.selection.countersigning.models import Countersignature, SignVerdict
from portal.lifecycle.selection.countersigning.queries import hosting_of_round
from portal.lifecycle.selection.models import SelectionRound

if TYPE_CHECKING:
    from portal.core.context import Actor

MAX_TEXT = 500
ACTIONS = {
    SignVerdict.AGREED: "lifecycle.countersign.agreed",
    SignVerdict.REFUSED: "lifecycle.countersign.refused",
}
CHANGED = "名单在您打开页面之后有变动，请核对新的名单后再会签。"


def countersign(
    *, round_: SelectionRound, verdict: str, actor: Actor, now: dt.datetime, seen: str, reason: str = ""
) -> Countersignature:
    """The co-host's word on the list whose fingerprint it has ``seen``.

    Another word on the same list takes the place of the first, until the round is approved. Raises Invalid when a
    refusal gives no reason, Conflict when the list has changed or the same was said before, Refused when it was not
    agreed or the round is no complete draft.
    """
    reason = reason.strip()
    if verdict not in SignVerdict.values:
        raise Invalid("请选择会签意见。", fields={"verdict": ["请选择会签意见。"]})
    if verdict == SignVerdict.REFUSED and not reason:
        raise Invalid("请写明不同意的原因。", fields={"reason": ["请写明不同意的原因，主办工会据此调整或答复。"]})
    _require_short(reason, "reason")
    with transaction.atomic():
        locked = _locked(round_)
        policy_for("countersign").require(actor, "sign", locked)
        if seen != locked.list_sha256 or list_fingerprint(locked) != seen:
            raise Conflict(CHANGED, code="stale")
        host = hosting_of_round(locked, actor=actor)
        before = Countersignature.objects.filter(round=locked, host=host, list_sha256=seen, replaced_at=None).first()
        if before is not None and before.verdict == verdict and before.answered_at is None:
            raise Conflict(f"“{before.signed_by}”已经代表“{host}”会签：{before.get_verdict_display()}。", code="signed")
        if before is not None:
            before.replaced_at = now
            before.save(update_fields=["replaced_at"])
        signature = Countersignature.objects.create(
            round=locked, host=host, verdict=verdict, reason=reason, list_sha256=seen,
            signed_by=actor.user, signed_at=now,
        )  # fmt: skip
        record(
            ACTIONS[verdict], signature, actor=actor, now=now, reason=reason, list_sha256=seen,
            before={"verdict": before.verdict if before else ""}, after={"verdict": verdict},
        )  # fmt: skip
        return signature


def answer_refusal(*, signature: Countersignature, actor: Actor, now: dt.datetime, answer: str) -> Countersignature:
    """The owner explains and asks to reconsider; the list waits for the co-host again.

    Raises Invalid without an answer, Refused when the refusal stands no more or was answered.
    """
    answer = answer.strip()
    if not answer:
        raise Invalid("请写明答复。", fields={"answer": ["请写明答复，如核实情况或会议研究意见。"]})
    _require_short(answer, "answer")
    with transaction.atomic():
        lock_row(SelectionRound, signature.round_id)
        lock_row(Countersignature, signature.pk)
        fresh = Countersignature.objects.select_related("round__stage__cycle__owner", "host").get(pk=signature.pk)
        policy_for("countersign").require(actor, "answer", fresh)
        fresh.answer, fresh.answered_by, fresh.answered_at = answer, actor.user, now
        fresh.save(update_fields=["answer", "answered_by", "answered_at"])
        record("lifecycle.countersign.answered", fresh, actor=actor, now=now, answer=answer)
        return fresh


def _require_short(text: str, name: str) -> None:
    if len(text) > MAX_TEXT:
        message = f"最多{MAX_TEXT}字，现在是{len(text)}字。"
        raise Invalid(message, fields={name: [message]})


def _locked(round_: SelectionRound) -> SelectionRound:
    """The round, locked and read again with its cycle; a co-host that is not shown it any more is told so."""
    try:
        lock_row(SelectionRound, round_.pk)
    except SelectionRound.DoesNotExist:
        raise Conflict("本轮名单已经变动或被取代，请返回查看最新名单。", code="stale") from None
    return SelectionRound.objects.select_related("stage__cycle__owner", "stage__cycle__programme").get(pk=round_.pk)
