"""Resources, completions and what they add up to, in the active scope."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Left

from competitions.learning.calculations import ranks, rate_of
from competitions.learning.enums import Reach, ResourceKind, ResourceState, Theme
from competitions.learning.models import (
    Completion,
    CompletionImport,
    LearningDoor,
    PointsProof,
    QuizAttempt,
    QuizQuestion,
    TrainingResource,
)
from competitions.rosters.counting import employers
from portal.accounts.models import Organisation
from portal.core.scoping import path_prefixes, system_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

SEGMENT = len("0000001/")  # one step of an organisation's path
DONE = Q(completions__is_finished=True)


def resources() -> QuerySet[TrainingResource]:
    """Resources with ``learners`` (people who finished them, each once) and ``unions`` (how many unions' people did).

    Counted are the completions the desk sees.
    """
    return TrainingResource.objects.select_related("owner", "published_by").annotate(
        learners=Count("completions__id_index", filter=DONE, distinct=True),
        unions=Count("completions__organisation", filter=DONE, distinct=True),
    )


def plain_resources() -> QuerySet[TrainingResource]:
    return TrainingResource.objects.select_related("owner")


def public_resources(today: dt.date) -> QuerySet[TrainingResource]:
    """What everybody may learn from; a right that ran out takes the resource off at once, without anybody's doing."""
    rows = plain_resources().filter(state=ResourceState.PUBLISHED, reach=Reach.EVERYBODY)
    return rows.filter(Q(rights_until=None) | Q(rights_until__gte=today))


def expiring(*, until: dt.date) -> QuerySet[TrainingResource]:
    """Published resources whose right ends on or before ``until``."""
    return plain_resources().filter(state=ResourceState.PUBLISHED, rights_until__lte=until)


def completions() -> QuerySet[Completion]:
    return Completion.objects.select_related("organisation", "resource")


def imports() -> QuerySet[CompletionImport]:
    return CompletionImport.objects.select_related("organisation", "uploaded_by")


def completions_of(id_index: str) -> QuerySet[Completion]:
    """All completions of one person that the desk sees, newest first; ``id_index`` as in the register of workers."""
    return completions().filter(id_index=id_index).order_by("-finished_on", "-pk")


def figures(rows: QuerySet) -> dict[str, Any]:
    """人次 (``times``) and people of finished courses, their hours; ``all`` is what was begun, finished or not."""
    done = Q(is_finished=True)
    return rows.order_by().aggregate(
        all=Count("pk"), times=Count("pk", filter=done), people=Count("id_index", filter=done, distinct=True),
        hours=Sum("hours", filter=done),
    )  # fmt: skip


def of_year(year: int) -> QuerySet[Completion]:
    return Completion.objects.filter(finished_on__year=year)


def figures_by_union(rows: QuerySet, path: str) -> list[dict[str, Any]]:
    """The figures for each union next below ``path`` (and the desk's own), in their order, each with ``union``.

    Somebody who learned under two unions counts at both; the total counts them once.
    """
    done = Q(is_finished=True)
    found = (
        rows.order_by()
        .annotate(union_path=Left(F("organisation__path"), len(path) + SEGMENT))
        .values("union_path")
        .annotate(
            all=Count("pk"), times=Count("pk", filter=done), people=Count("id_index", filter=done, distinct=True),
            hours=Sum("hours", filter=done),
        )
        .order_by("union_path")
    )  # fmt: skip
    lines = list(found)
    unions = {o.path: o for o in Organisation.objects.filter(path__in=[line["union_path"] for line in lines])}
    return [line | {"union": unions.get(line["union_path"])} for line in lines]


def share(part: int, whole: int) -> str:
    """``part`` of ``whole`` in per cent with one digit; “—” without anything to divide by."""
    return f"{part * 100 / whole:.1f}%" if whole else "—"


def heads_by_union(path: str, year: int) -> dict[str, int]:
    """Employees of the newest year up to ``year``, by the union next below ``path``; what nobody said is not there."""
    step = Left(F("organisation__path"), len(path) + SEGMENT)
    rows = employers(path, year).annotate(step=step).order_by().values("step").annotate(n=Sum("heads"))
    return {row["step"]: row["n"] for row in rows if row["n"]}


def ranking(rows: QuerySet, path: str, year: int) -> list[dict[str, Any]]:
    """``figures_by_union`` with ``heads``, ``reached`` (people ÷ employees, per cent) and ``place`` by it, best first.

    A union whose employees nobody reported has no rate and no place, and stands last: sums would rank by size.
    """
    heads = heads_by_union(path, year)
    lines = figures_by_union(rows, path)
    seen = {line["union_path"] for line in lines}
    silent = [found for found in heads if found not in seen]
    unions = {o.path: o for o in Organisation.objects.filter(path__in=silent)}
    empty = {"all": 0, "times": 0, "people": 0, "hours": None}
    lines += [empty | {"union_path": p, "union": unions.get(p)} for p in sorted(silent)]
    shares = [(line["people"], heads.get(line["union_path"], 0)) for line in lines]
    for line, share, place in zip(lines, shares, ranks(shares), strict=True):
        line |= {"heads": share[1] or None, "reached": rate_of(*share), "place": place}
    return sorted(lines, key=lambda line: (line["place"] is None, line["place"] or 0, line["union_path"]))


def figures_by_theme(rows: QuerySet) -> list[dict[str, Any]]:
    """Finished courses, people and hours by the theme of the resource; courses without a resource are of no theme."""
    done = Q(is_finished=True)
    found = (
        rows.exclude(resource=None).order_by().values("resource__theme").annotate(
            times=Count("pk", filter=done), people=Count("id_index", filter=done, distinct=True),
            hours=Sum("hours", filter=done),
        )
    )  # fmt: skip
    by = {row["resource__theme"]: row for row in found}
    return [by[value] | {"label": label} for value, label in Theme.choices if value in by]


def questions(resource: TrainingResource) -> QuerySet[QuizQuestion]:
    return QuizQuestion.objects.filter(resource=resource)


def all_questions() -> QuerySet[QuizQuestion]:
    return QuizQuestion.objects.select_related("resource__owner")


def attempt_figures(resource: TrainingResource) -> dict[str, int]:
    """Tries, people, and people who passed – as far as the desk sees them."""
    rows = QuizAttempt.objects.filter(resource=resource).order_by()
    return rows.aggregate(
        tries=Count("pk"), people=Count("id_index", distinct=True),
        passed=Count("id_index", distinct=True, filter=Q(passed=True)),
    )  # fmt: skip


def attempt(pk: int) -> QuizAttempt | None:
    with system_scope("the signed address names one try of the worker who holds it"):
        return QuizAttempt.objects.select_related("resource", "organisation").filter(pk=pk).first()


def door_of(path: str) -> LearningDoor | None:
    return LearningDoor.objects.select_related("organisation").filter(organisation__path=path).first()


def doors() -> QuerySet[LearningDoor]:
    return LearningDoor.objects.select_related("organisation")


def by_token(token: str) -> LearningDoor | None:
    """The open door of an address; None for a wrong, renewed or closed one."""
    with system_scope("the unit's own address names the unit"):
        rows = LearningDoor.objects.select_related("organisation")
        return rows.filter(token=token, is_open=True, organisation__is_active=True).first()


def offered_at(door: LearningDoor, today: dt.date) -> list[TrainingResource]:
    """What workers of the door's unit learn from: published for its tree, the right still holding; quizzes first."""
    with system_scope("a unit's workers find what its union finds"):
        rows = TrainingResource.objects.filter(
            state=ResourceState.PUBLISHED, shown_path__in=path_prefixes(door.organisation.path), is_free=True
        ).filter(Q(rights_until=None) | Q(rights_until__gte=today))
        rows = rows.select_related("owner").annotate(asked=Count("questions"))
        return sorted(rows.order_by("theme", "title")[:200], key=lambda row: row.kind != ResourceKind.QUIZ)


def quiz_at(door: LearningDoor, pk: int, today: dt.date) -> tuple[TrainingResource, list[QuizQuestion]] | None:
    """A quiz offered at the door, with its questions in their order."""
    found = next((r for r in offered_at(door, today) if r.pk == pk and r.kind == ResourceKind.QUIZ), None)
    if found is None:
        return None
    with system_scope("a unit's workers find what its union finds"):
        return found, list(QuizQuestion.objects.filter(resource=found))


def questions_of(attempt: QuizAttempt) -> list[QuizQuestion]:
    with system_scope("the signed address names one try of the worker who holds it"):
        return list(QuizQuestion.objects.filter(resource=attempt.resource_id))


def proofs() -> QuerySet[PointsProof]:
    return PointsProof.objects.select_related("organisation", "uploaded_by", "checked_by")


def platform_figures() -> dict[str, dict[str, int]]:
    """For each platform: resources on the shelf, and unions that offer them."""
    rows = TrainingResource.objects.filter(state=ResourceState.PUBLISHED).order_by().values("platform")
    return {row["platform"]: row for row in rows.annotate(courses=Count("pk"), unions=Count("owner", distinct=True))}


def proof_figures() -> dict[str, dict[str, int]]:
    """For each platform: proofs accepted, people, their highest points together."""
    rows = PointsProof.objects.filter(state="accepted").order_by().values("platform")
    return {row["platform"]: row for row in rows.annotate(n=Count("pk"), people=Count("id_index", distinct=True))}
