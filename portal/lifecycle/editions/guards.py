"""What must hold before a winner goes up: the same as for an entry that a union recommends."""

from __future__ import annotations

from portal.lifecycle.engine.registry import check
from portal.lifecycle.entries import guards as entering
from portal.lifecycle.recommendation import guards as recommending

for guard in (
    entering.cycle_runs,
    entering.nothing_missing,
    entering.consents_given,
    entering.title_is_new,
    entering.unit_is_new,
    entering.route_exists,
    recommending.at_a_station,
    recommending.ranked,
    recommending.place_free,
    recommending.vetoes_checked,
    recommending.ratios_met,
):
    check("forward")(guard)
