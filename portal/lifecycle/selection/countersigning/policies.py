"""Countersigning: by managers of a co-host that was given a say in the decision; the owner's managers answer a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.programmes.hosts.policies import READERS, as_host
from portal.lifecycle.selection.countersigning.models import Countersignature, SignVerdict
from portal.lifecycle.selection.countersigning.queries import hosting_of_round, rounds_to_sign
from portal.lifecycle.selection.models import RoundStatus, SelectionRound

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


@register_policy
class CountersignPolicy(Policy):
    """``view`` and ``sign`` are asked about a round, ``answer`` about a countersignature."""

    name = "countersign"
    actions = ("view", "sign", "answer")

    def can_view(self, actor: Actor, obj: SelectionRound | None) -> Decision:
        return self._decides(actor, obj, *READERS)

    def can_sign(self, actor: Actor, obj: SelectionRound | None) -> Decision:
        decision = self._decides(actor, obj, Role.MANAGER)
        if not decision or obj is None:
            return decision
        if obj.status != RoundStatus.DRAFT or obj.needs_decision:
            return refuse("state", "本轮名单现在不能会签。")
        return ALLOWED

    def can_answer(self, actor: Actor, obj: Countersignature | None) -> Decision:
        if obj is None:
            return has_role(actor, Role.MANAGER)
        decision = at_own(actor, obj.round.stage.cycle.owner, Role.MANAGER)
        stands = obj.replaced_at is None and obj.list_sha256 == obj.round.list_sha256
        if decision and not (stands and obj.verdict == SignVerdict.REFUSED and obj.answered_at is None):
            return refuse("no_refusal", "这条会签意见无需答复。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        if self._bare(action) == "answer":
            return Countersignature.objects.filter(round__stage__cycle__owner__path=actor.path)
        return rounds_to_sign(actor=actor)

    def _decides(self, actor: Actor, obj: Any, *roles: str) -> Decision:
        host = hosting_of_round(obj, actor=actor) if obj is not None else None
        decision = as_host(actor, host, *roles)
        if decision and obj is not None and host is None:
            return refuse("not_agreed", "没有与本单位约定会签这一届的评选结果。")
        return decision
