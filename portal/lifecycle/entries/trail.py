"""The way of one entry: who had it when, who has it now, who comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.enums import UnionLevel
from portal.lifecycle.engine.states import EntryState, facts
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.routes import Hop
from portal.web.formats import cn_short
from portal.web.ui import Step


def route_steps(entry: Entry, hops: Sequence[Hop], opinions: Sequence[Any]) -> list[Step]:
    """The unit, then every stop of the route with its opinion and date. Opinions that no longer stand are not shown."""
    standing = {row.level: row for row in opinions if row.is_current}
    steps = [_first(entry)]
    for hop in hops:
        row = standing.get(hop.level)
        here = entry.state == EntryState.SUBMITTED and entry.at_level == hop.level
        if row is not None:
            state = "stopped" if row.decision == "declined" else "done"
            note = " · ".join([row.get_decision_display(), row.decided_by.get_short_name(), cn_short(row.decided_at)])
        elif here:
            state, note = "current", _("正在审核")
        elif facts(entry.state).phase not in {"drafting", "recommendation", "closed"}:
            state, note = "done", ""
        else:
            state, note = "todo", str(UnionLevel(hop.level).label)
        steps.append(Step(hop.name, state, note))
    return steps


def _first(entry: Entry) -> Step:
    unit = entry.employer.name if entry.employer else entry.organisation.name
    if entry.submitted_at is not None and entry.state != EntryState.RETURNED:
        return Step(unit, "done", _("%s 上报") % cn_short(entry.submitted_at))
    if entry.state == EntryState.RETURNED:
        return Step(unit, "current", _("退回补正"))
    if entry.state == EntryState.DRAFT:
        return Step(unit, "current", _("填报中"))
    return Step(unit, "stopped", str(EntryState(entry.state).label))
