"""From the marks of experts to the score of an entry. Pure: no ORM, no float; exact fractions inside, ``Decimal`` outside.

The rule in words (domain.md 0.6; printed on the score sheet so that anybody can check it by hand)
    1. An expert's total is Σ mark × weight ÷ full mark. Criteria on which the expert abstained (弃权) are left out and the
       rest is scaled up to the full weight: an abstention is neither zero nor missing.
    2. From ``trim_from`` expert totals on, one highest and one lowest (``trim_each``) are dropped (去掉一个最高分和一个最低分).
       The entry's total is the mean of the others.
    3. A criterion's mean is taken over its own marks, trimmed in the same way; floors look at it.
    4. The median is taken over all expert totals, nothing dropped.
    5. Every published figure is rounded half up exactly once, from the exact value, at ``places``; floors, ties and ranks
       compare published figures, so that the printed sheet decides and nothing behind it.

What stops a score
    * a mark that was neither given nor abstained blocks the total (``incomplete``);
    * a criterion without any valid mark (all abstained, all recused) makes entries incomparable: ``no_valid_marks``;
    * recused experts (回避) are left out altogether, with every mark they gave before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.stages import ReviewParams


class ScoringError(ValueError):
    """The input contradicts itself (unknown expert, mark above the full mark, …): a fault in the caller, not in a mark."""


class Abstention(Enum):
    """The one value of an abstained mark; an enum, so that it survives pickling and cannot be mistaken for a number."""

    ABSTAINED = "abstained"


ABSTAINED = Abstention.ABSTAINED


class ScoreStatus(StrEnum):
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NO_VALID_MARKS = "no_valid_marks"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the rubric. Without ``weight`` the full mark is the weight; ``floor_ratio`` is a part of the full mark."""

    code: str
    title: str
    max_score: Decimal
    weight: Decimal | None = None
    floor_ratio: Decimal | None = None
    core: bool = False

    def __post_init__(self) -> None:
        if self.max_score <= 0 or (self.weight is not None and self.weight <= 0):
            raise ScoringError(f"{self.code}: full mark and weight must be positive")
        if self.floor_ratio is not None and not 0 <= self.floor_ratio <= 1:
            raise ScoringError(f"{self.code}: floor ratio must lie between 0 and 1")

    @property
    def share(self) -> Fraction:
        """The weight."""
        return Fraction(self.max_score if self.weight is None else self.weight)

    @property
    def factor(self) -> Fraction:
        """What one point of this criterion contributes to the total."""
        return self.share / Fraction(self.max_score)

    @property
    def floor(self) -> Decimal | None:
        """The lowest published mean with which the entry may still be selected."""
        return None if self.floor_ratio is None else self.max_score * self.floor_ratio

    @property
    def floor_sentence(self) -> str:
        """``创新性得分低于该项满分的60%，不予入选``; only for criteria with a floor."""
        percent = (Decimal(100) * (self.floor_ratio or 0)).normalize()
        return f"{self.title}得分低于该项满分的{percent:f}%，不予入选"


@dataclass(frozen=True, slots=True)
class Mark:
    expert: str
    criterion: str
    value: Decimal | Abstention


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """The numbers of the rule; ``ties`` is the chain that ranking applies (names of the blueprint's ``TieBreak``)."""

    trim_from: int = 5
    trim_each: int = 1
    places: int = 2
    outlier_distance: Decimal = Decimal(20)
    ties: tuple[str, ...] = ("core_criterion", "untrimmed_median")

    def __post_init__(self) -> None:
        if self.trim_each < 0 or self.trim_from <= 2 * self.trim_each:
            raise ScoringError("trimming must leave at least one mark")
        if not 0 <= self.places <= 6:
            raise ScoringError("places must lie between 0 and 6")


@dataclass(frozen=True, slots=True)
class ExpertTotal:
    """``value`` is ``None`` when the expert abstained on everything; ``dropped`` is ``""``, ``"high"`` or ``"low"``."""

    expert: str
    value: Decimal | None
    dropped: str
    outlier: bool
    abstained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """Marks of one criterion: (expert, value) pairs, ascending by value within ``kept``."""

    code: str
    title: str
    max_score: Decimal
    mean: Decimal | None
    kept: tuple[tuple[str, Decimal], ...]
    dropped_high: tuple[tuple[str, Decimal], ...]
    dropped_low: tuple[tuple[str, Decimal], ...]
    abstained: tuple[str, ...]
    floor: Decimal | None
    below_floor: bool


