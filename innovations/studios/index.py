"""年度考核指标: the index of 100 points, its grades and terms, out of definitions/index.toml. Pure."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("definitions") / "index.toml"
FULL = 100
STEP = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Hint:
    """What the records should show for a criterion; advice to people, never a mark."""

    fact: str
    at_least: int
    text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    title: str
    max: int
    text: str
    hints: tuple[Hint, ...]

    def plain(self) -> dict[str, Any]:
        """As a check keeps it: later versions of the file do not reach it."""
        hints = [{"fact": h.fact, "at_least": h.at_least, "text": h.text} for h in self.hints]
        return {"code": self.code, "title": self.title, "max": self.max, "text": self.text, "hints": hints}


@dataclass(frozen=True, slots=True)
class Index:
    version: str
    pass_mark: int
    mend_months: int
    reconfirm_years: int
    naming_programmes: frozenset[str]
    grades: tuple[tuple[int, str], ...]
    criteria: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        if sum(c.max for c in self.criteria) != FULL:
            raise ValueError(f"the criteria make {sum(c.max for c in self.criteria)}, not {FULL}")
        if [g for g, _t in self.grades] != sorted((g for g, _t in self.grades), reverse=True):
            raise ValueError("grades must descend")

    def names_studios(self, programme_code: str) -> bool:
        """Whether what this programme confers is the naming of a studio."""
        return programme_code in self.naming_programmes


@cache
def index() -> Index:
    """The index of today. Raises ValueError when its maxima do not make 100."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    criteria = tuple(
        Criterion(c["code"], c["title"], c["max"], c["text"], tuple(Hint(**h) for h in c["hints"]))
        for c in data["criteria"]
    )
    return Index(
        version=data["version"], pass_mark=data["pass_mark"], mend_months=data["mend_months"],
        reconfirm_years=data["reconfirm_years"], naming_programmes=frozenset(data["naming_programmes"]),
        grades=tuple((g["at_least"], g["title"]) for g in data["grades"]), criteria=criteria,
    )  # fmt: skip


def wrong_marks(criteria: Sequence[Mapping[str, Any]], marks: Mapping[str, Decimal | None]) -> dict[str, str]:
    """Code → what is wrong: missing, outside 0…max, or not in steps of half a point."""
    wrong: dict[str, str] = {}
    for criterion in criteria:
        mark = marks.get(criterion["code"])
        if mark is None:
            wrong[criterion["code"]] = "请填写得分。"
        elif not 0 <= mark <= criterion["max"]:
            wrong[criterion["code"]] = f"得分应在0到{criterion['max']}之间。"
        elif mark % STEP:
            wrong[criterion["code"]] = "得分以0.5分为一档。"
    return wrong


def total_of(marks: Mapping[str, Any]) -> Decimal:
    """The exact sum of marks as they are kept (texts or decimals)."""
    return sum((Decimal(str(m)) for m in marks.values()), Decimal(0))


def grade_of(total: Decimal, grades: Sequence[tuple[int, str]]) -> str:
    """The title of the highest grade reached; empty below the lowest."""
    return next((title for at_least, title in grades if total >= at_least), "")


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day ``months`` later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def hints_of(criterion: Mapping[str, Any], facts: Mapping[str, int]) -> list[tuple[str, int, int, bool]]:
    """(words, found, wanted, enough) for each hint of a criterion."""
    return [
        (h["text"], facts.get(h["fact"], 0), h["at_least"], facts.get(h["fact"], 0) >= h["at_least"])
        for h in criterion["hints"]
    ]
