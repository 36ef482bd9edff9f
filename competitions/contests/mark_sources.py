"""Where the marks of a part may come from besides form and file.

Another room registers itself here when it starts, e.g. a marking scheme for practical parts::

    register_mark_source(MarkSource("marking", _("按评分方案现场评分"), link=page_of))

and hands its totals over with ``domain.marks.hand_over``; this room never imports the other one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from competitions.contests.enums import PartKind


@dataclass(frozen=True, slots=True)
class MarkSource:
    code: str
    title: Any
    kinds: tuple[str, ...] = (PartKind.PRACTICAL,)
    link: Callable[[int], str] | None = None  # address of the source's page about a contest, "" for none


_SOURCES: dict[str, MarkSource] = {}


def register_mark_source(source: MarkSource) -> None:
    """Raises ValueError for a code that is there already."""
    if source.code in _SOURCES and _SOURCES[source.code] != source:
        raise ValueError(f"mark source {source.code} is registered already")
    _SOURCES[source.code] = source


def mark_sources() -> list[MarkSource]:
    return list(_SOURCES.values())
