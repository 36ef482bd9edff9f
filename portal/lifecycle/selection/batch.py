"""一批: people decide line by line, with a reason; this only counts and numbers what they decided. Pure: no ORM."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.lifecycle.selection.outcomes import (
    NOT_SELECTED,
    RESERVE,
    SELECTED,
    UNDECIDED,
    Allocation,
    Outcome,
    QuotaRule,
    TieDecision,
)

OPEN, OVER, OVER_CAP = "open", "over", "over_cap"
"""Kinds of :class:`TieDecision` that lines and not an order must settle."""
NOT_YET = "待会议研究确定"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the list; ``rank`` and ``total`` only where there were marks."""

    code: str
    eligible: bool = True
    reason: str = ""
    nominating: str = ""
    track: str = ""
    rank: int | None = None
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What the meeting decided about an entry; ``order`` numbers reserves, without it they follow in ``sequence``."""

    outcome: str
    reason: str
    order: int | None = None
    sequence: int = 0


def decide(lines: Iterable[Line], decided: Mapping[str, Decided], rule: QuotaRule) -> Allocation:
    """One outcome per line, in the order of the lines. ``rule.places`` and the cap are upper limits, not aims.

    Ineligible lines are out whatever is decided about them. :attr:`Allocation.needs_decision` while a line is open or
    a limit is exceeded.
    """
    everyone = sorted(lines, key=lambda line: (line.rank is None, line.rank or 0, line.code))
    chosen = {line.code: decided.get(line.code) if line.eligible else None for line in everyone}
    reserves = sorted(
        (line.code for line in everyone if (c := chosen[line.code]) and c.outcome == RESERVE),
        key=lambda code: (chosen[code].order is None, chosen[code].order or 0, chosen[code].sequence, code),
    )
    outcomes, taken = [], 0
    for line in everyone:
        choice, order = chosen[line.code], None
        if choice is not None and choice.outcome == SELECTED:
            taken += 1
            order = taken
        elif choice is not None and choice.outcome == RESERVE:
            order = reserves.index(line.code) + 1
        outcomes.append(_outcome(line, choice, order))
    return Allocation(tuple(outcomes), tuple(_open_questions(outcomes, rule)))


def _outcome(line: Line, choice: Decided | None, order: int | None) -> Outcome:
    if not line.eligible:
        result, reason, cause = NOT_SELECTED, line.reason or "不符合参评条件", "ineligible"
    elif choice is None:
        result, reason, cause = UNDECIDED, NOT_YET, "open"
    else:
        result, reason, cause = choice.outcome, choice.reason, "decided"
    return Outcome(line.code, result, order, line.rank, reason, cause, line.nominating, line.track, line.total)


def _open_questions(outcomes: Iterable[Outcome], rule: QuotaRule) -> Iterable[TieDecision]:
    rows = list(outcomes)
    undecided = tuple(o.code for o in rows if o.result == UNDECIDED)
    selected = tuple(o.code for o in rows if o.result == SELECTED)
    if undecided:
        yield TieDecision(OPEN, undecided, 0, f"还有{len(undecided)}件没有议定结果")
    if rule.places is not None and len(selected) > rule.places:
        sentence = f"列为入选的有{len(selected)}件，超过上限{rule.places}件，须调整{len(selected) - rule.places}件"
        yield TieDecision(OVER, selected, rule.places, sentence)
    if rule.cap_per_nominating is None:
        return
    by_union = Counter(o.nominating for o in rows if o.result == SELECTED and o.nominating)
    for union, count in sorted(by_union.items()):
        if count > rule.cap_per_nominating:
            codes = tuple(o.code for o in rows if o.result == SELECTED and o.nominating == union)
            sentence = f"同一推荐单位列为入选的有{count}件，超过每家{rule.cap_per_nominating}件的上限"
            yield TieDecision(OVER_CAP, codes, rule.cap_per_nominating, sentence)
