"""On an entry of the honour's programme: the contest, the rank and the marks from which it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.contests import queries
from competitions.contests.domain.honours import CONTEST
from portal.lifecycle.engine.registry import Panel

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry


def honour_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    """The candidate behind the entry, if the desk sees it; entries that name no skill contest cost no query."""
    if (entry.answers or {}).get("contest") != CONTEST:
        return {"honour": None}
    return {"honour": queries.honours().filter(entry=entry).first()}


HONOUR = Panel(
    "competitions.contests", "contest_honour.view", "competitions/_contest_honour_panel.html", honour_context
)
