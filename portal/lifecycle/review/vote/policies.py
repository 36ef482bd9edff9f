"""Votes: the cycle's owner opens and reads; everybody with a desk may take part in a vote of staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import ALL_STAFF, at_own, has_role
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.review.vote.models import VoteWindow

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

READERS = (Role.CHECKER, Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)


@register_policy
class VotePolicy(Policy):
    name = "vote"
    actions = ("view", "open", "cast")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is the review stage."""
        return self._at(actor, obj, *READERS)

    def can_open(self, actor: Actor, obj: Any) -> Decision:
        return self._at(actor, obj, Role.MANAGER)

    def can_cast(self, actor: Actor, obj: Any) -> Decision:
        """One voice per person; experts mark and do not vote."""
        return has_role(actor, *ALL_STAFF)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return VoteWindow.objects.all()

    def _at(self, actor: Actor, obj: Any, *roles: str) -> Decision:
        if obj is not None:
            return at_own(actor, obj.cycle.owner, *roles)
        decision = has_role(actor, *roles)
        if decision and actor.level in UNIT_LEVELS:
            return refuse("not_here", "投票由主办工会组织。")
        return decision
