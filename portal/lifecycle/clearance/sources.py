"""Entries whose checks and departments' opinions are not recorded yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.context import Actor
from portal.lifecycle.clearance.queries import entries_to_clear
from portal.lifecycle.programmes.models import CycleStage
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _rows(actor: Actor, now: dt.datetime) -> QuerySet:
    closing = CycleStage.objects.filter(cycle=OuterRef("cycle"), kind="clearance").values("closes_at")
    return entries_to_clear(actor=actor).annotate(clear_by=Subquery(closing[:1]))


def _item(entry: Any, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=entry.title or entry.code,
        url=reverse("lifecycle:clearance.record", kwargs={"code": entry.code}),
        action_label=_("登记意见"),
        from_=str(entry.nominating or entry.organisation),
        since=entry.state_changed_at,
        due=entry.clear_by,
        note=str(entry.cycle),
    )


register_source(
    Source(
        key="clearance.record",
        title=_("资格审查与联审"),
        policy_action="clearance.record",
        rows=_rows,
        item=_item,
        due="clear_by",
        search=("title", "code", "organisation__name", "nominating__name"),
        list_url="lifecycle:clearance.list",
        list_query="pending=on",
        icon="clipboard-check",
        order=30,
    )
)
