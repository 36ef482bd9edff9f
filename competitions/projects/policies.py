"""The managing union runs the project, its unit reports, unions above follow and inspect, the others concerned look on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.projects.enums import PeriodState, TicketState
from competitions.projects.models import KeyProject, Period, Ticket
from portal.accounts.enums import Role, UnionLevel
from portal.accounts.policies import ALL_STAFF, above_or_at, at_own, has_role, is_department
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
DESK = (Role.FILER, Role.CHECKER, Role.MANAGER)
ARCHIVED = refuse("archived", "该工程已归档，只能查看。")
CLOSED = refuse("closed", "该工程已收尾，不再办理日常工作。")
UNIONS_ONLY = refuse("level", "重点工程由市总工会，区、局、集团公司工会登记和管理。")
MANAGING = (UnionLevel.MUNICIPAL, UnionLevel.DISTRICT)


def _living(project: KeyProject | None, decision: Decision, *, after_close: bool = False) -> Decision:
    if not decision or project is None:
        return decision
    if project.is_archived:
        return ARCHIVED
    return decision if after_close or project.closed_at is None else CLOSED


@register_policy
class ProjectPolicy(Policy):
    """``obj`` is the project; those who see it (scope) may read all of it."""

    name = "project"
    actions = ("view", "wall", "register", "change", "plan", "inspect", "raise", "care", "close", "archive")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_wall(self, actor: Actor, obj: Any) -> Decision:
        decision = has_role(actor, *ALL_STAFF)
        return decision if not decision or actor.level in MANAGING else UNIONS_ONLY

    def can_register(self, actor: Actor, obj: Any) -> Decision:
        decision = has_role(actor, *STAFF)
        return UNIONS_ONLY if decision and (actor.level not in MANAGING or is_department(actor)) else decision

    def can_change(self, actor: Actor, obj: KeyProject | None) -> Decision:
        return _living(obj, at_own(actor, obj.owner, *STAFF) if obj else self.can_register(actor, None))

    def can_plan(self, actor: Actor, obj: KeyProject | None) -> Decision:
        """方案由填报单位或管理工会备案."""
        if obj is None:
            return has_role(actor, *DESK)
        if obj.reporter_id and actor.desk and actor.desk.organisation_id == obj.reporter_id:
            return _living(obj, has_role(actor, *DESK))
        return _living(obj, at_own(actor, obj.owner, *STAFF))

    def can_inspect(self, actor: Actor, obj: KeyProject | None) -> Decision:
        """评分、调研: the managing union and those above it."""
        if obj is None:
            return self.can_register(actor, None)
        return _living(obj, self._union(actor, obj))

    def can_raise(self, actor: Actor, obj: KeyProject | None) -> Decision:
        """提出问题单: the unions in charge, and the unit at the site."""
        if obj is not None and obj.reporter_id and actor.desk and actor.desk.organisation_id == obj.reporter_id:
            return _living(obj, has_role(actor, *DESK))
        return self.can_inspect(actor, obj)

    def can_care(self, actor: Actor, obj: KeyProject | None) -> Decision:
        return self.can_inspect(actor, obj)

    def can_close(self, actor: Actor, obj: KeyProject | None) -> Decision:
        return self.can_change(actor, obj)

    def can_archive(self, actor: Actor, obj: KeyProject | None) -> Decision:
        decision = at_own(actor, obj.owner, *STAFF) if obj else self.can_register(actor, None)
        decision = _living(obj, decision, after_close=True)
        if decision and obj is not None and obj.closed_at is None:
            return refuse("not_closed", "请先办理收尾，再归档。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        bare = self._bare(action)
        rows = KeyProject.objects.all()
        if bare in {"change", "close", "archive"}:
            rows = rows.filter(owner__path=actor.path, archived_at=None)
        return rows.filter(archived_at=None, closed_at=None) if bare in {"plan", "inspect", "raise", "care"} else rows

    def _union(self, actor: Actor, project: KeyProject) -> Decision:
        decision = self.can_register(actor, None)
        return above_or_at(actor, project.owner.path, *STAFF) if decision else decision


@register_policy
class PeriodPolicy(Policy):
    """进展报告."""

    name = "period"
    actions = ("view", "report", "decide", "remind")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_report(self, actor: Actor, obj: Period | None) -> Decision:
        decision = has_role(actor, *DESK)
        if not decision or obj is None:
            return decision
        project = obj.project
        # A project without a unit of its own is reported by the union that manages it.
        decision = at_own(actor, project.reporter or project.owner, *DESK)
        if decision and obj.state in {PeriodState.SUBMITTED, PeriodState.ACCEPTED}:
            return refuse("state", "这一期进展已经报送，退回后才能修改。")
        return _living(project, decision)

    def can_decide(self, actor: Actor, obj: Period | None) -> Decision:
        decision = has_role(actor, *STAFF)
        if not decision or obj is None:
            return decision
        decision = at_own(actor, obj.project.owner, *STAFF)
        if decision and obj.state != PeriodState.SUBMITTED:
            return refuse("state", "这一期进展现在不在审核中。")
        return _living(obj.project, decision)

    def can_remind(self, actor: Actor, obj: Period | None) -> Decision:
        """催报: the managing union writes to the unit that owes the report."""
        decision = has_role(actor, *STAFF)
        if not decision or obj is None:
            return decision if not decision or actor.level in MANAGING else UNIONS_ONLY
        decision = at_own(actor, obj.project.owner, *STAFF)
        if decision and obj.state not in {PeriodState.WAITING, PeriodState.RETURNED}:
            return refuse("state", "这一期已经报送。")
        if decision and obj.project.reporter_id is None:
            return refuse("own", "由本级工会自己报送，不需要催报。")
        return _living(obj.project, decision)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        return Period.objects.filter(project__owner__path=actor.path) if "decide" in action else Period.objects.all()


@register_policy
class TicketPolicy(Policy):
    """问题单."""

    name = "ticket"
    actions = ("view", "solve", "confirm", "escalate", "remind")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_solve(self, actor: Actor, obj: Ticket | None) -> Decision:
        decision = has_role(actor, *DESK)
        if not decision or obj is None:
            return decision
        decision = at_own(actor, obj.responsible, *DESK)
        if decision and obj.state != TicketState.OPEN:
            return refuse("state", "问题单不在办理中。")
        return _living(obj.project, decision)

    def can_confirm(self, actor: Actor, obj: Ticket | None) -> Decision:
        """确认办结或退回重办: the union that holds the ticket. A closed one may be opened again."""
        decision = has_role(actor, *STAFF)
        if not decision or obj is None:
            return decision
        decision = at_own(actor, obj.holder, *STAFF)
        if decision and obj.state == TicketState.OPEN:
            return refuse("state", "责任单位还没有反馈办理结果。")
        return _living(obj.project, decision)

    def can_escalate(self, actor: Actor, obj: Ticket | None) -> Decision:
        decision = has_role(actor, *STAFF)
        if not decision or obj is None:
            return decision
        decision = at_own(actor, obj.holder, *STAFF)
        if decision and obj.state == TicketState.CLOSED:
            return refuse("state", "问题单已办结。")
        if decision and obj.holder.parent_id is None:
            return refuse("top", "已由市总工会督办，不能再升级。")
        return _living(obj.project, decision)

    def can_remind(self, actor: Actor, obj: Ticket | None) -> Decision:
        """催办: the union that holds the ticket writes to the responsible one."""
        decision = has_role(actor, *STAFF)
        if not decision or obj is None:
            return decision if not decision or actor.level in MANAGING else UNIONS_ONLY
        decision = at_own(actor, obj.holder, *STAFF)
        if decision and obj.state != TicketState.OPEN:
            return refuse("state", "责任单位已经反馈办理结果。")
        if decision and obj.responsible_id == obj.holder_id:
            return refuse("own", "由本级工会自己办理，不需要催办。")
        return _living(obj.project, decision)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Ticket.objects.all()
        if "solve" in action:
            return rows.filter(responsible__path=actor.path, state=TicketState.OPEN)
        return rows if "view" in action else rows.filter(holder__path=actor.path)
