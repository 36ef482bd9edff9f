"""What waits: opinions of the co-host, and refusals that the owner has to decide on."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.context import Actor
from portal.lifecycle.clearance.opinions.models import HostOpinion
from portal.lifecycle.clearance.opinions.queries import objections, waiting_for
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.hosts.queries import hostings
from portal.lifecycle.programmes.hosts.tasks import HostTask, register_task
from portal.web.ui import Badge, WorkItem
from portal.web.work import Source, register_source


def _rows(actor: Actor, now: dt.datetime) -> QuerySet[CycleHost]:
    return hostings(actor=actor).filter(can_clear=True, waiting_entries__gt=0)


def _item(host: CycleHost, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s：%(n)s 件待出具意见") % {"cycle": host.cycle, "n": host.waiting_entries},
        url=reverse("lifecycle:joint.entries", kwargs={"pk": host.pk}) + "?verdict=waiting",
        action_label=_("出具意见"),
        from_=host.cycle.owner.name,
        since=host.updated_at,
    )


def _objection(opinion: HostOpinion, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=opinion.entry.title or opinion.entry.code,
        url=reverse("lifecycle:clearance.record", kwargs={"code": opinion.entry.code}),
        action_label=_("研究处理"),
        from_=opinion.host.name,
        since=opinion.given_at,
        badge=Badge(_("不同意"), "stopped"),
        note=opinion.note[:60],
    )


register_task(
    HostTask(
        key="entries",
        title=_("申报件"),
        url_name="lifecycle:joint.entries",
        right="can_see",
        waiting=waiting_for,
        waiting_text=_("待出具意见"),
    )
)
register_source(
    Source(
        key="joint.opinion",
        title=_("待出具的联审意见"),
        policy_action="opinion.give",
        rows=_rows,
        item=_item,
        search=("cycle__programme__title", "cycle__label"),
        list_url="lifecycle:joint.list",
        icon="clipboard-check",
        order=31,
    ),
    Source(
        key="opinion.overrule",
        title=_("联合主办单位不同意的申报件"),
        policy_action="opinion.overrule",
        rows=lambda actor, now: objections(actor=actor),
        item=_objection,
        search=("entry__title", "entry__code", "host__name"),
        list_url="lifecycle:clearance.list",
        list_query="hosts=against",
        icon="clipboard-x",
        order=32,
    ),
)
