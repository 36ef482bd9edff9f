"""Honours of a year that several programmes count together (即时授予): how many there are, and how many there may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.conferral.models import ConferralItem, ConferralStatus
from portal.lifecycle.programmes.models import Cycle

if TYPE_CHECKING:
    from portal.lifecycle.conferral.models import Conferral


@dataclass(frozen=True, slots=True)
class YearlyCounter:
    """``used`` honours of ``year`` under one counter of a federation, also those taken back later; ``limit`` 0 = none."""

    year: int
    used: int
    limit: int

    def room_for(self, count: int) -> Decision:
        if self.limit and self.used + count > self.limit:
            return refuse(
                "yearly_places",
                f"{self.year}年同类即时授予已有{self.used}个，全年名额{self.limit}个，本次{count}个将超出名额。",
            )
        return ALLOWED


def yearly_counter(cycle: Cycle, year: int) -> YearlyCounter | None:
    """The counter that the cycle's honours go into; None for programmes that are not counted by the year."""
    honour = cycle.rules.honour
    if not honour.counter:
        return None
    items = ConferralItem.objects.filter(
        conferral__cycle__owner_id=cycle.owner_id,
        conferral__status=ConferralStatus.ISSUED,
        conferral__decided_on__year=year,
    )
    by_cycle: dict[int, int] = {}
    for pk in items.values_list("conferral__cycle", flat=True):
        by_cycle[pk] = by_cycle.get(pk, 0) + 1
    cycles = Cycle.objects.select_related("blueprint", "programme", "owner").filter(pk__in=by_cycle)
    used = sum(by_cycle[other.pk] for other in cycles if other.rules.honour.counter == honour.counter)
    return YearlyCounter(year, used, honour.yearly_places)


def room_in_year(conferral: Conferral, count: int) -> Decision:
    """Whether the year of the decision has room for so many honours more."""
    counter = yearly_counter(conferral.cycle, conferral.decided_on.year)
    return ALLOWED if counter is None else counter.room_for(count)
