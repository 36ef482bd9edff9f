"""Reviewing: experts mark what they are assigned to; the cycle's owner organises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.review.models import Assignment, AssignmentState, ExpertProfile

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


@register_policy
class ReviewPolicy(Policy):
    name = "review"
    actions = ("view", "score", "recuse", "organise", "assign", "marks", "experts")

    def can_view(self, actor: Actor, obj: Assignment | None) -> Decision:
        decision = has_role(actor, Role.EXPERT)
        if decision and obj is not None and obj.expert_id != actor.user_id:
            return refuse("not_yours", "这项评审任务不属于您。")
        return decision

    def can_score(self, actor: Actor, obj: Assignment | None) -> Decision:
        decision = self.can_view(actor, obj)
        if decision and obj is not None and obj.state != AssignmentState.OPEN:
            return refuse("closed", "这份评分已提交或已回避，不能再改。")
        return decision

    can_recuse = can_score

    def can_organise(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is a cycle, its stage, or a panel of it."""
        cycle = _cycle_of(obj)
        return at_own(actor, cycle.owner, Role.MANAGER) if cycle else has_role(actor, Role.MANAGER)

    can_assign = can_organise

    def can_marks(self, actor: Actor, obj: Any) -> Decision:
        """All marks side by side: the organiser and those who supervise, at the owner's desk."""
        roles = (Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)
        cycle = _cycle_of(obj)
        return at_own(actor, cycle.owner, *roles) if cycle else has_role(actor, *roles)

    def can_experts(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, Role.MANAGER) if obj is None else at_own(actor, obj.owner, Role.MANAGER)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        match self._bare(action):
            case "view":
                return Assignment.objects.filter(expert_id=actor.user_id)
            case "score" | "recuse":
                return Assignment.objects.filter(expert_id=actor.user_id, state=AssignmentState.OPEN)
            case "experts":
                return ExpertProfile.objects.all()
            case _:
                return Assignment.objects.all()


def _cycle_of(obj: Any) -> Any:
    for name in ("stage", "panel"):
        if hasattr(obj, name):
            return _cycle_of(getattr(obj, name))
    return getattr(obj, "cycle", obj)
