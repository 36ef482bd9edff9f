"""The owner's desk writes, its checker publishes and withdraws; what is published is read by all it was published for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.contests.models import Contest
from competitions.learning.enums import ProofState, ResourceState
from competitions.learning.models import Completion, CompletionImport, LearningDoor, PointsProof, TrainingResource
from portal.accounts.enums import Role
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_department
from portal.core.decisions import ALLOWED, Decision, refuse
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
    actions = ("view", "add", "change", "publish", "withdraw", "door", "learn")

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

    def can_door(self, actor: Actor, obj: LearningDoor | None) -> Decision:
        """The address for the own workers' phones."""
        decision = _of_union(actor, *DESK)
        return at_own(actor, obj.organisation, *DESK) if decision and obj is not None else decision

    def can_learn(self, actor: Actor, obj: LearningDoor | None) -> Decision:
        """Whoever stands at an open door: the address is the key."""
        return ALLOWED if obj is None or obj.is_open else refuse("state", "学习入口已经关闭，请联系单位工会。")

    def _own(self, actor: Actor, obj: TrainingResource | None, *roles: str) -> Decision:
        decision = _of_union(actor, *roles)
        return at_own(actor, obj.owner, *roles) if decision and obj is not None else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        action = self._bare(action)
        rows = TrainingResource.objects.all()
        if action in {"door", "learn"}:
            return LearningDoor.objects.filter(organisation__path=actor.path)
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


@register_policy
class ProofPolicy(Policy):
    """积分证明: handed in by worker or desk, checked by the unit's checker, read by those above."""

    name = "proof"
    actions = ("view", "add", "check")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Any) -> Decision:
        return _of_union(actor, *DESK)

    def can_check(self, actor: Actor, obj: PointsProof | None) -> Decision:
        decision = _of_union(actor, *CHECK)
        if not decision or obj is None:
            return decision
        if obj.state != ProofState.SUBMITTED:
            return refuse("state", "这份证明已经核对过。")
        if obj.uploaded_by_id is not None and obj.uploaded_by_id == actor.user_id:
            return refuse("own", "自己上传的证明请由另一人核对。")
        return at_own(actor, obj.organisation, *CHECK)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = PointsProof.objects.all()
        if self._bare(action) != "check":
            return rows
        return rows.filter(organisation__path=actor.path, state=ProofState.SUBMITTED)


@register_policy
class TrainingPolicy(Policy):
    """赛前培训: named by the host of the contest, read by all who know the contest; ``obj`` is the contest."""

    name = "training"
    actions = ("view", "name")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_name(self, actor: Actor, obj: Any) -> Decision:
        decision = _of_union(actor, *DESK)
        return at_own(actor, obj.owner, *DESK) if decision and obj is not None else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Contest.objects.all()
        return rows if self._bare(action) == "view" else rows.filter(owner__path=actor.path)
