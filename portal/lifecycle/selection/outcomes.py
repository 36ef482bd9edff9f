"""The vocabulary of a selection: the rule of places, what becomes of each candidate, what people must settle. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

SELECTED, RESERVE, NOT_SELECTED, UNDECIDED = "selected", "reserve", "not_selected", "undecided"


class QuotaError(ValueError):
    """The rule or the request makes no sense (negative places, freeing a place nobody holds)."""


@dataclass(frozen=True, slots=True)
class QuotaRule:
    """``None`` means no limit. With ``track_places`` every track has its own list of reserves, ``reserves`` long.

    A track that ``track_places`` does not name has no places.
    """

    places: int | None
    reserves: int = 0
    track_places: Mapping[str, int] | None = None
    cap_per_nominating: int | None = None
    min_score: Decimal | None = None

    def __post_init__(self) -> None:
        numbers = [self.places, self.reserves, *(self.track_places or {}).values()]
        if any(n is not None and n < 0 for n in numbers):
            raise QuotaError("places and reserves must not be negative")
        if self.cap_per_nominating is not None and self.cap_per_nominating < 1:
            raise QuotaError("a cap below 1 would shut everybody out")

    def list_of(self, track: str) -> str:
        """Reserves of one list replace each other."""
        return "" if self.track_places is None else track


@dataclass(frozen=True, slots=True)
class BudgetRule:
    """``budget`` and ``cap`` (of one entry) are yuan with at most two decimals."""

    budget: Decimal
    cap: Decimal | None = None
    min_score: Decimal | None = None

    def __post_init__(self) -> None:
        if self.budget < 0 or (self.cap is not None and self.cap <= 0):
            raise QuotaError("a budget must not be negative, a cap must be positive")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one candidate.

    ``order`` is the place among the selected, or among the reserves of its list; ``cause`` is for machines:
    selected, promoted, places, track_places, cap, tie, below_floor, below_minimum, no_total, ineligible, freed; with a
    budget also budget, no_amount; decided by people: decided, open.
    """

    code: str
    result: str
    order: int | None
    rank: int | None
    reason: str
    cause: str
    nominating: str
    track: str
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class TieDecision:
    """People must put ``codes`` in order: ``places`` of them get a place (kind ``place``), or they are reserves in a row."""

    kind: str
    codes: tuple[str, ...]
    places: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Allocation:
    outcomes: tuple[Outcome, ...]
    decisions: tuple[TieDecision, ...]
    amounts: Mapping[str, Decimal] = field(default_factory=dict)  # approved sums in yuan, with a budget

    @property
    def needs_decision(self) -> bool:
        return bool(self.decisions)

    @property
    def selected(self) -> tuple[Outcome, ...]:
        return tuple(o for o in self.outcomes if o.result == SELECTED)

    @property
    def reserves(self) -> tuple[Outcome, ...]:
        return tuple(o for o in self.outcomes if o.result == RESERVE)

    def of(self, code: str) -> Outcome:
        """The outcome of one candidate; ``KeyError`` when it took no part."""
        for outcome in self.outcomes:
            if outcome.code == code:
                return outcome
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class Promotion:
    """``outcomes`` after the change; ``skipped`` names reserves that a cap passed over, with the Chinese reason."""

    outcomes: tuple[Outcome, ...]
    promoted: Outcome | None
    skipped: tuple[tuple[str, str], ...]
