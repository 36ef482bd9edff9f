"""The ledger of places: read by the union and those above it, moved by the union that holds them or by the organiser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.enums import Role
from portal.accounts.policies import at_own, has_role, is_department
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.programmes.models import QuotaAllocation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.lifecycle.programmes.place_models import PlacePosting

STAFF = (Role.CHECKER, Role.MANAGER)


@register_policy
class PlacePolicy(Policy):
    name = "place"
    actions = ("view", "transfer", "reverse")

    def can_view(self, actor: Actor, obj: QuotaAllocation | None) -> Decision:
        decision = has_role(actor, *STAFF, Role.SUPERVISOR, Role.AUDITOR)
        if decision and is_department(actor):
            return refuse("guest", "推荐名额由工会系统内部管理。")
        return decision

    def can_transfer(self, actor: Actor, obj: QuotaAllocation | None) -> Decision:
        """``obj`` is the account that gives."""
        if obj is None or actor.path == obj.cycle.owner.path:
            return has_role(actor, *STAFF) if obj is None else has_role(actor, Role.MANAGER)
        return at_own(actor, obj.organisation, *STAFF)

    def can_reverse(self, actor: Actor, obj: PlacePosting | None) -> Decision:
        """By the union that wrote the posting."""
        return has_role(actor, *STAFF) if obj is None else at_own(actor, obj.organisation, *STAFF)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return QuotaAllocation.objects.filter(organisation__path__startswith=actor.path)
