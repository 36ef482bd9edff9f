"""Conferrals: issued and revoked by the cycle's owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role
from portal.accounts.policies import at_own, has_role
from portal.core.policies import Policy, register_policy
from portal.lifecycle.conferral.models import Conferral

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.core.decisions import Decision


@register_policy
class ConferralPolicy(Policy):
    name = "conferral"
    actions = ("view", "draft", "issue", "revoke", "showcase")

    def can_view(self, actor: Actor, obj: Conferral | None) -> Decision:
        return has_role(actor, Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)

    def can_issue(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is a conferral, a cycle, or an entry of it."""
        cycle = getattr(obj, "cycle", obj)
        return at_own(actor, cycle.owner, Role.MANAGER) if cycle else has_role(actor, Role.MANAGER)

    can_draft = can_issue
    can_revoke = can_issue
    can_showcase = can_issue

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return Conferral.objects.filter(cycle__owner__path=actor.path)
