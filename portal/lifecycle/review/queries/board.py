"""The organiser's side: stages, pool, panels, progress, marks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Case, Count, DecimalField, Exists, F, Max, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from portal.accounts.enums import Role
from portal.accounts.models import Membership
from portal.lifecycle.blueprints.vocabulary import SHEET_METHODS
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.models import (
    Assignment,
    AssignmentState,
    DeclaredConflict,
    ExpertProfile,
    Panel,
    PanelMember,
    Score,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.lifecycle.blueprints.stages import ReviewParams

ACTIVE = [AssignmentState.OPEN, AssignmentState.SUBMITTED]


def count_of(rows: QuerySet, of: str) -> Any:
    """How many of ``rows`` (with an OuterRef in their filter) there are for each row; ``of`` is their key to it."""
    counted = rows.order_by().values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def review_stages(*, actor: Actor) -> QuerySet[CycleStage]:
    """Review stages of the cycles this desk runs, with entries and sheets counted."""
    entries = Entry.objects.filter(cycle_id=OuterRef("cycle_id"))
    sheets = Assignment.objects.filter(panel__stage_id=OuterRef("pk"))
    return (
        CycleStage.objects.filter(kind="review", cycle__owner__path=actor.path)
        .select_related("cycle__programme", "cycle__owner")
        .annotate(
            waiting=count_of(entries.filter(state=EntryState.RECOMMENDED), "cycle_id"),
            in_review=count_of(entries.filter(state=EntryState.IN_REVIEW), "cycle_id"),
            reviewed=count_of(entries.filter(state=EntryState.REVIEWED), "cycle_id"),
            sheets=count_of(sheets.filter(state__in=ACTIVE), "panel__stage_id"),
            submitted=count_of(sheets.filter(state=AssignmentState.SUBMITTED), "panel__stage_id"),
        )
    )


def review_entries(stage: CycleStage) -> QuerySet[Entry]:
    """Entries that wait for, are in, or have passed the review of this stage, with their sheets counted."""
    # Subqueries, not joins: they are computed for the rows of the page, however many entries the cycle has.
    own = Assignment.objects.filter(entry_id=OuterRef("pk"))
    counts = {
        "sheets": count_of(own.filter(state__in=ACTIVE), "entry_id"),
        "submitted": count_of(own.filter(state=AssignmentState.SUBMITTED), "entry_id"),
        "recused": count_of(own.filter(state=AssignmentState.RECUSED), "entry_id"),
    }
    states = [EntryState.RECOMMENDED, EntryState.IN_REVIEW, EntryState.REVIEWED]
    first = not any(s.kind == "recommendation" for s in stage.cycle.stages.all())
    if first:
        states.append(EntryState.SUBMITTED)
    return (
        Entry.objects.filter(cycle_id=stage.cycle_id, state__in=states)
        .select_related("organisation", "nominating", "track", "cycle__owner")
        .defer("answers")
        .annotate(**counts)
    )


def experts(*, actor: Actor) -> QuerySet[ExpertProfile]:
    """The pool of this desk's federation, with what each carries now and how many conflicts are declared."""
    sheets = Assignment.objects.filter(
        expert_id=OuterRef("user_id"), panel__stage__cycle__owner_id=OuterRef("owner_id")
    )
    conflicts = DeclaredConflict.objects.filter(expert_id=OuterRef("user_id"), owner_id=OuterRef("owner_id"))
    return (
        ExpertProfile.objects.filter(owner__path=actor.path)
        .select_related("user", "unit", "owner")
        .annotate(
            open_sheets=count_of(sheets.filter(state=AssignmentState.OPEN), "expert_id"),
            all_sheets=count_of(sheets.filter(state__in=ACTIVE), "expert_id"),
            conflicts=count_of(conflicts, "expert_id"),
        )
    )


def people_for_pool(*, actor: Actor) -> QuerySet[Membership]:
    """Staff with the role of expert at this desk's organisation who are not in the pool yet."""
    inside = ExpertProfile.objects.filter(user_id=OuterRef("user_id"), owner_id=OuterRef("organisation_id"))
    return (
        Membership.objects.filter(organisation__path=actor.path, role=Role.EXPERT, is_active=True, user__is_active=True)
        .exclude(Exists(inside))
        .select_related("user")
        .order_by("user__name", "pk")
    )


