"""What happened to one object, from the audit log."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.audit import queries as audit
from portal.audit.actions import audit_action
from portal.web.ui import TimelineItem
from portal.web.views.base import PageView

LIMIT = 200


def timeline_item(event: Any) -> TimelineItem:
    """One audit event as people read it: the registered label, who at which desk, and what the formatter adds."""
    action = audit_action(event.action)
    actor = " · ".join(part for part in (event.actor_label, event.desk_label) if part)
    text = action.describe({**event.data, "before": event.before, "after": event.after}) if action.describe else ""
    return TimelineItem(when=event.at, title=action.label, actor=actor, text=text)


class HistoryView(PageView):
    """Timeline of the object's audit events, newest first; override ``event_item`` to say more."""

    abstract = True
    template_name = "web/history.html"
    title = _("办理记录")

    def event_item(self, event: Any) -> TimelineItem:
        return timeline_item(event)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        events = audit.history_of(self.object)[:LIMIT]
        return self.render(items=[self.event_item(event) for event in events])
