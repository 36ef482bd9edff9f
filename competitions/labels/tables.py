"""Lists of the room."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from competitions.labels import queries
from competitions.labels.enums import OPEN_FOR_UNIT, LabelStatus, Level, RecheckStatus, RemarkStatus, TeamKind
from competitions.labels.figures import MIN_COUNT
from competitions.labels.kinds import choices, title_of
from portal.accounts.models import Organisation
from portal.core.dates import closing_time, local_date
from portal.web.columns import BadgeColumn, Column, DateColumn, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.formats import cn_date
from portal.web.tables import Table
from portal.web.templatetags.display import due_badge
from portal.web.ui import Badge, Empty


def _unions(filters: FilterSet) -> list[tuple[str, str]]:
    """The unions directly below the desk."""
    desk = filters.actor.desk
    rows = Organisation.objects.filter(parent=desk.organisation_id if desk else None, is_active=True)
    return [(o.path, o.label) for o in rows.exclude(kind="department").order_by("path")]


class TeamTable(Table):
    name = LinkColumn(_("班组"), sort="name")
    unit = Column(_("所在单位"), accessor="unit_name", sort="employer__name", phone="fact")
    organisation = Column(_("所属工会"), accessor="organisation.label", sort="organisation__path")
    kind = Column(_("类别"), accessor="get_kind_display", sort="kind")
    leader = Column(_("班组长"), sort="leader")
    headcount = NumberColumn(_("人数"), sort="headcount")
    held = Column(_("持有称号"), accessor="kinds", phone="fact")
    state = BadgeColumn(_("状态"), accessor="is_active", sort="is_active")

    def render_held(self, row: Any, value: Any) -> Any:
        return "、".join(title_of(code) for code in value) or "—"

    def render_state(self, row: Any, value: Any) -> Any:
        badge = Badge(_("运行中"), "ok") if value else Badge(_("已撤并"), "neutral")
        return self.columns["state"].html(row, badge)

    class Meta:
        default_sort = "name"
        empty = Empty(_("还没有登记班组"), _("点“登记班组”，或用表格一次导入班组和称号。"), icon="users-group")


def _below_team(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(organisation__path__startswith=value)


def _holding(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(kinds__contains=[value])


class TeamFilters(FilterSet):
    q = SearchFilter(_("班组、单位"), fields=("name", "employer__name", "organisation__name"))
    held = ChoiceFilter(_("持有称号"), choices=lambda f: choices(), apply=_holding)
    kind = ChoiceFilter(_("类别"), choices=TeamKind.choices)
    union = ChoiceFilter(_("下级工会"), choices=_unions, apply=_below_team)


class LabelTable(Table):
    team = LinkColumn(_("班组"), accessor="team.name", sort="team__name")
    kind = Column(_("称号"), accessor="title", sort="kind", phone="fact")
    level = Column(_("级别"), accessor="get_level_display", sort="level", phone="fact")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    unit = Column(_("所在单位"), accessor="team.unit_name", sort="team__employer__name")
    given_by = Column(_("授予单位"), accessor="given_by.label", sort="given_by__path")
    basis_number = Column(_("文号"), sort="basis_number")
    given_on = DateColumn(_("授予日期"), sort="given_on")
    valid_until = DateColumn(_("有效期至"), sort="valid_until", phone="fact")
    removed_reason = Column(_("摘牌原因"))

    class Meta:
        default_sort = "-given_on"
        empty = Empty(_("没有班组称号"), _("在班组页面点“授予称号”，或用表格导入。"), icon="medal")


def _below(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(team__organisation__path__startswith=value)


def _living(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return queries.valid(rows, local_date(filters.now))


def _run_out(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(queries.LIVING, valid_until__lt=local_date(filters.now))


def _mine(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(given_by__path=filters.actor.path)


class LabelFilters(FilterSet):
    q = SearchFilter(_("班组、单位、文号"), fields=("team__name", "team__employer__name", "basis_number"))
    kind = ChoiceFilter(_("称号"), choices=lambda f: choices())
    level = ChoiceFilter(_("级别"), choices=Level.choices)
    status = ChoiceFilter(_("状态"), choices=LabelStatus.choices)
    living = BooleanFilter(_("现有效"), apply=_living)
    run_out = BooleanFilter(_("已到期"), apply=_run_out)
    mine = BooleanFilter(_("本级授予"), apply=_mine)
    union = ChoiceFilter(_("下级工会"), choices=_unions, apply=_below)
    given_on = DateRangeFilter(_("授予日期"), is_date=True)

    class Meta:
        drawer = ("union", "given_on", "mine", "run_out")


class CampaignTable(Table):
    title = LinkColumn(_("复查"), accessor="__str__", sort="year")
    owner = Column(_("组织单位"), accessor="owner.label", sort="owner__path")
    due_on = DateColumn(_("自查截止"), sort="due_on", phone="fact")
    holders = NumberColumn(_("应复查"), sort="holders", phone="fact")
    confirmed = NumberColumn(_("合格"), sort="confirmed")
    filed = NumberColumn(_("待审核"), sort="filed", phone="fact")
    mending = NumberColumn(_("整改中"), sort="mending")
    waiting = NumberColumn(_("待自查"), sort="waiting")
    overdue = NumberColumn(_("逾期"), sort="overdue", phone="fact")
    removed = NumberColumn(_("已摘牌"), sort="removed")

    class Meta:
        default_sort = "-year"
        empty = Empty(
            _("还没有年度复查"),
            _("授予称号的工会点“发起复查”，持有称号的单位会在工作台收到自查任务。"),
            icon="rotate-clockwise",
        )


class CampaignFilters(FilterSet):
    kind = ChoiceFilter(_("称号"), choices=lambda f: choices())
    mine = BooleanFilter(_("本级发起"), apply=lambda rows, f: rows.filter(owner__path=f.actor.path))
    late = BooleanFilter(_("有逾期的"), apply=lambda rows, f: rows.filter(overdue__gt=0))


class RecheckTable(Table):
    team = LinkColumn(_("班组"), accessor="label.team.name", sort="label__team__name")
    kind = Column(_("复查"), accessor="campaign", sort="campaign__kind", phone="fact")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    unit = Column(_("所在单位"), accessor="label.team.unit_name")
    due = DateColumn(_("截止"), accessor="due_on", sort="due_on", phone="fact")
    filed_at = DateTimeColumn(_("报送时间"), sort="filed_at")
    owner = Column(_("组织单位"), accessor="campaign.owner.label")
    reminded_at = DateTimeColumn(_("最近催办"), sort="reminded_at")

    def render_due(self, row: Any, value: Any) -> Any:
        if row.status not in OPEN_FOR_UNIT:
            return cn_date(value)
        return format_html("{} {}", cn_date(value), due_badge(closing_time(value)))

    class Meta:
        default_sort = "due_on"
        empty = Empty(_("没有符合条件的复查"), _("持有称号的班组列入年度复查后显示在这里。"), icon="rotate-clockwise")


class HolderTable(Table):
    """Of one campaign: what all rows share stands in the head of the page."""

    team = LinkColumn(_("班组"), accessor="label.team.name")
    unit = Column(_("所在单位"), accessor="label.team.unit_name", phone="fact")
    status = BadgeColumn(_("状态"), accessor="badge", phone="fact")
    due = DateColumn(_("截止"), accessor="due_on", phone="fact")
    filed_at = DateTimeColumn(_("报送时间"))
    reminded_at = DateTimeColumn(_("最近催办"))
    render_due = RecheckTable.render_due

    class Meta:
        empty = Empty(_("没有列入复查的班组"), icon="rotate-clockwise")


def _to_file(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(label__team__organisation__path=filters.actor.path, status__in=OPEN_FOR_UNIT)


def _overdue(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(status__in=OPEN_FOR_UNIT, due_on__lt=local_date(filters.now))


class RecheckFilters(FilterSet):
    q = SearchFilter(_("班组、单位"), fields=("label__team__name", "label__team__employer__name"))
    kind = ChoiceFilter(_("称号"), choices=lambda f: choices(), field="campaign__kind")
    status = ChoiceFilter(_("状态"), choices=RecheckStatus.choices)
    to_file = BooleanFilter(_("本单位待报"), apply=_to_file)
    overdue = BooleanFilter(_("逾期未报"), apply=_overdue)


class PointTable(Table):
    team = LinkColumn(_("窗口（班组）"), accessor="team.name", sort="team__name")
    unit = Column(_("所在单位"), accessor="team.unit_name", phone="fact")
    service = Column(_("服务事项"))
    counted = NumberColumn(_("计入评价"), sort="counted", phone="fact")
    mean = Column(_("综合均值"), accessor="total", align="end", phone="fact")
    left_out = NumberColumn(_("不计入"), sort="left_out")
    pending = NumberColumn(_("待审看留言"), sort="pending", phone="fact")
    state = BadgeColumn(_("状态"), accessor="badge", sort="is_open")

    def render_mean(self, row: Any, value: Any) -> Any:
        if row.counted < MIN_COUNT:
            return _("评价不足%d次") % MIN_COUNT
        return (Decimal(value) / (5 * row.counted)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    class Meta:
        default_sort = "-counted"
        empty = Empty(
            _("还没有服务评价码"), _("打开一个服务窗口或班组的页面，点“启用评价码”，打印海报贴在窗口。"), icon="qrcode"
        )


def _pending(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(pending__gt=0)


class PointFilters(FilterSet):
    q = SearchFilter(_("窗口、单位、事项"), fields=("team__name", "team__employer__name", "service"))
    union = ChoiceFilter(
        _("下级工会"), choices=_unions, apply=lambda rows, v, f: rows.filter(team__organisation__path__startswith=v)
    )
    pending = BooleanFilter(_("有待审看留言"), apply=_pending)


class RatingTable(Table):
    at = DateTimeColumn(_("时间"), sort="at", phone="fact", css="nowrap")
    attitude = NumberColumn(_("态度"), sort="attitude")
    quality = NumberColumn(_("质量"), sort="quality")
    innovation = NumberColumn(_("创新"), sort="innovation")
    ability = NumberColumn(_("能力"), sort="ability")
    efficiency = NumberColumn(_("效率"), sort="efficiency")
    remark = Column(_("留言"), accessor="shown_remark", width="wide", phone="fact")
    remark_status = Column(_("留言状态"), accessor="get_remark_status_display", sort="remark_status")
    counted = BadgeColumn(_("统计"), accessor="counted_badge", sort="left_out", phone="fact")
    left_out_reason = Column(_("原因"), width="wide")
    act = Column(_("办理"), accessor="pk")

    def render_act(self, row: Any, value: Any) -> Any:
        if not self.context.get("judges"):
            return "—"
        judge = reverse("competitions:rating.judge", kwargs={"pk": row.pk})
        link = format_html('<a href="{}">{}</a>', judge, _("核定计入"))
        if row.remark_status == RemarkStatus.NONE:
            return link
        moderate = reverse("competitions:rating.moderate", kwargs={"pk": row.pk})
        return format_html('{} <a href="{}">{}</a>', link, moderate, _("审看留言"))

    class Meta:
        default_sort = "-at"
        empty = Empty(_("还没有收到评价"), _("打印海报贴在服务窗口，请服务对象扫码。"), icon="star")


class RatingFilters(FilterSet):
    left_out = BooleanFilter(_("不计入的"), apply=lambda rows, f: rows.filter(left_out=True))
    remark_status = ChoiceFilter(_("留言"), choices=RemarkStatus.choices)
    day = DateRangeFilter(_("日期"), is_date=True)


class ImportTable(Table):
    file_name = LinkColumn(_("文件"), sort="file_name")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    rows_read = NumberColumn(_("行数"), accessor="rows", sort="rows")
    creates = NumberColumn(_("新增"), sort="creates")
    errors = NumberColumn(_("有误行数"), sort="errors", phone="fact")
    by = Column(_("上传人"), accessor="uploaded_by.name")
    at = DateTimeColumn(_("上传时间"), accessor="uploaded_at", sort="uploaded_at")

    class Meta:
        default_sort = "-uploaded_at"
        empty = Empty(_("还没有导入过"), _("下载模板填写后上传，先试导再正式导入。"), icon="file-upload")
