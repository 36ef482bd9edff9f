"""Accounts of places, and the postings of one of them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.lifecycle.programmes.models import QuotaAllocation, Track
from portal.lifecycle.programmes.place_models import MANUAL, PlaceAction, PlacePosting, Purse
from portal.lifecycle.recommendation import queries as nominating
from portal.web.columns import Column, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, FilterSet, ModelFilter, SearchFilter
from portal.web.formats import DASH
from portal.web.tables import Table
from portal.web.templatetags.components import badge
from portal.web.ui import Action, Empty

TONES = {
    PlaceAction.GRANT: "info",
    PlaceAction.USE: "ok",
    PlaceAction.RELEASE: "waiting",
    PlaceAction.LAPSE: "stopped",
    PlaceAction.RECALL: "stopped",
    PlaceAction.REVERSAL: "stopped",
}


class AccountTable(Table):
    union = LinkColumn(_("工会"), accessor="organisation.name", sort="organisation__path", width="wide")
    cycle = Column(_("届次"), accessor="cycle", phone="fact")
    count = NumberColumn(_("正选"), sort="count", phone="fact")
    used = NumberColumn(_("已用"), sort="used", phone="fact")
    lapsed = NumberColumn(_("作废"), sort="lapsed")
    left = NumberColumn(_("余额"), sort="left", phone="fact")
    reserves = Column(_("递补（已用）"))

    class Meta:
        default_sort = "organisation__path"
        empty = Empty(
            _("还没有名额账户"),
            _("市总工会下达名额，或上级工会划来名额后，账户会出现在这里。"),
            icon="chart-pie",
        )

    def render_union(self, row: QuotaAllocation, value: Any) -> Any:
        return format_html("{}（{}）", value, row.track) if row.track else value

    export_union = render_union

    def value(self, record: Any, column: Column) -> Any:
        if column.name == "reserves":
            return f"{record.reserves}（{record.reserves_used}）"
        return super().value(record, column)


class AccountFilters(FilterSet):
    q = SearchFilter(_("工会、届次"), fields=("organisation__name", "cycle__programme__title", "cycle__label"))
    cycle = ModelFilter(_("届次"), field="cycle", queryset=lambda filters: nominating.sheets(actor=filters.actor))
    free = BooleanFilter(_("有余额"), apply=lambda rows, filters: rows.filter(left__gt=0))


class PostingTable(Table):
    """One account's book; ``context["account"]`` says which side is its own."""

    at = DateTimeColumn(_("时间"), accessor="posted_at")
    action = Column(_("事项"), accessor="get_action_display", phone="title")
    kind = Column(_("种类"), phone="fact")
    change = Column(_("增减"), align="end", phone="fact")
    after = NumberColumn(_("余额"), phone="fact")
    other = Column(_("对方、申报件"), width="wide", phone="fact")
    by = Column(_("经办"))
    reason = Column(_("说明"), phone="fact")

    class Meta:
        default_sort = "-pk"
        numbered = False
        row_action = "undo"
        empty = Empty(_("还没有流水"), _("名额的下达、划转、使用和退回都会逐笔记在这里。"), icon="list")

    def value(self, record: PlacePosting, column: Column) -> Any:
        match column.name:
            case "kind":
                return _t("递补") if record.is_reserve else _t("正选")
            case "change":
                return self.signed(record)
            case "after":
                return self.free_after(record)
            case "other":
                return self.other_side(record)
            case "by":
                return (
                    f"{record.organisation} {record.posted_by.name}" if record.posted_by else str(record.organisation)
                )
        return super().value(record, column)

    def gives(self, row: PlacePosting) -> bool:
        return row.giver_id == self.context["account"].pk

    def signed(self, row: PlacePosting) -> str:
        """What the posting does to the free places: ±n; used places that lapse change nothing there."""
        into = row.taker_id == self.context["account"].pk and row.taker_purse == Purse.FREE
        out = self.gives(row) and row.giver_purse == Purse.FREE
        return f"+{row.amount}" if into else f"−{row.amount}" if out else "0"

    def free_after(self, row: PlacePosting) -> int | None:
        """Free places after it, from the side that is this account's free purse."""
        if row.taker_id == self.context["account"].pk and row.taker_purse == Purse.FREE:
            return row.taker_after
        return row.giver_after if self.gives(row) and row.giver_purse == Purse.FREE else None

    def other_side(self, row: PlacePosting) -> str:
        if row.entry_id:
            return f"{row.entry.code} {row.entry}"
        if row.action in {PlaceAction.LAPSE, PlaceAction.RESTORE}:
            return ""
        other = row.taker if self.gives(row) else row.giver
        return str(other or self.context["account"].cycle.owner)

    def render_action(self, row: PlacePosting, value: Any) -> Any:
        mark = badge(value, tone=TONES.get(PlaceAction(row.action), "neutral"))
        return format_html('{}<span class="cell-sub">{}</span>', mark, _t("已冲销")) if _reversed(row) else mark

    def export_action(self, row: PlacePosting, value: Any) -> str:
        return f"{value}（{_t('已冲销')}）" if _reversed(row) else str(value)

    def render_other(self, row: PlacePosting, value: Any) -> Any:
        if row.entry_id:
            return format_html('<a href="{}">{}</a>', row.entry.get_absolute_url(), value)
        return value or DASH

    def undo(self, row: PlacePosting) -> Action | None:
        if row.action not in MANUAL or _reversed(row) or self.context["is_over"]:
            return None
        if not may(self.actor, "place.reverse", row):
            return None
        return Action(_("冲销"), reverse("lifecycle:place.reverse", args=[row.pk]), kind="ghost")


class PostingFilters(FilterSet):
    action = ChoiceFilter(_("事项"), field="action", choices=PlaceAction.choices, multiple=True)
    reserve = BooleanFilter(_("只看递补"), apply=lambda rows, filters: rows.filter(is_reserve=True))


def _reversed(row: PlacePosting) -> bool:
    return getattr(row, "reversal", None) is not None


def account_title(account: QuotaAllocation) -> str:
    track: Track | None = account.track
    return f"{account.organisation}（{track}）" if track else str(account.organisation)
