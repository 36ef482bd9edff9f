"""赛前培训 in figures: who of a contest's field finished what its host named, before the contest was held.

Contests know a citizen by the fingerprint of the bare number, completions carry the same one (``person_index``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from competitions.contests.enums import TAKING_PART, ContestState
from competitions.contests.models import Competitor, Contest
from competitions.learning.models import Completion, ContestTraining
from portal.core.scoping import system_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _learned() -> QuerySet[Completion]:
    """Completions of what was named for the competitor's contest, finished on a day before it (unscoped: see callers)."""
    named = ContestTraining.objects.filter(contest=OuterRef(OuterRef("contest"))).values("resource")
    return Completion.objects.filter(
        person_index=OuterRef("id_index"), resource__in=named, is_finished=True,
        finished_on__lt=OuterRef("contest__planned_on"),
    )  # fmt: skip


def contests() -> QuerySet[Contest]:
    """Contests in scope with ``named`` resources, the ``field`` taking part, and how many of it ``trained`` before."""
    with system_scope("how many of a field learned before the contest may be known to all who know the contest"):
        field = Competitor.objects.filter(contest=OuterRef("pk"), state__in=TAKING_PART).order_by()
        trained = field.filter(Exists(_learned()))
    count = {"n": Count("pk")}
    rows = Contest.objects.exclude(state=ContestState.CANCELLED).select_related("owner", "trade")
    return rows.annotate(
        named=Count("trainings", distinct=True),
        field=Coalesce(Subquery(field.values("contest").annotate(**count).values("n")), 0),
        trained=Coalesce(Subquery(trained.values("contest").annotate(**count).values("n")), 0),
    )


def named_for(contest: Contest) -> QuerySet[ContestTraining]:
    return ContestTraining.objects.filter(contest=contest).select_related("resource__owner", "contest__owner")


def trainings() -> QuerySet[ContestTraining]:
    return ContestTraining.objects.select_related("resource", "contest__owner")


def people(contest: Contest) -> QuerySet[Competitor]:
    """The competitors the desk sees, each with ``trained``: whether anything named was finished in time."""
    with system_scope("whether a competitor learned is told to those who see the competitor"):
        learned = Exists(_learned())
    rows = Competitor.objects.filter(contest=contest, state__in=TAKING_PART)
    return rows.select_related("delegation__organisation").annotate(trained=learned)


def hours(contest: Contest) -> Any:
    """Mean hours of training camp (集训学时) as the delegations declared them; None without competitors."""
    with system_scope("a mean of the whole field names nobody"):
        rows = Competitor.objects.filter(contest=contest, state__in=TAKING_PART)
        return rows.aggregate(n=Avg("training_hours", filter=Q(training_hours__gt=0)))["n"]
