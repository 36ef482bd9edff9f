"""Unions follow their enterprises and remind them; the unit answers; both record what leaders did and workers gained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from competitions.nonpublic.enums import AnswerState, GuidanceStatus
from competitions.nonpublic.models import (
    Cultivated,
    EngagementRecord,
    GuidanceTemplate,
    PolicyPaper,
    Reminder,
    SelfAnswer,
    SelfAssessment,
    WeakUnit,
)
from portal.accounts.enums import Role, UnionLevel
from portal.accounts.models import Employer
from portal.accounts.policies import ALL_STAFF, above_or_at, at_own, has_role, is_department, is_municipal
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
DESK = (Role.FILER, Role.CHECKER, Role.MANAGER)
UNIONS = (UnionLevel.MUNICIPAL, UnionLevel.DISTRICT, UnionLevel.SUBDISTRICT)
UNIONS_ONLY = refuse("level", "由市总工会、区和集团公司工会、街镇和功能区工会办理。")


def at_union(actor: Actor, *roles: str) -> Decision:
    """In one of the roles, at a union that stands above units; departments are guests."""
    decision = has_role(actor, *roles)
    return UNIONS_ONLY if decision and (actor.level not in UNIONS or is_department(actor)) else decision


def federation_staff(actor: Actor) -> Decision:
    decision = has_role(actor, *STAFF)
    if decision and (not is_municipal(actor) or is_department(actor)):
        return refuse("municipal_only", "由市总工会办理。")
    return decision


@register_policy
class CoveragePolicy(Policy):
    """覆盖面: ``obj`` of ``remind`` is the employer."""

    name = "coverage"
    actions = ("view", "remind", "snapshot")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return at_union(actor, *ALL_STAFF)

    def can_remind(self, actor: Actor, obj: Employer | None) -> Decision:
        decision = at_union(actor, *STAFF)
        return above_or_at(actor, obj.organisation.path, *STAFF) if decision and obj is not None else decision

    def can_snapshot(self, actor: Actor, obj: Any) -> Decision:
        decision = has_role(actor, Role.MANAGER)
        if decision and not is_municipal(actor):
            return refuse("municipal_only", "时点数据由市总工会统一形成。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return Employer.objects.all()


@register_policy
class ReminderPolicy(Policy):
    """竞赛提醒: read by the union of the unit and those above, answered by that union."""

    name = "reminder"
    actions = ("view", "answer")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_answer(self, actor: Actor, obj: Reminder | None) -> Decision:
        decision = has_role(actor, *DESK) if obj is None else at_own(actor, obj.organisation, *DESK)
        if decision and obj is not None and not obj.is_open:
            return refuse("state", "这条提醒已经反馈过。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Reminder.objects.all()
        return rows.filter(organisation__path=actor.path, answered_at=None) if "answer" in action else rows


@register_policy
class CultivatedPolicy(Policy):
    """培育库: kept by the union that brings the enterprise on, read by those above it."""

    name = "cultivated"
    actions = ("view", "add", "change", "step")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return at_union(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Any) -> Decision:
        return at_union(actor, *STAFF)

    def can_change(self, actor: Actor, obj: Cultivated | None) -> Decision:
        decision = at_union(actor, *STAFF) if obj is None else at_own(actor, obj.owner, *STAFF)
        if decision and obj is not None and obj.has_ended:
            return refuse("state", "培育已经结束，只能查看。")
        return decision

    can_step = can_change

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Cultivated.objects.all()
        return rows if self._bare(action) == "view" else rows.filter(owner__path=actor.path)


@register_policy
class WeakPolicy(Policy):
    """薄弱企业帮扶: kept by the union that helps, read by the unit itself and all above it. ``obj`` of ``add`` is the employer."""

    name = "weak"
    actions = ("view", "add", "help")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Employer | None) -> Decision:
        decision = at_union(actor, *STAFF)
        return above_or_at(actor, obj.organisation.path, *STAFF) if decision and obj is not None else decision

    def can_help(self, actor: Actor, obj: WeakUnit | None) -> Decision:
        decision = at_union(actor, *STAFF) if obj is None else at_own(actor, obj.owner, *STAFF)
        if decision and obj is not None and not obj.is_active:
            return refuse("state", "帮扶已经结束，只能查看。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = WeakUnit.objects.all()
        return rows if self._bare(action) == "view" else rows.filter(owner__path=actor.path)


@register_policy
class GuidancePolicy(Policy):
    """分类指导模板: kept by the municipal federation; everybody below reads and uses what is published."""

    name = "guidance"
    actions = ("view", "write", "change", "withdraw", "use")

    def can_view(self, actor: Actor, obj: GuidanceTemplate | None) -> Decision:
        decision = has_role(actor, *ALL_STAFF)
        if decision and obj is not None and obj.status != GuidanceStatus.PUBLISHED:
            return at_own(actor, obj.owner, *ALL_STAFF)
        return decision

    def can_write(self, actor: Actor, obj: Any) -> Decision:
        return federation_staff(actor)

    def can_change(self, actor: Actor, obj: GuidanceTemplate | None) -> Decision:
        decision = self.can_write(actor, obj)
        if decision and obj is not None:
            decision = at_own(actor, obj.owner, *STAFF)
            if decision and not obj.is_draft:
                return refuse("state", "已经发布的模板不能修改，请起草新版本。")
        return decision

    def can_withdraw(self, actor: Actor, obj: GuidanceTemplate | None) -> Decision:
        decision = self.can_write(actor, obj)
        if decision and obj is not None:
            decision = at_own(actor, obj.owner, *STAFF)
            if decision and not obj.is_published:
                return refuse("state", "只有已发布的模板可以撤回或起草新版本。")
        return decision

    def can_use(self, actor: Actor, obj: GuidanceTemplate | None) -> Decision:
        decision = has_role(actor, *DESK)
        if decision and is_department(actor):
            return UNIONS_ONLY
        if decision and obj is not None and not obj.is_published:
            return refuse("state", "只能用已发布的模板。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = GuidanceTemplate.objects.all()
        readable = Q(status=GuidanceStatus.PUBLISHED) | Q(owner__path=actor.path)
        return rows.filter(readable) if self._bare(action) == "view" else rows.filter(owner__path=actor.path)


@register_policy
class PaperPolicy(Policy):
    """政策文件: kept by the municipal federation, read by everybody below it."""

    name = "policy"
    actions = ("view", "write", "change")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_write(self, actor: Actor, obj: Any) -> Decision:
        return federation_staff(actor)

    def can_change(self, actor: Actor, obj: PolicyPaper | None) -> Decision:
        decision = federation_staff(actor)
        return at_own(actor, obj.owner, *STAFF) if decision and obj is not None else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = PolicyPaper.objects.all()
        return rows if self._bare(action) == "view" else rows.filter(owner__path=actor.path)


@register_policy
class AssessmentPolicy(Policy):
    """年度自评: who may see it sees the answers of the own part of the tree."""

    name = "assessment"
    actions = ("view", "close")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return at_union(actor, *ALL_STAFF)

    def can_close(self, actor: Actor, obj: SelfAssessment | None) -> Decision:
        decision = federation_staff(actor)
        if decision and obj is not None:
            decision = at_own(actor, obj.policy.owner, *STAFF)
            if decision and not obj.is_open:
                return refuse("state", "这次自评已经结束。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = SelfAssessment.objects.all()
        return rows if self._bare(action) == "view" else rows.filter(policy__owner__path=actor.path)


@register_policy
class SelfAnswerPolicy(Policy):
    """自评报告: written and handed in by the union, decided by the federation."""

    name = "selfanswer"
    actions = ("view", "write", "file", "decide")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return at_union(actor, *ALL_STAFF)

    def can_write(self, actor: Actor, obj: SelfAnswer | None) -> Decision:
        if obj is None:
            return at_union(actor, *STAFF)
        decision = at_own(actor, obj.union, *STAFF)
        if decision and not obj.is_with_union:
            return refuse("state", "已经报送或自评已结束，不能修改。")
        return decision

    can_file = can_write

    def can_decide(self, actor: Actor, obj: SelfAnswer | None) -> Decision:
        decision = federation_staff(actor)
        if decision and obj is not None:
            decision = at_own(actor, obj.assessment.policy.owner, *STAFF)
            if decision and (obj.status != AnswerState.FILED or not obj.assessment.is_open):
                return refuse("state", "只有已报送、还没有办理的自评可以确认或退回。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = SelfAnswer.objects.all()
        return rows.filter(union__path=actor.path) if self._bare(action) in {"write", "file"} else rows


@register_policy
class GainPolicy(Policy):
    """负责人参与和受益记录: ``obj`` is the employer."""

    name = "gain"
    actions = ("view", "enter")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_enter(self, actor: Actor, obj: Employer | None) -> Decision:
        decision = has_role(actor, *DESK)
        return above_or_at(actor, obj.organisation.path, *DESK) if decision and obj is not None else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return EngagementRecord.objects.all()
