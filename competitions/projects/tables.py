"""Lists of the key projects."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from competitions.projects.display import light_badge
from competitions.projects.enums import (
    Light,
    PeriodState,
    ProjectKind,
    ProjectLevel,
    ProjectStatus,
    TicketCategory,
    TicketState,
)
from portal.accounts.models import CodeList
from portal.accounts.queries import codes
from portal.core.dates import local_date
from portal.web.columns import (
    BadgeColumn,
    Column,
    DateColumn,
    DateTimeColumn,
    DueColumn,
    LinkColumn,
    MoneyColumn,
    NumberColumn,
)
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.formats import cn_short
from portal.web.tables import Table
from portal.web.ui import Bulk, Empty


class LightColumn(BadgeColumn):
    """The light with its word."""

    def html(self, record: Any, value: Any) -> Any:
        return super().html(record, light_badge(value))

    def export_value(self, record: Any, value: Any) -> Any:
        return str(Light(value).label)


class ProjectTable(Table):
    name = LinkColumn(_("工程名称"), sort="name", width="normal")
    light = LightColumn(_("进度灯"), sort="light", phone="fact")
    plan = Column(_("竞赛方案"), accessor="has_plan")
    planned = NumberColumn(_("计划%"), sort="planned", places=1)
    real = NumberColumn(_("实际%"), sort="real", places=1, phone="fact")
    gap = NumberColumn(_("落后点数"), sort="gap", places=1)
    open_tickets = NumberColumn(_("未办结问题"), sort="open_tickets", phone="fact")
    last_visit = DateColumn(_("最近调研"), sort="last_visit", css="nowrap")
    score = NumberColumn(_("最近评分"), sort="score", places=1)
    status = Column(_("建设状态"), accessor="get_status_display", sort="status")
    owner = Column(_("管理工会"), accessor="owner.label", sort="owner__path")
    number = Column(_("编号"), sort="number", css="nowrap")

    def render_plan(self, row: Any, value: Any) -> Any:
        return _("已备案") if value else _("未报")

    def render_last_visit(self, row: Any, value: Any) -> Any:
        return cn_short(value)  # thirteen columns: the year only when it is not this one

    def render_open_tickets(self, row: Any, value: Any) -> Any:
        if not row.overdue_tickets:
            return value
        return format_html('{} <span class="muted">{}</span>', value, _("逾期%d") % row.overdue_tickets)

    class Meta:
        default_sort = "number"
        empty = Empty(
            _("还没有重点工程"),
            _("市总工会和区、局、集团公司工会登记后，工程会出现在这里。"),
            icon="building-skyscraper",
        )


def _light(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(light__in=value)


def _district(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(districts__contains=[value])


def _planless(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(plan_filed_at=None, closed_at=None)


def _archived(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(archived_at__isnull=False)


class ProjectFilters(FilterSet):
    q = SearchFilter(_("名称、编号、单位"), fields=("name", "number", "client", "contractor"))
    light = ChoiceFilter(_("进度灯"), choices=Light.choices, multiple=True, apply=_light)
    status = ChoiceFilter(_("建设状态"), choices=ProjectStatus.choices)
    kind = ChoiceFilter(_("类别"), choices=ProjectKind.choices)
    level = ChoiceFilter(_("级别"), choices=ProjectLevel.choices)
    district = ChoiceFilter(_("所在区"), choices=lambda filters: codes.choices(CodeList.DISTRICT), apply=_district)
    planless = BooleanFilter(_("未报竞赛方案"), apply=_planless)
    archived = BooleanFilter(_("已归档"), apply=_archived)

    class Meta:
        drawer = ("kind", "level", "district", "planless", "archived")


class PeriodTable(Table):
    label = LinkColumn(_("期间"), sort="starts_on")
    project = Column(_("工程"), accessor="project.name", sort="project__name", phone="fact")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    planned = NumberColumn(_("计划进度"), sort="planned", unit="%")
    percent = NumberColumn(_("形象进度"), sort="percent", unit="%", phone="fact")
    due = DueColumn(
        _("报送截止"), accessor="due_at", sort="due_at",
        open_while=lambda p: p.state in {PeriodState.WAITING, PeriodState.RETURNED},
    )  # fmt: skip
    reporter = Column(_("填报单位"), accessor="project.reporter.label")
    reminded = DateTimeColumn(_("上次催报"), accessor="reminded_at", sort="reminded_at")

    class Meta:
        selectable = True
        bulk = (Bulk(_("催报"), "competitions:period.remind", "bell", policy_action="period.remind"),)
        default_sort = "-starts_on"
        empty = Empty(_("还没有进展报告"), _("竞赛方案备案后，各期的报送任务会列在这里。"), icon="chart-line")


def _late(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(state__in=(PeriodState.WAITING, PeriodState.RETURNED), due_at__lte=filters.now)


def _begun(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(starts_on__lte=local_date(filters.now))


class PeriodFilters(FilterSet):
    q = SearchFilter(_("工程名称"), fields=("project__name", "project__number"))
    state = ChoiceFilter(_("状态"), choices=PeriodState.choices)
    late = BooleanFilter(_("逾期未报"), apply=_late)
    begun = BooleanFilter(_("只看已开始的"), apply=_begun)


class TicketTable(Table):
    title = LinkColumn(_("问题"), sort="title", width="wide")
    project = Column(_("工程"), accessor="project.name", sort="project__name", phone="fact")
    category = Column(_("类别"), accessor="get_category_display", sort="category")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    due = DueColumn(
        _("办结期限"), accessor="due_at", sort="due_at", phone="fact", open_while=lambda t: t.state == TicketState.OPEN
    )
    responsible = Column(_("责任单位"), accessor="responsible.label", sort="responsible__path")
    department = Column(_("协调部门"), sort="department")
    holder = Column(_("督办工会"), accessor="holder.label", sort="holder__path")
    escalations = NumberColumn(_("升级"), sort="escalations")
    reminded = DateTimeColumn(_("上次催办"), accessor="reminded_at", sort="reminded_at")

    class Meta:
        selectable = True
        bulk = (Bulk(_("催办"), "competitions:ticket.remind", "bell", policy_action="ticket.remind"),)
        default_sort = "due_at"
        empty = Empty(_("没有问题单"), _("在工程页面点“提出问题”，或在调研登记后提出。"), icon="clipboard-check")


def _open(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.exclude(state=TicketState.CLOSED)


def _overdue(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(state=TicketState.OPEN, due_at__lte=filters.now)


def _mine(rows: QuerySet, filters: FilterSet) -> QuerySet:
    path = filters.actor.path if filters.actor else ""
    return rows.filter(Q(responsible__path=path) | Q(holder__path=path))


class TicketFilters(FilterSet):
    q = SearchFilter(_("问题、工程"), fields=("title", "project__name", "department"))
    state = ChoiceFilter(_("状态"), choices=TicketState.choices)
    category = ChoiceFilter(_("类别"), choices=TicketCategory.choices)
    unsettled = BooleanFilter(_("未办结"), apply=_open)
    overdue = BooleanFilter(_("已逾期"), apply=_overdue)
    mine = BooleanFilter(_("本单位办理或督办"), apply=_mine)

    class Meta:
        drawer = ("unsettled", "overdue", "mine")


class VisitTable(Table):
    planned_on = LinkColumn(_("计划日期"), sort="planned_on")
    project = Column(_("工程"), accessor="project.name", sort="project__name", phone="fact")
    visited_on = DateColumn(_("实际日期"), sort="visited_on", phone="fact")
    team = Column(_("带队及成员"), sort="team")
    score = NumberColumn(_("现场评分"), sort="score")
    photos = NumberColumn(_("照片"), sort="photos")
    organisation = Column(_("组织单位"), accessor="organisation.label")

    def render_planned_on(self, row: Any, value: Any) -> Any:
        return self.columns["planned_on"].html(row, DateColumn("").text(value))

    class Meta:
        default_sort = "-planned_on"
        empty = Empty(_("还没有调研安排"), _("在工程页面点“安排调研”。"), icon="walk")


def _to_do(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(visited_on=None)


class VisitFilters(FilterSet):
    q = SearchFilter(_("工程、人员"), fields=("project__name", "team"))
    planned_on = DateRangeFilter(_("计划日期"), is_date=True)
    waiting = BooleanFilter(_("尚未登记情况"), apply=_to_do)


class CareTable(Table):
    on = LinkColumn(_("慰问日期"), sort="on")
    project = Column(_("工程"), accessor="project.name", sort="project__name", phone="fact")
    headcount = NumberColumn(_("慰问人数"), sort="headcount", phone="fact")
    amount = MoneyColumn(_("金额"), sort="amount", phone="fact")
    source = Column(_("资金来源"), accessor="get_source_display", sort="source")
    approval_number = Column(_("审批文号"), sort="approval_number")
    organisation = Column(_("慰问单位"), accessor="organisation.label")

    def render_on(self, row: Any, value: Any) -> Any:
        return self.columns["on"].html(row, DateColumn("").text(value))

    class Meta:
        default_sort = "-on"
        empty = Empty(_("还没有慰问记录"), _("在工程页面点“登记慰问”。"), icon="heart-handshake")


class CareFilters(FilterSet):
    q = SearchFilter(_("工程、文号"), fields=("project__name", "approval_number"))
    on = DateRangeFilter(_("慰问日期"), is_date=True)
