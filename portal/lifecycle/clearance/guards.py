"""No entry is reviewed (or, without a review, selected) before every check and every department agrees (domain.md 0.5)."""

from __future__ import annotations

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.clearance import queries
from portal.lifecycle.clearance.models import Opinion
from portal.lifecycle.clearance.opinions.standing import hosts_allow
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import check
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry


@check("begin_review", "select", "reserve")
def everything_agrees(act: Act) -> Decision:
    """Asked on entering the review; without a review, before anybody is selected."""
    return ALLOWED if act.entry.state == EntryState.REVIEWED else clearance_of(act.entry)


def clearance_of(entry: Entry) -> Decision:
    """Whether every check and every department agrees, and no co-host holds the entry up; all that is missing is named."""
    refusals = [decision for decision in (_checks_of(entry), hosts_allow(entry)) if not decision]
    if len(refusals) < 2:
        return refusals[0] if refusals else ALLOWED
    return refuse("clearance", "".join(decision.message for decision in refusals))


def _checks_of(entry: Entry) -> Decision:
    wanted = dict(queries.demanded(entry))
    if not wanted:
        return ALLOWED
    agreed = set(queries.clearances_of(entry).filter(opinion=Opinion.AGREED).values_list("key", flat=True))
    missing = [title for key, title in wanted.items() if key not in agreed]
    if missing:
        names = "、".join(missing[:3]) + ("等" if len(missing) > 3 else "")
        return refuse("clearance", f"资格审查与联审还有{len(missing)}项未取得同意意见：{names}。")
    return ALLOWED
