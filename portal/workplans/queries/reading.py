"""Plans, schemes and reports in the active scope."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from portal.workplans.models import (
    Plan,
    PlanTask,
    PlanYear,
    ProgressReport,
    Scheme,
    SchemeFile,
    SchemeLine,
    SchemeVersion,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


def plans() -> QuerySet[Plan]:
    return Plan.objects.select_related("owner").annotate(task_count=Count("tasks", distinct=True))


def tasks() -> QuerySet[PlanTask]:
    return PlanTask.objects.select_related("plan__owner")


def years() -> QuerySet[PlanYear]:
    return PlanYear.objects.select_related("plan__owner")


def schemes(*, now: dt.datetime) -> QuerySet[Scheme]:
    """With the number of lines whose report is overdue."""
    late = Q(lines__reports__reported_at=None, lines__reports__due_at__lte=now)
    return Scheme.objects.select_related("organisation", "year__plan__owner").annotate(
        late_reports=Count("lines__reports", filter=late, distinct=True)
    )


def lines() -> QuerySet[SchemeLine]:
    return SchemeLine.objects.select_related("task", "scheme__organisation", "scheme__year__plan__owner")


def reports() -> QuerySet[ProgressReport]:
    return ProgressReport.objects.select_related(
        "line__task", "line__scheme__organisation", "line__scheme__year__plan__owner", "reported_by"
    )


def files_of(scheme: Scheme) -> QuerySet[SchemeFile]:
    return SchemeFile.objects.filter(scheme=scheme, report=None, removed_at=None)


def evidence_of(report: ProgressReport) -> QuerySet[SchemeFile]:
    return SchemeFile.objects.filter(report=report, removed_at=None)


def files() -> QuerySet[SchemeFile]:
    return SchemeFile.objects.select_related("scheme__organisation", "scheme__year__plan__owner", "report")


def versions() -> QuerySet[SchemeVersion]:
    return SchemeVersion.objects.select_related(
        "scheme__organisation", "scheme__year__plan__owner", "submitted_by", "decided_by"
    )


def published(plan: Plan) -> QuerySet[SchemeVersion]:
    """Accepted versions that this desk may read: the federation all, a union its own, a unit its union's."""
    return (
        versions()
        .filter(scheme__year__plan=plan)
        .exclude(published_for=None)
        .order_by("-scheme__year__year", "scheme__organisation__path")
    )


def own_schemes(*, actor: Actor) -> QuerySet[Scheme]:
    return Scheme.objects.filter(organisation__path=actor.path).select_related("organisation", "year__plan")


def due_reports(*, actor: Actor, now: dt.datetime) -> QuerySet[ProgressReport]:
    """Own reports not filed of quarters that are over or end within the reporting period."""
    return (
        reports()
        .filter(line__scheme__organisation__path=actor.path, reported_at=None)
        .filter(due_at__lte=now + dt.timedelta(days=30))
    )
