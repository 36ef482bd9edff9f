"""Lists of the room."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.growth.enums import DrillKind, DrillLevel, MentorState, PurgeState, SkillLevel
from competitions.growth.models import MentorMonth
from portal.core.dates import local_date
from portal.web.columns import BadgeColumn, Column, DateColumn, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Badge, Empty


class MentorshipTable(Table):
    pair = LinkColumn(_("师傅 → 徒弟"), sort="mentor__name", phone="title")
    trade = Column(_("工种"), sort="trade", phone="fact")
    organisation = Column(_("单位"), accessor="organisation.label", sort="organisation__path")
    starts_on = DateColumn(_("开始日期"), sort="starts_on", phone="fact")
    ends_on = DateColumn(_("结束日期"), sort="ends_on", phone="fact")
    records = Column(_("月度记录"), accessor="written", sort="written", align="end", phone="fact")
    overdue = NumberColumn(_("逾期"), sort="overdue", phone="fact")
    total = NumberColumn(_("考核"), sort="total")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")

    def render_records(self, row: Any, value: Any) -> Any:
        return f"{row.written}/{row.planned}"

    class Meta:
        default_sort = "-starts_on"
        empty = Empty(
            _("没有符合条件的师徒合同"), _("请放宽筛选条件，或点“起草师徒合同”为师傅和徒弟结对。"), icon="users-group"
        )


def _overdue(rows: QuerySet, filters: FilterSet) -> QuerySet:
    late = MentorMonth.objects.filter(recorded_at=None, due_on__lt=local_date(filters.now))
    return rows.filter(state=MentorState.ACTIVE, pk__in=late.values("mentorship"))


def _over(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(state=MentorState.ACTIVE, ends_on__lt=local_date(filters.now))


class MentorshipFilters(FilterSet):
    q = SearchFilter(
        _("师傅、徒弟、工种、单位"), fields=("mentor__name", "apprentice__name", "trade", "organisation__name")
    )
    state = ChoiceFilter(_("状态"), choices=MentorState.choices)
    overdue = BooleanFilter(_("有逾期记录"), apply=_overdue)
    over = BooleanFilter(_("到期待考核"), apply=_over)
    starts = DateRangeFilter(_("开始日期"), field="starts_on", is_date=True)

    class Meta:
        drawer = ("overdue", "over", "starts")


class MentorFigureTable(Table):
    """By union: plain lines, counted in the database."""

    label = Column(_("工会"), phone="title")
    active = NumberColumn(_("帮教中"), phone="fact")
    completed = NumberColumn(_("已出师"), phone="fact")
    failed = NumberColumn(_("未达标"))
    terminated = NumberColumn(_("已终止"))
    rate = Column(_("出师率"), align="end", phone="fact")
    overdue = NumberColumn(_("记录逾期"), phone="fact")

    class Meta:
        numbered = False
        empty = Empty(_("还没有签订的师徒合同"), _("单位签订后，这里按工会统计。"), icon="chart-bar")


class DrillTable(Table):
    title = LinkColumn(_("名称"), sort="title")
    kind = Column(_("类别"), accessor="get_kind_display", sort="kind", phone="fact")
    level = Column(_("层级"), accessor="get_level_display", sort="level", phone="fact")
    trade = Column(_("工种"), sort="trade", phone="fact")
    organisation = Column(_("举办单位"), accessor="organisation.label", sort="organisation__path")
    starts_on = DateColumn(_("开始日期"), sort="starts_on", phone="fact")
    people = NumberColumn(_("参加人数"), sort="people", phone="fact")
    placed = NumberColumn(_("登记成绩"), sort="placed")
    proofs = NumberColumn(_("佐证"), sort="proofs")

    class Meta:
        default_sort = "-starts_on"
        empty = Empty(
            _("没有符合条件的练兵比武记录"), _("请放宽筛选条件，或点“登记练兵比武”记下已举办的活动。"), icon="barbell"
        )


def _own(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(organisation__path=filters.actor.path)


class DrillFilters(FilterSet):
    q = SearchFilter(_("名称、工种、单位"), fields=("title", "trade", "organisation__name"))
    kind = ChoiceFilter(_("类别"), choices=DrillKind.choices)
    level = ChoiceFilter(_("层级"), choices=DrillLevel.choices)
    on = DateRangeFilter(_("开始日期"), field="starts_on", is_date=True)
    mine = BooleanFilter(_("本单位举办"), apply=_own)

    class Meta:
        drawer = ("on", "mine")


class DrillFigureTable(Table):
    label = Column(_("工会"), phone="title")
    drills = NumberColumn(_("岗位练兵"), phone="fact")
    matches = NumberColumn(_("技术比武"), phone="fact")
    people = NumberColumn(_("参加人次"), phone="fact")
    trades = NumberColumn(_("工种数"), phone="fact")

    class Meta:
        numbered = False
        empty = Empty(_("本年度还没有练兵比武记录"), _("单位登记后，这里按工会统计。"), icon="chart-bar")


class WorkerFileTable(Table):
    name = LinkColumn(_("姓名"), sort="name", phone="title")
    number = Column(_("证件号码"), accessor="masked_id")
    trade = Column(_("工种"), sort="trade", phone="fact")
    level = Column(_("技能等级"), accessor="get_level_display", sort="level", phone="fact")
    organisation = Column(_("建档工会"), accessor="organisation.label", sort="organisation__path", phone="fact")
    masters = NumberColumn(_("拜师"), sort="masters")
    apprentices = NumberColumn(_("带徒"), sort="apprentices")
    places = NumberColumn(_("练兵比武"), sort="places")

    class Meta:
        default_sort = "name"
        empty = Empty(
            _("没有符合条件的职工档案"),
            _("签师徒合同、登记练兵比武成绩时自动建档，也可以点“建立档案”。"),
            icon="id-badge",
        )


class WorkerFileFilters(FilterSet):
    q = SearchFilter(_("姓名、工种、单位"), fields=("name", "trade", "organisation__name"))
    level = ChoiceFilter(_("技能等级"), choices=[choice for choice in SkillLevel.choices if choice[0]])


class PurgeTable(Table):
    asked_at = DateTimeColumn(_("申请时间"), sort="asked_at", phone="title")
    organisation = Column(_("单位"), accessor="organisation.label", sort="organisation__path", phone="fact")
    basis = Column(_("依据"), accessor="get_basis_display", sort="basis", phone="fact")
    reason = Column(_("说明"))
    asked_by = Column(_("申请人"), accessor="asked_by.name")
    decided_by = Column(_("复核人"), accessor="decided_by.name")
    counts = Column(_("一并删除"))
    state = BadgeColumn(_("状态"), sort="state", phone="fact")
    act = LinkColumn(_("办理"), accessor="pk", url="competitions:growth.decide", phone="action", export=False)

    def render_counts(self, row: Any, value: Any) -> Any:
        return "、".join(f"{label}{count}" for label, count in value.items()) or "—"

    def render_state(self, row: Any, value: Any) -> Any:
        tone = {"asked": "waiting", "done": "ok", "refused": "neutral"}[value]
        return self.columns["state"].html(row, Badge(row.get_state_display(), tone))

    def render_act(self, row: Any, value: Any) -> Any:
        return self.columns["act"].html(row, _("复核")) if row.state == PurgeState.ASKED else "—"

    class Meta:
        default_sort = "-asked_at"
        empty = Empty(_("没有删除记录"), _("在职工档案页点“申请删除”，另一人复核后删除。"), icon="trash")


class PurgeFilters(FilterSet):
    state = ChoiceFilter(_("状态"), choices=PurgeState.choices)
    on = DateRangeFilter(_("申请时间"), field="asked_at")
