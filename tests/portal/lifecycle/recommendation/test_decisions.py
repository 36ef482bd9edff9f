"""Endorse, return, decline: along the route, with places, vetoes, ranks and reasons."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connections
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.core.dates import local_date
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.engine.perform import perform, preview
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import QuotaAllocation
from portal.lifecycle.recommendation import queries
from portal.lifecycle.recommendation.domain import decline_entry, endorse_entry, return_entry, save_ranking
from portal.lifecycle.recommendation.models import Decision, Recommendation
from portal.lifecycle.recommendation.rules import ratio_figures
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db
NO_LOCAL_NOTICE = {"notice_working_days": {}}


def cycle_of(tree, toml="small-work", **params):
    return make_cycle(tree, toml, params={"recommendation": NO_LOCAL_NOTICE | params})


def waiting(tree, cycle, at_level="", **fields):
    return make_entry(cycle, tree.filer, EntryState.SUBMITTED, at_level=at_level, **fields)


def endorse(entry, actor, **kwargs):
    kwargs.setdefault("vetoes_checked", True)
    return endorse_entry(entry=entry, actor=actor, now=timezone.now(), **kwargs)


def test_endorsing_walks_the_route_to_recommended(tianjin, all_rows):
    cycle = cycle_of(tianjin)
    entry = waiting(tianjin, cycle)
    steps = [
        (tianjin.unit_checker, "subdistrict", tianjin.zone),
        (tianjin.zone_checker, "district", tianjin.district),
        (tianjin.district_checker, "municipal", tianjin.municipal),
    ]
    for actor, level, organisation in steps:
        entry = endorse(entry, actor, opinion="同意推荐。")
        assert (entry.state, entry.at_level, entry.at_organisation) == (EntryState.SUBMITTED, level, organisation)
        assert entry.due_at is not None
    entry = endorse(entry, tianjin.checker)
    assert (entry.state, entry.at_organisation, entry.due_at) == (EntryState.RECOMMENDED, None, None)
    assert entry.nominating == tianjin.district
    levels = list(entry.recommendations.values_list("level", "decision", "is_current"))
    assert levels == [(lv, "endorsed", True) for lv in ("grassroots", "subdistrict", "district", "municipal")]


def test_group_union_route_skips_the_missing_level(tianjin, all_rows):
    cycle = cycle_of(tianjin)
    entry = make_entry(cycle, tianjin.group_filer, EntryState.SUBMITTED)
    entry = endorse(entry, tianjin.group_unit_checker)
    assert (entry.at_level, entry.at_organisation) == ("district", tianjin.group)
    entry = endorse(entry, tianjin.group_checker)
    assert entry.nominating == tianjin.group


@pytest.mark.parametrize("who", ["filer", "zone_checker", "district_checker", "manager", "expert", "auditor"])
def test_only_the_union_that_holds_the_entry_decides(tianjin, all_rows, who):
    entry = waiting(tianjin, cycle_of(tianjin))
    with pytest.raises(Refused):
        endorse(entry, tianjin.actors[who])
    entry.refresh_from_db()
    assert entry.state == EntryState.SUBMITTED


def test_endorsing_twice_is_a_conflict(tianjin, all_rows):
    entry = waiting(tianjin, cycle_of(tianjin))
    endorse(entry, tianjin.unit_checker)
    with pytest.raises(Refused):  # it is at the next union now
        endorse(entry, tianjin.unit_checker)
    assert Recommendation.objects.count() == 1


def test_stale_page_is_a_conflict(tianjin, all_rows):
    entry = waiting(tianjin, cycle_of(tianjin))
    with pytest.raises(Conflict):
        endorse(entry, tianjin.unit_checker, expected_version=entry.version - 1)


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_endorse_one_entry_once(tianjin):
    with system_scope("test"):
        entry = waiting(tianjin, cycle_of(tianjin))
    outcomes = []
    barrier = threading.Barrier(20)

    def work():
        try:
            with system_scope("test"):
                barrier.wait()
                endorse(entry, tianjin.unit_checker)
                outcomes.append("endorsed")
        except (Conflict, Refused):
            outcomes.append("refused")
        finally:
            connections.close_all()

    run_all(work, 20)
    with system_scope("test"):
        assert sorted(outcomes) == ["endorsed"] + ["refused"] * 19
        assert Recommendation.objects.filter(entry=entry).count() == 1
        assert AuditEvent.objects.filter(action="lifecycle.entry.endorsed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_racing_endorsements_never_exceed_the_places(tianjin):
    with system_scope("test"):
        cycle = cycle_of(tianjin)
        QuotaAllocation.objects.create(cycle=cycle, organisation=tianjin.zone, count=3)
        entries = [waiting(tianjin, cycle, at_level="subdistrict") for _ in range(8)]
    outcomes = []
    barrier = threading.Barrier(8)
    queue = list(entries)

    def work():
        entry = queue.pop()
        try:
            with system_scope("test"):
                barrier.wait()
                endorse(entry, tianjin.zone_checker)
                outcomes.append("endorsed")
        except (Conflict, Refused) as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    run_all(work, 8)
    with system_scope("test"):
        assert outcomes.count("endorsed") == 3
        assert queries.places(cycle=cycle, organisation=tianjin.zone, level="subdistrict").left == 0


def run_all(work, count):
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("way", ["decline", "withdraw", "disqualify", "return"])
def test_what_leaves_frees_its_place(tianjin, all_rows, way):
    cycle = cycle_of(tianjin, caps={"grassroots": 1})
    first, second = waiting(tianjin, cycle), waiting(tianjin, cycle)
    endorse(first, tianjin.unit_checker)
    with pytest.raises(Refused, match="名额共1个"):
        endorse(second, tianjin.unit_checker)
    actors = {"withdraw": tianjin.filer, "disqualify": tianjin.manager}
    perform(first, way, actor=actors.get(way, tianjin.zone_checker), now=timezone.now(), reason="材料不实")
    endorse(second, tianjin.unit_checker)


def test_reserve_uses_its_own_places(tianjin, all_rows):
    cycle = cycle_of(tianjin, ranked=True)
    QuotaAllocation.objects.create(cycle=cycle, organisation=tianjin.district, count=1, reserves=1)
    first, second, third = (waiting(tianjin, cycle, at_level="district") for _ in range(3))
    with pytest.raises(Refused, match="排序"):
        endorse(first, tianjin.district_checker)
    rank(cycle, tianjin.district_checker, [first, second], reserves=[second])
    endorse(first, tianjin.district_checker)
    endorse(second, tianjin.district_checker)
    with pytest.raises(Invalid, match="还可推荐0件"):
        rank(cycle, tianjin.district_checker, [third])
    rows = list(queries.forwarded(cycle=cycle, organisation_id=tianjin.district.pk))
    assert [(row.entry, row.rank, row.is_reserve) for row in rows] == [(first, 1, False), (second, 1, True)]
    first.refresh_from_db()
    assert first.nomination_rank == 1  # the city sees the district's rank


def rank(cycle, actor, entries, reserves=()):
    return save_ranking(
        cycle=cycle,
        actor=actor,
        now=timezone.now(),
        order=[entry.pk for entry in entries],
        reserves={entry.pk for entry in reserves},
    )


def test_ranking_is_audited_and_refuses_what_is_gone(tianjin, all_rows):
    cycle = cycle_of(tianjin)
    first, second = (waiting(tianjin, cycle, at_level="district") for _ in range(2))
    rank(cycle, tianjin.district_checker, [second, first])
    first.refresh_from_db()
    assert first.nomination_rank == 2
    assert AuditEvent.objects.filter(action="lifecycle.entry.ranked").count() == 2
    endorse(second, tianjin.district_checker)
    with pytest.raises(Conflict):
        rank(cycle, tianjin.district_checker, [second, first])


def test_places_not_yet_allotted_refuse(tianjin, all_rows):
    allocation = {"rule": "manual", "level": "district", "minimum": 1, "special": {}}
    cycle = cycle_of(tianjin, allocation=allocation)
    entry = waiting(tianjin, cycle, at_level="district")
    with pytest.raises(Refused, match="尚未下达"):
        endorse(entry, tianjin.district_checker)


def test_places_by_members_follow_the_blueprint_when_none_are_allotted(tianjin, all_rows):
    cycle = cycle_of(tianjin, allocation={"rule": "by_members", "level": "district", "members_per_place": 100})
    tianjin.district.member_count = 250
    assert queries.places(cycle=cycle, organisation=tianjin.district, level="district").limit == 2
    tianjin.district.member_count = 0
    assert queries.places(cycle=cycle, organisation=tianjin.district, level="district").limit == 1


def test_return_gives_reasons_by_field_and_a_deadline(tianjin, all_rows):
    cycle = cycle_of(tianjin)
    entry = endorse(waiting(tianjin, cycle), tianjin.unit_checker)
    code = cycle.rules.fields[0].code
    entry = return_entry(
        entry=entry, actor=tianjin.zone_checker, now=timezone.now(), reason="缺效益证明", field_reasons={code: "请补充"}
    )
    assert entry.state == EntryState.RETURNED
    assert entry.at_organisation is None
    assert entry.return_due_at > timezone.now() + dt.timedelta(days=4)
    row = entry.recommendations.get(decision=Decision.RETURNED)
    assert row.field_reasons == {code: "请补充"}
    assert not entry.recommendations.filter(is_current=True).exists()


def test_return_without_a_reason_or_with_a_past_date_is_refused(tianjin, all_rows):
    entry = waiting(tianjin, cycle_of(tianjin))
    now = timezone.now()
    with pytest.raises(Invalid) as caught:
        return_entry(entry=entry, actor=tianjin.unit_checker, now=now, reason="  ")
    assert "reason" in caught.value.fields
    with pytest.raises(Invalid) as caught:
        return_entry(
            entry=entry,
            actor=tianjin.unit_checker,
            now=now,
            reason="缺件",
            due_on=local_date(now) - dt.timedelta(days=1),
        )
    assert "due_on" in caught.value.fields
    with pytest.raises(Invalid):
        return_entry(entry=entry, actor=tianjin.unit_checker, now=now, reason="缺件", field_reasons={"nonsense": "x"})


def test_decline_ends_the_entry_with_its_reason(tianjin, all_rows):
    entry = decline_entry(
        entry=waiting(tianjin, cycle_of(tianjin)), actor=tianjin.unit_checker, now=timezone.now(), reason="不符合条件"
    )
    assert entry.state == EntryState.DECLINED
    assert entry.recommendations.get().opinion == "不符合条件"


def test_opinion_longer_than_the_blueprint_allows_is_refused(tianjin, all_rows):
    cycle = cycle_of(tianjin, opinion_max=10)
    with pytest.raises(Invalid) as caught:
        endorse(waiting(tianjin, cycle), tianjin.unit_checker, opinion="字" * 11)
    assert "已超出1字" in caught.value.fields["opinion"][0]


def test_vetoes_must_be_declared_and_checked(tianjin, all_rows):
    cycle = cycle_of(tianjin, "five-small-top20")
    assert cycle.rules.vetoes
    entry = waiting(tianjin, cycle)
    with pytest.raises(Invalid) as caught:
        endorse(entry, tianjin.unit_checker, vetoes_checked=False)
    assert "逐项核对" in caught.value.fields["vetoes_checked"][0]
    with pytest.raises(Refused, match="逐项核对"):  # nor by any other way through the door
        perform(entry, "endorse", actor=tianjin.unit_checker, now=timezone.now())
    field = next(spec.code for spec in cycle.rules.fields if spec.type == "vetoes")
    Entry.objects.filter(pk=entry.pk).update(answers=entry.answers | {field: []})
    with pytest.raises(Refused, match="没有声明"):
        endorse(entry, tianjin.unit_checker)


def test_preview_names_every_reason_at_once(tianjin, all_rows):
    cycle = cycle_of(tianjin, "five-small-top20", ranked=True)
    QuotaAllocation.objects.create(cycle=cycle, organisation=tianjin.district, count=0)
    entry = waiting(tianjin, cycle, at_level="district")
    codes = {d.code for d in preview(entry, "endorse", actor=tianjin.district_checker, now=timezone.now())}
    assert {"rank", "places", "vetoes_unchecked"} <= codes


def test_ratio_figures_count_what_the_condition_meets(tianjin, all_rows):
    rules = make_cycle(tianjin, "innovation-star").rules
    answers = [{"post_category": "leader"}, {"post_category": "industrial"}, {"post_category": "frontline"}]
    figures = {figure.ratio.code: figure for figure in ratio_figures(rules, answers)}
    assert figures["frontline"].matching == 2
    assert figures["frontline"].is_met
    assert not figures["leaders"].is_met
    assert not any(figure.blocks for figure in figures.values())


def test_other_tree_sees_nothing(tianjin, hebei, in_scope):
    with system_scope("test"):
        entry = waiting(tianjin, cycle_of(tianjin))
        endorse(entry, tianjin.unit_checker)
    with in_scope(hebei.manager):
        assert not Recommendation.objects.exists()
    with in_scope(tianjin.filer):
        assert Recommendation.objects.count() == 1
