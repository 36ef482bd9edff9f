"""The federation deploys, assigns and decides; the second-level union files its scheme and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role, UnionLevel
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_municipal
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.workplans.enums import EDITABLE, SchemeStatus
from portal.workplans.models import Plan, Scheme

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
READERS = (*STAFF, Role.SUPERVISOR, Role.AUDITOR)
SECOND_LEVEL = refuse("second_level", "实施方案由区总工会，局、集团公司工会报送。")
MUNICIPAL = refuse("municipal_only", "这项工作由市总工会办理。")


@register_policy
class WorkplanPolicy(Policy):
    """``view`` is the plan and what was published; ``follow`` the schemes and the board."""

    name = "workplan"
    actions = ("view", "follow", "open", "assign", "edit", "submit", "revise", "report", "decide")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_follow(self, actor: Actor, obj: Any) -> Decision:
        decision = has_role(actor, *READERS)
        if decision and actor.level not in {UnionLevel.MUNICIPAL, UnionLevel.DISTRICT}:
            return SECOND_LEVEL
        return decision

    def can_open(self, actor: Actor, obj: Plan | None) -> Decision:
        if obj is not None:
            return at_own(actor, obj.owner, Role.MANAGER)
        decision = has_role(actor, Role.MANAGER)
        return MUNICIPAL if decision and not is_municipal(actor) else decision

    def can_assign(self, actor: Actor, obj: Scheme | None) -> Decision:
        return self._city(actor, obj, Role.MANAGER)

    def can_decide(self, actor: Actor, obj: Scheme | None) -> Decision:
        decision = self._city(actor, obj, *STAFF)
        if decision and obj is not None and obj.status != SchemeStatus.SUBMITTED:
            return refuse("state", "该实施方案现在不在市总工会审核。")
        return decision

    def can_edit(self, actor: Actor, obj: Scheme | None) -> Decision:
        decision = self._own(actor, obj)
        if decision and obj is not None and obj.status not in EDITABLE:
            return refuse("state", "实施方案已报送，不能修改；通过后可以发起修订。")
        return decision

    can_submit = can_edit

    def can_revise(self, actor: Actor, obj: Scheme | None) -> Decision:
        decision = self._own(actor, obj)
        if decision and obj is not None and obj.status != SchemeStatus.ACCEPTED:
            return refuse("state", "只有已通过的实施方案可以修订。")
        return decision

    def can_report(self, actor: Actor, obj: Scheme | None) -> Decision:
        decision = self._own(actor, obj)
        if decision and obj is not None and obj.accepted_at is None:
            return refuse("state", "实施方案通过后才能报送季度进展。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        bare = self._bare(action)
        if bare in {"view", "open"}:
            return Plan.objects.all()
        if bare in {"edit", "submit", "revise", "report"}:
            return Scheme.objects.filter(organisation__path=actor.path)
        return Scheme.objects.all()

    def _own(self, actor: Actor, obj: Scheme | None) -> Decision:
        if obj is not None:
            return at_own(actor, obj.organisation, *STAFF)
        decision = has_role(actor, *STAFF)
        return SECOND_LEVEL if decision and actor.level != UnionLevel.DISTRICT else decision

    def _city(self, actor: Actor, obj: Scheme | None, *roles: str) -> Decision:
        if obj is not None:
            return at_own(actor, obj.year.plan.owner, *roles)
        decision = has_role(actor, *roles)
        return MUNICIPAL if decision and not is_municipal(actor) else decision
