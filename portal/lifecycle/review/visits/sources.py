"""What visits ask of the owner's desk: entries nobody has planned to visit, visits whose record is not filed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.review.visits import queries
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _plan(row: Any, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s：%(n)s 件还没有安排考察") % {"cycle": row.cycle, "n": row.unplanned},
        url=reverse("lifecycle:visit.list", args=[row.pk]) + "?state=none",
        action_label=_("安排考察"),
        since=row.opens_at,
        due=row.closes_at,
    )


def _record(row: Any, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("考察“%s”") % row.entry,
        url=reverse("lifecycle:visit.record", args=[row.pk]),
        action_label=_("填写考察记录"),
        from_=row.entry.organisation.name,
        since=row.created_at,
        due=row.work_day,
        note="" if row.planned_on else _("考察日期还没有定"),
    )


register_source(
    Source(
        key="visit.plan",
        title=_("待安排的考察"),
        policy_action="visit.plan",
        rows=lambda actor, now: queries.stages_to_plan(actor=actor),
        item=_plan,
        due="closes_at",
        search=("cycle__label", "cycle__programme__title"),
        list_url="lifecycle:visit.stages",
        icon="map-pin",
        order=45,
    ),
    Source(
        key="visit.record",
        title=_("待归档的考察记录"),
        policy_action="visit.record",
        rows=lambda actor, now: queries.visits_to_file(actor=actor),
        item=_record,
        due="work_day",
        search=("entry__title", "entry__code", "entry__organisation__name"),
        list_url="lifecycle:visit.stages",
        icon="clipboard-text",
        order=46,
    ),
)
