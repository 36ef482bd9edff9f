"""What waits for the owner's managers: rounds to approve, and selection stages without a round."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.selection import queries
from portal.lifecycle.selection.models import RoundStatus
from portal.lifecycle.selection.tables import open_question
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _round(row: Any, now: Any) -> WorkItem:
    blocked = row.status == RoundStatus.BLOCKED
    return WorkItem(
        title=_("%(cycle)s 第%(n)s轮评选") % {"cycle": row.stage.cycle, "n": row.number},
        url=reverse("lifecycle:round.detail", args=[row.pk]),
        action_label=_("核对") if blocked else _("审定"),
        since=row.created_at,
        due=row.stage.closes_at,
        note=_("两套算法不一致") if blocked else open_question(row),
    )


def _stage(row: Any, now: Any) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s：%(n)s 件待评选") % {"cycle": row.cycle, "n": row.waiting},
        url=reverse("lifecycle:round.stage", args=[row.pk]),
        action_label=_("产生评选结果"),
        since=row.opens_at,
        due=row.closes_at,
    )


register_source(
    Source(
        key="round.approve",
        title=_("待审定的评选"),
        policy_action="round.approve",
        rows=lambda actor, now: queries.rounds_to_decide(actor=actor),
        item=_round,
        due="stage__closes_at",
        search=("stage__cycle__label", "stage__cycle__programme__title"),
        list_url="lifecycle:round.list",
        icon="list-numbers",
        order=50,
    )
)
register_source(
    Source(
        key="round.produce",
        title=_("待产生的评选结果"),
        policy_action="round.produce",
        rows=lambda actor, now: queries.stages_without_round(actor=actor),
        item=_stage,
        due="closes_at",
        search=("cycle__label", "cycle__programme__title"),
        list_url="lifecycle:round.list",
        icon="calculator",
        order=51,
    )
)
