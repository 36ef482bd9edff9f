"""The automatic assignment, shown before anything is written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.lifecycle.review.assignment import AssignmentPlan, assign
from portal.lifecycle.review.queries.conflicts import PanelCase, panel_case

if TYPE_CHECKING:
    from portal.lifecycle.review.models import Panel


@dataclass(frozen=True)
class Proposal:
    """A plan with what it was made from; ``fingerprint`` tells whether a later run would propose the same."""

    case: PanelCase
    plan: AssignmentPlan
    seed: str
    fingerprint: str

    @property
    def loads(self) -> list[tuple[object, int, int, int]]:
        """(member, now, new, most) in the order of the members."""
        new = dict.fromkeys(self.case.members, 0)
        for _entry, expert in self.new_pairs:
            new[expert] += 1
        capacity = {e.code: e.capacity for e in self.case.experts}
        return [
            (member, self.plan.loads.get(key, 0) - new[key], new[key], capacity.get(key) or 0)
            for key, member in self.case.members.items()
        ]

    @property
    def exclusions(self) -> list[tuple[object, list[tuple[object, str]]]]:
        """(entry, [(member, why)]) for every pair the plan had to leave out, in the order of the review codes."""
        experts = {e.code: e for e in self.case.experts}
        found = []
        for entry in self.case.to_review:
            reasons = [
                (member, why)
                for key, member in self.case.members.items()
                if key not in self.plan.pairs.get(entry.code, ()) and (why := self.case.reason(entry, experts[key]))
            ]
            if reasons:
                found.append((self.case.entries[entry.code], reasons))
        return found

    @property
    def new_pairs(self) -> list[tuple[str, str]]:
        """(entry, expert), sorted: the order in which rows are written says nothing about who entered what."""
        return sorted(self.plan.new_pairs)


def propose(panel: Panel, *, seed: str) -> Proposal:
    """Balanced, without conflicts, on top of what is assigned already; the same seed gives the same plan."""
    case = panel_case(panel)
    plan = assign(
        case.to_review,
        case.experts,
        per_entry=case.params.experts_per_entry,
        seed=seed,
        declared=sorted(case.barred),
        existing=case.existing,
        rules=("declared", *(rule for rule in case.rules if rule != "declared")),
        cleared=sorted(case.cleared),
    )
    text = json.dumps([sorted(plan.new_pairs), seed], ensure_ascii=False, separators=(",", ":"))
    return Proposal(case, plan, seed, hashlib.sha256(text.encode()).hexdigest())
