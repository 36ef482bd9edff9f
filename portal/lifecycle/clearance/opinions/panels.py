"""The box on an entry's page: what each co-host has said, and who is still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core.policies import may
from portal.lifecycle.clearance.opinions.queries import opinion_lines
from portal.lifecycle.engine.registry import Panel, register_panel

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.clearance.opinions.queries import HostLine
    from portal.lifecycle.entries.models import Entry


def host_lines(actor: Actor, entry: Entry) -> list[tuple[HostLine, bool]]:
    """Each line, and whether this desk may go on against it."""
    return [
        (line, bool(line.opinion and may(actor, "opinion.overrule", line.opinion))) for line in opinion_lines(entry)
    ]


def panel_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    return {"lines": host_lines(actor, entry)}


register_panel(Panel("opinions", "clearance.view", "lifecycle/opinions/_panel.html", panel_context))
