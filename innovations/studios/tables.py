"""Lists of the room."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from innovations.studios.enums import (
    ENDED,
    OPEN_FOR_STUDIO,
    CheckStatus,
    ResultKind,
    StudioKind,
    StudioLevel,
    StudioStatus,
    TopicStatus,
)
from portal.accounts.models import Organisation
from portal.core.dates import closing_time, local_date
from portal.web.columns import BadgeColumn, Column, DateColumn, DateTimeColumn, LinkColumn, MoneyColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.formats import cn_date
from portal.web.tables import Table
from portal.web.templatetags.display import due_badge
from portal.web.ui import Empty


def unions(filters: FilterSet) -> list[tuple[str, str]]:
    """The unions directly below the desk."""
    desk = filters.actor.desk
    rows = Organisation.objects.filter(parent=desk.organisation_id if desk else None, is_active=True)
    return [(o.path, o.label) for o in rows.exclude(kind="department").order_by("path")]


class StudioTable(Table):
    name = LinkColumn(_("工作室"), sort="name", width="wide")
    unit = Column(_("所在单位"), accessor="employer.name", sort="employer__name", phone="fact")
    level = Column(_("级别"), accessor="level_label", sort="level", phone="fact")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    leader = Column(_("领衔人"), sort="leader", phone="fact")
    topics_year = NumberColumn(_("课题"), sort="topics_year")
    results_all = NumberColumn(_("成果"), sort="results_all")
    activities_year = NumberColumn(_("培训交流"), sort="activities_year")
    balance = MoneyColumn(_("经费余额"), sort="balance")
    total_last = NumberColumn(_("上次考核"), sort="total_last", places=1)
    reconfirm_on = DateColumn(_("复核到期"), sort="reconfirm_on")

    class Meta:
        default_sort = "name"
        empty = Empty(_("还没有工作室"), _("点“登记工作室”，填写名称、领衔人和专业方向；命名后每年考核。"), icon="bulb")


def _running(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.exclude(status__in=ENDED)


def _due(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(status=StudioStatus.RUNNING, reconfirm_on__lte=local_date(filters.now))


class StudioFilters(FilterSet):
    q = SearchFilter(_("名称、领衔人、单位、方向"), fields=("name", "leader", "employer__name", "direction"))
    kind = ChoiceFilter(_("类型"), choices=StudioKind.choices)
    level = ChoiceFilter(_("级别"), choices=StudioLevel.choices)
    status = ChoiceFilter(_("状态"), choices=StudioStatus.choices)
    union = ChoiceFilter(
        _("下级工会"), choices=unions, apply=lambda rows, v, f: rows.filter(organisation__path__startswith=v)
    )
    running = BooleanFilter(_("未摘牌注销"), apply=_running)
    unnamed = BooleanFilter(_("未命名"), apply=lambda rows, f: rows.filter(level=""))
    mine = BooleanFilter(_("本级命名"), apply=lambda rows, f: rows.filter(named_by__path=f.actor.path))
    reconfirm = BooleanFilter(_("复核到期"), apply=_due)
    overdrawn = BooleanFilter(_("经费透支"), apply=lambda rows, f: rows.filter(balance__lt=0))

    class Meta:
        drawer = ("union", "running", "unnamed", "mine", "reconfirm", "overdrawn")


def _below(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(studio__organisation__path__startswith=value)


class TopicTable(Table):
    title = LinkColumn(_("课题"), sort="title")
    studio = Column(_("工作室"), accessor="studio.name", sort="studio__name", phone="fact")
    unit = Column(_("所在单位"), accessor="studio.employer.name", sort="studio__employer__name")
    year = Column(_("年度"), sort="year")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    head = Column(_("负责人"), sort="head")
    approval_number = Column(_("立项文号"), sort="approval_number")
    due = DateColumn(_("计划完成"), accessor="due_on", sort="due_on", phone="fact")
    benefit = MoneyColumn(_("年效益"), sort="benefit", phone="fact")

    def render_due(self, row: Any, value: Any) -> Any:
        if row.status != TopicStatus.APPROVED:
            return cn_date(value)
        return format_html("{} {}", cn_date(value), due_badge(closing_time(value)))

    class Meta:
        default_sort = "-year"
        empty = Empty(_("没有符合条件的课题"), _("在工作室页面点“提出课题”，由单位立项后开始攻关。"), icon="target")


def _late(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(status=TopicStatus.APPROVED, due_on__lt=local_date(filters.now))


class TopicFilters(FilterSet):
    q = SearchFilter(_("课题、工作室、单位"), fields=("title", "studio__name", "studio__employer__name"))
    status = ChoiceFilter(_("状态"), choices=TopicStatus.choices)
    late = BooleanFilter(_("逾期未完成"), apply=_late)
    union = ChoiceFilter(_("下级工会"), choices=unions, apply=_below)


class ResultTable(Table):
    title = LinkColumn(_("成果"), sort="title")
    studio = Column(_("工作室"), accessor="studio.name", sort="studio__name", phone="fact")
    unit = Column(_("所在单位"), accessor="studio.employer.name", sort="studio__employer__name")
    kind = Column(_("类别"), accessor="get_kind_display", sort="kind", phone="fact")
    number = Column(_("编号"))
    on = DateColumn(_("取得日期"), sort="on")
    applied_in = Column(_("应用单位"))
    benefit = MoneyColumn(_("年效益"), sort="benefit", phone="fact")
    proof = Column(_("证明"), accessor="file_name")

    def render_proof(self, row: Any, value: Any) -> Any:
        return format_html('<a href="{}">{}</a>', row.proof_url, _("查看")) if value else "—"

    class Meta:
        default_sort = "-on"
        empty = Empty(_("还没有成果"), _("在工作室页面点“登记成果”，附成果证明和效益证明。"), icon="award")


class ResultFilters(FilterSet):
    q = SearchFilter(_("成果、工作室、编号"), fields=("title", "studio__name", "number"))
    kind = ChoiceFilter(_("类别"), choices=ResultKind.choices)
    union = ChoiceFilter(_("下级工会"), choices=unions, apply=_below)
    on = DateRangeFilter(_("取得日期"), is_date=True)


class CheckTable(Table):
    studio = LinkColumn(_("工作室"), accessor="studio.name", sort="studio__name")
    unit = Column(_("所在单位"), accessor="studio.employer.name", sort="studio__employer__name", phone="fact")
    year = Column(_("年度"), sort="year", phone="fact")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    total = NumberColumn(_("得分"), sort="total", places=1, phone="fact")
    grade = Column(_("等级"), sort="grade")
    due = DateColumn(_("期限"), accessor="due_on", sort="due_on", phone="fact")
    filed_at = DateTimeColumn(_("报送时间"), sort="filed_at")
    owner = Column(_("考核单位"), accessor="owner.label", sort="owner__path")

    def render_due(self, row: Any, value: Any) -> Any:
        if row.status not in OPEN_FOR_STUDIO:
            return cn_date(value)
        return format_html("{} {}", cn_date(value), due_badge(closing_time(value)))

    class Meta:
        default_sort = "-year"
        empty = Empty(
            _("还没有年度考核"), _("命名工作室的工会点“发起年度考核”，工作室会在工作台收到自评任务。"), icon="checklist"
        )


def _to_file(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(studio__organisation__path=filters.actor.path, status__in=OPEN_FOR_STUDIO)


def _overdue(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(status__in=OPEN_FOR_STUDIO, due_on__lt=local_date(filters.now))


class CheckFilters(FilterSet):
    q = SearchFilter(_("工作室、单位"), fields=("studio__name", "studio__employer__name"))
    status = ChoiceFilter(_("状态"), choices=CheckStatus.choices)
    level = ChoiceFilter(_("级别"), choices=StudioLevel.choices, field="studio__level")
    to_file = BooleanFilter(_("本单位待报"), apply=_to_file)
    overdue = BooleanFilter(_("逾期"), apply=_overdue)
    mine = BooleanFilter(_("本级考核"), apply=lambda rows, f: rows.filter(owner__path=f.actor.path))
    union = ChoiceFilter(_("下级工会"), choices=unions, apply=_below)

    class Meta:
        drawer = ("union", "mine", "overdue")


class MoneyTable(Table):
    """The account of one studio; ``running`` is what stood there after the line."""

    on = DateColumn(_("日期"), phone="fact")
    words = Column(_("摘要"), phone="title", width="wide")
    kind = Column(_("科目"), accessor="get_kind_display", phone="fact")
    income = MoneyColumn(_("收入"), accessor="signed", unit="", phone="fact")
    spent = MoneyColumn(_("支出"), accessor="signed", unit="", phone="fact")
    running = MoneyColumn(_("余额"), unit="", phone="fact")
    voucher = Column(_("凭证号"), phone="fact")
    proof = Column(_("凭证"), accessor="file_name", phone="fact")
    overdraft = Column(_("说明"))
    act = Column(_("办理"), accessor="pk", export=False, phone="fact")

    def render_income(self, row: Any, value: Any) -> Any:
        return self.columns["income"].text(value) if value > 0 else "—"

    def render_spent(self, row: Any, value: Any) -> Any:
        return self.columns["spent"].text(-value) if value < 0 else "—"

    def render_proof(self, row: Any, value: Any) -> Any:
        return format_html('<a href="{}">{}</a>', row.proof_url, _("查看")) if value else "—"

    def render_act(self, row: Any, value: Any) -> Any:
        if row.reverses_id:
            return _("冲销")
        if hasattr(row, "reversal"):
            return _("已冲销")
        if not self.context.get("keeps"):
            return "—"
        return format_html(
            '<a href="{}">{}</a>', reverse("innovations:money.reverse", kwargs={"pk": row.pk}), _("冲销")
        )

    class Meta:
        empty = Empty(_("还没有收支"), _("先登记上级补助或单位拨款，再登记支出；每一笔都要附凭证。"), icon="cash")


class AllianceTable(Table):
    name = LinkColumn(_("联盟"), sort="name")
    direction = Column(_("共同方向"), phone="fact")
    owner = Column(_("组织单位"), accessor="owner.label", sort="owner__path", phone="fact")
    studios_now = NumberColumn(_("成员工作室"), sort="studios_now", phone="fact")
    founded_on = DateColumn(_("成立日期"), sort="founded_on")

    class Meta:
        default_sort = "name"
        empty = Empty(
            _("还没有工作室联盟"), _("跨单位、跨区域的工作室可以结成联盟，联合攻关、共享成果。"), icon="topology-star"
        )


class AllianceFilters(FilterSet):
    q = SearchFilter(_("联盟、方向"), fields=("name", "direction"))
