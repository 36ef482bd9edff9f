"""Lists of the room: what waits for the union, its sheets, the city's allotments."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.queries import stage_of
from portal.lifecycle.recommendation import queries
from portal.web.columns import Column, DateTimeColumn, DueColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, FilterSet, ModelFilter, SearchFilter
from portal.web.formats import DASH
from portal.web.tables import Table
from portal.web.ui import Action, Bulk, Empty


class WaitingTable(Table):
    title = LinkColumn(
        _("名称"), accessor="__str__", url=lambda entry: entry.get_absolute_url(), sort="title", width="wide"
    )
    code = Column(_("编号"), sort="code", css="text-nowrap")
    cycle = Column(_("届次"), accessor="cycle", width="normal")
    unit = Column(_("申报单位"), accessor="organisation.name", sort="organisation__name", phone="fact", width="normal")
    rank = Column(_("排序"), accessor="nomination_rank", sort="nomination_rank", align="end")
    since = DateTimeColumn(_("到达时间"), accessor="state_changed_at", sort="state_changed_at")
    due = DueColumn(_("办理期限"), accessor="due_at", sort="due_at", phone="fact")

    def render_rank(self, entry: Entry, value: Any) -> Any:
        return DASH if value is None else f"{_('递补') if entry.is_reserve_nomination else _('正选')} {value}"

    export_rank = render_rank

    def tone_of(self, entry: Entry) -> str:
        return "stopped" if entry.due_at and entry.due_at < self.context["now"] else ""

    class Meta:
        default_sort = "due_at"
        numbered = True
        selectable = True
        row_tone = "tone_of"
        bulk = (
            Bulk(_("批量同意推荐"), "lifecycle:nomination.bulk_endorse", icon="checks", policy_action="entry.endorse"),
        )
        empty = Empty(
            _("没有等待审核的申报件"),
            _("下级工会或基层单位上报后会出现在这里，并按办理期限排列。"),
            icon="circle-check",
        )


class WaitingFilters(FilterSet):
    q = SearchFilter(_("名称、编号、单位"), fields=("title", "code", "organisation__name"))
    cycle = ModelFilter(_("届次"), field="cycle", queryset=lambda filters: queries.sheets(actor=filters.actor))
    late = BooleanFilter(_("已逾期"), apply=lambda rows, filters: rows.filter(due_at__lt=filters.now))


class SheetTable(Table):
    title = LinkColumn(
        _("届次"), accessor="__str__", url=lambda cycle: reverse("lifecycle:nomination.sheet", kwargs={"pk": cycle.pk})
    )
    waiting_count = NumberColumn(_("等待审核"), unit=_("件"), phone="fact")
    sent_count = NumberColumn(_("已推荐"), unit=_("件"), phone="fact")
    closes = DueColumn(_("推荐截止"), open_while=lambda cycle: stage_of(cycle, "recommendation").status == "open")

    def value(self, record: Cycle, column: Column) -> Any:
        if column.name == "closes":
            stage = stage_of(record, "recommendation")
            return stage.closes_at if stage else None
        return super().value(record, column)

    class Meta:
        default_sort = "turn"
        numbered = False
        empty = Empty(
            _("目前没有需要推荐的届次"),
            _("届次开设并进入推荐环节后，会在这里排定推荐次序、整体上报。"),
            icon="list-numbers",
        )


class QuotaCycleTable(Table):
    title = LinkColumn(
        _("届次"), accessor="__str__", url=lambda cycle: reverse("lifecycle:quota.edit", kwargs={"pk": cycle.pk})
    )
    unions = NumberColumn(_("已下达工会"), accessor="union_count", unit=_("家"), phone="fact")
    places = NumberColumn(_("正选名额"), accessor="place_count", unit=_("个"), phone="fact")
    reserves = NumberColumn(_("递补名额"), accessor="reserve_count", unit=_("个"))
    closes = DueColumn(_("推荐截止"), open_while=lambda cycle: stage_of(cycle, "recommendation").status == "open")

    def value(self, record: Cycle, column: Column) -> Any:
        if column.name == "closes":
            stage = stage_of(record, "recommendation")
            return stage.closes_at if stage else None
        return super().value(record, column)

    def action(self, cycle: Cycle) -> Action:
        return Action(_("分配名额"), reverse("lifecycle:quota.edit", kwargs={"pk": cycle.pk}))

    class Meta:
        default_sort = "turn"
        numbered = False
        row_action = "action"
        empty = Empty(
            _("目前没有需要下达名额的届次"),
            _("开设届次后，在这里把推荐名额分给各区总工会、局（集团公司）工会。"),
            icon="chart-pie",
        )
