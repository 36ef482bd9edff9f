"""Teams, labels, re-checks and ratings, in the active scope."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Count, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Left, TruncMonth

from competitions.labels.enums import OPEN_FOR_UNIT, Dimension, LabelStatus, RecheckStatus, RemarkStatus, Step
from competitions.labels.figures import Scores
from competitions.labels.models import (
    LabelImport,
    LabelRemoval,
    Rating,
    RatingPoint,
    Recheck,
    RecheckCampaign,
    RecheckFile,
    RecheckStep,
    TeamContest,
    TeamContestant,
    TeamContestItem,
    TeamContestTemplate,
    TeamLabel,
    TeamScore,
    WorkTeam,
)
from competitions.labels.points import Place, ranking
from portal.accounts.models import Employer, Organisation
from portal.core.scoping import system_scope
from portal.lifecycle.models import ConferralItem

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

SEGMENT = len("0000001/")  # one step of an organisation's path
LIVING = ~Q(status=LabelStatus.REMOVED)


def teams() -> QuerySet[WorkTeam]:
    """With ``kinds``: the codes of the labels they hold."""
    held = TeamLabel.objects.filter(LIVING, team=OuterRef("pk")).order_by("kind")
    return WorkTeam.objects.select_related("organisation", "employer").annotate(
        kinds=ArraySubquery(held.values("kind").distinct())
    )


def labels() -> QuerySet[TeamLabel]:
    return TeamLabel.objects.select_related("team__organisation", "team__employer", "given_by")


def labels_of(team: WorkTeam) -> QuerySet[TeamLabel]:
    return labels().filter(team=team).order_by("status", "-given_on")


def valid(rows: QuerySet, today: dt.date) -> QuerySet:
    """Labels that stand today: not taken away, not run out."""
    return rows.filter(LIVING).filter(Q(valid_until=None) | Q(valid_until__gte=today))


def counts_by_kind(rows: QuerySet) -> dict[tuple[str, str], int]:
    """(kind, level) → labels."""
    found = rows.order_by().values("kind", "level").annotate(n=Count("pk"))
    return {(row["kind"], row["level"]): row["n"] for row in found}


def counts_by_union(rows: QuerySet, actor: Actor) -> dict[str, dict[str, int]]:
    """Path of the union next below the desk → kind → labels."""
    cut = len(actor.path) + SEGMENT
    found = rows.order_by().annotate(union=Left(F("team__organisation__path"), cut)).values("union", "kind")
    table: dict[str, dict[str, int]] = {}
    for row in found.annotate(n=Count("pk")):
        table.setdefault(row["union"], {})[row["kind"]] = row["n"]
    return table


def organisations_at(paths: set[str]) -> dict[str, Organisation]:
    return {o.path: o for o in Organisation.objects.filter(path__in=paths)}


def employers(actor: Actor) -> QuerySet[Employer]:
    return Employer.objects.filter(organisation__is_active=True)


def removals() -> QuerySet[LabelRemoval]:
    return LabelRemoval.objects.select_related(
        "label__team__organisation", "label__team__employer", "label__given_by", "proposed_by", "decided_by"
    )


def conferral_item(label: TeamLabel) -> ConferralItem | None:
    """Where the honour behind a label was conferred, if the desk sees it."""
    return ConferralItem.objects.filter(entry=label.entry_id).first() if label.entry_id else None


def imports(actor: Actor) -> QuerySet[LabelImport]:
    rows = LabelImport.objects.filter(organisation__path=actor.path).select_related("organisation", "uploaded_by")
    return rows.defer("content")


def import_content(batch: LabelImport) -> bytes:
    return bytes(LabelImport.objects.values_list("content", flat=True).get(pk=batch.pk))


def campaigns(today: dt.date) -> QuerySet[RecheckCampaign]:
    """With the numbers of holders by what became of them, and of the overdue."""
    late = Q(rechecks__status__in=OPEN_FOR_UNIT, rechecks__due_on__lt=today)
    numbers = {
        "holders": Count("rechecks"),
        "waiting": Count("rechecks", filter=Q(rechecks__status=RecheckStatus.WAITING)),
        "filed": Count("rechecks", filter=Q(rechecks__status=RecheckStatus.FILED)),
        "mending": Count("rechecks", filter=Q(rechecks__status=RecheckStatus.MENDING)),
        "confirmed": Count("rechecks", filter=Q(rechecks__status=RecheckStatus.CONFIRMED)),
        "removed": Count("rechecks", filter=Q(rechecks__status=RecheckStatus.REMOVED)),
        "overdue": Count("rechecks", filter=late),
    }
    return RecheckCampaign.objects.select_related("owner").annotate(**numbers)


def rechecks() -> QuerySet[Recheck]:
    """With ``reminded_at``, the last time the unit was reminded."""
    reminded = RecheckStep.objects.filter(recheck=OuterRef("pk"), step=Step.REMINDED).order_by("-at")
    return Recheck.objects.select_related(
        "campaign__owner", "label__team__organisation", "label__team__employer", "label__given_by", "filed_by"
    ).annotate(reminded_at=Subquery(reminded.values("at")[:1]))


def steps(recheck: Recheck) -> QuerySet[RecheckStep]:
    return RecheckStep.objects.filter(recheck=recheck).select_related("by")


def files(recheck: Recheck) -> QuerySet[RecheckFile]:
    return RecheckFile.objects.filter(recheck=recheck)


def all_files() -> QuerySet[RecheckFile]:
    return RecheckFile.objects.select_related("recheck__label__team__organisation")


def points() -> QuerySet[RatingPoint]:
    """With the number of counted ratings and the sum of all their marks, and what waits to be looked at."""
    counted = Q(ratings__left_out=False)
    total = Sum(sum((F(f"ratings__{d}") for d in Dimension.values[1:]), F(f"ratings__{Dimension.values[0]}")),
                filter=counted)  # fmt: skip
    return RatingPoint.objects.select_related("team__organisation", "team__employer").annotate(
        counted=Count("ratings", filter=counted),
        left_out=Count("ratings", filter=Q(ratings__left_out=True)),
        pending=Count("ratings", filter=Q(ratings__remark_status=RemarkStatus.PENDING)),
        total=Coalesce(total, 0),
    )


def ratings(actor: Actor) -> QuerySet[Rating]:
    """``shown_remark``: the remark where this desk may read it (see policies.reads_remarks), else empty."""
    own = Q(point__team__organisation__path=actor.path) | Q(point__team__organisation__parent__path=actor.path)
    shown = Case(
        When(own | Q(remark_status=RemarkStatus.SHOWN), then=F("remark")), default=Value(""), output_field=CharField()
    )
    return Rating.objects.select_related("point__team__organisation").annotate(shown_remark=shown)


SUMS: dict[str, Any] = {name: Coalesce(Sum(name, filter=Q(left_out=False)), 0) for name in Dimension.values}


def scores(point: RatingPoint) -> Scores:
    """All that counts for one point, by one query."""
    row = Rating.objects.filter(point=point).aggregate(
        n=Count("pk", filter=Q(left_out=False)), out=Count("pk", filter=Q(left_out=True)), **SUMS
    )
    return Scores(row["n"], {name: row[name] for name in Dimension.values}, row["out"])


def scores_of_all() -> dict[int, Scores]:
    """Point → all that counts for it, by one query."""
    counts = {"n": Count("pk", filter=Q(left_out=False)), "out": Count("pk", filter=Q(left_out=True))}
    rows = Rating.objects.order_by().values("point").annotate(**counts, **SUMS)
    return {r["point"]: Scores(r["n"], {name: r[name] for name in Dimension.values}, r["out"]) for r in rows}


def scores_by_month(point: RatingPoint, *, months: int = 12) -> list[tuple[dt.date, Scores]]:
    """The last ``months`` months that have ratings, in order."""
    rows = Rating.objects.filter(point=point).order_by().annotate(month=TruncMonth("day")).values("month")
    found = rows.annotate(n=Count("pk", filter=Q(left_out=False)), **SUMS).order_by("-month")[:months]
    return [(r["month"], Scores(r["n"], {name: r[name] for name in Dimension.values})) for r in reversed(found)]


def by_token(token: str) -> RatingPoint | None:
    """The open point of a code; None for a wrong, renewed or closed one."""
    with system_scope("the code at the window names the team"):
        rows = RatingPoint.objects.select_related("team__organisation", "team__employer")
        return rows.filter(token=token, is_open=True, team__is_active=True).first()


def team_contests() -> QuerySet[TeamContest]:
    """With the numbers of contestants and of periods scored so far."""
    scored = Count("contestants__scores__period", distinct=True)
    rows = TeamContest.objects.select_related("organisation", "closed_by")
    return rows.annotate(contestants_now=Count("contestants", distinct=True), periods_now=scored)


def contest_templates() -> QuerySet[TeamContestTemplate]:
    return TeamContestTemplate.objects.select_related("owner")


def items_of(contest: TeamContest) -> list[TeamContestItem]:
    return list(TeamContestItem.objects.filter(contest=contest))


def contestants_of(contest: TeamContest) -> list[TeamContestant]:
    return list(TeamContestant.objects.filter(contest=contest).select_related("team"))


def scores_in(contest: TeamContest, first: dt.date | None = None, last: dt.date | None = None) -> QuerySet[TeamScore]:
    """Scores of the periods from ``first`` to ``last``; None: without a bound."""
    rows = TeamScore.objects.filter(contestant__contest=contest)
    rows = rows.filter(period__gte=first) if first else rows
    return rows.filter(period__lte=last) if last else rows


def places_of(contest: TeamContest, first: dt.date | None = None, last: dt.date | None = None) -> list[Place]:
    """The ranking over a span of time, by two queries; ``contestant`` of each place is the row."""
    people = {c.pk: c for c in contestants_of(contest)}
    scores = scores_in(contest, first, last).values_list("contestant", "period", "points")
    found = ranking([(pk, c.name) for pk, c in people.items()], scores)
    return [Place(p.rank, people[p.contestant], p.total, p.periods) for p in found]