def conflicts_of(profile: ExpertProfile) -> QuerySet[DeclaredConflict]:
    return (
        DeclaredConflict.objects.filter(expert_id=profile.user_id, owner_id=profile.owner_id)
        .select_related("organisation", "owner")
        .order_by("-declared_at", "-pk")
    )


def panels_of(stage: CycleStage) -> QuerySet[Panel]:
    """Panels with members, sheets and how many are in."""
    sheets = Assignment.objects.filter(panel_id=OuterRef("pk"))
    members = PanelMember.objects.filter(panel_id=OuterRef("pk"))
    chair = members.filter(is_chair=True).values("expert__name")[:1]
    return (
        Panel.objects.filter(stage=stage, is_record=False)
        .select_related("track", "stage__cycle__owner")
        .annotate(
            member_count=count_of(members, "panel_id"),
            chair_name=Subquery(chair),
            sheets=count_of(sheets.filter(state__in=ACTIVE), "panel_id"),
            submitted=count_of(sheets.filter(state=AssignmentState.SUBMITTED), "panel_id"),
            recused=count_of(sheets.filter(state=AssignmentState.RECUSED), "panel_id"),
        )
        .order_by("track__position", "name", "pk")
    )


@dataclass(frozen=True)
class ExpertProgress:
    """How far an expert is in a stage; ``last`` = last mark or submission."""

    expert_id: int
    name: str
    panel: str
    done: int
    open: int
    recused: int
    due_at: dt.datetime | None
    last: dt.datetime | None

    @property
    def total(self) -> int:
        return self.done + self.open

    @property
    def pk(self) -> int:
        return self.expert_id


def expert_progress(stage: CycleStage) -> list[ExpertProgress]:
    """Experts of the stage, those with most open sheets first (one query)."""
    rows = (
        Assignment.objects.filter(panel__stage=stage)
        .values("expert_id", "expert__name", "panel__name", "panel__due_at")
        .annotate(
            done=Count("pk", filter=Q(state=AssignmentState.SUBMITTED)),
            open=Count("pk", filter=Q(state=AssignmentState.OPEN)),
            recused=Count("pk", filter=Q(state=AssignmentState.RECUSED)),
            last=Max("updated_at"),
        )
        .order_by("-open", "expert__name", "expert_id")
    )
    return [
        ExpertProgress(
            r["expert_id"], r["expert__name"], r["panel__name"], r["done"], r["open"], r["recused"],
            r["panel__due_at"] or stage.closes_at, r["last"] if r["done"] else None,
        )
        for r in rows
    ]  # fmt: skip


def panels(*, actor: Actor) -> QuerySet[Panel]:
    """Panels of the reviews this desk runs."""
    return Panel.objects.filter(stage__cycle__owner__path=actor.path, is_record=False).select_related(
        "track", "stage__cycle__owner", "stage__cycle__programme"
    )


def entries(*, actor: Actor) -> QuerySet[Entry]:
    """Entries of the cycles this desk runs that have come as far as the review."""
    rows = Entry.objects.filter(cycle__owner__path=actor.path).exclude(review_code="")
    return rows.select_related(
        "organisation", "nominating", "track", "cycle__owner", "cycle__programme"
    ).prefetch_related("cycle__stages")


def marked_entries(stage: CycleStage) -> QuerySet[Entry]:
    """Entries with at least one submitted sheet in this stage."""
    done = Assignment.objects.filter(entry_id=OuterRef("pk"), panel__stage=stage, state=AssignmentState.SUBMITTED)
    rows = Entry.objects.filter(Exists(done), cycle_id=stage.cycle_id)
    return rows.select_related("organisation", "nominating", "track").defer("answers", "route")


def conflicts(*, actor: Actor) -> QuerySet[DeclaredConflict]:
    """Conflicts declared at this desk's federation."""
    return DeclaredConflict.objects.filter(owner__path=actor.path).select_related("organisation", "owner")


