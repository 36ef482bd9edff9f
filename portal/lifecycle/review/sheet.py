"""One expert's score sheet: what was typed, what it adds up to, what is missing. Pure: no ORM.

The running total follows rule 1 of ``scoring.py``: Σ mark × weight ÷ full mark; once every criterion is marked or
abstained, abstained criteria are left out and the rest is scaled up to the full weight.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

from portal.lifecycle.review.scoring import half_up

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.review_blocks import Band, Criterion
    from portal.lifecycle.blueprints.stages import ReviewParams

PLACES = 2


class MarkError(ValueError):
    """What was typed is no mark of this criterion; the message is shown beside the field."""


@dataclass(frozen=True, slots=True)
class StoredMark:
    """``value`` None and not ``abstained`` = not marked yet. Abstention is not zero."""

    value: Decimal | None = None
    abstained: bool = False

    @property
    def is_done(self) -> bool:
        return self.abstained or self.value is not None


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion with this expert's mark; ``error`` belongs beside the field, ``typed`` is what was entered then."""

    criterion: Criterion
    mark: StoredMark
    error: str = ""
    typed: str | None = None

    @property
    def shown(self) -> str:
        """Text of the input: a refused entry stays as it was typed."""
        return self.typed if self.typed is not None else plain(self.mark.value)

    @property
    def contribution(self) -> Decimal | None:
        """Points of the total that this mark is worth."""
        if self.mark.value is None:
            return None
        return half_up(share_of(self.criterion, self.mark.value), PLACES)

    @property
    def bands(self) -> Sequence[tuple[Band, bool]]:
        """Bands with whether the mark lies in it; between two bands the lower one counts."""
        value = self.mark.value
        reached = [b for b in self.criterion.bands if value is not None and value >= b.minimum]
        best = max(reached, key=lambda b: b.minimum, default=None)
        return [(band, band is best) for band in self.criterion.bands]


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    lines: tuple[Line, ...]
    full: Decimal
    comment: str = ""
    comment_max: int = 500
    comment_below: Decimal | None = None
    missing: tuple[Line, ...] = field(default=())

    @property
    def total(self) -> Decimal:
        """Points so far (see the module's text)."""
        given = [line for line in self.lines if line.mark.value is not None]
        points = sum((share_of(x.criterion, x.mark.value) for x in given), Fraction(0))
        if self.is_marked and given:
            points = points * Fraction(self.full) / sum((Fraction(x.criterion.weight) for x in given), Fraction(0))
        return half_up(points, PLACES)

    @property
    def done(self) -> int:
        return len(self.lines) - len(self.missing)

    @property
    def is_marked(self) -> bool:
        return not self.missing

    @property
    def abstained(self) -> int:
        return sum(1 for line in self.lines if line.mark.abstained)

    @property
    def needs_comment(self) -> bool:
        """A total below ``comment_below`` of the full mark has to be explained."""
        if self.comment_below is None or not self.is_marked:
            return False
        return self.total < self.full * self.comment_below and not self.comment.strip()

    @property
    def groups(self) -> list[Group]:
        titles = dict.fromkeys(line.criterion.group for line in self.lines)
        return [Group(t, tuple(x for x in self.lines if x.criterion.group == t)) for t in titles]

    def line(self, code: str) -> Line:
        """KeyError when the rubric has no such criterion."""
        for line in self.lines:
            if line.criterion.code == code:
                return line
        raise KeyError(code)


def make_sheet(
    params: ReviewParams,
    marks: Mapping[str, StoredMark],
    *,
    comment: str = "",
    errors: Mapping[str, tuple[str, str]] | None = None,
) -> Sheet:
    """The rubric with an expert's marks; ``errors`` maps a criterion to (what was typed, why it was refused)."""
    errors = errors or {}
    lines = []
    for criterion in params.rubric:
        typed, error = errors.get(criterion.code, (None, ""))
        lines.append(Line(criterion, marks.get(criterion.code, StoredMark()), error, typed))
    return Sheet(
        lines=tuple(lines),
        full=params.total_weight,
        comment=comment,
        comment_max=params.comment_max,
        comment_below=params.comment_below,
        missing=tuple(line for line in lines if not line.mark.is_done),
    )


def share_of(criterion: Criterion, value: Decimal) -> Fraction:
    """Contribution of a mark to the total, exact."""
    return Fraction(value) * Fraction(criterion.weight) / Fraction(criterion.max_score)


def plain(value: Decimal | None) -> str:
    """``8.50`` → ``8.5``; empty for None."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_mark(criterion: Criterion, raw: str) -> Decimal | None:
    """The mark that was typed (full-width figures accepted), None when the field is empty. Raises MarkError."""
    text = unicodedata.normalize("NFKC", raw or "").replace("。", ".").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise MarkError(f"请填写数字，0 至 {plain(criterion.max_score)} 分。") from None
    if not value.is_finite() or len(text) > 12:
        raise MarkError(f"请填写数字，0 至 {plain(criterion.max_score)} 分。")
    if value < 0 or value > criterion.max_score:
        raise MarkError(f"应在 0 至 {plain(criterion.max_score)} 分之间。")
    if criterion.step and value % criterion.step:
        raise MarkError(f"最小分值单位为 {plain(criterion.step)} 分。")
    if value != value.quantize(Decimal("0.01")):
        raise MarkError("最多两位小数。")
    return value.quantize(Decimal("0.01"))
