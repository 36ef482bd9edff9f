"""The queue of similar entries."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.similarity.models import Verdict
from portal.web.columns import BadgeColumn, Column, LinkColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


class PairTable(Table):
    later = LinkColumn(
        _("申报件"), url="lifecycle:similarity.pair", kwargs={"pk": "pk"}, accessor="later.title", width="wide",
        phone="title",
    )  # fmt: skip
    earlier = Column(_("相似的申报件"), accessor="earlier.title", width="wide", phone="fact")
    percent = Column(_("相似比例"), sort="percent", phone="fact")
    verdict = BadgeColumn(_("结论"), accessor="badge", sort="verdict", phone="fact")

    class Meta:
        default_sort = "-percent"
        empty = Empty(
            _("没有相似的申报件"),
            _("申报件提交后自动与本届和历届比对，达到方案规定比例的列在这里，由人核对。"),
            icon="copy-check",
        )

    def render_later(self, row: Any, value: Any) -> Any:
        return format_html(
            '{}<span class="cell-sub">{} · {}</span>', value, row.later.organisation.name, row.later.cycle
        )

    def render_earlier(self, row: Any, value: Any) -> Any:
        name, cycle = row.earlier.organisation.name, row.earlier.cycle
        return format_html('{}<span class="cell-sub">{} · {}</span>', value, name, cycle)

    def render_percent(self, row: Any, value: Any) -> Any:
        return format_html("{}%{}", value, _("，编号相同") if row.same_number else "")


class PairFilters(FilterSet):
    q = SearchFilter(_("名称、单位"), fields=("later__title", "earlier__title", "later__organisation__name"))
    verdict = ChoiceFilter(_("结论"), choices=Verdict.choices)
