"""The box on an entry's page in which the union decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from portal.lifecycle.engine.perform import preview
from portal.lifecycle.engine.registry import Panel, register_panel
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.recommendation import queries
from portal.lifecycle.recommendation.forms import EndorseForm
from portal.lifecycle.recommendation.rules import needs_rank, recommendation_params, station_of

if TYPE_CHECKING:
    from portal.core.context import Actor


def actions_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    """Opinion form, why endorsing would be refused, places left, the rank, and the neighbours in the queue."""
    now = timezone.now()
    station = station_of(entry)
    params = recommendation_params(entry.cycle)
    if station is None or params is None:
        return {"station": None}
    places = queries.places(
        cycle=entry.cycle, organisation=entry.at_organisation, level=station.hop.level, track=entry.track
    )
    return {
        "station": station,
        "form": EndorseForm(cycle=entry.cycle, initial={"expected_version": entry.version}, auto_id="endorse_%s"),
        "vetoes": entry.cycle.rules.vetoes,
        "refusals": preview(entry, "endorse", actor=actor, now=now, vetoes_checked=True),
        "places": places,
        "ranked": needs_rank(station, params),
        "notice_days": params.notice_days(station.hop.level),
        "neighbours": queries.neighbours(entry, actor=actor),
    }


register_panel(
    Panel("recommendation.actions", "entry.endorse", "lifecycle/recommendation/_actions.html", actions_context)
)
