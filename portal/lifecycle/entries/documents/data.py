"""What a paper needs to know of an entry. Plain data: no ORM, answers in clear (the paper is for the seal)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AttachmentData:
    field: str
    name: str
    size: int = 0


@dataclass(frozen=True)
class OpinionData:
    """A union's opinion on the way; ``level`` is a RouteLevel value."""

    level: str
    organisation: str
    opinion: str
    decided_on: dt.date | None = None


@dataclass(frozen=True)
class EntryData:
    """``version`` is 0 and ``submitted_on`` None as long as the entry is a draft; the paper then says so."""

    code: str
    cycle_label: str
    organisation: str
    answers: Mapping[str, Any]
    track: str = ""
    nominating: str = ""
    version: int = 0
    fingerprint: str = ""
    submitted_on: dt.date | None = None
    attachments: tuple[AttachmentData, ...] = ()
    opinions: tuple[OpinionData, ...] = ()

    @property
    def is_draft(self) -> bool:
        return self.submitted_on is None


@dataclass(frozen=True)
class SummaryLine:
    """One entry of a 汇总表: ``rank`` among the nominations, ``is_reserve`` for 递补."""

    rank: int
    code: str
    answers: Mapping[str, Any]
    is_reserve: bool = False


@dataclass(frozen=True)
class SummaryData:
    cycle_label: str
    nominating: str
    lines: tuple[SummaryLine, ...] = ()
    made_on: dt.date | None = None
    notes: tuple[str, ...] = field(default=())
