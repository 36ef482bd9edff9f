"""The box on an entry's page that shows what was checked and who answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core.policies import may
from portal.lifecycle.clearance import queries
from portal.lifecycle.engine.registry import Panel, register_panel
from portal.lifecycle.entries.models import Entry
from portal.web.ui import Badge

if TYPE_CHECKING:
    from portal.core.context import Actor

TONES = {"pending": "waiting", "agreed": "ok", "reserved": "waiting", "refused": "stopped"}


FROM_RECOMMENDED_ON = frozenset({"review", "selection", "notice"})


def offers_disqualifying(entry: Entry) -> bool:
    """Before that the unions below return or decline; only an upheld objection disqualifies earlier, by its ruling."""
    return entry.facts.phase in FROM_RECOMMENDED_ON


def panel_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    rows = list(queries.clearances_of(entry))
    return {
        "lines": [(row, Badge(row.get_opinion_display(), TONES[row.opinion])) for row in rows],
        "refused": any(row.opinion == "refused" for row in rows),
        "disqualify": may(actor, "entry.disqualify", entry) if offers_disqualifying(entry) else None,
        "record": may(actor, "clearance.record", entry),
    }


register_panel(Panel("clearance", "clearance.view", "lifecycle/clearance/_panel.html", panel_context))
