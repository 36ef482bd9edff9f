"""Meetings: the owner's manager calls and leads them, members vote, who supervises reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.review.meeting.models import Meeting, MeetingMember

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


@register_policy
class MeetingPolicy(Policy):
    name = "meeting"
    actions = ("view", "lead", "attend")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is the meeting or the review stage."""
        return self._at(actor, obj, Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)

    def can_lead(self, actor: Actor, obj: Any) -> Decision:
        return self._at(actor, obj, Role.MANAGER)

    def can_attend(self, actor: Actor, obj: Any) -> Decision:
        """Members, at their experts' desk."""
        decision = has_role(actor, Role.EXPERT)
        if decision and obj is not None and not MeetingMember.objects.filter(meeting=obj, user=actor.user_id).exists():
            return refuse("not_member", "您不是这次评审会的评委。")
        return decision if not decision else ALLOWED

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return Meeting.objects.all()

    def _at(self, actor: Actor, obj: Any, *roles: str) -> Decision:
        if obj is None:
            return has_role(actor, *roles)
        stage = obj.panel.stage if isinstance(obj, Meeting) else obj
        return at_own(actor, stage.cycle.owner, *roles)
