"""Compute a round a second time, in SQL, and compare: any difference blocks the round.

``ranking.sql`` shares no code with ``scoring.py`` and ``ranking.py``; it reads the frozen data as one JSON parameter, so
that it can be run on a snapshot years later, with any PostgreSQL connection.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from portal.lifecycle.review.scoring import ABSTAINED, Criterion, EntryScore, Mark, ScoringRule
from portal.lifecycle.selection import plain
from portal.lifecycle.selection.outcomes import BudgetRule
from portal.lifecycle.selection.ranking import Ranking

SQL = Path(__file__).with_name("ranking.sql").read_text(encoding="utf-8")
UNPROVED = (
    "unproved"  # the second program could not be sure within its steps: people acknowledge it, nothing is blocked
)
BUDGET_SQL = Path(__file__).with_name("budget.sql").read_text(encoding="utf-8")


class Cursor(Protocol):
    """What Django's and psycopg2's cursors share."""

    def execute(self, sql: str, params: Any = None, /) -> Any: ...

    def fetchall(self) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True, slots=True)
class ShadowEntry:
    """The facts about an entry that are not marks; the same meaning as in ``ranking.Candidate``."""

    code: str
    eligible: bool = True
    track: str = ""
    submitted: int | None = None
    vote: int | None = None
    draw: int | None = None


@dataclass(frozen=True, slots=True)
class ShadowRow:
    """What SQL found for one entry; ``rank`` is ``None`` for ineligible entries."""

    code: str
    status: str
    total: Decimal | None
    median: Decimal | None
    core: Decimal | None
    below_floor: tuple[str, ...]
    rank: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Both implementations disagree about one figure; texts, so that the round can store them."""

    code: str
    field: str
    python: str
    sql: str


def shadow_payload(
    *,
    entries: Sequence[ShadowEntry],
    criteria: Sequence[Criterion],
    assignments: Mapping[str, Iterable[str]],
    marks: Mapping[str, Iterable[Mark]],
    recused: Mapping[str, Iterable[str]] | None = None,
    rule: ScoringRule | None = None,
    by_track: bool = False,
) -> dict[str, Any]:
    """The frozen data of a round as JSON: texts for numbers, everything sorted by code, so that its hash is stable.

    ``assignments``, ``recused`` and ``marks`` are keyed by entry code; recused experts may or may not be repeated in
    ``assignments``.
    """
    rule = rule or ScoringRule()
    gone = {(entry, expert) for entry, experts in (recused or {}).items() for expert in experts}
    assigned = gone | {(entry, expert) for entry, experts in assignments.items() for expert in experts}
    return {
        "rule": {
            "trim_from": rule.trim_from,
            "trim_each": rule.trim_each,
            "places": rule.places,
            "ties": list(rule.ties),
            "by_track": by_track,
        },
        "criteria": [_criterion_row(c) for c in criteria],
        "entries": [asdict(e) for e in sorted(entries, key=lambda e: e.code)],
        "assignments": [
            {"entry_code": entry, "expert_code": expert, "recused": (entry, expert) in gone}
            for entry, expert in sorted(assigned)
        ],
        "marks": [
            _mark_row(entry, mark)
            for entry in sorted(marks)
            for mark in sorted(marks[entry], key=lambda m: (m.expert, m.criterion))
        ],
    }


def _criterion_row(criterion: Criterion) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "max_score": str(criterion.max_score),
        "weight": None if criterion.weight is None else str(criterion.weight),
        "core": criterion.core,
        "floor_ratio": None if criterion.floor_ratio is None else str(criterion.floor_ratio),
    }


def _mark_row(entry: str, mark: Mark) -> dict[str, Any]:
    abstained = mark.value is ABSTAINED
    return {
        "entry_code": entry,
        "expert_code": mark.expert,
        "criterion_code": mark.criterion,
        "value": None if abstained else str(mark.value),
        "abstained": abstained,
    }


def run_shadow(cursor: Cursor, payload: Mapping[str, Any]) -> list[ShadowRow]:
    """Run ``ranking.sql`` on the payload; one row per entry, by code. Reads nothing from the database."""
    cursor.execute(SQL, {"payload": json.dumps(payload)})
    return [
        ShadowRow(code, status, total, median, core, tuple(below), position)
        for code, status, total, median, core, below, position in cursor.fetchall()
    ]


