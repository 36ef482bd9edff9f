"""What waits: cases to check, reminders to share, bookings to answer, events to report on."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.exchange import queries
from competitions.exchange.enums import CaseState, DutyState
from competitions.exchange.models import (
    CaseNotice,
    ExchangeCase,
    ExchangeEvent,
    ShareDuty,
    ShareReminder,
    VisitBooking,
)
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


def _notices(actor: Actor, now: dt.datetime) -> QuerySet[CaseNotice]:
    return queries.notices(actor.path).filter(read_at=None, case__state=CaseState.PUBLISHED)


def _notice_item(row: CaseNotice, now: dt.datetime) -> WorkItem:
    case = row.case
    return WorkItem(
        case.title, case.get_absolute_url(), _("阅读新案例"), from_=case.owner.name, since=row.at,
        note=str(case.get_kind_display()),
    )  # fmt: skip


def _duties(actor: Actor, now: dt.datetime) -> QuerySet[ShareDuty]:
    return queries.duties().filter(organisation__path=actor.path, state=DutyState.OPEN)


def _to_check(actor: Actor, now: dt.datetime) -> QuerySet[ShareDuty]:
    return queries.duties().filter(set_from__path=actor.path, state=DutyState.REPORTED)


def _duty_item(row: ShareDuty, now: dt.datetime) -> WorkItem:
    return WorkItem(
        row.entry.title, row.get_absolute_url(), _("报告交流完成情况"), from_=row.set_from.name, since=row.set_at,
        due=row.due_on, note=row.words,
    )  # fmt: skip


def _check_item(row: ShareDuty, now: dt.datetime) -> WorkItem:
    return WorkItem(
        row.entry.title, row.get_absolute_url(), _("检查交流任务"), from_=row.organisation.name, since=row.reported_at
    )


register_source(
    Source(
        key="case.subscribed", title=_("订阅的新案例"), policy_action="case.subscribe", rows=_notices, item=_notice_item,
        order=97, search=("case__title",), list_url="competitions:case.list", list_query="state=published", icon="bell",
    ),
    Source(
        key="duty.report", title=_("年度交流任务"), policy_action="duty.report", rows=_duties, item=_duty_item,
        due="due_on", order=98, search=("entry__title",), list_url="competitions:duty.list", list_query="state=open",
        icon="checklist",
    ),
    Source(
        key="duty.check", title=_("待检查的交流任务"), policy_action="duty.check", rows=_to_check, item=_check_item,
        order=98, search=("entry__title",), list_url="competitions:duty.list", list_query="state=reported",
        icon="checklist",
    ),
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
