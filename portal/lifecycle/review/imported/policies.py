"""Results of a contest: recorded by one member of the owner's staff, confirmed by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.review.imported.models import ContestResult

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
READERS = (*STAFF, Role.SUPERVISOR, Role.AUDITOR)


@register_policy
class ResultPolicy(Policy):
    name = "result"
    actions = ("view", "record", "confirm")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is a stage, a file, an entry or a result of the cycle."""
        return at_own(actor, _owner(obj), *READERS) if obj is not None else _at_a_host(actor, *READERS)

    def can_record(self, actor: Actor, obj: Any) -> Decision:
        return at_own(actor, _owner(obj), *STAFF) if obj is not None else _at_a_host(actor, *STAFF)

    def can_confirm(self, actor: Actor, obj: Any) -> Decision:
        """Whoever recorded a result cannot confirm it."""
        decision = self.can_record(actor, obj)
        if decision and isinstance(obj, ContestResult) and obj.recorded_by_id == actor.user_id:
            return refuse("same_person", "成绩须由录入人以外的另一人核对确认。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return ContestResult.objects.filter(entry__cycle__owner__path=actor.path)


def _at_a_host(actor: Actor, *roles: str) -> Decision:
    """Units hold no contests of their own here."""
    decision = has_role(actor, *roles)
    if decision and actor.level in UNIT_LEVELS:
        return refuse("not_here", "竞赛成绩由主办工会办理。")
    return decision


def _owner(obj: Any) -> Any:
    for name in ("stage", "entry"):
        if hasattr(obj, name):
            return _owner(getattr(obj, name))
    return obj.cycle.owner
