"""Reading letters, always inside the active scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from portal.accounts.enums import Role
from portal.accounts.models import Membership
from portal.accounts.queries.desks import desk_facts
from portal.core.context import Actor
from portal.lifecycle.letters.models import (
    Channel,
    Delivery,
    DeliveryState,
    DigestRule,
    Letter,
    LetterBatch,
    LetterState,
)
from portal.lifecycle.programmes.models import Cycle, CycleStatus

READS_AT_A_UNION = (Role.FILER, Role.CHECKER, Role.MANAGER)


def batches(*, actor: Actor) -> QuerySet[LetterBatch]:
    """The batches of this desk's cycles, with how many letters they have and how many went out."""
    rows = LetterBatch.objects.filter(cycle__owner__path=actor.path)
    return rows.select_related(
        "cycle__programme", "cycle__owner", "cycle__blueprint", "created_by", "sent_by"
    ).annotate(
        letter_count=Count("letters", filter=~Q(letters__state=LetterState.LEFT_OUT)),
        sent_count=Count("letters", filter=Q(letters__state=LetterState.SENT)),
        held_count=Count("letters", filter=Q(letters__state=LetterState.HELD)),
    )


def letters(*, actor: Actor) -> QuerySet[Letter]:
    """Single letters of this desk's batches."""
    rows = Letter.objects.filter(batch__cycle__owner__path=actor.path)
    return rows.select_related("batch__cycle__programme", "batch__cycle__owner", "entry", "organisation")


def letters_of(batch: LetterBatch) -> QuerySet[Letter]:
    """The letters of one batch, with how many people got and read them, and how often a way failed."""
    site = Q(deliveries__channel=Channel.SITE)
    return batch.letters.select_related("entry").annotate(
        people=Count("deliveries", filter=site),
        read=Count("deliveries", filter=site & Q(deliveries__read_at__isnull=False)),
        failed=Count("deliveries", filter=Q(deliveries__state__in=[DeliveryState.FAILED, DeliveryState.SENDING])),
    )


def deliveries_of(letter: Letter) -> QuerySet[Delivery]:
    """What became of one letter, person by person and way by way."""
    return letter.deliveries.select_related("user").order_by("user__name", "channel")


def failed_of(batch: LetterBatch) -> int:
    """How many mails and text messages of the batch were refused; those may be sent again."""
    return Delivery.objects.filter(letter__batch=batch, state=DeliveryState.FAILED).count()


def cycles_to_write_about(*, actor: Actor) -> QuerySet[Cycle]:
    """Own cycles of the desk that are planned, running or finished, the newest first."""
    rows = Cycle.objects.filter(owner__path=actor.path).exclude(status=CycleStatus.CANCELLED)
    return rows.select_related("programme", "blueprint", "owner").order_by("-year", "-pk")


def told_already(cycle: Cycle, event: str) -> set[tuple[int, int | None, int | None]]:
    """Keys of the readers whom letters of this event have reached before."""
    sent = Letter.objects.filter(batch__cycle=cycle, batch__event=event, state=LetterState.SENT)
    return set(sent.values_list("organisation_id", "user_id", "entry_id"))


def people_by_organisation(ids: Iterable[int]) -> dict[int, list[Membership]]:
    """Who reads letters at these unions: filers, checkers and managers who can sign in. One query."""
    rows = Membership.objects.filter(
        organisation_id__in=set(ids), role__in=READS_AT_A_UNION, is_active=True, user__is_active=True
    )
    found: dict[int, list[Membership]] = {}
    for membership in rows.select_related("user", "organisation").annotate(**desk_facts()).order_by("pk"):
        found.setdefault(membership.organisation_id, []).append(membership)
    return found


def inbox(*, actor: Actor) -> QuerySet[Delivery]:
    """What was sent to the person at this desk; for an expert: to the person."""
    rows = Delivery.objects.filter(user_id=actor.user_id, channel=Channel.SITE)
    return rows.filter(organisation_id=actor.desk.organisation_id) if actor.desk else rows.none()


def unread_count(*, actor: Actor) -> int:
    """How many of them the person has not opened."""
    return inbox(actor=actor).filter(read_at__isnull=True).count()


def digest_rule(*, actor: Actor) -> DigestRule | None:
    """The person's own rule for this desk."""
    return DigestRule.objects.filter(membership_id=actor.desk.membership_id).first() if actor.desk else None


def digests_due(*, today: dt.date, hour: int, first_of_week: bool) -> QuerySet[DigestRule]:
    """Rules that have not been served today (the caller has checked that it is a working day)."""
    wanted = ["daily", "weekly"] if first_of_week else ["daily"]
    rows = DigestRule.objects.filter(frequency__in=wanted, hour__lte=hour, membership__is_active=True)
    rows = rows.filter(membership__user__is_active=True, membership__organisation__is_active=True)
    return rows.exclude(last_sent_on__gte=today).select_related("membership__user", "membership__organisation")
