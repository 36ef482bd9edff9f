"""What the first page of the room shows: studios by kind and level, by union and level, the year's numbers, what waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from innovations.studios import queries
from innovations.studios.enums import OPEN_FOR_STUDIO, CheckStatus, StudioKind, StudioLevel, StudioStatus
from innovations.studios.models import Studio, YearCheck
from portal.core.context import Actor


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a name, a number per column, each with the list behind it."""

    label: Any
    cells: tuple[tuple[int, str], ...]
    total: int


def _address(**query: str) -> str:
    return f"{reverse('innovations:studio.list')}?{urlencode({'running': 'on'} | query)}"


def _line(label: Any, cells: list[tuple[int, str]]) -> Line:
    return Line(label, tuple(cells), sum(n for n, _url in cells))


def page_of(actor: Actor, year: int, today: dt.date) -> dict[str, Any]:
    """Eight queries whatever the number of studios."""
    found, by_union = queries.counts(Studio.objects.all()), queries.counts_by_union(actor)
    names = queries.organisations_at(set(by_union))
    levels = ["", *StudioLevel.values]
    return {
        "levels": ["未命名", *StudioLevel.labels],
        "kinds": [
            _line(kind.label, [(found.get((kind.value, level), 0), _cell(kind.value, level)) for level in levels])
            for kind in StudioKind
        ],
        "unions": [
            _line(names[path].label if path in names else path,
                  [(numbers.get(level, 0), _cell_of_union(path, level)) for level in levels])
            for path, numbers in sorted(by_union.items(), key=lambda item: (-sum(item[1].values()), item[0]))
        ],
        "all": sum(found.values()),
        "named": sum(n for (_kind, level), n in found.items() if level),
        "mending": Studio.objects.filter(status=StudioStatus.MENDING).count(),
        "totals": queries.totals(year),
        "checks": _checks(year, today),
    }  # fmt: skip


def _cell(kind: str, level: str) -> str:
    return _address(kind=kind, level=level) if level else _address(kind=kind, unnamed="on")


def _cell_of_union(path: str, level: str) -> str:
    return _address(union=path, level=level) if level else _address(union=path, unnamed="on")


def _checks(year: int, today: dt.date) -> dict[str, int]:
    """How far the checks of the year are."""
    rows = list(YearCheck.objects.filter(year=year).exclude(status=CheckStatus.DROPPED).values_list("status", "due_on"))
    return {
        "all": len(rows),
        "passed": sum(status == CheckStatus.PASSED for status, _due in rows),
        "filed": sum(status in {CheckStatus.FILED, CheckStatus.MENDED} for status, _due in rows),
        "overdue": sum(status in OPEN_FOR_STUDIO and due < today for status, due in rows),
    }
