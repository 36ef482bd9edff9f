"""Reading notices and objections, always inside the active scope."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, DateTimeField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from portal.accounts.enums import Role
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.models import PUBLIC_STATUSES, Notice, NoticeItem, NoticeKind, NoticeStatus, Objection
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus
from portal.lifecycle.programmes.queries import params_of, stage_of
from portal.lifecycle.selection.bundle.models import ResultBundle
from portal.lifecycle.selection.bundle.queries import bundle_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import Organisation
    from portal.core.context import Actor

DRAFTS_FIRST = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
DOCKET_ROLES = frozenset({Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR})


def own_notices(*, actor: Actor) -> QuerySet[Notice]:
    """The union's own notices with its drafts: for its checkers and managers and who supervises them, not its experts."""
    if actor.role not in DOCKET_ROLES | {Role.CHECKER}:
        return Notice.objects.none()
    return Notice.objects.filter(organisation__path=actor.path)


def notices_of_desk(*, actor: Actor) -> QuerySet[Notice]:
    """Notices this desk publishes, with the number of lines and of open objections.

    ``listed_at`` is the day of publication; drafts, which wait for somebody, stand before all that is published.
    """
    return (
        own_notices(actor=actor)
        .select_related("cycle__programme", "organisation")
        .annotate(
            listed_at=Coalesce("published_at", Value(DRAFTS_FIRST), output_field=DateTimeField()),
            item_count=Count("items", distinct=True),
            open_objections=Count("objections", filter=Q(objections__ruling=""), distinct=True),
        )
    )


def announced_calls() -> QuerySet[CycleStage]:
    """Calls of running cycles for the public calendar, over or not, newest first."""
    return (
        CycleStage.objects.filter(kind=StageKind.APPLICATION, cycle__status=CycleStatus.RUNNING)
        .select_related("cycle__programme", "cycle__owner")
        .order_by("-opens_at", "-pk")
    )


def public_notices() -> QuerySet[Notice]:
    """What everybody may read: running and closed notices and decisions, newest first."""
    return (
        Notice.objects.filter(status__in=PUBLIC_STATUSES)
        .select_related("cycle__programme", "organisation")
        .order_by("-published_at", "-pk")
    )


def bundle_behind(notice: Notice) -> ResultBundle | None:
    """The result bundle of the round whose list this notice shows; None for local notices and decisions."""
    return bundle_of(notice.cycle) if notice.kind == NoticeKind.SELECTION else None


def items_of(notice: Notice) -> QuerySet[NoticeItem]:
    """The frozen list in its order."""
    return NoticeItem.objects.filter(notice=notice).order_by("position")


def due_notices(*, now: dt.datetime) -> QuerySet[Notice]:
    """Published notices whose last day is over."""
    return Notice.objects.filter(
        status=NoticeStatus.PUBLISHED, kind__in=[NoticeKind.LOCAL, NoticeKind.SELECTION], closes_at__lte=now
    )


def objections_of_desk(*, actor: Actor) -> QuerySet[Objection]:
    """The docket: objections against this union's notices, and against local notices of unions below it.

    Not the nominating body alone handles them (domain.md 0.4). Checkers see those against their own local notices:
    the city's objections stay with its managers and supervisors; other roles have no docket.
    """
    rows = Objection.objects.select_related("notice__organisation", "entry__organisation", "ruled_by", "accepted_by")
    if actor.role == Role.CHECKER:
        return rows.filter(notice__organisation__path=actor.path, notice__kind=NoticeKind.LOCAL)
    if actor.role not in DOCKET_ROLES or not actor.path:
        return rows.none()
    return rows.filter(notice__organisation__path__startswith=actor.path)


def objections_to_rule(*, actor: Actor) -> QuerySet[Objection]:
    """Open objections that this desk itself has to answer."""
    return objections_of_desk(actor=actor).filter(notice__organisation__path=actor.path, ruling="")


def open_objections(entry: Entry) -> QuerySet[Objection]:
    """Objections that hold this entry: against it by name, or against a whole notice it stands in."""
    whole = Q(entry__isnull=True, notice__in=NoticeItem.objects.filter(entry=entry).values("notice"))
    return Objection.objects.filter(Q(entry=entry) | whole, ruling="")


