"""What the public board says, made from totals alone: ranks, and the table of unions. Pure; written by a job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from portal.core.text import mask_name

MEDAL_POINTS = (4, 3, 2)  # ranks 1, 2, 3 (domain.md 2.4, tables of members)
ABOVE_MEDIAN = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """One competitor as the totals have it: ``mark`` out of ``possible`` (100 when everything is confirmed)."""

    name: str
    union: str  # the district's or group's union
    unit: str
    mark: Decimal
    possible: Decimal


def ranked(rows: Iterable[Standing]) -> list[dict[str, Any]]:
    """Lines of the board, best first; equal marks share a rank and the next ones are skipped. Names are masked."""
    ordered = sorted(rows, key=lambda row: (-row.mark, row.union, row.unit, row.name))
    lines: list[dict[str, Any]] = []
    for place, row in enumerate(ordered, 1):
        same = lines and lines[-1]["mark"] == text_of(row.mark)
        lines.append(
            {
                "rank": lines[-1]["rank"] if same else place,
                "name": mask_name(row.name),
                "union": row.union,
                "unit": row.unit,
                "mark": text_of(row.mark),
                "possible": text_of(row.possible),
            }
        )
    return lines


def text_of(mark: Decimal) -> str:
    return f"{mark:.2f}"


def unions(boards: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The table of unions over all boards: points 4, 3, 2 for the first three ranks, 1 from the median up; then mean.

    A line of nobody (nothing marked yet) counts for nothing.
    """
    table: dict[str, dict[str, Any]] = {}
    for board in boards:
        lines = [line for line in board["lines"] if Decimal(line["mark"]) > 0]
        middle = median(Decimal(line["mark"]) for line in lines) if lines else Decimal(0)
        for line in lines:
            row = table.setdefault(line["union"], _fresh(line["union"]))
            rank, mark = line["rank"], Decimal(line["mark"])
            row["people"] += 1
            row["sum"] += mark
            if rank <= len(MEDAL_POINTS):
                row[("gold", "silver", "bronze")[rank - 1]] += 1
                row["points"] += MEDAL_POINTS[rank - 1]
            elif mark >= middle:
                row["points"] += ABOVE_MEDIAN
    found = [row | {"mean": row.pop("sum") / row["people"]} for row in table.values()]
    found.sort(key=lambda r: (-r["points"], -r["gold"], -r["silver"], -r["bronze"], -r["mean"], r["union"]))
    for place, row in enumerate(found, 1):
        row["rank"] = place
        row["mean"] = text_of(row["mean"])
    return found


def _fresh(union: str) -> dict[str, Any]:
    return {"union": union, "people": 0, "gold": 0, "silver": 0, "bronze": 0, "points": 0, "sum": Decimal(0)}
