"""What the first page of the room shows: labels by kind and level, by union and kind, what is overdue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from competitions.labels import queries
from competitions.labels.enums import Level
from competitions.labels.kinds import kinds
from portal.core.context import Actor


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a name, a number per column, each with the list behind it."""

    label: Any
    cells: tuple[tuple[int, str], ...]
    total: int


def _address(**query: str) -> str:
    return f"{reverse('competitions:teamlabel.list')}?{urlencode({'living': 'on'} | query)}"


def page_of(actor: Actor, today: dt.date) -> dict[str, Any]:
    """Four queries whatever the number of teams."""
    rows = queries.valid(queries.labels(), today)
    by_kind = queries.counts_by_kind(rows)
    by_union = queries.counts_by_union(rows, actor)
    names = queries.organisations_at(set(by_union))
    used = list(kinds().values())
    return {
        "headings": [kind.title for kind in used],
        "levels": list(Level.labels),
        "stats": [
            (kind.title, sum(n for (code, _l), n in by_kind.items() if code == kind.code), _address(kind=kind.code))
            for kind in used
        ],
        "kinds": [
            _line(kind.title, [(by_kind.get((kind.code, level), 0), _address(kind=kind.code, level=level))
                               for level in Level.values])
            for kind in used
        ],
        "unions": [
            _line(names[path].label if path in names else path,
                  [(counts.get(kind.code, 0), _address(kind=kind.code, union=path)) for kind in used])
            for path, counts in sorted(by_union.items(), key=lambda item: (-sum(item[1].values()), item[0]))
        ],
    }  # fmt: skip


def _line(label: Any, cells: list[tuple[int, str]]) -> Line:
    return Line(label, tuple(cells), sum(n for n, _url in cells))
