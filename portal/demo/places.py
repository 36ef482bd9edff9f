"""Places on the move: what unions do with theirs while the recommendation runs (名额账)."""

from __future__ import annotations

import datetime as dt

from portal.accounts.enums import UnionLevel
from portal.accounts.models import Organisation
from portal.demo.federation import Federation
from portal.lifecycle.blueprints.vocabulary import AllocationRule
from portal.lifecycle.programmes.models import Cycle, QuotaAllocation
from portal.lifecycle.recommendation.domain import Share, allocate_quota, propose_quota
from portal.lifecycle.recommendation.ledger.domain import give_back_places, reverse_posting, transfer_places
from portal.lifecycle.recommendation.queries import nominating_unions, used_by_union
from portal.lifecycle.recommendation.rules import recommendation_params

PLACES, SPARE = 5, 2


def allot(federation: Federation, cycle: Cycle, now: dt.datetime) -> None:
    """Places that the federation hands out one by one, and what the unions then do with them."""
    params = recommendation_params(cycle)
    if params is None or params.allocation.rule != AllocationRule.MANUAL:
        return
    shares = {union.pk: Share(PLACES, 1) for union in nominating_unions(cycle)}
    for track in list(cycle.tracks.all()) or [None]:
        allocate_quota(cycle=cycle, shares=shares, actor=federation.manager, now=now, track=track)
    move_places(federation, cycle, now)


def hand_out(federation: Federation, cycle: Cycle, now: dt.datetime) -> None:
    """Places by the number of members where the recommendation has begun: never fewer than were used, with some to spare."""
    proposed = propose_quota(cycle=cycle)
    used = used_by_union(cycle)
    shares = {
        pk: Share(max(places, used.get(pk, (0, 0))[0] + SPARE), max(1, used.get(pk, (0, 0))[1]))
        for pk, places in proposed.items()
    }
    allocate_quota(cycle=cycle, shares=shares, actor=federation.manager, now=now)
    move_places(federation, cycle, now)


def move_places(federation: Federation, cycle: Cycle, now: dt.datetime) -> None:
    """The city moves one place from a union to another; a district hands one down, takes a slip back, gets one returned."""
    accounts = list(
        QuotaAllocation.objects.filter(cycle=cycle, count__gte=2)
        .select_related("organisation", "cycle__owner", "track")
        .order_by("organisation__path", "pk")
    )
    district = next((row for row in accounts if _zone(row) is not None), None)
    giver = accounts[-1] if accounts else None
    if district is None or giver == district or giver.track_id != district.track_id:
        return
    zone, checker = _zone(district), federation.checker_of(district.organisation_id)
    transfer_places(
        account=giver,
        organisation=district.organisation,
        amount=1,
        reason="推荐对象较少，经协商调剂一个名额。",
        actor=federation.manager,
        now=now,
    )
    down = {"account": district, "organisation": zone, "amount": 1, "actor": checker}
    slip = transfer_places(**down, is_reserve=True, reason="划给功能区。", now=now + dt.timedelta(hours=1))
    reverse_posting(posting=slip, reason="应划正选，误选递补。", actor=checker, now=now + dt.timedelta(hours=2))
    transfer_places(**down, reason="按会员人数划给功能区。", now=now + dt.timedelta(hours=3))
    give_back_places(
        account=QuotaAllocation.objects.get(cycle=cycle, track=district.track, organisation=zone),
        amount=1,
        reason="本辖区没有合适人选，退回统筹。",
        actor=federation.checker_of(zone.pk),
        now=now + dt.timedelta(days=1),
    )


def _zone(account: QuotaAllocation) -> Organisation | None:
    below = Organisation.objects.filter(path__startswith=account.organisation.path, is_active=True)
    return below.filter(level=UnionLevel.SUBDISTRICT).order_by("path").first()
