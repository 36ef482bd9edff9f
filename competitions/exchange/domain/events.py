"""Events and their places; open days and their bookings. Whoever changes places holds the lock of the event or day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from competitions.exchange.enums import BookingState, EventKind, EventState, PlaceState
from competitions.exchange.models import EventRegistration, ExchangeEvent, OpenDay, VisitBooking
from competitions.exchange.places import fits, promoted
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes, system_scope

FACTS = ("title", "kind", "starts_at", "ends_at", "register_until", "place", "link", "capacity", "agenda")
DAY_FACTS = ("topic", "on", "hours", "place", "capacity", "notes")


def _refuse(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: [message]})


def _own(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.at_desk.organisation_id)


def _check(facts: dict[str, Any]) -> None:
    if facts["ends_at"] <= facts["starts_at"]:
        raise _refuse("ends_at", _("结束时间应晚于开始时间。"))
    if facts["register_until"] > facts["starts_at"]:
        raise _refuse("register_until", _("报名截止不能晚于活动开始。"))
    if facts["kind"] == EventKind.ONLINE and not facts["link"]:
        raise _refuse("link", _("线上交流请填写线上地址。"))
    if facts["kind"] != EventKind.ONLINE and not facts["place"]:
        raise _refuse("place", _("请填写地点。"))


@transaction.atomic
def plan_event(*, actor: Actor, facts: dict[str, Any], now: dt.datetime) -> ExchangeEvent:
    """An event of the desk's union, seen by itself and those above until it is opened."""
    policy_for("exchange").require(actor, "add")
    _check(facts)
    row = ExchangeEvent.objects.create(owner=_own(actor), created_by=actor.user, **facts)
    record("competitions.exchange.planned", row, actor=actor, now=now, starts_at=row.starts_at.isoformat())
    return row


@transaction.atomic
def change_event(*, actor: Actor, event: ExchangeEvent, facts: dict[str, Any], now: dt.datetime) -> ExchangeEvent:
    row = lock_row(ExchangeEvent, event.pk)
    policy_for("exchange").require(actor, "change", row)
    _check(facts)
    before = {name: str(getattr(row, name)) for name in FACTS if getattr(row, name) != facts[name]}
    for name in FACTS:
        setattr(row, name, facts[name])
    row.save()
    after = {name: str(facts[name]) for name in before}
    record("competitions.exchange.changed", row, actor=actor, now=now, before=before, after=after)
    return row


@transaction.atomic
def open_event(*, actor: Actor, event: ExchangeEvent, now: dt.datetime) -> ExchangeEvent:
    """All unions of the federation may register. Raises Invalid when registration would be over already."""
    row = lock_row(ExchangeEvent, event.pk)
    policy_for("exchange").require(actor, "open", row)
    if row.register_until <= now:
        raise _refuse("register_until", _("报名截止时间已过，请先修改。"))
    row.state, row.shown_path = EventState.OPEN, path_prefixes(row.owner.path)[0]
    row.save()
    record("competitions.exchange.opened", row, actor=actor, now=now, capacity=row.capacity)
    return row


@transaction.atomic
def cancel_event(*, actor: Actor, event: ExchangeEvent, reason: str, now: dt.datetime) -> ExchangeEvent:
    """Those who registered still find the event, and why it was cancelled."""
    row = lock_row(ExchangeEvent, event.pk)
    policy_for("exchange").require(actor, "cancel", row)
    if not reason.strip():
        raise _refuse("reason", _("请填写取消原因。"))
    row.state, row.reason = EventState.CANCELLED, reason.strip()
    row.save()
    record("competitions.exchange.cancelled", row, actor=actor, now=now, reason=row.reason)
    return row


def _taken(event: ExchangeEvent) -> int:
    with system_scope("places are counted over all unions, whoever asks"):
        rows = EventRegistration.objects.filter(event=event, state=PlaceState.REGISTERED)
        return rows.aggregate(n=Sum("people"))["n"] or 0


