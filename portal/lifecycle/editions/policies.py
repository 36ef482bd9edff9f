"""Editions: opened by managers of the unions that the programme allows; winners go up from the union that ran them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle, Programme

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


@register_policy
class EditionPolicy(Policy):
    name = "edition"
    actions = ("view", "open", "forward")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        decision = has_role(actor, Role.CHECKER, Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)
        if decision and actor.level in UNIT_LEVELS:
            return refuse("unit", "下级届次由区、集团和功能区工会举办。")
        return decision

    def can_open(self, actor: Actor, obj: Programme | None) -> Decision:
        """``obj`` is the programme of the union above."""
        decision = has_role(actor, Role.MANAGER)
        if decision and actor.level in UNIT_LEVELS:
            return refuse("unit", "下级届次由区、集团和功能区工会举办。")
        if not decision or obj is None:
            return decision
        if not actor.path.startswith(obj.owner.path) or actor.path == obj.owner.path:
            return refuse("outside", "只有主办工会的下级工会可以举办本级届次。")
        newest = obj.blueprints.filter(published_at__isnull=False).order_by("-version").first()
        spec = newest.rules.edition if newest else None
        if spec is None or not spec.allowed:
            return refuse("not_allowed", f"“{obj}”没有放开由下级工会举办。")
        if actor.level not in spec.levels:
            return refuse("level", f"“{obj}”不由本级工会举办。")
        return ALLOWED

    def can_forward(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is the edition, an entry of it, or the entry above that stands at this union."""
        if obj is None:
            return has_role(actor, Role.MANAGER)
        if isinstance(obj, Entry) and obj.at_organisation is not None and not obj.cycle.is_edition:
            return at_own(actor, obj.at_organisation, Role.MANAGER)
        cycle = obj if isinstance(obj, Cycle) else obj.cycle
        return at_own(actor, cycle.owner, Role.MANAGER)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return Cycle.objects.all()
