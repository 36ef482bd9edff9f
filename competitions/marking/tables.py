"""Lists of marking."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from competitions.marking.enums import BoardState
from portal.web.columns import BadgeColumn, Column, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


class MarkingTable(Table):
    title = LinkColumn(_("赛项"), url="competitions:marking.detail", kwargs={"pk": "pk"}, sort="title", phone="title")
    owner = Column(_("主办单位"), accessor="owner.label", sort="owner__name")
    benches = NumberColumn(_("工位"), accessor="benches_here", sort="benches_here")
    progress = Column(_("已复核小项"), accessor="parts_done", sort="parts_done", align="end", phone="fact")
    chief = Column(_("裁判长"), accessor="chief_name")
    board = BadgeColumn(_("榜单"), accessor="board_badge", sort="board_state", phone="fact")
    opened = DateTimeColumn(_("建立时间"), accessor="opened_at", sort="opened_at")

    def render_progress(self, row: Any, value: Any) -> str:
        return f"{row.parts_done} / {row.parts}"

    def export_progress(self, row: Any, value: Any) -> str:
        return f"{row.parts_done}/{row.parts}"

    class Meta:
        default_sort = "-opened_at"
        numbered = True
        empty = Empty(
            _("还没有评分"),
            _("赛项排定工位后，在这里建立评分：导入评分方案、安排裁判，再开始评分。"),
            icon="clipboard-list",
        )


class MarkingFilters(FilterSet):
    q = SearchFilter(_("赛项、主办单位"), fields=("title", "owner__name"))
    board = ChoiceFilter(_("榜单"), field="board_state", choices=BoardState.choices)


class TotalTable(Table):
    bench = Column(_("工位"), accessor="bench.code", sort="bench__order", phone="title")
    session = Column(_("场次"), accessor="bench.session", sort="bench__session")
    mark = NumberColumn(_("已复核得分"), accessor="mark", places=2, sort="mark", phone="fact")
    possible = NumberColumn(_("已复核满分"), accessor="possible", places=2, sort="possible")
    all_mark = NumberColumn(_("已评得分"), accessor="all_mark", places=2, sort="all_mark", phone="fact")
    all_possible = NumberColumn(_("已评满分"), accessor="all_possible", places=2, sort="all_possible")

    class Meta:
        default_sort = "-mark"
        numbered = True
        empty = Empty(_("还没有总分"), _("小项复核后自动计算；只计评完并一致的评分点。"), icon="sum")


class TotalFilters(FilterSet):
    q = SearchFilter(_("工位号、场次"), fields=("bench__code", "bench__session"))


class HistoryTable(Table):
    at = DateTimeColumn(_("收到时间"), accessor="received_at", sort="received_at", phone="fact")
    aspect = Column(_("评分点"), accessor="aspect", sort="aspect__code", phone="title")
    bench = Column(_("工位"), accessor="bench.code", sort="bench__order", phone="fact")
    seat = Column(_("席位"), accessor="seat", sort="seat", align="end")
    round = NumberColumn(_("轮次"), accessor="round", sort="round")
    figure = Column(_("评分"), accessor="figure", align="end", phone="fact")
    source = Column(_("来源"), accessor="get_source_display", sort="source")
    who = Column(_("评分人"), accessor="entered_by.name")
    current = Column(_("现行"), accessor="is_current", sort="is_current")

    def render_seat(self, row: Any, value: Any) -> str:
        return str(value or "—")

    def render_current(self, row: Any, value: Any) -> Any:
        return _("现行") if value else _("已更正")

    def export_current(self, row: Any, value: Any) -> str:
        return str(self.render_current(row, value))

    class Meta:
        default_sort = "-received_at"
        empty = Empty(_("还没有评分记录"), _("裁判评分后，每一次评分和更正都列在这里。"), icon="history")


class HistoryFilters(FilterSet):
    q = SearchFilter(_("评分点、工位"), fields=("aspect__code", "aspect__title", "bench__code"))