@transaction.atomic
def register(*, actor: Actor, event: ExchangeEvent, people: int, contact: str, now: dt.datetime) -> EventRegistration:
    """A place for ``people`` of the desk's union, or the waiting list when there is no room. Raises Invalid, Conflict."""
    row = lock_row(ExchangeEvent, event.pk)
    policy_for("exchange").require(actor, "register", row)
    if not row.takes_registrations(now):
        raise Conflict(_("报名已经截止。"))
    if people > row.capacity:
        raise _refuse("people", _("活动一共只有%d个名额。") % row.capacity)
    own = _own(actor)
    present = EventRegistration.objects.filter(event=row, organisation=own).first()
    if present is not None and present.state != PlaceState.LEFT:
        raise Conflict(_("本单位已经报名；要改人数请先退出再报名。"))
    state = PlaceState.REGISTERED if fits(row.capacity, _taken(row), people) else PlaceState.WAITING
    found = present or EventRegistration(event=row, organisation=own)
    found.seen_by, found.people, found.contact = [own.path, row.owner.path], people, contact.strip()
    found.state, found.registered_at, found.registered_by = state, now, actor.user
    found.save()
    record("competitions.exchange.registered", found, actor=actor, now=now, people=people, state=state)
    return found


@transaction.atomic
def leave(*, actor: Actor, registration: EventRegistration, now: dt.datetime) -> EventRegistration:
    """Gives the places back; who waits moves up in the order of registration, as far as there is room."""
    event = lock_row(ExchangeEvent, registration.event_id)
    row = lock_row(EventRegistration, registration.pk)
    policy_for("exchange").require(actor, "leave", row)
    row.state = PlaceState.LEFT
    row.save()
    record("competitions.exchange.left", row, actor=actor, now=now, people=row.people)
    taken = _taken(event)
    with system_scope("whoever leaves makes room for unions the desk does not see"):
        rows = EventRegistration.objects.filter(event=event, state=PlaceState.WAITING).order_by("registered_at", "pk")
        waiting = {found.pk: found for found in rows.select_related("organisation", "event__owner")}
        for key in promoted(event.capacity, taken, [(found.pk, found.people) for found in waiting.values()]):
            waiting[key].state = PlaceState.REGISTERED
            waiting[key].save()
            record("competitions.exchange.moved_up", waiting[key], actor=actor, now=now, people=waiting[key].people)
    return row


@transaction.atomic
def hold(*, actor: Actor, event: ExchangeEvent, came: dict[int, int], minutes: str, now: dt.datetime) -> ExchangeEvent:
    """Attendance by registration (key → people who came) and what the event brought. Raises Invalid before it began."""
    row = lock_row(ExchangeEvent, event.pk)
    policy_for("exchange").require(actor, "hold", row)
    if now < row.starts_at:
        raise _refuse("minutes", _("活动还没有开始。"))
    if not minutes.strip():
        raise _refuse("minutes", _("请填写活动小结。"))
    rows = EventRegistration.objects.filter(event=row, state=PlaceState.REGISTERED)
    for found in rows:
        found.came = came.get(found.pk, 0)
        found.save()
    row.state, row.minutes = EventState.HELD, minutes.strip()
    row.save()
    record("competitions.exchange.held", row, actor=actor, now=now, came=sum(came.values()))
    return row


@transaction.atomic
def give_feedback(
    *, actor: Actor, registration: EventRegistration, score: int, words: str, now: dt.datetime
) -> EventRegistration:
    """One to five, and words; may be written again."""
    row = lock_row(EventRegistration, registration.pk)
    policy_for("exchange").require(actor, "feedback", row)
    row.score, row.feedback = score, words.strip()
    row.save()
    record("competitions.exchange.feedback", row, actor=actor, now=now, score=score)
    return row


@transaction.atomic
def offer_day(*, actor: Actor, facts: dict[str, Any], now: dt.datetime) -> OpenDay:
    """A day on which the desk's union receives visitors. Raises Invalid for a day that is over."""
    policy_for("openday").require(actor, "offer")
    if facts["on"] <= local_date(now):
        raise _refuse("on", _("日期应在今天以后。"))
    own = _own(actor)
    row = OpenDay.objects.create(owner=own, shown_path=path_prefixes(own.path)[0], **facts)
    record("competitions.openday.offered", row, actor=actor, now=now, on=str(row.on), capacity=row.capacity)
    return row


