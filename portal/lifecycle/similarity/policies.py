"""Similar entries: the organiser's staff look and decide; supervisors and auditors read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.similarity.models import SimilarPair

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


@register_policy
class SimilarityPolicy(Policy):
    """``obj`` is a pair, or an entry."""

    name = "similarity"
    actions = ("view", "decide")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return self._organiser(actor, obj, Role.CHECKER, Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)

    def can_decide(self, actor: Actor, obj: Any) -> Decision:
        return self._organiser(actor, obj, Role.CHECKER, Role.MANAGER)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return SimilarPair.objects.filter(later__cycle__owner__path=actor.path)

    def _organiser(self, actor: Actor, obj: Any, *roles: str) -> Decision:
        if obj is not None:
            return at_own(actor, getattr(obj, "later", obj).cycle.owner, *roles)
        decision = has_role(actor, *roles)
        if decision and actor.level in UNIT_LEVELS:
            return refuse("not_here", "查重由主办工会核对。")
        return decision
