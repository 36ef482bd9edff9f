"""Experts, panels, sheets and marks in any state; marks are written as they are given, nothing is made up."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import wraps
from typing import Any

from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.scoping import system_scope
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle, CycleStage
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.models import (
    Assignment,
    AssignmentState,
    DeclaredConflict,
    ExpertProfile,
    Panel,
    PanelMember,
    Score,
)
from tests.factories.entries import make_entry
from tests.factories.people import Tree, make_actor

_numbers = itertools.count(1)


def all_rows(function: Any) -> Any:
    """Factories work from tests that have entered a desk's scope, or none."""

    @wraps(function)
    def inside(*args: Any, **kwargs: Any) -> Any:
        with system_scope("factory"):
            return function(*args, **kwargs)

    return inside


CODES = "ACDEFGHJKLMNPQRTUVWXY346789"


@all_rows
def review_stage(cycle: Cycle) -> CycleStage:
    return CycleStage.objects.select_related("cycle__owner", "cycle__programme", "cycle__blueprint").get(
        cycle=cycle, kind="review"
    )


@all_rows
def make_expert(tree: Tree, name: str = "", *, unit: Organisation | None = None, **facts: Any) -> Actor:
    """A person with an expert's desk at the federation, in its pool."""
    actor = make_actor(tree.municipal, Role.EXPERT, name or f"专家{next(_numbers)}")
    ExpertProfile.objects.create(user=actor.user, owner=tree.municipal, unit=unit, **facts)
    return actor


@all_rows
def make_panel(
    cycle: Cycle, experts: Iterable[Actor] = (), *, name: str = "", due_at: dt.datetime | None = None, track: Any = None
) -> Panel:
    """A panel of the cycle's review stage; the first expert is its chair."""
    panel = Panel.objects.create(
        stage=review_stage(cycle), name=name or f"第{next(_numbers)}评审组", track=track, due_at=due_at
    )
    for number, actor in enumerate(experts):
        PanelMember.objects.create(panel=panel, expert=actor.user, is_chair=number == 0)
    return panel


def review_code() -> str:
    number, code = next(_numbers), ""
    for _ in range(6):
        number, rest = divmod(number, len(CODES))
        code += CODES[rest]
    return code


@all_rows
def make_entry_in_review(cycle: Cycle, actor: Actor, **fields: Any) -> Entry:
    """An entry under review with its code."""
    fields.setdefault("review_code", review_code())
    return make_entry(cycle, actor, fields.pop("state", EntryState.IN_REVIEW), **fields)


@all_rows
def assign(panel: Panel, entry: Entry, *experts: Actor, state: str = AssignmentState.OPEN) -> list[Assignment]:
    now = timezone.now()
    return [
        Assignment.objects.create(
            panel=panel,
            entry=entry,
            expert=actor.user,
            state=state,
            submitted_at=now if state == AssignmentState.SUBMITTED else None,
            recusal_reason="认识完成人" if state == AssignmentState.RECUSED else "",
        )
        for actor in experts
    ]


@all_rows
def mark(
    assignment: Assignment, marks: Mapping[str, str | int | Decimal | None] | Sequence[Any], *, submit: bool = True
) -> Assignment:
    """Writes marks by criterion, or in the order of the rubric; None = abstained."""
    rubric = params_of(assignment.panel.stage).rubric
    if not isinstance(marks, Mapping):
        marks = {c.code: value for c, value in zip(rubric, marks, strict=True)}
    for code, value in marks.items():
        Score.objects.update_or_create(
            assignment=assignment,
            criterion=code,
            defaults={"value": None if value is None else Decimal(str(value)), "abstained": value is None},
        )
    if submit:
        assignment.state, assignment.submitted_at = AssignmentState.SUBMITTED, timezone.now()
        assignment.save()
    return assignment


@all_rows
def mark_share(assignment: Assignment, share: Decimal | float, *, submit: bool = True) -> Assignment:
    """Every criterion at about ``share`` of its full mark, on its step."""
    marks = {}
    for criterion in params_of(assignment.panel.stage).rubric:
        step = criterion.step or Decimal("0.5")
        marks[criterion.code] = (criterion.max_score * Decimal(str(share)) / step).to_integral_value() * step
    return mark(assignment, marks, submit=submit)


@all_rows
def make_reviewed(
    cycle: Cycle, actor: Actor, panel: Panel, experts: Sequence[Actor], share: Decimal | float, **fields: Any
) -> Entry:
    """An entry that all experts marked alike, review completed."""
    entry = make_entry_in_review(cycle, actor, state=EntryState.REVIEWED, **fields)
    for assignment in assign(panel, entry, *experts):
        mark_share(assignment, share)
    return entry


@all_rows
def declare(expert: Actor, tree: Tree, organisation: Organisation) -> DeclaredConflict:
    return DeclaredConflict.objects.create(
        expert=expert.user,
        owner=tree.municipal,
        organisation=organisation,
        reason="曾在该单位任职",
        declared_at=timezone.now(),
    )
