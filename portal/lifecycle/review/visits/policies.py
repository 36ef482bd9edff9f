"""Visits: the cycle's owner plans and records; who decides and supervises reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.review.visits.models import Visit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
READERS = (*STAFF, Role.SUPERVISOR, Role.AUDITOR)


@register_policy
class VisitPolicy(Policy):
    name = "visit"
    actions = ("view", "plan", "record")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is a stage, an entry, a visit or a picture of the cycle."""
        return self._at(actor, obj, *READERS)

    def can_plan(self, actor: Actor, obj: Any) -> Decision:
        return self._at(actor, obj, Role.MANAGER)

    def can_record(self, actor: Actor, obj: Any) -> Decision:
        return self._at(actor, obj, *STAFF)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return Visit.objects.filter(entry__cycle__owner__path=actor.path)

    def _at(self, actor: Actor, obj: Any, *roles: str) -> Decision:
        if obj is not None:
            return at_own(actor, _owner(obj), *roles)
        decision = has_role(actor, *roles)
        if decision and actor.level in UNIT_LEVELS:
            return refuse("not_here", "实地考察由主办工会组织。")
        return decision


def _owner(obj: Any) -> Any:
    for name in ("visit", "entry"):
        if name in {f.name for f in obj._meta.concrete_fields}:
            return _owner(getattr(obj, name))
    return obj.cycle.owner
