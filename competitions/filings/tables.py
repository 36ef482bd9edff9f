"""Lists of filed competitions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from competitions.filings import queries
from competitions.filings.enums import Area, CatalogueGroup, FilingState, Layer, Library
from portal.accounts.models import CodeList, Organisation
from portal.accounts.queries import codes
from portal.core.dates import local_date
from portal.web.columns import BadgeColumn, BooleanColumn, Column, DateColumn, LinkColumn, MoneyColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, ModelFilter, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Action, Bulk, Empty


class FilingTable(Table):
    title = LinkColumn(_("竞赛名称"), sort="title", width="wide", phone="title")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    year = Column(_("年度"), sort="year", width="narrow")
    owner = Column(_("主办工会"), accessor="owner.label", sort="owner__path", phone="fact")
    kind = Column(_("竞赛形式"), accessor="kind.name", sort="kind__name")
    period = Column(_("起止日期"), accessor="starts_on", sort="starts_on", width="normal")
    expected_people = NumberColumn(_("预计人数"), sort="expected_people")
    budget_total = MoneyColumn(_("经费预算"), sort="budget_total")
    in_city_plan = BooleanColumn(_("市级计划"), accessor="in_city_plan_at", sort="in_city_plan_at")

    def render_period(self, row: Any, value: Any) -> Any:
        if not row.starts_on or not row.ends_on:
            return "—"
        first, last = row.starts_on, row.ends_on
        return f"{first.month}月{first.day}日—{last.month}月{last.day}日"

    def export_period(self, row: Any, value: Any) -> Any:
        return f"{row.starts_on or ''}—{row.ends_on or ''}"

    def render_budget_total(self, row: Any, value: Any) -> Any:
        return f"{value / 10_000:,.2f} 万元" if value else "—"

    def render_title(self, row: Any, value: Any) -> Any:
        link = self.columns["title"].html(row, value)
        late = (
            format_html(' <span class="muted">{}</span>', _("逾期报告%d份") % row.late_reports)
            if row.late_reports
            else ""
        )
        return format_html('{}<br><span class="muted">{}</span>{}', link, row.number or _("未报备"), late)

    def render_in_city_plan(self, row: Any, value: Any) -> Any:
        return _("已纳入") if value else "—"

    def export_in_city_plan(self, row: Any, value: Any) -> Any:
        return str(_("是") if value else _("否"))

    def export_title(self, row: Any, value: Any) -> Any:
        return f"{row.title}（{row.number}）" if row.number else row.title

    def export_owner(self, row: Any, value: Any) -> Any:
        return row.owner.name

    class Meta:
        default_sort = "-year"
        selectable = True
        bulk = (Bulk(_("同意备案"), "competitions:filings.accept", icon="checks", policy_action="filing.decide"),)
        empty = Empty(
            _("还没有竞赛备案"),
            _("点“新建备案”填报本级今年的竞赛；下级工会报备后也会列在这里。"),
            icon="clipboard-text",
        )


class CoHostedTable(Table):
    title = LinkColumn(_("竞赛名称"), sort="title", width="wide", phone="title")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    owner = Column(_("主办工会"), accessor="owner.name", sort="owner__path", phone="fact")
    year = Column(_("年度"), sort="year", width="narrow")
    kind = Column(_("竞赛形式"), accessor="kind.name")
    starts_on = DateColumn(_("开始"), sort="starts_on", width="normal")
    ends_on = DateColumn(_("结束"), sort="ends_on", width="normal")
    waits = Column(_("联合主办"), accessor="waits")

    def render_waits(self, row: Any, value: Any) -> Any:
        return _("待本会确认") if value else _("已确认")

    class Meta:
        default_sort = "-year"
        empty = Empty(
            _("没有联合主办的竞赛"), _("其他工会报备竞赛并把本会列为联合主办单位后，会列在这里。"), icon="users-group"
        )


def _tag(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(pk__in=queries.Tagging.objects.filter(item=value).values("filing"))


def _below(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    union = Organisation.objects.filter(pk=value).first()
    return rows.filter(owner__path__startswith=union.path) if union else rows.none()


def _unions(filters: FilterSet) -> QuerySet:
    """The unions directly below the desk."""
    desk = filters.actor.desk
    rows = Organisation.objects.filter(parent=desk.organisation_id if desk else None, is_active=True)
    return rows.exclude(kind="department").order_by("path")


def _planned(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(in_city_plan_at__isnull=False)


def _late(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(late_reports__gt=0)


def _mine(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(owner__path=filters.actor.path)


def _to_review(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(reviewer__path=filters.actor.path, state=FilingState.FILED)


def _joint(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(pk__in=queries.CoHost.objects.filter(ended_at=None).values("filing"))


def _manufacturing(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(industry__startswith="C")


def _to_start(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(state=FilingState.ACCEPTED, starts_on__lte=local_date(filters.now))


def years(filters: FilterSet) -> list[tuple[str, str]]:
    this = local_date(filters.now).year
    return [(str(year), str(year)) for year in range(this + 1, this - 6, -1)]


class FilingFilters(FilterSet):
    q = SearchFilter(_("名称、备案号、主办工会、工种"), fields=("title", "number", "owner__name", "topic"))
    year = ChoiceFilter(_("年度"), field="year", choices=years)
    state = ChoiceFilter(_("状态"), field="state", choices=FilingState.choices, multiple=True)
    kind = ModelFilter(_("竞赛形式"), queryset=lambda f: queries.catalogue(f.actor, CatalogueGroup.KIND), field="kind")
    tag = ModelFilter(_("标签"), queryset=lambda f: queries.tags_of(f.actor), apply=_tag)
    union = ModelFilter(_("下级工会"), queryset=_unions, label_from="name", apply=_below)
    layer = ChoiceFilter(_("竞赛层面"), field="layer", choices=Layer.choices)
    area = ChoiceFilter(_("双城格局"), field="area", choices=Area.choices)
    district = ChoiceFilter(
        _("所在区"), field="district_code", choices=lambda filters: codes.choices(CodeList.DISTRICT)
    )
    campaign = ModelFilter(
        _("竞赛活动"), queryset=lambda f: queries.catalogue(f.actor, CatalogueGroup.CAMPAIGN), field="campaign"
    )
    library = ChoiceFilter(_("引领性项目库"), field="library", choices=Library.choices[1:])
    begins = DateRangeFilter(_("开始日期"), field="starts_on", is_date=True)
    planned = BooleanFilter(_("已纳入市级计划"), apply=_planned)
    late = BooleanFilter(_("有逾期报告"), apply=_late)
    mine = BooleanFilter(_("本级主办"), apply=_mine)
    review = BooleanFilter(_("待本级审核"), apply=_to_review)
    joint = BooleanFilter(_("有联合主办单位"), apply=_joint)
    manufacturing = BooleanFilter(_("制造业"), apply=_manufacturing)
    start = BooleanFilter(_("到期未启动"), apply=_to_start)

    class Meta:
        drawer = (
            "union", "layer", "area", "district", "campaign", "library", "begins", "planned", "late", "mine", "review",
            "joint", "manufacturing", "start",
        )  # fmt: skip


class BoardFilters(FilterSet):
    """Of calendar and board: the year is chosen apart."""

    kind = FilingFilters.filters["kind"]
    tag = FilingFilters.filters["tag"]
    union = FilingFilters.filters["union"]
    layer = FilingFilters.filters["layer"]
    planned = FilingFilters.filters["planned"]


class CatalogueTable(Table):
    name = Column(_("名称"), sort="name", phone="title")
    group = Column(_("类别"), accessor="get_group_display", sort="group", phone="fact")
    years = Column(_("启用年度"), accessor="first_year", sort="first_year")
    is_new_form = BooleanColumn(_("新形式"), sort="is_new_form")
    used = NumberColumn(_("使用次数"), sort="used", phone="fact")
    is_active = BooleanColumn(_("在用"), sort="is_active", phone="fact")
    note = Column(_("说明"), width="wide")

    def render_years(self, row: Any, value: Any) -> Any:
        if not row.first_year and not row.last_year:
            return "—"
        return f"{row.first_year or ''}—{row.last_year or ''}"

    def change(self, row: Any) -> Action:
        return Action(
            _("修改"), reverse("competitions:filingcatalogue.change", kwargs={"pk": row.pk}), icon="edit", kind="ghost",
            policy_action="filingcatalogue.keep", policy_object=row,
        )  # fmt: skip

    class Meta:
        default_sort = "group"
        row_action = "change"
        empty = Empty(_("还没有竞赛目录"), _("由市总工会管理员点“载入默认目录”，再按需要增加。"), icon="list-details")


class CatalogueFilters(FilterSet):
    q = SearchFilter(_("名称"), fields=("name", "note"))
    group = ChoiceFilter(_("类别"), field="group", choices=CatalogueGroup.choices)
    is_active = BooleanFilter(_("只看在用"), field="is_active")
