"""The catalogue of labels: definitions/kinds.toml, read once. Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = Path(settings.BASE_DIR) / "competitions" / "labels" / "definitions" / "kinds.toml"


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    text: str
    veto: bool = False

    def plain(self) -> dict[str, Any]:
        return {"code": self.code, "text": self.text, "veto": self.veto}


@dataclass(frozen=True, slots=True)
class Kind:
    """One label: ``awarded`` ones are conferred by a programme only; ``term_years`` 0 is without end."""

    code: str
    title: str
    wording: str
    term_years: int
    criteria: tuple[Criterion, ...]
    programmes: tuple[str, ...] = ()
    awarded: bool = False


@cache
def version() -> str:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["version"]


@cache
def kinds() -> dict[str, Kind]:
    """Kinds by code, in the order of the file. Raises ValueError for a kind without criteria or a code used twice."""
    found: dict[str, Kind] = {}
    for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["kinds"]:
        criteria = tuple(Criterion(**line) for line in row["criteria"])
        codes = {c.code for c in criteria}
        if row["code"] in found or not criteria or len(codes) != len(criteria):
            raise ValueError(f"kinds.toml: {row['code']} is there twice, or its criteria are not sound")
        facts = {**row, "criteria": criteria, "programmes": tuple(row["programmes"])}
        found[row["code"]] = Kind(**facts)
    return found


def kind_of_programme(code: str) -> Kind | None:
    """The label that a conferral in programme ``code`` gives; None when it gives none."""
    return next((kind for kind in kinds().values() if code in kind.programmes), None)


def choices() -> list[tuple[str, str]]:
    return [(kind.code, kind.title) for kind in kinds().values()]


def given_here() -> list[tuple[str, str]]:
    """Kinds that a union may give itself, outside of any programme."""
    return [(kind.code, kind.title) for kind in kinds().values() if not kind.awarded]


def title_of(code: str) -> str:
    return kinds()[code].title if code in kinds() else code
