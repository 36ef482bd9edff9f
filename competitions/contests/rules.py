"""Definitions of the room: classes, trades, promotion by year, honours. Read once; pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "competitions" / "contests" / "definitions"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class ClassRule:
    min_field: int
    levels: tuple[str, ...]
    source: str

    @property
    def words(self) -> str:
        """The rule as people read it, without where it was found."""
        return self.source.partition("（")[0]


@dataclass(frozen=True, slots=True)
class Rules:
    theory_max: Decimal  # percent of the total
    process_hours: int
    result_hours: int
    appeal_source: str
    classes: dict[str, ClassRule]


@cache
def rules() -> Rules:
    """classes.toml: field sizes, the ceiling of theory, deadlines of appeals."""
    data = _read("classes.toml")
    found = {
        code: ClassRule(row["min_field"], tuple(row["levels"]), row["source"]) for code, row in data["classes"].items()
    }
    return Rules(
        Decimal(data["theory_max"]),
        data["appeal_process_hours"],
        data["appeal_result_hours"],
        data["appeal_source"],
        found,
    )


@cache
def trades() -> tuple[dict[str, str], ...]:
    """trades.toml: code, name, field, and the occupation code where it is certain."""
    return tuple(_read("trades.toml")["trades"])


@dataclass(frozen=True, slots=True)
class PromotionRule:
    classes: tuple[str, ...]
    top: int  # ranks that count; 0: ``percent`` of the field
    percent: int
    worker: tuple[str, str]  # level to be reached; level for those who hold it already
    student: str


@dataclass(frozen=True, slots=True)
class PromotionRules:
    version: str
    from_year: int
    source: str
    rules: tuple[PromotionRule, ...]


@cache
def _promotion_versions() -> tuple[PromotionRules, ...]:
    found = []
    for path in FOLDER.glob("promotion-*.toml"):
        data = _read(path.name)
        lines = tuple(
            PromotionRule(
                tuple(row["classes"]), row.get("top", 0), row.get("percent", 0), tuple(row["worker"]), row["student"]
            )
            for row in data["rules"]
        )
        found.append(PromotionRules(data["version"], data["from_year"], data["source"], lines))
    return tuple(sorted(found, key=lambda r: r.from_year))


def promotion_rules(year: int) -> PromotionRules | None:
    """The version in force in ``year``; None before the first one."""
    return next((r for r in reversed(_promotion_versions()) if r.from_year <= year), None)


@dataclass(frozen=True, slots=True)
class HonourRule:
    honour: str
    classes: tuple[str, ...]
    top: int
    women: bool
    programme: str  # code of the programme that takes the candidate; "" where another department grants the honour
    to: str  # that department
    words: str


@cache
def honour_rules() -> tuple[HonourRule, ...]:
    return tuple(
        HonourRule(
            row["honour"],
            tuple(row["classes"]),
            row["top"],
            row.get("women", False),
            row.get("programme", ""),
            row.get("to", ""),
            row["words"],
        )
        for row in _read("honours.toml")["honours"]
    )


def honour_rule(honour: str) -> HonourRule:
    """The first rule of an honour. Raises LookupError for one that has none."""
    found = next((rule for rule in honour_rules() if rule.honour == honour), None)
    if found is None:
        raise LookupError(honour)
    return found