def sheets_of_stage(stage: CycleStage) -> QuerySet[Assignment]:
    """Every sheet of the stage, recused ones too."""
    return Assignment.objects.filter(panel__stage=stage).select_related(
        "expert", "entry__organisation", "panel__stage__cycle__owner"
    )


def sheets(*, actor: Actor) -> QuerySet[Assignment]:
    """Sheets of the reviews this desk runs."""
    return Assignment.objects.filter(panel__stage__cycle__owner__path=actor.path).select_related(
        "expert", "entry", "panel__stage__cycle__owner"
    )


def criterion_means(stage: CycleStage) -> dict[str, Decimal]:
    """Plain mean of the submitted marks of each criterion (one query), for the chart."""
    rows = Score.objects.filter(
        assignment__panel__stage=stage, assignment__state=AssignmentState.SUBMITTED, value__isnull=False
    )
    return dict(rows.values_list("criterion").annotate(mean=Avg("value")).order_by("criterion"))


BINS = (("60分以下", 0, 60), ("60–70", 60, 70), ("70–80", 70, 80), ("80–90", 80, 90), ("90分以上", 90, 1000))


def sheet_distribution(stage: CycleStage, params: ReviewParams) -> list[tuple[str, int]]:
    """How many submitted sheets add up to how much (one query)."""
    factor = Case(
        *(When(criterion=c.code, then=Value(c.weight / c.max_score)) for c in params.rubric),
        default=Value(Decimal(0)),
        output_field=DecimalField(),
    )
    rows = Score.objects.filter(assignment__panel__stage=stage, assignment__state=AssignmentState.SUBMITTED)
    totals = rows.values("assignment_id").annotate(points=Sum(F("value") * factor, output_field=DecimalField()))
    counts = totals.aggregate(
        **{
            f"b{i}": Count("assignment_id", filter=Q(points__gte=low, points__lt=high))
            for i, (_t, low, high) in enumerate(BINS)
        }
    )
    return [(label, counts[f"b{i}"]) for i, (label, _low, _high) in enumerate(BINS)]


def entries_without_enough(stage: CycleStage, per_entry: int) -> QuerySet[Entry]:
    """Entries under review with fewer active sheets than the rule wants."""
    return (
        Entry.objects.filter(cycle_id=stage.cycle_id, state=EntryState.IN_REVIEW)
        .annotate(active=Count("assignments", filter=Q(assignments__state__in=ACTIVE)))
        .filter(active__lt=per_entry)
        .select_related("organisation", "track")
        .defer("answers")
        .order_by("active", "review_code")
    )


def stages_lacking_assignments(*, actor: Actor) -> QuerySet[CycleStage]:
    """Open review stages of this desk with entries that nobody reviews yet."""
    active = Assignment.objects.filter(entry_id=OuterRef("pk"), state__in=ACTIVE)
    bare = Entry.objects.filter(cycle_id=OuterRef("cycle_id"), state=EntryState.IN_REVIEW).exclude(Exists(active))
    return (
        CycleStage.objects.filter(
            kind="review", status="open", cycle__owner__path=actor.path, params__method__in=sorted(SHEET_METHODS)
        )
        .select_related("cycle__programme", "cycle__owner")
        .annotate(bare=count_of(bare, "cycle_id"))
        .filter(bare__gt=0)
    )


def stages_ready_to_complete(*, actor: Actor) -> QuerySet[CycleStage]:
    """Open review stages of this desk with entries whose sheets are all in or recused."""
    open_ones = Assignment.objects.filter(entry_id=OuterRef("pk"), state=AssignmentState.OPEN)
    done = Assignment.objects.filter(entry_id=OuterRef("pk"), state=AssignmentState.SUBMITTED)
    ready = Entry.objects.filter(cycle_id=OuterRef("cycle_id"), state=EntryState.IN_REVIEW)
    ready = ready.exclude(Exists(open_ones)).filter(Exists(done))
    return (
        CycleStage.objects.filter(kind="review", status="open", cycle__owner__path=actor.path)
        .select_related("cycle__programme", "cycle__owner")
        .annotate(ready=count_of(ready, "cycle_id"), due=F("closes_at"))
        .filter(ready__gt=0)
    )
