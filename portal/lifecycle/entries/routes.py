"""推荐路径: from the levels a blueprint names to the organisations one entry passes. Pure: no database.

Depth is free and levels are never counted: what a branch of the tree lacks is left out when the blueprint allows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from portal.accounts.enums import UNIT_LEVELS, UnionLevel

# From the bottom to the top, the order in which a route runs.
LEVELS: tuple[str, ...] = (
    UnionLevel.TEAM,
    UnionLevel.GRASSROOTS,
    UnionLevel.SUBDISTRICT,
    UnionLevel.DISTRICT,
    UnionLevel.MUNICIPAL,
)


@dataclass(frozen=True, slots=True)
class Node:
    """One organisation on the way from the unit to the organiser."""

    pk: int
    name: str
    level: str
    path: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One stop of the route; ``path`` is the organisation's place in its home tree."""

    level: str
    organisation: int
    name: str
    path: str


class RouteIncomplete(Exception):
    """The tree has no union of a level that the blueprint insists on. ``level`` is a UnionLevel value."""

    def __init__(self, level: str) -> None:
        self.level = UnionLevel(level)
        super().__init__(f"no union of level {level}")


def chain(unit: Sequence[Node], reporting: Sequence[Node] | None, owner_path: str) -> list[Node]:
    """The organisations above one another that an entry of ``unit[-1]`` could pass, lowest first.

    ``unit`` runs from the root down to the organisation that enters. ``reporting`` (root → reporting parent) replaces
    everything above the unit levels where a reporting line says so: a unit is nominated through one branch only.
    The chain ends at the organiser (``owner_path``); empty when the organiser stands above neither.
    """
    own = [node for node in unit if node.level in UNIT_LEVELS]
    above = list(reporting) if reporting is not None else [node for node in unit if node.level not in UNIT_LEVELS]
    line = [*reversed(own), *reversed(above)]
    for position, node in enumerate(line):
        if node.path == owner_path:
            return line[: position + 1]
    return []


def resolve(levels: Sequence[str], optional: Iterable[str], line: Sequence[Node]) -> list[Hop]:
    """One stop per level of the route, lowest first.

    A level below the one that enters does not apply (a grassroots union has no team to pass), nor does one above the
    organiser. Otherwise a level without a union is left out when it is optional and raises RouteIncomplete when it is
    not. Where a branch holds two unions of one level, the entry passes the nearer one.
    """
    if not line:
        return []
    lowest, highest = LEVELS.index(line[0].level), LEVELS.index(line[-1].level)
    nearest: dict[str, Node] = {}
    for node in line:
        nearest.setdefault(node.level, node)
    skippable = set(optional)
    hops = []
    for level in levels:
        if not lowest <= LEVELS.index(level) <= highest:
            continue
        node = nearest.get(level)
        if node is not None:
            hops.append(Hop(str(level), node.pk, node.name, node.path))
        elif level not in skippable:
            raise RouteIncomplete(level)
    return hops


def route_path(hops: Sequence[Hop], owner_path: str) -> str:
    """Path by which the unions above see the entry: that of the lowest union above the unit on the route.

    An entry without such a stop goes straight to the organiser.
    """
    return next((hop.path for hop in hops if hop.level not in UNIT_LEVELS), owner_path)


def to_json(hops: Sequence[Hop]) -> list[dict[str, Any]]:
    """What ``Entry.route`` stores."""
    return [asdict(hop) for hop in hops]


def from_json(route: Sequence[Mapping[str, Any]]) -> list[Hop]:
    return [Hop(hop["level"], hop["organisation"], hop["name"], hop["path"]) for hop in route]


def moved(hops: Sequence[Hop], old_path: str, new_path: str) -> list[Hop]:
    """The same stops after a part of the tree moved from ``old_path`` to ``new_path``."""
    return [
        Hop(hop.level, hop.organisation, hop.name, new_path + hop.path.removeprefix(old_path))
        if hop.path.startswith(old_path)
        else hop
        for hop in hops
    ]


def replaced(hops: Sequence[Hop], organisation: int, by: int, name: str, path: str) -> list[Hop]:
    """The same stops after one organisation was merged into another of the same level."""
    return [Hop(hop.level, by, name, path) if hop.organisation == organisation else hop for hop in hops]


def next_hop(hops: Sequence[Hop], level: str) -> Hop | None:
    """The stop after ``level``; None after the last, and for a level that is not on the route."""
    for position, hop in enumerate(hops):
        if hop.level == level:
            return hops[position + 1] if position + 1 < len(hops) else None
    return None
