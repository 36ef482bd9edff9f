"""From the live rows of a cycle to the frozen snapshot of a round (the only ORM part of ranking)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core.errors import Conflict
from portal.core.money import MoneyError, fen_to_yuan, yuan_to_fen
from portal.lifecycle.blueprints.ratios import base_group, groups_of
from portal.lifecycle.blueprints.vocabulary import MARKING_METHODS, RatioAction, RatioScope, SelectionRule
from portal.lifecycle.clearance.guards import clearance_of
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Track
from portal.lifecycle.programmes.queries import params_of, stage_of
from portal.lifecycle.review.checklist.completeness import vetoed
from portal.lifecycle.review.results import StageMarks, load_marks
from portal.lifecycle.review.scoring import ScoringRule
from portal.lifecycle.review.seals import broken_seals
from portal.lifecycle.selection.outcomes import QuotaRule, Share
from portal.lifecycle.selection.snapshot import FORMAT, marks_to_json, rule_to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.lifecycle.blueprints.schema import Blueprint, Ratio
    from portal.lifecycle.blueprints.stages import SelectionParams
    from portal.lifecycle.programmes.models import CycleStage


BY_PLACES = (SelectionRule.PLACES, SelectionRule.PLACES_PER_TRACK)
"""Rules whose lists are chosen under the binding shares; elsewhere shares are shown and checked (docs/decisions/0010)."""


def quota_rule(stage: CycleStage, params: SelectionParams) -> QuotaRule:
    """Places, caps and binding shares of the stage; per track the tracks of the cycle decide (they may have been amended)."""
    track_places = None
    if params.rule == SelectionRule.PLACES_PER_TRACK:
        track_places = {t.code: t.places or 0 for t in Track.objects.filter(cycle_id=stage.cycle_id)}
    return QuotaRule(
        places=None if params.rule == SelectionRule.THRESHOLD else params.places,
        reserves=params.reserves,
        track_places=track_places,
        cap_per_nominating=params.cap_per_nominating,
        min_score=params.min_score,
        cap_per_employer=params.cap_per_employer,
        shares=binding_shares(stage.cycle.blueprint.rules) if params.rule in BY_PLACES else (),
    )


def binding_shares(rules: Blueprint) -> tuple[Share, ...]:
    """The structure ratios that a selection must keep, not only show."""
    return tuple(
        share_of(r) for r in rules.ratios if r.applies != RatioScope.NOMINATION and r.enforce == RatioAction.BLOCK
    )


def share_of(ratio: Ratio) -> Share:
    """A structure ratio as the selection counts it."""
    base = base_group(ratio)
    return Share(ratio.code, ratio.title, ratio.at_least, ratio.at_most, base, ratio.base_title if base else "")


def state_before(stage: CycleStage) -> EntryState:
    """Reviewed; recommended where nobody reviews; submitted where nobody recommends either."""
    if stage_of(stage.cycle, "review") is not None:
        return EntryState.REVIEWED
    return EntryState.SUBMITTED if stage_of(stage.cycle, "recommendation") is None else EntryState.RECOMMENDED


def candidates(stage: CycleStage) -> Any:
    """Entries a round decides about, by code: what the stage before it has brought forth."""
    return (
        Entry.objects.filter(cycle_id=stage.cycle_id, state=state_before(stage))
        .select_related("organisation", "nominating", "track")
        .order_by("code")
    )


def require_ready(stage: CycleStage) -> CycleStage | None:
    """The review stage whose marks count, None where nobody marks; Conflict while something is still being reviewed."""
    review = stage_of(stage.cycle, "review")
    marked = review is not None and params_of(review).method in MARKING_METHODS
    if not marked and params_of(stage).rule != SelectionRule.BATCH:
        raise Conflict("本届次没有打分的评审环节，不能按得分评选。", code="no_review")
    pending = Entry.objects.filter(cycle_id=stage.cycle_id, state=EntryState.IN_REVIEW).count()
    if pending:
        raise Conflict(f"还有{pending}件申报件在评审中，请先完成评审再产生评选结果。", code="in_review")
    return review if marked else None


def freeze(stage: CycleStage, entries: Sequence[Entry]) -> dict[str, Any]:
    """The snapshot of these entries with their marks and the rules as they stand now."""
    review = require_ready(stage)
    if review:
        _require_seals(review, entries)
    loaded = load_marks(review, [e.pk for e in entries]) if review else StageMarks((), ScoringRule())
    return snapshot_of(stage, entries, review, loaded)


def snapshot_of(
    stage: CycleStage, entries: Sequence[Entry], review: CycleStage | None, loaded: StageMarks
) -> dict[str, Any]:
    """The same with the marks given, also while the review is still going on (what-if, nothing is asked or written)."""
    params = params_of(stage)
    rules = stage.cycle.blueprint.rules
    quota = quota_rule(stage, params)
    rule = rule_to_json(loaded.criteria, loaded.rule, quota, by_track=quota.track_places is not None)
    rule |= _special(params)
    refused = uncleared(entries)
    if review:
        refused |= vetoed([e.pk for e in entries], params_of(review).checklist, loaded.findings)
    return {
        "format": FORMAT,
        "cycle": {"id": stage.cycle_id, "title": str(stage.cycle), "blueprint": stage.cycle.blueprint.sha256},
        "stages": {"review": review.pk if review else None, "selection": stage.pk},
        "rule": rule,
        "entries": [_entry(e, rules, refused.get(e.pk, "")) | _asked(e, params) for e in entries],
        "assignments": {e.code: sorted(loaded.experts[e.pk]) for e in entries},
        "recused": {e.code: sorted(loaded.recused[e.pk]) for e in entries if loaded.recused[e.pk]},
        "marks": {e.code: marks_to_json(loaded.marks[e.pk]) for e in entries},
    }


def _require_seals(review: CycleStage, entries: Sequence[Entry]) -> None:
    """Marks count only as they were sealed when their experts submitted them."""
    if broken := broken_seals(review, [e.pk for e in entries]):
        shown = "、".join(broken[:5])
        raise Conflict(f"有评分与专家提交时的封存值不一致（{shown}），不能产生评选结果，请立即报告。", code="seal")


def _special(params: SelectionParams) -> dict[str, Any]:
    """What only one rule knows; other rounds keep the form they always had."""
    if params.rule == SelectionRule.BATCH:
        return {"kind": str(params.rule)}
    if params.rule == SelectionRule.BUDGET:
        cap = None if params.amount_cap is None else str(params.amount_cap)
        return {"kind": str(params.rule), "budget": {"total": str(params.budget), "cap": cap}}
    return {}


def _asked(entry: Entry, params: SelectionParams) -> dict[str, Any]:
    """The sum asked for, as answered; None when the answer is no amount."""
    if params.rule != SelectionRule.BUDGET:
        return {}
    try:
        fen = yuan_to_fen(str(entry.answers.get(params.amount_field) or ""))
    except MoneyError:
        return {"asked": None}
    return {"asked": fen_to_yuan(fen)}


def uncleared(entries: Sequence[Entry]) -> dict[int, str]:
    """Why an entry cannot be selected: what of the clearance does not agree. Who was reviewed has passed it before."""
    return {
        entry.pk: decision.message
        for entry in entries
        if entry.state not in {EntryState.IN_REVIEW, EntryState.REVIEWED} and not (decision := clearance_of(entry))
    }


def _employer(entry: Entry) -> str:
    """Whom the cap per employer counts: the employer named, else the union that filed."""
    return f"e{entry.employer_id}" if entry.employer_id else f"o{entry.organisation_id}"


def _entry(entry: Entry, rules: Blueprint, refused: str) -> dict[str, Any]:
    """What decides about an entry besides its marks; ``groups`` are the structure ratios it counts for."""
    return {
        "code": entry.code,
        "id": entry.pk,
        "eligible": not refused,
        "reason": refused,
        "nominating": entry.nominating.code if entry.nominating else "",
        "nominating_name": entry.nominating.label if entry.nominating else "",
        "employer": _employer(entry),
        "track": entry.track.code if entry.track else "",
        "submitted": int(entry.submitted_at.timestamp() * 1_000_000) if entry.submitted_at else None,
        "groups": groups_of((r for r in rules.ratios if r.applies != RatioScope.NOMINATION), entry.answers),
    }
