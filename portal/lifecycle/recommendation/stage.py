"""What ending the recommendation means for what has not been sent on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.programmes.stage_rules import on_closing, on_reopening, warn_before_closing
from portal.lifecycle.recommendation.ledger.domain import lapse_places, restore_places

if TYPE_CHECKING:
    from portal.core.context import Actor


@warn_before_closing("recommendation")
def left_behind(stage: CycleStage) -> str:
    """逾期未报视为放弃 (domain.md 0.3): how many entries of the cycle that would hit now."""
    left = Entry.objects.filter(cycle=stage.cycle_id, state__in=[EntryState.SUBMITTED, EntryState.RETURNED]).count()
    return _("还有%d件没有报到主办工会，结束后按放弃处理。") % left if left else ""


@on_closing("recommendation")
def lapse(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    lapse_places(cycle=stage.cycle, actor=actor, now=now)


@on_reopening("recommendation")
def restore(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    restore_places(cycle=stage.cycle, actor=actor, now=now)
