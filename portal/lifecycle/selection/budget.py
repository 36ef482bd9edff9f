"""在预算内择优: by rank until the money is spent; what does not fit is skipped, the next smaller one may. Pure: no ORM.

Amounts are yuan with at most two decimals. The approved sum is what was asked for, at most the cap of one entry; no entry
is given a part of it. Entries that the rules cannot tell apart are one group: a member is *sure* when it is given its sum
in whatever order the group is taken; the others are for people to put in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from portal.core.money import format_yuan, yuan_to_fen
from portal.lifecycle.selection.outcomes import (
    NOT_SELECTED,
    SELECTED,
    UNDECIDED,
    Allocation,
    BudgetRule,
    Outcome,
    TieDecision,
)
from portal.lifecycle.selection.ranking import Ranked, Ranking, ranking_key

EXACT_UP_TO = 16
"""Groups larger than this are not searched for sure members: everybody who may miss goes to the meeting."""


def approved_sum(asked: Decimal | None, rule: BudgetRule) -> Decimal | None:
    """What an entry would be given; None when it asks for nothing."""
    if asked is None or asked <= 0:
        return None
    return asked if rule.cap is None else min(asked, rule.cap)


def _can_miss(amount: int, others: Iterable[int], left: int) -> bool:
    """Whether some of the others, taken first, leave too little for ``amount`` (all in 分)."""
    sums = {0}
    for other in others:
        sums |= {total + other for total in sums if total + other <= left}
    return max(sums) > left - amount


@dataclass(slots=True)
class _Walk:
    rule: BudgetRule
    asked: Mapping[str, Decimal | None]
    left: int
    amounts: dict[str, Decimal] = field(default_factory=dict)
    found: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # code → (result, cause, reason)
    decisions: list[TieDecision] = field(default_factory=list)

    def take_group(self, group: Sequence[Ranked]) -> None:
        """One group of candidates that the rules cannot tell apart (mostly a single one)."""
        rivals = []
        for ranked in group:
            amount = self._amount(ranked)
            if amount is None:
                continue
            if yuan_to_fen(amount) > self.left:
                self._skip(ranked, amount)
            else:
                rivals.append((ranked, amount))
        sure = self._sure([yuan_to_fen(amount) for _ranked, amount in rivals])
        for (ranked, amount), is_sure in zip(rivals, sure, strict=True):
            if is_sure:
                self._give(ranked, amount)
        waiting = [pair for pair, is_sure in zip(rivals, sure, strict=True) if not is_sure]
        if waiting:
            self._undecided(waiting)

    def _sure(self, amounts: Sequence[int]) -> list[bool]:
        if sum(amounts) <= self.left:
            return [True] * len(amounts)
        if len(amounts) > EXACT_UP_TO:
            return [False] * len(amounts)
        return [
            not _can_miss(amount, [*amounts[:place], *amounts[place + 1 :]], self.left)
            for place, amount in enumerate(amounts)
        ]

    def _amount(self, ranked: Ranked) -> Decimal | None:
        """The sum the candidate is in the running for; None (and out) whatever the money."""
        candidate = ranked.candidate
        amount = approved_sum(self.asked.get(candidate.code), self.rule)
        bars = {
            "no_total": candidate.total is None and "没有有效总分，不予支持",
            "below_floor": candidate.below_floor,
            "below_minimum": self.rule.min_score is not None
            and candidate.total is not None
            and candidate.total < self.rule.min_score
            and f"总分{candidate.total:f}分，低于最低入选分{self.rule.min_score:f}分，不予支持",
            "no_amount": amount is None and "没有申请金额，不予支持",
        }
        for cause, reason in bars.items():
            if reason:
                self.found[candidate.code] = NOT_SELECTED, cause, str(reason)
                return None
        return amount

    def _give(self, ranked: Ranked, amount: Decimal) -> None:
        asked = self.asked[ranked.candidate.code]
        self.left -= yuan_to_fen(amount)
        self.amounts[ranked.candidate.code] = amount
        less = f"，申请{_yuan(asked)}元，按单项上限核定" if asked != amount else ""
        reason = f"按名次支持（第{ranked.rank}名），核定{_yuan(amount)}元{less}"
        self.found[ranked.candidate.code] = SELECTED, "selected", reason

    def _skip(self, ranked: Ranked, amount: Decimal) -> None:
        reason = f"第{ranked.rank}名，可核定{_yuan(amount)}元，剩余预算{format_yuan(self.left)}元不足，未列入"
        self.found[ranked.candidate.code] = NOT_SELECTED, "budget", reason

    def _undecided(self, waiting: Sequence[tuple[Ranked, Decimal]]) -> None:
        """Provisionally in the order of their codes; nothing below is final before people have put them in order."""
        left = self.left
        for ranked, amount in waiting:
            if yuan_to_fen(amount) <= self.left:
                self.left -= yuan_to_fen(amount)
            self.found[ranked.candidate.code] = (
                UNDECIDED,
                "tie",
                f"第{ranked.rank}名并列，剩余预算不能全部支持，待议定先后次序",
            )
        codes = tuple(ranked.candidate.code for ranked, _amount in waiting)
        sentence = (
            f"第{waiting[0][0].rank}名有{len(codes)}家并列，剩余预算{format_yuan(left)}元不能全部支持，须议定先后次序"
        )
        self.decisions.append(TieDecision("place", codes, 0, sentence))


def _yuan(amount: Decimal | None) -> str:
    return format_yuan(yuan_to_fen(amount if amount is not None else 0))


def allocate_budget(ranking: Ranking, rule: BudgetRule, asked: Mapping[str, Decimal | None]) -> Allocation:
    """One outcome per candidate, best first, with the approved sums; their total never exceeds the budget.

    ``asked`` are yuan by code. Never raises for ties: look at :attr:`Allocation.needs_decision`.
    """
    walk = _Walk(rule, asked, yuan_to_fen(rule.budget))
    for _, group in groupby(ranking.ranked, key=lambda r: ranking_key(r.candidate, ranking.ties)):
        walk.take_group(tuple(group))
    outcomes, order = [], 0
    for ranked in ranking.ranked:
        result, cause, reason = walk.found[ranked.candidate.code]
        order += result == SELECTED
        outcomes.append(_outcome(ranked, result, cause, reason, order if result == SELECTED else None))
    for candidate in ranking.ineligible:
        reason = candidate.reason or "不符合参评条件，不参加排序"
        outcomes.append(
            Outcome(
                candidate.code,
                NOT_SELECTED,
                None,
                None,
                reason,
                "ineligible",
                candidate.nominating,
                candidate.track,
                candidate.total,
            )
        )
    return Allocation(tuple(outcomes), tuple(walk.decisions), walk.amounts)


def _outcome(ranked: Ranked, result: str, cause: str, reason: str, order: int | None) -> Outcome:
    one = ranked.candidate
    return Outcome(one.code, result, order, ranked.rank, reason, cause, one.nominating, one.track, one.total)
