"""Markings, what judges see at a sub-criterion, and what totals and boards are made of; inside the active scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from competitions.marking import contests
from competitions.marking.board import Standing
from competitions.marking.enums import AspectKind, PartState, SchemeState
from competitions.marking.models import (
    Aspect,
    Bench,
    BenchTotal,
    Judge,
    Mark,
    Marking,
    MarkingScheme,
    Seat,
    SubCriterion,
)
from competitions.marking.scheme import Criterion, Scheme, Section
from competitions.marking.scheme import SubCriterion as PlainPart
from competitions.marking.scoring import JUDGES, SPREAD
from portal.accounts.models import Organisation
from portal.lifecycle.review.models import ExpertProfile

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

DONE = (PartState.CONFIRMED, PartState.LOCKED)
IN_FORCE = {"scheme__state": SchemeState.FROZEN}


def markings() -> QuerySet[Marking]:
    """With ``parts``, ``parts_done`` (confirmed or locked), ``parts_locked``, ``benches_here``, and the name of the chief judge."""
    parts = SubCriterion.objects.filter(scheme__marking=OuterRef("pk"), **IN_FORCE)
    chief = Judge.objects.filter(marking=OuterRef("pk"), is_chief=True)
    return Marking.objects.select_related("owner").annotate(
        parts=_count(parts, "scheme__marking"),
        parts_done=_count(parts.filter(state__in=DONE), "scheme__marking"),
        parts_locked=_count(parts.filter(state=PartState.LOCKED), "scheme__marking"),
        benches_here=_count(Bench.objects.filter(marking=OuterRef("pk"), is_absent=False), "marking"),
        chief_name=Subquery(chief.values("user__name")[:1]),
    )


def _count(rows: QuerySet, key: str) -> Coalesce:
    counted = rows.order_by().values(key).annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def schemes() -> QuerySet[MarkingScheme]:
    return MarkingScheme.objects.select_related("marking__owner", "loaded_by")


def scheme_in_force(marking: Marking) -> MarkingScheme | None:
    return MarkingScheme.objects.filter(marking=marking, state=SchemeState.FROZEN).first()


def draft_of(marking: Marking) -> MarkingScheme | None:
    return MarkingScheme.objects.filter(marking=marking, state=SchemeState.DRAFT).order_by("-version").first()


def plain_scheme(row: MarkingScheme) -> Scheme:
    """The stored version as the pure calculation takes it; two queries."""
    by_part: dict[int, list[Aspect]] = {}
    for aspect in Aspect.objects.filter(part__scheme=row).order_by("part__order", "order"):
        by_part.setdefault(aspect.part_id, []).append(aspect)
    criteria: dict[str, tuple[str, list[PlainPart]]] = {}
    for part in SubCriterion.objects.filter(scheme=row).order_by("order"):
        plain = PlainPart(part.code, part.title, part.day, tuple(a.plain for a in by_part.get(part.pk, ())))
        criteria.setdefault(part.criterion_code, (part.criterion_title, []))[1].append(plain)
    return Scheme(
        tuple(Criterion(code, title, tuple(parts)) for code, (title, parts) in criteria.items()),
        tuple(Section(code, title, Decimal(weight)) for code, title, weight in row.sections),
    )


def parts() -> QuerySet[SubCriterion]:
    return SubCriterion.objects.select_related("scheme__marking__owner", "confirmed_by", "locked_by")


def parts_in_force(marking: Marking) -> QuerySet[SubCriterion]:
    return parts().filter(scheme__marking=marking, **IN_FORCE).order_by("order")


def entered(marking: Marking) -> dict[int, tuple[int, int]]:
    """Sub-criterion → entries that are there, and entries that there will be (three for every judged cell)."""
    benches = Bench.objects.filter(marking=marking, is_absent=False).count()
    rows = Aspect.objects.filter(part__scheme__marking=marking, part__scheme__state=SchemeState.FROZEN).order_by()
    needed = Case(When(kind=AspectKind.JUDGEMENT, then=JUDGES), default=1, output_field=IntegerField())
    wanted = {row["part"]: row["n"] * benches for row in rows.values("part").annotate(n=Sum(needed))}
    there = Mark.objects.filter(
        aspect__part__in=list(wanted), is_current=True, bench__is_absent=False
    ).order_by().values("aspect__part").annotate(n=Count("pk", distinct=True))  # fmt: skip
    counts = {row["aspect__part"]: row["n"] for row in there}
    return {part: (counts.get(part, 0), n) for part, n in wanted.items()}


def my_parts(actor: Actor) -> QuerySet[SubCriterion]:
    """Sub-criteria at which the judge sits, of contests that are being marked."""
    seat = Seat.objects.filter(part=OuterRef("pk"), judge__user_id=actor.user_id)
    rows = parts().filter(scheme__marking__started_at__isnull=False, scheme__marking__closed_at=None, **IN_FORCE)
    return rows.filter(Exists(seat)).annotate(seat_number=Subquery(seat.values("number")[:1]))


# --- cells ----------------------------------------------------------------------------------------------------------


def settled_cells(part: SubCriterion) -> QuerySet:
    """(aspect, bench) that are settled: measured, or three scores of one round within one of another."""
    found = Mark.objects.filter(aspect__part=part, is_current=True, bench__is_absent=False)
    grouped = found.order_by().values("aspect_id", "bench_id", "aspect__kind").annotate(
        n=Count("pk", distinct=True), low=Min("score"), high=Max("score"), first=Min("round"), last=Max("round")
    )  # fmt: skip
    agreed = Q(n=JUDGES, first=F("last"), high__lte=F("low") + SPREAD)
    return grouped.filter(Q(aspect__kind=AspectKind.MEASUREMENT) | agreed)


def open_cells(part: SubCriterion, *, limit: int) -> list[tuple[str, str]]:
    """(aspect's code, bench's code) of cells that are not settled, in order."""
    settled = {(row["aspect_id"], row["bench_id"]) for row in settled_cells(part)}
    benches = list(benches_of(part.scheme.marking_id))
    found: list[tuple[str, str]] = []
    for aspect in Aspect.objects.filter(part=part):
        for bench in benches:
            if (aspect.pk, bench.pk) not in settled:
                found.append((aspect.code, bench.code))
                if len(found) >= limit:
                    return found
    return found


def marked_benches(marking: Marking) -> QuerySet[int]:
    """Keys of the benches that have a mark of the version in force."""
    rows = Mark.objects.filter(bench__marking=marking, is_current=True, aspect__part__scheme__state=SchemeState.FROZEN)
    return rows.order_by().values_list("bench_id", flat=True).distinct()


def benches_of(marking_id: int) -> QuerySet[Bench]:
    """Those who are there; without a word about who they are."""
    rows = Bench.objects.filter(marking_id=marking_id, is_absent=False)
    return rows.only("pk", "code", "session", "order", "marking_id")


def cells(part: SubCriterion, *, since: dt.datetime | None = None) -> dict[tuple[int, int], list[Mark]]:
    """Current marks by cell; with ``since`` only of cells in which something came in later."""
    rows = Mark.objects.filter(aspect__part=part, is_current=True)
    if since is not None:
        newer = Mark.objects.filter(aspect=OuterRef("aspect"), bench=OuterRef("bench"), received_at__gte=since)
        rows = rows.filter(Exists(newer))
    found: dict[tuple[int, int], list[Mark]] = {}
    for mark in rows.order_by("seat"):
        found.setdefault((mark.aspect_id, mark.bench_id), []).append(mark)
    return found


def history(part: SubCriterion) -> QuerySet[Mark]:
    """Every entry ever made at the sub-criterion, newest first."""
    rows = Mark.objects.filter(aspect__part=part).select_related("aspect", "bench", "entered_by")
    return rows.order_by("-received_at", "-pk")


# --- totals and boards ----------------------------------------------------------------------------------------------


def progress(marking: Marking) -> tuple[int, int]:
    """Sub-criteria that are confirmed or locked, and all."""
    state = Case(When(state__in=DONE, then=1), output_field=IntegerField())
    rows = SubCriterion.objects.filter(scheme__marking=marking, **IN_FORCE)
    found = rows.aggregate(done=Count(state), all=Count("pk"))
    return found["done"], found["all"]


def totals(marking: Marking) -> QuerySet[BenchTotal]:
    return BenchTotal.objects.filter(bench__marking=marking).select_related("bench")


def standings(marking: Marking) -> Iterable[Standing]:
    """For the public board: names (masked by who publishes) and unions, no benches; the absent are left out."""
    rows = BenchTotal.objects.filter(bench__marking=marking, bench__is_absent=False)
    rows = list(rows.select_related("bench__organisation"))
    unions = _unions({row.bench.organisation.path for row in rows})
    for row in rows:
        unit = row.bench.organisation
        yield Standing(row.bench.name, unions[unit.path], unit.name, row.mark, row.possible)


def _unions(paths: set[str]) -> dict[str, str]:
    """The union of the second level (区、局、集团公司工会) above each path; what stands right below the root is its own."""
    tops = {path: "/".join(path.split("/")[:2]).rstrip("/") + "/" for path in paths}
    names = {o.path: o.name for o in Organisation.objects.filter(path__in=set(tops.values()))}
    return {path: names.get(top, "") for path, top in tops.items()}


# --- judges ---------------------------------------------------------------------------------------------------------


def pool(marking: Marking) -> QuerySet[ExpertProfile]:
    """Experts the organiser may ask."""
    rows = ExpertProfile.objects.filter(owner=marking.owner_id, is_active=True)
    return rows.select_related("user", "unit").order_by("user__name", "pk")


def pool_choices(marking: Marking) -> list[tuple[int, str]]:
    """Experts with their unit, those first who are judges already; who must keep away says so."""
    away = conflicts(marking)
    found = [
        (e.user_id, " · ".join(filter(None, (e.user.name, _unit_of(e), _away(away.get(e.user_id))))))
        for e in pool(marking)
    ]
    known = {pk for pk, _label in found}
    others = Judge.objects.filter(marking=marking).exclude(user__in=known).select_related("user")
    return [*((j.user_id, j.user.name) for j in others), *found]


def _unit_of(expert: ExpertProfile) -> str:
    return expert.unit.name if expert.unit_id else expert.unit_name


def _away(units: list[str] | None) -> str:
    return _("须回避（%s有选手）") % "、".join(units) if units else ""


def conflicts(marking: Marking) -> dict[int, list[str]]:
    """User → units of theirs from which a competitor comes (执裁回避, domain.md 0.6: 同一单位)."""
    homes = {c.organisation.path for c in contests.competitors(marking.contest)}
    homes |= set(Bench.objects.filter(marking=marking).values_list("organisation__path", flat=True))
    found: dict[int, list[str]] = {}
    for expert in pool(marking):
        if expert.unit_id and any(home.startswith(expert.unit.path) for home in homes):
            found.setdefault(expert.user_id, []).append(expert.unit.name)
    return found


def seats_of(scheme: MarkingScheme) -> QuerySet[Seat]:
    return Seat.objects.filter(part__scheme=scheme).select_related("judge__user", "part")


def contests_without(actor: Actor) -> list[contests.Candidate]:
    """The acting union's contests that have no marking yet."""
    taken = set(Marking.objects.filter(owner__path=actor.path).values_list("contest", flat=True))
    return [c for c in contests.candidates(actor) if c.pk not in taken]
