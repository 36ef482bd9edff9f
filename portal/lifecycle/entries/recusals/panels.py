"""On an entry's page: who keeps away, who acts instead, and where to record it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.lifecycle.engine.registry import Panel, register_panel
from portal.lifecycle.entries.recusals.queries import open_of

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry


def recusal_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    return {"recusals": list(open_of(entry, actor.at_desk.organisation_id))}


register_panel(Panel("recusals", "recusal.record", "lifecycle/recusals/_panel.html", recusal_context))
