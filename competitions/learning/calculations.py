"""What answers are worth, and how unions stand to one another. Pure; no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal


def right_answers(key: Mapping[int, Sequence[int]], answers: Mapping[int, Iterable[int]]) -> int:
    """How many questions of ``key`` (question → right positions) are answered wholly right: all right ones, no other."""
    return sum(1 for question, right in key.items() if set(answers.get(question, ())) == set(right))


def is_pass(right: int, total: int, pass_mark: int) -> bool:
    """``right`` of ``total`` questions reach ``pass_mark`` per cent; nothing is rounded in anybody's favour or against."""
    return total > 0 and right * 100 >= pass_mark * total


def score_of(right: int, total: int) -> Decimal:
    """Of 100, one digit, half up."""
    return (Decimal(right * 100) / total).quantize(Decimal("0.1"), ROUND_HALF_UP) if total else Decimal(0)


def rate_of(part: int, whole: int) -> Decimal | None:
    """Per cent with one digit; None without anything to divide by."""
    return (Decimal(part * 100) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def ranks(shares: Sequence[tuple[int, int]]) -> list[int | None]:
    """Places by (part, whole): the greater share first, equal shares the same place, None where the whole is unknown.

    Compared as fractions, so that two shares that print alike are not taken for equal.
    """
    order = sorted((Decimal(p) / w for p, w in shares if w), reverse=True)
    place: dict[Decimal, int] = {}
    for number, share in enumerate(order, 1):
        place.setdefault(share, number)
    return [place[Decimal(p) / w] if w else None for p, w in shares]
