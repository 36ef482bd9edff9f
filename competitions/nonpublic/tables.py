"""Lists of the room."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from competitions.filings.enums import Layer
from competitions.nonpublic import figures, queries
from competitions.nonpublic.enums import ENDED, Answer, Benefit, Engagement, Figure, GuidanceStatus, Stage, Support
from portal.accounts.enums import EmergingKind, OwnershipClass, SizeClass
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
from portal.web.tables import Bulk, Table
from portal.web.ui import Badge, Empty


def file_link(row: Any, name: str) -> Any:
    """The evidence of a record, as a download."""
    if not row.file:
        return "—"
    address = reverse(name, kwargs={"pk": row.pk})
    return format_html('<a href="{}" download>{}</a>', address, row.file_name)


class UnitTable(Table):
    name = LinkColumn(_("单位"), url="accounts:employer.detail", sort="name")
    organisation = Column(_("所属工会"), accessor="organisation.label", sort="organisation__path")
    ownership = Column(_("所有制"), accessor="get_ownership_display", sort="ownership")
    emerging = Column(_("三新和八大群体"), accessor="get_emerging_kind_display", sort="emerging_kind")
    size_class = Column(_("规模"), accessor="get_size_class_display", sort="size_class")
    above_scale = Column(_("规模以上"), sort="above_scale")
    employees = NumberColumn(_("职工数"), sort="employees")
    held = NumberColumn(_("已备案竞赛"), sort="held", phone="fact")
    layers = Column(_("层面"))
    reminder = BadgeColumn(_("提醒"), accessor="reminded_at", phone="fact")

    def render_above_scale(self, row: Any, value: Any) -> Any:
        return _("未确认") if value is None else _("是") if value else _("否")

    def render_layers(self, row: Any, value: Any) -> Any:
        return "、".join(str(Layer(v).label) for v in value) or "—"

    def render_reminder(self, row: Any, value: Any) -> Any:
        if not value:
            return "—"
        badge = Badge(Answer(row.answer).label, "ok") if row.answer else Badge(_("已提醒"), "waiting")
        return self.columns["reminder"].html(row, badge)

    class Meta:
        default_sort = "name"
        selectable = True
        bulk = (Bulk(_("提醒开展竞赛"), "competitions:coverage.remind", icon="bell", policy_action="coverage.remind"),)
        empty = Empty(_("没有符合条件的单位"), _("请放宽筛选条件；单位在“用人单位”中登记。"), icon="building")


def _figure(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(figures.GROUPS[Figure(value)])


def _without(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(held=0)


def _with(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(held__gt=0)


def _layer(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(layers__contains=[value])


def _union(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(organisation__path__startswith=value)


def _not_reminded(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(reminded_at=None)


def _emerging(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(figures.of_emerging(value))


def _unions(filters: FilterSet) -> list[tuple[str, str]]:
    return [(o.path, o.label) for o in queries.unions_below(filters.actor)]


class UnitFilters(FilterSet):
    q = SearchFilter(_("单位、工会"), fields=("name", "credit_code", "organisation__name"))
    figure = ChoiceFilter(_("指标范围"), choices=Figure.choices, apply=_figure)
    without = BooleanFilter(_("未开展竞赛"), apply=_without)
    held = BooleanFilter(_("已开展竞赛"), apply=_with)
    union = ChoiceFilter(_("下级工会"), choices=_unions, apply=_union)
    district = ChoiceFilter(_("所在区"), choices=lambda f: codes.choices(CodeList.DISTRICT), field="district_code")
    ownership = ChoiceFilter(_("所有制"), choices=OwnershipClass.choices)
    emerging = ChoiceFilter(
        _("三新和八大群体"), choices=lambda f: list(figures.emerging_words().items()), apply=_emerging
    )
    size_class = ChoiceFilter(_("规模"), choices=SizeClass.choices)
    layer = ChoiceFilter(_("层面"), choices=Layer.choices, apply=_layer)
    fresh = BooleanFilter(_("本年度还没有提醒"), apply=_not_reminded)

    class Meta:
        drawer = ("union", "district", "ownership", "emerging", "size_class", "layer", "fresh", "held")


class ReminderTable(Table):
    employer = LinkColumn(_("单位"), accessor="employer.name", sort="employer__name")
    organisation = Column(_("所属工会"), accessor="organisation.label", sort="organisation__path", phone="fact")
    state = BadgeColumn(_("反馈"), accessor="badge", sort="answered_at", phone="fact")
    planned_on = DateColumn(_("计划开展"), sort="planned_on")
    due = DueColumn(_("反馈截止"), accessor="due_at", sort="due_at", phone="fact", open_while=lambda r: r.is_open)
    sent_from = Column(_("提醒工会"), accessor="sent_from.label")
    sent_at = DateTimeColumn(_("提醒时间"), sort="sent_at")

    class Meta:
        default_sort = "-sent_at"
        empty = Empty(
            _("还没有竞赛提醒"),
            _("上级工会发来的提醒会列在这里；区、街道工会可在“单位清单”中勾选单位提醒。"),
            icon="bell",
        )


def _open(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(answered_at=None)


def _overdue(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(answered_at=None, due_at__lte=filters.now)


class ReminderFilters(FilterSet):
    q = SearchFilter(_("单位、工会"), fields=("employer__name", "organisation__name"))
    answer = ChoiceFilter(_("反馈"), choices=Answer.choices)
    open = BooleanFilter(_("待反馈"), apply=_open)
    overdue = BooleanFilter(_("逾期未反馈"), apply=_overdue)


class PoolTable(Table):
    employer = LinkColumn(_("企业"), accessor="employer.name", sort="employer__name")
    stage = BadgeColumn(_("培育阶段"), accessor="badge", sort="stage", phone="fact")
    owner = Column(_("培育工会"), accessor="owner.label", sort="owner__path")
    coach = Column(_("联系指导人"), sort="coach", phone="fact")
    helper = Column(_("结对帮扶单位"), accessor="helper.name")
    goal_year = Column(_("目标申报年度"), sort="goal_year", phone="fact")
    last_on = DateColumn(_("最近一次指导"), sort="last_on")
    steps = NumberColumn(_("培育记录"), accessor="step_count", sort="step_count")

    class Meta:
        default_sort = "-last_on"
        empty = Empty(_("培育库还是空的"), _("点“纳入培育”，把竞赛有亮点的非公企业列为培育对象。"), icon="plant")


def _living(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.exclude(stage__in=ENDED)


class PoolFilters(FilterSet):
    q = SearchFilter(_("企业、指导人"), fields=("employer__name", "coach"))
    stage = ChoiceFilter(_("培育阶段"), choices=Stage.choices)
    living = BooleanFilter(_("正在培育"), apply=_living)


class WeakTable(Table):
    employer = LinkColumn(_("企业"), accessor="employer.name", sort="employer__name")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    owner = Column(_("帮扶工会"), accessor="owner.label", sort="owner__path")
    helper = Column(_("帮扶单位"), accessor="helper_label", phone="fact")
    contact = Column(_("联系人"), sort="contact")
    progress = Column(_("措施完成"), accessor="planned", phone="fact", align="end")
    next_due = DateColumn(_("下一项措施"), sort="next_due")
    due_on = DateColumn(_("帮扶期限"), sort="due_on", phone="fact")

    def render_progress(self, row: Any, value: Any) -> Any:
        return f"{row.done}/{row.planned}" if value else "—"

    class Meta:
        default_sort = "due_on"
        empty = Empty(
            _("还没有帮扶对象"), _("到“帮扶建议”看两年没有开展竞赛的中小微企业，点名称列入帮扶。"), icon="lifebuoy"
        )


def _helping(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(status=Support.ACTIVE)


def _behind(rows: QuerySet, filters: FilterSet) -> QuerySet:
    today = local_date(filters.now)
    return rows.filter(status=Support.ACTIVE).filter(Q(due_on__lt=today) | Q(next_due__lt=today))


class WeakFilters(FilterSet):
    q = SearchFilter(_("企业、联系人、帮扶单位"), fields=("employer__name", "contact", "helper__name", "helper_name"))
    status = ChoiceFilter(_("状态"), choices=Support.choices)
    active = BooleanFilter(_("正在帮扶"), apply=_helping)
    behind = BooleanFilter(_("有逾期"), apply=_behind)


class SupportTable(Table):
    """Measures of one weak unit; an open one leads its helper to the form that ticks it off."""

    words = LinkColumn(_("措施"), url=lambda step: step.link)
    due = DueColumn(_("计划完成"), accessor="due_on", phone="fact", open_while=lambda step: step.is_open)
    done_on = DateColumn(_("完成日期"), phone="fact")
    result = Column(_("完成情况"), width="wide")

    class Meta:
        empty = Empty(_("还没有安排措施"), _("由帮扶工会点“安排措施”，一项一条，写明哪天完成。"), icon="checklist")


class SuggestedTable(Table):
    name = LinkColumn(_("企业"), url=lambda row: f"{reverse('competitions:weak.add')}?employer={row.pk}", sort="name")
    organisation = Column(_("所属工会"), accessor="organisation.label", sort="organisation__path", phone="fact")
    size_class = Column(_("规模"), accessor="get_size_class_display", sort="size_class", phone="fact")
    emerging = Column(_("三新和八大群体"), accessor="get_emerging_kind_display", sort="emerging_kind")
    employees = NumberColumn(_("职工数"), sort="employees", phone="fact")

    class Meta:
        default_sort = "name"
        empty = Empty(
            _("没有需要帮扶的企业"), _("中小微非公企业这两年都有备案的竞赛，或者已经在帮扶。"), icon="circle-check"
        )


class SuggestedFilters(FilterSet):
    q = SearchFilter(_("企业、工会"), fields=("name", "organisation__name"))
    union = ChoiceFilter(_("下级工会"), choices=_unions, apply=_union)
    district = ChoiceFilter(_("所在区"), choices=lambda f: codes.choices(CodeList.DISTRICT), field="district_code")
    size_class = ChoiceFilter(_("规模"), choices=[c for c in SizeClass.choices if c[0] in queries.BELOW_LARGE])
    emerging = ChoiceFilter(
        _("三新和八大群体"), choices=lambda f: list(figures.emerging_words().items()), apply=_emerging
    )

    class Meta:
        drawer = ("union", "district", "emerging")


class GuidanceTable(Table):
    title = LinkColumn(_("模板"), sort="title")
    kinds = Column(_("适用范围"), accessor="kinds_label", phone="fact", width="wide")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    version = NumberColumn(_("版本"), sort="version")
    published = DateTimeColumn(_("发布时间"), accessor="published_at", sort="published_at")

    class Meta:
        default_sort = "title"
        empty = Empty(_("没有符合条件的模板"), _("换一种单位类型看看；模板由市总工会起草和发布。"), icon="template")


def _kind(name: str) -> Any:
    """Templates for a kind: those that name it and those that name none of its sort."""

    def apply(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
        return rows.filter(Q(**{name: []}) | Q(**{f"{name}__contains": [value]}))

    return apply


class GuidanceFilters(FilterSet):
    q = SearchFilter(_("模板名称、内容"), fields=("title", "aims", "procedure"))
    ownership = ChoiceFilter(_("所有制"), choices=OwnershipClass.choices, apply=_kind("ownerships"))
    size_class = ChoiceFilter(_("规模"), choices=SizeClass.choices, apply=_kind("sizes"))
    emerging = ChoiceFilter(_("三新和八大群体"), choices=EmergingKind.choices, apply=_kind("emerging"))
    layer = ChoiceFilter(_("四个层面"), choices=Layer.choices, apply=_kind("layers"))
    status = ChoiceFilter(_("状态"), choices=GuidanceStatus.choices)

    class Meta:
        drawer = ("layer", "status")


class EngagementTable(Table):
    on = DateColumn(_("日期"), sort="on", phone="fact")
    employer = LinkColumn(_("单位"), accessor="employer.name", sort="employer__name", url="accounts:employer.detail",
                          kwargs={"pk": "employer_id"})  # fmt: skip
    kind = Column(_("参与方式"), accessor="get_kind_display", sort="kind", phone="fact")
    leader = Column(_("负责人"), sort="leader")
    post = Column(_("职务"))
    amount = MoneyColumn(_("金额"), sort="amount")
    words = Column(_("说明"), width="wide")
    proof = Column(_("佐证"), accessor="file_name")

    def render_proof(self, row: Any, value: Any) -> Any:
        return file_link(row, "competitions:engagement.file")

    class Meta:
        default_sort = "-on"
        empty = Empty(_("还没有负责人参与记录"), _("点“登记负责人参与”。"), icon="user-star")


class EngagementFilters(FilterSet):
    q = SearchFilter(_("单位、负责人"), fields=("employer__name", "leader"))
    kind = ChoiceFilter(_("参与方式"), choices=Engagement.choices)
    on = DateRangeFilter(_("日期"), is_date=True)


class BenefitTable(Table):
    on = DateColumn(_("日期"), sort="on", phone="fact")
    employer = LinkColumn(_("单位"), accessor="employer.name", sort="employer__name", url="accounts:employer.detail",
                          kwargs={"pk": "employer_id"})  # fmt: skip
    kind = Column(_("受益类别"), accessor="get_kind_display", sort="kind", phone="fact")
    contest = Column(_("竞赛"), sort="contest")
    headcount = NumberColumn(_("受益职工"), sort="headcount", phone="fact")
    amount = MoneyColumn(_("金额"), sort="amount", phone="fact")
    proof = Column(_("佐证"), accessor="file_name")

    def render_proof(self, row: Any, value: Any) -> Any:
        return file_link(row, "competitions:benefit.file")

    class Meta:
        default_sort = "-on"
        empty = Empty(_("还没有受益记录"), _("点“登记受益”，记下奖金、提薪、晋级和企业效益。"), icon="coins")


class BenefitFilters(FilterSet):
    q = SearchFilter(_("单位、竞赛"), fields=("employer__name", "contest"))
    kind = ChoiceFilter(_("受益类别"), choices=Benefit.choices)
    on = DateRangeFilter(_("日期"), is_date=True)


class LineTable(Table):
    """A breakdown of coverage: each number leads to the units it counts."""

    label = LinkColumn(_("分组"), url=lambda line: line.url)
    held = NumberColumn(_("已开展"), accessor="share.held", phone="fact")
    total = NumberColumn(_("单位数"), accessor="share.total")
    percent = Column(_("覆盖率"), accessor="share.text", align="end", phone="fact")
    missing = LinkColumn(
        _("未开展"), accessor="share.missing", url=lambda line: line.missing_url, phone="fact", align="end"
    )

    class Meta:
        numbered = False
        empty = Empty(_("没有单位"), _("单位在“用人单位”中登记后，这里显示覆盖面。"), icon="building")


class LayerTable(Table):
    """Non-public units by the layers of their competitions."""

    label = LinkColumn(_("层面"), url=lambda line: line.url)
    held = NumberColumn(_("开展竞赛的非公企业"), accessor="share.held", phone="fact")

    class Meta:
        numbered = False


class GroupTable(Table):
    """Groups without a fixed employer: their lists and people; a group nobody of which took part stays in sight."""

    label = Column(_("群体"), phone="title")
    lists = NumberColumn(_("群体名单"), phone="fact")
    persons = NumberColumn(_("参与职工"), phone="fact")
    times = NumberColumn(_("参与人次"), phone="fact")
    pending = NumberColumn(_("待同意"))

    class Meta:
        numbered = False
