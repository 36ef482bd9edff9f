"""Files, contracts and drills in the active scope; figures by union."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Left

from competitions.growth.enums import DrillKind, MentorState
from competitions.growth.models import Drill, DrillImport, DrillResult, FilePurge, MentorMonth, Mentorship, WorkerFile
from competitions.rosters.enums import LIVING as ON_A_ROSTER
from competitions.rosters.models import Participation
from portal.accounts.models import Organisation

if TYPE_CHECKING:
    from django.db.models import QuerySet

SEGMENT = len("0000001/")  # one step of an organisation's path
ROSTER_CHOICES = 500


def files() -> QuerySet[WorkerFile]:
    """With the number of ``masters`` and ``apprentices`` a person has had, and of ``places`` in drills."""
    signed = ~Q(mentored__state=MentorState.DRAFT)
    led = ~Q(apprenticed__state=MentorState.DRAFT)
    return plain_files().annotate(
        masters=Count("mentored", filter=signed, distinct=True),
        apprentices=Count("apprenticed", filter=led, distinct=True),
        places=Count("results", distinct=True),
    )


def plain_files() -> QuerySet[WorkerFile]:
    return WorkerFile.objects.filter(purged_at=None).select_related("organisation")


def purges() -> QuerySet[FilePurge]:
    return FilePurge.objects.select_related("file", "organisation", "asked_by", "decided_by")


def people_on_rosters(path: str) -> list[Participation]:
    """Those on the unit's rosters, each person once, by name; the choices of a new file."""
    rows = Participation.objects.filter(roster__organisation__path=path, state__in=ON_A_ROSTER, worker__isnull=False)
    rows = rows.select_related("worker").order_by("worker_id", "-pk").distinct("worker_id")[:ROSTER_CHOICES]
    return sorted(rows, key=lambda row: row.worker.name)


def mentorships() -> QuerySet[Mentorship]:
    return Mentorship.objects.select_related("organisation", "mentor", "apprentice")


def listed_mentorships(today: dt.date) -> QuerySet[Mentorship]:
    """With the months ``due`` up to ``today``, those ``written`` and those ``overdue``."""
    live = Q(state=MentorState.ACTIVE)
    return mentorships().annotate(
        planned=Count("months"),
        written=Count("months", filter=Q(months__recorded_at__isnull=False)),
        overdue=Count("months", filter=live & Q(months__recorded_at=None, months__due_on__lt=today)),
    )


def months() -> QuerySet[MentorMonth]:
    return MentorMonth.objects.select_related(
        "mentorship__organisation", "mentorship__mentor", "mentorship__apprentice"
    )


def due_months(today: dt.date) -> QuerySet[MentorMonth]:
    """Records of running contracts whose month has begun and that nobody wrote."""
    return months().filter(mentorship__state=MentorState.ACTIVE, recorded_at=None, month__lte=today)


def mentor_figures(rows: QuerySet[Mentorship], today: dt.date) -> dict[str, Any]:
    """Numbers of contracts by state, and of overdue records; one query each."""
    found = rows.order_by().aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in MentorState.values}, all=Count("pk")
    )
    late = MentorMonth.objects.filter(
        mentorship__in=rows.order_by().values("pk"), mentorship__state=MentorState.ACTIVE, recorded_at=None,
        due_on__lt=today,
    )  # fmt: skip
    return found | {"overdue": late.count()}


def _by_union(rows: QuerySet, path: str, field: str, **figures: Any) -> list[dict[str, Any]]:
    """Figures for the unions next below ``path`` and the desk's own, in their order, each with ``union``."""
    steps = Left(F(field), len(path) + SEGMENT)
    lines = list(
        rows.order_by().annotate(union_path=steps).values("union_path").annotate(**figures).order_by("union_path")
    )
    unions = {o.path: o for o in Organisation.objects.filter(path__in=[line["union_path"] for line in lines])}
    return [line | {"union": unions.get(line["union_path"])} for line in lines]


def mentor_figures_by_union(rows: QuerySet[Mentorship], path: str, today: dt.date) -> list[dict[str, Any]]:
    late = Q(state=MentorState.ACTIVE, months__recorded_at=None, months__due_on__lt=today)
    states = {state: Count("pk", filter=Q(state=state), distinct=True) for state in MentorState.values}
    return _by_union(
        rows, path, "organisation__path", all=Count("pk", distinct=True), overdue=Count("months", filter=late), **states
    )


def of_year(year: int) -> QuerySet[Mentorship]:
    """Signed contracts whose term touches the year; drafts are nobody's contract yet."""
    rows = Mentorship.objects.exclude(state=MentorState.DRAFT)
    return rows.filter(starts_on__lte=dt.date(year, 12, 31), ends_on__gte=dt.date(year, 1, 1), signed_at__isnull=False)


def drills() -> QuerySet[Drill]:
    """With the number of ``placed`` workers and of ``proofs``."""
    return Drill.objects.select_related("organisation").annotate(
        placed=Count("results", distinct=True), proofs=Count("files", distinct=True)
    )


def results(drill: Drill) -> QuerySet[DrillResult]:
    return DrillResult.objects.filter(drill=drill).select_related("worker")


def imports() -> QuerySet[DrillImport]:
    return DrillImport.objects.select_related("drill__organisation", "uploaded_by")


def drills_of_year(year: int) -> QuerySet[Drill]:
    return Drill.objects.filter(starts_on__year=year)


DRILL_FIGURES = {
    "drills": Count("pk", filter=Q(kind=DrillKind.DRILL)),
    "matches": Count("pk", filter=Q(kind=DrillKind.MATCH)),
    "people": Sum("people"),
    "trades": Count("trade", distinct=True),
}


def drill_figures(rows: QuerySet[Drill]) -> dict[str, Any]:
    """Numbers of drills and matches, 参加人次 (``people``), different trades."""
    return rows.order_by().aggregate(**DRILL_FIGURES)


def drill_figures_by_union(rows: QuerySet[Drill], path: str) -> list[dict[str, Any]]:
    return _by_union(rows, path, "organisation__path", **DRILL_FIGURES)
