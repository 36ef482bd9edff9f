"""How a project does: pure calculation over the last accepted report; limits in definitions/lights.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from competitions.projects.enums import Light, ProjectStatus

LIMITS_FILE = Path(__file__).resolve().parent / "definitions" / "lights.toml"


@dataclass(frozen=True, slots=True)
class Limits:
    """In percentage points behind the plan; ``yellow_over`` < ``red_over``."""

    yellow_over: Decimal
    red_over: Decimal
    accident_is_red: bool
    late_is_yellow: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What the light of a project depends on. ``planned`` and ``real`` are of the same, last accepted period."""

    status: str
    has_plan: bool
    planned: Decimal | None = None
    real: Decimal | None = None
    accidents: int = 0
    late_reports: int = 0
    is_closed: bool = False


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits in force. Raises ValueError when they are out of order."""
    data = tomllib.loads(LIMITS_FILE.read_text(encoding="utf-8"))
    found = Limits(
        Decimal(str(data["yellow_over"])), Decimal(str(data["red_over"])),
        data["accident_is_red"], data["late_is_yellow"],
    )  # fmt: skip
    if not Decimal(0) <= found.yellow_over < found.red_over:
        raise ValueError("yellow_over must lie below red_over")
    return found


def behind(planned: Decimal | None, real: Decimal | None) -> Decimal | None:
    """Percentage points behind the plan (negative = ahead); None before the first accepted report."""
    return None if planned is None or real is None else planned - real


def light_of(standing: Standing, found: Limits) -> Light:
    """The one light. Done and paused works are not measured; without a plan there is nothing to measure against."""
    if standing.is_closed or standing.status == ProjectStatus.FINISHED:
        return Light.DONE
    if standing.status == ProjectStatus.PAUSED:
        return Light.PAUSED
    if not standing.has_plan:
        return Light.NO_PLAN
    gap = behind(standing.planned, standing.real)
    if gap is not None and (gap > found.red_over or (found.accident_is_red and standing.accidents)):
        return Light.RED
    if (gap is not None and gap > found.yellow_over) or (found.late_is_yellow and standing.late_reports):
        return Light.YELLOW
    return Light.WAITING if gap is None else Light.GREEN