@transaction.atomic
def close_day(*, actor: Actor, day: OpenDay, now: dt.datetime) -> OpenDay:
    """No more bookings; what was accepted stands."""
    row = lock_row(OpenDay, day.pk)
    policy_for("openday").require(actor, "close", row)
    row.is_closed = True
    row.save()
    record("competitions.openday.closed", row, actor=actor, now=now)
    return row


@transaction.atomic
def book(*, actor: Actor, day: OpenDay, people: int, contact: str, purpose: str, now: dt.datetime) -> VisitBooking:
    """Asks the host. Raises Invalid beyond its capacity, Conflict on the day itself or when one is asked already."""
    row = lock_row(OpenDay, day.pk)
    policy_for("openday").require(actor, "book", row)
    if row.on <= local_date(now):
        raise Conflict(_("预约应在开放日以前提出。"))
    if people > row.capacity:
        raise _refuse("people", _("这一天最多接待%d人。") % row.capacity)
    own = _own(actor)
    ended = (BookingState.DECLINED, BookingState.CANCELLED)
    if VisitBooking.objects.filter(day=row, organisation=own).exclude(state__in=ended).exists():
        raise Conflict(_("本单位已经预约了这一天。"))
    found = VisitBooking.objects.create(
        day=row, organisation=own, seen_by=[own.path, row.owner.path], people=people, contact=contact.strip(),
        purpose=purpose.strip(), asked_at=now, asked_by=actor.user,
    )  # fmt: skip
    record("competitions.booking.asked", found, actor=actor, now=now, people=people)
    return found


@transaction.atomic
def answer_booking(*, actor: Actor, booking: VisitBooking, accept: bool, words: str, now: dt.datetime) -> VisitBooking:
    """Yes or no; no needs a reason, yes needs room. Raises Invalid otherwise."""
    day = lock_row(OpenDay, booking.day_id)
    row = lock_row(VisitBooking, booking.pk)
    policy_for("openday").require(actor, "answer", row)
    if not accept and not words.strip():
        raise _refuse("words", _("谢绝请说明原因。"))
    accepted = (BookingState.ACCEPTED, BookingState.DONE)
    taken = VisitBooking.objects.filter(day=day, state__in=accepted).aggregate(n=Sum("people"))["n"] or 0
    if accept and not fits(day.capacity, taken, row.people):
        raise _refuse(
            "accept",
            _("已接受%(a)d人，再接待%(b)d人就超过了%(c)d人。") % {"a": taken, "b": row.people, "c": day.capacity},
        )
    row.state, row.answer = BookingState.ACCEPTED if accept else BookingState.DECLINED, words.strip()
    row.save()
    record("competitions.booking.answered", row, actor=actor, now=now, state=row.state, reason=row.answer)
    return row


@transaction.atomic
def cancel_booking(*, actor: Actor, booking: VisitBooking, now: dt.datetime) -> VisitBooking:
    row = lock_row(VisitBooking, booking.pk)
    policy_for("openday").require(actor, "cancel", row)
    row.state = BookingState.CANCELLED
    row.save()
    record("competitions.booking.cancelled", row, actor=actor, now=now)
    return row


@transaction.atomic
def record_visit(*, actor: Actor, booking: VisitBooking, came: int, words: str, now: dt.datetime) -> VisitBooking:
    """Who came and what was exchanged. Raises Invalid before the day."""
    row = lock_row(VisitBooking, booking.pk)
    policy_for("openday").require(actor, "record", row)
    if local_date(now) < row.day.on:
        raise _refuse("words", _("开放日还没有到。"))
    row.state, row.came, row.record = BookingState.DONE, came, words.strip()
    row.save()
    record("competitions.booking.recorded", row, actor=actor, now=now, came=came)
    return row
