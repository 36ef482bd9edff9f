"""From what judges enter to marks and totals; pure, in Decimal. ``totals.sql`` does the same set-based (a test compares).

Judgement: the sum of three scores 0–3 over 9, times the maximum; scores that differ by more than one count for nothing
until the three have discussed and scored again (domain.md 2.4). Every aspect's mark is rounded half up to two places,
totals are sums of rounded marks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from competitions.marking.enums import RuleKind
from competitions.marking.scheme import CENT, WHOLE, Aspect, Rule, Scheme, plain

JUDGES = 3
TOP = 3  # the highest score of a judge
SPREAD = 1  # scores may differ by this much
NOTHING = Decimal(0)


class NotAgreed(ValueError):
    """Three scores that are not all there, or differ too much."""


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def must_discuss(scores: Sequence[int | None]) -> bool:
    """Whether three entered scores differ by more than one."""
    return len(scores) == JUDGES and None not in scores and max(scores) - min(scores) > SPREAD


def judgement_mark(scores: Sequence[int], maximum: Decimal) -> Decimal:
    """Raises NotAgreed without three scores of 0–3 that lie within one of another."""
    if len(scores) != JUDGES or any(not 0 <= s <= TOP for s in scores) or must_discuss(scores):
        raise NotAgreed(scores)
    return cents(sum(scores) * maximum / (JUDGES * TOP))


def measured_mark(rule: Rule, value: Decimal, maximum: Decimal) -> Decimal:
    """The mark of a measured value, from nothing to ``maximum``."""
    match rule.kind:
        case RuleKind.ALL:
            return cents(maximum if value == 1 else NOTHING)
        case RuleKind.BANDS:
            share = next((share for limit, share in rule.bands if abs(value - rule.target) <= limit), NOTHING)
            return cents(maximum * share / WHOLE)
        case RuleKind.LINEAR:
            mark = maximum * (rule.worst - value) / (rule.worst - rule.best)
        case _:
            mark = maximum - rule.step * value
    return cents(min(max(mark, NOTHING), maximum))


def value_problem(rule: Rule, value: Decimal) -> str:
    """Why this cannot have been measured, in words; empty when it can."""
    if rule.kind == RuleKind.ALL:
        return "" if value in {0, 1} else "请选择“达到”或“未达到”。"
    if rule.kind == RuleKind.DEDUCT and (value < 0 or value != value.to_integral_value()):
        return "请填写扣分的处数（非负整数）。"
    if rule.low is not None and value < rule.low:
        return f"低于可测范围（{plain(rule.low)}{rule.unit}起），请核对。"
    if rule.high is not None and value > rule.high:
        return f"高于可测范围（至{plain(rule.high)}{rule.unit}），请核对。"
    return ""


def aspect_mark(aspect: Aspect, entered: Sequence[int] | Decimal | None) -> Decimal | None:
    """The mark of one aspect: scores of the three, or the measured value; None while it is not settled."""
    if entered is None:
        return None
    if aspect.rule is not None:
        return measured_mark(aspect.rule, entered, aspect.max)
    try:
        return judgement_mark(entered, aspect.max)
    except NotAgreed:
        return None


def total(scheme: Scheme, entered: Mapping[str, Sequence[int] | Decimal | None]) -> tuple[Decimal, Decimal]:
    """Total of the settled aspects, and the marks that could be had in them (100 when everything is settled)."""
    marks = [(aspect, aspect_mark(aspect, entered.get(aspect.code))) for aspect in scheme.aspects]
    settled = [(aspect, mark) for aspect, mark in marks if mark is not None]
    return sum((m for _a, m in settled), NOTHING), sum((a.max for a, _m in settled), NOTHING)
