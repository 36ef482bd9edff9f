"""Programmes and cycles: everybody in the tree may read what runs; the owner's managers run it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_department
from portal.core.decisions import refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.programmes.models import Cycle

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.core.decisions import Decision


@register_policy
class CyclePolicy(Policy):
    name = "cycle"
    actions = ("view", "create", "run", "quota", "amend")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF, Role.EXPERT)

    def can_create(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is the programme."""
        if obj:
            return at_own(actor, obj.owner, Role.MANAGER)
        decision = has_role(actor, Role.MANAGER)
        return refuse("department", "联合主办部门不开设届次。") if decision and is_department(actor) else decision

    def can_run(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is a cycle, or an entry of one: open and close stages, begin and complete reviews."""
        cycle = getattr(obj, "cycle", obj)
        return at_own(actor, cycle.owner, Role.MANAGER) if cycle else has_role(actor, Role.MANAGER)

    can_quota = can_run
    can_amend = can_run

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Cycle.objects.select_related("programme", "owner")
        return rows if self._bare(action) == "view" else rows.filter(owner__path=actor.path)
