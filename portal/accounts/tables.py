"""Lists of organisations, employers, staff and what belongs to them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import display
from portal.accounts.enums import (
    EmergingKind,
    ImportKind,
    ImportState,
    OrganisationKind,
    OwnershipClass,
    Role,
    SignInOutcome,
    SizeClass,
    UnionLevel,
)
from portal.accounts.models import CodeList, Employer, Holiday, ImportBatch, Invitation, Membership, Organisation
from portal.accounts.queries import codes
from portal.accounts.queries.organisations import managed
from portal.core.dates import local_date
from portal.web.columns import BadgeColumn, BooleanColumn, Column, DateColumn, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Action, Empty


def below(queryset: Any, value: str, filters: FilterSet, lookup: str) -> Any:
    """Rows of one organisation with everything below it; ``value`` is its key."""
    found = managed(filters.actor).filter(pk=value).values_list("path", flat=True).first() if value.isdigit() else None
    return queryset.filter(**{f"{lookup}__startswith": found}) if found else queryset.none()


def upper_organisations(filters: FilterSet) -> list[tuple[str, str]]:
    """The own organisation and what stands directly below it: the choice that splits a long list."""
    rows = managed(filters.actor).filter(parent_id=filters.actor.desk.organisation_id, is_active=True)
    return [(str(pk), name) for pk, name in rows.order_by("path").values_list("pk", "name")[:200]]


class OrganisationTable(Table):
    name = LinkColumn(_("名称"), url="accounts:organisation.detail", sort="name", phone="title")
    kind = Column(_("类型"), accessor="get_kind_display", sort="kind", phone="fact")
    parent = Column(_("上级工会"), accessor="parent.name")
    code = Column(_("内部编号"), sort="code")
    employers = NumberColumn(_("用人单位"), accessor="employer_count")
    staff = NumberColumn(_("人员"), accessor="staff_count")
    members = NumberColumn(_("会员数"), accessor="member_count", sort="member_count", phone="fact")
    state = BadgeColumn(_("状态"), accessor="pk", phone="fact")

    def render_state(self, row: Organisation, value: Any) -> Any:
        return type(self).columns["state"].html(row, display.organisation_status(row))

    def export_state(self, row: Organisation, value: Any) -> str:
        return str(display.organisation_status(row).label)

    class Meta:
        default_sort = "path"
        empty = Empty(_("还没有下级组织"), _("可以逐个新建，也可以用 Excel 批量导入。"), icon="sitemap")


class OrganisationFilters(FilterSet):
    q = SearchFilter(_("名称、简称、编号、信用代码"), fields=("name", "short_name", "code", "credit_code"))
    level = ChoiceFilter(_("层级"), field="level", choices=UnionLevel.choices)
    kind = ChoiceFilter(_("类型"), field="kind", choices=OrganisationKind.choices)
    under = ChoiceFilter(
        _("所属"), choices=upper_organisations, apply=lambda rows, value, filters: below(rows, value, filters, "path")
    )
    closed = BooleanFilter(_("只看已停用"), apply=lambda rows, filters: rows.filter(is_active=False))

    class Meta:
        drawer = ("kind", "closed")


class EmployerTable(Table):
    name = LinkColumn(_("单位名称"), url="accounts:employer.detail", sort="name", phone="title")
    organisation = Column(_("所属工会"), accessor="organisation.name", sort="organisation__name", phone="fact")
    ownership = Column(_("所有制"), accessor="get_ownership_display")
    emerging = Column(_("三新和八大群体"), accessor="get_emerging_kind_display", sort="emerging_kind")
    industry = Column(_("行业"))
    size = Column(_("规模"), accessor="get_size_class_display", sort="size_class")
    employees = NumberColumn(_("职工数"))
    above = BooleanColumn(_("规上"), accessor="is_above_scale")
    state = BadgeColumn(_("年度确认"), accessor="is_confirmed", phone="fact")

    def render_industry(self, row: Employer, value: str) -> str:
        return codes.industry_label(value) or "—"

    def export_industry(self, row: Employer, value: str) -> str:
        return codes.industry_label(value)

    def _status(self, row: Any) -> display.Status:
        year = self.context.get("year", "")
        confirmed = display.Status(f"{year}年已确认", "ok")
        return confirmed if row.is_confirmed else display.Status(f"{year}年待确认", "waiting")

    def render_state(self, row: Any, value: Any) -> Any:
        return type(self).columns["state"].html(row, self._status(row))

    def export_state(self, row: Any, value: Any) -> str:
        return self._status(row).label

    class Meta:
        default_sort = "name"
        empty = Empty(
            _("还没有用人单位"), _("在基层工会名下登记单位，或用 Excel 批量导入。"), icon="building-factory-2"
        )


class EmployerFilters(FilterSet):
    q = SearchFilter(_("单位名称、信用代码、工会"), fields=("name", "credit_code", "organisation__name"))
    ownership = ChoiceFilter(_("所有制"), field="ownership", choices=OwnershipClass.choices)
    emerging = ChoiceFilter(_("三新和八大群体"), field="emerging_kind", choices=EmergingKind.choices)
    under = ChoiceFilter(
        _("所属"),
        choices=upper_organisations,
        apply=lambda rows, value, filters: below(rows, value, filters, "organisation__path"),
    )
    size = ChoiceFilter(_("规模"), field="size_class", choices=SizeClass.choices)
    industry = ChoiceFilter(
        _("行业"), field="industry__startswith", choices=lambda filters: codes.choices(CodeList.INDUSTRY)
    )
    above = BooleanFilter(_("只看规模以上"), apply=lambda rows, filters: rows.filter(is_above_scale=True))
    unconfirmed = BooleanFilter(_("只看本年度未确认"), apply=lambda rows, filters: rows.filter(is_confirmed=False))

    class Meta:
        drawer = ("emerging", "size", "industry", "above", "unconfirmed")


class MemberTable(Table):
    name = LinkColumn(_("姓名"), accessor="user.name", url="accounts:member.detail", sort="user__name", phone="title")
    organisation = Column(_("工会组织"), accessor="organisation.name", sort="organisation__path", phone="fact")
    role = Column(_("角色"), accessor="get_role_display", sort="role", phone="fact")
    title = Column(_("职务"))
    username = Column(_("用户名"), accessor="user.username", sort="user__username")
    last_login = DateTimeColumn(_("最近登录"), accessor="user.last_login", sort="user__last_login")
    second_factor = BooleanColumn(_("动态口令"), accessor="has_second_factor")
    state = BadgeColumn(_("状态"), accessor="pk", phone="fact")

    def render_state(self, row: Membership, value: Any) -> Any:
        return type(self).columns["state"].html(row, display.membership_status(row))

    def export_state(self, row: Membership, value: Any) -> str:
        return str(display.membership_status(row).label)

    class Meta:
        default_sort = "organisation__path"
        empty = Empty(_("还没有人员"), _("发出邀请，或给已有账号授予角色。"), icon="users")


class MemberFilters(FilterSet):
    q = SearchFilter(
        _("姓名、用户名、职务、组织"), fields=("user__name", "user__username", "title", "organisation__name")
    )
    role = ChoiceFilter(_("角色"), field="role", choices=Role.choices)
    under = ChoiceFilter(
        _("所属"),
        choices=upper_organisations,
        apply=lambda rows, value, filters: below(rows, value, filters, "organisation__path"),
    )
    locked = BooleanFilter(_("只看已锁定"), apply=lambda rows, filters: rows.filter(is_locked=True))
    ended = BooleanFilter(_("只看已停用"), apply=lambda rows, filters: rows.filter(is_active=False))

    class Meta:
        drawer = ("locked", "ended")


class InvitationTable(Table):
    name = Column(_("被邀请人"), sort="name", phone="title")
    organisation = Column(_("工会组织"), accessor="organisation.name", phone="fact")
    role = Column(_("角色"), accessor="get_role_display", phone="fact")
    by = Column(_("邀请人"), accessor="invited_by.name")
    sent = DateTimeColumn(_("发出时间"), accessor="created_at", sort="created_at")
    until = DateTimeColumn(_("有效期至"), accessor="expires_at", sort="expires_at")
    state = BadgeColumn(_("状态"), accessor="pk", phone="fact")

    def _open(self, row: Invitation) -> bool:
        return row.is_open

    def render_state(self, row: Invitation, value: Any) -> Any:
        return type(self).columns["state"].html(row, display.invitation_status(row, self.context["now"]))

    def export_state(self, row: Invitation, value: Any) -> str:
        return str(display.invitation_status(row, self.context["now"]).label)

    def manage(self, row: Invitation) -> Action | None:
        if not self._open(row):
            return None
        return Action(_("办理"), reverse("accounts:invitation.detail", kwargs={"pk": row.pk}), kind="ghost")

    class Meta:
        default_sort = "-created_at"
        row_action = "manage"
        empty = Empty(_("还没有邀请"), _("邀请由平台发函，或者把链接交给本人；七天内有效。"), icon="mail")


INVITATION_STATES = (
    ("draft", _("待发邀请函")),
    ("open", _("等待接受")),
    ("accepted", _("已接受")),
    ("expired", _("已过期")),
    ("cancelled", _("已撤回")),
)


def _in_state(rows: Any, value: str, filters: FilterSet) -> Any:
    pending = rows.filter(accepted_at=None, cancelled_at=None)
    return {
        "draft": pending.filter(expires_at=None),
        "open": pending.filter(expires_at__gt=filters.now),
        "expired": pending.filter(expires_at__lte=filters.now),
        "accepted": rows.exclude(accepted_at=None),
        "cancelled": rows.exclude(cancelled_at=None),
    }[value]


class InvitationFilters(FilterSet):
    q = SearchFilter(_("姓名、组织"), fields=("name", "organisation__name"))
    role = ChoiceFilter(_("角色"), field="role", choices=Role.choices)
    state = ChoiceFilter(_("状态"), choices=INVITATION_STATES, apply=_in_state)


class SignInTable(Table):
    at = DateTimeColumn(_("时间"), sort="at", phone="title")
    outcome = BadgeColumn(_("结果"), accessor="outcome", phone="fact")
    client = Column(_("来源地址"), phone="fact")
    device = Column(_("设备"), css="cell-clip")

    TONES = {
        SignInOutcome.SUCCEEDED: "ok",
        SignInOutcome.FAILED: "waiting",
        SignInOutcome.WRONG_CODE: "waiting",
        SignInOutcome.LOCKED: "stopped",
    }

    def _status(self, row: Any) -> display.Status:
        return display.Status(row.get_outcome_display(), self.TONES.get(row.outcome, "neutral"))

    def render_outcome(self, row: Any, value: Any) -> Any:
        return type(self).columns["outcome"].html(row, self._status(row))

    def render_device(self, row: Any, value: str) -> str:
        return display.device_name(value) or "—"

    def export_outcome(self, row: Any, value: Any) -> str:
        return row.get_outcome_display()

    class Meta:
        default_sort = "-at"
        empty = Empty(_("还没有登录记录"), _("每次登录、退出和失败的尝试都会记在这里。"), icon="history")


class SignInFilters(FilterSet):
    outcome = ChoiceFilter(_("结果"), field="outcome", choices=SignInOutcome.choices)
    at = DateRangeFilter(_("日期"), field="at")


class HolidayTable(Table):
    day = DateColumn(_("日期"), sort="day", phone="title")
    kind = Column(_("安排"), accessor="is_workday", phone="fact")
    name = Column(_("名称"), phone="fact")

    def render_kind(self, row: Holiday, value: bool) -> Any:
        return _("调休上班") if value else _("放假")

    def export_kind(self, row: Holiday, value: bool) -> str:
        return str(self.render_kind(row, value))

    def manage(self, row: Holiday) -> Action:
        url = reverse("accounts:holiday.change", kwargs={"pk": row.pk})
        return Action(_("修改"), url, kind="ghost", policy_action="reference.holidays")

    class Meta:
        default_sort = "day"
        row_action = "manage"
        empty = Empty(
            _("还没有登记节假日"),
            _("程序自带国务院已公布年度的安排；以后各年请在公布后登记，公示期据此计算。"),
            icon="calendar-event",
        )


class HolidayFilters(FilterSet):
    year = ChoiceFilter(
        _("年度"),
        field="day__year",
        choices=lambda filters: [(y, y) for y in range(2024, local_date(filters.now).year + 3)],
    )


class ImportTable(Table):
    file_name = LinkColumn(_("文件"), url="accounts:import.detail", phone="title")
    kind = Column(_("导入内容"), accessor="get_kind_display", phone="fact")
    organisation = Column(_("导入到"), accessor="organisation.name")
    rows = NumberColumn(_("行数"))
    errors = NumberColumn(_("有误行数"))
    by = Column(_("上传人"), accessor="uploaded_by.name")
    at = DateTimeColumn(_("上传时间"), accessor="uploaded_at", sort="uploaded_at")
    state = BadgeColumn(_("状态"), accessor="state", phone="fact")

    def render_state(self, row: ImportBatch, value: Any) -> Any:
        return type(self).columns["state"].html(row, display.import_status(row))

    def export_state(self, row: ImportBatch, value: Any) -> str:
        return row.get_state_display()

    class Meta:
        default_sort = "-uploaded_at"
        empty = Empty(_("还没有导入过"), _("先下载模板，填好后上传试导，确认无误再正式导入。"), icon="table-import")


class ImportFilters(FilterSet):
    kind = ChoiceFilter(_("导入内容"), field="kind", choices=ImportKind.choices)
    state = ChoiceFilter(_("状态"), field="state", choices=ImportState.choices)
