"""Lists of the room."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.challenges.enums import Audience, ChallengeState, ClaimState, ProblemKind, ProblemState
from portal.accounts.models import CodeList
from portal.accounts.queries import codes
from portal.core.dates import local_date
from portal.web.columns import BadgeColumn, Column, DateColumn, DateTimeColumn, LinkColumn, MoneyColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Badge, Empty

INDUSTRIES: dict[str, Any] = {"choices": lambda f: codes.choices(CodeList.INDUSTRY), "field": "industry"}


def kind_badge(kind: str) -> Badge:
    return Badge(ProblemKind(kind).label, "gold" if kind == ProblemKind.CORE else "neutral")


class ProblemTable(Table):
    title = LinkColumn(_("难题"), sort="title")
    industry = Column(_("行业门类"), accessor="industry_name", sort="industry", phone="fact")
    kind = Column(_("类别"), accessor="get_kind_display", sort="kind", phone="fact")
    employer = Column(_("企业"), accessor="employer.name")
    owner = Column(_("提出工会"), accessor="owner.label", sort="owner__path", screen=False)
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    secrecy = BadgeColumn(_("保密"), accessor="secrecy", sort="is_secret")
    filing = Column(_("对应竞赛"), accessor="filing.title", screen=False)
    challenge = Column(_("揭榜"), accessor="challenge_state")
    cost_saved = MoneyColumn(_("年降本增效"), sort="cost_saved")
    submitted_at = DateColumn(_("提出日期"), sort="submitted_at")

    def render_challenge(self, row: Any, value: Any) -> Any:
        return ChallengeState(value).label if value else "—"

    def render_cost_saved(self, row: Any, value: Any) -> Any:
        return self.columns["cost_saved"].text(value) if row.state == ProblemState.SOLVED else "—"

    class Meta:
        default_sort = "-submitted_at"
        empty = Empty(
            _("没有符合条件的难题"),
            _("请放宽筛选条件；点“提出难题”，把企业生产经营中的难点报上来。"),
            icon="target-arrow",
        )


def _mine(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(owner__path=filters.actor.path)


def _to_pick(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(checked_at__path=filters.actor.path, state=ProblemState.SUBMITTED)


def _no_contest(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(state=ProblemState.PICKED, filing=None, challenge_state=None)


def _years(filters: FilterSet) -> list[tuple[str, str]]:
    this = local_date(filters.now).year
    return [(str(y), f"{y}年") for y in range(this, this - 5, -1)]


class ProblemFilters(FilterSet):
    q = SearchFilter(_("难题、企业、工会"), fields=("title", "description", "employer__name", "owner__name"))
    industry = ChoiceFilter(_("行业门类"), **INDUSTRIES)
    kind = ChoiceFilter(_("类别"), choices=ProblemKind.choices)
    state = ChoiceFilter(_("状态"), choices=ProblemState.choices)
    year = ChoiceFilter(_("年度"), choices=_years)
    mine = BooleanFilter(_("本工会提出"), apply=_mine)
    pick = BooleanFilter(_("待本工会遴选"), apply=_to_pick)
    idle = BooleanFilter(_("入选后还没有竞赛或揭榜"), apply=_no_contest)

    class Meta:
        drawer = ("year", "mine", "pick", "idle")


class ChallengeTable(Table):
    title = LinkColumn(_("榜单"), sort="title")
    industry = Column(_("行业门类"), accessor="industry_name", sort="industry", phone="fact")
    kind = Column(_("类别"), sort="kind")
    owner = Column(_("难题提出工会"), accessor="owner.label", sort="owner__path")
    audience = Column(_("张榜范围"), accessor="get_audience_display", sort="audience")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    claim_until = DateColumn(_("揭榜截止"), sort="claim_until", phone="fact")
    finish_by = DateColumn(_("攻关完成期限"), sort="finish_by")
    claim_count = NumberColumn(_("揭榜团队"), sort="claim_count")
    mine = Column(_("本工会揭榜"), phone="fact")

    def render_kind(self, row: Any, value: Any) -> Any:
        return ProblemKind(value).label

    def render_mine(self, row: Any, value: Any) -> Any:
        return ClaimState(value).label if value else "—"

    class Meta:
        default_sort = "-claim_until"
        empty = Empty(
            _("没有符合条件的榜单"),
            _("难题入选后，由遴选工会在难题页点“张榜”；各级工会在这里揭榜。"),
            icon="speakerphone",
        )


def _open_now(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(state=ChallengeState.OPEN, claim_until__gte=local_date(filters.now))


def _claimed(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.exclude(mine=None)


class ChallengeFilters(FilterSet):
    q = SearchFilter(_("榜单、任务、工会"), fields=("title", "task", "owner__name"))
    industry = ChoiceFilter(_("行业门类"), **INDUSTRIES)
    kind = ChoiceFilter(_("类别"), choices=ProblemKind.choices)
    state = ChoiceFilter(_("状态"), choices=ChallengeState.choices)
    audience = ChoiceFilter(_("张榜范围"), choices=Audience.choices)
    open = BooleanFilter(_("可以揭榜"), apply=_open_now)
    mine = BooleanFilter(_("本工会提出"), apply=_mine)
    claimed = BooleanFilter(_("本工会已揭榜"), apply=_claimed)

    class Meta:
        drawer = ("audience", "open", "mine", "claimed")


class PublicChallengeFilters(FilterSet):
    q = SearchFilter(_("榜单、任务"), fields=("title", "task"))
    industry = ChoiceFilter(_("行业门类"), **INDUSTRIES)


class ClaimTable(Table):
    team = LinkColumn(_("攻关团队"), sort="team")
    challenge = Column(_("榜单"), accessor="challenge.title", sort="challenge__title", phone="fact")
    organisation = Column(_("揭榜工会"), accessor="organisation.label", sort="organisation__path")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    percent = NumberColumn(_("进度"), unit="%", sort="percent", phone="fact")
    next_due = DateColumn(_("下一节点"), sort="next_due", phone="fact")
    finish_by = DateColumn(_("完成期限"), accessor="challenge.finish_by")
    claimed_at = DateTimeColumn(_("揭榜时间"), sort="claimed_at")
    cost_saved = MoneyColumn(_("年降本增效"), sort="cost_saved")

    class Meta:
        default_sort = "-claimed_at"
        empty = Empty(_("还没有揭榜"), _("在“揭榜榜单”中打开一个榜单，点“揭榜”。"), icon="flag")


def _made_here(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(organisation__path=filters.actor.path)


def _to_us(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(challenge__owner__path=filters.actor.path)


class ClaimFilters(FilterSet):
    q = SearchFilter(_("团队、榜单、工会"), fields=("team", "challenge__title", "organisation__name"))
    state = ChoiceFilter(_("状态"), choices=ClaimState.choices)
    ours = BooleanFilter(_("本工会揭榜"), apply=_made_here)
    to_us = BooleanFilter(_("揭本工会的榜"), apply=_to_us)


class TopicTable(Table):
    """Plain rows: one industry each; the link opens its problems."""

    industry_name = LinkColumn(_("行业门类"), url=lambda row: row.url)
    stated = NumberColumn(_("提出难题"), phone="fact")
    picked = NumberColumn(_("已入选"), phone="fact")
    contests = NumberColumn(_("对应竞赛"), phone="fact")
    challenged = NumberColumn(_("张榜"))
    solved = NumberColumn(_("已解决"), phone="fact")
    saved = MoneyColumn(_("年降本增效"))

    class Meta:
        empty = Empty(_("还没有难题"), _("各级工会提出的难题按行业汇总在这里。"), icon="target-arrow")
