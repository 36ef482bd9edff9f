"""How entries would stand if the review ended with given marks: the same rule as a round, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.queries import stage_of
from portal.lifecycle.review.provisional import Standing, register_provisional
from portal.lifecycle.selection.freezing import snapshot_of
from portal.lifecycle.selection.models import Outcome
from portal.lifecycle.selection.outcomes import SELECTED
from portal.lifecycle.selection.snapshot import compute, is_batch

if TYPE_CHECKING:
    from portal.lifecycle.programmes.models import CycleStage
    from portal.lifecycle.review.results import StageMarks


@register_provisional
def provisional(review: CycleStage, marks: StageMarks) -> dict[int, Standing]:
    """Rank, total and outcome of all entries that have marks; those without a full set come last, without a rank."""
    selection = stage_of(review.cycle, "selection")
    if selection is None:
        return {}
    marked = [pk for pk, found in marks.marks.items() if found]
    rows = Entry.objects.filter(pk__in=marked, state__in=[EntryState.IN_REVIEW, EntryState.REVIEWED])
    entries = list(rows.select_related("organisation", "nominating", "track").order_by("code"))
    result = compute(snapshot := snapshot_of(selection, entries, review, marks))
    outcomes = {} if is_batch(snapshot) else {o.code: o for o in result.allocation.outcomes}
    ranks = {r.candidate.code: r.rank for r in result.ranking.ranked}
    found = {}
    for entry in entries:
        total = result.scores[entry.code].total
        outcome = outcomes.get(entry.code)
        found[entry.pk] = Standing(
            rank=ranks.get(entry.code) if total is not None else None,
            total=f"{total}" if total is not None else "",
            outcome=str(Outcome(outcome.result).label) if outcome else "",
            is_selected=outcome is not None and outcome.result == SELECTED,
        )
    return found
