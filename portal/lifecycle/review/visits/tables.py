"""The organiser's plan of visits."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.lifecycle.review.tables import stage_badge
from portal.lifecycle.review.visits.models import VisitState
from portal.web.columns import Column, DateColumn, DueColumn, LinkColumn, NumberColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.templatetags.components import badge
from portal.web.ui import Action, Bulk, Empty

NONE = "none"
STATES = [(NONE, _("待安排")), *VisitState.choices]
TONES = {NONE: "neutral", VisitState.PLANNED: "waiting", VisitState.FILED: "ok"}
CONCLUSION_TONES = {"passed": "ok", "mostly": "waiting", "failed": "stopped"}


class VisitStageTable(Table):
    cycle = LinkColumn(_("届次"), url="lifecycle:visit.list", sort="cycle__year", phone="title")
    status = Column(_("环节状态"), sort="status", phone="fact")
    unplanned = NumberColumn(_("待安排"), sort="unplanned", phone="fact")
    planned = NumberColumn(_("待归档"), sort="planned", phone="fact")
    filed = NumberColumn(_("已归档"), sort="filed")
    closes = DueColumn(
        _("环节截止"), accessor="closes_at", sort="closes_at", open_while=lambda stage: stage.status == "open"
    )

    class Meta:
        default_sort = "turn"
        empty = Empty(_("没有需要实地考察的届次"), _("评审环节设有实地考察的届次会列在这里。"), icon="map-pin")

    def render_status(self, row: Any, value: Any) -> Any:
        return stage_badge(row)


class VisitStageFilters(FilterSet):
    q = SearchFilter(_("届次"), fields=("cycle__label", "cycle__programme__title"))


class VisitTable(Table):
    code = Column(_("申报编号"), sort="code", css="serial")
    title = Column(_("名称"), sort="title", width="wide", phone="title")
    day = DateColumn(_("计划日期"), accessor="visit_day", sort="visit_day", phone="fact")
    people = Column(_("考察人员"), phone="fact")
    state = Column(_("状态"), accessor="visit_state", sort="visit_state", phone="fact")
    conclusion = Column(_("结论"), phone="fact")

    class Meta:
        default_sort = "code"
        selectable = True
        caption = _("考察安排")
        row_action = "open"
        empty = Empty(_("还没有进入评审的申报件"), _("申报件进入评审后，在这里安排实地考察。"), icon="map-pin")
        bulk = (Bulk(_("安排考察"), "lifecycle:visit.plan", icon="calendar-plus", policy_action="visit.plan"),)

    def value(self, record: Any, column: Column) -> Any:
        if column.name in {"people", "conclusion"}:
            visit = getattr(record, "visit", None)
            if visit is None:
                return ""
            return "、".join(visit.people) if column.name == "people" else visit.get_conclusion_display()
        return super().value(record, column)

    def render_title(self, row: Any, value: Any) -> Any:
        return format_html('{}<span class="cell-sub">{}</span>', value, row.organisation.name)

    def render_state(self, row: Any, value: Any) -> Any:
        return badge(dict(STATES)[value], tone=TONES[value])

    def export_state(self, row: Any, value: Any) -> str:
        return str(dict(STATES)[value])

    def render_conclusion(self, row: Any, value: Any) -> Any:
        return badge(value, tone=CONCLUSION_TONES[row.visit.conclusion]) if value else "—"

    def open(self, row: Any) -> Action | None:
        visit = getattr(row, "visit", None)
        if visit is None:
            return None
        to_write = not visit.is_filed and may(self.actor, "visit.record")
        label = _("填写记录") if to_write else _("查看记录")
        return Action(label, reverse("lifecycle:visit.record", args=[visit.pk]))


class VisitFilters(FilterSet):
    q = SearchFilter(_("编号、名称、单位"), fields=("code", "title", "organisation__name"))
    state = ChoiceFilter(_("状态"), field="visit_state", choices=STATES)
