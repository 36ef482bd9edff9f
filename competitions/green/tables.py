"""Lists of the green contest."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from competitions.green import queries
from competitions.green.enums import CheckState, Proposer, SavingKind, SubjectLevel, SuggestionState
from competitions.green.models.subjects import month_words
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.web.columns import BadgeColumn, BooleanColumn, Column, DateTimeColumn, LinkColumn, MoneyColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, ModelFilter, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


def _groups(filters: FilterSet) -> QuerySet:
    return queries.groups().order_by("name")


class GroupTable(Table):
    name = LinkColumn(_("对标组"), sort="name")
    product = Column(_("产品或工序"), sort="product", phone="fact")
    indicator = Column(_("对标指标"), accessor="indicator")
    benchmark = NumberColumn(_("标杆值"), sort="benchmark", phone="fact", places=3)
    kind = Column(_("标杆来源"), accessor="get_benchmark_kind_display", sort="benchmark_kind")
    basis = Column(_("出处"))
    members = NumberColumn(_("参赛主体"), sort="members", phone="fact")
    is_seasonal = BooleanColumn(_("季节性"), sort="is_seasonal")
    is_open = BooleanColumn(_("接受参赛"), sort="is_open")

    class Meta:
        default_sort = "name"
        empty = Empty(_("还没有对标组"), _("市总工会设立对标组后，单位可以登记参赛主体。"), icon="leaf")


class GroupFilters(FilterSet):
    q = SearchFilter(_("对标组、产品"), fields=("name", "product"))
    open = BooleanFilter(_("接受参赛"), apply=lambda rows, filters: rows.filter(is_open=True))


class SubjectTable(Table):
    name = LinkColumn(_("参赛主体"), sort="name")
    level = Column(_("层级"), accessor="get_level_display", sort="level", phone="fact")
    group = Column(_("对标组"), accessor="group.name", sort="group__name", phone="fact")
    organisation = Column(_("填报单位"), accessor="organisation.label", sort="organisation__path")
    latest = NumberColumn(_("最近指标值"), sort="latest", places=3)
    latest_month = Column(_("月份"), sort="latest_month")
    unit = Column(_("单位"), accessor="group.indicator.unit")
    owed = NumberColumn(_("缺报月数"), sort="owed", phone="fact")
    waiting = NumberColumn(_("待核"), sort="waiting")
    has_baseline = BooleanColumn(_("有基准值"), sort="has_baseline")
    people = NumberColumn(_("职工"), sort="people")

    def render_latest_month(self, row: Any, value: Any) -> Any:
        return month_words(value) if value else ""

    class Meta:
        default_sort = "group__name"
        empty = Empty(_("还没有参赛主体"), _("由单位工会登记企业、班组或岗位，然后每月填报。"), icon="users-group")


class SubjectFilters(FilterSet):
    q = SearchFilter(_("主体、单位"), fields=("name", "organisation__name"))
    group = ModelFilter(_("对标组"), field="group", queryset=_groups)
    level = ChoiceFilter(_("层级"), choices=SubjectLevel.choices)
    owed = BooleanFilter(_("有缺报"), apply=lambda rows, filters: rows.filter(owed__gt=0))
    waiting = BooleanFilter(_("有待核"), apply=lambda rows, filters: rows.filter(waiting__gt=0))
    unbased = BooleanFilter(_("没有基准值"), apply=lambda rows, filters: rows.filter(has_baseline=False))

    class Meta:
        drawer = ("owed", "waiting", "unbased")


class ReadingTable(Table):
    month = LinkColumn(_("月份"), sort="month")
    subject = Column(_("参赛主体"), accessor="subject.name", sort="subject__name", phone="fact")
    group = Column(_("对标组"), accessor="subject.group.name", sort="subject__group__name")
    organisation = Column(_("填报单位"), accessor="subject.organisation.label", sort="subject__organisation__path")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    figure = NumberColumn(_("指标值"), accessor="value", sort="value", places=3, phone="fact")
    unit = Column(_("单位"), accessor="indicator.unit")
    saved_tce = NumberColumn(_("节能量tce"), sort="saved_tce", places=2)
    version = NumberColumn(_("版本"), sort="version")
    is_late = BooleanColumn(_("逾期"), sort="is_late")
    submitted_at = DateTimeColumn(_("报送时间"), sort="submitted_at")

    def render_month(self, row: Any, value: Any) -> Any:
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), row.label)

    class Meta:
        default_sort = "-month"
        empty = Empty(_("还没有能耗月报"), _("在参赛主体页面点“填报月度能耗”。"), icon="bolt")


class ReadingFilters(FilterSet):
    q = SearchFilter(_("主体、单位"), fields=("subject__name", "subject__organisation__name"))
    group = ModelFilter(_("对标组"), field="subject__group", queryset=_groups)
    state = ChoiceFilter(_("状态"), choices=CheckState.choices, field="state")
    month = DateRangeFilter(_("月份"), field="month", is_date=True)
    late = BooleanFilter(_("逾期报送"), apply=lambda rows, filters: rows.filter(is_late=True))
    current = BooleanFilter(_("只看最新版本"), apply=lambda rows, filters: rows.filter(is_last=True))

    class Meta:
        drawer = ("month", "late", "current")


class SuggestionTable(Table):
    title = LinkColumn(_("建议名称"), sort="title", width="wide", phone="title")
    organisation = Column(_("单位"), accessor="organisation.label", sort="organisation__path", width="normal")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    estimated_tce = NumberColumn(_("预计tce/年"), sort="estimated_tce", places=2)
    verified_tce = NumberColumn(_("核定tce/年"), sort="verified_tce", places=2, phone="fact")
    verified_co2 = NumberColumn(_("核定tCO₂/年"), sort="verified_co2", places=2)
    verified_yuan = MoneyColumn(_("核定效益"), sort="verified_yuan")
    number = Column(_("编号"), sort="number")

    def render_title(self, row: Any, value: Any) -> Any:
        link, kind = self.columns["title"].html(row, value), row.get_kind_display()
        return format_html('{}<br><span class="muted">{} · {}</span>', link, kind, row.proposer)

    def export_title(self, row: Any, value: Any) -> Any:
        return _("%(title)s（%(kind)s，建议人：%(who)s，核实：%(by)s）") % {
            "title": row.title, "kind": row.get_kind_display(), "who": row.proposer, "by": row.verifier or "—",
        }  # fmt: skip

    class Meta:
        default_sort = "-number"
        empty = Empty(
            _("还没有节能建议"), _("单位工会点“提出建议”，写明预计节约；实施后申报核实的节能量。"), icon="bulb"
        )


def _years(filters: FilterSet) -> list[tuple[int, str]]:
    this = local_date(filters.now).year
    return [(y, str(y)) for y in range(this, this - 5, -1)]


class SuggestionFilters(FilterSet):
    q = SearchFilter(_("建议、建议人、编号"), fields=("title", "proposer", "number", "organisation__name"))
    state = ChoiceFilter(_("状态"), choices=SuggestionState.choices)
    kind = ChoiceFilter(_("类别"), choices=SavingKind.choices)
    year = ChoiceFilter(_("年度"), choices=_years, field="year")


class ProposalTable(Table):
    candidate = LinkColumn(_("推荐对象"), sort="candidate")
    kind = Column(_("类别"), accessor="get_kind_display", sort="kind")
    organisation = Column(_("单位"), accessor="organisation.label", sort="organisation__path", phone="fact")
    state = BadgeColumn(_("状态"), accessor="badge", phone="fact")
    suggestion = Column(_("依据的建议"), accessor="suggestion.title")
    tce = NumberColumn(_("核定tce/年"), accessor="suggestion.verified_tce", places=2, sort="suggestion__verified_tce")
    entry = Column(_("申报件"), accessor="entry.code")
    year = Column(_("年度"), sort="year")
    proposed_at = DateTimeColumn(_("提出时间"), sort="proposed_at")

    class Meta:
        default_sort = "-proposed_at"
        empty = Empty(_("还没有即时授予建议"), _("在已核定的节能建议页面点“建议即时授予”。"), icon="award")


def _undrafted(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(drafted_at=None, withdrawn_at=None)


class ProposalFilters(FilterSet):
    q = SearchFilter(_("对象、单位"), fields=("candidate", "organisation__name"))
    kind = ChoiceFilter(_("类别"), choices=Proposer.choices)
    undrafted = BooleanFilter(_("待单位起草"), apply=_undrafted)


class IndicatorTable(Table):
    name = Column(_("指标"), sort="name", phone="title")
    code = Column(_("代码"), sort="code")
    version = NumberColumn(_("版本"), sort="version", phone="fact")
    unit = Column(_("单位"), phone="fact")
    direction = Column(_("方向"), accessor="get_direction_display")
    formula = Column(_("公式"), width="wide")
    weight = Column(_("权数"))
    source = Column(_("依据"))
    loaded_at = DateTimeColumn(_("启用时间"), sort="loaded_at")

    class Meta:
        default_sort = "code"
        empty = Empty(_("还没有能效指标"), _("由市总工会启用。"), icon="math-function")


class IndicatorFilters(FilterSet):
    q = SearchFilter(_("指标、代码"), fields=("name", "code"))
    old = BooleanFilter(_("包括旧版本"), apply=lambda rows, filters: rows)


def departments(path: str) -> QuerySet[Organisation]:
    """Departments beside the federation at ``path`` that may co-host."""
    return Organisation.objects.filter(path__startswith=path, kind="department", is_active=True).order_by("name")
