"""What a round freezes, and what follows from it. Pure: no ORM; the same snapshot gives the same ranking for ever.

A snapshot is plain JSON (texts, lists, objects): the rubric, the rule, the entries with what decides about them, and
every mark. Its SHA-256 over the canonical form is the round's fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.lifecycle.blueprints.vocabulary import SelectionRule
from portal.lifecycle.review.scoring import ABSTAINED, Criterion, EntryScore, Mark, ScoringRule, score_entry
from portal.lifecycle.selection.batch import Decided, Line, decide
from portal.lifecycle.selection.budget import allocate_budget
from portal.lifecycle.selection.outcomes import BudgetRule, Share
from portal.lifecycle.selection.quotas import Allocation, QuotaRule, allocate
from portal.lifecycle.selection.ranking import PANEL_VOTE, Candidate, Ranking, candidate_from_score, rank
from portal.lifecycle.selection.shadow import ShadowEntry, shadow_payload

FORMAT = 2  # 1 knew shares of the whole list only
ABSTAINED_TEXT = "abstained"


@dataclass(frozen=True)
class Result:
    """Everything that follows from a snapshot and what people settled; no scores where there were no marks."""

    scores: Mapping[str, EntryScore]
    ranking: Ranking
    allocation: Allocation


def canonical(snapshot: Mapping[str, Any]) -> str:
    """One text per content: sorted keys, no spaces, no escapes."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


# --- into JSON -----------------------------------------------------------------------------------------------------


def _text(value: Decimal | None) -> str | None:
    """Plain notation without superfluous zeros, so that equal numbers give equal fingerprints."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rule_to_json(
    criteria: Sequence[Criterion], rule: ScoringRule, quota: QuotaRule, *, by_track: bool
) -> dict[str, Any]:
    """The rubric and both rules as they stood."""
    return {
        "criteria": [
            {
                "code": c.code,
                "title": c.title,
                "max_score": _text(c.max_score),
                "weight": _text(c.weight),
                "floor_ratio": _text(c.floor_ratio),
                "core": c.core,
            }
            for c in criteria
        ],
        "scoring": {
            "trim_from": rule.trim_from,
            "trim_each": rule.trim_each,
            "places": rule.places,
            "outlier_distance": _text(rule.outlier_distance),
            "ties": list(rule.ties),
        },
        "quota": quota_to_json(quota),
        "by_track": by_track,
    }


def quota_to_json(quota: QuotaRule) -> dict[str, Any]:
    """Places, caps and binding shares as they stood."""
    return {
        "places": quota.places,
        "reserves": quota.reserves,
        "track_places": None if quota.track_places is None else dict(quota.track_places),
        "cap_per_nominating": quota.cap_per_nominating,
        "min_score": _text(quota.min_score),
        "cap_per_employer": quota.cap_per_employer,
        "shares": [
            {
                "code": s.code,
                "title": s.title,
                "at_least": _text(s.at_least),
                "at_most": _text(s.at_most),
                "base": s.base,
                "base_title": s.base_title,
            }
            for s in quota.shares
        ],
    }


def marks_to_json(marks: Sequence[Mark]) -> list[list[str]]:
    """(expert, criterion, value), sorted."""
    return sorted(
        [m.expert, m.criterion, ABSTAINED_TEXT if m.value is ABSTAINED else str(_text(m.value))] for m in marks
    )


# --- out of JSON ---------------------------------------------------------------------------------------------------


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def criteria_of(snapshot: Mapping[str, Any]) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            code=c["code"],
            title=c["title"],
            max_score=Decimal(c["max_score"]),
            weight=_number(c["weight"]),
            floor_ratio=_number(c["floor_ratio"]),
            core=c["core"],
        )
        for c in snapshot["rule"]["criteria"]
    )


def scoring_of(snapshot: Mapping[str, Any]) -> ScoringRule:
    rule = snapshot["rule"]["scoring"]
    return ScoringRule(
        trim_from=rule["trim_from"],
        trim_each=rule["trim_each"],
        places=rule["places"],
        outlier_distance=Decimal(rule["outlier_distance"]),
        ties=tuple(rule["ties"]),
    )


def quota_of(snapshot: Mapping[str, Any]) -> QuotaRule:
    quota = snapshot["rule"]["quota"]
    return QuotaRule(
        places=quota["places"],
        reserves=quota["reserves"],
        track_places=quota["track_places"],
        cap_per_nominating=quota["cap_per_nominating"],
        min_score=_number(quota["min_score"]),
        cap_per_employer=quota.get("cap_per_employer"),
        shares=tuple(_share(s) for s in quota.get("shares", ())),
    )


def _share(s: Mapping[str, Any]) -> Share:
    limits = _number(s["at_least"]), _number(s["at_most"])
    return Share(s["code"], s["title"], *limits, s.get("base", ""), s.get("base_title", ""))


def kind_of(snapshot: Mapping[str, Any]) -> str:
    """``batch`` and ``budget`` say so; everything else goes by places and minimum score."""
    return snapshot["rule"].get("kind", SelectionRule.PLACES)


def is_batch(snapshot: Mapping[str, Any]) -> bool:
    return kind_of(snapshot) == SelectionRule.BATCH


def is_budget(snapshot: Mapping[str, Any]) -> bool:
    return kind_of(snapshot) == SelectionRule.BUDGET


def goes_by_places(snapshot: Mapping[str, Any]) -> bool:
    """Places, places per track or a minimum score: a list chosen down the ranking."""
    return not is_batch(snapshot) and not is_budget(snapshot)


def has_marks(snapshot: Mapping[str, Any]) -> bool:
    return bool(snapshot["rule"]["criteria"])


def budget_of(snapshot: Mapping[str, Any]) -> BudgetRule:
    budget = snapshot["rule"]["budget"]
    return BudgetRule(Decimal(budget["total"]), _number(budget["cap"]), quota_of(snapshot).min_score)


def asked_of(snapshot: Mapping[str, Any]) -> dict[str, Decimal | None]:
    """What every entry asks for, in yuan."""
    return {e["code"]: _number(e.get("asked")) for e in snapshot["entries"]}


def marks_of(snapshot: Mapping[str, Any], code: str) -> list[Mark]:
    return [
        Mark(expert, criterion, ABSTAINED if value == ABSTAINED_TEXT else Decimal(value))
        for expert, criterion, value in snapshot["marks"].get(code, [])
    ]


def scores_of(snapshot: Mapping[str, Any]) -> dict[str, EntryScore]:
    """Every entry's score out of the frozen marks."""
    criteria, rule = criteria_of(snapshot), scoring_of(snapshot)
    return {
        e["code"]: score_entry(
            e["code"],
            criteria=criteria,
            experts=snapshot["assignments"].get(e["code"], []),
            marks=marks_of(snapshot, e["code"]),
            rule=rule,
            recused=snapshot["recused"].get(e["code"], []),
        )
        for e in snapshot["entries"]
    }


