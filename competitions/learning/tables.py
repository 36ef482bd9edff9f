"""Lists of the room."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.learning.enums import Licence, Reach, ResourceKind, ResourceState
from competitions.learning.sources import AHEAD
from portal.accounts.display import import_status
from portal.core.dates import local_date
from portal.core.text import mask_name
from portal.web.columns import BadgeColumn, Column, DateColumn, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


class ResourceTable(Table):
    title = LinkColumn(_("名称"), sort="title")
    kind = Column(_("类型"), accessor="get_kind_display", sort="kind", phone="fact")
    field = Column(_("工种或领域"), sort="field", phone="fact")
    owner = Column(_("提供单位"), accessor="owner.label", sort="owner__path")
    is_free = Column(_("收费"), sort="is_free", phone="fact")
    rights_until = DateColumn(_("授权截止"), sort="rights_until")
    reach = Column(_("开放范围"), accessor="get_reach_display", sort="reach")
    learners = NumberColumn(_("结业职工"), sort="learners")
    unions = NumberColumn(_("使用单位"), sort="unions")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")

    def render_is_free(self, row: Any, value: Any) -> Any:
        return _("免费") if value else _("收费")

    class Meta:
        default_sort = "-published_at"
        empty = Empty(
            _("没有符合条件的培训资源"),
            _("请放宽筛选条件，或点“登记资源”把本单位的课程、题库、实训基地放进来。"),
            icon="school",
        )


def _mine(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(owner__path=filters.actor.path)


def _ending(rows: QuerySet, filters: FilterSet) -> QuerySet:
    until = local_date(filters.now) + AHEAD
    return rows.filter(state=ResourceState.PUBLISHED, rights_until__lte=until)


def _free(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(is_free=True)


class ResourceFilters(FilterSet):
    q = SearchFilter(_("名称、领域、提供单位"), fields=("title", "field", "audience", "owner__name"))
    kind = ChoiceFilter(_("类型"), choices=ResourceKind.choices)
    state = ChoiceFilter(_("状态"), choices=ResourceState.choices)
    licence = ChoiceFilter(_("使用权利"), choices=Licence.choices)
    reach = ChoiceFilter(_("开放范围"), choices=Reach.choices)
    free = BooleanFilter(_("免费"), apply=_free)
    mine = BooleanFilter(_("本单位提供"), apply=_mine)
    ending = BooleanFilter(_("授权即将到期"), apply=_ending)

    class Meta:
        drawer = ("licence", "reach", "ending", "free", "mine")


class CompletionTable(Table):
    finished_on = DateColumn(_("日期"), sort="finished_on", phone="fact")
    person = Column(_("姓名"), accessor="name", phone="fact")
    number = Column(_("证件号码"), accessor="masked_id")
    course = LinkColumn(_("课程"), url="competitions:completion.detail", sort="course", phone="title")
    platform = Column(_("学习平台"), sort="platform")
    hours = NumberColumn(_("学时"), sort="hours", phone="fact")
    score = NumberColumn(_("成绩"), sort="score")
    certificate_number = Column(_("证书编号"), sort="certificate_number")
    finished = Column(_("结业"), accessor="is_finished", sort="is_finished", phone="fact")
    organisation = Column(_("登记单位"), accessor="organisation.label", sort="organisation__path")

    def render_person(self, row: Any, value: Any) -> Any:
        return mask_name(value)

    def render_finished(self, row: Any, value: Any) -> Any:
        return _("是") if value else _("否")

    class Meta:
        default_sort = "-finished_on"
        empty = Empty(_("还没有结业记录"), _("点“导入结业名单”，下载模板填写后上传。"), icon="certificate")


class CompletionFilters(FilterSet):
    q = SearchFilter(
        _("课程、平台、证书编号"), fields=("course", "platform", "certificate_number", "organisation__name")
    )
    finished = ChoiceFilter(_("结业"), choices=(("True", _("已结业")), ("False", _("未结业"))), field="is_finished")
    on = DateRangeFilter(_("日期"), field="finished_on", is_date=True)


class ImportTable(Table):
    file_name = LinkColumn(_("文件"), sort="file_name")
    organisation = Column(_("登记单位"), accessor="organisation.label")
    state = BadgeColumn(_("状态"), sort="state", phone="fact")
    rows_read = NumberColumn(_("行数"), accessor="rows", sort="rows")
    errors = NumberColumn(_("有误行数"), sort="errors", phone="fact")
    by = Column(_("上传人"), accessor="uploaded_by.name")
    at = DateTimeColumn(_("上传时间"), accessor="uploaded_at", sort="uploaded_at")

    def value(self, record: Any, column: Column) -> Any:
        return import_status(record) if column.name == "state" else super().value(record, column)

    class Meta:
        default_sort = "-uploaded_at"
        empty = Empty(_("还没有上传过名单"), _("点“导入结业名单”，下载模板填写后上传。"), icon="file-upload")


class ImportFilters(FilterSet):
    q = SearchFilter(_("文件名"), fields=("file_name",))


class FigureTable(Table):
    """The year by union: plain lines, counted in the database."""

    label = Column(_("工会"), phone="title")
    times = NumberColumn(_("结业人次"), phone="fact")
    people = NumberColumn(_("结业人数"), phone="fact")
    hours = NumberColumn(_("学时"), phone="fact")
    rate = Column(_("结业率"), align="end", phone="fact")

    class Meta:
        numbered = False
        empty = Empty(_("本年度还没有结业记录"), _("导入结业名单后，这里按工会统计。"), icon="chart-bar")
