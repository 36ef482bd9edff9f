"""What “forward” does: a version, the union's recommendation, and the station above it."""

from __future__ import annotations

from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import effect
from portal.lifecycle.entries.effects import on_submit
from portal.lifecycle.recommendation.effects import endorse


@effect("forward")
def forward(act: Act) -> None:
    """The entry stands at the union that ran the edition: its choice is its recommendation, the route goes on above."""
    entry = act.entry
    union, level = entry.at_organisation, entry.at_level
    on_submit(act)
    entry.at_organisation, entry.at_level = union, level
    endorse(act)
    act.facts |= {"origin": act.payload["origin"].code, "edition": str(act.payload["origin"].cycle)}
