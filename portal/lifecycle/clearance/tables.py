"""The list of entries under clearance."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.clearance.opinions.queries import HOSTS_AGAINST, HOSTS_MISSING
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle, CycleStatus
from portal.web.columns import BadgeColumn, Column, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, FilterSet, ModelFilter, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Badge, Empty


class ClearanceTable(Table):
    title = LinkColumn(
        _("名称"),
        accessor="__str__",
        url=lambda entry: reverse("lifecycle:clearance.record", kwargs={"code": entry.code}),
        sort="title",
        width="wide",
    )
    code = Column(_("编号"), sort="code", css="text-nowrap")
    cycle = Column(_("届次"), accessor="cycle")
    nominating = Column(_("推荐工会"), accessor="nominating.label", phone="fact")
    result = BadgeColumn(_("审查结果"), phone="fact")
    agreed = NumberColumn(_("同意"))
    doubtful = NumberColumn(_("有保留或不同意"))
    pending = NumberColumn(_("待回复"))
    hosts = Column(_("联合主办"), phone="fact")

    def value(self, record: Entry, column: Column) -> Any:
        if column.name in {"result", "hosts"}:
            return getattr(self, f"_{column.name}")(record)
        return super().value(record, column)

    def shown_columns(self) -> list[Column]:
        """Co-hosts only where there are some."""
        joint = any(row.hosts_asked for row in self.rows)
        return [column for column in super().shown_columns() if joint or column.name != "hosts"]

    def _hosts(self, entry: Any) -> str:
        """“2/3 已出具，1 不同意”."""
        if not entry.hosts_asked:
            return "—"
        text = _t("%(said)s/%(asked)s 已出具") % {"said": entry.hosts_spoken, "asked": entry.hosts_asked}
        return text + (_t("，%s 不同意") % entry.hosts_against if entry.hosts_against else "")

    def _result(self, entry: Any) -> Badge:
        if entry.doubtful or entry.hosts_against:
            return Badge(_("有不同意见"), "stopped")
        waiting = entry.pending or entry.hosts_spoken < entry.hosts_asked
        return Badge(_("待回复"), "waiting") if waiting else Badge(_("全部同意"), "ok")

    class Meta:
        default_sort = "-pk"
        numbered = True
        empty = Empty(
            _("没有需要审查的申报件"),
            _("推荐到市总工会的申报件，会按方案列出审查事项和征求意见的部门。"),
            icon="clipboard-check",
        )


class ClearanceFilters(FilterSet):
    q = SearchFilter(_("名称、编号、单位"), fields=("title", "code", "organisation__name", "nominating__name"))
    cycle = ModelFilter(
        _("届次"),
        field="cycle",
        queryset=lambda filters: Cycle.objects.filter(
            owner__path=filters.actor.path, status=CycleStatus.RUNNING
        ).select_related("programme"),
    )
    pending = BooleanFilter(_("待回复"), apply=lambda rows, filters: rows.filter(pending__gt=0))
    doubtful = BooleanFilter(_("有不同意见"), apply=lambda rows, filters: rows.filter(doubtful__gt=0))
    ready = BooleanFilter(
        _("全部同意"),
        apply=lambda rows, filters: rows.filter(agreed=F("total"), hosts_against=0).exclude(HOSTS_MISSING),
    )
    hosts = ChoiceFilter(
        _("联合主办"),
        choices=[("missing", _("待出具")), ("against", _("不同意"))],
        apply=lambda rows, value, filters: rows.filter(HOSTS_MISSING if value == "missing" else HOSTS_AGAINST),
    )
