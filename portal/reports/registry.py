"""Sheets of the yearly workbook: the engine's and the pillars', in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sheet:
    """``rows(actor, year)`` yields rows of ``heads`` inside the active scope, streamed; ``note`` is the definition."""

    key: str
    title: str
    heads: Sequence[str]
    rows: Callable[[Any, int], Iterable[Sequence[Any]]]
    note: str
    position: int = 100


_sheets: dict[str, Sheet] = {}


def register_sheet(sheet: Sheet) -> None:
    if sheet.key in _sheets:
        raise ValueError(f"report sheet {sheet.key} is registered twice")
    _sheets[sheet.key] = sheet


def sheets() -> list[Sheet]:
    return sorted(_sheets.values(), key=lambda s: (s.position, s.key))
