"""The host runs its contest, unions below send delegations, the level above reads along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.contests.enums import CANCELLABLE, DONE, ContestState
from competitions.contests.models import (
    Competitor,
    Contest,
    ContestAppeal,
    Delegation,
    HonourCandidate,
    MediaReport,
    Promotion,
    YearPlan,
)
from portal.accounts.enums import Role, UnionLevel
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_department, is_municipal
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
DESK = (Role.FILER, Role.CHECKER, Role.MANAGER)
UNIONS_ONLY = refuse("department", "赛项由各级工会登记和管理，联合主办部门只能查看。")
NOT_CONFIRMED = refuse("state", "成绩确认后才有名次证书。")
CITY_ONLY = refuse("level", "年度工种计划由市总工会制定。")


@register_policy
class ContestPolicy(Policy):
    """``obj`` is the contest."""

    name = "contest"
    actions = ("view", "plan", "aim", "manage", "cancel", "enter", "people", "certify")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    can_people = can_view

    def can_plan(self, actor: Actor, obj: Any) -> Decision:
        decision = has_role(actor, *STAFF)
        return UNIONS_ONLY if decision and is_department(actor) else decision

    def can_aim(self, actor: Actor, obj: YearPlan | None) -> Decision:
        """The year's target and the catalogue of trades."""
        decision = has_role(actor, *STAFF)
        return CITY_ONLY if decision and not is_municipal(actor) else decision

    def can_manage(self, actor: Actor, obj: Contest | None) -> Decision:
        if obj is None:
            return self.can_plan(actor, None)
        decision = at_own(actor, obj.owner, *STAFF)
        if decision and obj.state in {ContestState.ARCHIVED, ContestState.CANCELLED}:
            return refuse("closed", "赛项已归档或取消，只能查看。")
        return decision

    def can_cancel(self, actor: Actor, obj: Contest | None) -> Decision:
        decision = self.can_manage(actor, obj)
        if decision and obj is not None and obj.state not in CANCELLABLE:
            return refuse("state", "比赛已经开始，不能取消。")
        return decision

    def can_enter(self, actor: Actor, obj: Contest | None) -> Decision:
        """报名: a union in the host's tree, while entries are open."""
        decision = has_role(actor, *DESK)
        if decision and is_department(actor):
            return UNIONS_ONLY
        if not decision or obj is None:
            return decision
        if not actor.path.startswith(obj.owner.path):
            return refuse("outside", "只有主办工会下属的工会可以组队报名。")
        if obj.state != ContestState.REGISTRATION:
            return refuse("state", "赛项现在不接受报名。")
        return decision

    def can_certify(self, actor: Actor, obj: Contest | None) -> Decision:
        """名次证书 of everybody: the host, once results are confirmed."""
        decision = has_role(actor, *STAFF) if obj is None else at_own(actor, obj.owner, *STAFF)
        return NOT_CONFIRMED if decision and obj is not None and obj.state not in DONE else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        bare = self._bare(action)
        rows = Contest.objects.all()
        if bare in {"manage", "cancel", "certify"}:
            rows = rows.filter(owner__path=actor.path)
        return rows