def local_notice_done(entry: Entry, organisation: Organisation) -> bool:
    """The union's own notice with this entry has run its days to the end."""
    return NoticeItem.objects.filter(
        entry=entry,
        removed_reason="",
        notice__organisation=organisation,
        notice__kind=NoticeKind.LOCAL,
        notice__status=NoticeStatus.CLOSED,
    ).exists()


def entries_for_local_notice(*, actor: Actor, cycle: Cycle) -> QuerySet[Entry]:
    """Entries this union holds and has not shown yet."""
    shown = NoticeItem.objects.filter(
        entry=OuterRef("pk"),
        removed_reason="",
        notice__organisation__path=actor.path,
        notice__status__in=PUBLIC_STATUSES,
    )
    return (
        Entry.objects.filter(cycle=cycle, state=EntryState.SUBMITTED, at_organisation__path=actor.path)
        .exclude(Exists(shown))
        .select_related("organisation", "track", "cycle")
        .prefetch_related("cycle__blueprint")
        .order_by("nomination_rank", "pk")
    )


def entries_for_selection_notice(cycle: Cycle) -> QuerySet[Entry]:
    """Selected entries of the cycle that are not in a notice yet, by rank."""
    return (
        Entry.objects.filter(cycle=cycle, state=EntryState.SELECTED)
        .select_related("organisation", "track", "nominating", "cycle")
        .prefetch_related("cycle__blueprint")
        .order_by("track__position", "final_rank", "pk")
    )


def query_hash(code: str) -> str:
    """Of the code an objector keeps to follow the case; only the hash is stored."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def objection_by_query_code(code: str) -> Objection | None:
    """The case of whoever knows the code: knowing it is the right to read the answer, from any scope."""
    with system_scope("whoever knows the query code may read the answer"):
        return Objection.objects.filter(query_hash=query_hash(code)).select_related("notice", "entry").first()


@dataclass(frozen=True)
class Waiting:
    """Entries of one cycle that wait for a notice of this desk."""

    cycle: Cycle
    kind: str
    count: int


def waiting_for_notice(*, actor: Actor) -> list[Waiting]:
    """What this desk could publish now: the city's lists of its own cycles, and its local notices. Four queries."""
    own = (
        Entry.objects.filter(state=EntryState.SELECTED, cycle__owner__path=actor.path)
        .values("cycle")
        .annotate(count=Count("pk"))
        .values_list("cycle", "count")
    )
    local = (
        Entry.objects.filter(state=EntryState.SUBMITTED, at_organisation__path=actor.path)
        .exclude(
            notice_items__removed_reason="",
            notice_items__notice__organisation__path=actor.path,
            notice_items__notice__status__in=PUBLIC_STATUSES,
        )
        .values("cycle")
        .annotate(count=Count("pk"))
        .values_list("cycle", "count")
    )
    counts = [(pk, NoticeKind.SELECTION, n) for pk, n in own] + [(pk, NoticeKind.LOCAL, n) for pk, n in local]
    cycles = Cycle.objects.select_related("programme", "blueprint", "owner").prefetch_related("stages")
    cycles = cycles.in_bulk({pk for pk, _kind, _n in counts})
    found = [Waiting(cycles[pk], kind, n) for pk, kind, n in counts if pk in cycles]
    return [w for w in found if _wants_notice(w, actor)]


def _wants_notice(waiting: Waiting, actor: Actor) -> bool:
    """The city's list always; a local one only where the blueprint asks this level for it."""
    if waiting.kind == NoticeKind.SELECTION:
        return waiting.cycle.rules.stage(StageKind.NOTICE) is not None
    return local_days(waiting.cycle, actor.level) > 0


def local_days(cycle: Cycle, level: str) -> int:
    """Working days that the cycle asks of this level's local notice before it endorses; 0 = none."""
    stage = stage_of(cycle, StageKind.RECOMMENDATION)
    return int(params_of(stage).notice_days(level) or 0) if stage else 0
