"""Lists of results."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.review.imported.models import ResultBatchState, ResultState
from portal.web.columns import Column, DateTimeColumn, DueColumn, LinkColumn, NumberColumn
from portal.web.filters import ChoiceFilter, FilterSet, ModelFilter, SearchFilter
from portal.web.tables import Table
from portal.web.templatetags.components import badge
from portal.web.ui import Action, Bulk, Empty

MISSING = "missing"
STATES = [(MISSING, _("待录入")), *ResultState.choices]
TONES = {
    MISSING: "neutral",
    ResultState.RECORDED: "waiting",
    ResultState.RETURNED: "stopped",
    ResultState.CONFIRMED: "ok",
}
BATCH_TONES = {
    ResultBatchState.FAULTY: "stopped",
    ResultBatchState.CHECKED: "waiting",
    ResultBatchState.APPLIED: "ok",
    ResultBatchState.CANCELLED: "neutral",
}
PART = "part_"


class ResultStageTable(Table):
    cycle = LinkColumn(_("届次"), url="lifecycle:result.list", sort="cycle__year")
    status = Column(_("环节状态"), sort="status", phone="fact")
    missing = NumberColumn(_("待录入"), sort="missing", phone="fact")
    recorded = NumberColumn(_("待确认"), sort="recorded", phone="fact")
    returned = NumberColumn(_("退回核对"), sort="returned")
    confirmed = NumberColumn(_("已确认"), sort="confirmed")
    closes = DueColumn(
        _("环节截止"), accessor="closes_at", sort="closes_at", open_while=lambda stage: stage.status == "open"
    )

    class Meta:
        default_sort = "turn"
        numbered = True
        empty = Empty(
            _("还没有导入成绩的竞赛"), _("主办的届次以竞赛成绩评选时，在这里录入和确认成绩。"), icon="list-numbers"
        )

    def render_status(self, row: Any, value: Any) -> Any:
        tone = {"open": "waiting", "closed": "ok"}.get(row.status, "neutral")
        return badge(row.get_status_display(), tone=tone)

    def export_status(self, row: Any, value: Any) -> str:
        return str(row.get_status_display())


class ResultStageFilters(FilterSet):
    q = SearchFilter(_("届次"), fields=("cycle__label", "cycle__programme__title"))
    status = ChoiceFilter(
        _("环节状态"), choices=[("pending", _("未开始")), ("open", _("进行中")), ("closed", _("已完成"))]
    )


class ResultTable(Table):
    """One line per entry: its parts, the total they make, who recorded and who confirmed."""

    code = Column(_("申报编号"), sort="code", css="serial")
    title = Column(_("名称"), sort="title", width="wide", phone="title")
    track = Column(_("类别"), accessor="track.title", sort="track__position")
    total = Column(_("总分"), align="end", phone="fact")
    state = Column(_("状态"), accessor="result_state", sort="result_state", phone="fact")
    people = Column(_("录入 / 确认"))
    note = Column(_("备注"), accessor="contest_result.note")

    class Meta:
        default_sort = "code"
        numbered = False
        selectable = True
        caption = _("竞赛成绩")
        empty = Empty(_("还没有进入评审的申报件"), _("申报件进入评审后，在这里录入成绩。"), icon="list-numbers")
        row_action = "open"
        bulk = (
            Bulk(_("确认成绩"), "lifecycle:result.confirm", icon="checks", policy_action="result.confirm"),
            Bulk(_("退回核对"), "lifecycle:result.return", icon="corner-up-left", policy_action="result.record"),
        )

    def shown_columns(self) -> list[Column]:
        hidden = set() if self.context.get("by_track") else {"track"}
        columns = [c for c in super().shown_columns() if c.name not in hidden]
        parts = []
        for criterion in self.context["params"].rubric:
            column = Column(criterion.title, align="end", width="narrow")
            column.name = f"{PART}{criterion.code}"
            parts.append(column)
        place = next(i for i, c in enumerate(columns) if c.name == "total")
        return columns[:place] + parts + columns[place:]

    def value(self, record: Any, column: Column) -> Any:
        result = getattr(record, "contest_result", None)
        if column.name.startswith(PART):
            return result.marks.get(column.name.removeprefix(PART), "") if result else ""
        if column.name == "note":
            return result.note if result else ""
        if column.name == "total":
            return self.context["total_of"](result) if result else None
        return None if column.name == "people" else super().value(record, column)

    def render_title(self, row: Any, value: Any) -> Any:
        return format_html('{}<span class="cell-sub">{}</span>', value, row.organisation.name)

    def render_total(self, row: Any, value: Any) -> Any:
        result = getattr(row, "contest_result", None)
        if result and result.absent:
            return badge(_("缺考"), tone="neutral")
        return format_html("<strong>{}</strong>", value) if value is not None else "—"

    def export_total(self, row: Any, value: Any) -> Any:
        result = getattr(row, "contest_result", None)
        return str(_("缺考")) if result and result.absent else value

    def render_state(self, row: Any, value: Any) -> Any:
        label = dict(STATES)[value]
        if value == ResultState.RETURNED:
            reason = row.contest_result.return_reason
            return format_html('{}<span class="cell-sub">{}</span>', badge(label, tone=TONES[value]), reason)
        return badge(label, tone=TONES[value])

    def export_state(self, row: Any, value: Any) -> str:
        return str(dict(STATES)[value])

    def people_of(self, row: Any) -> str:
        result = getattr(row, "contest_result", None)
        if result is None:
            return ""
        return f"{result.recorded_by} / {result.confirmed_by or '—'}"

    def render_people(self, row: Any, value: Any) -> str:
        return self.people_of(row) or "—"

    def export_people(self, row: Any, value: Any) -> str:
        return self.people_of(row)

    def open(self, row: Any) -> Action | None:
        result = getattr(row, "contest_result", None)
        if row.state != EntryState.IN_REVIEW or (result and result.is_confirmed) or not self.context["is_open"]:
            return None
        if not may(self.actor, "result.record", row):
            return None
        label = _("更正") if result else _("录入")
        return Action(label, reverse("lifecycle:result.edit", args=[row.pk]))


class ResultFilters(FilterSet):
    q = SearchFilter(_("编号、名称、单位"), fields=("code", "title", "organisation__name"))
    state = ChoiceFilter(_("状态"), field="result_state", choices=STATES)
    track = ModelFilter(_("类别"), queryset=lambda f: f.context["tracks"])


class BatchTable(Table):
    file = LinkColumn(_("文件"), accessor="file_name", url="lifecycle:result.batch", phone="title")
    state = Column(_("状态"), phone="fact")
    rows_ = NumberColumn(_("行数"), accessor="rows")
    by = Column(_("上传人"), accessor="uploaded_by", phone="fact")
    at = DateTimeColumn(_("上传时间"), accessor="uploaded_at")

    class Meta:
        numbered = False
        caption = _("成绩单")
        empty = Empty(_("还没有上传成绩单"))

    def render_state(self, row: Any, value: Any) -> Any:
        return badge(row.get_state_display(), tone=BATCH_TONES[row.state])
