"""What waits: lists to countersign, and refusals the owner has to react to."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.programmes.hosts.tasks import HostTask, register_task
from portal.lifecycle.selection.countersigning.queries import rounds_to_sign, unanswered_refusals, waiting_for
from portal.web.ui import Badge, WorkItem
from portal.web.work import Source, register_source


def _round(row: Any, now: Any) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s 第%(n)s轮名单") % {"cycle": row.stage.cycle, "n": row.number},
        url=reverse("lifecycle:joint.round", kwargs={"pk": row.pk}),
        action_label=_("核对会签"),
        from_=row.stage.cycle.owner.name,
        since=row.created_at,
        due=row.stage.closes_at,
    )


def _refusal(row: Any, now: Any) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s 第%(n)s轮评选") % {"cycle": row.round.stage.cycle, "n": row.round.number},
        url=reverse("lifecycle:round.detail", kwargs={"pk": row.round_id}),
        action_label=_("研究处理"),
        from_=row.host.name,
        since=row.signed_at,
        badge=Badge(_("会签不同意"), "stopped"),
        note=row.reason[:60],
    )


register_task(
    HostTask(
        key="rounds",
        title=_("评选名单"),
        url_name="lifecycle:joint.rounds",
        right="can_decide",
        waiting=waiting_for,
        waiting_text=_("待会签"),
    )
)
register_source(
    Source(
        key="joint.sign",
        title=_("待会签的评选名单"),
        policy_action="countersign.sign",
        rows=lambda actor, now: rounds_to_sign(actor=actor),
        item=_round,
        due="stage__closes_at",
        search=("stage__cycle__label", "stage__cycle__programme__title"),
        list_url="lifecycle:joint.list",
        icon="writing-sign",
        order=49,
    ),
    Source(
        key="countersign.answer",
        title=_("会签不同意的评选"),
        policy_action="countersign.answer",
        rows=lambda actor, now: unanswered_refusals(actor=actor),
        item=_refusal,
        search=("round__stage__cycle__label", "round__stage__cycle__programme__title", "host__name"),
        list_url="lifecycle:round.list",
        icon="writing-sign",
        order=52,
    ),
)
