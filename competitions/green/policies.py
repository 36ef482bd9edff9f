"""The federation lays down what is compared, units report, any union above checks; the co-hosting department reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.green.enums import CheckState, SuggestionState
from competitions.green.models import AwardProposal, BenchmarkSubject, MonthlyReading, SavingSuggestion
from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import ALL_STAFF, above_or_at, at_own, has_role, is_department, is_municipal
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

DESK = (Role.FILER, Role.CHECKER, Role.MANAGER)
STAFF = (Role.CHECKER, Role.MANAGER)
MUNICIPAL_ONLY = refuse("municipal_only", "指标、系数和对标组由市总工会制定。")
UNITS_ONLY = refuse("unit_only", "参赛主体、月报和建议由所在单位的基层工会填报。")
UNIONS_ONLY = refuse("union_only", "由单位的上级工会核对。")
OWN = refuse("own", "本单位报送的数据由上级工会核对。")


@register_policy
class GreenPolicy(Policy):
    """``obj`` is a subject, a reading, a baseline, a suggestion or a proposal: each knows its ``unit``."""

    name = "green"
    actions = ("view", "manage", "register", "report", "decide", "suggest", "claim", "verify", "propose", "draft")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_manage(self, actor: Actor, obj: Any) -> Decision:
        decision = has_role(actor, *STAFF)
        return MUNICIPAL_ONLY if decision and not is_municipal(actor) else decision

    def can_register(self, actor: Actor, obj: Any) -> Decision:
        if obj is not None:
            return at_own(actor, obj.unit, *DESK)
        decision = has_role(actor, *DESK)
        return UNITS_ONLY if decision and actor.level not in UNIT_LEVELS else decision

    can_report = can_register
    can_suggest = can_register

    def can_decide(self, actor: Actor, obj: Any) -> Decision:
        decision = self._union(actor, obj)
        if decision and obj is not None and obj.state != CheckState.SUBMITTED:
            return refuse("state", "这一版数据不在待核状态。")
        return decision

    def can_claim(self, actor: Actor, obj: SavingSuggestion | None) -> Decision:
        decision = self.can_register(actor, obj)
        if decision and obj is not None and obj.state not in {SuggestionState.PROPOSED, SuggestionState.RETURNED}:
            return refuse("state", "这项建议现在不能申报实际节能量。")
        return decision

    def can_verify(self, actor: Actor, obj: SavingSuggestion | None) -> Decision:
        decision = self._union(actor, obj)
        if decision and obj is not None and obj.state != SuggestionState.CLAIMED:
            return refuse("state", "单位还没有申报实际节能量，或已经办理。")
        return decision

    def can_propose(self, actor: Actor, obj: SavingSuggestion | AwardProposal | None) -> Decision:
        decision = self._union(actor, obj)
        if decision and isinstance(obj, SavingSuggestion) and obj.state != SuggestionState.VERIFIED:
            return refuse("state", "节能量经核定的建议才能提出即时授予。")
        if decision and isinstance(obj, AwardProposal) and (obj.withdrawn_at or obj.drafted_at):
            return refuse("state", "这项即时授予建议已经办理。")
        return decision

    def can_draft(self, actor: Actor, obj: AwardProposal | None) -> Decision:
        decision = self.can_register(actor, obj)
        if decision and obj is not None and (obj.withdrawn_at or obj.drafted_at):
            return refuse("state", "这项即时授予建议已经办理。")
        return decision

    def _union(self, actor: Actor, obj: Any) -> Decision:
        decision = has_role(actor, *STAFF)
        if not decision:
            return decision
        if actor.level in UNIT_LEVELS or is_department(actor):
            return UNIONS_ONLY
        if obj is None:
            return ALLOWED
        if obj.unit.path == actor.path:
            return OWN
        return above_or_at(actor, obj.unit.path, *STAFF)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        bare = self._bare(action)
        if bare == "decide":
            return MonthlyReading.objects.filter(state=CheckState.SUBMITTED)
        if bare == "verify":
            return SavingSuggestion.objects.filter(state=SuggestionState.CLAIMED)
        if bare == "draft":
            return AwardProposal.objects.filter(drafted_at=None, withdrawn_at=None)
        return BenchmarkSubject.objects.all()
