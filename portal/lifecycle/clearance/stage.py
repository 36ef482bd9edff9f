"""What opening and closing the clearance stage means."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.dispatch import receiver

from portal.core.context import Actor
from portal.lifecycle.clearance import queries
from portal.lifecycle.clearance.domain import request_clearances
from portal.lifecycle.engine.signals import entry_transitioned
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.programmes.stage_rules import before_closing, on_opening


@on_opening("clearance")
def ask_for_all(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    """Every recommended entry gets its list of checks and opinions."""
    entries = stage.cycle.entries.filter(state=EntryState.RECOMMENDED).select_related("cycle__owner")
    for entry in entries.prefetch_related("cycle__stages"):
        request_clearances(entry=entry)


@before_closing("clearance")
def opinions_missing(stage: CycleStage) -> str:
    count = queries.pending_count(stage)
    return f"还有{count}项审查（联审）意见没有登记。" if count else ""


@receiver(entry_transitioned, dispatch_uid="clearance.recommended")
def ask_on_arrival(*, entry: Any, before: str, **kwargs: Any) -> None:
    """An entry that arrives while checking is under way gets its list at once."""
    if entry.state == EntryState.RECOMMENDED and before != EntryState.RECOMMENDED:
        request_clearances(entry=entry)
