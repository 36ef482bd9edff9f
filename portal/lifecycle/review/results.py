"""Marks of a review stage, loaded once and put together by the pure rule of ``scoring.py``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.models import Assignment, AssignmentState, Score
from portal.lifecycle.review.scoring import (
    ABSTAINED,
    Criterion,
    EntryScore,
    Mark,
    ScoringRule,
    rules_from_blueprint,
    score_entry,
)

if TYPE_CHECKING:
    from portal.lifecycle.programmes.models import CycleStage


def expert_key(expert_id: int) -> str:
    """How an expert is named in calculations and snapshots: never by person."""
    return str(expert_id)


@dataclass
class StageMarks:
    """Rubric, rule and marks; ``marks`` counts only submitted sheets (an open one is not in yet)."""

    criteria: tuple[Criterion, ...]
    rule: ScoringRule
    experts: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # entry → assigned, recused too
    recused: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    marks: dict[int, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    findings: dict[int, list[dict[str, Any]]] = field(default_factory=dict)  # sheet → items as they were, for what-if

    def score(self, entry_id: int, name: str = "") -> EntryScore:
        """The entry's score; ``incomplete`` while a sheet is still open."""
        return score_entry(
            name or str(entry_id),
            criteria=self.criteria,
            experts=self.experts[entry_id],
            marks=self.marks[entry_id],
            rule=self.rule,
            recused=self.recused[entry_id],
        )


def load_marks(stage: CycleStage, entry_ids: Iterable[int] | None = None) -> StageMarks:
    """Marks of ``stage`` (two queries), of all its entries or of those given."""
    criteria, rule = rules_from_blueprint(params_of(stage))
    loaded = StageMarks(criteria, rule)
    rows = Assignment.objects.filter(panel__stage=stage)
    if entry_ids is not None:
        rows = rows.filter(entry_id__in=list(entry_ids))
    owners: dict[int, tuple[int, str]] = {}
    for pk, entry_id, expert_id, state in rows.values_list("pk", "entry_id", "expert_id", "state"):
        expert = expert_key(expert_id)
        loaded.experts[entry_id].append(expert)
        if state == AssignmentState.RECUSED:
            loaded.recused[entry_id].append(expert)
        elif state == AssignmentState.SUBMITTED:
            owners[pk] = (entry_id, expert)
    known = {c.code for c in criteria}
    scores = Score.objects.filter(assignment__in=rows.filter(state=AssignmentState.SUBMITTED))
    for pk, code, value, abstained in scores.values_list("assignment_id", "criterion", "value", "abstained"):
        if pk in owners and code in known and (abstained or value is not None):
            entry_id, expert = owners[pk]
            loaded.marks[entry_id].append(Mark(expert, code, ABSTAINED if abstained else value))
    return loaded
