"""Units keep their studios and report; the union that named a studio checks it, confirms it again, takes the plate away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from innovations.studios.enums import (
    ENDED,
    LEVEL_OF_UNION,
    OPEN_FOR_STUDIO,
    OPEN_FOR_UNION,
    RANK,
    CheckStatus,
    StudioLevel,
    StudioStatus,
)
from innovations.studios.models import Alliance, Studio, StudioRemoval, StudioRequest, YearCheck
from portal.accounts.enums import Role, UnionLevel
from portal.accounts.policies import ALL_STAFF, above_or_at, at_own, has_role, is_department
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
DESK = (Role.FILER, Role.CHECKER, Role.MANAGER)
GUEST = refuse("guest", "由工会办理，联合主办部门只能查看。")
ENDED_WORDS = refuse("state", "工作室已摘牌或注销，只能查看。")
SECOND = refuse("second_person", "提出的人不能自己复核，请由另一人办理。")


def staff(actor: Actor, *roles: str) -> Decision:
    """In one of the roles at a union; departments are guests."""
    decision = has_role(actor, *roles)
    return GUEST if decision and is_department(actor) else decision


def at_naming(actor: Actor, studio: Studio, *roles: str) -> Decision:
    """At the union that named the studio; before it is named, at its own unit."""
    return at_own(actor, studio.named_by or studio.organisation, *roles)


def best_of(actor: Actor) -> int:
    """The rank of the highest level this desk can record; the federation also enters what the nation named."""
    if actor.level == UnionLevel.MUNICIPAL:
        return RANK[StudioLevel.NATIONAL]
    return RANK[LEVEL_OF_UNION[actor.level]] if actor.level in LEVEL_OF_UNION else -1


@register_policy
class StudioPolicy(Policy):
    """创新工作室: ``obj`` is the studio. ``keep`` is writing its records; ``name`` and ``reconfirm`` are of unions."""

    name = "studio"
    actions = ("view", "add", "keep", "approve", "name", "reconfirm", "ask", "decide", "propose", "remove")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Studio | None) -> Decision:
        decision = staff(actor, *DESK)
        return above_or_at(actor, obj.organisation.path, *DESK) if decision and obj is not None else decision

    def can_keep(self, actor: Actor, obj: Studio | None) -> Decision:
        decision = self.can_add(actor, obj)
        return ENDED_WORDS if decision and obj is not None and obj.status in ENDED else decision

    def can_approve(self, actor: Actor, obj: Studio | None) -> Decision:
        """立项 by the enterprise: entered by a checker of its union or of one above."""
        decision = staff(actor, *STAFF)
        if decision and obj is not None:
            decision = above_or_at(actor, obj.organisation.path, *STAFF)
        return ENDED_WORDS if decision and obj is not None and obj.status in ENDED else decision

    def can_name(self, actor: Actor, obj: Studio | None) -> Decision:
        decision = self.can_approve(actor, obj)
        if decision and obj is not None and obj.level and best_of(actor) <= RANK[obj.level]:
            return refuse("state", "已有同级或更高级别的命名。")
        if decision and obj is not None and obj.status not in {StudioStatus.GROWING, StudioStatus.RUNNING}:
            return refuse("state", "整改或拟摘牌期间不能命名。")
        return decision

    def can_reconfirm(self, actor: Actor, obj: Studio | None) -> Decision:
        if obj is None:
            return staff(actor, *STAFF)
        decision = at_naming(actor, obj, *STAFF)
        if decision and (obj.status != StudioStatus.RUNNING or not obj.named_by_id):
            return refuse("state", "只有正常运行、已命名的工作室可以复核确认。")
        return decision

    def can_ask(self, actor: Actor, obj: Studio | None) -> Decision:
        """Change of the leader, end of the studio: asked for by the unit."""
        if obj is None:
            return staff(actor, *DESK)
        decision = above_or_at(actor, obj.organisation.path, *DESK)
        return ENDED_WORDS if decision and obj.status in ENDED else decision

    def can_decide(self, actor: Actor, obj: StudioRequest | None) -> Decision:
        if obj is None:
            return staff(actor, *STAFF)
        decision = at_naming(actor, obj.studio, *STAFF)
        if decision and obj.agreed is not None:
            return refuse("state", "这项申请已经审核。")
        return SECOND if decision and obj.entered_by_id == actor.user_id else decision

    def can_propose(self, actor: Actor, obj: Studio | None) -> Decision:
        if obj is None:
            return staff(actor, *STAFF)
        decision = at_naming(actor, obj, *STAFF)
        if decision and (not obj.named_by_id or obj.status not in {StudioStatus.RUNNING, StudioStatus.MENDING}):
            return refuse("state", "没有命名、已摘牌或正在办理摘牌。")
        return decision

    def can_remove(self, actor: Actor, obj: StudioRemoval | None) -> Decision:
        """The second person of a removal."""
        if obj is None:
            return staff(actor, *STAFF)
        decision = at_naming(actor, obj.studio, *STAFF)
        if decision and obj.agreed is not None:
            return refuse("state", "这项摘牌建议已经复核。")
        return SECOND if decision and obj.proposed_by_id == actor.user_id else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        if self._bare(action) == "decide":
            return StudioRequest.objects.filter(agreed=None)
        if self._bare(action) == "remove":
            return StudioRemoval.objects.filter(agreed=None)
        return Studio.objects.all()


@register_policy
class StudioCheckPolicy(Policy):
    """年度考核: the unit files, the union that opened it marks; never one person both."""

    name = "studiocheck"
    actions = ("view", "open", "file", "mark")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_open(self, actor: Actor, obj: Any) -> Decision:
        return staff(actor, *STAFF)

    def can_file(self, actor: Actor, obj: YearCheck | None) -> Decision:
        if obj is None:
            return staff(actor, *DESK)
        decision = at_own(actor, obj.studio.organisation, *DESK)
        if decision and obj.status not in OPEN_FOR_STUDIO:
            return refuse("state", "自评已经报送，现在不能修改。")
        if decision and obj.studio.status == StudioStatus.PROPOSED:
            return refuse("state", "正在办理摘牌，考核暂停。")
        return decision

    def can_mark(self, actor: Actor, obj: YearCheck | None) -> Decision:
        if obj is None:
            return staff(actor, *STAFF)
        decision = at_own(actor, obj.owner, *STAFF)
        if decision and obj.status not in OPEN_FOR_UNION:
            waiting = obj.status in {CheckStatus.WAITING, CheckStatus.RETURNED}
            return refuse("state", "工作室还没有报送自评。" if waiting else "现在不在考核环节。")
        if decision and obj.filed_by_id == actor.user_id:
            return refuse("second_person", "填报自评的人不能自己考核，请由另一人办理。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return YearCheck.objects.all()


@register_policy
class AlliancePolicy(Policy):
    """工作室联盟: founded and kept by a union above units; everybody below sees it."""

    name = "alliance"
    actions = ("view", "found", "keep")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_found(self, actor: Actor, obj: Any) -> Decision:
        return staff(actor, *STAFF)

    def can_keep(self, actor: Actor, obj: Alliance | None) -> Decision:
        return staff(actor, *STAFF) if obj is None else at_own(actor, obj.owner, *STAFF)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return Alliance.objects.all()
