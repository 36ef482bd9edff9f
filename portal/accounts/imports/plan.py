"""What an import would do: the result of a check, and all that applying it needs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from portal.accounts.imports.sheets import Column, Problem, Row, Sheet
from portal.accounts.models import Organisation
from portal.core.context import Actor

SHOWN_CHANGES = 100


@dataclass(frozen=True, slots=True)
class Context:
    """Who imports, where, and when. Rows may only touch ``root`` and what is below it."""

    actor: Actor
    root: Organisation
    now: dt.datetime
    base_url: str = ""


@dataclass(slots=True)
class Plan:
    """Objects to create and to update, problems with their rows, and the first changes in words."""

    creates: list[Any] = field(default_factory=list)
    updates: list[Any] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def problem(self, row: Row, sheet: Sheet, key: str, message: str) -> None:
        self.problems.append(Problem(row.number, sheet.column(key).label if key else "", message))

    def change(self, row: Row, kind: str, title: str, details: list[str] | None = None) -> None:
        """One line of the preview; only the first of each kind are kept, the counts tell the rest."""
        if sum(change["kind"] == kind for change in self.changes) < SHOWN_CHANGES:
            self.changes.append({"row": row.number, "kind": kind, "title": title, "details": details or []})

    @property
    def faulty_rows(self) -> int:
        return len({p.row for p in self.problems})


def duplicates(rows: list[Row], key_of: Any) -> dict[int, int]:
    """Row number → number of the earlier row with the same key."""
    first: dict[Any, int] = {}
    again: dict[int, int] = {}
    for row in rows:
        key = key_of(row)
        if key is None:
            continue
        if key in first:
            again[row.number] = first[key]
        else:
            first[key] = row.number
    return again


def differences(before: dict[str, Any], after: dict[str, Any], sheet: Sheet) -> list[str]:
    """``名称：甲 → 乙`` for each value that would change."""
    columns = {c.key: c for c in sheet.columns}
    return [
        f"{columns[key].label if key in columns else key}：{_shown(before[key], columns.get(key))}"
        f" → {_shown(after[key], columns.get(key))}"
        for key in after
        if before[key] != after[key]
    ]


def _shown(value: Any, column: Column | None) -> str:
    """As people chose it where the column has options, never the stored code."""
    if value in (None, ""):
        return "（空）"
    options = column.options() if column is not None and column.options is not None else {}
    return next((label for label, stored in options.items() if stored == value), str(value))
