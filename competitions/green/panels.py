"""On an entry of the instant honour: the suggestion and the verified saving from which it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.green import queries
from competitions.green.domain.suggestions import CONTEST
from portal.lifecycle.engine.registry import Panel

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry


def proposal_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    """The proposal behind the entry, if the desk sees it; entries that name no carbon contest cost no query."""
    if (entry.answers or {}).get("contest") != CONTEST:
        return {"proposal": None}
    return {"proposal": queries.proposals().filter(entry=entry).first()}


PROPOSAL = Panel("competitions.green", "green.view", "competitions/_green_panel.html", proposal_context)
