"""The city allots places to nominating unions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.vocabulary import AllocationRule
from portal.lifecycle.programmes.models import Cycle, QuotaAllocation, Track
from portal.lifecycle.programmes.place_models import PlaceAction, Purse
from portal.lifecycle.programmes.places.posting import Move, inside, open_account, post
from portal.lifecycle.recommendation import queries
from portal.lifecycle.recommendation.allocation import AllocationError, allocate_places, places_by_members
from portal.lifecycle.recommendation.ledger import queries as ledger
from portal.lifecycle.recommendation.ledger.holding import USING
from portal.lifecycle.recommendation.ledger.holding import held as held_places
from portal.lifecycle.recommendation.rules import recommendation_params

MAX_PLACES = 9999


@dataclass(frozen=True)
class Share:
    """Places of one union: main candidates and reserves."""

    count: int
    reserves: int = 0


def propose_quota(*, cycle: Cycle, total: int | None = None) -> dict[int, int]:
    """Places by organisation id as the blueprint's rule would give them; nothing is written.

    ``total`` shares that many places by member count with the floor of the blueprint (domain.md 3: by members, floor 1).
    Raises Invalid when the floor alone needs more places than ``total``.
    """
    params = recommendation_params(cycle)
    unions = {union.code: union for union in queries.nominating_unions(cycle)}
    if params is None or not unions:
        return {}
    rule = params.allocation
    members = {code: union.member_count for code, union in unions.items()}
    special = {
        code: rule.special[key] for code, union in unions.items() if (key := queries.special_code(union, rule.special))
    }
    try:
        if total is not None:
            shares = allocate_places(members, total, minimum=rule.minimum, maximum=rule.maximum, special=special)
        elif rule.rule == AllocationRule.BY_MEMBERS and rule.members_per_place:
            shares = places_by_members(
                members, rule.members_per_place, minimum=rule.minimum, maximum=rule.maximum, special=special
            )
        else:
            fixed = rule.places if rule.rule == AllocationRule.FIXED else params.cap(rule.level)
            shares = {code: special.get(code, fixed or 0) for code in unions}
    except AllocationError as error:
        raise Invalid(str(error), fields={"total": [str(error)]}) from error
    return {unions[code].pk: places for code, places in shares.items()}


def allocate_quota(
    *, cycle: Cycle, shares: Mapping[int, Share], actor: Actor, now: dt.datetime, track: Track | None = None
) -> list[QuotaAllocation]:
    """Sets the places of the named unions (by id) by postings – 下达 or 收回 – each change audited; the others keep theirs.

    The number is what the union has been given in all, also where it has handed some on. A union that nominated under the
    blueprint's rule before has its entries' places written as used. Raises Invalid beside the union when the number is
    impossible, below what is used or handed on, Refused by policy.
    """
    policy_for("cycle").require(actor, "quota", cycle)
    with transaction.atomic():
        advisory_lock(f"quota:{cycle.pk}")
        unions = {union.pk: union for union in queries.nominating_unions(cycle)}
        present = ledger.holdings(cycle, track)
        counted = queries.used_by_union(cycle, track)
        errors = {
            f"count_{pk}": [problem]
            for pk, share in shares.items()
            if (problem := _problem(share, present.get(pk), counted.get(pk, (0, 0)), known=pk in unions))
        }
        if errors:
            raise Invalid("有的名额需要修改。", fields=errors)
        changed, moves = [], []
        for pk, share in sorted(shares.items()):
            held = present.get(pk)
            before = {"count": held.count if held else None, "reserves": held.reserves if held else None}
            after = {"count": share.count, "reserves": share.reserves}
            if before == after:
                continue
            account = open_account(cycle=cycle, organisation=unions[pk], track=track)
            moves += _moves(account, share, held)
            moves += _catch_up(account, track) if held is None else []
            record(
                "lifecycle.quota.set", account, actor=actor, before=before, after=after, now=now, cycle=str(cycle),
                track=track,
            )  # fmt: skip
            changed.append(account)
        post(moves, cycle=cycle, actor=actor, now=now)
        return changed


def _moves(account: QuotaAllocation, share: Share, held: ledger.Holding | None) -> list[Move]:
    had = held or ledger.Holding()
    moves = []
    for change, is_reserve in ((share.count - had.count, False), (share.reserves - had.reserves, True)):
        if change > 0:
            moves.append(
                Move(PlaceAction.GRANT, change, None, Purse.ISSUED, account, Purse.FREE, is_reserve=is_reserve)
            )
        elif change < 0:
            moves.append(
                Move(PlaceAction.RECALL, -change, account, Purse.FREE, None, Purse.ISSUED, is_reserve=is_reserve)
            )
    return moves


def _catch_up(account: QuotaAllocation, track: Track | None) -> list[Move]:
    """Entries the union sent on before it had an account, and that hold no place yet."""
    sent = list(queries.forwarded(cycle=account.cycle, organisation_id=account.organisation_id, track=track))
    holding = held_places([row.entry_id for row in sent])
    return [
        inside(PlaceAction.USE, account, USING, 1, is_reserve=row.is_reserve, entry=row.entry)
        for row in sent
        if row.entry_id not in holding
    ]


def _problem(share: Share, held: ledger.Holding | None, counted: tuple[int, int], *, known: bool) -> str:
    if not known:
        return "该组织不是本届的推荐工会。"
    if not (0 <= share.count <= MAX_PLACES and 0 <= share.reserves <= MAX_PLACES):
        return f"名额应为0到{MAX_PLACES}之间的整数。"
    used = (held.used, held.reserves_used) if held else counted
    if share.count < used[0]:
        return f"已使用{used[0]}个名额，不能少于这个数。"
    return f"递补已使用{used[1]}个，不能少于这个数。" if share.reserves < used[1] else _handed_on(share, held)


def _handed_on(share: Share, held: ledger.Holding | None) -> str:
    """Only what is still free at the union itself can be taken back from it."""
    if held and held.count - share.count > held.own_free:
        return f"本会只有{held.own_free}个可以收回，其余已划给下级工会或已作废，不能少于{held.count - held.own_free}。"
    if held and held.reserves - share.reserves > held.own_reserves_free:
        return f"递补只有{held.own_reserves_free}个可以收回，不能少于{held.reserves - held.own_reserves_free}。"
    return ""
