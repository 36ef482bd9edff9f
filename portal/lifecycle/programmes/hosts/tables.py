"""Lists of hostings: the owner's and the guest's."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.lifecycle.programmes.hosts.tasks import tasks
from portal.lifecycle.programmes.models import CycleStatus
from portal.lifecycle.programmes.tables import cycle_badge
from portal.web.columns import Column, LinkColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.templatetags.components import badge, state_badge
from portal.web.ui import Action, Empty


class HostTable(Table):
    """With whom the owner hosts a cycle, and what was agreed."""

    name = Column(_("联合主办单位"), phone="title")
    desk = Column(_("对应工作台"), accessor="organisation.name", phone="fact")
    rights = Column(_("约定的权利"), accessor="rights_text", phone="fact")
    awaited = Column(_("意见"), accessor="is_awaited", phone="fact")
    acknowledged = Column(_("对方确认"), accessor="acknowledged_at", phone="fact")

    class Meta:
        numbered = True
        caption = _("联合主办单位")
        empty = Empty(
            _("本届由本会单独主办"), _("需要其他部门或市级总工会联合主办时，点“增加联合主办单位”。"), icon="users"
        )
        row_action = "change"

    def render_desk(self, host: Any, value: Any) -> Any:
        if value:
            return value
        return badge(_("没有工作台"), tone="waiting") if host.can_see else badge(_("只列名"))

    def render_awaited(self, host: Any, value: Any) -> Any:
        if not host.can_clear:
            return "—"
        return _("须等其意见") if host.is_awaited else _("不等")

    def render_acknowledged(self, host: Any, value: Any) -> Any:
        if host.organisation_id is None:
            return "—"
        if host.acknowledged_at is None:
            return badge(_("待确认"), tone="waiting")
        return badge(_("已确认"), tone="ok")

    def change(self, host: Any) -> Action | None:
        if not may(self.actor, "joint.manage", host) or not self.context.get("alive"):
            return None
        return Action(_("调整"), reverse("lifecycle:cycle.host_edit", kwargs={"pk": host.pk}))


class JointTable(Table):
    """Cycles of others that the desk hosts with them."""

    cycle = LinkColumn(_("届次"), url="lifecycle:joint.detail", sort="cycle__year", width="wide")
    owner = Column(_("主办工会"), accessor="cycle.owner.name", phone="fact", sort="cycle__owner__name")
    status = Column(_("状态"), accessor="cycle.status", phone="fact", sort="cycle__status")
    rights = Column(_("约定的权利"), accessor="rights_text", phone="fact")
    waiting = Column(_("待办"), accessor="pk", phone="fact", export=False)

    class Meta:
        default_sort = "-cycle__year"
        numbered = True
        caption = _("联合主办的届次")
        empty = Empty(
            _("还没有联合主办的届次"),
            _(
                "其他单位邀请本单位联合主办后，届次会出现在这里，出具意见和会签从这里进入。本单位主办的，在届次页“联合主办”里约定。"
            ),
            icon="users",
        )

    def render_status(self, host: Any, value: Any) -> Any:
        return state_badge(cycle_badge(host.cycle))

    def export_status(self, host: Any, value: Any) -> str:
        return str(cycle_badge(host.cycle).label)

    def render_waiting(self, host: Any, value: Any) -> Any:
        parts = [badge(_("约定待确认"), tone="info")] if host.acknowledged_at is None else []
        for task in tasks():
            count = getattr(host, f"waiting_{task.key}", 0)
            if count and task.is_open_to(host):
                url = reverse(task.url_name, kwargs={"pk": host.pk})
                text = f"{task.waiting_text} {count}"
                parts.append(format_html('<a href="{}">{}</a>', url, badge(text, tone="waiting")))
        return format_html(" ".join(["{}"] * len(parts)), *parts) if parts else "—"


class JointFilters(FilterSet):
    q = SearchFilter(
        _("届次、主办工会"), fields=("cycle__label", "cycle__programme__title", "cycle__owner__name")
    )  # fmt: skip
    status = ChoiceFilter(_("状态"), field="cycle__status", choices=CycleStatus.choices)
