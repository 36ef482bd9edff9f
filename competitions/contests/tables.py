"""Lists of the skill contests."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.contests.enums import (
    DONE,
    CompetitorState,
    ContestClass,
    ContestState,
    Honour,
    Medium,
    PromotionState,
    Ruling,
    TradeField,
)
from portal.core.dates import local_date
from portal.web.columns import BadgeColumn, Column, DateColumn, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.tables import Bulk, Table
from portal.web.ui import Badge, Empty


class ContestTable(Table):
    name = LinkColumn(_("赛项"), sort="name", width="wide")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    klass = Column(_("等级"), accessor="get_klass_display", sort="klass", phone="fact", width="normal")
    field = Column(_("领域"), accessor="trade.get_field_display", sort="trade__field", width="normal")
    planned_on = DateColumn(_("比赛日期"), sort="planned_on", phone="fact", width="normal")
    venue = Column(_("赛场"), sort="venue", width="normal")
    owner = Column(_("主办工会"), accessor="owner.label", sort="owner__path")
    teams = NumberColumn(_("代表队"), sort="teams")
    people = NumberColumn(_("选手"), sort="people", phone="fact")
    number = Column(_("编号"), sort="number", width="normal")

    class Meta:
        default_sort = "planned_on"
        empty = Empty(_("没有赛项"), _("各级工会点“列入计划”登记本年度的技能竞赛。"), icon="trophy")


def _field(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    return rows.filter(trade__field=value)


def _done(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(state__in=DONE)


def _mine(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(owner__path=filters.actor.path if filters.actor else "")


def _years(filters: FilterSet) -> list[tuple[str, str]]:
    this = local_date(filters.now).year
    return [(str(year), str(year)) for year in range(this + 1, this - 5, -1)]


class ContestFilters(FilterSet):
    q = SearchFilter(_("赛项、工种、赛场"), fields=("name", "number", "trade__name", "venue", "cohosts"))
    state = ChoiceFilter(_("状态"), choices=ContestState.choices, multiple=True)
    klass = ChoiceFilter(_("等级"), choices=ContestClass.choices)
    field = ChoiceFilter(_("领域"), choices=TradeField.choices, apply=_field)
    year = ChoiceFilter(_("年度"), choices=_years)
    planned_on = DateRangeFilter(_("比赛日期"), is_date=True)
    done = BooleanFilter(_("已完成"), apply=_done)
    mine = BooleanFilter(_("本级主办"), apply=_mine)

    class Meta:
        drawer = ("year", "planned_on", "done", "mine")


class CompetitorTable(Table):
    name = LinkColumn(_("选手"), accessor="masked_name")
    state = BadgeColumn(_("资格"), accessor="badge", sort="state", phone="fact")
    delegation = Column(_("代表队"), accessor="delegation.organisation.label", sort="delegation__organisation__path")
    employer = Column(_("所在单位"), sort="employer", phone="fact")
    level = Column(_("技能等级"), accessor="get_level_display", sort="level")
    id_number = Column(_("身份证号"), accessor="masked_id")
    number = NumberColumn(_("抽签号"), accessor="draw_number", sort="draw_number")
    code = Column(_("加密号"), sort="code")

    class Meta:
        default_sort = "draw_number"
        empty = Empty(_("还没有选手"), _("各代表队报名后，选手会出现在这里。"), icon="users")


class CompetitorFilters(FilterSet):
    q = SearchFilter(_("姓名、单位"), fields=("name", "employer", "delegation__organisation__name"))
    state = ChoiceFilter(_("资格"), choices=CompetitorState.choices)


class ResultTable(Table):
    rank = NumberColumn(_("名次"), sort="rank", phone="fact")
    name = Column(_("选手"), accessor="shown_name", phone="title")
    unit = Column(_("所在单位"), accessor="shown_unit", sort="shown_unit", phone="fact")
    total = NumberColumn(_("总成绩"), sort="total", places=2, phone="fact")
    medal = Column(_("奖牌"), accessor="get_medal_display", sort="medal")
    scaled = NumberColumn(_("700分制"), sort="scaled", places=2)
    certificate_number = Column(_("证书编号"), sort="certificate_number")

    class Meta:
        default_sort = "rank"
        empty = Empty(_("还没有成绩"), _("各部分成绩复核、锁定后计算名次。"), icon="list-numbers")


class AppealTable(Table):
    contest = LinkColumn(_("赛项"), accessor="contest.name", sort="contest__name")
    kind = Column(_("事项"), accessor="get_kind_display", sort="kind", phone="fact")
    delegation = Column(_("代表队"), accessor="delegation.organisation.label", phone="fact")
    filed_at = DateTimeColumn(_("提出时间"), sort="filed_at")
    ruling = Column(_("裁决"), accessor="get_ruling_display", sort="ruling", phone="fact")

    def render_ruling(self, row: Any, value: Any) -> Any:
        return value or _("待裁决")

    class Meta:
        default_sort = "-filed_at"
        empty = Empty(_("没有申诉"), _("代表队在代表队页面提出申诉。"), icon="gavel")


def _open(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(ruling="")


class AppealFilters(FilterSet):
    q = SearchFilter(_("赛项、代表队"), fields=("contest__name", "delegation__organisation__name"))
    ruling = ChoiceFilter(_("裁决"), choices=Ruling.choices)
    open = BooleanFilter(_("待裁决"), apply=_open)


class PromotionTable(Table):
    name = LinkColumn(_("选手"), accessor="competitor.masked_name", url="competitions:competitor.detail",
                      kwargs={"pk": "competitor_id"})  # fmt: skip
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    contest = Column(_("赛项"), accessor="competitor.contest.name", sort="competitor__contest__name", phone="fact")
    employer = Column(_("所在单位"), accessor="competitor.employer", sort="competitor__employer")
    rank = NumberColumn(_("名次"), accessor="competitor.result.rank", sort="competitor__result__rank")
    before = Column(_("现有等级"), accessor="get_before_display", sort="before")
    after = Column(_("晋升等级"), accessor="get_after_display", sort="after", phone="fact")
    reason = Column(_("依据"), sort="reason")
    certificate_number = Column(_("新证书编号"))

    class Meta:
        default_sort = "-year"
        empty = Empty(_("没有晋升名单"), _("成绩确认后，按当年规定自动列出可晋升的选手。"), icon="stairs-up")


class PromotionFilters(FilterSet):
    q = SearchFilter(
        _("姓名、单位、赛项"), fields=("competitor__name", "competitor__employer", "competitor__contest__name")
    )
    state = ChoiceFilter(_("状态"), choices=PromotionState.choices)
    year = ChoiceFilter(_("年度"), choices=_years)


class HonourTable(Table):
    name = LinkColumn(_("人选"), accessor="competitor.masked_name")
    state = BadgeColumn(_("状态"), accessor="badge", phone="fact")
    honour = Column(_("荣誉"), accessor="get_honour_display", sort="honour", phone="fact")
    contest = Column(_("赛项"), accessor="competitor.contest.name", sort="competitor__contest__name", phone="fact")
    employer = Column(_("所在单位"), accessor="competitor.employer")
    rank = NumberColumn(_("名次"), accessor="competitor.result.rank")
    unit = Column(_("推荐单位"), accessor="unit.label", sort="unit__name")
    entry = Column(_("申报编号"), accessor="entry.code")

    class Meta:
        default_sort = "-proposed_at"
        empty = Empty(_("没有荣誉人选"), _("市级综合、一类赛成绩确认后，按规定自动列出。"), icon="medal")


def _waiting(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(drafted_at=None, sent_at=None)


class HonourFilters(FilterSet):
    q = SearchFilter(
        _("姓名、单位、赛项"), fields=("competitor__name", "competitor__employer", "competitor__contest__name")
    )
    honour = ChoiceFilter(_("荣誉"), choices=Honour.choices)
    waiting = BooleanFilter(_("待起草、待报送"), apply=_waiting)


def part_badge(part: Any) -> Badge:
    if part.confirmed_at:
        return Badge(_("已复核"), "ok")
    return Badge(_("待复核"), "waiting") if part.entered_at else Badge(_("未登记"), "neutral")


class MediaTable(Table):
    published_on = DateColumn(_("刊发日期"), sort="published_on", phone="fact")
    title = Column(_("标题"), sort="title", phone="title")
    outlet = Column(_("媒体"), sort="outlet", phone="fact")
    medium = Column(_("媒体类别"), accessor="get_medium_display", sort="medium", phone="fact")
    year = Column(_("大赛年度"), sort="year")
    owner = Column(_("登记工会"), accessor="owner.label", sort="owner__path")

    class Meta:
        default_sort = "-published_on"
        selectable = True
        bulk = (Bulk(_("删除"), "competitions:media.remove", icon="trash", policy_action="media.remove"),)
        empty = Empty(_("还没有登记媒体报道"), _("点“登记报道”，报道显示在公众网的大赛品牌页。"), icon="news")


class MediaFilters(FilterSet):
    q = SearchFilter(_("标题、媒体"), fields=("title", "outlet"))
    medium = ChoiceFilter(_("媒体类别"), choices=Medium.choices)
    on = DateRangeFilter(_("刊发日期"), field="published_on", is_date=True)
