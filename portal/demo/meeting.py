"""Whom the meeting of a batch takes in the demonstration: as many as it wants, so that the binding shares are kept."""

from __future__ import annotations

from collections.abc import Sequence

from portal.lifecycle.selection import plain
from portal.lifecycle.selection.freezing import binding_shares
from portal.lifecycle.selection.models import Selection, SelectionRound
from portal.lifecycle.selection.outcomes import QuotaRule
from portal.lifecycle.selection.snapshot import quota_to_json


def taken(round_: SelectionRound, rows: Sequence[Selection], most: int) -> list[Selection]:
    """The first list of at most ``most`` of these rows, in their order, that keeps every binding share.

    Raises ValueError when not even one entry can be taken: the answers of the entries then need another mix.
    """
    shares = binding_shares(round_.stage.cycle.blueprint.rules)
    facts = [{"code": str(row.pk), "groups": row.details.get("groups", [])} for row in rows]
    chosen = set(plain.select(facts, quota_to_json(QuotaRule(most, shares=shares))))
    if rows and not chosen:
        raise ValueError("没有一份名单能满足必须达到的比例：" + "、".join(share.title for share in shares))
    return [row for row in rows if str(row.pk) in chosen]
