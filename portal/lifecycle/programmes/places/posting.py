"""The ledger of places (名额账): the one function that changes a balance.

Every posting takes an amount out of one purse and puts it into another. The accounts concerned are locked in the order of
their keys before anything is read, after all other locks of the transaction (cycle or entry first, accounts last), so that
two postings never wait for each other in a circle. A balance below zero is refused here with words and by the database.
Reason and rule: docs/decisions/0012.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from portal.core.db import lock_rows, require_transaction
from portal.core.decisions import refuse
from portal.core.errors import Refused
from portal.core.scoping import system_scope
from portal.lifecycle.programmes.models import Cycle, QuotaAllocation, Track
from portal.lifecycle.programmes.place_models import PlaceAction, PlacePosting, Purse

if TYPE_CHECKING:
    from portal.accounts.models import Organisation
    from portal.core.context import Actor

SCOPE = "places move between unions above and below the desk"
FIGURES = ("count", "used", "lapsed", "reserves", "reserves_used", "reserves_lapsed")
_COLUMNS = {
    False: {"held": "count", Purse.USED: "used", Purse.LAPSED: "lapsed"},
    True: {"held": "reserves", Purse.USED: "reserves_used", Purse.LAPSED: "reserves_lapsed"},
}


@dataclass(frozen=True)
class Move:
    """``amount`` places out of one purse into another; an account is None on the organiser's side (``issued``)."""

    action: PlaceAction
    amount: int
    giver: QuotaAllocation | None
    giver_purse: Purse
    taker: QuotaAllocation | None
    taker_purse: Purse
    is_reserve: bool = False
    entry: Any = None
    reverses: PlacePosting | None = None
    reason: str = ""


def inside(
    action: PlaceAction, account: QuotaAllocation, purses: tuple[Purse, Purse], amount: int, **more: Any
) -> Move:
    """A move between two purses of one account."""
    return Move(action, amount, account, purses[0], account, purses[1], **more)


def open_account(*, cycle: Cycle, organisation: Organisation, track: Track | None = None) -> QuotaAllocation:
    """The account of a union in a cycle (and track), made when it does not exist yet. Safe against races."""
    with system_scope(SCOPE):
        empty = {"count": 0, "reserves": 0}
        return QuotaAllocation.objects.get_or_create(
            cycle=cycle, track=track, organisation=organisation, defaults=empty
        )[0]


def post(moves: Iterable[Move], *, cycle: Cycle, actor: Actor, now: dt.datetime) -> list[PlacePosting]:
    """Writes the postings in order, all or none. Raises Refused (``places_short``) when a purse holds too little.

    Must run inside a transaction; the caller has asked the policy.
    """
    require_transaction()
    wanted = [move for move in moves if move.amount]
    keys = {account.pk for move in wanted for account in (move.giver, move.taker) if account is not None}
    if not keys:
        return []
    with system_scope(SCOPE):
        rows = QuotaAllocation.objects.filter(pk__in=keys, cycle=cycle).select_related("organisation")
        accounts = {row.pk: row for row in lock_rows(rows)}
        postings = [_post(move, accounts, cycle, actor, now) for move in wanted]
        for account in accounts.values():
            account.save(update_fields=[*FIGURES, "updated_at"])
    return postings


def balance(account: QuotaAllocation, purse: str, *, is_reserve: bool) -> int:
    """Places in one purse of the account."""
    columns = _COLUMNS[is_reserve]
    if purse == Purse.FREE:
        return account.reserves_free if is_reserve else account.free
    return getattr(account, columns[Purse(purse)])


def _post(
    move: Move, accounts: dict[int, QuotaAllocation], cycle: Cycle, actor: Actor, now: dt.datetime
) -> PlacePosting:
    giver = accounts[move.giver.pk] if move.giver else None
    taker = accounts[move.taker.pk] if move.taker else None
    if giver is not None:
        _require(giver, move)
        _shift(giver, move.giver_purse, -move.amount, is_reserve=move.is_reserve)
    if taker is not None:
        _shift(taker, move.taker_purse, move.amount, is_reserve=move.is_reserve)
    return PlacePosting.objects.create(
        is_reserve=move.is_reserve,
        action=move.action,
        amount=move.amount,
        giver=giver,
        giver_purse=move.giver_purse,
        giver_after=balance(giver, move.giver_purse, is_reserve=move.is_reserve) if giver else None,
        taker=taker,
        taker_purse=move.taker_purse,
        taker_after=balance(taker, move.taker_purse, is_reserve=move.is_reserve) if taker else None,
        entry=move.entry,
        reverses=move.reverses,
        reason=move.reason,
        organisation_id=actor.desk.organisation_id if actor.desk else cycle.owner_id,
        posted_by=actor.user,
        posted_at=now,
    )


def _require(account: QuotaAllocation, move: Move) -> None:
    left = balance(account, move.giver_purse, is_reserve=move.is_reserve)
    if left < move.amount:
        words = {
            "union": account.organisation,
            "kind": _("递补") if move.is_reserve else _("正选"),
            "purse": Purse(move.giver_purse).label,
            "left": left,
            "wanted": move.amount,
        }
        raise Refused(
            refuse("places_short", _("“%(union)s”%(purse)s的%(kind)s名额只有%(left)d个，不够%(wanted)d个。") % words)
        )


def _shift(account: QuotaAllocation, purse: str, amount: int, *, is_reserve: bool) -> None:
    columns = _COLUMNS[is_reserve]
    setattr(account, columns["held"], getattr(account, columns["held"]) + amount)
    if purse != Purse.FREE:
        column = columns[Purse(purse)]
        setattr(account, column, getattr(account, column) + amount)


def grant(
    *,
    cycle: Cycle,
    organisation: Organisation,
    count: int,
    reserves: int,
    actor: Actor,
    now: dt.datetime,
    track: Track | None = None,
    reason: str = "",
) -> QuotaAllocation:
    """下达: the organiser gives ``count`` main places and ``reserves`` to a union."""
    account = open_account(cycle=cycle, organisation=organisation, track=track)
    post(
        [
            Move(
                PlaceAction.GRANT, amount, None, Purse.ISSUED, account, Purse.FREE, is_reserve=is_reserve, reason=reason
            )
            for amount, is_reserve in ((count, False), (reserves, True))
        ],
        cycle=cycle,
        actor=actor,
        now=now,
    )
    account.refresh_from_db()
    return account
