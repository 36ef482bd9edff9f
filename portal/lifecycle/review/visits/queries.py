"""Reading visits, always inside the active scope."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce

from portal.accounts.enums import Role
from portal.accounts.models import Membership, User
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.queries.board import count_of
from portal.lifecycle.review.visits.models import Conclusion, Visit, VisitPhoto, VisitState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
END_OF_DAY = dt.timedelta(hours=9)  # 17:00 in Tianjin, counted from the day as the database's UTC midnight


def visit_stages(*, actor: Actor) -> QuerySet[CycleStage]:
    """Review stages of this desk's cycles that have visits."""
    rows = CycleStage.objects.filter(kind="review", cycle__owner__path=actor.path, params__visit__isnull=False)
    return rows.exclude(params__visit=None).select_related("cycle__programme", "cycle__owner")


def visit_entries(stage: CycleStage) -> QuerySet[Entry]:
    """Entries that are to be visited or have been, with their visit."""
    return (
        Entry.objects.filter(Q(state=EntryState.IN_REVIEW) | Q(visit__isnull=False), cycle_id=stage.cycle_id)
        .select_related("organisation", "track", "cycle__owner", "visit")
        .prefetch_related("visit__visitors")
        .defer("answers", "route")
        .annotate(visit_state=Coalesce(F("visit__state"), Value("none")), visit_day=F("visit__planned_on"))
    )


def visits(*, actor: Actor) -> QuerySet[Visit]:
    """Visits of the cycles this desk runs."""
    rows = Visit.objects.filter(entry__cycle__owner__path=actor.path)
    return rows.select_related(
        "entry__organisation", "entry__cycle__owner", "entry__cycle__programme", "filed_by"
    ).prefetch_related("visitors", "photos")


def counted(stages: QuerySet[CycleStage]) -> QuerySet[CycleStage]:
    """Stages with how many visits are to be planned, to be filed and filed."""
    entries = Entry.objects.filter(cycle_id=OuterRef("cycle_id"), state=EntryState.IN_REVIEW)
    visits = Visit.objects.filter(entry__cycle_id=OuterRef("cycle_id"))
    return stages.annotate(
        unplanned=count_of(entries.filter(visit=None), "cycle_id"),
        planned=count_of(visits.filter(state=VisitState.PLANNED), "entry__cycle_id"),
        filed=count_of(visits.filter(state=VisitState.FILED), "entry__cycle_id"),
    )


def stages_to_plan(*, actor: Actor) -> QuerySet[CycleStage]:
    """Open stages that require visits, with how many entries nobody has planned to visit (``unplanned``)."""
    bare = Entry.objects.filter(cycle_id=OuterRef("cycle_id"), state=EntryState.IN_REVIEW, visit=None)
    rows = visit_stages(actor=actor).filter(status="open", params__visit__required=True)
    return rows.annotate(unplanned=count_of(bare, "cycle_id")).filter(unplanned__gt=0)


def visits_to_file(*, actor: Actor) -> QuerySet[Visit]:
    """Planned visits to entries still under review; ``work_day`` is 17:00 of the planned day, None when it is open."""
    rows = Visit.objects.filter(
        entry__cycle__owner__path=actor.path, entry__state=EntryState.IN_REVIEW, state=VisitState.PLANNED
    ).select_related("entry__organisation")
    day = ExpressionWrapper(Cast("planned_on", DateTimeField()) + END_OF_DAY, output_field=DateTimeField())
    return rows.defer("entry__answers", "entry__route").annotate(work_day=day)


def filed_visit(entry: Entry) -> Visit | None:
    """The filed record of an entry."""
    rows = Visit.objects.filter(entry=entry, state="filed").select_related("filed_by", "entry__cycle")
    return rows.prefetch_related("visitors", "photos").first()


def photos(*, actor: Actor) -> QuerySet[VisitPhoto]:
    """Pictures of this desk's visits."""
    rows = VisitPhoto.objects.filter(visit__entry__cycle__owner__path=actor.path)
    return rows.select_related("visit__entry__cycle__owner")


def review_stage(entry: Entry) -> CycleStage | None:
    """The review stage of the entry's cycle."""
    stages = CycleStage.objects.select_related("cycle__owner", "cycle__programme")
    return stages.filter(cycle_id=entry.cycle_id, kind="review").first()


def staff_of(actor: Actor) -> list[User]:
    """People of this desk's organisation who may be sent: its checkers and managers."""
    organisation = actor.desk.organisation_id if actor.desk else None
    rows = Membership.objects.filter(organisation_id=organisation, role__in=STAFF, is_active=True)
    return list(User.objects.filter(pk__in=rows.values("user_id"), is_active=True).order_by("name", "pk"))


def conclusions_of(cycle_id: int) -> dict[int, str]:
    """Entry → what its filed visit concluded, as people read it (one query); empty where nobody was visited."""
    rows = Visit.objects.filter(entry__cycle_id=cycle_id, state=VisitState.FILED).values_list("entry_id", "conclusion")
    return {entry: str(Conclusion(conclusion).label) for entry, conclusion in rows}
