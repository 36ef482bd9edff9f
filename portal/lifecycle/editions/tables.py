"""Lists of editions and of their winners."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.programmes.models import CycleStatus
from portal.lifecycle.programmes.tables import cycle_badge
from portal.web.columns import BadgeColumn, Column, LinkColumn, NumberColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


class EditionTable(Table):
    title = LinkColumn(
        _("届次"),
        url="lifecycle:edition.detail",
        kwargs={"pk": "pk"},
        accessor="programme.title",
        sort="programme__title",
    )
    owner = Column(_("举办工会"), accessor="owner.name", sort="owner__path", phone="fact")
    year = Column(_("年度"), sort="year")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    entries = NumberColumn(_("申报件"), accessor="entry_count", sort="entry_count")
    forwarded = NumberColumn(_("已上报"), accessor="forwarded_count", sort="forwarded_count", phone="fact")

    def value(self, record: Any, column: Column) -> Any:
        return cycle_badge(record) if column.name == "status" else super().value(record, column)

    class Meta:
        default_sort = "-year"
        empty = Empty(
            _("还没有下级届次"),
            _("市总工会在方案中放开的项目，由区、集团、功能区工会在这里举办本级届次，入选项目可直接上报。"),
            icon="git-branch",
        )


class EditionFilters(FilterSet):
    q = SearchFilter(_("项目、举办工会"), fields=("programme__title", "owner__name"))
    status = ChoiceFilter(_("状态"), choices=CycleStatus.choices)


class WinnerTable(Table):
    """Chosen entries of one edition and what became of them above."""

    rank = NumberColumn(_("名次"), accessor="final_rank", width="narrow", phone="fact")
    title = LinkColumn(_("入选项目"), url="lifecycle:entry.detail", kwargs={"code": "code"}, phone="title")
    unit = Column(_("申报单位"), accessor="organisation.name", phone="fact")
    above = Column(_("上级届次申报件"), accessor="pk", phone="fact")

    def render_above(self, row: Any, value: Any) -> Any:
        sent = getattr(row, "forwarding", None)
        if sent is None:
            return _("未上报")
        column = LinkColumn("", url=lambda f: reverse("lifecycle:entry.detail", kwargs={"code": f.entry.code}))
        return column.html(sent, sent.entry.code)

    def export_above(self, row: Any, value: Any) -> str:
        sent = getattr(row, "forwarding", None)
        return sent.entry.code if sent else ""

    class Meta:
        default_sort = "final_rank"
        numbered = False
        empty = Empty(_("还没有入选项目"), _("公示期满无异议后，入选项目列在这里，可逐件上报。"), icon="award")