@dataclass(frozen=True, slots=True)
class EntryScore:
    """The score and everything that explains it. ``total``, ``median``, ``core`` are ``None`` unless complete.

    ``core`` is the weighted sum of the means of the core criteria (``None`` when the rubric has none).
    """

    entry: str
    status: ScoreStatus
    total: Decimal | None
    median: Decimal | None
    core: Decimal | None
    experts: tuple[ExpertTotal, ...]
    criteria: tuple[CriterionScore, ...]
    missing: tuple[tuple[str, str], ...]
    recused: tuple[str, ...]
    below_floor: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return self.status is ScoreStatus.COMPLETE

    @property
    def outliers(self) -> tuple[ExpertTotal, ...]:
        return tuple(expert for expert in self.experts if expert.outlier)

    def canonical(self) -> dict[str, object]:
        """A JSON-able dictionary of texts and lists in a fixed order: equal scores give equal dictionaries."""
        return {
            "entry": self.entry,
            "status": str(self.status),
            "total": _text(self.total),
            "median": _text(self.median),
            "core": _text(self.core),
            "experts": [
                [e.expert, _text(e.value), e.dropped, "outlier" if e.outlier else "", list(e.abstained)]
                for e in self.experts
            ],
            "criteria": [
                {
                    "code": c.code,
                    "mean": _text(c.mean),
                    "kept": _pairs(c.kept),
                    "dropped_high": _pairs(c.dropped_high),
                    "dropped_low": _pairs(c.dropped_low),
                    "abstained": list(c.abstained),
                    "floor": _text(c.floor),
                    "below_floor": "yes" if c.below_floor else "",
                }
                for c in self.criteria
            ],
            "missing": [list(pair) for pair in self.missing],
            "recused": list(self.recused),
            "below_floor": list(self.below_floor),
        }

    def fingerprint(self) -> str:
        """SHA-256 over the canonical form, for the frozen snapshot of a round."""
        text = json.dumps(self.canonical(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _text(value: Decimal | None) -> str:
    """Plain notation without superfluous zeros: equal numbers give equal texts, however they were typed or stored."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _pairs(pairs: Iterable[tuple[str, Decimal]]) -> list[list[str]]:
    return [[expert, _text(value)] for expert, value in pairs]


def half_up(value: Fraction, places: int) -> Decimal:
    """Round an exact non-negative value once, halves upwards: 2.345 → 2.35 at two places."""
    scaled = value * 10**places + Fraction(1, 2)
    return Decimal(scaled.numerator // scaled.denominator).scaleb(-places)


def mean(values: Sequence[Fraction]) -> Fraction:
    """Exact arithmetic mean of at least one value."""
    return sum(values, Fraction(0)) / len(values)


def median(values: Sequence[Fraction]) -> Fraction:
    """Exact median of at least one value; of an even number the mean of the two in the middle."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def trim(
    values: Mapping[str, Fraction | Decimal], rule: ScoringRule
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Experts (kept, dropped as high, dropped as low), ascending by value.

    Among equal values the expert's code decides who is struck out on the sheet; the mean does not depend on it.
    """
    order = sorted(values, key=lambda expert: (values[expert], expert))
    each = rule.trim_each if len(order) >= rule.trim_from else 0
    return tuple(order[each : len(order) - each]), tuple(order[len(order) - each :]), tuple(order[:each])


def score_entry(
    entry: str,
    *,
    criteria: Sequence[Criterion],
    experts: Iterable[str],
    marks: Iterable[Mark],
    rule: ScoringRule | None = None,
    recused: Iterable[str] = (),
) -> EntryScore:
    """Score one entry from all marks of the experts assigned to it.

    ``experts`` are all assigned experts, ``recused`` those of them who stepped back. Raises :class:`ScoringError` for an
    empty or ambiguous rubric, marks of strangers or on unknown criteria, two marks for the same thing, and marks
    outside 0 … full mark.
    """
    rule = rule or ScoringRule()
    assigned, gone = frozenset(experts), frozenset(recused)
    active = sorted(assigned - gone)
    table = _table(criteria, assigned | gone, marks)
    missing = tuple((e, c.code) for e in active for c in criteria if (e, c.code) not in table)
    scored = tuple(_criterion_score(c, active, table, rule) for c in criteria)
    totals = {e: total for e in active if (total := _expert_total(e, criteria, table)) is not None}
    empty = [c for c in scored if c.mean is None]
    status = ScoreStatus.INCOMPLETE if missing else ScoreStatus.NO_VALID_MARKS if empty else ScoreStatus.COMPLETE
    complete = status is ScoreStatus.COMPLETE
    kept, high, low = trim(totals, rule) if complete else ((), (), ())
    exact = mean([totals[e] for e in kept]) if complete else None
    below = tuple(c.code for c in scored if complete and c.below_floor)
    return EntryScore(
        entry=entry,
        status=status,
        total=None if exact is None else half_up(exact, rule.places),
        median=half_up(median(list(totals.values())), rule.places) if complete else None,
        core=_core(criteria, active, table, rule) if complete else None,
        experts=tuple(
            ExpertTotal(
                expert=e,
                value=half_up(totals[e], rule.places) if e in totals else None,
                dropped="high" if e in high else "low" if e in low else "",
                outlier=exact is not None and e in totals and abs(totals[e] - exact) > Fraction(rule.outlier_distance),
                abstained=tuple(c.code for c in criteria if table.get((e, c.code)) is ABSTAINED),
            )
            for e in active
        ),
        criteria=scored,
        missing=missing,
        recused=tuple(sorted(gone)),
        below_floor=below,
        reasons=_reasons(criteria, missing, empty, below),
    )


def _table(
    criteria: Sequence[Criterion], experts: frozenset[str], marks: Iterable[Mark]
) -> dict[tuple[str, str], Decimal | Abstention]:
    """Marks by (expert, criterion), checked. Marks of recused experts stay in the table and are never asked for."""
    rubric = {c.code: c for c in criteria}
    if not rubric or len(rubric) != len(criteria):
        raise ScoringError("the rubric is empty or names a criterion twice")
    table: dict[tuple[str, str], Decimal | Abstention] = {}
    for mark in marks:
        key = mark.expert, mark.criterion
        if mark.expert not in experts or mark.criterion not in rubric:
            raise ScoringError(f"mark of an unknown expert or criterion: {key}")
        if key in table:
            raise ScoringError(f"two marks for the same thing: {key}")
        if mark.value is not ABSTAINED and not _fits(mark.value, rubric[mark.criterion].max_score):
            raise ScoringError(f"mark must be a Decimal from 0 to the full mark: {key}")
        table[key] = mark.value
    return table


def _fits(value: object, full: Decimal) -> bool:
    return isinstance(value, Decimal) and value.is_finite() and 0 <= value <= full


Table = Mapping[tuple[str, str], Decimal | Abstention]


def _numbers(code: str, experts: Sequence[str], table: Table) -> dict[str, Decimal]:
    """The marks on one criterion that are numbers."""
    found = {e: table.get((e, code)) for e in experts}
    return {e: value for e, value in found.items() if isinstance(value, Decimal)}


def _expert_total(expert: str, criteria: Sequence[Criterion], table: Table) -> Fraction | None:
    """Rule 1; ``None`` when the expert gave no mark at all."""
    given = [(c, value) for c in criteria if isinstance(value := table.get((expert, c.code)), Decimal)]
    if not given:
        return None
    whole = sum((c.share for c in criteria), Fraction(0))
    marked = sum((c.share for c, _ in given), Fraction(0))
    return sum((Fraction(value) * c.factor for c, value in given), Fraction(0)) * whole / marked


def _criterion_score(criterion: Criterion, experts: Sequence[str], table: Table, rule: ScoringRule) -> CriterionScore:
    """Rule 3."""
    values = _numbers(criterion.code, experts, table)
    kept, high, low = trim(values, rule)
    published = half_up(mean([Fraction(values[e]) for e in kept]), rule.places) if kept else None
    floor = criterion.floor

    def listed(names: tuple[str, ...]) -> tuple[tuple[str, Decimal], ...]:
        return tuple((e, values[e]) for e in names)

    return CriterionScore(
        code=criterion.code,
        title=criterion.title,
        max_score=criterion.max_score,
        mean=published,
        kept=listed(kept),
        dropped_high=listed(high),
        dropped_low=listed(low),
        abstained=tuple(e for e in experts if table.get((e, criterion.code)) is ABSTAINED),
        floor=floor,
        below_floor=floor is not None and published is not None and published < floor,
    )


def _core(criteria: Sequence[Criterion], experts: Sequence[str], table: Table, rule: ScoringRule) -> Decimal | None:
    """Weighted sum of the exact trimmed means of the core criteria, rounded once."""
    parts = []
    for criterion in criteria:
        if criterion.core:
            values = _numbers(criterion.code, experts, table)
            parts.append(mean([Fraction(values[e]) for e in trim(values, rule)[0]]) * criterion.factor)
    return half_up(sum(parts, Fraction(0)), rule.places) if parts else None


def _reasons(
    criteria: Sequence[Criterion],
    missing: Sequence[tuple[str, str]],
    empty: Sequence[CriterionScore],
    below: Sequence[str],
) -> tuple[str, ...]:
    """Chinese sentences: what blocks the total, or which floors were missed."""
    if missing:
        return (f"还有{len({e for e, _ in missing})}位专家的{len(missing)}项评分未完成",)
    if empty:
        return tuple(f"“{c.title}”没有有效评分（专家均弃权或回避），须另行安排专家评审" for c in empty)
    return tuple(c.floor_sentence for c in criteria if c.code in below)


def rules_from_blueprint(params: ReviewParams) -> tuple[tuple[Criterion, ...], ScoringRule]:
    """The rubric and the rule of a blueprint's review stage."""
    rubric = tuple(Criterion(c.code, c.title, c.max_score, c.weight, c.floor_ratio, c.core) for c in params.rubric)
    rule = ScoringRule(
        trim_from=params.trim_from,
        trim_each=params.trim_each,
        places=params.decimals,
        outlier_distance=params.outlier_points,
        ties=tuple(str(tie) for tie in params.ties),
    )
    return rubric, rule