def settled_places(snapshot: Mapping[str, Any], settlements: Sequence[Mapping[str, Any]]) -> tuple[dict, dict]:
    """(vote, draw): the order people settled, as a vote of the panel where the rule knows one, else as the draw."""
    orders = [s for s in settlements if "outcome" not in s]
    places = {code: place for s in orders for place, code in enumerate(s["codes"], start=1)}
    return (places, {}) if PANEL_VOTE in scoring_of(snapshot).ties else ({}, places)


def compute(snapshot: Mapping[str, Any], settlements: Sequence[Mapping[str, Any]] = ()) -> Result:
    """Scores, ranking and outcome. Deterministic; never raises for ties."""
    scores = scores_of(snapshot) if has_marks(snapshot) else {}
    ranking = _ranking(snapshot, scores, settlements)
    if is_batch(snapshot):
        allocation = decide(_lines(snapshot, ranking), _decided(settlements), quota_of(snapshot))
    elif is_budget(snapshot):
        allocation = allocate_budget(ranking, budget_of(snapshot), asked_of(snapshot))
    else:
        allocation = allocate(ranking, quota_of(snapshot))
    return Result(scores, ranking, allocation)


def _lines(snapshot: Mapping[str, Any], ranking: Ranking) -> list[Line]:
    found = {r.candidate.code: r for r in ranking.ranked}
    return [
        Line(
            e["code"],
            e["eligible"],
            e["reason"],
            e["nominating"],
            e["track"],
            found[e["code"]].rank if e["code"] in found else None,
            found[e["code"]].candidate.total if e["code"] in found else None,
        )
        for e in snapshot["entries"]
    ]


def _decided(settlements: Sequence[Mapping[str, Any]]) -> dict[str, Decided]:
    """The last word about every line."""
    found: dict[str, Decided] = {}
    sequence = 0
    for settlement in settlements:
        if "outcome" not in settlement:
            continue
        for code in settlement["codes"]:
            sequence += 1
            found[code] = Decided(settlement["outcome"], settlement["reason"], settlement.get("order"), sequence)
    return found


def _ranking(
    snapshot: Mapping[str, Any], scores: Mapping[str, EntryScore], settlements: Sequence[Mapping[str, Any]]
) -> Ranking:
    """Those with marks in order; empty where there were none."""
    vote, draw = settled_places(snapshot, settlements)
    candidates: list[Candidate] = [
        candidate_from_score(
            scores[e["code"]],
            nominating=e["nominating"],
            track=e["track"],
            eligible=e["eligible"],
            reason=e["reason"],
            submitted=e["submitted"],
            vote=vote.get(e["code"]),
            draw=draw.get(e["code"]),
            employer=e.get("employer", ""),
            groups=e["groups"],
        )
        for e in snapshot["entries"]
        if e["code"] in scores
    ]
    return rank(candidates, scoring_of(snapshot).ties, by_track=snapshot["rule"]["by_track"])


def shadow_of(snapshot: Mapping[str, Any], settlements: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """What the second, independent implementation in SQL gets: the same frozen facts, nothing computed."""
    vote, draw = settled_places(snapshot, settlements)
    return shadow_payload(
        entries=[
            ShadowEntry(
                code=e["code"],
                eligible=e["eligible"],
                submitted=e["submitted"],
                vote=vote.get(e["code"]),
                draw=draw.get(e["code"]),
                track=e["track"],
            )
            for e in snapshot["entries"]
        ],
        criteria=criteria_of(snapshot),
        assignments=snapshot["assignments"],
        recused=snapshot["recused"],
        marks={e["code"]: marks_of(snapshot, e["code"]) for e in snapshot["entries"]},
        rule=scoring_of(snapshot),
        by_track=snapshot["rule"]["by_track"],
    )
