"""Re-markings of this desk's reviews, and what one of them does to the list."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.models import AssignmentState
from portal.lifecycle.review.provisional import Standing, standings
from portal.lifecycle.review.remarking.models import RemarkedSheet, Remarking
from portal.lifecycle.review.results import StageMarks, expert_key, load_marks
from portal.lifecycle.review.scoring import ABSTAINED, Mark
from portal.lifecycle.review.seals import ABSTAINED as ABSTAINED_TEXT

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.lifecycle.programmes.models import CycleStage

NOWHERE = Standing(None, "")


def remarkings(*, actor: Actor) -> QuerySet[Remarking]:
    """With how many sheets they have and how many are in again."""
    rows = Remarking.objects.filter(stage__cycle__owner__path=actor.path)
    return rows.select_related("stage__cycle__owner", "stage__cycle__programme", "opened_by", "decided_by").annotate(
        total=Count("sheets"),
        done=Count("sheets", filter=~Q(sheets__assignment__state=AssignmentState.OPEN)),
    )


def remarkings_of(stage: CycleStage) -> QuerySet[Remarking]:
    rows = Remarking.objects.filter(stage=stage).select_related("opened_by", "decided_by")
    return rows.annotate(
        total=Count("sheets"), done=Count("sheets", filter=~Q(sheets__assignment__state=AssignmentState.OPEN))
    )


def old_marks(sheet: RemarkedSheet) -> list[list[str]]:
    """(criterion, mark) pairs as they stood; ``abstained`` instead of a number."""
    stored = json.loads(sheet.old_marks)
    return stored["marks"] if isinstance(stored, dict) else stored


def old_items(sheet: RemarkedSheet) -> list[dict[str, Any]]:
    """Findings of a checklist as they stood: item, value, found, comment; none on sheets of other kinds."""
    stored = json.loads(sheet.old_marks)
    return stored["items"] if isinstance(stored, dict) else []


def effect_of(remarking: Remarking) -> list[dict[str, Any]]:
    """Old and new standing of every entry of the set and of every other whose standing changes, by new rank.

    While sheets are open their entries have no new total; frozen in ``Remarking.effect`` once decided.
    """
    stage = remarking.stage
    sheets = list(RemarkedSheet.objects.filter(remarking=remarking).select_related("assignment"))
    after = load_marks(stage)
    before = _with_old(after, sheets)
    before.findings = {sheet.assignment_id: old_items(sheet) for sheet in sheets}
    old, new = standings(stage, before), standings(stage, after)
    inside = {sheet.assignment.entry_id for sheet in sheets}
    shown = inside | {pk for pk in old.keys() & new.keys() if _moved(old[pk], new[pk])}
    rows = Entry.objects.filter(pk__in=shown).values_list("pk", "code", "review_code", "title")
    found = [
        {
            "entry": pk, "code": code, "review_code": review_code, "title": title, "inside": pk in inside,
            "old": asdict(old.get(pk, NOWHERE)), "new": asdict(new.get(pk, NOWHERE)),
        }
        for pk, code, review_code, title in rows
    ]  # fmt: skip
    return sorted(found, key=lambda r: (r["new"]["rank"] is None, r["new"]["rank"] or r["old"]["rank"] or 0, r["code"]))


def _moved(old: Standing, new: Standing) -> bool:
    return (old.rank, old.outcome) != (new.rank, new.outcome)


def _with_old(marks: StageMarks, sheets: list[RemarkedSheet]) -> StageMarks:
    """The stage's marks with the sheets of the set as they were."""
    found = copy.deepcopy(marks)
    for sheet in sheets:
        entry, expert = sheet.assignment.entry_id, expert_key(sheet.assignment.expert_id)
        kept = [mark for mark in found.marks[entry] if mark.expert != expert]
        found.marks[entry] = kept + [
            Mark(expert, code, ABSTAINED if text == ABSTAINED_TEXT else Decimal(text))
            for code, text in old_marks(sheet)
        ]
        if expert in found.recused[entry]:
            found.recused[entry].remove(expert)
    return found
