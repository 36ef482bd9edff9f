"""过程监督: checks by lot and complaints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.filings.enums import CheckResult
from competitions.filings.models import CheckDraw, Complaint, SpotCheck
from competitions.filings.policies import DESK, STAFF
from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_department
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

SUPERVISING = (Role.CHECKER, Role.MANAGER, Role.SUPERVISOR)
ABOVE_ONLY = refuse("level", "随机抽查由上级工会组织。")


@register_policy
class CheckPolicy(Policy):
    """随机抽查: unions above the basic level draw and check, the checked one says what it put right."""

    name = "filingcheck"
    actions = ("view", "draw", "record", "rectify")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_draw(self, actor: Actor, obj: CheckDraw | None) -> Decision:
        decision = has_role(actor, *SUPERVISING)
        if decision and (actor.level in UNIT_LEVELS or is_department(actor)):
            return ABOVE_ONLY
        return at_own(actor, obj.organisation, *SUPERVISING) if decision and obj is not None else decision

    def can_record(self, actor: Actor, obj: SpotCheck | None) -> Decision:
        decision = self.can_draw(actor, None)
        if not decision or obj is None:
            return decision
        decision = at_own(actor, obj.organisation, *SUPERVISING)
        if decision and obj.result != CheckResult.WAITING:
            return refuse("state", "检查结果已经登记。")
        return decision

    def can_rectify(self, actor: Actor, obj: SpotCheck | None) -> Decision:
        decision = has_role(actor, *DESK)
        if not decision or obj is None:
            return decision
        decision = at_own(actor, obj.filing.owner, *DESK)
        if decision and (obj.result != CheckResult.PROBLEM or obj.rectified):
            return refuse("state", "没有待整改的问题。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        bare = self._bare(action)
        if bare == "draw":
            return CheckDraw.objects.all()
        rows = SpotCheck.objects.all()
        if bare == "record":
            return rows.filter(organisation__path=actor.path, result=CheckResult.WAITING)
        if bare == "rectify":
            return rows.filter(filing__owner__path=actor.path, result=CheckResult.PROBLEM, rectified="")
        return rows


@register_policy
class ComplaintPolicy(Policy):
    """投诉: anybody may complain; the union above the host answers; the host never sees who it was."""

    name = "complaint"
    actions = ("view", "make", "answer", "reveal")

    def can_view(self, actor: Actor, obj: Complaint | None) -> Decision:
        decision = has_role(actor, *SUPERVISING, Role.AUDITOR)
        return ABOVE_ONLY if decision and (actor.level in UNIT_LEVELS or is_department(actor)) else decision

    def can_make(self, actor: Actor, obj: Any) -> Decision:
        return ALLOWED

    def can_answer(self, actor: Actor, obj: Complaint | None) -> Decision:
        decision = self.can_view(actor, obj)
        if decision and actor.role == Role.AUDITOR:
            return has_role(actor, *STAFF)
        if not decision or obj is None:
            return decision
        decision = at_own(actor, obj.handler, *SUPERVISING)
        return refuse("answered", "这件投诉已经答复。") if decision and not obj.is_open else decision

    def can_reveal(self, actor: Actor, obj: Complaint | None) -> Decision:
        decision = has_role(actor, Role.MANAGER, Role.SUPERVISOR)
        if not decision or obj is None:
            return decision
        decision = at_own(actor, obj.handler, Role.MANAGER, Role.SUPERVISOR)
        return refuse("anonymous", "这件投诉没有署名。") if decision and not obj.is_named else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Complaint.objects.all()
        return rows if self._bare(action) in {"view", "make"} else rows.filter(handler__path=actor.path)
