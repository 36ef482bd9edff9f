"""Reading the order of the presentations, always inside the active scope."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Max, OuterRef
from django.utils.translation import gettext as _

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.presentation.models import PresentationDraw, PresentationSlot
from portal.lifecycle.review.queries.board import count_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.lifecycle.blueprints.review_blocks import PresentationParams


def stages(*, actor: Actor) -> QuerySet[CycleStage]:
    """Review stages of this desk's cycles that have presentations, with the number of draws."""
    rows = CycleStage.objects.filter(kind="review", cycle__owner__path=actor.path, params__presentation__isnull=False)
    rows = rows.exclude(params__presentation=None).select_related("cycle__programme", "cycle__owner")
    return rows.annotate(drawn=Max("draws__number"))


def stages_to_draw(*, actor: Actor) -> QuerySet[CycleStage]:
    """Open stages whose order has not been drawn, with how many entries wait for it (``waiting``)."""
    entries = Entry.objects.filter(cycle_id=OuterRef("cycle_id"), state=EntryState.IN_REVIEW)
    rows = stages(actor=actor).filter(status="open", drawn=None)
    return rows.annotate(waiting=count_of(entries, "cycle_id")).filter(waiting__gt=0)


def to_present(stage: CycleStage) -> QuerySet[Entry]:
    """Entries that a draw would put in order."""
    rows = Entry.objects.filter(cycle_id=stage.cycle_id, state=EntryState.IN_REVIEW)
    return rows.select_related("organisation").order_by("code")


def ready_to_draw(stage: CycleStage, now: dt.datetime) -> Decision:
    """Whether there is anything to draw now; what ``domain.draw`` refuses, said before anybody presses a button."""
    if not stage.is_open_at(now):
        return refuse("stage_closed", _("评审环节没有开放，不能抽签。"))
    if not to_present(stage).exists():
        return refuse("no_entries", _("还没有进入评审的申报件，不能抽签。"))
    return ALLOWED


def current_draw(stage: CycleStage) -> PresentationDraw | None:
    """The draw that counts."""
    return PresentationDraw.objects.filter(stage=stage).select_related("drawn_by").order_by("-number").first()


def slots(draw: PresentationDraw) -> QuerySet[PresentationSlot]:
    """The order of one draw."""
    return PresentationSlot.objects.filter(draw=draw).select_related("entry__organisation", "entry__track")


def place_of(entry: Entry) -> int | None:
    """The place of an entry in the order that counts (one query)."""
    row = PresentationSlot.objects.filter(entry=entry).order_by("-draw__number").first()
    return row.place if row else None


def starts(params: PresentationParams, count: int) -> list[dt.timedelta]:
    """When each presentation begins after the first; speech and questions follow each other without a break."""
    each = dt.timedelta(minutes=params.minutes + params.questions_minutes)
    return [each * number for number in range(count)]
