"""Projects and what belongs to them, in the active scope; figures for lists are annotated, so a page costs few queries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from competitions.projects.enums import Light, PeriodState, ProjectStatus, TicketState
from competitions.projects.lights import Standing, light_of, limits
from competitions.projects.models import (
    CareVisit,
    KeyProject,
    Milestone,
    Participant,
    Period,
    ProjectFile,
    Scorecard,
    ScorecardDefinition,
    Ticket,
    Visit,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

OWED = (PeriodState.WAITING, PeriodState.RETURNED)


def projects(*, now: dt.datetime) -> QuerySet[KeyProject]:
    """With ``planned``, ``real``, ``gap``, ``accidents`` of the last accepted period, ``late_reports``, open and overdue
    tickets, the day of the last visit, and ``light`` – the same as ``lights.light_of`` (tests hold them together).
    """
    last = Period.objects.filter(project=OuterRef("pk"), state=PeriodState.ACCEPTED).order_by("-starts_on")
    late = Period.objects.filter(project=OuterRef("pk"), state__in=OWED, due_at__lte=now)
    tickets = Ticket.objects.filter(project=OuterRef("pk")).exclude(state=TicketState.CLOSED)
    visits = Visit.objects.filter(project=OuterRef("pk"), visited_on__isnull=False).order_by("-visited_on")
    cards = Scorecard.objects.filter(project=OuterRef("pk")).order_by("-scored_on", "-pk")
    rows = KeyProject.objects.select_related("owner", "reporter").annotate(
        planned=Subquery(last.values("planned")[:1]),
        real=Subquery(last.values("percent")[:1]),
        accidents=Coalesce(Subquery(last.values("accidents")[:1]), 0),
        late_reports=_count(late),
        open_tickets=_count(tickets),
        overdue_tickets=_count(tickets.filter(due_at__lte=now, state=TicketState.OPEN)),
        last_visit=Subquery(visits.values("visited_on")[:1]),
        score=Subquery(cards.values("total")[:1]),
    )
    return rows.annotate(gap=F("planned") - F("real")).annotate(light=_light())


def open_projects(actor: Actor) -> QuerySet[KeyProject]:
    """Projects whose daily work goes on: what a form that asks for a project may name, inside the active scope."""
    return KeyProject.objects.filter(closed_at=None, archived_at=None)


def search(*, actor: Actor, text: str, limit: int) -> list[KeyProject]:
    """Suggestions for what was typed: name, number, code or the firms; the newest first."""
    rows = open_projects(actor)
    for word in text.split():
        found = Q(name__icontains=word) | Q(number__icontains=word) | Q(approval_code__icontains=word)
        rows = rows.filter(found | Q(client__icontains=word) | Q(contractor__icontains=word))
    return list(rows.select_related("owner").order_by("-number")[:limit])


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("project").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _light() -> Case:
    found = limits()
    red, yellow = Q(gap__gt=found.red_over), Q(gap__gt=found.yellow_over)
    if found.accident_is_red:
        red |= Q(gap__isnull=False, accidents__gt=0)
    if found.late_is_yellow:
        yellow |= Q(late_reports__gt=0)
    return Case(
        When(Q(closed_at__isnull=False) | Q(status=ProjectStatus.FINISHED), then=Value(Light.DONE.value)),
        When(status=ProjectStatus.PAUSED, then=Value(Light.PAUSED.value)),
        When(plan_filed_at=None, then=Value(Light.NO_PLAN.value)),
        When(red, then=Value(Light.RED.value)),
        When(yellow, then=Value(Light.YELLOW.value)),
        When(gap=None, then=Value(Light.WAITING.value)),
        default=Value(Light.GREEN.value),
        output_field=TextField(),
    )


def standing_of(project: Any) -> Standing:
    """The figures of an annotated project, as the pure calculation takes them."""
    return Standing(
        status=project.status, has_plan=project.has_plan, planned=project.planned, real=project.real,
        accidents=project.accidents, late_reports=project.late_reports, is_closed=project.closed_at is not None,
    )  # fmt: skip


def light(project: Any) -> Light:
    return light_of(standing_of(project), limits())


# Worst first: what a wall and a list sorted by light show at the top.
SEVERITY = (Light.RED, Light.YELLOW, Light.NO_PLAN, Light.WAITING, Light.GREEN, Light.PAUSED, Light.DONE)


def by_severity(rows: QuerySet) -> QuerySet:
    order = Case(*[When(light=name.value, then=Value(n)) for n, name in enumerate(SEVERITY)], default=Value(99))
    return rows.annotate(severity=order)


def coverage(rows: QuerySet) -> tuple[int, int]:
    """重点工程竞赛率: projects under construction with a filed plan, and all under construction (domain.md 16)."""
    running = rows.filter(status__in=(ProjectStatus.BUILDING, ProjectStatus.PAUSED), closed_at=None)
    found = running.aggregate(filed=Count("pk", filter=Q(plan_filed_at__isnull=False)), total=Count("pk"))
    return found["filed"], found["total"]


def periods() -> QuerySet[Period]:
    return Period.objects.select_related("project__owner", "project__reporter", "reported_by", "decided_by")


def curve(project: KeyProject) -> list[tuple[str, Decimal, Decimal | None]]:
    """Label, planned and – where it was accepted – real percent of every period."""
    rows = Period.objects.filter(project=project).order_by("starts_on")
    return [(p.label, p.planned, p.percent if p.state == PeriodState.ACCEPTED else None) for p in rows]


def tickets() -> QuerySet[Ticket]:
    return Ticket.objects.select_related(
        "project__owner", "project__reporter", "responsible", "holder__parent", "raised_by"
    )


def visits() -> QuerySet[Visit]:
    return Visit.objects.select_related("project__owner", "project__reporter", "organisation").annotate(
        photos=Count("files")
    )


def care_visits() -> QuerySet[CareVisit]:
    return CareVisit.objects.select_related("project__owner", "project__reporter", "organisation", "entered_by")


def scorecards() -> QuerySet[Scorecard]:
    return Scorecard.objects.select_related(
        "project__owner", "project__reporter", "definition", "organisation", "scored_by"
    )


def definitions() -> QuerySet[ScorecardDefinition]:
    return ScorecardDefinition.objects.order_by("code", "-version")


def newest_definition() -> ScorecardDefinition | None:
    """The version new cards are marked under."""
    return ScorecardDefinition.objects.order_by("-loaded_at", "-version").first()


def participants(project: KeyProject) -> QuerySet[Participant]:
    return Participant.objects.filter(project=project).select_related("organisation")


def milestones() -> QuerySet[Milestone]:
    return Milestone.objects.select_related("project__owner", "project__reporter")


def files() -> QuerySet[ProjectFile]:
    return ProjectFile.objects.select_related("project__owner", "project__reporter")


def all_participants() -> QuerySet[Participant]:
    return Participant.objects.select_related("project__owner", "project__reporter", "organisation")
