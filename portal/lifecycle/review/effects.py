"""What entering the review does to an entry: it gets a random code by which experts know it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.blueprints.vocabulary import SHEET_METHODS, ReviewMethod
from portal.lifecycle.engine.registry import check, effect
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.models import Assignment, AssignmentState

if TYPE_CHECKING:
    from portal.lifecycle.engine.perform import Act

# Nothing that is mistaken for something else when read aloud or written by hand.
ALPHABET = "ACDEFGHJKLMNPQRTUVWXY346789"
CODE_LENGTH = 6


def random_review_code() -> str:
    """Six characters that say nothing about unit, time or order."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


@effect("begin_review")
def give_review_code(act: Act) -> None:
    """Unique in the cycle: the constraint is the last word, the look-up makes a clash improbable to begin with."""
    if act.entry.review_code:
        return
    while True:
        code = random_review_code()
        if not Entry.objects.filter(cycle_id=act.entry.cycle_id, review_code=code).exists():
            act.entry.review_code = code
            return


@check("begin_review")
def has_been_recommended(act: Act) -> Decision:
    """A submitted entry enters the review directly only where the programme has no recommendation stage."""
    if act.entry.state == EntryState.SUBMITTED and any(s.kind == "recommendation" for s in act.cycle.stages.all()):
        return refuse("not_recommended", "申报件还在逐级推荐中，完成推荐后才能进入评审。")
    return ALLOWED


@check("complete_review")
def everybody_has_marked(act: Act) -> Decision:
    """Missing marks block the total (domain.md 0.6). Methods without experts' sheets have checks of their own."""
    if act.params.get("method", ReviewMethod.RUBRIC_PANEL) not in SHEET_METHODS:
        return ALLOWED
    states = list(Assignment.objects.filter(entry=act.entry).values_list("state", flat=True))
    open_ones = states.count(AssignmentState.OPEN)
    if open_ones:
        return refuse("open_assignments", f"还有{open_ones}位专家没有提交评分。")
    if AssignmentState.SUBMITTED not in states:
        return refuse("no_marks", "还没有专家提交评分，请先分配评审任务。")
    return ALLOWED
