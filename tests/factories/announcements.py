"""Notices of changed cycles, as the domain makes them."""

from __future__ import annotations

import datetime as dt

from portal.core.context import Actor
from portal.core.dates import local_datetime
from portal.lifecycle.programmes.announcement_models import CycleAnnouncement
from portal.lifecycle.programmes.domain import amend_cycle
from portal.lifecycle.programmes.models import Cycle


def make_announcement(cycle: Cycle, actor: Actor, *, now: dt.datetime | None = None, number: str = "津工办〔2026〕9号"):
    """The cycle gets another document number, and everybody concerned is told."""
    now = now or local_datetime(dt.date(cycle.year, 3, 3), dt.time(9))
    amend_cycle(cycle=cycle, actor=actor, now=now, reason="文号更正", call_number=number)
    return CycleAnnouncement.objects.filter(cycle=cycle).first()
