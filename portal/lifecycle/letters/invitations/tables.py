"""The outbox of invitations."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.lifecycle.letters.invitations.models import InviteState
from portal.web.columns import BadgeColumn, Column, DateTimeColumn, LinkColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Action, Bulk, Empty


class InvitationLetterTable(Table):
    name = LinkColumn(
        _("收件人"), url="lifecycle:invitation_letter.detail", kwargs={"pk": "pk"}, accessor="invitation.name",
        sort="invitation__name", phone="title",
    )  # fmt: skip
    organisation = Column(_("工会组织"), accessor="invitation.organisation.name", phone="fact")
    role = Column(_("角色"), accessor="invitation.get_role_display", phone="fact")
    channel = Column(_("方式"), accessor="get_channel_display")
    sender = Column(_("发件"), accessor="sender.name")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    note = Column(_("说明"), accessor="error")
    sent = DateTimeColumn(_("发送时间"), accessor="sent_at", sort="sent_at")

    def render_note(self, row: Any, value: Any) -> Any:
        if value:
            return value
        return format_html('<span class="muted">{}</span>', _("信中的链接已被新的取代")) if row.has_dead_link else "—"

    def open(self, row: Any) -> Action:
        return Action(_("核对"), reverse("lifecycle:invitation_letter.detail", args=[row.pk]), kind="ghost")

    class Meta:
        default_sort = "-pk"
        selectable = True
        row_action = "open"
        bulk = (
            Bulk(_("发送"), "lifecycle:invitation_letter.send_many", "send", policy_action="invitation_letter.send"),
        )
        empty = Empty(
            _("没有邀请函"), _("在“人员与角色”中发出邀请，选择“由平台发送”，就会在这里起草，核对后发出。"), icon="mail"
        )


class InvitationLetterFilters(FilterSet):
    q = SearchFilter(_("收件人、组织"), fields=("invitation__name", "invitation__organisation__name"))
    role = ChoiceFilter(_("角色"), field="invitation__role", choices=Role.choices)
    state = ChoiceFilter(_("状态"), choices=InviteState.choices)
