"""Whom each event concerns, and whether it may be told already. Read anew when a batch is drafted and when it is sent.

A reader with ``held`` is one who will be told later: the decision that the letter announces is not final yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.lifecycle.blueprints.letters import LetterEvent
from portal.lifecycle.conferral.models import ConferralItem, ConferralStatus
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.models import PUBLIC_STATUSES, Notice, NoticeItem, NoticeKind, NoticeStatus
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus
from portal.lifecycle.review.models import Assignment, AssignmentState
from portal.web.formats import cn_datetime

Key = tuple[int, int | None, int | None]


@dataclass(frozen=True)
class Reader:
    """One letter's reader: everybody who works at a union, or one expert; about one entry, or none."""

    organisation_id: int
    name: str
    user_id: int | None = None
    entry_id: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    held: str = ""

    @property
    def key(self) -> Key:
        return self.organisation_id, self.user_id, self.entry_id


ONCE = frozenset({LetterEvent.CALL, LetterEvent.PROPOSED, LetterEvent.DECLINED, LetterEvent.CONFERRED})
"""Told once; reminders may be repeated."""


def readers(cycle: Cycle, event: str, *, now: dt.datetime) -> list[Reader]:
    """Whom the event concerns in this cycle now, inside the active scope; a constant number of queries."""
    return list(_FINDERS[event](cycle, now))


def _call(cycle: Cycle, now: dt.datetime) -> Iterable[Reader]:
    stage = _stage(cycle, "application")
    held = "" if cycle.status == CycleStatus.RUNNING else _("届次还没有启动")
    below = Organisation.objects.filter(parent_id=cycle.owner_id, is_active=True)
    for pk, name in below.exclude(kind=OrganisationKind.DEPARTMENT).order_by("path").values_list("pk", "name"):
        yield Reader(pk, name, values={"deadline": _closing(stage)}, held=held)


def _reminder(cycle: Cycle, now: dt.datetime) -> Iterable[Reader]:
    waiting = Entry.objects.filter(cycle=cycle, state=EntryState.SUBMITTED, at_organisation__isnull=False)
    rows = waiting.exclude(at_organisation_id=cycle.owner_id).values("at_organisation_id", "at_organisation__name")
    for row in rows.annotate(count=Count("pk"), due=Min("due_at")).order_by("at_organisation__path"):
        values = {"count": str(row["count"]), "deadline": cn_datetime(row["due"]) if row["due"] else _("尽快")}
        yield Reader(row["at_organisation_id"], row["at_organisation__name"], values=values)


def _review(cycle: Cycle, now: dt.datetime) -> Iterable[Reader]:
    stage = _stage(cycle, "review")
    held = "" if stage is not None and stage.is_open_at(now) else _("评审还没有开始")
    rows = Assignment.objects.filter(panel__stage__cycle=cycle, state=AssignmentState.OPEN)
    for row in (
        rows.values("expert_id", "expert__name")
        .annotate(count=Count("pk"), due=Min("panel__due_at"))
        .order_by("expert__name", "expert_id")
    ):
        values = {"count": str(row["count"]), "deadline": cn_datetime(row["due"]) if row["due"] else _closing(stage)}
        yield Reader(cycle.owner_id, row["expert__name"], user_id=row["expert_id"], values=values, held=held)


def _proposed(cycle: Cycle, now: dt.datetime) -> Iterable[Reader]:
    """The list is public while the notice runs; before that nobody is told."""
    shown = NoticeItem.objects.filter(
        notice__cycle=cycle, notice__kind=NoticeKind.SELECTION, notice__status__in=PUBLIC_STATUSES, removed_reason=""
    )
    closing = dict(shown.values_list("entry_id", "notice__closes_at"))
    for entry in _entries(cycle, EntryState.SELECTED, EntryState.IN_NOTICE):
        held = "" if entry.pk in closing and entry.state == EntryState.IN_NOTICE else _("评选公示还没有发布")
        yield _about(entry, {"deadline": cn_datetime(closing.get(entry.pk))}, held)


def _declined(cycle: Cycle, now: dt.datetime) -> Iterable[Reader]:
    """Not before the notice has run out; a reserve may move up until the decision is issued."""
    notices = Notice.objects.filter(cycle=cycle, kind=NoticeKind.SELECTION)
    states = set(notices.exclude(status=NoticeStatus.CANCELLED).values_list("status", flat=True))
    needs_notice = bool(states) or _stage(cycle, "notice") is not None
    early = _("公示期满后才能告知") if needs_notice and states != {NoticeStatus.CLOSED} else ""
    issued = cycle.conferrals.filter(status=ConferralStatus.ISSUED).exists() or _stage(cycle, "conferral") is None
    for entry in _entries(cycle, EntryState.NOT_SELECTED, EntryState.RESERVE):
        may_move_up = entry.state == EntryState.RESERVE and not issued
        yield _about(entry, {}, _("递补件在决定印发后才能告知") if may_move_up else early)


def _conferred(cycle: Cycle, now: dt.datetime) -> Iterable[Reader]:
    issued = ConferralItem.objects.filter(conferral__cycle=cycle, conferral__status=ConferralStatus.ISSUED)
    items = {item.entry_id: item for item in issued.select_related("conferral")}
    for entry in _entries(cycle, EntryState.CONFIRMED, EntryState.CONFERRED):
        honour = cycle.rules.honour_title(entry.track.code if entry.track else None) or cycle.programme.title
        item = items.get(entry.pk)
        document = f"《{item.conferral.title}》（{item.conferral.document_number}）" if item else ""
        number = (item.certificate_number or _("无")) if item else ""
        values = {"honour": honour, "document": document, "number": number}
        final = item is not None and entry.state == EntryState.CONFERRED
        yield _about(entry, values, "" if final else _("决定还没有印发"))


_FINDERS: Mapping[str, Callable[[Cycle, dt.datetime], Iterable[Reader]]] = {
    LetterEvent.CALL: _call,
    LetterEvent.REMINDER: _reminder,
    LetterEvent.REVIEW: _review,
    LetterEvent.PROPOSED: _proposed,
    LetterEvent.DECLINED: _declined,
    LetterEvent.CONFERRED: _conferred,
}


def _entries(cycle: Cycle, *states: str) -> QuerySet[Entry]:
    rows = Entry.objects.filter(cycle=cycle, state__in=states).select_related("organisation", "track")
    return rows.defer("answers", "route").order_by("final_rank", "pk")


def _about(entry: Entry, values: Mapping[str, str], held: str) -> Reader:
    known = {"title": entry.title, "code": entry.code, **values}
    return Reader(entry.organisation_id, entry.organisation.name, entry_id=entry.pk, values=known, held=held)


def _stage(cycle: Cycle, kind: str) -> CycleStage | None:
    return next((stage for stage in cycle.stages.all() if stage.kind == kind), None)


def _closing(stage: CycleStage | None) -> str:
    return cn_datetime(stage.closes_at) if stage else "—"
