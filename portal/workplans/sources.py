"""What waits for the union (schemes, reports) and for the federation (reviews, alarms of what is late)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from portal.core.context import Actor
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source
from portal.workplans.enums import EDITABLE, SchemeStatus
from portal.workplans.models import ProgressReport, Scheme
from portal.workplans.queries.reading import own_schemes

AHEAD = dt.timedelta(days=30)  # a report appears on the work list a month before it is due
SEARCH = ("organisation__name", "year__plan__title")


def _rows() -> QuerySet[Scheme]:
    return Scheme.objects.select_related("organisation", "year__plan").defer("text")


def _open_schemes(actor: Actor, now: dt.datetime) -> QuerySet[Scheme]:
    return own_schemes(actor=actor).filter(status__in=EDITABLE)


def _with_reports(rows: QuerySet[Scheme], before: dt.datetime) -> QuerySet[Scheme]:
    """Schemes with reports not filed that are due before ``before``: the earliest deadline and how many."""
    waiting = Q(lines__reports__reported_at=None, lines__reports__due_at__lte=before)
    due = ProgressReport.objects.filter(line__scheme=OuterRef("pk"), reported_at=None, due_at__lte=before)
    first = due.order_by("due_at").values("due_at")[:1]
    return rows.annotate(
        report_due=Subquery(first), report_count=Count("lines__reports", filter=waiting, distinct=True)
    ).filter(report_due__isnull=False)


def _own_reports(actor: Actor, now: dt.datetime) -> QuerySet[Scheme]:
    return _with_reports(own_schemes(actor=actor), now + AHEAD)


def _to_decide(actor: Actor, now: dt.datetime) -> QuerySet[Scheme]:
    return _rows().filter(year__plan__owner__path=actor.path, status=SchemeStatus.SUBMITTED)


def _late_schemes(actor: Actor, now: dt.datetime) -> QuerySet[Scheme]:
    return _rows().filter(year__plan__owner__path=actor.path, status__in=EDITABLE, due_at__lte=now)


def _late_reports(actor: Actor, now: dt.datetime) -> QuerySet[Scheme]:
    return _with_reports(_rows().filter(year__plan__owner__path=actor.path), now)


def _item(scheme: Any, label: Any, *, due: Any, note: Any = "", since: Any = None, mine: bool = False) -> WorkItem:
    return WorkItem(
        title=str(scheme),
        url=scheme.get_absolute_url(),
        action_label=label,
        from_=scheme.year.plan.title if mine else scheme.organisation.name,
        since=since,
        due=due,
        note=note,
    )


def _open_item(scheme: Scheme, now: dt.datetime) -> WorkItem:
    returned = scheme.status == SchemeStatus.RETURNED
    note = _("已退回，请按意见修改") if returned else _("细化实施方案，逐项填写目标和举措")
    return _item(scheme, _("修改后重报") if returned else _("编制实施方案"), due=scheme.due_at, note=note, mine=True)


def _report_item(scheme: Any, now: dt.datetime) -> WorkItem:
    note = _("%d项任务的季度进展待报送") % scheme.report_count
    return _item(scheme, _("报送进展"), due=scheme.report_due, note=note, mine=True)


def _late_item(scheme: Any, now: dt.datetime) -> WorkItem:
    note = _("%d项任务的季度进展逾期未报") % scheme.report_count
    return _item(scheme, _("查看并督办"), due=scheme.report_due, note=note)


register_source(
    Source(
        key="workplan.scheme",
        title=_("待报送的实施方案"),
        policy_action="workplan.edit",
        rows=_open_schemes,
        item=_open_item,
        due="due_at",
        search=("year__plan__title",),
        list_url="workplans:scheme.list",
        icon="clipboard-text",
        order=80,
    ),
    Source(
        key="workplan.report",
        title=_("待报送的季度进展"),
        policy_action="workplan.report",
        rows=_own_reports,
        item=_report_item,
        due="report_due",
        search=("year__plan__title",),
        list_url="workplans:scheme.list",
        icon="chart-line",
        order=81,
    ),
    Source(
        key="workplan.decide",
        title=_("待审核的实施方案"),
        policy_action="workplan.decide",
        rows=_to_decide,
        item=lambda s, now: _item(s, _("审核实施方案"), due=s.decide_by, since=s.submitted_at),
        due="decide_by",
        search=SEARCH,
        list_url="workplans:scheme.list",
        list_query="status=submitted",
        icon="clipboard-check",
        order=82,
    ),
    Source(
        key="workplan.late_scheme",
        title=_("逾期未报的实施方案"),
        policy_action="workplan.decide",
        rows=_late_schemes,
        item=lambda s, now: _item(s, _("查看并督办"), due=s.due_at, note=_("超过截止日期仍未报送")),
        due="due_at",
        search=SEARCH,
        list_url="workplans:scheme.list",
        list_query="late=on",
        icon="alarm",
        order=83,
    ),
    Source(
        key="workplan.late_report",
        title=_("逾期未报的季度进展"),
        policy_action="workplan.decide",
        rows=_late_reports,
        item=_late_item,
        due="report_due",
        search=SEARCH,
        list_url="workplans:scheme.list",
        list_query="late=on",
        icon="alarm",
        order=84,
    ),
)
