"""Lists of 班组竞赛."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from competitions.labels.enums import Among, Rhythm
from competitions.labels.tables import _unions
from portal.web.columns import BadgeColumn, Column, DateColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


class TeamContestTable(Table):
    title = LinkColumn(_("竞赛"), sort="title")
    organisation = Column(_("举办工会"), accessor="organisation.label", sort="organisation__path", phone="fact")
    among = Column(_("参赛对象"), accessor="get_among_display", sort="among")
    rhythm = Column(_("计分"), accessor="get_rhythm_display", sort="rhythm")
    contestants_now = NumberColumn(_("参赛"), sort="contestants_now", phone="fact")
    periods_now = NumberColumn(_("已计分期数"), sort="periods_now", phone="fact")
    starts_on = DateColumn(_("开始"), sort="starts_on")
    ends_on = DateColumn(_("结束"), sort="ends_on", phone="fact")
    state = BadgeColumn(_("状态"), accessor="badge", sort="closed_at", phone="fact")

    class Meta:
        default_sort = "-starts_on"
        empty = Empty(
            _("还没有班组竞赛"), _("从模板库选一个模板，改成本班组的指标，就可以每日或每周计分。"), icon="trophy"
        )


class TeamContestFilters(FilterSet):
    q = SearchFilter(_("竞赛、工会"), fields=("title", "organisation__name"))
    among = ChoiceFilter(_("参赛对象"), choices=Among.choices)
    rhythm = ChoiceFilter(_("计分周期"), choices=Rhythm.choices)
    running = BooleanFilter(_("进行中"), apply=lambda rows, f: rows.filter(closed_at=None))
    mine = BooleanFilter(_("本级举办"), apply=lambda rows, f: rows.filter(organisation__path=f.actor.path))
    union = ChoiceFilter(
        _("下级工会"), choices=_unions, apply=lambda rows, v, f: rows.filter(organisation__path__startswith=v)
    )