@register_policy
class DelegationPolicy(Policy):
    """代表队 and its competitors: run by its union while entries are open; ``obj`` is the delegation."""

    name = "delegation"
    actions = ("view", "change", "appeal")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_change(self, actor: Actor, obj: Delegation | None) -> Decision:
        if obj is None:
            return has_role(actor, *DESK)
        decision = at_own(actor, obj.organisation, *DESK)
        if decision and obj.contest.state != ContestState.REGISTRATION:
            return refuse("state", "报名已经结束，不能再改。")
        return decision

    def can_appeal(self, actor: Actor, obj: Delegation | None) -> Decision:
        if obj is None:
            return has_role(actor, *DESK)
        decision = at_own(actor, obj.organisation, *DESK)
        open_in = {ContestState.RUNNING, ContestState.LOCKED, ContestState.PUBLISHED}
        if decision and obj.contest.state not in open_in:
            return refuse("state", "比赛开始后、成绩确认前可以申诉。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Delegation.objects.all()
        return rows if "view" in action else rows.filter(organisation__path=actor.path)


@register_policy
class CompetitorPolicy(Policy):
    """选手."""

    name = "competitor"
    actions = ("view", "decide", "withdraw", "certify")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_decide(self, actor: Actor, obj: Competitor | None) -> Decision:
        if obj is None:
            return has_role(actor, *STAFF)
        decision = at_own(actor, obj.contest.owner, *STAFF)
        if decision and obj.contest.state != ContestState.REGISTRATION:
            return refuse("state", "资格审核已经结束。")
        return decision

    def can_withdraw(self, actor: Actor, obj: Competitor | None) -> Decision:
        if obj is None:
            return has_role(actor, *DESK)
        decision = at_own(actor, obj.delegation.organisation, *DESK)
        if decision and obj.contest.state not in {ContestState.REGISTRATION, ContestState.QUALIFIED}:
            return refuse("state", "抽签以后不能退出，缺席按缺考登记。")
        return decision

    def can_certify(self, actor: Actor, obj: Competitor | None) -> Decision:
        """名次证书 of one: the delegation's union and the host."""
        if obj is None:
            return has_role(actor, *DESK)
        decision = at_own(actor, obj.delegation.organisation, *DESK) or at_own(actor, obj.contest.owner, *STAFF)
        return NOT_CONFIRMED if decision and obj.contest.state not in DONE else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Competitor.objects.all()
        return rows.filter(contest__owner__path=actor.path) if "decide" in action else rows


@register_policy
class ContestAppealPolicy(Policy):
    """竞赛申诉."""

    name = "contest_appeal"
    actions = ("view", "rule")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_rule(self, actor: Actor, obj: ContestAppeal | None) -> Decision:
        if obj is None:
            return has_role(actor, *STAFF)
        decision = at_own(actor, obj.contest.owner, *STAFF)
        return refuse("ruled", "这项申诉已经裁决。") if decision and obj.ruling else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = ContestAppeal.objects.all()
        return rows.filter(contest__owner__path=actor.path, ruling="") if "rule" in action else rows


@register_policy
class PromotionPolicy(Policy):
    """技能等级晋升和荣誉人选: kept by the contest's host."""

    name = "promotion"
    actions = ("view", "manage")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_manage(self, actor: Actor, obj: Promotion | None) -> Decision:
        if obj is None:
            decision = has_role(actor, *STAFF)
            return UNIONS_ONLY if decision and actor.level == UnionLevel.TEAM else decision
        return at_own(actor, obj.competitor.contest.owner, *STAFF)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Promotion.objects.all()
        return rows.filter(competitor__contest__owner__path=actor.path) if "manage" in action else rows


@register_policy
class ContestHonourPolicy(Policy):
    """竞赛荣誉人选: drafted by the unit, handed down by the delegation's union, reported by the host."""

    name = "contest_honour"
    actions = ("view", "hand_down", "draft", "report")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_hand_down(self, actor: Actor, obj: HonourCandidate | None) -> Decision:
        if obj is None:
            return has_role(actor, *DESK)
        team = obj.competitor.delegation.organisation
        decision = at_own(actor, team, *DESK)
        if decision and team.is_unit:
            return refuse("unit", "代表队就是基层工会，由本单位直接起草。")
        return _waiting(decision, obj)

    def can_draft(self, actor: Actor, obj: HonourCandidate | None) -> Decision:
        if obj is None:
            return has_role(actor, Role.FILER)
        decision = at_own(actor, obj.unit, Role.FILER)
        if decision and not obj.unit.is_unit:
            return refuse("unit_only", "推荐由基层工会起草，请先交由单位起草。")
        return _waiting(decision, obj)

    def can_report(self, actor: Actor, obj: HonourCandidate | None) -> Decision:
        if obj is None:
            decision = has_role(actor, *STAFF)
            return UNIONS_ONLY if decision and is_department(actor) else decision
        return at_own(actor, obj.competitor.contest.owner, *STAFF)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        bare, rows = self._bare(action), HonourCandidate.objects.all()
        if bare == "draft":
            return rows.filter(unit__path=actor.path, drafted_at=None)
        if bare == "hand_down":
            return rows.filter(competitor__delegation__organisation__path=actor.path, drafted_at=None)
        return rows.filter(competitor__contest__owner__path=actor.path) if bare == "report" else rows


def _waiting(decision: Decision, obj: HonourCandidate) -> Decision:
    if decision and not obj.rule.programme:
        return refuse("elsewhere", "这项荣誉由其他部门评选，由主办工会报送推荐名单。")
    if decision and obj.drafted_at:
        return refuse("state", "推荐材料已经起草。")
    return decision


@register_policy
class MediaPolicy(Policy):
    """媒体报道 on the contests: any union's desk enters what was written; it goes straight to the brand's page."""

    name = "media"
    actions = ("view", "add", "remove")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Any) -> Decision:
        decision = has_role(actor, *STAFF)
        return UNIONS_ONLY if decision and is_department(actor) else decision

    def can_remove(self, actor: Actor, obj: MediaReport | None) -> Decision:
        return self.can_add(actor, None) if obj is None else at_own(actor, obj.owner, *STAFF)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = MediaReport.objects.all()
        return rows.filter(owner__path=actor.path) if self._bare(action) == "remove" else rows
