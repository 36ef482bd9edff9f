"""Lists of the room."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.growth.enums import MentorState
from competitions.growth.models import MentorMonth
from portal.core.dates import local_date
from portal.web.columns import BadgeColumn, Column, DateColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


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
