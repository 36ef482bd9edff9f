"""What waits for a desk: each room registers its sources (``<room>/sources.py``), the work list gathers them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.core.policies import may

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.web.ui import Bulk, WorkItem


@dataclass(frozen=True)
class Source:
    """One kind of work. ``rows`` are exactly the objects the desk can act on now, inside the active scope.

    ``rows(actor, now)`` must carry everything ``item(row, now)`` shows (select_related, annotations): a source costs one
    query however many rows it has. ``due`` is the database key of the deadline (for order and groups), empty = none.
    ``search`` are the database keys that the work list's search box looks into.
    """

    key: str
    title: Any
    policy_action: str
    rows: Callable[[Actor, dt.datetime], QuerySet]
    item: Callable[[Any, dt.datetime], WorkItem]
    due: str = ""
    search: tuple[str, ...] = ()
    list_url: str = ""  # url name of the full list
    list_query: str = ""
    bulk: tuple[Bulk, ...] = ()
    icon: str = ""
    order: int = 50
    for_experts: bool = False  # such work keeps an expert at the work list, who else goes on to the review desk


_sources: dict[str, Source] = {}


def register_source(*sources: Source) -> None:
    for source in sources:
        if source.key in _sources:
            raise ValueError(f"work source {source.key} is registered twice")
        _sources[source.key] = source


def sources_for(actor: Actor) -> list[Source]:
    """The kinds of work this desk can do at all, in order."""
    return sorted((s for s in _sources.values() if may(actor, s.policy_action)), key=lambda s: (s.order, s.key))
