"""What waits: reports and 整改 for units, checks, requests, removals and reconfirmations for the unions that named."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from innovations.studios import queries
from innovations.studios.enums import OPEN_FOR_STUDIO, OPEN_FOR_UNION, CheckStatus, StudioStatus, TopicStatus
from innovations.studios.models import Studio, StudioRemoval, StudioRequest, Topic, YearCheck
from portal.core.context import Actor
from portal.core.dates import closing_time, local_date
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source

AHEAD = dt.timedelta(days=60)  # a naming that runs out within two months is to be looked at


def _end_of(field: str) -> Any:
    """The end of that day here, in UTC."""
    end = Cast(field, DateTimeField()) + Value(dt.timedelta(hours=16))
    return ExpressionWrapper(end, output_field=DateTimeField())


def _to_file(actor: Actor, now: dt.datetime) -> QuerySet[YearCheck]:
    rows = queries.checks().filter(studio__organisation__path=actor.path, status__in=OPEN_FOR_STUDIO)
    return rows.exclude(studio__status=StudioStatus.PROPOSED).annotate(due_at=_end_of("due_on"))


def _to_mark(actor: Actor, now: dt.datetime) -> QuerySet[YearCheck]:
    rows = queries.checks().filter(owner__path=actor.path, status__in=OPEN_FOR_UNION)
    return rows.exclude(filed_by=actor.user_id)


def _overdue(actor: Actor, now: dt.datetime) -> QuerySet[YearCheck]:
    """整改 that was not handed in by its end, or that failed: the union that named decides on the plate."""
    rows = queries.checks().filter(owner__path=actor.path).exclude(studio__status=StudioStatus.PROPOSED)
    failed = rows.filter(status=CheckStatus.FAILED, studio__status=StudioStatus.MENDING)
    return failed | rows.filter(status=CheckStatus.MENDING, due_on__lt=local_date(now))


def _to_decide(actor: Actor, now: dt.datetime) -> QuerySet[StudioRequest]:
    rows = queries.requests().filter(agreed=None).exclude(entered_by=actor.user_id)
    return rows.filter(studio__named_by__path=actor.path)


def _to_remove(actor: Actor, now: dt.datetime) -> QuerySet[StudioRemoval]:
    rows = queries.removals().filter(agreed=None).exclude(proposed_by=actor.user_id)
    return rows.filter(studio__named_by__path=actor.path)


def _to_reconfirm(actor: Actor, now: dt.datetime) -> QuerySet[Studio]:
    rows = Studio.objects.filter(
        named_by__path=actor.path, status=StudioStatus.RUNNING, reconfirm_on__lte=local_date(now) + AHEAD
    )
    return rows.select_related("employer", "organisation").annotate(due_at=_end_of("reconfirm_on"))


def _to_approve(actor: Actor, now: dt.datetime) -> QuerySet[Topic]:
    rows = queries.records("topic").filter(studio__organisation__path=actor.path, status=TopicStatus.PROPOSED)
    return rows.exclude(entered_by=actor.user_id).annotate(asked=F("entered_at"))


def _check_item(row: YearCheck, label: Any, note: Any = "") -> WorkItem:
    return WorkItem(
        f"{row.studio.name} · {row.year}", row.get_absolute_url(), label, from_=row.owner.label,
        since=row.filed_at or row.created_at, due=closing_time(row.due_on), note=note,
    )  # fmt: skip


def _file_item(row: YearCheck, now: dt.datetime) -> WorkItem:
    mending = row.status == CheckStatus.MENDING
    return _check_item(row, _("整改后重新自评") if mending else _("报送年度自评"), row.opinion[:60])


def _request_item(row: StudioRequest, now: dt.datetime) -> WorkItem:
    title = f"{row.studio.name} · {row.get_kind_display()}"
    return WorkItem(title, row.get_absolute_url(), _("审核"), from_=row.studio.employer.name, since=row.entered_at)


def _removal_item(row: StudioRemoval, now: dt.datetime) -> WorkItem:
    who = row.proposed_by.name if row.proposed_by_id else ""
    return WorkItem(
        row.studio.name, row.get_absolute_url(), _("复核摘牌"), from_=who, since=row.proposed_at, note=row.reason[:60]
    )


def _reconfirm_item(row: Studio, now: dt.datetime) -> WorkItem:
    return WorkItem(
        row.name, row.get_absolute_url(), _("复核"), from_=row.employer.name, due=closing_time(row.reconfirm_on)
    )


def _topic_item(row: Topic, now: dt.datetime) -> WorkItem:
    return WorkItem(
        f"{row.studio.name} · {row.title}", row.get_absolute_url(), _("登记立项"), from_=row.head, since=row.entered_at
    )


NAMES = ("studio__name", "studio__employer__name")
CHECKS: dict[str, Any] = {"search": NAMES, "list_url": "innovations:check.list", "icon": "checklist"}
STUDIOS: dict[str, Any] = {"list_url": "innovations:studio.list", "icon": "bulb"}
register_source(
    Source(
        key="studiocheck.file", title=_("待报送的工作室年度自评"), policy_action="studiocheck.file", rows=_to_file,
        item=_file_item, due="due_at", order=120, list_query="to_file=on", **CHECKS,
    ),
    Source(
        key="studiocheck.mark", title=_("待考核的工作室"), policy_action="studiocheck.mark", rows=_to_mark,
        item=lambda r, now: _check_item(r, _("考核")), order=121, list_query="status=filed&mine=on", **CHECKS,
    ),
    Source(
        key="studiocheck.overdue", title=_("整改逾期或不合格的工作室"), policy_action="studio.propose", rows=_overdue,
        item=lambda r, now: _check_item(r, _("办理摘牌"), r.opinion[:60]), order=122,
        list_query="status=mending&mine=on", **CHECKS,
    ),
    Source(
        key="studio.decide", title=_("待审核的工作室变更、注销"), policy_action="studio.decide", rows=_to_decide,
        item=_request_item, order=123, search=NAMES, **STUDIOS,
    ),
    Source(
        key="studio.remove", title=_("待复核的工作室摘牌"), policy_action="studio.remove", rows=_to_remove,
        item=_removal_item, order=124, search=NAMES, list_query="status=proposed", **STUDIOS,
    ),
    Source(
        key="studio.reconfirm", title=_("两个月内复核到期的工作室"), policy_action="studio.reconfirm",
        rows=_to_reconfirm, item=_reconfirm_item, due="due_at", order=125, search=("name", "employer__name"),
        list_query="mine=on", **STUDIOS,
    ),
    Source(
        key="topic.approve", title=_("待单位立项的课题"), policy_action="studio.approve", rows=_to_approve,
        item=_topic_item, order=126, search=("title", "studio__name"), list_url="innovations:topic.list",
        list_query="status=proposed", icon="target",
    ),
)  # fmt: skip
