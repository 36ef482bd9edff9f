"""The fingerprint of a round's list: whatever changes of it, an earlier countersignature no longer fits."""

from __future__ import annotations

from portal.lifecycle.selection.models import Selection, SelectionRound
from portal.lifecycle.selection.snapshot import fingerprint


def list_fingerprint(round_: SelectionRound) -> str:
    """SHA-256 over the frozen data's own fingerprint and every line: entry, outcome, order, rank, total, sum, reason."""
    rows = Selection.objects.filter(round=round_).order_by("entry_id")
    lines = [
        [pk, outcome, order, rank, str(total), str(amount), reason]
        for pk, outcome, order, rank, total, amount, reason in rows.values_list(
            "entry_id", "outcome", "order", "rank", "total", "amount", "reason"
        )
    ]
    return fingerprint({"frozen": round_.sha256, "lines": lines})
