"""On an entry's page: where it came from, where it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.lifecycle.editions.queries import forwarding_of, origin_of
from portal.lifecycle.engine.registry import Panel, register_panel

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry


def link_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    """The record in either direction; an edition's entry only looks up, the federation's only down."""
    if entry.cycle.is_edition:
        return {"sent": forwarding_of(entry), "came": None}
    return {"came": origin_of(entry), "sent": None}


register_panel(Panel("editions.link", "entry.view", "lifecycle/editions/_link.html", link_context))
