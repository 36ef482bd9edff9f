"""On an entry's page: what it resembles, for the organiser's staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.lifecycle.engine.registry import Panel, register_panel
from portal.lifecycle.similarity.queries import pairs_of

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry

SHOWN = 5


def pairs_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    rows = list(pairs_of(entry)[: SHOWN + 1])
    shown = [(pair, pair.earlier if pair.later_id == entry.pk else pair.later) for pair in rows[:SHOWN]]
    return {"pairs": shown, "more": len(rows) > SHOWN}


register_panel(Panel("similarity", "similarity.view", "lifecycle/similarity/_panel.html", pairs_context))
