"""What votes ask: of the owner to open them and to look at the count, of staff to cast their ballot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.review.vote import queries
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _open(row: Any, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("%s：投票还没有开始") % row.cycle,
        url=reverse("lifecycle:vote.overview", args=[row.pk]),
        action_label=_("开启投票"),
        since=row.opens_at,
        due=row.vote_due,
        note=_("投票须在评审结束前完成"),
    )


def _counted(row: Any, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("%s：投票已结束") % row.title,
        url=reverse("lifecycle:vote.overview", args=[row.stage_id]),
        action_label=_("查看计票结果"),
        since=row.closes_at,
        due=row.stage.closes_at,
        note=_("票数供评审参考"),
    )


def _cast(row: Any, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("%s：请您投票") % row.title,
        url=reverse("lifecycle:vote.staff", kwargs={"token": row.token}),
        action_label=_("去投票"),
        from_=row.stage.cycle.owner.name,
        since=row.opens_at,
        due=row.closes_at,
    )


register_source(
    Source(
        key="vote.open",
        title=_("待开启的投票"),
        policy_action="vote.open",
        rows=lambda actor, now: queries.stages_to_open(actor=actor, now=now),
        item=_open,
        due="vote_due",
        search=("cycle__label", "cycle__programme__title"),
        list_url="lifecycle:vote.stages",
        icon="thumb-up",
        order=47,
    ),
    Source(
        key="vote.counted",
        title=_("已结束的投票"),
        policy_action="vote.open",
        rows=lambda actor, now: queries.windows_counted(actor=actor, now=now),
        item=_counted,
        due="stage__closes_at",
        search=("title",),
        list_url="lifecycle:vote.stages",
        icon="chart-bar",
        order=48,
    ),
    Source(
        key="vote.cast",
        title=_("请您投票"),
        policy_action="vote.cast",
        rows=lambda actor, now: queries.windows_to_cast(actor=actor, now=now),
        item=_cast,
        due="closes_at",
        search=("title",),
        icon="thumb-up",
        order=39,
    ),
)
