"""Rounds: produced and approved by the cycle's owner; supervisors and auditors may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role
from portal.accounts.policies import at_own, has_role
from portal.core.policies import Policy, register_policy
from portal.lifecycle.selection.models import SelectionRound

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.core.decisions import Decision


@register_policy
class RoundPolicy(Policy):
    name = "round"
    actions = ("view", "produce", "approve")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is a round, or the selection stage it belongs to."""
        roles = (Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)
        if obj is None:
            return has_role(actor, *roles)
        return at_own(actor, getattr(obj, "stage", obj).cycle.owner, *roles)

    def can_produce(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is a stage of the cycle."""
        return at_own(actor, obj.cycle.owner, Role.MANAGER) if obj else has_role(actor, Role.MANAGER)

    def can_approve(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is a round, or an entry of its cycle (the door asks with the entry)."""
        if obj is None:
            return has_role(actor, Role.MANAGER)
        cycle = obj.cycle if hasattr(obj, "cycle") else obj.stage.cycle
        return at_own(actor, cycle.owner, Role.MANAGER)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return SelectionRound.objects.filter(stage__cycle__owner__path=actor.path)
