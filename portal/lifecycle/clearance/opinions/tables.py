"""The co-host's list of entries."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.clearance.opinions.models import HostVerdict
from portal.lifecycle.clearance.opinions.queries import SPEAKING, TONES
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.display import display_status
from portal.web.columns import Column, DateTimeColumn, LinkColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.formats import cn_short
from portal.web.tables import Table
from portal.web.templatetags.components import badge, state_badge
from portal.web.ui import Bulk, Empty

WAITING = "waiting"


class HostEntryTable(Table):
    title = LinkColumn(_("名称"), accessor="__str__", sort="title", width="wide")
    code = Column(_("编号"), sort="code", css="text-nowrap")
    unit = Column(_("申报单位"), accessor="organisation.name", sort="organisation__name", phone="fact")
    nominating = Column(_("推荐工会"), accessor="nominating.label")
    track = Column(_("类别"), accessor="track.title")
    status = Column(_("状态"), accessor="state", phone="fact")
    verdict = Column(_("本单位意见"), sort="verdict", phone="fact")
    sent = DateTimeColumn(_("上报时间"), accessor="submitted_at", sort="submitted_at", css="text-nowrap")

    class Meta:
        default_sort = "-pk"
        numbered = True
        caption = _("联合主办的申报件")
        empty = Empty(
            _("还没有可以查看的申报件"),
            _("申报件经各级工会推荐到主办工会以后，会列在这里。"),
            icon="files",
        )

    def shown_columns(self) -> list[Column]:
        hidden = set() if self.context["host"].can_clear else {"verdict"}
        if not any(row.track_id for row in self.rows):
            hidden.add("track")
        return [column for column in super().shown_columns() if column.name not in hidden]

    def render_title(self, row: Any, value: Any) -> Any:
        url = reverse("lifecycle:joint.entry", kwargs={"pk": self.context["host"].pk, "code": row.code})
        return format_html('<a class="row-link" href="{}">{}</a>', url, value)

    def export_title(self, row: Any, value: Any) -> str:
        return str(row)

    def render_status(self, row: Any, value: Any) -> Any:
        return state_badge(display_status(row, self.actor, self.context.get("now") or timezone.now()))

    def export_status(self, row: Any, value: Any) -> str:
        return str(display_status(row, self.actor, self.context.get("now") or timezone.now()).label)

    def render_verdict(self, row: Any, value: Any) -> Any:
        if value:
            return badge(HostVerdict(value).label, tone=TONES[HostVerdict(value)])
        return badge(_("待出具"), tone="waiting") if row.state in SPEAKING else "—"

    def export_verdict(self, row: Any, value: Any) -> str:
        return str(HostVerdict(value).label) if value else ""

    def render_sent(self, row: Any, value: Any) -> str:
        return cn_short(value)


class HostOpinionTable(HostEntryTable):
    """With boxes to tick: many entries that everything is fine with."""

    class Meta(HostEntryTable.Meta):
        selectable = True
        bulk = (Bulk(_("对勾选的出具“同意”"), "lifecycle:joint.agree", icon="checks", policy_action="opinion.give"),)


def _by_verdict(rows: Any, value: str, filters: FilterSet) -> Any:
    if value == WAITING:
        return rows.filter(Q(verdict=None), state=EntryState.RECOMMENDED)
    return rows.filter(verdict=value)


class HostEntryFilters(FilterSet):
    q = SearchFilter(_("名称、编号、单位"), fields=("title", "code", "organisation__name", "nominating__name"))
    verdict = ChoiceFilter(
        _("本单位意见"), choices=[(WAITING, _("待出具")), *HostVerdict.choices], apply=_by_verdict
    )  # fmt: skip
