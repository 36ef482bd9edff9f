"""A new cycle after the example of the last one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from portal.audit.domain import record
from portal.core.context import Actor
from portal.lifecycle.programmes.copying import apply_parts
from portal.lifecycle.programmes.domain.cycles import newest_blueprint, open_cycle
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.planning import Dates, copied_slots

ALL_PARTS = ("texts", "quotas", "panels", "hosts")


def copy_cycle(
    *,
    cycle: Cycle,
    year: int,
    start_date: dt.date,
    actor: Actor,
    now: dt.datetime,
    parts: Iterable[str] = ALL_PARTS,
    dates: Dates | None = None,
) -> Cycle:
    """Opens the cycle of ``year`` like ``cycle``: same distances between its dates, and the ``parts`` that were chosen.

    Rules come from the newest published blueprint; a stage that blueprint no longer has is left out, a new one keeps its
    planned length. Days that fall on a day off move to the next working day. ``dates`` are those that people have drawn
    instead. Raises what ``open_cycle`` raises.
    """
    with transaction.atomic():
        if dates is None:
            slots = copied_slots(cycle, newest_blueprint(cycle.programme).rules, start_date)
            dates = {slot.key: (slot.opens, slot.closes) for slot in slots}
        new = open_cycle(programme=cycle.programme, year=year, actor=actor, now=now, start_date=start_date, dates=dates)
        made = apply_parts(set(parts), cycle, new, actor=actor)
        record("lifecycle.cycle.copied", new, actor=actor, now=now, source=cycle, source_label=cycle.label, **made)
        return new
