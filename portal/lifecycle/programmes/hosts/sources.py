"""Agreements that a co-host has not confirmed yet."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.hosts.queries import unacknowledged
from portal.web.ui import Badge, WorkItem
from portal.web.work import Source, register_source


def _item(host: CycleHost, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("联合主办“%s”") % host.cycle,
        url=host.get_absolute_url(),
        action_label=_("核对"),
        from_=host.cycle.owner.name,
        since=host.updated_at,
        badge=Badge(_("待确认"), "info"),
        note=host.rights_text,
    )


register_source(
    Source(
        key="joint.acknowledge",
        title=_("待确认的联合主办约定"),
        policy_action="joint.acknowledge",
        rows=lambda actor, now: unacknowledged(actor=actor),
        item=_item,
        search=("cycle__programme__title", "cycle__label"),
        list_url="lifecycle:joint.list",
        icon="users",
        order=6,
    )
)
