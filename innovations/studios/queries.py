"""Studios, their records, checks and alliances, in the active scope."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, DecimalField, F, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Left

from innovations.studios.balance import Line
from innovations.studios.enums import ENDED, INCOME, GrowthKind, StudioStatus, TopicStatus
from innovations.studios.models import (
    Activity,
    Alliance,
    AllianceMember,
    CheckFile,
    Growth,
    MoneyLine,
    Result,
    Studio,
    StudioEvent,
    StudioMember,
    StudioRemoval,
    StudioRequest,
    Topic,
    YearCheck,
)
from portal.accounts.models import Employer, Organisation
from portal.core.money import format_wan, yuan_to_fen
from portal.lifecycle.models import ConferralItem

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

SEGMENT = len("0000001/")  # one step of an organisation's path
STUDIO = ("studio__organisation", "studio__employer", "studio__named_by")
RECORDS: dict[str, Any] = {
    model.kind_of_record: model for model in (Topic, Result, Activity, Growth, MoneyLine, CheckFile, StudioRequest)
}
MONEY = DecimalField(max_digits=16, decimal_places=2)
IS_INCOME = Q(kind__in=INCOME, reverses=None) | (~Q(kind__in=INCOME) & Q(reverses__isnull=False))
SIGNED = Case(When(IS_INCOME, then=F("amount")), default=-F("amount"), output_field=MONEY)


def _per_studio(rows: QuerySet, what: Any, output: Any) -> Coalesce:
    """A number of each studio out of ``rows``; nought where there are none."""
    found = rows.filter(studio=OuterRef("pk")).order_by().values("studio").annotate(n=what).values("n")
    return Coalesce(Subquery(found, output_field=output), Value(0, output_field=output))


def studios(year: int) -> QuerySet[Studio]:
    """With the numbers of ``year`` and the balance; joins to one row, every number by a subquery of its own."""
    number = IntegerField()
    worked = Topic.objects.filter(of_year(year))
    return Studio.objects.select_related("organisation", "employer", "named_by").annotate(
        members_now=_per_studio(StudioMember.objects.filter(left_on=None), Count("pk"), number),
        topics_year=_per_studio(worked, Count("pk"), number),
        results_all=_per_studio(Result.objects.all(), Count("pk"), number),
        activities_year=_per_studio(Activity.objects.filter(on__year=year), Sum("sessions"), number),
        promotions_all=_per_studio(Growth.objects.filter(kind=GrowthKind.PROMOTION), Count("pk"), number),
        benefit_year=_per_studio(Result.objects.filter(on__year=year), Sum("benefit"), MONEY),
        balance=_per_studio(MoneyLine.objects.all(), Sum(SIGNED), MONEY),
        total_last=Subquery(
            YearCheck.objects.filter(studio=OuterRef("pk"), total__isnull=False).order_by("-year").values("total")[:1]
        ),
    )


def of_year(year: int) -> Q:
    """Approved topics of the year, those still worked on from before, and those finished in it."""
    running = Q(year__lte=year, status=TopicStatus.APPROVED)
    return running | Q(year=year, status=TopicStatus.DONE) | Q(status=TopicStatus.DONE, ended_on__year=year)


def facts_of(studio: Studio, year: int) -> dict[str, int]:
    """What the records of one studio say for ``year``: counts under the codes of the index's hints (seven queries)."""
    topics = Topic.objects.filter(studio=studio)
    results = Result.objects.filter(studio=studio, on__year__lte=year)
    held = Activity.objects.filter(studio=studio, on__year=year)
    growth = Growth.objects.filter(studio=studio, on__year__lte=year)
    in_training = growth.filter(kind=GrowthKind.APPRENTICE).filter(Q(until=None) | Q(until__year__gte=year))
    counted = held.aggregate(n=Sum("sessions"), people=Sum("people"), proved=Count("pk", filter=~Q(file_name="")))
    found = results.aggregate(
        n=Count("pk"), year=Count("pk", filter=Q(on__year=year)),
        proved=Count("pk", filter=Q(on__year=year) & ~Q(file_name="")),
    )  # fmt: skip
    return {
        "topics": topics.filter(of_year(year)).count(),
        "results": found["n"],
        "results_year": found["year"],
        "activities": counted["n"] or 0,
        "people": counted["people"] or 0,
        "promotions": growth.filter(kind=GrowthKind.PROMOTION).count(),
        "apprentices": in_training.count(),
        "proved": counted["proved"] + found["proved"] + topics.filter(year=year).exclude(file_name="").count(),
    }


def benefit_of(studio: Studio, year: int) -> Decimal:
    """Yearly benefit in yuan of the results of ``year``."""
    return Result.objects.filter(studio=studio, on__year=year).aggregate(n=Sum("benefit"))["n"] or Decimal(0)


def counts(rows: QuerySet) -> dict[tuple[str, str], int]:
    """(kind, level) → studios that have not ended."""
    found = rows.exclude(status__in=ENDED).order_by().values("kind", "level").annotate(n=Count("pk"))
    return {(row["kind"], row["level"]): row["n"] for row in found}


