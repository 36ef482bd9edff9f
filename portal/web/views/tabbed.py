"""Pages of a room that stand beside each other behind one line of the menu."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import reverse

from portal.core.policies import may
from portal.web.ui import Tab


class Tabbed:
    """``room_tabs``: (url name, label, policy action) in order; shown are those the desk may open, if more than one."""

    room_tabs: ClassVar[tuple[tuple[str, Any, str], ...]] = ()

    def page_tabs(self) -> list[Tab]:
        here = self.request.resolver_match.view_name
        found = [Tab(label, reverse(name), current=name == here) for name, label, action in self.room_tabs
                 if may(self.actor, action)]  # fmt: skip
        return found if len(found) > 1 else []
