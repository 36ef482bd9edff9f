"""What pages hand to the components: plain data, no HTML, no queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.core.decisions import Decision

Tone = Literal["ok", "waiting", "stopped", "info", "neutral", "gold", "primary"]
TONES: tuple[str, ...] = ("ok", "waiting", "stopped", "info", "neutral", "gold", "primary")
KINDS: tuple[str, ...] = ("primary", "secondary", "danger", "ghost", "link")


@dataclass(frozen=True, slots=True)
class Action:
    """One button. ``post`` makes it a form with CSRF token; a refused ``decision`` shows it disabled with the reason.

    ``policy_action`` without ``decision`` is asked when the page is drawn; a refusal then hides the button.
    """

    label: Any
    url: str = ""
    icon: str = ""
    kind: str = "secondary"
    post: bool = False
    confirm: Any = ""
    decision: Decision | None = None
    policy_action: str = ""
    policy_object: Any = None
    dialog: str = ""
    new_tab: bool = False
    download: bool = False


@dataclass(frozen=True, slots=True)
class Crumb:
    label: Any
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    label: Any
    url: str
    current: bool = False
    count: int | None = None


@dataclass(slots=True)
class PageContext:
    """Head of a page: title with state badge, path to it, what can be done here (first primary action stands right)."""

    title: Any
    badge: Any = None
    subtitle: Any = ""
    crumbs: Sequence[Crumb] = ()
    actions: Sequence[Action] = ()
    tabs: Sequence[Tab] = ()
    help_url: str = ""
    narrow: bool = False
    menu: str = ""  # url name of the menu entry to mark; by default the longest matching path


@dataclass(frozen=True, slots=True)
class Badge:
    """A status as people read it: a word with a tone."""

    label: Any
    tone: str = "neutral"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """Why there is nothing here, and what to do next."""

    title: Any
    text: Any = ""
    icon: str = "inbox"
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list in one state that people come back to; ``query`` is the query string without “?”."""

    label: Any
    query: str = ""

    def is_current(self, data: QueryDict) -> bool:
        """True when the filters of ``data`` (sorting and paging aside) are exactly this view's."""
        ignored = {"sort", "size", "after", "before", "page"}
        have = {k: sorted(v for v in vs if v) for k, vs in data.lists() if k not in ignored}
        want = {k: sorted(vs) for k, vs in QueryDict(self.query).lists() if k not in ignored}
        return {k: v for k, v in have.items() if v} == want


@dataclass(frozen=True, slots=True)
class Step:
    """A stop on the way: ``done``, ``current``, ``todo`` or ``stopped``."""

    label: Any
    state: Literal["done", "current", "todo", "stopped"] = "todo"
    note: Any = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class TimelineItem:
    when: datetime | None
    title: Any
    actor: Any = ""
    text: Any = ""
    tone: str = "neutral"
    icon: str = ""
    badge: Any = None


@dataclass(frozen=True, slots=True)
class Fact:
    label: Any
    value: Any
    unit: Any = ""
    wide: bool = False
    tone: str = ""
    help: Any = ""


@dataclass(frozen=True, slots=True)
class Series:
    name: Any
    values: Sequence[float | None]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers with names; drawn by ECharts, and always readable as the table below it."""

    kind: Literal["bar", "hbar", "line", "stack", "funnel", "pie", "histogram"]
    title: Any
    labels: Sequence[Any]
    series: Sequence[Series]
    unit: Any = ""
    definition: Any = ""
    height: Literal["small", "normal", "tall"] = "normal"
    from_zero: bool = True  # lines far from zero that lie close together: the axis fits them
    label_heading: Any = field(default_factory=lambda: _("项目"))

    def rows(self) -> list[tuple[Any, list[Any]]]:
        """The same numbers as table rows."""
        return [
            (label, [s.values[i] if i < len(s.values) else None for s in self.series])
            for i, label in enumerate(self.labels)
        ]

    def data(self) -> dict[str, Any]:
        """What static/js/charts.js reads."""
        return {
            "kind": self.kind,
            "title": str(self.title),
            "unit": str(self.unit),
            "from_zero": self.from_zero,
            "labels": [str(label) for label in self.labels],
            "series": [
                {"name": str(s.name), "tone": s.tone, "values": [None if v is None else float(v) for v in s.values]}
                for s in self.series
            ],
        }


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of a work list: what, from whom, since when, due when, one button."""

    title: Any
    url: str
    action_label: Any
    from_: Any = ""
    since: datetime | None = None
    due: datetime | None = None
    badge: Any = None
    note: Any = ""
    post: bool = False


@dataclass(frozen=True, slots=True)
class Bulk:
    """A button of the action bar: posts the selected rows as ``selected`` to ``url_name``."""

    label: Any
    url_name: str
    icon: str = ""
    kind: str = "secondary"
    policy_action: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Part of a form. ``fields`` are names; fields in no section follow at the end."""

    title: Any
    fields: Sequence[str]
    help: Any = ""
    key: str = ""
