"""Presentations: the cycle's owner draws the order; who decides and supervises reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.review.presentation.models import PresentationDraw

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

READERS = (Role.CHECKER, Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)


@register_policy
class PresentationPolicy(Policy):
    name = "presentation"
    actions = ("view", "draw")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is the review stage."""
        return self._at(actor, obj, *READERS)

    def can_draw(self, actor: Actor, obj: Any) -> Decision:
        return self._at(actor, obj, Role.MANAGER)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return PresentationDraw.objects.filter(stage__cycle__owner__path=actor.path)

    def _at(self, actor: Actor, obj: Any, *roles: str) -> Decision:
        if obj is not None:
            return at_own(actor, obj.cycle.owner, *roles)
        decision = has_role(actor, *roles)
        if decision and actor.level in UNIT_LEVELS:
            return refuse("not_here", "现场展示由主办工会组织。")
        return decision
