"""Pairs that nobody has looked at."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.context import Actor
from portal.lifecycle.similarity.models import SimilarPair, Verdict
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _rows(actor: Actor, now: dt.datetime) -> QuerySet[SimilarPair]:
    rows = SimilarPair.objects.filter(later__cycle__owner__path=actor.path, verdict=Verdict.OPEN)
    return rows.select_related("later__cycle__programme", "later__organisation", "earlier")


def _item(pair: SimilarPair, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("“%(later)s”与“%(earlier)s”相似%(percent)s%%")
        % {"later": pair.later, "earlier": pair.earlier, "percent": pair.percent},
        url=reverse("lifecycle:similarity.pair", args=[pair.pk]),
        action_label=_("核对"),
        from_=pair.later.organisation.name,
        since=pair.created_at,
        note=str(pair.later.cycle),
    )


register_source(
    Source(
        key="similarity.decide",
        title=_("待核对的相似申报件"),
        policy_action="similarity.decide",
        rows=_rows,
        item=_item,
        search=("later__title", "earlier__title", "later__organisation__name"),
        list_url="lifecycle:similarity.list",
        list_query="verdict=open",
        icon="copy-check",
        order=32,
    )
)
