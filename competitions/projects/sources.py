"""What waits for the unit (plan, reports, problems) and for the unions (checks, confirmations, what is late)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.projects import queries
from competitions.projects.enums import PeriodState, ProjectStatus, TicketState
from competitions.projects.models import KeyProject, Period, Ticket, Visit
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source

LIVING = (ProjectStatus.BUILDING, ProjectStatus.PLANNED)
AHEAD = dt.timedelta(days=15)
PERIOD_SEARCH = ("project__name", "project__number")
TICKET_SEARCH = ("title", "project__name")


def _reports_for(actor: Actor, prefix: str = "") -> Q:
    """What this desk reports: as the project's unit, or as its union where there is no unit."""
    unit = Q(**{f"{prefix}reporter__path": actor.path})
    return unit | Q(**{f"{prefix}reporter": None, f"{prefix}owner__path": actor.path})


def _planless(actor: Actor, now: dt.datetime) -> QuerySet[KeyProject]:
    rows = KeyProject.objects.filter(plan_filed_at=None, closed_at=None, status__in=LIVING)
    return rows.filter(_reports_for(actor)).select_related("owner")


def _owed() -> QuerySet[Period]:
    rows = queries.periods().filter(state__in=queries.OWED, project__closed_at=None)
    return rows.filter(project__status__in=LIVING)


def _to_report(actor: Actor, now: dt.datetime) -> QuerySet[Period]:
    return _owed().filter(_reports_for(actor, "project__"), due_at__lte=now + AHEAD, starts_on__lte=local_date(now))


def _late(actor: Actor, now: dt.datetime) -> QuerySet[Period]:
    return _owed().filter(project__owner__path=actor.path, due_at__lte=now).exclude(_reports_for(actor, "project__"))


def _to_decide(actor: Actor, now: dt.datetime) -> QuerySet[Period]:
    return queries.periods().filter(
        project__owner__path=actor.path, state=PeriodState.SUBMITTED, project__closed_at=None
    )


def _tickets(**conditions: Any) -> QuerySet[Ticket]:
    return queries.tickets().filter(project__closed_at=None, **conditions)


def _to_solve(actor: Actor, now: dt.datetime) -> QuerySet[Ticket]:
    return _tickets(responsible__path=actor.path, state=TicketState.OPEN)


def _to_confirm(actor: Actor, now: dt.datetime) -> QuerySet[Ticket]:
    return _tickets(holder__path=actor.path, state=TicketState.SOLVED)


def _overdue(actor: Actor, now: dt.datetime) -> QuerySet[Ticket]:
    rows = _tickets(holder__path=actor.path, state=TicketState.OPEN, due_at__lte=now)
    return rows.exclude(responsible__path=actor.path)


def _visits(actor: Actor, now: dt.datetime) -> QuerySet[Visit]:
    rows = queries.visits().filter(organisation__path=actor.path, visited_on=None, project__closed_at=None)
    return rows.filter(planned_on__lte=local_date(now) + dt.timedelta(days=7))


def _plan_item(project: KeyProject, now: dt.datetime) -> WorkItem:
    return WorkItem(
        project.name, project.get_absolute_url(), _("备案竞赛方案"), from_=project.owner.name, since=project.created_at,
        note=_("填报各期计划进度，上传竞赛方案"),
    )  # fmt: skip


def _period_item(period: Period, now: dt.datetime, label: Any, note: Any = "", *, mine: bool = True) -> WorkItem:
    project = period.project
    who = project.owner if mine else project.reporter or project.owner
    return WorkItem(
        str(period), period.get_absolute_url(), label, from_=who.name, since=period.reported_at,
        due=period.due_at if period.state in queries.OWED else None, note=note,
    )  # fmt: skip


def _report_item(period: Period, now: dt.datetime) -> WorkItem:
    is_back = period.state == PeriodState.RETURNED
    note = _("已退回，请按意见修改后重报") if is_back else ""
    return _period_item(period, now, _("修改后重报") if is_back else _("报送进展"), note)


def _ticket_item(ticket: Ticket, label: Any, *, note: Any = "") -> WorkItem:
    return WorkItem(
        str(ticket), ticket.get_absolute_url(), label, from_=ticket.project.name, since=ticket.raised_at,
        due=ticket.due_at if ticket.state == TicketState.OPEN else None, note=note,
    )  # fmt: skip


def _visit_item(visit: Visit, now: dt.datetime) -> WorkItem:
    note = _("计划%s，去过后请登记情况和照片") % visit.planned_on
    return WorkItem(visit.project.name, visit.get_absolute_url(), _("登记调研情况"), from_=visit.team, note=note)


def _source(key: str, title: Any, action: str, rows: Any, item: Any, **options: Any) -> Source:
    return Source(key=key, title=title, policy_action=action, rows=rows, item=item, **options)


PERIODS = {"due": "due_at", "search": PERIOD_SEARCH, "list_url": "competitions:period.list"}
TICKETS = {"due": "due_at", "search": TICKET_SEARCH, "list_url": "competitions:ticket.list"}
register_source(
    _source(
        "project.plan", _("待备案的竞赛方案"), "project.plan", _planless, _plan_item, order=85, search=("name",),
        list_url="competitions:project.list", list_query="planless=on", icon="file-alert",
    ),
    _source("period.report", _("待报送的工程进展"), "period.report", _to_report, _report_item, order=86, icon="chart-line", **PERIODS),
    _source(
        "period.decide", _("待审核的工程进展"), "period.decide", _to_decide,
        lambda p, now: _period_item(p, now, _("审核进展"), mine=False), order=87,
        list_query="state=submitted", icon="clipboard-check", **PERIODS,
    ),
    _source(
        "period.late", _("逾期未报的工程进展"), "period.decide", _late,
        lambda p, now: _period_item(p, now, _("查看并督办"), _("超过报送截止仍未报送"), mine=False), order=88,
        list_query="late=on", icon="alarm", **PERIODS,
    ),
    _source(
        "ticket.solve", _("待办理的问题单"), "ticket.solve", _to_solve,
        lambda t, now: _ticket_item(t, _("办理并反馈")), order=89, list_query="state=open&mine=on", icon="tool", **TICKETS,
    ),
    _source(
        "ticket.confirm", _("待确认的问题单"), "ticket.confirm", _to_confirm,
        lambda t, now: _ticket_item(t, _("确认办结"), note=_("责任单位已反馈，请核对证明")), order=90,
        list_query="state=solved", icon="checks", **TICKETS,
    ),
    _source(
        "ticket.overdue", _("逾期未办的问题单"), "ticket.confirm", _overdue,
        lambda t, now: _ticket_item(t, _("督办"), note=_("责任单位逾期没有反馈")), order=91,
        list_query="overdue=on", icon="alarm", **TICKETS,
    ),
    _source(
        "project.visit", _("待登记的调研"), "project.inspect", _visits, _visit_item, order=92, search=("project__name",),
        list_url="competitions:inspection.list", list_query="waiting=on", icon="walk",
    ),
)  # fmt: skip
