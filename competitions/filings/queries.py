"""Filed competitions and what follows them, in the active scope; figures for lists are annotated."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, DecimalField, Exists, OuterRef, Q, Subquery, Sum, TextField, Value
from django.db.models.functions import Coalesce

from competitions.filings.enums import COUNTED, OPEN_STATES, CatalogueGroup, FilingState, FundSource, ReportState
from competitions.filings.models import (
    Amendment,
    BudgetLine,
    CatalogueItem,
    CheckDraw,
    CoHost,
    Commendation,
    CommitteeMember,
    CompetitionFiling,
    Complaint,
    FilingFile,
    FilingReport,
    SpotCheck,
    Tagging,
)
from competitions.filings.money import Funds
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.core.scoping import path_prefixes, system_scope
from portal.lifecycle.notice.queries import query_hash

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

OWED = (ReportState.WAITING, ReportState.RETURNED)
MONEY = DecimalField(max_digits=16, decimal_places=2)


def filings() -> QuerySet[CompetitionFiling]:
    """All that the scope shows, also of other roots, with what pages name."""
    return CompetitionFiling.objects.select_related("owner", "kind", "campaign", "reviewer", "copied_from")


def own(actor: Actor) -> QuerySet[CompetitionFiling]:
    """The desk's own part of the tree: what lists, boards and figures are made of. No row of another root."""
    return filings().filter(owner__path__startswith=actor.path) if actor.path else filings().none()


def cohosted(actor: Actor) -> QuerySet[CompetitionFiling]:
    """What others host and this desk was made a co-host of."""
    rows = filings().exclude(owner__path__startswith=actor.path) if actor.path else filings().none()
    mine = CoHost.objects.filter(filing=OuterRef("pk"), organisation__path=actor.path, ended_at=None)
    return rows.annotate(waits=Exists(mine.filter(confirmed_at=None)))


def listed(rows: QuerySet[CompetitionFiling], *, now: dt.datetime) -> QuerySet[CompetitionFiling]:
    """With ``budget_total``, ``budget_union``, ``budget_other``, ``tag_names``, ``late_reports``."""
    lines = BudgetLine.objects.filter(filing=OuterRef("pk")).order_by()
    names = Tagging.objects.filter(filing=OuterRef("pk")).order_by().values("filing")
    late = FilingReport.objects.filter(filing=OuterRef("pk"), state__in=OWED, due_at__lte=now)
    late = late.filter(filing__state__in=OPEN_STATES)
    return rows.annotate(
        budget_total=_sum(lines),
        budget_union=_sum(lines.filter(source=FundSource.UNION)),
        tag_names=Coalesce(
            Subquery(names.annotate(n=StringAgg("item__name", Value("、"))).values("n")), Value(""), output_field=TextField()
        ),
        late_reports=Coalesce(
            Subquery(late.order_by().values("filing").annotate(n=Count("pk")).values("n")), 0
        ),
    )  # fmt: skip


def _sum(lines: QuerySet) -> Coalesce:
    summed = lines.values("filing").annotate(n=Sum("amount")).values("n")
    return Coalesce(Subquery(summed, output_field=MONEY), Value(Decimal(0), output_field=MONEY))


def open_for_registration() -> QuerySet[CompetitionFiling]:
    """Accepted or under way: teams and workers may register."""
    return filings().filter(state__in=OPEN_STATES)


def running_to_start(today: dt.date) -> QuerySet[CompetitionFiling]:
    return CompetitionFiling.objects.filter(state=FilingState.ACCEPTED, starts_on__lte=today)


def catalogue(actor: Actor, group: str = "") -> QuerySet[CatalogueItem]:
    """Of the desk's own federation."""
    rows = CatalogueItem.objects.filter(owner__path=path_prefixes(actor.path)[0]) if actor.path else CatalogueItem.objects.none()  # fmt: skip
    return rows.filter(group=group) if group else rows


def choosable(actor: Actor, group: str, year: int | None = None) -> QuerySet[CatalogueItem]:
    """What may be chosen now; with ``year`` only what is in force in it."""
    rows = catalogue(actor, group).filter(is_active=True)
    if year is None:
        return rows
    begun = Q(first_year=None) | Q(first_year__lte=year)
    return rows.filter(begun & (Q(last_year=None) | Q(last_year__gte=year)))


