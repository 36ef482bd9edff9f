"""Clearance: the organiser's staff record what they checked and what departments answered; nobody else sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.clearance.models import Clearance
from portal.lifecycle.engine.states import facts

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

READERS = (Role.MANAGER, Role.CHECKER, Role.SUPERVISOR, Role.AUDITOR)
WRITERS = (Role.MANAGER, Role.CHECKER)


@register_policy
class ClearancePolicy(Policy):
    """``obj`` is an entry, or a clearance of one; for letters to departments a cycle."""

    name = "clearance"
    actions = ("view", "record", "letters", "confirm")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return self._organiser(actor, obj, *READERS)

    def can_record(self, actor: Actor, obj: Any) -> Decision:
        decision = self._organiser(actor, obj, *WRITERS)
        entry = getattr(obj, "entry", obj)
        if decision and entry is not None and not facts(entry.state).is_open:
            return refuse("closed", "这件申报已办结，不再登记审查意见。")
        return decision

    def can_letters(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is a cycle, or nothing."""
        if obj is not None:
            return at_own(actor, obj.owner, *WRITERS)
        return self._organiser(actor, None, *WRITERS)

    def can_confirm(self, actor: Actor, obj: Any) -> Decision:
        """Going on without a department's agreement: two persons decide."""
        if obj is None:
            return self._organiser(actor, None, Role.MANAGER)
        decision = self._organiser(actor, obj.clearance, Role.MANAGER)
        if decision and actor.user is not None and obj.proposed_by_id == actor.user.pk:
            return refuse("same_person", "例外须由提出人以外的另一人确认。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return Clearance.objects.filter(entry__cycle__owner__path=actor.path)

    def _organiser(self, actor: Actor, obj: Any, *roles: str) -> Decision:
        entry = getattr(obj, "entry", obj)
        if entry is not None:
            return at_own(actor, entry.cycle.owner, *roles)
        decision = has_role(actor, *roles)
        if decision and actor.level in UNIT_LEVELS:
            return refuse("organiser_only", "资格审查与联审由主办工会办理。")
        return decision
