"""What waits for the union that ran an edition: winners that have not gone up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.editions.queries import to_forward
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _item(cycle: Any, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=str(cycle),
        url=reverse("lifecycle:edition.detail", kwargs={"pk": cycle.pk}),
        action_label=_("上报入选项目"),
        note=_("%d件入选项目还没有上报") % cycle.waiting,
    )


register_source(
    Source(
        key="edition.forward",
        title=_("本级入选待上报"),
        policy_action="edition.forward",
        rows=lambda actor, now: to_forward(actor=actor),
        item=_item,
        search=("programme__title", "label"),
        list_url="lifecycle:edition.list",
        icon="arrow-up-right-circle",
        order=72,
    )
)
