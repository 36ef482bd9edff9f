"""What every layout needs around the page: computed only when a template asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.core.context import PUBLIC, Desk
from portal.web import navigation
from portal.web.navigation import Group, Item


@dataclass(frozen=True)
class DrawnMenu:
    """What makes one menu differ from another: its lines with badge and mark, in a language."""

    language: str | None
    lines: tuple[tuple[str, int | None, bool], ...]
    groups: list[Group] = field(compare=False)


@lru_cache(maxsize=2000)
def draw_menu(menu: DrawnMenu) -> SafeString:
    """A third of the time a small page takes went into its sixty lines, which hardly ever change."""
    return render_to_string("layouts/_menu.html", {"groups": menu.groups})


class Frame:
    """The frame of a page. Packages to the right fill it through ``navigation.provide``:

    ``home_url`` ``federation`` ``desks`` ``desk_role_label`` ``todo_count`` (None: not known yet, the page asks
    ``todo_url`` for it) ``todo_url`` ``search_url`` ``top_links`` ``person_links`` ``public_home_url`` – each a function of the request.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def _provided(self, name: str, default: Any = "") -> Any:
        return navigation.provided(name, self._request, default)

    @property
    def site_name(self) -> Any:
        return settings.SITE_NAME

    @cached_property
    def federation(self) -> str:
        return self._provided("federation", getattr(settings, "FEDERATION_NAME", ""))

    @property
    def desk(self) -> Desk | None:
        return getattr(self._request, "actor", PUBLIC).desk

    @cached_property
    def desk_role_label(self) -> Any:
        return self._provided("desk_role_label")

    @cached_property
    def desks(self) -> Any:
        return self._provided("desks", ())

    @property
    def user(self) -> Any:
        return getattr(self._request, "actor", PUBLIC).user

    @cached_property
    def user_name(self) -> str:
        user = self.user
        return (user.get_full_name() or user.get_username()) if user is not None else ""

    @cached_property
    def menu(self) -> list[Group]:
        if self.user is None:
            return []
        return navigation.desk_menu(self._request, getattr(self._request, "page_above", ""))

    @cached_property
    def drawn_menu(self) -> SafeString:
        lines = tuple((item.url, item.badge, item.current) for group in self.menu for item in group.items)
        return draw_menu(DrawnMenu(get_language(), lines, self.menu))

    @cached_property
    def public_menu(self) -> list[Item]:
        return navigation.public_menu(self._request)

    @cached_property
    def footer_menu(self) -> list[Item]:
        return navigation.public_menu(self._request, footer=True)

    @cached_property
    def todo_count(self) -> int | None:
        return self._provided("todo_count", None) if self.desk else None

    @cached_property
    def todo_url(self) -> str:
        return self._provided("todo_url") if self.desk else ""

    @cached_property
    def search_url(self) -> str:
        return self._provided("search_url") if self.desk else ""

    @property
    def search_text(self) -> str:
        return self._request.GET.get("q", "") if self._request.path == self.search_url else ""

    @cached_property
    def home_url(self) -> str:
        return self._provided("home_url") or navigation.url_of("desk:home") or "/"

    @cached_property
    def public_home_url(self) -> str:
        return self._provided("public_home_url") or navigation.url_of("public:home") or "/"

    @cached_property
    def top_links(self) -> Any:
        return self._provided("top_links", ())

    @cached_property
    def person_links(self) -> Any:
        return self._provided("person_links", ())


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame, and an empty page head for templates of other packages (sign-in)."""
    return {"frame": Frame(request)}
