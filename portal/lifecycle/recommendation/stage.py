"""What ending the recommendation means for what has not been sent on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.programmes.stage_rules import warn_before_closing


@warn_before_closing("recommendation")
def left_behind(stage: CycleStage) -> str:
    """逾期未报视为放弃 (domain.md 0.3): how many entries of the cycle that would hit now."""
    left = Entry.objects.filter(cycle=stage.cycle_id, state__in=[EntryState.SUBMITTED, EntryState.RETURNED]).count()
    return _("还有%d件没有报到主办工会，结束后按放弃处理。") % left if left else ""
