"""No entry is reviewed before every check and every department agrees (domain.md 0.5)."""

from __future__ import annotations

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.clearance import queries
from portal.lifecycle.clearance.models import Opinion
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import check


@check("begin_review")
def everything_agrees(act: Act) -> Decision:
    wanted = dict(queries.demanded(act.entry))
    if not wanted:
        return ALLOWED
    agreed = set(queries.clearances_of(act.entry).filter(opinion=Opinion.AGREED).values_list("key", flat=True))
    missing = [title for key, title in wanted.items() if key not in agreed]
    if missing:
        names = "、".join(missing[:3]) + ("等" if len(missing) > 3 else "")
        return refuse("clearance", f"资格审查与联审还有{len(missing)}项未取得同意意见：{names}。")
    return ALLOWED