def catalogue_with_use(actor: Actor) -> QuerySet[CatalogueItem]:
    """With ``used``: how many filings of the own tree name the item."""
    rows = CompetitionFiling.objects.filter(owner__path__startswith=actor.path or "-").order_by()
    tagged = Tagging.objects.filter(item=OuterRef("pk"), filing__owner__path__startswith=actor.path or "-").order_by()

    def counted(found: QuerySet, key: str) -> Coalesce:
        return Coalesce(Subquery(found.values(key).annotate(n=Count("pk")).values("n")), 0)

    return catalogue(actor).annotate(
        used=counted(rows.filter(kind=OuterRef("pk")), "kind")
        + counted(rows.filter(campaign=OuterRef("pk")), "campaign")
        + counted(tagged, "item")
    )


def tags_of(actor: Actor) -> QuerySet[CatalogueItem]:
    groups = (CatalogueGroup.STRATEGY, CatalogueGroup.FOCUS, CatalogueGroup.CHAIN)
    return catalogue(actor).filter(group__in=groups)


def reports() -> QuerySet[FilingReport]:
    return FilingReport.objects.select_related(
        "filing__owner", "filing__reviewer", "reported_by", "decided_by", "phase"
    )


def commendations() -> QuerySet[Commendation]:
    return Commendation.objects.select_related("filing__owner")


def amendments() -> QuerySet[Amendment]:
    return Amendment.objects.select_related("filing__owner", "filing__reviewer", "actor", "noted_by")


def cohosts() -> QuerySet[CoHost]:
    return CoHost.objects.select_related("filing__owner", "organisation", "confirmed_by")


def files() -> QuerySet[FilingFile]:
    return FilingFile.objects.select_related("filing__owner")


def draws() -> QuerySet[CheckDraw]:
    done = Q(checks__result__in=("passed", "problem"))
    return CheckDraw.objects.select_related("organisation", "drawn_by").annotate(
        done=Count("checks", filter=done), problems=Count("checks", filter=Q(checks__result="problem"))
    )


def checks() -> QuerySet[SpotCheck]:
    return SpotCheck.objects.select_related("filing__owner", "draw__organisation", "organisation", "checked_by")


def complaints() -> QuerySet[Complaint]:
    return Complaint.objects.select_related("filing__owner", "handler", "answered_by")


def complaint_by_code(code: str) -> Complaint | None:
    """The case of whoever knows the code: knowing it is the right to read the answer, from any scope."""
    with system_scope("whoever knows the query code may read the answer"):
        return Complaint.objects.filter(query_hash=query_hash(code)).select_related("filing").first()


def public_filings() -> QuerySet[CompetitionFiling]:
    """What everybody may know: accepted competitions; the public scope shows no other."""
    return CompetitionFiling.objects.filter(state__in=COUNTED).select_related("owner", "kind", "reviewer")


def possible_cohosts(actor: Actor) -> QuerySet[Organisation]:
    """Departments of the own root and the other federations; of these no more than their names is shown."""
    root = path_prefixes(actor.path)[0]
    with system_scope("which organisations can host with the owner"):
        rows = Organisation.objects.filter(
            Q(kind=OrganisationKind.DEPARTMENT, path__startswith=root) | Q(kind=OrganisationKind.MUNICIPAL),
            is_active=True,
        )
        return rows.exclude(path=actor.path).order_by("kind", "path")


def funds(rows: QuerySet[CompetitionFiling]) -> Funds:
    """Budget of all these competitions by source; one query."""
    found = BudgetLine.objects.filter(filing__in=rows.order_by().values("pk")).order_by()
    sums: dict[str, Any] = {row["source"]: row["n"] for row in found.values("source").annotate(n=Sum("amount"))}
    return Funds(**{source: sums.get(source, Decimal(0)) for source in FundSource.values})


def administrative_share(rows: QuerySet[CompetitionFiling]) -> tuple[int, int]:
    """Administrative leaders among the members of committees, and all members."""
    found = CommitteeMember.objects.filter(filing__in=rows.order_by().values("pk")).aggregate(
        part=Count("pk", filter=Q(is_administrative=True)), whole=Count("pk")
    )
    return found["part"], found["whole"]
