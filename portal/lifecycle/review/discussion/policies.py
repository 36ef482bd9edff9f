"""Who may raise a re-discussion: the organiser, and the chair of a panel who reviews the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.enums import Role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import may
from portal.lifecycle.review.models import Assignment, AssignmentState, PanelMember

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry
    from portal.lifecycle.programmes.models import CycleStage


def may_raise(actor: Actor, entry: Entry, stage: CycleStage) -> Decision:
    """The chair raises it at the expert's desk, the organiser at the federation's."""
    if actor.role != Role.EXPERT:
        return may(actor, "review.organise", stage)
    own = Assignment.objects.filter(entry=entry, expert_id=actor.user_id, panel__stage=stage)
    own = own.exclude(state=AssignmentState.RECUSED)
    if not PanelMember.objects.filter(
        expert_id=actor.user_id, is_chair=True, panel_id__in=own.values("panel_id")
    ).exists():
        return refuse("chair", "由评审组组长或主办工会提出复议。")
    return ALLOWED
