"""The vocabulary of a selection: the rule of places, what becomes of each candidate, what people must settle. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

SELECTED, RESERVE, NOT_SELECTED, UNDECIDED = "selected", "reserve", "not_selected", "undecided"


class QuotaError(ValueError):
    """The rule or the request makes no sense (negative places, freeing a place nobody holds)."""


@dataclass(frozen=True, slots=True)
class Share:
    """A binding structure ratio: which part of the selected belongs to the group ``code``, in percent.

    With ``base``, the name of another group, it is a share of those of the selected who belong to that, and only they count;
    ``base_title`` names them in reasons. A list without anybody of the base keeps it.
    """

    code: str
    title: str
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    base: str = ""
    base_title: str = ""


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
    cap_per_employer: int | None = None
    shares: tuple[Share, ...] = ()

    def __post_init__(self) -> None:
        numbers = [self.places, self.reserves, *(self.track_places or {}).values()]
        if any(n is not None and n < 0 for n in numbers):
            raise QuotaError("places and reserves must not be negative")
        if any(cap is not None and cap < 1 for cap in (self.cap_per_nominating, self.cap_per_employer)):
            raise QuotaError("a cap below 1 would shut everybody out")

    @property
    def is_structured(self) -> bool:
        """Whether walking down the ranking is not enough (docs/decisions/0010)."""
        return bool(self.shares) or self.cap_per_employer is not None

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
    selected, promoted, places, track_places, cap, employer, quota, infeasible, tie, below_floor, below_minimum, no_total,
    ineligible, freed; with a budget also budget, no_amount; decided by people: decided, open. ``because`` are the codes of
    the quotas behind a swap, ``other`` the entry on its other side.
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
    employer: str = ""
    groups: frozenset[str] = frozenset()
    because: tuple[str, ...] = ()
    other: str = ""


@dataclass(frozen=True, slots=True)
class TieDecision:
    """People must put ``codes`` in order: ``places`` of them get a place (kind ``place``), or they are reserves in a row.

    Kind ``infeasible`` is no tie: no list keeps all quotas, and ``codes`` are those of the smallest contradiction.
    """

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
