"""Lists of what follows a filing: reports, commendations, checks, complaints."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.filings import queries
from competitions.filings.enums import CheckResult, ComplaintKind, ComplaintOutcome, ReportKind, ReportState, Subject
from competitions.filings.tables import years
from portal.web.columns import BadgeColumn, Column, DateColumn, DateTimeColumn, DueColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


class ReportTable(Table):
    title = LinkColumn(_("报告"), sort="title", phone="title")
    filing = Column(_("竞赛"), accessor="filing.title", sort="filing__title", width="wide", phone="fact")
    owner = Column(_("主办工会"), accessor="filing.owner.label", sort="filing__owner__path")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    due = DueColumn(
        _("报送截止"), accessor="due_at", sort="due_at", phone="fact", open_while=lambda r: r.state in queries.OWED
    )
    people = NumberColumn(_("参赛职工"), sort="people")
    times = NumberColumn(_("参赛人次"), sort="times")
    reported = DateTimeColumn(_("报送时间"), accessor="reported_at", sort="reported_at")

    class Meta:
        default_sort = "due_at"
        empty = Empty(_("还没有要报送的报告"), _("竞赛备案通过后，各阶段的报告会列在这里。"), icon="report")


def _late(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(state__in=queries.OWED, due_at__lte=filters.now, filing__state__in=("accepted", "running"))


def _mine(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(filing__owner__path=filters.actor.path)


def _to_decide(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(filing__reviewer__path=filters.actor.path, state=ReportState.SUBMITTED)


class ReportFilters(FilterSet):
    q = SearchFilter(_("竞赛、主办工会"), fields=("filing__title", "filing__number", "filing__owner__name"))
    year = ChoiceFilter(_("年度"), field="filing__year", choices=years)
    kind = ChoiceFilter(_("类别"), field="kind", choices=ReportKind.choices)
    state = ChoiceFilter(_("状态"), field="state", choices=ReportState.choices)
    late = BooleanFilter(_("逾期未报"), apply=_late)
    mine = BooleanFilter(_("本级报送"), apply=_mine)
    decide = BooleanFilter(_("待本级审核"), apply=_to_decide)

    class Meta:
        drawer = ("late", "mine", "decide")


class CommendationTable(Table):
    name = Column(_("集体名称或姓名"), sort="name", phone="title")
    subject = Column(_("对象"), accessor="get_subject_display", sort="subject")
    unit = Column(_("所在单位"), sort="unit", phone="fact")
    honour = Column(_("建议授予"), sort="honour", phone="fact")
    filing = Column(_("竞赛"), accessor="filing.title", sort="filing__title", width="wide")
    owner = Column(_("主办工会"), accessor="filing.owner.name", sort="filing__owner__path")
    deeds = Column(_("主要事迹"), width="wide")
    handed = DateTimeColumn(_("移交时间"), accessor="handed_at", sort="handed_at")

    class Meta:
        default_sort = "filing__title"
        empty = Empty(_("还没有表彰建议"), _("竞赛进行中或总结后，由主办工会在竞赛页面登记。"), icon="award")


def _handed(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(handed_at__isnull=False)


class CommendationFilters(FilterSet):
    q = SearchFilter(_("姓名、集体、单位"), fields=("name", "unit", "filing__title", "honour"))
    year = ChoiceFilter(_("年度"), field="filing__year", choices=years)
    subject = ChoiceFilter(_("对象"), field="subject", choices=Subject.choices)
    handed = BooleanFilter(_("已移交"), apply=_handed)


class DrawTable(Table):
    title = LinkColumn(_("抽查"), sort="title", phone="title")
    year = Column(_("年度"), sort="year")
    organisation = Column(_("抽查工会"), accessor="organisation.label", sort="organisation__path")
    size = NumberColumn(_("抽取"), sort="size", phone="fact")
    done = NumberColumn(_("已检查"), sort="done", phone="fact")
    problems = NumberColumn(_("发现问题"), sort="problems")
    due_on = DateColumn(_("检查期限"), sort="due_on")
    drawn = DateTimeColumn(_("抽取时间"), accessor="drawn_at", sort="drawn_at")

    class Meta:
        default_sort = "-drawn_at"
        empty = Empty(_("还没有抽查"), _("点“随机抽取”，系统从进行中的竞赛里抽签，种子和范围一并留存。"), icon="dice")


class CheckTable(Table):
    filing = LinkColumn(_("竞赛"), accessor="filing.title", sort="filing__title", width="wide", phone="title")
    owner = Column(_("主办工会"), accessor="filing.owner.label", sort="filing__owner__path", phone="fact")
    result = BadgeColumn(_("结果"), accessor="badge", sort="result", phone="fact")
    draw = Column(_("抽查"), accessor="draw.title", sort="draw__title")
    checked_on = DateColumn(_("检查日期"), sort="checked_on")

    class Meta:
        default_sort = "-draw__drawn_at"
        empty = Empty(_("没有被抽查的竞赛"), _("上级工会抽中本级竞赛后，会列在这里。"), icon="dice")


class CheckFilters(FilterSet):
    q = SearchFilter(_("竞赛、主办工会"), fields=("filing__title", "filing__owner__name"))
    result = ChoiceFilter(_("结果"), field="result", choices=CheckResult.choices)


class ComplaintTable(Table):
    code = LinkColumn(_("受理编号"), sort="code", phone="title")
    kind = Column(_("类别"), accessor="get_kind_display", sort="kind", phone="fact")
    filing = Column(_("竞赛"), accessor="filing.title", sort="filing__title", width="wide", phone="fact")
    owner = Column(_("主办工会"), accessor="filing.owner.label", sort="filing__owner__path")
    state = BadgeColumn(_("状态"), accessor="badge", sort="outcome", phone="fact")
    received = DateTimeColumn(_("收到时间"), accessor="received_at", sort="received_at")
    due = DueColumn(_("答复期限"), accessor="due_at", sort="due_at", open_while=lambda c: c.is_open)
    handler = Column(_("受理工会"), accessor="handler.label", sort="handler__path")

    class Meta:
        default_sort = "-received_at"
        empty = Empty(
            _("没有投诉"), _("任何人都可以在公开网站的“竞赛监督”里投诉，由主办工会的上一级受理。"), icon="mail"
        )


def _waiting(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(outcome="")


def _overdue(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(outcome="", due_at__lte=filters.now)


class ComplaintFilters(FilterSet):
    q = SearchFilter(_("编号、竞赛"), fields=("code", "filing__title", "filing__owner__name"))
    kind = ChoiceFilter(_("类别"), field="kind", choices=ComplaintKind.choices)
    outcome = ChoiceFilter(_("结论"), field="outcome", choices=ComplaintOutcome.choices)
    waiting = BooleanFilter(_("待答复"), apply=_waiting)
    overdue = BooleanFilter(_("逾期未答复"), apply=_overdue)
