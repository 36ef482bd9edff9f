"""The box on an entry's page that leads to the unit's own marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core.policies import may
from portal.lifecycle.engine.registry import Panel, register_panel
from portal.lifecycle.review.checklist.sheets import checklist_of, self_sheet

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry


def self_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    """The sheet's totals, None where the programme has no self-assessment."""
    checklist = checklist_of(entry.cycle)
    if checklist is None or not checklist.self_mark:
        return {"self_sheet": None}
    return {"self_sheet": self_sheet(entry, checklist), "may_edit_self": bool(may(actor, "entry.edit", entry))}


register_panel(Panel("review.checklist", "entry.view", "lifecycle/_checklist_panel.html", self_context))
