"""Stages of the desk's own cycles that are past their date and still open."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.context import Actor
from portal.lifecycle.programmes.announcement_models import CycleAnnouncement
from portal.lifecycle.programmes.announcements import unread
from portal.lifecycle.programmes.models import CycleStage, CycleStatus, StageStatus
from portal.web.ui import Badge, WorkItem
from portal.web.work import Source, register_source


def _rows(actor: Actor, now: dt.datetime) -> QuerySet[CycleStage]:
    return CycleStage.objects.filter(
        cycle__owner__path=actor.path, cycle__status=CycleStatus.RUNNING, status=StageStatus.OPEN, closes_at__lt=now
    ).select_related("cycle__programme")


def _item(stage: CycleStage, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s：“%(stage)s”已到期，尚有未办结事项") % {"cycle": stage.cycle, "stage": stage.title},
        url=stage.cycle.get_absolute_url(),
        action_label=_("查看"),
        since=stage.opens_at,
        due=stage.closes_at,
        note=_("办结后自动进入下一环节，或调整日期"),
    )


def _unread(actor: Actor, now: dt.datetime) -> QuerySet[CycleAnnouncement]:
    return unread(actor=actor)


def _unread_item(announcement: CycleAnnouncement, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s有变更：%(kind)s") % {"cycle": announcement.cycle, "kind": announcement.get_kind_display()},
        url=announcement.cycle.get_absolute_url(),
        action_label=_("查看"),
        from_=announcement.cycle.owner.name,
        since=announcement.published_at,
        badge=Badge(_("未读"), "info"),
        note="；".join(announcement.lines[:2]),
    )


register_source(
    Source(
        key="cycle.announcement",
        title=_("未读的届次变更通知"),
        policy_action="cycle.view",
        rows=_unread,
        item=_unread_item,
        search=("cycle__programme__title",),
        list_url="lifecycle:cycle.list",
        icon="bell",
        order=5,
    ),
    Source(
        key="cycle.overdue",
        title=_("到期未办结的环节"),
        policy_action="cycle.run",
        rows=_rows,
        item=_item,
        due="closes_at",
        search=("cycle__programme__title", "title"),
        list_url="lifecycle:cycle.list",
        icon="calendar-due",
        order=80,
    ),
)
