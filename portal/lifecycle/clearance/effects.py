"""取消资格: the entry leaves whatever desk held it."""

from __future__ import annotations

from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import effect


@effect("disqualify")
def disqualify(act: Act) -> None:
    """The state alone frees the place (recommendation counts standing endorsements); here the entry leaves the queue."""
    entry = act.entry
    act.facts |= {"level": entry.at_level, "nominating": entry.nominating_id}
    entry.at_level, entry.at_organisation, entry.due_at, entry.return_due_at = "", None, None, None
