"""Reading the showcase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.showcase.models import ShowcaseItem

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


def public_showcase() -> QuerySet[ShowcaseItem]:
    """What everybody may see: published, not withdrawn, newest first."""
    return (
        ShowcaseItem.objects.filter(published_at__isnull=False, withdrawn_at__isnull=True)
        .select_related("entry__cycle__programme", "picture")
        .defer("entry__answers")
        .order_by("-published_at", "-pk")
    )


def showcase_of_desk(*, actor: Actor) -> QuerySet[ShowcaseItem]:
    """Pages of the cycles this desk owns, whatever their state."""
    return ShowcaseItem.objects.filter(entry__cycle__owner__path=actor.path).select_related(
        "entry__cycle__programme", "entry__cycle__owner", "entry__organisation", "picture"
    )


def entries_without_page(*, actor: Actor) -> QuerySet[Entry]:
    """Conferred entries of this desk's cycles that have no page yet."""
    return (
        Entry.objects.filter(cycle__owner__path=actor.path, state=EntryState.CONFERRED, showcase_item__isnull=True)
        .select_related("cycle__programme", "cycle__owner", "organisation", "employer")
        .order_by("-state_changed_at")
    )
