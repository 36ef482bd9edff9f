"""No entry is reviewed (or, without a review, selected) before every check and every department agrees (domain.md 0.5)."""

from __future__ import annotations

from django.db.models import Q

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
    """Asked on entering the review; without a review, before anybody is selected; after it, whether anybody objects now."""
    return objections_of(act.entry) if act.entry.state == EntryState.REVIEWED else clearance_of(act.entry)


@check("confer")
def nobody_objects(act: Act) -> Decision:
    """A department may take its word back after the review: then nothing is conferred."""
    return objections_of(act.entry)


def clearance_of(entry: Entry) -> Decision:
    """Whether every check and every department agrees, and no co-host holds the entry up; all that is missing is named."""
    refusals = [decision for decision in (_checks_of(entry), hosts_allow(entry)) if not decision]
    if len(refusals) < 2:
        return refusals[0] if refusals else ALLOWED
    return refuse("clearance", "".join(decision.message for decision in refusals))


def objections_of(entry: Entry) -> Decision:
    """Refused while a department objects now and nobody has decided, and confirmed, to go on."""
    against = queries.unsettled(entry).filter(opinion__in=[Opinion.REFUSED, Opinion.RESERVED])
    titles = list(against.values_list("title", flat=True))
    return refuse("clearance", f"不同意或有保留：{'、'.join(titles)}。") if titles else ALLOWED


def _checks_of(entry: Entry) -> Decision:
    wanted = dict(queries.demanded(entry))
    if not wanted:
        return ALLOWED
    settled = Q(opinion=Opinion.AGREED) | Q(waiver__confirmed_at__isnull=False)
    agreed = set(queries.clearances_of(entry).filter(settled).values_list("key", flat=True))
    missing = [title for key, title in wanted.items() if key not in agreed]
    if missing:
        names = "、".join(missing[:3]) + ("等" if len(missing) > 3 else "")
        return refuse("clearance", f"资格审查与联审还有{len(missing)}项未取得同意意见：{names}。")
    return ALLOWED
