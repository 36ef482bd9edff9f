"""Cases, events, open days and the duty to share, in the active scope."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from competitions.exchange.enums import BookingState, CaseState, EventState, PlaceState
from competitions.exchange.models import (
    CaseFile,
    CaseFollow,
    CaseNotice,
    CaseSubscription,
    EventRegistration,
    ExchangeCase,
    ExchangeEvent,
    OpenDay,
    ShareDuty,
    ShareReminder,
    VisitBooking,
)
from portal.lifecycle.conferral.models import ConferralStatus
from portal.lifecycle.entries.models import Entry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


def cases(actor: Actor) -> QuerySet[ExchangeCase]:
    """The desk's own in every state; of others what was handed in – a draft is its writer's only."""
    rows = ExchangeCase.objects.select_related("owner", "checked_at")
    return rows.filter(Q(owner__path=actor.path) | ~Q(state=CaseState.DRAFT))


def used_tags(rows: QuerySet[ExchangeCase], limit: int = 60) -> list[str]:
    """Tags of these cases, the most used first; one statement."""
    unnested = rows.order_by().annotate(tag=Func(F("tags"), function="unnest", output_field=CharField()))
    return list(
        unnested.values("tag").annotate(n=Count("pk")).order_by("-n", "tag").values_list("tag", flat=True)[:limit]
    )


def case_files(actor: Actor) -> QuerySet[CaseFile]:
    return CaseFile.objects.filter(case__in=cases(actor)).select_related("case__owner", "case__checked_at")


def events(actor: Actor) -> QuerySet[ExchangeEvent]:
    """Events with ``mine``: the state of the desk's own registration, or None."""
    own = EventRegistration.objects.filter(event=OuterRef("pk"), organisation__path=actor.path)
    return ExchangeEvent.objects.select_related("owner").annotate(mine=Subquery(own.values("state")[:1]))


def registrations() -> QuerySet[EventRegistration]:
    return EventRegistration.objects.select_related("event__owner", "organisation")


def totals(event: ExchangeEvent) -> dict[str, int]:
    """People with a place, people waiting, people who came – over the registrations the desk sees."""
    rows = EventRegistration.objects.filter(event=event)
    return rows.aggregate(
        registered=Coalesce(Sum("people", filter=Q(state=PlaceState.REGISTERED)), 0),
        waiting=Coalesce(Sum("people", filter=Q(state=PlaceState.WAITING)), 0),
        came=Coalesce(Sum("came"), 0),
        unions=Count("pk", filter=Q(state=PlaceState.REGISTERED)),
    )


def days() -> QuerySet[OpenDay]:
    return OpenDay.objects.select_related("owner")


def bookings() -> QuerySet[VisitBooking]:
    return VisitBooking.objects.select_related("day__owner", "organisation")


def reminders() -> QuerySet[ShareReminder]:
    return ShareReminder.objects.select_related("entry", "organisation", "sent_from")


def holders(year: int) -> QuerySet[Entry]:
    """Entries honoured by a decision of ``year`` that the desk sees, with how often their union has shared since:
    ``cases`` published, ``events`` held, ``visits`` received, and ``reminded`` while a reminder waits.
    """
    decided = F("conferral_item__conferral__decided_on")
    since = OuterRef("conferral_item__conferral__decided_on")
    owner = OuterRef("organisation")
    written = ExchangeCase.objects.filter(owner=owner, state=CaseState.PUBLISHED, published_at__date__gte=since)
    held = ExchangeEvent.objects.filter(owner=owner, state=EventState.HELD, starts_at__date__gte=since)
    received = VisitBooking.objects.filter(day__owner=owner, state=BookingState.DONE, day__on__gte=since)
    waiting = ShareReminder.objects.filter(entry=OuterRef("pk"), done_at=None)
    rows = Entry.objects.filter(
        conferral_item__conferral__status=ConferralStatus.ISSUED,
        conferral_item__conferral__decided_on__year=year,
        conferral_item__withdrawal=None,
    )
    return rows.select_related("organisation", "employer", "cycle__programme").annotate(
        decided_on=decided,
        case_count=_count(written, "owner"),
        event_count=_count(held, "owner"),
        visit_count=_count(received, "day__owner"),
        shared=F("case_count") + F("event_count") + F("visit_count"),
        reminded=Exists(waiting),
    )


def _count(rows: QuerySet, by: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), 0)


def to_answer(path: str) -> QuerySet[VisitBooking]:
    return bookings().filter(day__owner__path=path, state=BookingState.ASKED)


def to_hold(path: str, now: dt.datetime) -> QuerySet[ExchangeEvent]:
    return ExchangeEvent.objects.select_related("owner").filter(
        owner__path=path, state=EventState.OPEN, ends_at__lte=now
    )


def public_cases() -> QuerySet[ExchangeCase]:
    """What the scope of the public leaves."""
    return ExchangeCase.objects.select_related("owner").order_by("-published_at", "-pk")


def subscriptions(path: str) -> set[str]:
    """Kinds the union of this path hears of."""
    return set(CaseSubscription.objects.filter(organisation__path=path).values_list("kind", flat=True))


def notices(path: str) -> QuerySet[CaseNotice]:
    return CaseNotice.objects.filter(organisation__path=path).select_related("case__owner")


def follows() -> QuerySet[CaseFollow]:
    return CaseFollow.objects.select_related("organisation", "case__owner")


def duties() -> QuerySet[ShareDuty]:
    return ShareDuty.objects.select_related("entry__cycle__programme", "organisation", "set_from")


def shared_in(duty: ShareDuty) -> int:
    """How often the holder's union shared in the year: cases published, events held, visits received."""
    owner, year = duty.organisation_id, duty.year
    with_year = {
        ExchangeCase: {"owner": owner, "state": CaseState.PUBLISHED, "published_at__year": year},
        ExchangeEvent: {"owner": owner, "state": EventState.HELD, "starts_at__year": year},
        VisitBooking: {"day__owner": owner, "state": BookingState.DONE, "day__on__year": year},
    }
    return sum(model.objects.filter(**found).count() for model, found in with_year.items())
