"""What of a cycle goes into a calendar: each stage as its days, the end of a call as a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.dates import local_date
from portal.lifecycle.programmes.calendar_grid import last_day
from portal.lifecycle.programmes.ical import Item
from portal.lifecycle.programmes.models import CycleStage
from portal.web.formats import cn_datetime


def desk_items(stages: Iterable[CycleStage], *, site: str) -> Iterator[Item]:
    """Stages as a desk sees them, with links to the cycle's page; ``site`` is the portal's address with ``/`` at its end."""
    for stage in stages:
        yield from stage_items(stage, url=f"{site.rstrip('/')}{stage.cycle.get_absolute_url()}", site=site)


def call_items(calls: Iterable[CycleStage], *, site: str) -> Iterator[Item]:
    """Calls as everybody sees them, with links to their public pages."""
    for call in calls:
        address = reverse("awards:public.call", kwargs={"pk": call.cycle_id})
        yield from stage_items(call, url=f"{site.rstrip('/')}{address}", site=site)


def stage_items(stage: CycleStage, *, url: str, site: str) -> Iterator[Item]:
    cycle = stage.cycle
    host = site.rsplit("//", maxsplit=1)[-1].strip("/")
    words = {"stage": stage.title, "cycle": cycle, "owner": cycle.owner, "ends": cn_datetime(stage.closes_at)}
    common = {
        "changed": cycle.updated_at,
        "url": url,
        "category": stage.title,
        "text": _("%(owner)s主办；%(stage)s于%(ends)s结束。") % words,
    }
    yield Item(
        uid=f"stage-{stage.pk}@{host}",
        title=_("%(cycle)s：%(stage)s") % words,
        first=local_date(stage.opens_at),
        last=last_day(stage),
        **common,
    )
    if stage.kind == "application":
        yield Item(
            uid=f"stage-{stage.pk}-ends@{host}",
            title=_("%(cycle)s：%(stage)s截止") % words,
            at=stage.closes_at,
            **common,
        )
