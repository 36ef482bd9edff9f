"""Joint programmes: the owner's managers agree on rights, the co-host's staff use them; nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role, UnionLevel
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.programmes.host_models import CycleHost

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

READERS = (Role.MANAGER, Role.CHECKER, Role.SUPERVISOR, Role.AUDITOR)


def as_host(actor: Actor, host: CycleHost | None, *roles: str) -> Decision:
    """In one of the roles at the organisation of this hosting; without one: at a desk that can host with others."""
    decision = has_role(actor, *roles)
    if not decision:
        return decision
    if actor.level != UnionLevel.MUNICIPAL:
        return refuse("not_host", "联合主办由市级部门和市级总工会办理。")
    if host is None:
        return ALLOWED
    if host.ended_at is not None or host.organisation_id != actor.at_desk.organisation_id:
        return refuse("not_host", "本单位不是这一届的联合主办单位。")
    return ALLOWED


@register_policy
class JointPolicy(Policy):
    """``obj`` is a hosting; for the owner's actions a hosting or its cycle."""

    name = "joint"
    actions = ("view", "acknowledge", "hosts", "manage")

    def can_view(self, actor: Actor, obj: CycleHost | None) -> Decision:
        return as_host(actor, obj, *READERS)

    def can_acknowledge(self, actor: Actor, obj: CycleHost | None) -> Decision:
        return as_host(actor, obj, Role.MANAGER, Role.CHECKER)

    def can_hosts(self, actor: Actor, obj: Any) -> Decision:
        """See with whom the own cycle is hosted and what was agreed."""
        cycle = getattr(obj, "cycle", obj)
        return at_own(actor, cycle.owner, *READERS) if cycle else has_role(actor, *READERS)

    def can_manage(self, actor: Actor, obj: Any) -> Decision:
        cycle = getattr(obj, "cycle", obj)
        return at_own(actor, cycle.owner, Role.MANAGER) if cycle else has_role(actor, Role.MANAGER)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        if self._bare(action) in {"hosts", "manage"}:
            return CycleHost.objects.filter(cycle__owner__path=actor.path)
        here = actor.desk.organisation_id if actor.desk else None
        return CycleHost.objects.filter(organisation=here, ended_at=None)
