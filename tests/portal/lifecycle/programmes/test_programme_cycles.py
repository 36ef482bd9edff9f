"""Publishing blueprints, opening and changing cycles, opening and closing stages."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, connections

from portal.audit.models import AuditEvent
from portal.core.context import system_actor
from portal.core.dates import local_date, local_datetime
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.loader import BlueprintInvalid, sha256_of
from portal.lifecycle.programmes import queries
from portal.lifecycle.programmes.domain import (
    advance_cycle,
    amend_cycle,
    cancel_cycle,
    close_stage,
    copy_cycle,
    load_blueprint,
    open_cycle,
    open_stage,
    reopen_stage,
)
from portal.lifecycle.programmes.models import Blueprint, Cycle, CycleStatus, QuotaAllocation, StageStatus
from tests.factories.programmes import make_cycle, make_programme, small_definition

pytestmark = pytest.mark.django_db
MARCH = local_datetime(dt.date(2026, 3, 2), dt.time(9))


def load(tree, now=MARCH, **changes):
    return load_blueprint(definition=small_definition(**changes), owner=tree.municipal, actor=tree.manager, now=now)


def test_load_blueprint_twice_makes_one_version(tianjin, all_rows):
    first, second = load(tianjin), load(tianjin)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.blueprint == second.blueprint
    assert Blueprint.objects.count() == 1


def test_load_blueprint_changed_makes_next_version_and_keeps_the_first(tianjin, all_rows):
    first = load(tianjin).blueprint
    second = load(tianjin, stages={"selection": {"places": 5}}).blueprint
    assert (first.version, second.version) == (1, 2)
    first.refresh_from_db()
    assert first.sha256 == sha256_of(first.definition) != second.sha256
    event = AuditEvent.objects.get(action="lifecycle.blueprint.published", object_id=second.pk)
    assert any("5" in text for text in event.data["changes"])


def test_load_blueprint_with_errors_names_their_paths(tianjin, all_rows):
    with pytest.raises(BlueprintInvalid) as caught:
        load(tianjin, stages={"review": {"rubric": []}})
    assert any(problem.path.startswith("stages[3]") for problem in caught.value.errors)


def test_load_blueprint_is_refused_to_a_district(tianjin, all_rows):
    with pytest.raises(Refused):
        load_blueprint(
            definition=small_definition(), owner=tianjin.municipal, actor=tianjin.district_manager, now=MARCH
        )


def test_open_cycle_pins_the_newest_blueprint_and_copies_its_stages(tianjin, all_rows):
    cycle = make_cycle(tianjin.municipal, tianjin.manager)
    stages = list(cycle.stages.all())
    kinds = ["application", "recommendation", "clearance", "review", "selection", "notice", "conferral"]
    assert [stage.kind for stage in stages] == kinds
    assert cycle.status == CycleStatus.RUNNING
    load(tianjin, stages={"selection": {"places": 9}})
    cycle.refresh_from_db()
    assert queries.params_of(queries.stage_of(cycle, "selection")).places == 2
    assert queries.params_of(stages[3]) == cycle.rules.stage("review").params
    assert stages[0].params["guards"] == []


def test_open_cycle_counts_working_days_past_the_holidays(tianjin, all_rows):
    cycle = make_cycle(tianjin.municipal, tianjin.manager)
    stages = {stage.kind: stage for stage in cycle.stages.all()}
    # 31 days from 2 March end on 1 April; ten working days after it pass over 清明 (4–6 April 2026).
    assert local_date(stages["application"].closes_at) == dt.date(2026, 4, 1)
    assert local_date(stages["recommendation"].opens_at) == dt.date(2026, 3, 2)
    assert local_date(stages["recommendation"].closes_at) == dt.date(2026, 4, 16)


def test_open_cycle_twice_is_a_conflict(tianjin, all_rows):
    cycle = make_cycle(tianjin.municipal, tianjin.manager)
    with pytest.raises(Conflict):
        open_cycle(programme=cycle.programme, year=2026, actor=tianjin.manager, now=MARCH)


@pytest.mark.django_db(transaction=True)
def test_open_cycle_by_ten_threads_opens_one(tianjin):
    with system_scope("test"):
        programme = make_programme(tianjin.municipal, tianjin.manager)
    outcomes: list[str] = []
    barrier = threading.Barrier(10)

    def work():
        try:
            with system_scope("test"):
                barrier.wait()
                open_cycle(programme=programme, year=2026, actor=system_actor("test"), now=MARCH)
                outcomes.append("opened")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with system_scope("test"):
        assert sorted(outcomes) == ["conflict"] * 9 + ["opened"]
        assert Cycle.objects.count() == 1
        assert Cycle.objects.get().stages.count() == 7


def test_stages_open_in_order_only(tianjin, all_rows):
    cycle = make_cycle(tianjin.municipal, tianjin.manager)
    stages = {stage.kind: stage for stage in cycle.stages.all()}
    open_stage(stage=stages["application"], actor=tianjin.manager, now=MARCH)
    open_stage(stage=stages["recommendation"], actor=tianjin.manager, now=MARCH)
    with pytest.raises(Refused, match="申报"):
        open_stage(stage=stages["clearance"], actor=tianjin.manager, now=MARCH)
    with pytest.raises(Conflict):
        open_stage(stage=stages["application"], actor=tianjin.manager, now=MARCH)
    close_stage(stage=stages["application"], actor=tianjin.manager, now=MARCH)
    close_stage(stage=stages["recommendation"], actor=tianjin.manager, now=MARCH)
    open_stage(stage=stages["clearance"], actor=tianjin.manager, now=MARCH)
    open_stage(stage=stages["review"], actor=tianjin.manager, now=MARCH)  # beside the clearance
    actions = AuditEvent.objects.filter(action__startswith="lifecycle.stage.").values_list("action", flat=True)
    assert list(actions).count("lifecycle.stage.opened") == 4
    assert list(actions).count("lifecycle.stage.closed") == 2


@pytest.mark.parametrize("who", ["filer", "unit_checker", "district_manager", "checker", "supervisor", "auditor"])
def test_stages_are_run_by_the_owners_manager_only(tianjin, all_rows, who):
    cycle = make_cycle(tianjin.municipal, tianjin.manager)
    stage = cycle.stages.first()
    for act in (open_stage, close_stage):
        with pytest.raises(Refused):
            act(stage=stage, actor=tianjin.actors[who], now=MARCH)


def test_reopen_stage_needs_a_reason_and_a_later_date(tianjin, all_rows):
    cycle = make_cycle(tianjin.municipal, tianjin.manager)
    stage = cycle.stages.first()
    open_stage(stage=stage, actor=tianjin.manager, now=MARCH)
    close_stage(stage=stage, actor=tianjin.manager, now=MARCH)
    with pytest.raises(Invalid) as caught:
        reopen_stage(stage=stage, actor=tianjin.manager, now=MARCH, closes_at=MARCH, reason=" ")
    assert set(caught.value.fields) == {"reason", "closes_at"}
    later = MARCH + dt.timedelta(days=3)
    again = reopen_stage(stage=stage, actor=tianjin.manager, now=MARCH, closes_at=later, reason="区总工会系统故障")
    assert (again.status, again.closes_at) == (StageStatus.OPEN, later)


def test_advance_cycle_opens_and_closes_by_date_once(tianjin, all_rows):
    cycle = make_cycle(tianjin.municipal, tianjin.manager)
    actor = system_actor("test")
    assert advance_cycle(cycle=cycle, actor=actor, now=MARCH) == ["opened:application", "opened:recommendation"]
    assert advance_cycle(cycle=cycle, actor=actor, now=MARCH) == []
    application = cycle.stages.get(kind="application")
    within_grace = application.closes_at + dt.timedelta(minutes=29)
    assert advance_cycle(cycle=cycle, actor=actor, now=within_grace) == []
    assert advance_cycle(cycle=cycle, actor=actor, now=within_grace + dt.timedelta(minutes=2)) == ["closed:application"]


def test_planned_cycle_starts_on_its_day(tianjin, all_rows):
    programme = make_programme(tianjin.municipal, tianjin.manager)
    january = local_datetime(dt.date(2026, 1, 6))
    cycle = open_cycle(
        programme=programme, year=2026, actor=tianjin.manager, now=january, start_date=dt.date(2026, 3, 2)
    )
    assert cycle.status == CycleStatus.PLANNED
    assert advance_cycle(cycle=cycle, actor=system_actor("test"), now=january) == []
    assert advance_cycle(cycle=cycle, actor=system_actor("test"), now=MARCH)[0] == "started"


def test_amend_cycle_moves_a_deadline_and_audits_it(tianjin, all_rows):
    cycle = make_cycle(tianjin.municipal, tianjin.manager)
    stage = cycle.stages.get(kind="application")
    later = stage.closes_at + dt.timedelta(days=5)
    amend_cycle(
        cycle=cycle,
        actor=tianjin.manager,
        now=MARCH,
        reason="应各区要求延长",
        dates={stage.pk: (stage.opens_at, later)},
    )
    stage.refresh_from_db()
    assert stage.closes_at == later
    event = AuditEvent.objects.get(action="lifecycle.cycle.amended")
    assert event.data["reason"] == "应各区要求延长"
    assert "application.dates" in event.after


def test_amend_cycle_names_what_is_wrong_beside_the_field(tianjin, all_rows):
    cycle = make_cycle(tianjin.municipal, tianjin.manager)
    stage = cycle.stages.get(kind="application")
    with pytest.raises(Invalid) as caught:
        amend_cycle(cycle=cycle, actor=tianjin.manager, now=MARCH, reason="", dates={})
    assert "reason" in caught.value.fields
    early = MARCH - dt.timedelta(hours=1)
    with pytest.raises(Invalid) as caught:
        amend_cycle(
            cycle=cycle, actor=tianjin.manager, now=MARCH, reason="误", dates={stage.pk: (stage.opens_at, early)}
        )
    assert f"closes_{stage.pk}" in caught.value.fields
    stage.refresh_from_db()
    assert stage.closes_at > MARCH


def test_copy_cycle_keeps_distances_and_places(tianjin, all_rows):
    cycle = make_cycle(tianjin.municipal, tianjin.manager)
    QuotaAllocation.objects.create(cycle=cycle, organisation=tianjin.district, count=4, reserves=1)
    new = copy_cycle(cycle=cycle, year=2027, start_date=dt.date(2027, 3, 1), actor=tianjin.manager, now=MARCH)
    assert new.status == CycleStatus.PLANNED
    assert new.quotas.get().count == 4
    old_stages, new_stages = list(cycle.stages.all()), list(new.stages.all())
    for old, fresh in zip(old_stages, new_stages, strict=True):
        assert old.kind == fresh.kind
        distance = local_date(fresh.closes_at) - local_date(old.closes_at)
        assert 364 <= distance.days <= 375


def test_cancel_cycle_closes_its_stages_and_stops_the_calendar(tianjin, all_rows):
    cycle = make_cycle(tianjin.municipal, tianjin.manager)
    cancel_cycle(cycle=cycle, actor=tianjin.manager, now=MARCH, reason="上级暂停该项评选")
    assert advance_cycle(cycle=cycle, actor=system_actor("test"), now=MARCH) == []
    assert set(cycle.stages.values_list("status", flat=True)) == {StageStatus.CLOSED}
    with pytest.raises(Conflict):
        cancel_cycle(cycle=cycle, actor=tianjin.manager, now=MARCH, reason="再取消")


def test_cycles_of_one_tree_are_unknown_in_the_other(tianjin, hebei, in_scope):
    with system_scope("test"):
        make_cycle(tianjin.municipal, tianjin.manager)
    with in_scope(hebei.manager) as actor:
        assert not queries.cycles(actor=actor).exists()
        assert not queries.open_calls(now=MARCH).exists()
    with in_scope(tianjin.filer) as actor:
        assert queries.open_calls(now=MARCH).count() == 1


@pytest.mark.parametrize("n", [1, 3])
def test_cycle_list_query_count(tianjin, in_scope, django_assert_num_queries, n):
    with system_scope("test"):
        for number in range(n):
            make_cycle(tianjin.municipal, tianjin.manager, programme={"code": f"works-{number}"})
    with in_scope(tianjin.filer) as actor, django_assert_num_queries(2):
        for cycle in queries.cycles(actor=actor):
            str(cycle)
            [stage.title for stage in cycle.stages.all()]
    assert connection.in_atomic_block
