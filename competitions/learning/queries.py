"""Resources, completions and what they add up to, in the active scope."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Left

from competitions.learning.enums import Reach, ResourceState
from competitions.learning.models import Completion, CompletionImport, TrainingResource
from portal.accounts.models import Organisation

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
