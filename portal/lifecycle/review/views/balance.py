"""Raw beside balanced marks, how severe each expert is, what stands out."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lifecycle.review.balancing import LEAST
from portal.lifecycle.review.queries import board
from portal.lifecycle.review.queries.balance import BalanceLine, StageBalance, stage_balance
from portal.lifecycle.review.views.stages import StageMixin
from portal.web.columns import Column, LinkColumn
from portal.web.filters import FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.templatetags.components import badge
from portal.web.ui import Action, Chart, Crumb, Empty, Series
from portal.web.views import ListView

NOTES = {
    "too_few": gettext_lazy("只评 1 件，不作平衡"),
    "few": gettext_lazy("评审件数较少，仅供参考"),
    "flat": gettext_lazy("各件同分，区分不出高低"),
}
STRIKING = 5  # points beside the others from which an expert is called severe or lenient


class BalanceTable(Table):
    review_code = LinkColumn(
        gettext_lazy("评审编码"), accessor="review_code", url="lifecycle:review.entry", kwargs={"pk": "pk"},
        sort="review_code",
    )  # fmt: skip
    title = Column(gettext_lazy("名称"), sort="title", width="wide", phone="title")
    total = Column(gettext_lazy("综合得分"), align="end", width="narrow", phone="fact")
    rank = Column(gettext_lazy("得分名次"), align="end", width="narrow", phone="fact")
    balanced = Column(gettext_lazy("平衡分"), align="end", width="narrow", phone="fact")
    balanced_rank = Column(gettext_lazy("平衡名次"), align="end", width="narrow", phone="fact")
    shift = Column(gettext_lazy("名次变化"), align="end", width="narrow", phone="fact")
    note = Column(gettext_lazy("提示"), phone="fact")

    class Meta:
        default_sort = "code"
        caption = gettext_lazy("综合得分与平衡分对照")
        empty = Empty(
            gettext_lazy("还没有提交的评分"), gettext_lazy("专家提交评分后，这里对照显示综合得分和平衡分。"), icon="scale"
        )  # fmt: skip

    def line(self, row: Any) -> BalanceLine | None:
        return self.context["balance"].lines.get(row.pk)

    def value(self, record: Any, column: Column) -> Any:
        if column.name in {"total", "rank", "balanced", "balanced_rank", "shift"}:
            line = self.line(record)
            return getattr(line, column.name) if line else None
        if column.name == "note":
            return self.notes(record)
        return super().value(record, column)

    def notes(self, row: Any) -> list[tuple[str, str]]:
        line, found = self.line(row), []
        if line is None or line.total is None:
            found.append((_("评分未齐"), "waiting"))
        if line and line.outliers:
            found.append((_("离群 %(n)s") % {"n": line.outliers}, "waiting"))
        if line and line.discussed:
            found.append((_("复议中"), "stopped"))
        return found

    def render_shift(self, row: Any, value: Any) -> str:
        return _shift(value)

    def export_shift(self, row: Any, value: Any) -> str:
        return _shift(value)

    def render_note(self, row: Any, value: Any) -> Any:
        return format_html_join(" ", "{}", ((badge(text, tone=tone),) for text, tone in value)) or "—"

    def export_note(self, row: Any, value: Any) -> str:
        return "、".join(text for text, _tone in value)


def _shift(value: int | None) -> str:
    if value is None:
        return "—"
    if not value:
        return _("不变")
    return _("升 %(n)s 位") % {"n": value} if value > 0 else _("降 %(n)s 位") % {"n": -value}


class BalanceFilters(FilterSet):
    q = SearchFilter(gettext_lazy("评审编码、名称"), fields=("review_code", "title"))


class BalancePage(StageMixin, ListView):
    """For the organiser and those who supervise; nothing here changes a rank."""

    table_class = BalanceTable
    filters_class = BalanceFilters
    template_name = "lifecycle/review_balance.html"
    export_name = gettext_lazy("平衡分对照")

    @cached_property
    def balance(self) -> StageBalance:
        return stage_balance(self.stage)

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(_("打分"), reverse("lifecycle:review.marks", args=[self.stage.pk]))]

    def page_actions(self) -> list[Action]:
        return [Action(_("返回打分"), reverse("lifecycle:review.marks", args=[self.stage.pk]), icon="arrow-left")]

    def get_queryset(self) -> Any:
        return board.marked_entries(self.stage)

    def table_context(self) -> dict[str, Any]:
        return {"balance": self.balance}

    def context(self) -> dict[str, Any]:
        experts = self.balance.experts
        chart = Chart(
            kind="hbar",
            title=_("各专家评分宽严"),
            labels=[name for name, e in experts if e.lean is not None],
            series=[Series(_("与同组专家之差"), [float(e.lean) for _name, e in experts if e.lean is not None])],
            unit=_("分"),
            definition=_("专家给分减去评同一件的其他专家平均分，再取平均：负数偏严，正数偏宽。"),
            label_heading=_("专家"),
        )
        lines = [(name, e, self._word(e), NOTES.get(e.note, "")) for name, e in experts]
        return {"stage": self.stage, "chart": chart if experts else None, "experts": lines, "least": LEAST}

    def _word(self, expert: Any) -> tuple[str, str]:
        if expert.lean is None:
            return "", ""
        if expert.lean <= -STRIKING:
            return _("偏严"), "waiting"
        return (_("偏宽"), "waiting") if expert.lean >= STRIKING else (_("适中"), "ok")
