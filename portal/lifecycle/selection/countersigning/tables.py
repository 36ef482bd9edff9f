"""The co-host's lists: rounds of a joint cycle, and the lines of one."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.selection.countersigning.models import SignVerdict
from portal.lifecycle.selection.models import Outcome, RoundStatus
from portal.lifecycle.selection.tables import OUTCOME_TONES, round_badge
from portal.web.columns import Column, DateTimeColumn, NumberColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.templatetags.components import badge
from portal.web.ui import Empty


class HostRoundTable(Table):
    number = NumberColumn(_("轮次"), sort="number", phone="title", align="start")
    status = Column(_("状态"), sort="status", phone="fact")
    entries = NumberColumn(_("参评"), accessor="entry_count")
    selected = NumberColumn(_("入选"), accessor="selected_count", phone="fact")
    reserve = NumberColumn(_("递补"), accessor="reserve_count")
    verdict = Column(_("本单位会签"), phone="fact")
    created_at = DateTimeColumn(_("产生时间"), sort="created_at")

    class Meta:
        default_sort = "-number"
        numbered = False
        caption = _("评选名单")
        empty = Empty(
            _("还没有需要会签的名单"),
            _("主办工会产生名单并议定并列后，会列在这里请本单位会签。"),
            icon="list-numbers",
        )

    def render_number(self, row: Any, value: Any) -> Any:
        url = reverse("lifecycle:joint.round", kwargs={"pk": row.pk})
        return format_html('<a class="row-link" href="{}">{}</a>', url, _("第%(n)s轮") % {"n": value})

    def render_status(self, row: Any, value: Any) -> Any:
        return round_badge(row.status)

    def export_status(self, row: Any, value: Any) -> str:
        return str(row.get_status_display())

    def render_verdict(self, row: Any, value: Any) -> Any:
        if value:
            agreed = value == SignVerdict.AGREED
            return badge(_("已会签同意") if agreed else _("不同意"), tone="ok" if agreed else "stopped")
        return badge(_("待会签"), tone="waiting") if row.status == RoundStatus.DRAFT else "—"

    def export_verdict(self, row: Any, value: Any) -> str:
        return str(SignVerdict(value).label) if value else ""


class HostRoundFilters(FilterSet):
    status = ChoiceFilter(
        _("状态"), choices=[(s.value, s.label) for s in (RoundStatus.DRAFT, RoundStatus.APPROVED)]
    )  # fmt: skip


class HostListTable(Table):
    """Rank, outcome and reason; never what single experts have given."""

    rank = NumberColumn(_("名次"), sort="rank", phone="fact")
    title = Column(_("名称"), accessor="entry.title", sort="entry__title", width="wide", phone="title")
    organisation = Column(_("申报单位"), accessor="entry.organisation.name", phone="fact")
    nominating = Column(_("推荐工会"), accessor="entry.nominating.label")
    track = Column(_("类别"), accessor="track.title", sort="track__position")
    total = Column(_("总分"), align="end", sort="total")
    amount = Column(_("核定金额（元）"), align="end", sort="amount")
    outcome = Column(_("结果"), sort="outcome", phone="fact")
    reason = Column(_("理由"), phone="fact", css="cell-reason")

    class Meta:
        default_sort = "rank"
        numbered = False
        caption = _("评选名单")

    def shown_columns(self) -> list[Column]:
        """Only columns that say something for these rows."""
        hidden = {
            name for name in ("rank", "track", "total", "amount") if not any(self._has(row, name) for row in self.rows)
        }
        return [column for column in super().shown_columns() if column.name not in hidden]

    def _has(self, row: Any, name: str) -> bool:
        return getattr(row, f"{name}_id" if name == "track" else name) is not None

    def render_title(self, row: Any, value: Any) -> Any:
        url = reverse("lifecycle:joint.entry", kwargs={"pk": self.context["host"].pk, "code": row.entry.code})
        return format_html('<a class="row-link" href="{}">{}</a>', url, value)

    def export_title(self, row: Any, value: Any) -> str:
        return str(value)

    def render_total(self, row: Any, value: Any) -> str:
        return f"{value:.2f}" if value is not None else "—"

    def render_outcome(self, row: Any, value: Any) -> Any:
        label = Outcome(row.outcome).label
        text = f"{label} {row.order}" if row.outcome == Outcome.RESERVE and row.order else label
        return badge(text, tone=OUTCOME_TONES[Outcome(row.outcome)])

    def export_outcome(self, row: Any, value: Any) -> str:
        return str(Outcome(row.outcome).label)


class HostListFilters(FilterSet):
    q = SearchFilter(_("名称、编号、单位"), fields=("entry__title", "entry__code", "entry__organisation__name"))
    outcome = ChoiceFilter(_("结果"), choices=Outcome.choices)
