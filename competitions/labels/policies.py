"""Units keep their teams and check themselves; the level that gave a label re-checks it and takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.labels.enums import OPEN_FOR_UNIT, LabelStatus, RecheckStatus
from competitions.labels.models import LabelRemoval, RatingPoint, Recheck, TeamContest, TeamLabel, WorkTeam
from portal.accounts.enums import Role
from portal.accounts.policies import ALL_STAFF, above_or_at, at_own, has_role, is_department
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
DESK = (Role.FILER, Role.CHECKER, Role.MANAGER)
GUEST = refuse("guest", "由工会办理，联合主办部门只能查看。")


def staff(actor: Actor, *roles: str) -> Decision:
    """In one of the roles at a union; departments are guests."""
    decision = has_role(actor, *roles)
    return GUEST if decision and is_department(actor) else decision


def parent_path(path: str) -> str:
    """Path of the union right above the one at ``path``; empty for a root."""
    return "/".join([*path.rstrip("/").split("/")[:-1], ""]) if path.count("/") > 1 else ""


def reads_remarks(actor: Actor, unit_path: str) -> bool:
    """The unit and the union right above it read remarks as they come; others those that were looked at."""
    return bool(actor.path) and actor.path in {unit_path, parent_path(unit_path)}


@register_policy
class WorkTeamPolicy(Policy):
    """班组: ``obj`` is the team; kept by the unit and the unions above it."""

    name = "workteam"
    actions = ("view", "add", "change")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: WorkTeam | None) -> Decision:
        decision = staff(actor, *DESK)
        return above_or_at(actor, obj.organisation.path, *DESK) if decision and obj is not None else decision

    can_change = can_add

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return WorkTeam.objects.all()


@register_policy
class TeamLabelPolicy(Policy):
    """班组称号: ``obj`` of ``give`` is the team, otherwise the label. Removal needs a second person (``decide``)."""

    name = "teamlabel"
    actions = ("view", "give", "import", "propose", "decide")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_give(self, actor: Actor, obj: WorkTeam | None) -> Decision:
        decision = staff(actor, *STAFF)
        return above_or_at(actor, obj.organisation.path, *STAFF) if decision and obj is not None else decision

    def can_import(self, actor: Actor, obj: Any) -> Decision:
        return staff(actor, *STAFF)

    def can_propose(self, actor: Actor, obj: TeamLabel | None) -> Decision:
        decision = staff(actor, *STAFF) if obj is None else at_own(actor, obj.given_by, *STAFF)
        if decision and obj is not None and obj.status != LabelStatus.VALID:
            return refuse("state", "这个称号已经摘牌或正在办理摘牌。")
        return decision

    def can_decide(self, actor: Actor, obj: LabelRemoval | None) -> Decision:
        decision = staff(actor, *STAFF)
        if not decision or obj is None:
            return decision
        if obj.agreed is not None:
            return refuse("state", "这项摘牌建议已经复核。")
        if obj.proposed_by_id == actor.user_id:
            return refuse("second_person", "提出摘牌的人不能自己复核，请由另一人办理。")
        return above_or_at(actor, obj.label.given_by.path, *STAFF)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        if self._bare(action) == "decide":
            return LabelRemoval.objects.filter(label__given_by__path=actor.path, agreed=None)
        return TeamLabel.objects.all()


@register_policy
class RecheckPolicy(Policy):
    """年度复查: the unit files, the union that opened it decides; never one person both."""

    name = "recheck"
    actions = ("view", "open", "file", "review")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_open(self, actor: Actor, obj: Any) -> Decision:
        decision = staff(actor, *STAFF)
        return at_own(actor, obj.owner, *STAFF) if decision and obj is not None else decision

    def can_file(self, actor: Actor, obj: Recheck | None) -> Decision:
        if obj is None:
            return staff(actor, *DESK)
        decision = at_own(actor, obj.label.team.organisation, *DESK)
        if decision and obj.status not in OPEN_FOR_UNIT:
            return refuse("state", "自查已经报送，现在不能修改。")
        return decision

    def can_review(self, actor: Actor, obj: Recheck | None) -> Decision:
        if obj is None:
            return staff(actor, *STAFF)
        decision = at_own(actor, obj.campaign.owner, *STAFF)
        if decision and obj.status != RecheckStatus.FILED:
            return refuse("state", "现在不在审核环节。")
        if decision and obj.filed_by_id == actor.user_id:
            return refuse("second_person", "填报自查的人不能自己审核，请由另一人办理。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return Recheck.objects.all()


@register_policy
class RatingPolicy(Policy):
    """服务评价: anybody rates; the unit keeps the code; the union right above it looks at remarks and odd ratings."""

    name = "rating"
    actions = ("view", "open", "judge", "give")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_open(self, actor: Actor, obj: WorkTeam | None) -> Decision:
        decision = staff(actor, *DESK)
        return above_or_at(actor, obj.organisation.path, *DESK) if decision and obj is not None else decision

    def can_judge(self, actor: Actor, obj: RatingPoint | None) -> Decision:
        decision = staff(actor, *STAFF)
        if decision and obj is not None and actor.path != parent_path(obj.team.organisation.path):
            return refuse("above", "由被评价单位的上一级工会审看，单位自己不能处理对自己的评价。")
        return decision

    def can_give(self, actor: Actor, obj: RatingPoint | None) -> Decision:
        return ALLOWED if obj is None or obj.is_open else refuse("state", "这个评价码已停用。")

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return RatingPoint.objects.all()


@register_policy
class TeamContestPolicy(Policy):
    """班组竞赛: held, scored and closed by the union it belongs to; templates are made by unions for those below."""

    name = "teamcontest"
    actions = ("view", "keep", "score", "template")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_keep(self, actor: Actor, obj: TeamContest | None) -> Decision:
        return staff(actor, *DESK) if obj is None else at_own(actor, obj.organisation, *DESK)

    def can_score(self, actor: Actor, obj: TeamContest | None) -> Decision:
        decision = self.can_keep(actor, obj)
        return refuse("state", "竞赛已经结束。") if decision and obj is not None and obj.closed_at else decision

    def can_template(self, actor: Actor, obj: TeamContest | None) -> Decision:
        decision = staff(actor, *DESK)
        return above_or_at(actor, obj.organisation.path, *DESK) if decision and obj is not None else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return TeamContest.objects.all()
