"""People move places: down to a union below, back up, between unions, and undo by a posting the other way."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_rows
from portal.core.decisions import refuse
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import policy_for
from portal.core.scoping import system_scope
from portal.lifecycle.programmes.models import Cycle, QuotaAllocation, StageStatus
from portal.lifecycle.programmes.place_models import MANUAL, PlaceAction, PlacePosting, Purse
from portal.lifecycle.programmes.places.posting import SCOPE, Move, inside, open_account, post
from portal.lifecycle.recommendation.ledger import queries
from portal.lifecycle.recommendation.rules import recommendation_stage


def transfer_places(
    *,
    account: QuotaAllocation,
    organisation: Organisation,
    amount: int,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    is_reserve: bool = False,
) -> PlacePosting:
    """划转: free places to a union below – or, by the organiser, to another union.

    Raises Invalid for a wrong union, number or missing reason, Refused by policy, after the recommendation, or
    (``places_short``) when the account holds fewer.
    """
    policy_for("place").require(actor, "transfer", account)
    _check(account.cycle, amount, reason)
    if organisation.pk not in {union.pk for union in queries.receivers(account, actor=actor)}:
        raise Invalid(_("名额不能划转给该组织。"), fields={"organisation": [_("请选择推荐路径上的工会。")]})
    with transaction.atomic():
        taker = open_account(cycle=account.cycle, organisation=organisation, track=account.track)
        move = Move(
            PlaceAction.TRANSFER, amount, account, Purse.FREE, taker, Purse.FREE, is_reserve=is_reserve, reason=reason
        )
        return _posted(move, account.cycle, actor, now)


def give_back_places(
    *, account: QuotaAllocation, amount: int, reason: str, actor: Actor, now: dt.datetime, is_reserve: bool = False
) -> PlacePosting:
    """退回: free places to the nearest union above that has an account, else to the organiser. Raises like a transfer."""
    policy_for("place").require(actor, "transfer", account)
    _check(account.cycle, amount, reason)
    with transaction.atomic():
        above = queries.account_above(account)
        purse = Purse.FREE if above else Purse.ISSUED
        move = Move(
            PlaceAction.GIVE_BACK, amount, account, Purse.FREE, above, purse, is_reserve=is_reserve, reason=reason
        )
        return _posted(move, account.cycle, actor, now)


def reverse_posting(*, posting: PlacePosting, reason: str, actor: Actor, now: dt.datetime) -> PlacePosting:
    """冲销: the same amount the other way; both stay in the ledger.

    Raises Conflict when it was reversed already, Refused for what the process itself has posted, for somebody else's
    posting, and when the places are no longer free.
    """
    policy_for("place").require(actor, "reverse", posting)
    _check(posting_cycle(posting), posting.amount, reason)
    with transaction.atomic():
        with system_scope(SCOPE):
            row = PlacePosting.objects.get(pk=posting.pk)
            # Its accounts, not the posting: the application's role may not change postings, hence not lock them either.
            lock_rows(QuotaAllocation.objects.filter(pk__in={row.giver_id, row.taker_id} - {None}))
            done = PlacePosting.objects.filter(reverses=row).exists()
        if done or row.action not in MANUAL:
            raise Conflict(_("这笔流水已经冲销，或者不能冲销。"))
        move = Move(
            PlaceAction.REVERSAL,
            row.amount,
            _account(row.taker_id),
            Purse(row.taker_purse),
            _account(row.giver_id),
            Purse(row.giver_purse),
            is_reserve=row.is_reserve,
            reverses=row,
            reason=reason,
        )
        return _posted(move, posting_cycle(posting), actor, now)


def lapse_places(*, cycle: Cycle, actor: Actor, now: dt.datetime) -> list[PlacePosting]:
    """作废: what is still free when the recommendation closes (逾期未报视为放弃, domain.md 0.3). In the caller's transaction."""
    return _sweep(cycle, PlaceAction.LAPSE, (Purse.FREE, Purse.LAPSED), actor, now)


def restore_places(*, cycle: Cycle, actor: Actor, now: dt.datetime) -> list[PlacePosting]:
    """恢复: what had lapsed is free again when the recommendation is opened again. In the caller's transaction."""
    return _sweep(cycle, PlaceAction.RESTORE, (Purse.LAPSED, Purse.FREE), actor, now)


def _sweep(
    cycle: Cycle, action: PlaceAction, purses: tuple[Purse, Purse], actor: Actor, now: dt.datetime
) -> list[PlacePosting]:
    """Locks all accounts of the cycle first: a place used meanwhile is not swept away."""
    with system_scope(SCOPE):
        accounts = list(
            QuotaAllocation.objects.filter(cycle=cycle).select_for_update(of=("self",)).select_related("organisation").order_by("pk")
        )  # fmt: skip
    moves = []
    for account in accounts:
        main = account.free if action == PlaceAction.LAPSE else account.lapsed
        spare = account.reserves_free if action == PlaceAction.LAPSE else account.reserves_lapsed
        moves += [inside(action, account, purses, main), inside(action, account, purses, spare, is_reserve=True)]
    return post(moves, cycle=cycle, actor=actor, now=now)


def _posted(move: Move, cycle: Cycle, actor: Actor, now: dt.datetime) -> PlacePosting:
    posting = post([move], cycle=cycle, actor=actor, now=now)[0]
    record(
        "lifecycle.places.posted",
        move.giver or move.taker,
        actor=actor,
        now=now,
        what=posting.get_action_display(),
        amount=posting.amount,
        reserve=posting.is_reserve,
        from_=str(posting.giver or cycle.owner),
        to=str(posting.taker or cycle.owner),
        reason=posting.reason,
        cycle=str(cycle),
    )
    return posting


def _check(cycle: Cycle, amount: int, reason: str) -> None:
    errors = {}
    if amount < 1:
        errors["amount"] = [_("数量至少为1。")]
    if not reason.strip():
        errors["reason"] = [_("请写明原因。")]
    if errors:
        raise Invalid(_("请补充必要的信息。"), fields=errors)
    stage = recommendation_stage(cycle)
    if stage is None or stage.status == StageStatus.CLOSED:
        raise Refused(refuse("over", _("“%s”的推荐已经结束，名额不再变动。") % cycle))


def posting_cycle(posting: PlacePosting) -> Cycle:
    return (posting.giver or posting.taker).cycle  # type: ignore[union-attr]  # a constraint: one of them is there


def _account(pk: int | None) -> QuotaAllocation | None:
    with system_scope(SCOPE):
        return QuotaAllocation.objects.get(pk=pk) if pk else None