def counts_by_union(actor: Actor) -> dict[str, dict[str, int]]:
    """Path of the union next below the desk → level → studios that have not ended."""
    cut = len(actor.path) + SEGMENT
    rows = Studio.objects.exclude(status__in=ENDED).order_by()
    table: dict[str, dict[str, int]] = {}
    for row in rows.annotate(union=Left(F("organisation__path"), cut)).values("union", "level").annotate(n=Count("pk")):
        table.setdefault(row["union"], {})[row["level"]] = row["n"]
    return table


def totals(year: int) -> dict[str, Any]:
    """What all studios in scope brought in the year (three queries)."""
    held = Activity.objects.filter(on__year=year).aggregate(sessions=Sum("sessions"), people=Sum("people"))
    results = Result.objects.filter(on__year=year).aggregate(n=Count("pk"), benefit=Sum("benefit"))
    promoted = Growth.objects.filter(on__year=year, kind=GrowthKind.PROMOTION).count()
    return {
        "sessions": held["sessions"] or 0, "people": held["people"] or 0, "results": results["n"],
        "benefit_wan": format_wan(yuan_to_fen(results["benefit"] or 0)), "promoted": promoted,
    }  # fmt: skip


def organisations_at(paths: set[str]) -> dict[str, Organisation]:
    return {o.path: o for o in Organisation.objects.filter(path__in=paths)}


def employers(actor: Actor) -> QuerySet[Employer]:
    return Employer.objects.filter(organisation__is_active=True)


def honour_by_number(text: str) -> ConferralItem | None:
    """The honour with this certificate number, if the desk sees it and it was not taken back."""
    rows = ConferralItem.objects.filter(certificate_number=text.strip(), withdrawal=None)
    return rows.select_related("entry__cycle__programme", "conferral").first() if text.strip() else None


def members(studio: Studio) -> QuerySet[StudioMember]:
    return StudioMember.objects.filter(studio=studio)


def events(studio: Studio) -> QuerySet[StudioEvent]:
    return StudioEvent.objects.filter(studio=studio).select_related("by")


def records(kind: str) -> QuerySet:
    """Rows of one kind of record with their studio."""
    return RECORDS[kind].objects.select_related(*STUDIO)


def members_of_all() -> QuerySet[StudioMember]:
    return StudioMember.objects.select_related(*STUDIO)


def money_of(studio: Studio) -> QuerySet[MoneyLine]:
    """The account in the order of time, with ``change``, the signed amount."""
    rows = MoneyLine.objects.filter(studio=studio).select_related("reversal", "entered_by", *STUDIO)
    return rows.annotate(change=SIGNED).order_by("on", "pk")


def lines_of(studio: Studio) -> list[Line]:
    return list(money_of(studio).values_list("on", "change"))


def balance_of(studio: Studio) -> dict[str, Decimal]:
    """``income``, ``spent`` and ``balance`` of all time, reversed lines left out on both sides."""
    rows = MoneyLine.objects.filter(studio=studio, reverses=None, reversal=None)
    found = rows.aggregate(
        income=Sum("amount", filter=Q(kind__in=INCOME)), spent=Sum("amount", filter=~Q(kind__in=INCOME))
    )
    income, spent = found["income"] or Decimal(0), found["spent"] or Decimal(0)
    return {"income": income, "spent": spent, "balance": income - spent}


def checks() -> QuerySet[YearCheck]:
    return YearCheck.objects.select_related("owner", "filed_by", "checked_by", *STUDIO)


def check_files(check: YearCheck) -> QuerySet[CheckFile]:
    return CheckFile.objects.filter(check_of=check)


def to_check(owner: Organisation, year: int) -> QuerySet[Studio]:
    """Studios ``owner`` named before the year ended that still run and have no check of the year."""
    done = YearCheck.objects.filter(year=year).values("studio")
    rows = Studio.objects.filter(named_by=owner, status=StudioStatus.RUNNING, named_on__lte=dt.date(year, 12, 31))
    return rows.exclude(pk__in=done).order_by("pk")


def removals() -> QuerySet[StudioRemoval]:
    return StudioRemoval.objects.select_related("proposed_by", "decided_by", *STUDIO)


def requests() -> QuerySet[StudioRequest]:
    return StudioRequest.objects.select_related("entered_by", "decided_by", *STUDIO)


def alliances() -> QuerySet[Alliance]:
    """With the number of studios in them."""
    return Alliance.objects.select_related("owner").annotate(
        studios_now=Count("members", filter=Q(members__left_on=None), distinct=True)
    )


def alliance_members(alliance: Alliance) -> QuerySet[AllianceMember]:
    return AllianceMember.objects.filter(alliance=alliance).select_related("alliance__owner", *STUDIO)


def all_alliance_members() -> QuerySet[AllianceMember]:
    return AllianceMember.objects.select_related("alliance__owner", *STUDIO)


def alliances_of(studio: Studio) -> QuerySet[AllianceMember]:
    return AllianceMember.objects.filter(studio=studio, left_on=None).select_related("alliance__owner")


def to_ally() -> QuerySet[Studio]:
    """Studios in scope that may join an alliance."""
    rows = Studio.objects.filter(status__in=(StudioStatus.RUNNING, StudioStatus.GROWING))
    return rows.select_related("employer").order_by("name")
