"""What waits: self-checks for units, reviews, proposals and remarks for the unions above."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from competitions.labels import queries
from competitions.labels.enums import OPEN_FOR_UNIT, RecheckStatus, RemarkStatus
from competitions.labels.models import LabelRemoval, Rating, Recheck
from portal.core.context import Actor
from portal.core.dates import closing_time
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _to_file(actor: Actor, now: dt.datetime) -> QuerySet[Recheck]:
    end = Cast("due_on", DateTimeField()) + Value(dt.timedelta(hours=16))  # the end of that day here, in UTC
    rows = queries.rechecks().filter(label__team__organisation__path=actor.path, status__in=OPEN_FOR_UNIT)
    return rows.annotate(due_at=ExpressionWrapper(end, output_field=DateTimeField()))


def _to_review(actor: Actor, now: dt.datetime) -> QuerySet[Recheck]:
    rows = queries.rechecks().filter(campaign__owner__path=actor.path, status=RecheckStatus.FILED)
    return rows.exclude(filed_by=actor.user_id)


def _to_decide(actor: Actor, now: dt.datetime) -> QuerySet[LabelRemoval]:
    rows = queries.removals().filter(agreed=None).exclude(proposed_by=actor.user_id)
    return rows.filter(label__given_by__path=actor.path)


def _to_look_at(actor: Actor, now: dt.datetime) -> QuerySet[Rating]:
    rows = queries.ratings(actor).filter(point__team__organisation__parent__path=actor.path)
    return rows.filter(Q(remark_status=RemarkStatus.PENDING))


def _recheck_item(row: Recheck, label: Any, note: Any = "") -> WorkItem:
    return WorkItem(
        f"{row.label.team.name} · {row.label.title}", row.get_absolute_url(), label,
        from_=row.campaign.owner.label, since=row.filed_at or row.campaign.opened_at, due=closing_time(row.due_on),
        note=note,
    )  # fmt: skip


def _file_item(row: Recheck, now: dt.datetime) -> WorkItem:
    mending = row.status == RecheckStatus.MENDING
    note = _("已催办，请尽快报送") if row.reminded_at else ""
    return _recheck_item(row, _("整改后重新报送") if mending else _("报送自查"), note)


def _removal_item(row: LabelRemoval, now: dt.datetime) -> WorkItem:
    title = f"{row.label.team.name} · {row.label.title}"
    who = row.proposed_by.name if row.proposed_by_id else ""
    return WorkItem(title, row.get_absolute_url(), _("复核摘牌"), from_=who, since=row.proposed_at, note=row.reason)


def _remark_item(row: Rating, now: dt.datetime) -> WorkItem:
    return WorkItem(
        row.point.team.name, row.point.get_absolute_url(), _("审看留言"), since=row.at, note=row.remark[:60]
    )


TEAM = ("label__team__name", "label__team__organisation__name")
RECHECKS: dict[str, Any] = {"search": TEAM, "list_url": "competitions:recheck.list", "icon": "rotate-clockwise"}
register_source(
    Source(
        key="recheck.file", title=_("待报送的称号复查"), policy_action="recheck.file", rows=_to_file, item=_file_item,
        due="due_at", order=95, list_query="to_file=on", **RECHECKS,
    ),
    Source(
        key="recheck.review", title=_("待审核的称号复查"), policy_action="recheck.review", rows=_to_review,
        item=lambda r, now: _recheck_item(r, _("审核")), order=96, list_query="status=filed", **RECHECKS,
    ),
    Source(
        key="teamlabel.decide", title=_("待复核的摘牌建议"), policy_action="teamlabel.decide", rows=_to_decide,
        item=_removal_item, order=97, search=TEAM, list_url="competitions:teamlabel.list",
        list_query="status=proposed", icon="medal",
    ),
    Source(
        key="rating.remark", title=_("待审看的服务评价留言"), policy_action="rating.judge", rows=_to_look_at,
        item=_remark_item, order=98, search=("point__team__name",), list_url="competitions:ratingpoint.list",
        list_query="pending=on", icon="message",
    ),
)  # fmt: skip
