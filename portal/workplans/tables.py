"""Lists of the sub-plans."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.web.columns import BadgeColumn, Column, DateTimeColumn, DueColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty
from portal.workplans.enums import EDITABLE, SchemeStatus


class FigureColumn(NumberColumn):
    """A quantity in the task's own unit: no decimals where there are none."""

    def text(self, value: Any) -> Any:
        whole = value is not None and value == value.to_integral_value()
        return super().text(int(value) if whole else value)


class PlanTable(Table):
    title = LinkColumn(_("总体方案"), sort="title")
    owner = Column(_("制定单位"), accessor="owner.name", phone="fact")
    period = Column(_("实施年度"), sort="first_year", phone="fact")
    tasks = NumberColumn(_("任务数"), accessor="task_count")

    class Meta:
        default_sort = "-first_year"
        empty = Empty(
            _("还没有总体方案"), _("管理员用 workplans load 载入方案任务后，在这里部署和跟进。"), icon="list-check"
        )


class TaskTable(Table):
    code = LinkColumn(_("编号"), sort="position", width="narrow", phone="fact")
    title = Column(_("任务"), phone="title")
    chapter = Column(_("章节"), sort="chapter")
    lead = Column(_("牵头部门"), sort="lead")
    measure = Column(_("衡量指标"))
    city_target = FigureColumn(_("全市年度目标"), sort="city_target")
    unit = Column(_("计量单位"), width="narrow")

    def render_code(self, row: Any, value: Any) -> Any:
        """A link for those who may see how the unions stand, the number alone for others."""
        return self.columns["code"].html(row, value) if self.context.get("linked") else value

    class Meta:
        default_sort = "position"
        numbered = False


class SchemeTable(Table):
    organisation = LinkColumn(_("报送单位"), accessor="organisation.name", sort="organisation__path", phone="title")
    year = Column(_("年度"), accessor="year.year", sort="year__year")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    due = DueColumn(_("报送截止"), accessor="due_at", sort="due_at")
    submitted = DateTimeColumn(_("报送时间"), accessor="submitted_at", sort="submitted_at")
    late = NumberColumn(_("逾期未报进展"), accessor="late_reports", sort="late_reports", phone="fact")

    def render_due(self, row: Any, value: Any) -> Any:
        """No countdown once the scheme is in."""
        column = self.columns["due"]
        return column.html(row, value) if row.status in EDITABLE else column.text(value)

    class Meta:
        default_sort = "organisation__path"
        empty = Empty(
            _("还没有实施方案"), _("市总工会部署年度任务后，各单位的实施方案会出现在这里。"), icon="clipboard-text"
        )


def _late(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(Q(late_reports__gt=0) | Q(status__in=EDITABLE, due_at__lte=filters.now))


class SchemeFilters(FilterSet):
    q = SearchFilter(_("单位名称"), fields=("organisation__name",))
    status = ChoiceFilter(_("状态"), choices=SchemeStatus.choices)
    late = BooleanFilter(_("有逾期"), apply=_late)


class StandingTable(Table):
    """Lines with their lights: of one union, or of one task."""

    who = LinkColumn(
        _("单位"), url=lambda s: s.line.scheme.get_absolute_url(), accessor="line.scheme.organisation.name"
    )
    task = LinkColumn(_("任务"), url=lambda s: s.line.task.get_absolute_url(), accessor="line.task", width="normal")
    light = BadgeColumn(_("进度"), accessor="badge", phone="fact")
    assigned = FigureColumn(_("下达指标"), accessor="line.assigned")
    target = FigureColumn(_("本单位目标"), accessor="line.target", phone="fact")
    done = FigureColumn(_("已完成"), phone="fact")
    unit = Column(_("计量单位"), accessor="line.task.unit", width="narrow", phone="fact")
    q1 = Column(_("一季度"), accessor="quarters", align="end", phone="fact")
    q2 = Column(_("二季度"), accessor="quarters", align="end", phone="fact")
    q3 = Column(_("三季度"), accessor="quarters", align="end", phone="fact")
    q4 = Column(_("四季度"), accessor="quarters", align="end", phone="fact")

    def _quarter(self, standing: Any, number: int) -> Any:
        report = next((r for r in standing.quarters if r.quarter == number), None)
        if report is None or report.reported_at is None:
            return None
        return _("已报") if report.value is None else f"{report.value.normalize():f}"

    def _linked(self, standing: Any, number: int) -> Any:
        report = next((r for r in standing.quarters if r.quarter == number), None)
        if report is None:
            return "—"
        column = LinkColumn("", url=lambda r: reverse("workplans:report.detail", kwargs={"pk": r.pk}))
        return column.html(report, self._quarter(standing, number) or _("未报"))

    def render_q1(self, row: Any, value: Any) -> Any:
        return self._linked(row, 1)

    def render_q2(self, row: Any, value: Any) -> Any:
        return self._linked(row, 2)

    def render_q3(self, row: Any, value: Any) -> Any:
        return self._linked(row, 3)

    def render_q4(self, row: Any, value: Any) -> Any:
        return self._linked(row, 4)

    def shown_columns(self) -> list[Column]:
        hidden = "task" if self.context.get("of_task") else "who"
        return [column for name, column in self.columns.items() if name != hidden]

    class Meta:
        numbered = False
        empty = Empty(_("没有任务"), _("本年度部署后，任务会逐项列在这里。"), icon="list-check")
