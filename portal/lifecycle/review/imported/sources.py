"""What waits at the owner's desk: results to record, and results that somebody else has recorded."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.review.imported import queries
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _record(row: Any, now: Any) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s：%(n)s 件待录入成绩") % {"cycle": row.cycle, "n": row.missing + row.returned},
        url=reverse("lifecycle:result.list", args=[row.pk]),
        action_label=_("录入成绩"),
        since=row.opens_at,
        due=row.closes_at,
        note=_("%(n)s 件被退回核对") % {"n": row.returned} if row.returned else "",
    )


def _confirm(row: Any, now: Any) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s：%(n)s 件成绩待您核对确认") % {"cycle": row.cycle, "n": row.mine},
        url=reverse("lifecycle:result.list", args=[row.pk]) + "?state=recorded",
        action_label=_("确认成绩"),
        since=row.opens_at,
        due=row.closes_at,
    )


register_source(
    Source(
        key="result.record",
        title=_("待录入的竞赛成绩"),
        policy_action="result.record",
        rows=lambda actor, now: queries.stages_to_record(actor=actor),
        item=_record,
        due="closes_at",
        search=("cycle__label", "cycle__programme__title"),
        list_url="lifecycle:result.stages",
        list_query="status=open",
        icon="list-numbers",
        order=43,
    ),
    Source(
        key="result.confirm",
        title=_("待确认的竞赛成绩"),
        policy_action="result.confirm",
        rows=lambda actor, now: queries.stages_to_confirm(actor=actor),
        item=_confirm,
        due="closes_at",
        search=("cycle__label", "cycle__programme__title"),
        list_url="lifecycle:result.stages",
        list_query="status=open",
        icon="checks",
        order=44,
    ),
)
