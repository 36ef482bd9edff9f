"""What waits for a union on the route, and for the city that allots places."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.context import Actor
from portal.lifecycle.programmes.models import CycleStage, CycleStatus, QuotaAllocation, StageStatus
from portal.lifecycle.recommendation.queries import waiting
from portal.web.ui import Bulk, WorkItem
from portal.web.work import Source, register_source


def _waiting(actor: Actor, now: dt.datetime) -> QuerySet:
    return waiting(actor=actor)


def _waiting_item(entry: Any, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=entry.title or entry.code,
        url=entry.get_absolute_url(),
        action_label=_("审核"),
        from_=entry.organisation.name,
        since=entry.state_changed_at,
        due=entry.due_at,
        note=str(entry.cycle),
    )


def _unallotted(actor: Actor, now: dt.datetime) -> QuerySet[CycleStage]:
    """Recommendation stages of the desk's own cycles for which the rules want places and none are set."""
    return (
        CycleStage.objects.filter(
            kind="recommendation",
            cycle__owner__path=actor.path,
            cycle__status=CycleStatus.RUNNING,
        )
        .exclude(status=StageStatus.CLOSED)
        .exclude(params__allocation__rule="none")
        .exclude(Exists(QuotaAllocation.objects.filter(cycle=OuterRef("cycle"))))
        .select_related("cycle__programme", "cycle__owner")
    )


def _unallotted_item(stage: CycleStage, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s：下达推荐名额") % {"cycle": stage.cycle},
        url=reverse("lifecycle:quota.edit", kwargs={"pk": stage.cycle_id}),
        action_label=_("分配名额"),
        since=stage.opens_at,
        due=stage.closes_at,
        note=_("各推荐工会要有名额才能上报"),
    )


register_source(
    Source(
        key="nomination.check",
        title=_("待审核"),
        policy_action="entry.endorse",
        rows=_waiting,
        item=_waiting_item,
        due="due_at",
        search=("title", "code", "organisation__name", "cycle__programme__title"),
        list_url="lifecycle:nomination.waiting",
        bulk=(
            Bulk(_("批量同意推荐"), "lifecycle:nomination.bulk_endorse", icon="checks", policy_action="entry.endorse"),
        ),
        icon="stamp",
        order=20,
    ),
    Source(
        key="quota.unset",
        title=_("待下达名额"),
        policy_action="cycle.quota",
        rows=_unallotted,
        item=_unallotted_item,
        due="closes_at",
        search=("cycle__programme__title", "cycle__label"),
        icon="chart-pie",
        order=21,
    ),
)
