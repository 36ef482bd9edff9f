"""Menus built from registered entries; an entry is shown when its policy allows this desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may

# look.md: the left menu follows the work, in the order of the process.
GROUPS: dict[str, tuple[Any, str]] = {
    "home": (_("工作台"), "home"),
    "cycles": (_("届次与日历"), "calendar-event"),
    "entries": (_("申报件"), "files"),
    "recommendation": (_("推荐与名额"), "arrow-up-right-circle"),
    "review": (_("评审"), "pencil-check"),
    "selection": (_("评选"), "list-numbers"),
    "notice": (_("公示与异议"), "speakerphone"),
    "honours": (_("荣誉"), "award"),
    "competitions": (_("竞赛"), "trophy"),
    "innovations": (_("创新"), "bulb"),
    "safety": (_("安康杯"), "shield-check"),
    "reports": (_("统计与报表"), "chart-bar"),
    "people": (_("组织与人员"), "sitemap"),
    "settings": (_("设置"), "settings"),
}

# A group that outgrows a glance is folded into parts; an entry names the part it belongs to.
PARTS: dict[str, tuple[str, Any]] = {
    "filings": ("competitions", _("立项与攻关")),
    "projects": ("competitions", _("重点工程建设")),
    "contests": ("competitions", _("技能竞赛与评分")),
    "green": ("competitions", _("绿色低碳行动")),
    "workers": ("competitions", _("参赛与成长")),
    "firms": ("competitions", _("非公企业与班组")),
}
FOLD_FROM = 8  # entries: so many still stand in one list


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the desk menu. ``policy_action`` is asked without an object: could this desk at all."""

    label: Any
    url_name: str
    policy_action: str
    group: str
    icon: str = ""
    order: int = 50
    badge: Callable[[HttpRequest], int | None] | None = None
    for_guests: bool = False  # also in the short menu of desks that are guests in the tree (provided as ``is_guest``)
    part: str = ""  # key of ``PARTS``: where the entry stands when its group is folded

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise ValueError(f"unknown menu group {self.group!r}; there are {', '.join(GROUPS)}")
        if self.part and PARTS.get(self.part, ("",))[0] != self.group:
            raise ValueError(f"unknown part {self.part!r} of the menu group {self.group!r}")


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """A column of the public site; ``footer`` puts it at the bottom of the page instead."""

    label: Any
    url_name: str
    order: int = 50
    footer: bool = False


@dataclass(slots=True)
class Item:
    label: Any
    url: str
    icon: str = ""
    badge: int | None = None
    current: bool = False
    part: str = ""


@dataclass(slots=True)
class Part:
    """Neighbouring entries of a group; one without a key stands unfolded."""

    key: str
    items: list[Item] = field(default_factory=list)

    @property
    def label(self) -> Any:
        return PARTS[self.key][1]

    @property
    def is_folded(self) -> bool:
        return bool(self.key) and len(self.items) > 1

    @property
    def is_current(self) -> bool:
        return any(item.current for item in self.items)

    @property
    def badge(self) -> int:
        return sum(item.badge or 0 for item in self.items)


@dataclass(slots=True)
class Group:
    key: str
    label: Any
    icon: str
    items: list[Item] = field(default_factory=list)

    @property
    def parts(self) -> list[Part]:
        """The entries as they are shown: in one list while a glance takes them in, else by part where the part first appears."""
        if len(self.items) <= FOLD_FROM:
            return [Part("", self.items)]
        parts: dict[str, Part] = {}
        for item in self.items:
            parts.setdefault(item.part or item.url, Part(item.part)).items.append(item)
        return list(parts.values())

    @property
    def is_single(self) -> bool:
        return len(self.items) == 1

    @property
    def is_current(self) -> bool:
        return any(item.current for item in self.items)

    @property
    def badge(self) -> int:
        return sum(item.badge or 0 for item in self.items)


_entries: dict[str, Entry] = {}
_public: dict[str, PublicEntry] = {}
_providers: dict[str, Callable[[HttpRequest], Any]] = {}


def register(*entries: Entry) -> None:
    """Adds entries to the desk menu (from ``AppConfig.ready``); the last registration of a URL name holds."""
    for entry in entries:
        _entries[entry.url_name] = entry


def register_public(*entries: PublicEntry) -> None:
    for entry in entries:
        _public[entry.url_name] = entry


def provide(name: str, function: Callable[[HttpRequest], Any]) -> None:
    """What the frame shows and only a package to the right knows: see ``portal.web.context.Frame``."""
    _providers[name] = function


def provided(name: str, request: HttpRequest, default: Any = None) -> Any:
    function = _providers.get(name)
    return default if function is None else function(request)


def all_entries() -> list[Entry]:
    return list(_entries.values())


def url_of(name: str) -> str:
    """Address of a registered name; empty when its package has no such page (yet)."""
    return _url_of(name, get_urlconf())


@cache
def _url_of(name: str, urlconf: str | None) -> str:
    """Each page shows some sixty."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _mark_current(items: list[Item], path: str, above: str = "") -> None:
    """Where we are: the entry with this address, else the one that the page hangs from (``above``), else the one whose
    address is the longest beginning of the path.
    """
    ways = [path, above.partition("?")[0]]
    named = next((item for way in ways for item in items if way and item.url == way), None)
    if named:
        named.current = True
        return
    matching = [item for item in items if path == item.url or (item.url != "/" and path.startswith(item.url))]
    if matching:
        max(matching, key=lambda item: len(item.url)).current = True


def desk_menu(request: HttpRequest, above: str = "") -> list[Group]:
    """The groups and entries this desk may use, in the order of ``GROUPS``. ``above``: address of the page's first crumb."""
    actor = request.actor
    if not actor.desk:
        return []
    groups: dict[str, Group] = {}
    is_guest = provided("is_guest", request, default=False)
    for entry in sorted(_entries.values(), key=lambda e: (list(GROUPS).index(e.group), e.order)):
        url = url_of(entry.url_name)
        if not url or (is_guest and not entry.for_guests) or not may(actor, entry.policy_action):
            continue
        label, icon = GROUPS[entry.group]
        group = groups.setdefault(entry.group, Group(entry.group, label, icon))
        badge = entry.badge(request) if entry.badge else None
        group.items.append(Item(entry.label, url, entry.icon or icon, badge, part=entry.part))
    _mark_current([item for group in groups.values() for item in group.items], request.path, above)
    return list(groups.values())


def public_menu(request: HttpRequest, *, footer: bool = False) -> list[Item]:
    items = [
        Item(entry.label, url_of(entry.url_name))
        for entry in sorted(_public.values(), key=lambda e: e.order)
        if entry.footer is footer
    ]
    items = [item for item in items if item.url]
    _mark_current(items, request.path)
    return items
