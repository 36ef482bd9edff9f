"""The contents on the left of the workshop: every part of a definition, with how many problems it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.lifecycle.blueprints.labels import name_of
from portal.lifecycle.blueprints.structure import join
from portal.lifecycle.workshop import words
from portal.lifecycle.workshop.pieces import Place, is_flat, lists_of, place_of, root_keys
from portal.lifecycle.workshop.queries import Found

ALWAYS_OPEN = ("sections", "stages")


@dataclass(frozen=True)
class Line:
    path: str
    title: Any
    depth: int
    problems: int
    is_here: bool
    icon: str = ""


def title_of(place: Place) -> Any:
    """What people call a page: the part's name, or that of the item."""
    if place.path in {key.name for key in root_keys()}:
        return words.OUTLINE_TITLES.get(place.path) or words.label_of(place.path)
    return name_of(place.data, place.path)


def _belongs(path: str, to: str) -> bool:
    return path == to or path.startswith((f"{to}[", f"{to}."))


def outline(definition: Mapping[str, Any], *, here: str, found: Sequence[Found]) -> list[Line]:
    """Top parts, the parts of the form and the stages always, and what lies on the way to the open page."""
    names = [key.name for key in root_keys()]
    ordered = [name for name in words.OUTLINE_ORDER if name in names]
    ordered += [name for name in names if name not in ordered]
    return [line for name in ordered for line in _lines(definition, place_of(definition, name), 0, here, found)]


def _lines(
    definition: Mapping[str, Any], place: Place | None, depth: int, here: str, found: Sequence[Found]
) -> Iterator[Line]:
    if place is None:
        return
    number = sum(_belongs(problem.page, place.path) for problem in found)
    icon = words.OUTLINE_ICONS.get(place.path, "point" if depth else "puzzle")
    yield Line(place.path, title_of(place), depth, number, here == place.path, icon)
    if place.path not in ALWAYS_OPEN and not _belongs(here, place.path):
        return
    for path, item_class, items in lists_of(place):
        if is_flat(item_class):
            continue
        for index in range(len(items)):
            inner = place_of(definition, f"{join(place.base, path)}[{index}]")
            yield from _lines(definition, inner, depth + 1, here, found)


def way_to(definition: Mapping[str, Any], place: Place) -> list[tuple[str, Any]]:
    """Pages above this one, from the top: path and title."""
    found: list[tuple[str, Any]] = []
    path = place.path
    while path:
        path = path[: max(path.rfind("."), path.rfind("["))] if "[" in path or "." in path else ""
        above = place_of(definition, path) if path else None
        if above is not None and above.path == path:
            found.insert(0, (path, title_of(above)))
    return found
