"""How long a selection under several quotas takes, by both programs: the groups and shares of the honours' rules (domain.md 0.7)."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from portal.lifecycle.selection import plain
from portal.lifecycle.selection.outcomes import QuotaRule, Share
from portal.lifecycle.selection.quotas import allocate
from portal.lifecycle.selection.ranking import Candidate, rank
from portal.lifecycle.selection.snapshot import quota_to_json

SIZES, PLACES, UNIONS = (400, 5_000), 20, 30
# Group, its title, the percent that is wanted, and which part of the candidates belongs to it.
LEAST = (
    ("industrial", "产业工人", 35, 0.25), ("frontline", "其他一线职工", 20, 0.2), ("science", "科教人员", 20, 0.15),
    ("migrant", "农民工", 10, 0.08), ("nonpublic", "非公", 35, 0.3), ("key", "重点产业", 35, 0.3), ("women", "女职工", 20, 0.25),
)  # fmt: skip
MOST = (("leader", "企业负责人", 13, 0.2),)
PEOPLE, OF_PEOPLE = (
    0.6,
    {"industrial", "frontline", "science", "leader"},
)  # candidates who are people; shares of people only


@dataclass(frozen=True)
class Times:
    """Seconds of both programs; ``agree`` when they chose the same list."""

    candidates: int
    solver: float
    search: float
    agree: bool


def quota_case(size: int) -> tuple[list[Candidate], QuotaRule]:
    """Candidates with overlapping groups from many unions and employers, and a rule with eight shares and two caps.

    Four of the shares are of the people among the selected, four of the whole list.
    """
    rng = random.Random(size)  # noqa: S311 -- repeatable, not secret
    parts = {code: part for code, _title, _percent, part in (*LEAST, *MOST)}
    candidates = [
        Candidate(
            f"c{number:05d}",
            Decimal(size - number),
            nominating=f"u{rng.randrange(UNIONS)}",
            employer=f"e{rng.randrange(max(1, size // 3))}",
            groups=frozenset(code for code, part in parts.items() if rng.random() < part)
            | ({"person"} if rng.random() < PEOPLE else frozenset()),
        )
        for number in range(size)
    ]
    shares = [Share(code, title, at_least=Decimal(percent)) for code, title, percent, _part in LEAST]
    shares += [Share(code, title, at_most=Decimal(percent)) for code, title, percent, _part in MOST]
    shares = [replace(s, base="person", base_title="个人") if s.code in OF_PEOPLE else s for s in shares]
    return candidates, QuotaRule(PLACES, 5, None, 3, None, 1, tuple(shares))


def measure_selection(size: int) -> Times:
    candidates, rule = quota_case(size)
    ranking = rank(candidates)
    facts: list[dict[str, Any]] = [
        {
            "code": c.code,
            "nominating": c.nominating,
            "employer": c.employer,
            "track": c.track,
            "groups": sorted(c.groups),
        }
        for c in candidates
    ]
    started = time.perf_counter()
    chosen = [outcome.code for outcome in allocate(ranking, rule).selected]
    between = time.perf_counter()
    again, _unproved = plain.recheck(facts, quota_to_json(rule), chosen)
    return Times(size, between - started, time.perf_counter() - between, chosen == again)
