"""What may be run below, what is run, and who of it can go up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.editions.models import Forwarding
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Blueprint, Cycle, CycleStatus, Programme
from portal.lifecycle.programmes.queries import stage_of

if TYPE_CHECKING:
    from portal.core.context import Actor

CHOSEN = (EntryState.CONFIRMED, EntryState.CONFERRED)


@dataclass(frozen=True)
class Offer:
    """A programme that the desk's union may run itself."""

    programme: Programme
    blueprint: Blueprint

    @property
    def locked(self) -> str:
        return "、".join(str(part.label) for part in self.blueprint.rules.edition.locked)

    @property
    def free(self) -> str:
        return "、".join(str(part.label) for part in self.blueprint.rules.edition.free)


def offers(*, actor: Actor) -> list[Offer]:
    """Programmes of the unions above whose rules allow an edition at the desk's level. Two queries."""
    published = Blueprint.objects.filter(published_at__isnull=False).order_by("-version")
    rows = (
        Programme.objects.filter(is_active=True)
        .exclude(owner__path__startswith=actor.path or "-")
        .select_related("owner")
        .prefetch_related(Prefetch("blueprints", published, to_attr="published"))
    )
    found = [Offer(programme, programme.published[0]) for programme in rows if programme.published]
    return [offer for offer in found if (spec := offer.blueprint.rules.edition).allowed and actor.level in spec.levels]


def editions(*, actor: Actor) -> QuerySet[Cycle]:
    """Editions in scope: a union's own, and for the unions above all those below them; with what went up."""
    return (
        Cycle.objects.exclude(owner=F("programme__owner"))
        .filter(owner__path__startswith=actor.path or "-")
        .select_related("programme__owner", "owner", "blueprint")
        .prefetch_related("stages")
        .annotate(
            entry_count=Count("entries", filter=~Q(entries__state=EntryState.DRAFT), distinct=True),
            forwarded_count=Count("entries__forwarding", distinct=True),
        )
    )


def chosen_states(cycle: Cycle) -> tuple[str, ...]:
    """States in which an entry of the edition has been chosen for good: shown without objection, or nothing is shown."""
    if cycle.rules.stage(StageKind.NOTICE) is None:
        return (*CHOSEN, EntryState.SELECTED)
    return CHOSEN


def winners(cycle: Cycle) -> QuerySet[Entry]:
    """Chosen entries of an edition in their order, each with the record of its way up."""
    return (
        Entry.objects.filter(cycle=cycle, state__in=chosen_states(cycle))
        .select_related("organisation", "employer", "track", "forwarding__entry", "cycle__programme", "cycle__owner")
        .order_by(F("final_rank").asc(nulls_last=True), "pk")
    )


def target_cycle(edition: Cycle, *, now: dt.datetime) -> Cycle | None:
    """The federation's running cycle of the same programme that receives recommendations now; the newest one."""
    rows = (
        Cycle.objects.filter(
            programme=edition.programme, owner_id=edition.programme.owner_id, status=CycleStatus.RUNNING
        )
        .select_related("programme__owner", "owner", "blueprint")
        .prefetch_related("stages")
        .order_by("-year", "-pk")
    )
    return next((c for c in rows if (s := stage_of(c, StageKind.RECOMMENDATION)) and s.is_open_at(now)), None)


def origin_of(entry: Entry) -> Forwarding | None:
    """The record by which the entry came up; None for one that was filed here."""
    return Forwarding.objects.filter(entry=entry).select_related("origin__cycle__owner", "by_organisation").first()


def forwarding_of(entry: Entry) -> Forwarding | None:
    """The record by which the entry went up; None while it has not."""
    return Forwarding.objects.filter(origin=entry).select_related("entry__cycle__owner", "by_organisation").first()


def to_forward(*, actor: Actor) -> QuerySet[Any]:
    """Own editions with chosen entries that have not gone up."""
    waiting = Q(entries__state__in=CHOSEN, entries__forwarding=None)
    return (
        Cycle.objects.exclude(owner=F("programme__owner"))
        .filter(owner__path=actor.path)
        .select_related("programme", "owner")
        .annotate(waiting=Count("entries", filter=waiting, distinct=True))
        .filter(waiting__gt=0)
    )


def edition_entries() -> QuerySet[Entry]:
    """Entries of editions in scope, with what their page of forwarding shows."""
    return Entry.objects.exclude(cycle__owner=F("cycle__programme__owner")).select_related(
        "cycle__programme__owner", "cycle__owner", "cycle__blueprint", "organisation", "track"
    )
