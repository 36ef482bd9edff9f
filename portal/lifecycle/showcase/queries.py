"""Reading the showcase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.showcase.models import ShowcaseItem

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.lifecycle.blueprints.schema import Blueprint


ENDS = (
    (StageKind.CONFERRAL, EntryState.CONFERRED),
    (StageKind.NOTICE, EntryState.CONFIRMED),
    (StageKind.SELECTION, EntryState.SELECTED),
    (StageKind.RECOMMENDATION, EntryState.RECOMMENDED),
    (StageKind.APPLICATION, EntryState.SUBMITTED),
)
"""What the last stage of a programme before the showcase leaves behind, last stage first."""


def showable_state(rules: Blueprint) -> EntryState:
    """The state in which an entry of this programme may be shown: conferred, or how far the programme goes."""
    return next(state for kind, state in ENDS if rules.stage(kind) is not None)


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
    """Entries of this desk's cycles that have come to the end of their programme and have no page yet."""
    stages = CycleStage.objects.filter(cycle=OuterRef("cycle"))
    has = {kind: Exists(stages.filter(kind=kind)) for kind, _state in ENDS}
    ends, later = Q(pk__in=[]), Q()
    for kind, state in ENDS:
        ends |= Q(state=state) & later & Q(has[kind])
        later &= ~Q(has[kind])
    return (
        Entry.objects.filter(
            ends,
            Exists(stages.filter(kind=StageKind.SHOWCASE)),
            cycle__owner__path=actor.path,
            showcase_item__isnull=True,
        )
        .select_related("cycle__programme", "cycle__owner", "organisation", "employer")
        .order_by("-state_changed_at")
    )
