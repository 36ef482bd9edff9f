"""Lists of policies, of assessments and of the unions' answers."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic.enums import AnswerState
from portal.core.dates import local_date
from portal.web.columns import BadgeColumn, Column, DateColumn, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


class PolicyTable(Table):
    title = LinkColumn(_("文件"), sort="title")
    issuer = Column(_("发文单位"), sort="issuer", phone="fact")
    document_number = Column(_("文号"))
    issued_on = DateColumn(_("发文日期"), sort="issued_on")
    items = NumberColumn(_("检查项目"), phone="fact")
    last_year = Column(_("最近一次自评"), sort="last_year", phone="fact")

    def render_items(self, row: object, value: object) -> object:
        return len(row.items)

    def render_last_year(self, row: object, value: object) -> object:
        return _("%s年") % value if value else "—"

    class Meta:
        default_sort = "title"
        empty = Empty(
            _("还没有登记政策文件"), _("市总工会登记文件、列出检查项目后，每年布置一次自评。"), icon="file-certificate"
        )


class PolicyFilters(FilterSet):
    q = SearchFilter(_("文件名称、文号"), fields=("title", "document_number"))


class AssessmentTable(Table):
    year = LinkColumn(_("年度"), phone="title")
    due_on = DateColumn(_("报送截止"), phone="fact")
    filed = Column(_("已报送"), align="end", phone="fact")
    confirmed = NumberColumn(_("已确认"))
    closed = DateTimeColumn(_("结束时间"), accessor="closed_at")

    def render_filed(self, row: object, value: object) -> object:
        return f"{row.filed}/{row.asked}"

    class Meta:
        numbered = False
        empty = Empty(_("还没有布置过自评"), _("由市总工会点“布置年度自评”。"), icon="clipboard-check")


class AnswerTable(Table):
    union = LinkColumn(_("工会"), accessor="union.name", sort="union__path")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    full = NumberColumn(_("已落实"), phone="fact")
    partly = NumberColumn(_("部分落实"), phone="fact")
    missing = NumberColumn(_("未落实"), phone="fact")
    filed_at = DateTimeColumn(_("报送时间"), sort="filed_at")
    decided_at = DateTimeColumn(_("办理时间"), sort="decided_at")

    class Meta:
        default_sort = "union"
        empty = Empty(_("没有符合条件的自评"), _("可以清除筛选条件后再看。"), icon="clipboard-check")


def _late(rows: QuerySet, filters: FilterSet) -> QuerySet:
    late = rows.filter(status__in=(AnswerState.OPEN, AnswerState.RETURNED), assessment__closed_at=None)
    return late.filter(assessment__due_on__lt=local_date(filters.now))


class AnswerFilters(FilterSet):
    q = SearchFilter(_("工会"), fields=("union__name",))
    status = ChoiceFilter(_("状态"), choices=AnswerState.choices)
    late = BooleanFilter(_("逾期未报"), apply=_late)


class ItemTable(Table):
    """One line per check item: how the unions that handed in stand."""

    words = Column(_("检查项目"), width="wide", phone="title")
    full = NumberColumn(_("已落实"), phone="fact")
    partly = NumberColumn(_("部分落实"), phone="fact")
    missing = NumberColumn(_("未落实"), phone="fact")

    class Meta:
        numbered = False
        empty = Empty(_("没有检查项目"), "", icon="clipboard-check")
