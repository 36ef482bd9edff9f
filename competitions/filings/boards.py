"""The year's competitions as lanes over twelve months, and as a board of unions or months against states. Pure but for queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from competitions.filings.enums import FilingState
from portal.core.dates import local_date
from portal.lifecycle.programmes.drawing import Axis, Bar, Drawing, Lane
from portal.web.formats import cn_date

SHOWN = (
    FilingState.FILED, FilingState.RETURNED, FilingState.ACCEPTED, FilingState.RUNNING, FilingState.SUMMARISED,
    FilingState.ARCHIVED,
)  # fmt: skip
DONE = (FilingState.SUMMARISED, FilingState.ARCHIVED)
MOST_LANES = 120


def draw(filings: Iterable[Any], *, year: int, now: dt.datetime) -> Drawing:
    """One lane for each competition that has dates in ``year``; at most MOST_LANES (the page says so)."""
    axis = Axis(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    lanes = []
    for filing in filings:
        x, end = axis.at(filing.starts_on), axis.at(filing.ends_on + dt.timedelta(days=1))
        label = _("%(title)s：%(start)s至%(end)s，%(state)s") % {
            "title": filing.title, "start": cn_date(filing.starts_on), "end": cn_date(filing.ends_on),
            "state": filing.get_state_display(),
        }  # fmt: skip
        bar = Bar(label, round(x, 1), round(max(end - x, 3), 1), tone_of(filing, local_date(now)))
        note = f"{filing.owner.label} · {filing.get_state_display()}"
        lanes.append(Lane(filing.title, filing.get_absolute_url(), note, [bar]))
    return Drawing(lanes[:MOST_LANES], axis.months(), axis.at_or_none(local_date(now)))


def tone_of(filing: Any, today: dt.date) -> str:
    """Over without a summary is late, under way is open, summarised is done, everything else is to come."""
    if filing.state in DONE:
        return "done"
    if filing.ends_on < today:
        return "late"
    return "open" if filing.state == FilingState.RUNNING else "planned"


@dataclass(frozen=True, slots=True)
class BoardCell:
    count: int
    query: str  # of the list behind the figure


@dataclass(frozen=True, slots=True)
class BoardRow:
    label: Any
    cells: Sequence[BoardCell]
    total: BoardCell


@dataclass(frozen=True, slots=True)
class Board:
    heads: Sequence[Any]
    rows: Sequence[BoardRow]
    sums: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.sums)


def board(
    counts: Counter, groups: Sequence[tuple[Any, Any, dict[str, str]]], *, year: int, keep: dict[str, str]
) -> Board:
    """``counts`` by (group, state); ``groups`` = key, label, and the query that narrows the list to it."""
    rows = []
    for key, label, narrowed in groups:
        base = keep | {"year": str(year)} | narrowed
        cells = [
            BoardCell(counts[key, state.value], urlencode(base | {"state": state.value})) for state in SHOWN
        ]  # fmt: skip
        total = sum(cell.count for cell in cells)
        if total:
            rows.append(BoardRow(label, cells, BoardCell(total, urlencode(base))))
    sums = [sum(row.cells[place].count for row in rows) for place in range(len(SHOWN))]
    return Board([state.label for state in SHOWN], rows, sums)
