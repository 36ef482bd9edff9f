"""What presentations ask of the owner's desk: to draw the order while there is time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.review.presentation import queries
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _draw(row: Any, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("%(cycle)s：%(n)s 件待抽签确定展示次序") % {"cycle": row.cycle, "n": row.waiting},
        url=reverse("lifecycle:presentation.order", args=[row.pk]),
        action_label=_("抽签"),
        since=row.opens_at,
        due=row.closes_at,
    )


register_source(
    Source(
        key="presentation.draw",
        title=_("待抽签的现场展示"),
        policy_action="presentation.draw",
        rows=lambda actor, now: queries.stages_to_draw(actor=actor),
        item=_draw,
        due="closes_at",
        search=("cycle__label", "cycle__programme__title"),
        list_url="lifecycle:presentation.stages",
        icon="arrows-shuffle",
        order=49,
    )
)
