"""What waits for the organiser of a review (experts are led to /review/)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.review.queries import board, desk
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _sheet(row: Any, now: Any) -> WorkItem:
    return WorkItem(
        title=_("评审 %(code)s") % {"code": row.entry.review_code},
        url=reverse("lifecycle:review.sheet", args=[row.pk]),
        action_label=_("评分"),
        from_=str(row.panel.stage.cycle),
        since=row.created_at,
        due=row.panel.due_at or row.panel.stage.closes_at,
    )


def _bare(row: Any, now: Any) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s：%(n)s 件还没有分配专家") % {"cycle": row.cycle, "n": row.bare},
        url=reverse("lifecycle:review.panels", args=[row.pk]),
        action_label=_("分配任务"),
        since=row.opens_at,
        due=row.closes_at,
    )


def _ready(row: Any, now: Any) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s：%(n)s 件评分已齐") % {"cycle": row.cycle, "n": row.ready},
        url=reverse("lifecycle:review.entries", args=[row.pk]) + "?state=in_review",
        action_label=_("完成评审"),
        since=row.opens_at,
        due=row.closes_at,
    )


register_source(
    Source(
        key="review.sheets",
        title=_("待评分"),
        policy_action="review.view",
        rows=lambda actor, now: desk.open_assignments(actor=actor).prefetch_related(None),
        item=_sheet,
        due="panel__due_at",
        search=("entry__review_code",),
        list_url="lifecycle:review.desk",
        list_query="state=open",
        icon="pencil-check",
        order=40,
    )
)
register_source(
    Source(
        key="review.unassigned",
        title=_("待分配评审任务"),
        policy_action="review.organise",
        rows=lambda actor, now: board.stages_lacking_assignments(actor=actor),
        item=_bare,
        due="closes_at",
        search=("cycle__label", "cycle__programme__title"),
        list_url="lifecycle:review.stages",
        list_query="status=open",
        icon="users-group",
        order=41,
    )
)
register_source(
    Source(
        key="review.ready",
        title=_("待完成评审"),
        policy_action="review.organise",
        rows=lambda actor, now: board.stages_ready_to_complete(actor=actor),
        item=_ready,
        due="closes_at",
        search=("cycle__label", "cycle__programme__title"),
        list_url="lifecycle:review.stages",
        list_query="status=open",
        icon="checks",
        order=42,
    )
)
