"""What waits: letters without an answer after their day, and decisions to go on that a second person has to confirm."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.context import Actor
from portal.core.dates import closing_time, local_date
from portal.lifecycle.clearance.departments import queries
from portal.lifecycle.clearance.departments.models import ClearanceWaiver, DepartmentLetter
from portal.web.ui import Badge, WorkItem
from portal.web.work import Source, register_source


def _overdue(letter: DepartmentLetter, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=str(letter),
        url=reverse("lifecycle:clearance.letter", kwargs={"pk": letter.pk}),
        action_label=_("催办、登记回复"),
        from_=letter.department,
        since=letter.recorded_at,
        due=closing_time(letter.answer_by),
        note=str(letter.cycle),
    )


def _waiting(actor: Actor, now: dt.datetime) -> QuerySet[ClearanceWaiver]:
    rows = queries.waivers(actor=actor).filter(confirmed_at=None)
    return rows.exclude(proposed_by=actor.user) if actor.user else rows


def _waiver(waiver: ClearanceWaiver, now: dt.datetime) -> WorkItem:
    entry = waiver.clearance.entry
    return WorkItem(
        title=entry.title or entry.code,
        url=reverse("lifecycle:clearance.record", kwargs={"code": entry.code}),
        action_label=_("研究确认"),
        from_=str(waiver.proposed_by),
        since=waiver.proposed_at,
        badge=Badge(_("联审例外"), "waiting"),
        note=waiver.clearance.title,
    )


register_source(
    Source(
        key="clearance.overdue",
        title=_("部门逾期未复的征求意见函"),
        policy_action="clearance.letters",
        rows=lambda actor, now: queries.overdue_letters(actor=actor, today=local_date(now)),
        item=_overdue,
        search=("department", "number", "cycle__label"),
        list_url="lifecycle:clearance.letters",
        icon="mail",
        order=33,
    ),
    Source(
        key="clearance.waiver",
        title=_("待确认的联审例外"),
        policy_action="clearance.confirm",
        rows=_waiting,
        item=_waiver,
        search=("clearance__entry__title", "clearance__entry__code", "clearance__title"),
        list_url="lifecycle:clearance.list",
        icon="clipboard-x",
        order=34,
    ),
)
