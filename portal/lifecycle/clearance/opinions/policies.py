"""Opinions of co-hosts: given by the co-host's staff on what they were agreed to see, answered by the owner's managers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.enums import Role
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.clearance.opinions.models import HostOpinion
from portal.lifecycle.clearance.opinions.queries import SPEAKING, entries_to_speak_on
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.hosts.policies import READERS, as_host

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.lifecycle.programmes.host_models import CycleHost


def hosting_of(actor: Actor, entry: Entry) -> CycleHost | None:
    """The desk's hosting of the entry's cycle (uses a prefetch of ``cycle__hosts`` when there is one)."""
    here = actor.desk.organisation_id if actor.desk else None
    hosts = [host for host in entry.cycle.hosts.all() if host.organisation_id == here and host.ended_at is None]
    return hosts[0] if hosts else None


@register_policy
class OpinionPolicy(Policy):
    """``give`` is asked about an entry, ``overrule`` and ``view`` about an opinion."""

    name = "opinion"
    actions = ("view", "give", "overrule")

    def can_view(self, actor: Actor, obj: HostOpinion | None) -> Decision:
        decision = has_role(actor, *READERS)
        if not decision or obj is None:
            return decision
        return ALLOWED if (own := at_own(actor, obj.entry.cycle.owner, *READERS)) or as_host(
            actor, obj.host, *READERS
        ) else own  # fmt: skip

    def can_give(self, actor: Actor, obj: Entry | None) -> Decision:
        host = hosting_of(actor, obj) if obj is not None else None
        decision = as_host(actor, host, Role.MANAGER, Role.CHECKER)
        if not decision or obj is None:
            return decision
        if host is None or not host.can_clear:
            return refuse("not_agreed", "没有与本单位约定对这一届的申报件出具意见。")
        if obj.state not in SPEAKING:
            return refuse("closed", "这件申报已经进入后面的环节，不再出具意见。")
        return ALLOWED

    def can_overrule(self, actor: Actor, obj: HostOpinion | None) -> Decision:
        if obj is None:
            return has_role(actor, Role.MANAGER)
        decision = at_own(actor, obj.entry.cycle.owner, Role.MANAGER)
        if decision and not obj.is_objection:
            return refuse("no_objection", "该单位没有不同意的意见，无需说明理由。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        return entries_to_speak_on(actor=actor) if self._bare(action) == "give" else HostOpinion.objects.all()
