"""Leaving a roster: what is personal is deleted, a line without a name stays."""

from __future__ import annotations

import datetime as dt

from competitions.rosters.enums import ConsentState, Duty
from competitions.rosters.models import Participation, Worker
from portal.core.db import advisory_lock, require_transaction
from portal.core.scoping import system_scope


def forget(row: Participation, *, state: str, now: dt.datetime) -> None:
    """Deletes all that is personal in the (locked) participation, and the person with the last of them."""
    require_transaction()
    worker = row.worker
    row.worker, row.team, row.trade, row.street, row.group = None, None, "", "", ""
    row.duty, row.is_frontline, row.is_migrant, row.is_woman = Duty.MEMBER, False, False, False
    row.token, row.token_index, row.consent = "", "", ConsentState.NONE
    row.state, row.left_at = state, now
    row.save()
    if worker is None:
        return
    with system_scope("somebody who takes part in nothing any more leaves the register"):
        advisory_lock(f"competitions:worker:{worker.root_path}:{worker.id_index}")
        locked = Worker.objects.select_for_update().filter(pk=worker.pk).first()
        if locked is not None and not Participation.objects.filter(worker=locked).exists():
            locked.delete()
