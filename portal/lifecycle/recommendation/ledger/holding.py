"""Which place an entry uses. An entry uses one place, taken at the first union of its route that has an account.

A place handed down thus comes back up inside the entry: a union above does not spend another one for it, unless it lists
a main candidate as a reserve or the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from portal.core.scoping import system_scope
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import StageStatus
from portal.lifecycle.programmes.place_models import PlaceAction, PlacePosting, Purse
from portal.lifecycle.programmes.places.posting import SCOPE, Move, inside, post
from portal.lifecycle.recommendation.queries import account_of
from portal.lifecycle.recommendation.rules import recommendation_stage

if TYPE_CHECKING:
    from portal.lifecycle.engine.perform import Act

USING, FREEING = (Purse.FREE, Purse.USED), (Purse.USED, Purse.FREE)


def held(entries: Iterable[int]) -> dict[int, PlacePosting]:
    """The posting by which each of the entries (by id) uses its place; entries without a place are missing."""
    with system_scope(SCOPE):
        last = (
            PlacePosting.objects.filter(entry__in=list(entries), action__in=[PlaceAction.USE, PlaceAction.RELEASE])
            .select_related("taker__organisation")
            .order_by("entry_id", "-pk")
            .distinct("entry_id")
        )
        return {row.entry_id: row for row in last if row.action == PlaceAction.USE}


def carries(entry: Entry, *, reserve: bool) -> bool:
    """Whether the entry brings a place of this kind from a union below."""
    holding = held([entry.pk]).get(entry.pk)
    return holding is not None and holding.is_reserve == reserve


def take(act: Act) -> None:
    """使用: the union that endorses spends one of its places, where it has an account and the entry brings none."""
    entry, reserve = act.entry, act.entry.is_reserve_nomination
    account = account_of(cycle=act.cycle, organisation=entry.at_organisation, track=entry.track)
    holding = held([entry.pk]).get(entry.pk)
    if account is None or (holding is not None and holding.is_reserve == reserve):
        return
    moves = [_release(holding)] if holding is not None else []
    moves.append(inside(PlaceAction.USE, account, USING, 1, is_reserve=reserve, entry=entry))
    post(moves, cycle=act.cycle, actor=act.actor, now=act.now)
    act.facts["place"] = str(account.organisation)


def free(*, entry: Entry, actor: object, now: object, reason: str) -> None:
    """释放: the place goes back to the union that spent it; after the recommendation is over it lapses at once."""
    holding = held([entry.pk]).get(entry.pk)
    if holding is None:
        return
    moves: list[Move] = [_release(holding, reason)]
    stage = recommendation_stage(entry.cycle)
    if stage is not None and stage.status == StageStatus.CLOSED:
        purses = (Purse.FREE, Purse.LAPSED)
        moves.append(inside(PlaceAction.LAPSE, holding.taker, purses, 1, is_reserve=holding.is_reserve))
    post(moves, cycle=entry.cycle, actor=actor, now=now)


def _release(holding: PlacePosting, reason: str = "") -> Move:
    return inside(
        PlaceAction.RELEASE,
        holding.taker,
        FREEING,
        1,
        is_reserve=holding.is_reserve,
        entry=holding.entry,
        reason=reason,
    )
