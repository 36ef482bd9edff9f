"""On an entry's page: that its enterprise is in the pool, and where it stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.nonpublic import queries
from portal.lifecycle.engine.registry import Panel

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry


def pool_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    return {"cultivated": queries.in_pool(entry.employer_id) if entry.employer_id else None}


POOL_PANEL = Panel("competitions.pool", "cultivated.view", "competitions/_pool_panel.html", pool_context)
