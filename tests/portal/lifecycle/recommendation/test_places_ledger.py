"""名额账: places move, are used once, come back, lapse and return; the books always add up."""

from __future__ import annotations

import contextlib
import random
import threading

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, DomainError, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.domain import close_stage, reopen_stage
from portal.lifecycle.programmes.models import QuotaAllocation
from portal.lifecycle.programmes.place_models import PlaceAction, PlacePosting
from portal.lifecycle.recommendation.domain import Share, allocate_quota, endorse_entry, save_ranking
from portal.lifecycle.recommendation.ledger import queries
from portal.lifecycle.recommendation.ledger.domain import give_back_places, reverse_posting, transfer_places
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db
NO_LOCAL_NOTICE = {"notice_working_days": {}}


@pytest.fixture
def cycle(tianjin, all_rows):
    return granted(tianjin)


def granted(tree, count=4, reserves=1, **params):
    cycle = make_cycle(tree, "small-work", params={"recommendation": NO_LOCAL_NOTICE | params})
    share = {tree.district.pk: Share(count, reserves)}
    allocate_quota(cycle=cycle, shares=share, actor=tree.manager, now=timezone.now())
    return cycle


def account(cycle, organisation):
    return QuotaAllocation.objects.get(cycle=cycle, organisation=organisation)


def hand_down(cycle, tree, amount=2, **kwargs):
    kwargs = {"organisation": tree.zone, "actor": tree.district_checker, "reason": "按会员数划转"} | kwargs
    return transfer_places(account=account(cycle, tree.district), amount=amount, now=timezone.now(), **kwargs)


def endorse(entry, actor):
    return endorse_entry(entry=entry, actor=actor, now=timezone.now(), vetoes_checked=True)


def waiting(cycle, tree, level):
    return make_entry(cycle, tree.filer, EntryState.SUBMITTED, at_level=level)


def figures(row):
    row.refresh_from_db()
    return (row.count, row.used, row.lapsed, row.free)


def test_grant_and_recall_are_postings(tianjin, cycle):
    row = account(cycle, tianjin.district)
    assert figures(row) == (4, 0, 0, 4)
    allocate_quota(cycle=cycle, shares={tianjin.district.pk: Share(3, 1)}, actor=tianjin.manager, now=timezone.now())
    assert figures(row) == (3, 0, 0, 3)
    actions = [(p.action, p.amount, p.is_reserve) for p in queries.statement(row).order_by("pk")]
    assert actions == [("grant", 4, False), ("grant", 1, True), ("recall", 1, False)]
    assert queries.differences(cycle) == []


def test_a_place_handed_down_comes_up_inside_its_entry(tianjin, cycle):
    hand_down(cycle, tianjin, 1)
    zone, district = account(cycle, tianjin.zone), account(cycle, tianjin.district)
    entry = endorse(waiting(cycle, tianjin, "subdistrict"), tianjin.zone_checker)
    assert figures(zone) == (1, 1, 0, 0)
    entry = endorse(entry, tianjin.district_checker)
    assert figures(district) == (3, 0, 0, 3)  # not spent a second time
    second = waiting(cycle, tianjin, "subdistrict")
    with pytest.raises(Refused, match="名额共1个"):
        endorse(second, tianjin.zone_checker)
    perform(entry, "disqualify", actor=tianjin.manager, now=timezone.now(), reason="材料不实")
    assert figures(zone) == (1, 0, 0, 1)
    endorse(second, tianjin.zone_checker)
    assert queries.differences(cycle) == []


def test_listing_a_handed_down_main_candidate_as_reserve_spends_a_reserve(tianjin, all_rows):
    cycle = granted(tianjin, ranked=True)
    hand_down(cycle, tianjin, 1)
    entry = endorse(waiting(cycle, tianjin, "subdistrict"), tianjin.zone_checker)
    now, actor = timezone.now(), tianjin.district_checker
    save_ranking(cycle=cycle, actor=actor, now=now, order=[entry.pk], reserves={entry.pk})
    endorse(entry, actor)
    zone, district = account(cycle, tianjin.zone), account(cycle, tianjin.district)
    assert figures(zone) == (1, 0, 0, 1)
    assert district.reserves_used == 1
    assert queries.differences(cycle) == []


