"""What marking needs of the register of contests, and what it gives back: joined by numbers, so that both stand alone.

The register fills ``REGISTER``. A contest that is not in it (a district's, a company's) is marked all the same: its benches
are imported from a workbook, and its totals are exported instead of being handed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.accounts.models import Organisation
    from portal.core.context import Actor


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contest of the acting union that can be marked."""

    pk: int
    title: str

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True)
class Entrant:
    """A competitor with a bench."""

    pk: int
    name: str
    organisation: Organisation
    code: str
    session: str = ""
    order: int = 0
    is_absent: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    candidates: Callable[[Actor], Iterable[Candidate]]
    competitors: Callable[[int], Iterable[Entrant]]
    hand_over: Callable[[Actor, int, Mapping[int, Decimal], dt.datetime], None]


REGISTER: list[Register] = []


def candidates(actor: Actor) -> list[Candidate]:
    return [found for register in REGISTER for found in register.candidates(actor)]


def competitors(contest: int | None) -> list[Entrant]:
    """Those who have a bench, in its order; nobody for a contest outside the register."""
    if contest is None:
        return []
    return [found for register in REGISTER for found in register.competitors(contest)]


def hand_over(*, actor: Actor, contest: int | None, marks: Mapping[int, Decimal], now: dt.datetime) -> None:
    """Totals by competitor, of 100 marks."""
    for register in REGISTER if contest is not None else ():
        register.hand_over(actor, contest, marks, now)
