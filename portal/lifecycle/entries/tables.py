"""The list of entries."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import UNIT_LEVELS
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.display import DisplayStatus, display_status
from portal.lifecycle.entries.models import Entry
from portal.web.columns import BadgeColumn, Column, DateTimeColumn, LinkColumn
from portal.web.formats import cn_short
from portal.web.tables import Table
from portal.web.templatetags.components import state_badge
from portal.web.ui import Empty


class EntryTable(Table):
    """One line an entry; union desks see which unit it comes from, the status says who holds it."""

    title = LinkColumn(_("名称"), accessor="title", phone="title", width="wide")
    code = Column(_("编号"), sort="code", css="text-nowrap")
    cycle = Column(_("届次"), accessor="cycle", width="normal")
    unit = Column(_("申报单位"), accessor="organisation.name", phone="fact", width="normal")
    track = Column(_("类别"), accessor="track")
    status = BadgeColumn(_("状态"), accessor="state", phone="fact")
    sent = DateTimeColumn(_("上报时间"), accessor="submitted_at", sort="submitted_at", css="text-nowrap")

    class Meta:
        default_sort = "-pk"
        numbered = True
        caption = _("申报件")
        row_tone = "tone_of"
        empty = Empty(
            _("还没有申报件"),
            _("征集开始后，本单位新建的申报和下级单位上报的申报件会列在这里。"),
            icon="files",
        )

    def shown_columns(self) -> list[Column]:
        """A unit knows where it is; it does not need its own name in every line."""
        hidden = {"unit"} if self.actor.level in UNIT_LEVELS else set()
        if not any(row.track_id for row in self.rows):
            hidden.add("track")
        return [column for column in super().shown_columns() if column.name not in hidden]

    def render_title(self, row: Entry, value: Any) -> Any:
        return type(self).columns["title"].html(row, value or _("（未命名的草稿）"))

    def export_title(self, row: Entry, value: Any) -> str:
        return str(value or "")

    def _status(self, row: Entry) -> DisplayStatus:
        return display_status(row, self.actor, self.context.get("now") or timezone.now())

    def render_status(self, row: Entry, value: Any) -> SafeString | str:
        return state_badge(self._status(row))

    def export_status(self, row: Entry, value: Any) -> str:
        return self._status(row).label

    def render_sent(self, row: Entry, value: Any) -> str:
        return cn_short(value)

    def tone_of(self, row: Entry) -> str:
        """Marks a line that is late: returned and not sent in again, or – for unions – held too long."""
        now = self.context.get("now") or timezone.now()
        due = None
        if row.state == EntryState.RETURNED:
            due = row.return_due_at
        elif row.state == EntryState.SUBMITTED and self.actor.level not in UNIT_LEVELS:
            due = row.due_at
        return "stopped" if due is not None and due < now else ""
