"""The marking page as data: what stands in each cell, as far as this judge may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from competitions.marking import queries
from competitions.marking.domain.entering import next_round
from competitions.marking.models import Aspect, Bench, Mark, SubCriterion
from competitions.marking.models.marks import MEASURED
from competitions.marking.scheme import plain
from competitions.marking.scoring import JUDGES, aspect_mark, must_discuss

EMPTY, WAITING, DISCUSS, RESCORE, AGREED = "empty", "waiting", "discuss", "rescore", "agreed"


def key_of(aspect: int, bench: int) -> str:
    return f"{aspect}:{bench}"


def cell_of(aspect: Aspect, marks: Iterable[Mark], seat: int | None) -> dict[str, Any]:
    """One cell. The scores of the others show only when all three of the round are in: nobody follows anybody."""
    by_seat = {mark.seat: mark for mark in marks}
    if not aspect.is_judged:
        there = by_seat.get(MEASURED)
        if there is None:
            return {"state": EMPTY}
        mark = aspect_mark(aspect.plain, there.value)
        return {"state": AGREED, "id": str(there.client_id), "figure": plain(there.value), "mark": plain(mark)}
    last = max((m.round for m in by_seat.values()), default=1)
    of_round = {n: m.score for n, m in by_seat.items() if m.round == last}
    found: dict[str, Any] = {"state": EMPTY, "round": next_round(by_seat), "entered": len(of_round)}
    mine = by_seat.get(seat) if seat else None
    if mine is not None:
        found |= {"id": str(mine.client_id), "figure": str(mine.score)}
    if len(of_round) == JUDGES:
        scores = [of_round[n] for n in sorted(of_round)]
        found |= {"scores": scores}
        if must_discuss(scores):
            return found | {"state": DISCUSS}
        return found | {"state": AGREED, "mark": plain(aspect_mark(aspect.plain, scores))}
    if mine is not None:
        found["state"] = WAITING if mine.round == last else RESCORE
    elif of_round and seat is None:
        found["state"] = WAITING
    return found


def cells_of(
    part: SubCriterion, aspects: Mapping[int, Aspect], seat: int | None, since: dt.datetime | None = None
) -> dict[str, Any]:
    """All cells in which something was entered (``since`` then)."""
    rows = queries.cells(part, since=since)
    return {key_of(a, b): cell_of(aspects[a], marks, seat) for (a, b), marks in rows.items() if a in aspects}


def aspect_data(aspect: Aspect) -> dict[str, Any]:
    rule = aspect.plain_rule
    return {
        "id": aspect.pk,
        "code": aspect.code,
        "title": aspect.title,
        "max": plain(aspect.max_mark),
        "judged": aspect.is_judged,
        "descriptions": list(aspect.descriptions),
        "rule": rule.kind if rule else "",
        "unit": rule.unit if rule else "",
        "low": plain(rule.low) if rule and rule.low is not None else "",
        "high": plain(rule.high) if rule and rule.high is not None else "",
        "hint": rule.words if rule else "",
    }


def bench_data(bench: Bench) -> dict[str, Any]:
    return {"id": bench.pk, "code": bench.code, "session": bench.session}
