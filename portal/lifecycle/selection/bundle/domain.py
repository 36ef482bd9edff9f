"""Making the bundle of a round when it is approved."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.audit.domain import record
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.results import expert_key
from portal.lifecycle.review.seals import seals_of
from portal.lifecycle.selection.bundle.build import build
from portal.lifecycle.selection.bundle.models import ResultBundle
from portal.lifecycle.selection.snapshot import canonical

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.review.seal_models import SheetSeal
    from portal.lifecycle.selection.models import Selection, SelectionRound


def make_bundle(round_: SelectionRound, rows: Sequence[Selection], *, actor: Actor, now: dt.datetime) -> ResultBundle:
    """Writes the bundle of an approved round with its fingerprint; the fingerprint enters the audit log.

    ``rows`` are the round's lines with their entries, as they were approved. Seals are revealed with it.
    """
    review_id = round_.snapshot["stages"]["review"]
    review = CycleStage.objects.get(pk=review_id) if review_id else None
    seals = seals_of(review, [row.entry_id for row in rows]) if review else []
    outcome = sorted((_line(row) for row in rows), key=lambda line: line["code"])
    text = canonical(
        build(
            round_.snapshot, number=round_.number, sha256=round_.sha256, settlements=round_.settlements,
            outcome=outcome, seals=[_seal(seal) for seal in seals],
        )
    )  # fmt: skip
    bundle = ResultBundle.objects.create(
        round=round_, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), made_at=now
    )
    record("lifecycle.round.bundled", bundle, actor=actor, now=now, sha256=bundle.sha256, seals=len(seals))
    return bundle


def _line(row: Selection) -> dict[str, Any]:
    return {
        "code": row.entry.code,
        "rank": row.rank,
        "total": _text(row.total),
        "result": str(row.outcome),
        "order": row.order,
        "amount": _text(row.amount),
    }


def _text(value: Decimal | None) -> str | None:
    """Plain notation without superfluous zeros."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _seal(seal: SheetSeal) -> dict[str, Any]:
    return {
        "entry": seal.assignment.entry.code,
        "sheet": seal.assignment_id,
        "expert": expert_key(seal.assignment.expert_id),
        "version": seal.version,
        "sha256": seal.sha256,
        "salt": seal.salt,
        "marks": json.loads(seal.marks),
        "sealed_at": seal.sealed_at.isoformat(),
        "reopened": seal.reopened_at is not None,
    }
