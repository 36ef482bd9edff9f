"""From the live rows of a cycle to the frozen snapshot of a round (the only ORM part of ranking)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core.errors import Conflict
from portal.lifecycle.blueprints.conditions import condition_holds
from portal.lifecycle.blueprints.vocabulary import SelectionRule
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Track
from portal.lifecycle.programmes.queries import params_of, stage_of
from portal.lifecycle.review.results import load_marks
from portal.lifecycle.selection.quotas import QuotaRule
from portal.lifecycle.selection.snapshot import FORMAT, marks_to_json, rule_to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.lifecycle.blueprints.schema import Blueprint
    from portal.lifecycle.blueprints.stages import SelectionParams
    from portal.lifecycle.programmes.models import CycleStage


def quota_rule(stage: CycleStage, params: SelectionParams) -> QuotaRule:
    """Places and caps of the stage; per track the tracks of the cycle decide (they may have been amended)."""
    track_places = None
    if params.rule == SelectionRule.PLACES_PER_TRACK:
        track_places = {t.code: t.places or 0 for t in Track.objects.filter(cycle_id=stage.cycle_id)}
    return QuotaRule(
        places=None if params.rule == SelectionRule.THRESHOLD else params.places,
        reserves=params.reserves,
        track_places=track_places,
        cap_per_nominating=params.cap_per_nominating,
        min_score=params.min_score,
    )


def candidates(stage: CycleStage) -> Any:
    """Entries a round decides about, by code."""
    return (
        Entry.objects.filter(cycle_id=stage.cycle_id, state=EntryState.REVIEWED)
        .select_related("organisation", "nominating", "track")
        .order_by("code")
    )


def require_ready(stage: CycleStage) -> CycleStage:
    """The review stage whose marks count; Conflict while something is still being reviewed or nothing has been."""
    review = stage_of(stage.cycle, "review")
    if review is None or not params_of(review).rubric:
        raise Conflict("本届次没有按评分表评审的环节，不能按得分评选。", code="no_review")
    pending = Entry.objects.filter(cycle_id=stage.cycle_id, state=EntryState.IN_REVIEW).count()
    if pending:
        raise Conflict(f"还有{pending}件申报件在评审中，请先完成评审再产生评选结果。", code="in_review")
    return review


def freeze(stage: CycleStage, entries: Sequence[Entry]) -> dict[str, Any]:
    """The snapshot of these entries with their marks and the rules as they stand now."""
    review = require_ready(stage)
    params = params_of(stage)
    rules = stage.cycle.blueprint.rules
    loaded = load_marks(review, [e.pk for e in entries])
    quota = quota_rule(stage, params)
    rule = rule_to_json(loaded.criteria, loaded.rule, quota, by_track=quota.track_places is not None)
    return {
        "format": FORMAT,
        "cycle": {"id": stage.cycle_id, "title": str(stage.cycle), "blueprint": stage.cycle.blueprint.sha256},
        "stages": {"review": review.pk, "selection": stage.pk},
        "rule": rule,
        "entries": [_entry(e, rules) for e in entries],
        "assignments": {e.code: sorted(loaded.experts[e.pk]) for e in entries},
        "recused": {e.code: sorted(loaded.recused[e.pk]) for e in entries if loaded.recused[e.pk]},
        "marks": {e.code: marks_to_json(loaded.marks[e.pk]) for e in entries},
    }


def _entry(entry: Entry, rules: Blueprint) -> dict[str, Any]:
    """What decides about an entry besides its marks; ``groups`` are the structure ratios it counts for."""
    return {
        "code": entry.code,
        "id": entry.pk,
        "eligible": True,
        "reason": "",
        "nominating": entry.nominating.code if entry.nominating else "",
        "nominating_name": entry.nominating.label if entry.nominating else "",
        "track": entry.track.code if entry.track else "",
        "submitted": int(entry.submitted_at.timestamp() * 1_000_000) if entry.submitted_at else None,
        "groups": [
            r.code for r in rules.ratios if r.applies != "nomination" and condition_holds(r.when, entry.answers)
        ],
    }
