"""Drafts of blueprints: the owner's managers, at the city and at the district level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role, UnionLevel
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.workshop.models import BlueprintDraft

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

LEVELS = (UnionLevel.MUNICIPAL, UnionLevel.DISTRICT)


@register_policy
class DraftPolicy(Policy):
    name = "draft"
    actions = ("view", "create", "edit", "publish", "discard")

    def can_create(self, actor: Actor, obj: Any) -> Decision:
        """Whose desk may make rules of its own: 市总工会、区总工会和局（集团公司）工会."""
        decision = has_role(actor, Role.MANAGER)
        if decision and actor.level not in LEVELS:
            return refuse("level", "方案由市总工会和区总工会、局（集团公司）工会的管理员编制。")
        return decision

    def can_view(self, actor: Actor, obj: BlueprintDraft | None) -> Decision:
        decision = self.can_create(actor, obj)
        return at_own(actor, obj.owner, Role.MANAGER) if decision and obj is not None else decision

    def can_edit(self, actor: Actor, obj: BlueprintDraft | None) -> Decision:
        decision = self.can_view(actor, obj)
        if decision and obj is not None and not obj.is_open:
            return refuse("closed", f"这份草稿{obj.get_status_display()}，不能再修改；需要时请重新起草。")
        return decision if not decision else ALLOWED

    can_publish = can_edit
    can_discard = can_edit

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = BlueprintDraft.objects.filter(owner__path=actor.path)
        return rows if self._bare(action) in {"view", "create"} else rows.filter(status="open")
