"""Lists of batches, of the letters of one, and of what a person received."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.letters import LetterEvent
from portal.lifecycle.letters.models import BatchState, LetterState
from portal.web.columns import BadgeColumn, Column, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Action, Empty


class BatchTable(Table):
    event = LinkColumn(
        _("告知事项"), url="lifecycle:letters.batch", kwargs={"pk": "pk"}, accessor="get_event_display", sort="event",
        phone="title",
    )  # fmt: skip
    cycle = Column(_("届次"), sort="cycle__year", phone="fact")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    letters = NumberColumn(_("应发"), accessor="letter_count", sort="letter_count")
    sent = NumberColumn(_("已发"), accessor="sent_count", sort="sent_count", phone="fact")
    held = NumberColumn(_("暂缓"), accessor="held_count", sort="held_count")
    at = DateTimeColumn(_("发送时间"), accessor="sent_at", sort="sent_at")

    class Meta:
        default_sort = "-pk"
        empty = Empty(
            _("还没有函件"),
            _("启动、催办、评审、结果告知等函件在这里起草；逐封看过再发，决定没有生效的不会发出。"),
            icon="mail",
        )


class BatchFilters(FilterSet):
    q = SearchFilter(_("届次、标题"), fields=("cycle__programme__title", "cycle__label", "heading"))
    event = ChoiceFilter(_("告知事项"), choices=LetterEvent.choices)
    state = ChoiceFilter(_("状态"), choices=BatchState.choices)


class LetterTable(Table):
    reader = LinkColumn(_("收件"), url="lifecycle:letters.letter", kwargs={"pk": "pk"}, sort="reader", phone="title")
    entry = Column(_("申报件"), accessor="entry.title")
    heading = Column(_("标题"), width="wide")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    reach = Column(_("送达与阅读"), accessor="people", phone="fact")

    class Meta:
        default_sort = "pk"
        empty = Empty(_("没有符合条件的函件"), _("换一个条件再看。"), icon="mail")

    def render_heading(self, row: Any, value: Any) -> Any:
        return format_html('{}<span class="cell-sub">{}</span>', value, row.note) if row.note else value

    def render_reach(self, row: Any, value: Any) -> Any:
        return self.export_reach(row, value) or "—"

    def export_reach(self, row: Any, value: Any) -> str:
        if row.state != LetterState.SENT:
            return ""
        text = _("%(people)s人，%(read)s人已读") % {"people": row.people, "read": row.read}
        return f"{text}，{row.failed}条未送达" if row.failed else text


class LetterFilters(FilterSet):
    q = SearchFilter(_("收件、申报件"), fields=("reader", "entry__title", "entry__code"))
    state = ChoiceFilter(_("状态"), choices=LetterState.choices)


class InboxTable(Table):
    heading = LinkColumn(_("标题"), url="lifecycle:message.detail", kwargs={"pk": "pk"}, width="wide", phone="title")
    sender = Column(_("发件"), accessor="sender_name", sort="sender_name", phone="fact")
    at = DateTimeColumn(_("收到时间"), accessor="created_at", sort="created_at", phone="fact")
    read = Column(_("阅读"), accessor="read_at", sort="read_at", phone="fact")

    class Meta:
        default_sort = "-created_at"
        row_action = "open"
        empty = Empty(_("没有函件"), _("主办工会发来的通知、催办和结果告知会放在这里。"), icon="mail")

    def render_read(self, row: Any, value: Any) -> Any:
        return _("已读") if value else format_html("<strong>{}</strong>", _("未读"))

    def export_read(self, row: Any, value: Any) -> str:
        return str(_("已读") if value else _("未读"))

    def open(self, row: Any) -> Action:
        return Action(_("阅读"), reverse("lifecycle:message.detail", args=[row.pk]))


class InboxFilters(FilterSet):
    q = SearchFilter(_("标题、正文"), fields=("heading", "body"))
