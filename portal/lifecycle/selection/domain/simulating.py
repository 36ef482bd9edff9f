"""Trying another rule on a copy of a round. Nothing is written but the line in the audit log."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from portal.audit.domain import record
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.selection.models import Outcome, Selection, SelectionRound
from portal.lifecycle.selection.outcomes import QuotaRule
from portal.lifecycle.selection.snapshot import goes_by_places, has_marks, quota_to_json
from portal.lifecycle.selection.what_if import Scenario, WhatIf, what_if

if TYPE_CHECKING:
    from portal.core.context import Actor


def simulate_round(*, actor: Actor, round_: SelectionRound, rule: QuotaRule, now: dt.datetime) -> WhatIf:
    """The round as it would be under ``rule``, compared with its list as it stands.

    Raises Refused to whom the round is not shown, Conflict when its list is not chosen by places, Invalid when nothing is
    changed. The audit log keeps who tried what, and how many would come in and go out.
    """
    policy_for("round").require(actor, "round.view", round_)
    if not goes_by_places(round_.snapshot) or not has_marks(round_.snapshot):
        raise Conflict("本轮不是按名次和名额产生的，没有可以试算的规则。", code="kind")
    with transaction.atomic():
        rows = Selection.objects.filter(round=round_, outcome=Outcome.SELECTED)
        found = what_if(round_.snapshot, round_.settlements, Scenario(rule), rows.values_list("entry__code", flat=True))
        if not found.changes:
            raise Invalid("没有改动任何规则，请先改动名额、上限或比例中的一项再试算。")
        record(
            "lifecycle.round.simulated", round_, actor=actor, now=now, changes=list(found.changes),
            rule=quota_to_json(rule), coming=[o.code for o in found.coming], going=[o.code for o in found.going],
            contradiction=found.contradiction, sha256=round_.sha256,
        )  # fmt: skip
        return found
