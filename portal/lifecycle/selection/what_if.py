"""If the rule were another: the frozen round computed again on a copy, and who would come in and go out. Pure: no ORM."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from portal.lifecycle.selection.limits import percent_text
from portal.lifecycle.selection.outcomes import Allocation, Outcome, QuotaRule, Share
from portal.lifecycle.selection.snapshot import compute, quota_of, quota_to_json


@dataclass(frozen=True)
class Scenario:
    """The rule of places as it would be; everything else of the round stays as it was frozen."""

    rule: QuotaRule

    def changes(self, frozen: QuotaRule) -> list[str]:
        """What differs from the frozen rule, in words."""
        words = []
        for name, label, none in (
            ("places", "名额", "不限"), ("reserves", "递补", "没有"),
            ("cap_per_nominating", "每家推荐单位上限", "不限"), ("cap_per_employer", "每个用人单位上限", "不限"),
        ):  # fmt: skip
            old, new = getattr(frozen, name), getattr(self.rule, name)
            if old != new:
                words.append(f"{label}由{none if old is None else old}改为{none if new is None else new}")
        for track in (frozen.track_places or {}).keys() | (self.rule.track_places or {}).keys():
            old, new = (frozen.track_places or {}).get(track), (self.rule.track_places or {}).get(track)
            if old != new:
                words.append(f"类别 {track} 的名额由{old}改为{new}")
        before, after = ({s.code: s for s in rule.shares} for rule in (frozen, self.rule))
        for code in [*before, *(c for c in after if c not in before)]:
            if before.get(code) != after.get(code):
                title = (after.get(code) or before[code]).title
                words.append(f"{title}由“{_wanted(before.get(code))}”改为“{_wanted(after.get(code))}”")
        return words


def _wanted(share: Share | None) -> str:
    if share is None:
        return "不作要求"
    parts = []
    if share.at_least is not None:
        parts.append(f"不低于{percent_text(share.at_least)}")
    if share.at_most is not None:
        parts.append(f"不高于{percent_text(share.at_most)}")
    return "、".join(parts) or "不作要求"


@dataclass(frozen=True)
class WhatIf:
    """What would follow: ``coming`` are selected then and not now, ``going`` now and not then."""

    scenario: Scenario
    changes: tuple[str, ...]
    allocation: Allocation
    coming: tuple[Outcome, ...]
    going: tuple[Outcome, ...]

    @property
    def contradiction(self) -> str:
        """Why no list would keep all quotas, or ``""``."""
        return next((d.sentence for d in self.allocation.decisions if d.kind == "infeasible"), "")

    @property
    def open_ties(self) -> list[str]:
        return [d.sentence for d in self.allocation.decisions if d.kind != "infeasible"]


def with_rule(snapshot: Mapping[str, Any], rule: QuotaRule) -> dict[str, Any]:
    """A copy of the snapshot under another rule of places; the snapshot itself stays untouched."""
    return {**snapshot, "rule": {**snapshot["rule"], "quota": quota_to_json(rule)}}


def what_if(
    snapshot: Mapping[str, Any], settlements: Sequence[Mapping[str, Any]], scenario: Scenario, selected: Iterable[str]
) -> WhatIf:
    """The frozen marks under the scenario's rule, compared with those ``selected`` as the round stands."""
    allocation = compute(with_rule(snapshot, scenario.rule), settlements).allocation
    now, then = set(selected), {outcome.code for outcome in allocation.selected}
    return WhatIf(
        scenario,
        tuple(scenario.changes(quota_of(snapshot))),
        allocation,
        tuple(o for o in allocation.outcomes if o.code in then - now),
        tuple(o for o in allocation.outcomes if o.code in now - then),
    )


def shares_from(
    known: Sequence[Share], wanted: Mapping[str, tuple[Decimal | None, Decimal | None]]
) -> tuple[Share, ...]:
    """Shares with other limits; a group without limits is left out."""
    limits = {s.code: wanted.get(s.code, (s.at_least, s.at_most)) for s in known}
    found = (replace(s, at_least=limits[s.code][0], at_most=limits[s.code][1]) for s in known)
    return tuple(s for s in found if s.at_least is not None or s.at_most is not None)
