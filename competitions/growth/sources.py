"""What waits: contracts to sign, months to write, terms that are over."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.growth import queries
from competitions.growth.enums import MentorState, PurgeState
from competitions.growth.models import FilePurge, MentorMonth, Mentorship
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _unsigned(actor: Actor, now: dt.datetime) -> QuerySet[Mentorship]:
    return queries.mentorships().filter(organisation__path=actor.path, state=MentorState.DRAFT)


def _months(actor: Actor, now: dt.datetime) -> QuerySet[MentorMonth]:
    return queries.due_months(local_date(now)).filter(mentorship__organisation__path=actor.path)


def _over(actor: Actor, now: dt.datetime) -> QuerySet[Mentorship]:
    rows = queries.mentorships().filter(organisation__path=actor.path, state=MentorState.ACTIVE)
    return rows.filter(ends_on__lt=local_date(now))


def _unsigned_item(row: Mentorship, now: dt.datetime) -> WorkItem:
    return WorkItem(row.pair, row.get_absolute_url(), _("双方签字后登记签订"), since=row.created_at, note=row.trade)


def _month_item(row: MentorMonth, now: dt.datetime) -> WorkItem:
    return WorkItem(
        f"{row.mentorship.pair} {row.month:%Y年%m月}", row.mentorship.get_absolute_url(), _("填写月度帮教记录"),
        since=row.mentorship.signed_at, note=row.mentorship.trade, due=row.due_on,
    )  # fmt: skip


def _over_item(row: Mentorship, now: dt.datetime) -> WorkItem:
    return WorkItem(
        row.pair,
        row.get_absolute_url(),
        _("期满，考核出师或终止"),
        since=row.signed_at,
        note=row.trade,
        due=row.ends_on,
    )


def _purges(actor: Actor, now: dt.datetime) -> QuerySet[FilePurge]:
    return (
        queries.purges().filter(organisation__path=actor.path, state=PurgeState.ASKED).exclude(asked_by=actor.user_id)
    )


def _purge_item(row: FilePurge, now: dt.datetime) -> WorkItem:
    address = reverse("competitions:growth.decide", kwargs={"pk": row.pk})
    return WorkItem(str(row), address, _("复核档案删除"), since=row.asked_at, note=str(row.get_basis_display()))


register_source(
    Source(
        key="growth.purge", title=_("待复核的档案删除"), policy_action="growth.decide", rows=_purges, item=_purge_item,
        order=93, search=(), list_url="competitions:growth.purges", list_query="state=asked", icon="trash",
    ),
    Source(
        key="mentorship.months", title=_("待填写的师徒帮教记录"), policy_action="mentorship.record", rows=_months,
        item=_month_item, due="due_on", order=90, search=("mentorship__mentor__name", "mentorship__apprentice__name"),
        list_url="competitions:mentorship.list", list_query="state=active", icon="calendar",
    ),
    Source(
        key="mentorship.sign", title=_("待签订的师徒合同"), policy_action="mentorship.sign", rows=_unsigned,
        item=_unsigned_item, order=91, search=("mentor__name", "apprentice__name"),
        list_url="competitions:mentorship.list", list_query="state=draft", icon="signature",
    ),
    Source(
        key="mentorship.over", title=_("期满待考核的师徒合同"), policy_action="mentorship.assess", rows=_over,
        item=_over_item, due="ends_on", order=92, search=("mentor__name", "apprentice__name"),
        list_url="competitions:mentorship.list", list_query="over=on", icon="checklist",
    ),
)  # fmt: skip
