"""“五比一创”: a definition as data, and the total of a card; pure, in Decimal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

DIMENSIONS = 6  # 五比一创


@dataclass(frozen=True, slots=True)
class Dimension:
    code: str
    title: str
    max: Decimal
    asks: str


@dataclass(frozen=True, slots=True)
class Definition:
    code: str
    title: str
    source: str
    dimensions: tuple[Dimension, ...]
    grades: tuple[tuple[Decimal, str], ...]  # highest first
    vetoes: tuple[str, ...]


def parse(data: Mapping[str, Any]) -> Definition:
    """A checked definition. Raises ValueError in words: six dimensions, distinct, maxima that make 100, grades down to 0."""
    try:
        dimensions = tuple(
            Dimension(str(d["code"]), str(d["title"]), Decimal(str(d["max"])), str(d.get("asks", "")))
            for d in data["dimensions"]
        )
        grades = tuple(sorted(((Decimal(str(g["least"])), str(g["label"])) for g in data["grades"]), reverse=True))
        code, title = str(data["code"]), str(data["title"])
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ValueError(f"评分标准缺少或写错了 {error}") from error
    if len(dimensions) != DIMENSIONS or len({d.code for d in dimensions}) != DIMENSIONS:
        raise ValueError("评分标准须有六个不同的维度（五比一创）。")
    if any(d.max <= 0 for d in dimensions) or sum(d.max for d in dimensions) != 100:
        raise ValueError("各维度的满分须大于零，合计为100分。")
    if not grades or grades[-1][0] != 0:
        raise ValueError("等次须从0分起。")
    return Definition(code, title, str(data.get("source", "")), dimensions, grades, tuple(data.get("vetoes", ())))


def fingerprint(data: Mapping[str, Any]) -> str:
    """The same for the same content, in whatever order it is written."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def total_of(definition: Definition, marks: Mapping[str, Decimal]) -> Decimal:
    """Sum of the marks. Raises KeyError for a dimension without mark, ValueError for one outside 0…max."""
    for dimension in definition.dimensions:
        if not Decimal(0) <= marks[dimension.code] <= dimension.max:
            raise ValueError(dimension.code)
    return sum((marks[d.code] for d in definition.dimensions), Decimal(0))


def grade_of(definition: Definition, total: Decimal, *, is_vetoed: bool) -> str:
    """等次; a veto leaves the marks as they are and puts the card into the lowest grade."""
    if is_vetoed:
        return definition.grades[-1][1]
    return next(label for least, label in definition.grades if total >= least)
