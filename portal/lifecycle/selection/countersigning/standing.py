"""Whether a round may be approved as far as co-hosts are concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.selection.countersigning.lists import list_fingerprint
from portal.lifecycle.selection.countersigning.queries import Signing, signing_of

if TYPE_CHECKING:
    from portal.lifecycle.selection.models import SelectionRound


def countersigned(round_: SelectionRound, signing: Signing | None = None) -> Decision:
    """Every co-host that decides too has agreed to exactly this list; the refusal names who has not, and why.

    ``signing`` when the caller has read it already.
    """
    lines = (signing or signing_of(round_)).lines
    if lines and list_fingerprint(round_) != round_.list_sha256:
        return refuse("fingerprint", "名单与其指纹不符，请重新产生一轮后再会签、审定。")
    parts = [
        f"联合主办单位“{line.host.name}”不同意本轮名单（{line.signature.reason}），请调整名单、重新产生，或答复后请其复议"
        for line in lines
        if line.is_refused
    ]
    missing = [line.host.name for line in lines if line.signature is None]
    if missing:
        parts.append(f"联合主办单位“{'”“'.join(missing)}”尚未会签")
    return refuse("countersign", "；".join(parts) + "。") if parts else ALLOWED
