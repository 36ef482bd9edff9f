"""The owner's desk writes, its checker publishes and withdraws; what is published is read by all it was published for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.learning.enums import ResourceState
from competitions.learning.models import Completion, CompletionImport, TrainingResource
from portal.accounts.enums import Role
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_department
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

DESK = (Role.FILER, Role.CHECKER, Role.MANAGER)
CHECK = (Role.CHECKER, Role.MANAGER)


def _of_union(actor: Actor, *roles: str) -> Decision:
    decision = has_role(actor, *roles)
    return refuse("level", "由各级工会办理。") if decision and is_department(actor) else decision


@register_policy
class LearningPolicy(Policy):
    """培训资源."""

    name = "learning"
    actions = ("view", "add", "change", "publish", "withdraw")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Any) -> Decision:
        return _of_union(actor, *DESK)

    def can_change(self, actor: Actor, obj: TrainingResource | None) -> Decision:
        decision = self._own(actor, obj, *DESK)
        if decision and obj is not None and obj.is_published:
            return refuse("state", "已发布的资源请先下架再修改，修改后重新发布。")
        return decision

    def can_publish(self, actor: Actor, obj: TrainingResource | None) -> Decision:
        decision = self._own(actor, obj, *CHECK)
        return refuse("state", "该资源已经发布。") if decision and obj is not None and obj.is_published else decision

    def can_withdraw(self, actor: Actor, obj: TrainingResource | None) -> Decision:
        decision = self._own(actor, obj, *CHECK)
        return (
            refuse("state", "该资源没有发布。") if decision and obj is not None and not obj.is_published else decision
        )

    def _own(self, actor: Actor, obj: TrainingResource | None, *roles: str) -> Decision:
        decision = _of_union(actor, *roles)
        return at_own(actor, obj.owner, *roles) if decision and obj is not None else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        action = self._bare(action)
        rows = TrainingResource.objects.all()
        if action in {"view", "add"}:
            return rows
        state = {"publish": (ResourceState.DRAFT, ResourceState.WITHDRAWN), "withdraw": (ResourceState.PUBLISHED,)}
        states = state.get(action, (ResourceState.DRAFT, ResourceState.WITHDRAWN))
        return rows.filter(owner__path=actor.path, state__in=states)


@register_policy
class CompletionPolicy(Policy):
    """结业记录: entered by the desk of the workers' union, read by it and those above."""

    name = "completion"
    actions = ("view", "import", "remove")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_import(self, actor: Actor, obj: CompletionImport | None) -> Decision:
        decision = _of_union(actor, *DESK)
        return at_own(actor, obj.organisation, *DESK) if decision and obj is not None else decision

    def can_remove(self, actor: Actor, obj: Completion | None) -> Decision:
        decision = _of_union(actor, *CHECK)
        return at_own(actor, obj.organisation, *CHECK) if decision and obj is not None else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Completion.objects.all()
        return rows if self._bare(action) == "view" else rows.filter(organisation__path=actor.path)