def run_budget_shadow(
    cursor: Cursor, rows: Iterable[ShadowRow], rule: BudgetRule, asked: Mapping[str, Decimal | None]
) -> dict[str, Decimal]:
    """Run ``budget.sql`` on what ``ranking.sql`` found: approved sums by code. Reads nothing from the database."""
    payload = {
        "budget": str(rule.budget),
        "cap": _text(rule.cap) or None,
        "min_score": _text(rule.min_score) or None,
        "entries": [
            {
                "code": row.code,
                "rank": row.rank,
                "total": _text(row.total) or None,
                "below_floor": bool(row.below_floor),
                "asked": _text(asked.get(row.code)) or None,
            }
            for row in rows
        ],
    }
    cursor.execute(BUDGET_SQL, {"payload": json.dumps(payload)})
    return dict(cursor.fetchall())


def overall(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The same payload, ranked over all tracks: places are given down one list, whatever list a rank is counted in."""
    return {**payload, "rule": {**payload["rule"], "by_track": False}}


def plain_selection(
    snapshot: Mapping[str, Any], rows: Iterable[ShadowRow], mine: Iterable[str] = ()
) -> tuple[set[str] | None, list[str]]:
    """Who is selected by the plain search on the overall ranks that SQL found, and of whom it could not be sure.

    ``mine`` is our list: it spares searches and decides nothing. Left-out entries that the search could not refuse for sure
    within its steps come second (``""``: whether a longer list exists). None when the search knows nothing at all. Meant
    for rounds without an open tie about a place; equal ranks that decide nothing follow each other by code.
    """
    quota = snapshot["rule"]["quota"]
    line = None if quota["min_score"] is None else Decimal(quota["min_score"])
    open_to = [
        r for r in rows if r.rank and r.total is not None and not r.below_floor and (line is None or r.total >= line)
    ]
    facts = {entry["code"]: entry for entry in snapshot["entries"]}
    try:
        ordered = [facts[row.code] for row in sorted(open_to, key=lambda r: (r.rank, r.code))]
        chosen, unproved = plain.recheck(ordered, quota, mine)
    except plain.TooHard:
        return None, []
    return set(chosen), unproved


def selection_differences(
    mine: Iterable[str], theirs: set[str] | None, unproved: Iterable[str] = ()
) -> list[Difference]:
    """Every entry that only one of the two programs selects, and those the second could not be sure of (``UNPROVED``).

    A second program that knows nothing leaves one unproved line without a code.
    """
    if theirs is None:
        return [Difference("", UNPROVED, "有", "未能核对")]
    mine = set(mine)
    doubts = [Difference(code, UNPROVED, "未入选" if code else "名单长度", "未能核对") for code in unproved]
    return doubts + [
        Difference(code, "outcome", "入选" if code in mine else "未入选", "入选" if code in theirs else "未入选")
        for code in sorted(mine ^ theirs)
    ]


def budget_differences(mine: Mapping[str, Decimal], theirs: Mapping[str, Decimal]) -> list[Difference]:
    """Every approved sum on which the two implementations differ."""
    return [
        Difference(code, "amount", _text(mine.get(code)), _text(theirs.get(code)))
        for code in sorted(mine.keys() | theirs.keys())
        if mine.get(code, 0) != theirs.get(code, 0)
    ]


def differences(scores: Mapping[str, EntryScore], ranking: Ranking, rows: Iterable[ShadowRow]) -> list[Difference]:
    """Every figure on which the two implementations differ; an empty list means that they agree completely.

    An entry that only one of them knows differs in the field ``entry``.
    """
    mine = {code: _figures(score, ranking) for code, score in scores.items()}
    theirs = {
        row.code: {
            "status": row.status,
            "total": _text(row.total),
            "median": _text(row.median),
            "core": _text(row.core),
            "below_floor": "、".join(sorted(row.below_floor)),
            "rank": _text(row.rank),
        }
        for row in rows
    }
    found = []
    for code in sorted(mine.keys() | theirs.keys()):
        if code not in mine or code not in theirs:
            found.append(Difference(code, "entry", "有" if code in mine else "无", "有" if code in theirs else "无"))
            continue
        found += [
            Difference(code, field, value, theirs[code][field])
            for field, value in mine[code].items()
            if value != theirs[code][field]
        ]
    return found


def _figures(score: EntryScore, ranking: Ranking) -> dict[str, str]:
    try:
        position: int | None = ranking.position(score.entry).rank
    except KeyError:
        position = None
    return {
        "status": str(score.status),
        "total": _text(score.total),
        "median": _text(score.median),
        "core": _text(score.core),
        "below_floor": "、".join(sorted(score.below_floor)),
        "rank": _text(position),
    }


def _text(value: Decimal | int | None) -> str:
    return "" if value is None else str(value)
