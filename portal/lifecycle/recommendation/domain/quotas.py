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
from portal.lifecycle.recommendation import queries
from portal.lifecycle.recommendation.allocation import AllocationError, allocate_places, places_by_members
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
    """Sets the places of the named unions (by id), each change audited; unions not named keep theirs.

    Raises Invalid beside the union when the number is impossible or below what it has used, Refused by policy.
    """
    policy_for("cycle").require(actor, "quota", cycle)
    with transaction.atomic():
        advisory_lock(f"quota:{cycle.pk}")
        unions = {union.pk: union for union in queries.nominating_unions(cycle)}
        used = queries.used_by_union(cycle, track)
        errors = {
            f"count_{pk}": [problem]
            for pk, share in shares.items()
            if (problem := _problem(share, used.get(pk, (0, 0)), known=pk in unions))
        }
        if errors:
            raise Invalid("有的名额需要修改。", fields=errors)
        present = queries.quotas(cycle, track)
        changed = []
        for pk, share in sorted(shares.items()):
            row = present.get(pk) or QuotaAllocation(cycle=cycle, track=track, organisation=unions[pk], count=0)
            before = {"count": row.count if row.pk else None, "reserves": row.reserves if row.pk else None}
            after = {"count": share.count, "reserves": share.reserves}
            if before == after:
                continue
            row.count, row.reserves, row.set_by = share.count, share.reserves, actor.user
            row.save()
            label = str(cycle)
            record(
                "lifecycle.quota.set", row, actor=actor, before=before, after=after, now=now, cycle=label, track=track
            )
            changed.append(row)
        return changed


def _problem(share: Share, used: tuple[int, int], *, known: bool) -> str:
    if not known:
        return "该组织不是本届的推荐工会。"
    if not (0 <= share.count <= MAX_PLACES and 0 <= share.reserves <= MAX_PLACES):
        return f"名额应为0到{MAX_PLACES}之间的整数。"
    if share.count < used[0]:
        return f"已使用{used[0]}个名额，不能少于这个数。"
    if share.reserves < used[1]:
        return f"递补已使用{used[1]}个，不能少于这个数。"
    return ""
