"""What waits for the unit that files: returned entries, drafts, open calls."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.context import Actor
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.programmes.queries import open_calls
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _own(actor: Actor, state: str) -> QuerySet[Entry]:
    rows = Entry.objects.filter(organisation__path__startswith=actor.path, state=state)
    return rows.select_related("cycle__programme", "organisation").defer("answers", "route")


def _returned(actor: Actor, now: dt.datetime) -> QuerySet[Entry]:
    return _own(actor, EntryState.RETURNED)


def _drafts(actor: Actor, now: dt.datetime) -> QuerySet[Entry]:
    closing = CycleStage.objects.filter(cycle=OuterRef("cycle"), kind="application").values("closes_at")
    return _own(actor, EntryState.DRAFT).annotate(closes_at=Subquery(closing[:1]))


def _calls(actor: Actor, now: dt.datetime) -> QuerySet[CycleStage]:
    started = Entry.objects.filter(organisation__path__startswith=actor.path).values("cycle")
    return open_calls(now=now).exclude(cycle__in=started)


def _returned_item(entry: Entry, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=entry.title or entry.code,
        url=entry.get_absolute_url(),
        action_label=_("补正后重报"),
        from_=str(entry.cycle),
        since=entry.state_changed_at,
        due=entry.return_due_at,
        note=_("已退回，请按意见修改"),
    )


def _draft_item(entry: Any, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=entry.title or _("（未命名的草稿）"),
        url=entry.get_absolute_url(),
        action_label=_("继续填报"),
        from_=str(entry.cycle),
        since=entry.updated_at,
        due=entry.closes_at,
        note=_("草稿，尚未提交"),
    )


def _call_item(stage: CycleStage, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=str(stage.cycle),
        url=f"{reverse('lifecycle:entry.create')}?cycle={stage.cycle_id}",
        action_label=_("开始申报"),
        from_=str(stage.cycle.owner),
        since=stage.opens_at,
        due=stage.closes_at,
        note=_("正在征集，贵单位还没有申报"),
    )


register_source(
    Source(
        key="entry.returned",
        title=_("退回补正"),
        policy_action="entry.submit",
        rows=_returned,
        item=_returned_item,
        due="return_due_at",
        search=("title", "code", "cycle__programme__title"),
        list_url="lifecycle:entry.list",
        list_query="state=returned",
        icon="arrow-back-up",
        order=10,
    ),
    Source(
        key="entry.draft",
        title=_("填报中"),
        policy_action="entry.submit",
        rows=_drafts,
        item=_draft_item,
        due="closes_at",
        search=("title", "code", "cycle__programme__title"),
        list_url="lifecycle:entry.list",
        list_query="state=draft",
        icon="edit",
        order=11,
    ),
    Source(
        key="entry.call",
        title=_("正在征集"),
        policy_action="entry.create",
        rows=_calls,
        item=_call_item,
        due="closes_at",
        search=("cycle__programme__title", "cycle__label"),
        icon="speakerphone",
        order=12,
    ),
)