def test_ranking_does_not_ask_for_a_place_of_what_brings_one(tianjin, all_rows):
    cycle = granted(tianjin, count=1, reserves=0)
    hand_down(cycle, tianjin, 1)
    entry = endorse(waiting(cycle, tianjin, "subdistrict"), tianjin.zone_checker)
    now, actor = timezone.now(), tianjin.district_checker
    save_ranking(cycle=cycle, actor=actor, now=now, order=[entry.pk])
    with pytest.raises(Invalid, match="还可推荐0件"):
        save_ranking(cycle=cycle, actor=actor, now=now, order=[entry.pk, waiting(cycle, tianjin, "district").pk])


def test_more_than_is_free_cannot_be_moved(tianjin, cycle):
    with pytest.raises(Refused, match="只有4个") as caught:
        hand_down(cycle, tianjin, 5)
    assert caught.value.code == "places_short"
    hand_down(cycle, tianjin, 3)
    with pytest.raises(Invalid) as refused:
        allocate_quota(
            cycle=cycle, shares={tianjin.district.pk: Share(2, 1)}, actor=tianjin.manager, now=timezone.now()
        )
    assert "只有1个可以收回" in str(refused.value.fields)


def test_the_database_itself_refuses_a_balance_below_zero(tianjin, cycle):
    for change in ({"used": 5}, {"count": 3, "lapsed": 4}, {"reserves_used": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            QuotaAllocation.objects.filter(cycle=cycle).update(**change)


def test_postings_are_never_changed_or_deleted(tianjin, cycle):
    posting = PlacePosting.objects.first()
    posting.amount = 9
    for act in (posting.save, posting.delete, PlacePosting.objects.all().delete):
        with pytest.raises(TypeError):
            act()


def test_giving_back_goes_to_the_union_above_then_to_the_organiser(tianjin, cycle):
    hand_down(cycle, tianjin, 2)
    now = timezone.now()
    zone, district = account(cycle, tianjin.zone), account(cycle, tianjin.district)
    give_back_places(account=zone, amount=2, reason="没有合适人选", actor=tianjin.zone_checker, now=now)
    assert (figures(zone)[0], figures(district)[0]) == (0, 4)
    give_back_places(account=district, amount=4, reason="没有合适人选", actor=tianjin.district_checker, now=now)
    assert figures(district)[0] == 0
    assert queries.differences(cycle) == []


def test_a_union_that_gave_all_back_nominates_out_of_the_places_above(tianjin, cycle):
    hand_down(cycle, tianjin, 1)
    zone = account(cycle, tianjin.zone)
    give_back_places(account=zone, amount=1, reason="没有", actor=tianjin.zone_checker, now=timezone.now())
    entry = endorse(waiting(cycle, tianjin, "subdistrict"), tianjin.zone_checker)
    endorse(entry, tianjin.district_checker)
    assert figures(account(cycle, tianjin.district)) == (4, 1, 0, 3)


def test_reversal_puts_it_back_once(tianjin, cycle):
    posting = hand_down(cycle, tianjin, 2)
    now, actor = timezone.now(), tianjin.district_checker
    with pytest.raises(Refused):
        reverse_posting(posting=posting, reason="误划", actor=tianjin.zone_checker, now=now)
    with pytest.raises(Invalid):
        reverse_posting(posting=posting, reason=" ", actor=actor, now=now)
    reverse_posting(posting=posting, reason="误划", actor=actor, now=now)
    assert figures(account(cycle, tianjin.district))[0] == 4
    with pytest.raises(Conflict):
        reverse_posting(posting=posting, reason="误划", actor=actor, now=now)
    assert AuditEvent.objects.filter(action="lifecycle.places.posted").count() == 2


def test_what_is_used_cannot_be_taken_back_by_a_reversal(tianjin, cycle):
    posting = hand_down(cycle, tianjin, 1)
    endorse(waiting(cycle, tianjin, "subdistrict"), tianjin.zone_checker)
    with pytest.raises(Refused, match="只有0个"):
        reverse_posting(posting=posting, reason="误划", actor=tianjin.district_checker, now=timezone.now())


def test_transfers_stay_on_the_route_and_need_the_right_desk(tianjin, hebei, cycle):
    with pytest.raises(Refused):
        hand_down(cycle, tianjin, actor=tianjin.zone_checker)
    for wrong in (hebei.zone, tianjin.group, tianjin.municipal, tianjin.district):
        with pytest.raises(Invalid):
            hand_down(cycle, tianjin, organisation=wrong)
    hand_down(cycle, tianjin, organisation=tianjin.group, actor=tianjin.manager)  # 调剂 by the organiser
    assert figures(account(cycle, tianjin.group))[0] == 2


def test_what_is_free_lapses_with_the_stage_and_revives_with_it(tianjin, cycle):
    hand_down(cycle, tianjin, 1)
    entry = endorse(waiting(cycle, tianjin, "district"), tianjin.district_checker)
    stage, now = cycle.stages.get(kind="recommendation"), timezone.now()
    close_stage(stage=stage, actor=tianjin.manager, now=now)
    district, zone = account(cycle, tianjin.district), account(cycle, tianjin.zone)
    assert (figures(district), figures(zone)) == ((3, 1, 2, 0), (1, 0, 1, 0))
    perform(entry, "disqualify", actor=tianjin.manager, now=now, reason="材料不实")
    assert figures(district) == (3, 0, 3, 0)  # too late to be used again
    with pytest.raises(Refused, match="推荐已经结束"):
        hand_down(cycle, tianjin, 1)
    reopen_stage(
        stage=stage, actor=tianjin.manager, now=now, closes_at=now + timezone.timedelta(days=2), reason="系统故障"
    )
    assert (figures(district), figures(zone)) == ((3, 0, 0, 3), (1, 0, 0, 1))
    assert queries.differences(cycle) == []


def test_first_allotment_writes_what_was_nominated_before_as_used(tianjin, all_rows):
    cycle = make_cycle(tianjin, "small-work", params={"recommendation": NO_LOCAL_NOTICE})
    endorse(waiting(cycle, tianjin, "district"), tianjin.district_checker)
    allocate_quota(cycle=cycle, shares={tianjin.district.pk: Share(2)}, actor=tianjin.manager, now=timezone.now())
    assert figures(account(cycle, tianjin.district)) == (2, 1, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_concurrent_transfers_keep_the_sum_and_use_no_place_twice(tianjin):
    """Transfers both ways, endorsements and withdrawals of eight threads at once on three accounts."""
    with system_scope("test"):
        cycle = granted(tianjin, count=6, reserves=0)
        hand_down(cycle, tianjin, 3)
        entries = [waiting(cycle, tianjin, "subdistrict") for _ in range(8)]
        keys = [account(cycle, tianjin.zone).pk, account(cycle, tianjin.district).pk]
    barrier, failures = threading.Barrier(8), []

    def work(number):
        chance, now = random.Random(number), timezone.now()
        try:
            with system_scope("test"):
                barrier.wait()
                for _ in range(6):
                    with contextlib.suppress(DomainError):  # no place left, somebody faster, busy: all fair answers
                        act(chance.randrange(4), entries[number], now)
        except Exception as error:  # noqa: BLE001 -- a thread must not swallow what went wrong
            failures.append(error)
        finally:
            connections.close_all()

    def act(kind, entry, now):
        rows = [QuotaAllocation.objects.get(pk=key) for key in keys]
        if kind == 0:
            transfer_places(
                account=rows[1],
                organisation=tianjin.zone,
                amount=1,
                reason="划",
                actor=tianjin.district_checker,
                now=now,
            )
        elif kind == 1:
            give_back_places(account=rows[0], amount=1, reason="退", actor=tianjin.zone_checker, now=now)
        elif kind == 2:
            endorse(entry, tianjin.zone_checker)
        else:
            endorse(entry, tianjin.district_checker)

    threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with system_scope("test"):
        assert failures == []
        rows = list(QuotaAllocation.objects.filter(cycle=cycle))
        assert sum(row.count for row in rows) == 6
        assert all(row.free >= 0 for row in rows)
        assert queries.differences(cycle) == []
        uses = PlacePosting.objects.filter(action=PlaceAction.USE).values_list("entry", flat=True)
        assert len(uses) == len(set(uses)) == sum(row.used for row in rows)
