"""A union states problems and accepts who solves them; the union above picks and publishes; others claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.challenges import queries
from competitions.challenges.enums import EDITABLE, LIVE, ChallengeState, ClaimState, ProblemState
from competitions.challenges.models import Challenge, Claim, Problem
from portal.accounts.enums import Role, UnionLevel
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_department
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import Organisation
    from portal.core.context import Actor

DESK = (Role.FILER, Role.CHECKER, Role.MANAGER)
STAFF = (Role.CHECKER, Role.MANAGER)
NOT_A_UNION = refuse("level", "由各级工会办理，班组和联合主办部门不单独办理。")
STATE = refuse("state", "现在的状态不能办理此事，请刷新页面查看最新进展。")


def of_union(actor: Actor, *roles: str) -> Decision:
    decision = has_role(actor, *roles)
    return NOT_A_UNION if decision and (actor.level == UnionLevel.TEAM or is_department(actor)) else decision


def own(actor: Actor, organisation: Organisation | None, *roles: str) -> Decision:
    decision = of_union(actor, *roles)
    return at_own(actor, organisation, *roles) if decision and organisation is not None else decision


def in_state(decision: Decision, ok: bool) -> Decision:
    return STATE if decision and not ok else decision


@register_policy
class ProblemPolicy(Policy):
    """企业难题."""

    name = "problem"
    actions = ("view", "add", "change", "submit", "withdraw", "pick", "link", "classify", "solve")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Any) -> Decision:
        return of_union(actor, *DESK)

    def can_change(self, actor: Actor, obj: Problem | None) -> Decision:
        return in_state(own(actor, obj and obj.owner, *DESK), obj is None or obj.state in EDITABLE)

    can_submit = can_change

    def can_withdraw(self, actor: Actor, obj: Problem | None) -> Decision:
        decision = own(actor, obj and obj.owner, *DESK)
        return in_state(decision, obj is None or obj.state in (*EDITABLE, ProblemState.SUBMITTED))

    def can_pick(self, actor: Actor, obj: Problem | None) -> Decision:
        decision = own(actor, obj and obj.checked_at, *STAFF)
        return in_state(decision, obj is None or obj.state == ProblemState.SUBMITTED)

    def can_link(self, actor: Actor, obj: Problem | None) -> Decision:
        """By its union, or by the one that picked it."""
        decision = self._either(actor, obj)
        return in_state(decision, obj is None or obj.state == ProblemState.PICKED)

    def can_classify(self, actor: Actor, obj: Problem | None) -> Decision:
        """定为涉密不公开, at any time; there is no way back."""
        decision = self._either(actor, obj)
        return refuse("secret", "这项难题已经是涉密不公开。") if decision and obj and obj.is_secret else decision

    def can_solve(self, actor: Actor, obj: Problem | None) -> Decision:
        """Its result out of the competition; a published problem is solved by closing its challenge."""
        decision = in_state(own(actor, obj and obj.owner, *DESK), obj is None or obj.state == ProblemState.PICKED)
        if decision and obj is not None and queries.has_live_challenge(obj):
            return refuse("challenge", "难题正在揭榜，验收后在榜单页结榜。")
        return decision

    def _either(self, actor: Actor, obj: Problem | None) -> Decision:
        if obj is not None and actor.desk and actor.desk.organisation_id == obj.checked_at_id:
            return own(actor, obj.checked_at, *STAFF)
        return own(actor, obj and obj.owner, *DESK)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Problem.objects.all()
        match self._bare(action):
            case "change" | "submit" | "withdraw":
                return rows.filter(owner__path=actor.path, state__in=EDITABLE)
            case "pick":
                return rows.filter(checked_at__path=actor.path, state=ProblemState.SUBMITTED)
            case "solve":
                return rows.filter(owner__path=actor.path, state=ProblemState.PICKED)
        return rows


@register_policy
class ChallengePolicy(Policy):
    """榜单: ``obj`` of ``publish`` is the problem."""

    name = "challenge"
    actions = ("view", "publish", "extend", "claim", "close", "stop")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_publish(self, actor: Actor, obj: Problem | None) -> Decision:
        decision = in_state(own(actor, obj and obj.checked_at, *STAFF), obj is None or obj.state == ProblemState.PICKED)
        if decision and obj is not None and queries.has_live_challenge(obj):
            return refuse("challenge", "这项难题已经张榜。")
        return decision

    def can_extend(self, actor: Actor, obj: Challenge | None) -> Decision:
        return in_state(own(actor, obj and obj.publisher, *STAFF), obj is None or obj.state == ChallengeState.OPEN)

    def can_claim(self, actor: Actor, obj: Challenge | None) -> Decision:
        decision = of_union(actor, *DESK)
        if decision and obj is not None and obj.owner_id == actor.at_desk.organisation_id:
            return refuse("own", "难题提出单位不能自己揭榜。")
        return in_state(decision, obj is None or obj.state == ChallengeState.OPEN)

    def can_close(self, actor: Actor, obj: Challenge | None) -> Decision:
        return in_state(own(actor, obj and obj.owner, *DESK), obj is None or obj.state == ChallengeState.RUNNING)

    def can_stop(self, actor: Actor, obj: Challenge | None) -> Decision:
        return in_state(own(actor, obj and obj.publisher, *STAFF), obj is None or obj.state in LIVE)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Challenge.objects.all()
        match self._bare(action):
            case "claim":
                return rows.filter(state=ChallengeState.OPEN).exclude(owner__path=actor.path)
            case "close":
                return rows.filter(owner__path=actor.path, state=ChallengeState.RUNNING)
            case "extend" | "stop":
                return rows.filter(publisher__path=actor.path, state__in=LIVE)
        return rows


@register_policy
class ClaimPolicy(Policy):
    """揭榜: the claimers work, the problem's union decides and accepts."""

    name = "claim"
    actions = ("view", "withdraw", "decide", "plan", "report", "deliver", "judge", "end")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def _claimer(self, actor: Actor, obj: Claim | None, state: str) -> Decision:
        return in_state(own(actor, obj and obj.organisation, *DESK), obj is None or obj.state == state)

    def _asker(self, actor: Actor, obj: Claim | None, state: str) -> Decision:
        decision = own(actor, obj and obj.challenge.owner, *DESK)
        return in_state(decision, obj is None or (obj.state == state and obj.challenge.state in LIVE))

    def can_withdraw(self, actor: Actor, obj: Claim | None) -> Decision:
        return self._claimer(actor, obj, ClaimState.SUBMITTED)

    def can_decide(self, actor: Actor, obj: Claim | None) -> Decision:
        return self._asker(actor, obj, ClaimState.SUBMITTED)

    def can_plan(self, actor: Actor, obj: Claim | None) -> Decision:
        return self._claimer(actor, obj, ClaimState.ACCEPTED)

    can_report = can_deliver = can_plan

    def can_judge(self, actor: Actor, obj: Claim | None) -> Decision:
        return self._asker(actor, obj, ClaimState.DELIVERED)

    def can_end(self, actor: Actor, obj: Claim | None) -> Decision:
        return self._asker(actor, obj, ClaimState.ACCEPTED)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Claim.objects.all()
        match self._bare(action):
            case "decide" | "judge" | "end":
                return rows.filter(challenge__owner__path=actor.path)
            case "withdraw" | "plan" | "report" | "deliver":
                return rows.filter(organisation__path=actor.path)
        return rows
