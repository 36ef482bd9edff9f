"""What waits: cases to check, reminders to share, bookings to answer, events to report on."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.exchange import queries
from competitions.exchange.enums import CaseState
from competitions.exchange.models import ExchangeCase, ExchangeEvent, ShareReminder, VisitBooking
from portal.core.context import Actor
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _cases(actor: Actor, now: dt.datetime) -> QuerySet[ExchangeCase]:
    rows = ExchangeCase.objects.select_related("owner")
    return rows.filter(checked_at__path=actor.path, state=CaseState.SUBMITTED)


def _reminders(actor: Actor, now: dt.datetime) -> QuerySet[ShareReminder]:
    return queries.reminders().filter(organisation__path=actor.path, done_at=None)


def _bookings(actor: Actor, now: dt.datetime) -> QuerySet[VisitBooking]:
    return queries.to_answer(actor.path)


def _events(actor: Actor, now: dt.datetime) -> QuerySet[ExchangeEvent]:
    return queries.to_hold(actor.path, now)


def _case_item(row: ExchangeCase, now: dt.datetime) -> WorkItem:
    return WorkItem(row.title, row.get_absolute_url(), _("审核并发布"), from_=row.owner.name, since=row.submitted_at)


def _reminder_item(row: ShareReminder, now: dt.datetime) -> WorkItem:
    return WorkItem(
        row.entry.title, reverse("competitions:case.add"), _("总结经验并报送案例"), from_=row.sent_from.name,
        since=row.sent_at, due=row.due_on, note=row.words,
    )  # fmt: skip


def _booking_item(row: VisitBooking, now: dt.datetime) -> WorkItem:
    return WorkItem(
        str(row.day), row.day.get_absolute_url(), _("答复参观预约"), from_=row.organisation.name, since=row.asked_at,
        due=row.day.on,
    )  # fmt: skip


def _event_item(row: ExchangeEvent, now: dt.datetime) -> WorkItem:
    return WorkItem(row.title, row.get_absolute_url(), _("登记签到和小结"), since=row.ends_at)


register_source(
    Source(
        key="case.check", title=_("待审核的经验案例"), policy_action="case.check", rows=_cases, item=_case_item,
        order=97, search=("title",), list_url="competitions:case.list", list_query="state=submitted", icon="book-2",
    ),
    Source(
        key="case.share", title=_("提醒交流经验"), policy_action="case.add", rows=_reminders, item=_reminder_item,
        due="due_on", order=98, search=("entry__title",), list_url="competitions:case.list", icon="bell",
    ),
    Source(
        key="openday.answer", title=_("待答复的参观预约"), policy_action="openday.answer", rows=_bookings,
        item=_booking_item, due="day__on", order=99, search=("day__topic",), list_url="competitions:openday.list",
        list_query="mine=on", icon="calendar-event",
    ),
    Source(
        key="exchange.hold", title=_("待小结的交流活动"), policy_action="exchange.hold", rows=_events,
        item=_event_item, order=100, search=("title",), list_url="competitions:exchange.list", list_query="mine=on",
        icon="messages",
    ),
)  # fmt: skip
