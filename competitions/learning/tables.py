"""Lists of the room."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.learning.calculations import rate_of
from competitions.learning.enums import (
    NATIONAL,
    Licence,
    Platform,
    ProofState,
    Reach,
    ResourceKind,
    ResourceState,
    Theme,
)
from competitions.learning.sources import AHEAD
from portal.accounts.display import import_status
from portal.core.dates import local_date
from portal.core.text import mask_name
from portal.web.columns import BadgeColumn, Column, DateColumn, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.tables import Bulk, Table
from portal.web.ui import Empty


def percent(part: int, whole: int) -> str:
    """As people read it; “—” without anything to divide by."""
    found = rate_of(part, whole)
    return "—" if found is None else f"{found}%"


class ResourceTable(Table):
    title = LinkColumn(_("名称"), sort="title")
    kind = Column(_("类型"), accessor="get_kind_display", sort="kind", phone="fact")
    theme = Column(_("主题"), accessor="get_theme_display", sort="theme", phone="fact")
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
        selectable = True
        bulk = (Bulk(_("发布"), "competitions:learning.publish_chosen", icon="send", policy_action="learning.publish"),)
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
    theme = ChoiceFilter(_("主题"), choices=Theme.choices)
    platform = ChoiceFilter(_("学习平台"), choices=Platform.choices)
    state = ChoiceFilter(_("状态"), choices=ResourceState.choices)
    licence = ChoiceFilter(_("使用权利"), choices=Licence.choices)
    reach = ChoiceFilter(_("开放范围"), choices=Reach.choices)
    free = BooleanFilter(_("免费"), apply=_free)
    mine = BooleanFilter(_("本单位提供"), apply=_mine)
    ending = BooleanFilter(_("授权即将到期"), apply=_ending)

    class Meta:
        drawer = ("platform", "licence", "reach", "ending", "free", "mine")


class PublicFilters(FilterSet):
    q = SearchFilter(_("名称、工种或领域"), fields=("title", "field"))
    kind = ChoiceFilter(_("类型"), choices=ResourceKind.choices)
    theme = ChoiceFilter(_("主题"), choices=Theme.choices)
    platform = ChoiceFilter(_("学习平台"), choices=Platform.choices)


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
    """The year by union: plain lines, counted in the database; by the rate, for sums rank by size."""

    place = Column(_("排名"), align="center", phone="fact")
    label = Column(_("工会"), phone="title")
    reached = Column(_("参学率"), align="end", phone="fact")
    times = NumberColumn(_("结业人次"), phone="fact")
    people = NumberColumn(_("结业人数"), phone="fact")
    employees = NumberColumn(_("职工数"), accessor="heads")
    hours = NumberColumn(_("学时"), phone="fact")
    mean = Column(_("人均学时"), align="end")
    rate = Column(_("结业率"), align="end", phone="fact")

    class Meta:
        numbered = False
        empty = Empty(_("本年度还没有结业记录"), _("导入结业名单后，这里按工会统计。"), icon="chart-bar")


class ThemeTable(Table):
    label = Column(_("主题"), phone="title")
    times = NumberColumn(_("结业人次"), phone="fact")
    people = NumberColumn(_("结业人数"), phone="fact")
    hours = NumberColumn(_("学时"), phone="fact")

    class Meta:
        numbered = False
        empty = Empty(_("本年度没有归到资源库的结业记录"), icon="tags")


class ContestTable(Table):
    """Contests, what their competitors are to learn, and how many did in time."""

    planned_on = DateColumn(_("比赛日期"), sort="planned_on", phone="fact")
    name = LinkColumn(_("赛项"), url="competitions:training.detail", sort="name", phone="title")
    owner = Column(_("主办工会"), accessor="owner.label", sort="owner__path")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state")
    named = NumberColumn(_("指定培训"), sort="named", phone="fact")
    field = NumberColumn(_("参赛选手"), sort="field", phone="fact")
    trained = NumberColumn(_("赛前受训"), sort="trained", phone="fact")
    rate = Column(_("受训比例"), accessor="pk", align="end", phone="fact")

    def value(self, record: Any, column: Column) -> Any:
        if column.name == "rate":
            return percent(record.trained, record.field)
        return super().value(record, column)

    class Meta:
        default_sort = "-named"
        empty = Empty(_("没有符合条件的赛项"), _("赛项列入年度计划后出现在这里。"), icon="trophy")


def _unnamed(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(named=0)


class ContestFilters(FilterSet):
    q = SearchFilter(_("赛项、主办工会"), fields=("name", "owner__name", "trade__name"))
    on = DateRangeFilter(_("比赛日期"), field="planned_on", is_date=True)
    mine = BooleanFilter(_("本单位主办"), apply=_mine)
    unnamed = BooleanFilter(_("还没有指定培训"), apply=_unnamed)


class TraineeTable(Table):
    person = Column(_("选手"), accessor="masked_name", sort="name", phone="title")
    number = Column(_("证件号码"), accessor="masked_id")
    employer = Column(_("所在单位"), sort="employer", phone="fact")
    delegation = Column(_("代表队"), accessor="delegation.organisation.label", sort="delegation__organisation__path")
    training_hours = NumberColumn(_("集训学时"), sort="training_hours", phone="fact")
    trained = Column(_("赛前受训"), sort="trained", phone="fact")

    def render_trained(self, row: Any, value: Any) -> Any:
        return _("是") if value else _("否")

    class Meta:
        default_sort = "trained"
        empty = Empty(_("没有您能看到的选手"), _("代表队报名后，选手和受训情况列在这里。"), icon="users")


def _untrained(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(trained=False)


class TraineeFilters(FilterSet):
    q = SearchFilter(_("所在单位、代表队"), fields=("employer", "delegation__organisation__name"))
    untrained = BooleanFilter(_("还没有受训"), apply=_untrained)


class ProofTable(Table):
    uploaded_at = DateTimeColumn(_("提交时间"), sort="uploaded_at")
    person = LinkColumn(_("职工"), accessor="masked_name", phone="title")
    number = Column(_("证件号码"), accessor="masked_id")
    platform = Column(_("学习平台"), accessor="get_platform_display", sort="platform", phone="fact")
    as_of = DateColumn(_("截图日期"), sort="as_of", phone="fact")
    points = NumberColumn(_("积分"), sort="points", phone="fact")
    by_worker = Column(_("提交人"), sort="by_worker")
    organisation = Column(_("登记单位"), accessor="organisation.label", sort="organisation__path")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")

    def render_by_worker(self, row: Any, value: Any) -> Any:
        return _("职工本人") if value else _("单位")

    class Meta:
        default_sort = "-uploaded_at"
        empty = Empty(
            _("还没有积分证明"),
            _("打印“学习入口”二维码，职工用手机提交截图；也可以点“上传截图”代为提交。"),
            icon="photo-check",
        )


class ProofFilters(FilterSet):
    q = SearchFilter(_("登记单位"), fields=("organisation__name",))
    platform = ChoiceFilter(_("学习平台"), choices=[(p.value, p.label) for p in NATIONAL])
    state = ChoiceFilter(_("状态"), choices=ProofState.choices)
    on = DateRangeFilter(_("截图日期"), field="as_of", is_date=True)
