"""班组竞赛: points and ranks, exact in ``Decimal``; templates out of definitions/team-contests.toml. Pure."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("definitions") / "team-contests.toml"
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Template:
    """What a union copies into a contest of its own; ``items`` as texts: title, unit, points, most."""

    code: str
    title: str
    rhythm: str
    among: str
    words: str
    items: tuple[Mapping[str, str], ...]


@cache
def templates() -> dict[str, Template]:
    """The library of today, by code."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    rows = [Template(**(t | {"items": tuple(t["items"])})) for t in data["templates"]]
    return {t.code: t for t in rows}


def points_of(value: Decimal, each: Decimal, most: Decimal | None) -> Decimal:
    """``value`` times ``each`` (below nought for deductions), at most ``most`` away from nought, rounded once to cents."""
    points = value * each
    if most is not None:
        points = max(-most, min(most, points))
    return points.quantize(CENT, ROUND_HALF_UP)


def period_of(day: dt.date, rhythm: str) -> dt.date:
    """The day itself, or the Monday of its week."""
    return day - dt.timedelta(days=day.weekday()) if rhythm == "week" else day


@dataclass(frozen=True, slots=True)
class Place:
    """One contestant's rank: equal sums share it, and the next rank is left out."""

    rank: int
    contestant: Any
    total: Decimal
    periods: int


def ranking(contestants: Iterable[tuple[Any, str]], scores: Iterable[tuple[Any, dt.date, Decimal]]) -> list[Place]:
    """Contestants (key, name) by the sum of their points; who has none stands at nought. Ties in the order of names."""
    sums: dict[Any, Decimal] = {}
    days: dict[Any, set[dt.date]] = {}
    for key, day, points in scores:
        sums[key] = sums.get(key, Decimal(0)) + points
        days.setdefault(key, set()).add(day)
    ordered = sorted(contestants, key=lambda pair: (-sums.get(pair[0], Decimal(0)), pair[1]))
    places: list[Place] = []
    for number, (key, _name) in enumerate(ordered, start=1):
        total = sums.get(key, Decimal(0))
        rank = places[-1].rank if places and places[-1].total == total else number
        places.append(Place(rank, key, total, len(days.get(key, ()))))
    return places
