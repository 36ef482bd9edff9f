"""Assignments: balanced, shown before they are written, conflicts excluded without exception."""

from __future__ import annotations

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import ReportingLine
from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.domain.assigning import accept_proposal, assign_by_hand, withdraw_assignment
from portal.lifecycle.review.domain.experts import add_expert, change_expert, declare_conflict, withdraw_conflict
from portal.lifecycle.review.domain.panels import remove_panel, save_panel
from portal.lifecycle.review.models import Assignment, AssignmentState, DeclaredConflict, ExpertProfile, Panel
from portal.lifecycle.review.queries.proposal import propose
from tests.factories.entries import make_cycle, make_entry
from tests.factories.people import make_actor, make_membership, make_organisation
from tests.factories.review import (
    assign,
    declare,
    make_entry_in_review,
    make_expert,
    make_panel,
    mark,
    mark_share,
    review_stage,
)


@pytest.fixture
def cycle(tianjin):
    return make_cycle(tianjin, stage="review", params={"review": {"experts_per_entry": 2}})


@pytest.fixture
def experts(tianjin):
    return [make_expert(tianjin) for _ in range(4)]


@pytest.fixture
def panel(cycle, experts):
    return make_panel(cycle, experts)


@pytest.fixture
def entries(cycle, tianjin):
    return [make_entry_in_review(cycle, tianjin.filer) for _ in range(3)] + [
        make_entry_in_review(cycle, tianjin.group_filer) for _ in range(3)
    ]


def as_manager(tree, function, **payload):
    with scope(scope_of(tree.manager)):
        return function(actor=tree.manager, now=timezone.now(), **payload)


def proposal(tree, panel, seed="七"):
    with scope(scope_of(tree.manager)):
        return propose(Panel.objects.select_related("stage__cycle__owner").get(pk=panel.pk), seed=seed)


def pairs():
    with system_scope("test"):
        return set(Assignment.objects.values_list("entry_id", "expert_id"))


def test_proposal_writes_nothing_and_is_the_same_for_the_same_seed(tianjin, panel, entries):
    one, two = proposal(tianjin, panel), proposal(tianjin, panel)
    assert one.fingerprint == two.fingerprint
    assert one.plan.is_complete
    assert {load for *_, load, _most in one.loads} == {3}  # 6 entries × 2 ÷ 4 experts
    assert pairs() == set()


def test_accepted_proposal_is_written_as_shown_with_its_seed(tianjin, panel, entries):
    shown = proposal(tianjin, panel)
    as_manager(tianjin, accept_proposal, panel=panel, seed="七", fingerprint=shown.fingerprint)
    assert pairs() == {(int(e), int(x)) for e, x in shown.new_pairs}
    with system_scope("test"):
        event = AuditEvent.objects.get(action="lifecycle.panel.assigned")
        assert event.data["seed"] == "七"
        assert event.data["count"] == 12
        codes = [a.entry.review_code for a in Assignment.objects.select_related("entry").order_by("pk")]
        assert codes == sorted(codes)  # keys follow the random codes, not the order of the entries


def test_accepting_twice_adds_nothing(tianjin, panel, entries):
    shown = proposal(tianjin, panel)
    as_manager(tianjin, accept_proposal, panel=panel, seed="七", fingerprint=shown.fingerprint)
    with pytest.raises(Conflict, match="方案没有采用"):
        as_manager(tianjin, accept_proposal, panel=panel, seed="七", fingerprint=shown.fingerprint)
    assert len(pairs()) == 12


def test_proposal_is_not_accepted_after_the_case_has_changed(tianjin, panel, entries, experts):
    shown = proposal(tianjin, panel)
    declare(experts[0], tianjin, tianjin.unit)
    with pytest.raises(Conflict, match="重新生成"):
        as_manager(tianjin, accept_proposal, panel=panel, seed="七", fingerprint=shown.fingerprint)
    assert pairs() == set()


def conflict_cases(tianjin):
    """Every way in which an expert and the zone's unit belong together."""
    side = make_organisation(OrganisationKind.GRASSROOTS, "天津市旁厂工会", tianjin.zone)
    team = make_organisation(OrganisationKind.TEAM, "天津市精工厂一班", tianjin.unit)
    elsewhere = make_organisation(OrganisationKind.GRASSROOTS, "天津市外厂工会", tianjin.group)
    return {
        "same unit": {"unit": tianjin.unit},
        "a team of the unit": {"unit": team},
        "the employer's name": {"unit_name": "天津市精工机械有限公司"},
        "same nominating union": {"unit": side},
        "the nominating union itself": {"unit": tianjin.district},
        "reports through it": {"unit": elsewhere},
        "holds a role there": {},
    }, elsewhere


@pytest.mark.parametrize(
    "kind",
    [
        "same unit", "a team of the unit", "the employer's name", "same nominating union",
        "the nominating union itself", "reports through it", "holds a role there",
    ],
)  # fmt: skip
def test_conflict_excludes_by_proposal_and_by_hand(tianjin, cycle, kind):
    with system_scope("fixture"):
        cases, elsewhere = conflict_cases(tianjin)
        near = make_expert(tianjin, "有关联的专家", **cases[kind])
        if kind == "holds a role there":
            make_membership(near.user, tianjin.unit, Role.FILER)
        if kind == "reports through it":
            ReportingLine.objects.create(organisation=elsewhere, parent=tianjin.district)
    far = make_expert(tianjin, "无关联的专家")
    panel = make_panel(cycle, [near, far])
    entry = make_entry_in_review(cycle, tianjin.filer)
    shown = proposal(tianjin, panel)
    assert shown.new_pairs == [(str(entry.pk), str(far.user.pk))]
    (shortage,) = shown.plan.shortages
    assert "同一" in dict(shortage.reasons)[str(near.user.pk)]
    with pytest.raises(Invalid, match="同一"):
        as_manager(tianjin, assign_by_hand, panel=panel, pairs=[(entry.pk, near.user.pk), (entry.pk, far.user.pk)])
    assert pairs() == set()


def test_declared_conflict_and_recusal_exclude_whatever_the_blueprint_says(tianjin, experts):
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, stage="review", params={"review": {"experts_per_entry": 4, "conflicts": []}})
    panel = make_panel(cycle, experts)
    entry = make_entry_in_review(cycle, tianjin.filer)
    declare(experts[0], tianjin, tianjin.zone)
    assign(panel, entry, experts[1], state=AssignmentState.RECUSED)
    shown = proposal(tianjin, panel)
    assert {x for _, x in shown.new_pairs} == {str(e.user.pk) for e in experts[2:]}
    with pytest.raises(Invalid, match="已对此件回避"):
        as_manager(tianjin, assign_by_hand, panel=panel, pairs=[(entry.pk, experts[1].user.pk)])


def test_load_limit_and_inactive_experts_are_respected(tianjin, cycle, entries):
    full = make_expert(tianjin, max_load=1)
    gone = make_expert(tianjin, is_active=False)
    free = make_expert(tianjin)
    panel = make_panel(cycle, [full, gone, free])
    shown = proposal(tianjin, panel)
    counts = {member.expert_id: new for member, _, new, _ in shown.loads}
    assert counts == {full.user.pk: 1, gone.user.pk: 0, free.user.pk: 6}
    assert len(shown.plan.shortages) == 5


def test_recused_expert_is_replaced_by_the_next_proposal(tianjin, panel, entries, experts):
    as_manager(tianjin, accept_proposal, panel=panel, seed="七", fingerprint=proposal(tianjin, panel).fingerprint)
    with system_scope("test"):
        one = Assignment.objects.first()
        Assignment.objects.filter(pk=one.pk).update(state=AssignmentState.RECUSED)
    again = proposal(tianjin, panel, seed="八")
    assert [e for e, _ in again.new_pairs] == [str(one.entry_id)]
    assert again.new_pairs[0][1] != str(one.expert_id)


def test_sheets_of_another_panel_count_for_the_entry(tianjin, cycle, panel, experts):
    entry = make_entry_in_review(cycle, tianjin.filer)
    outsider = make_expert(tianjin)
    assign(make_panel(cycle, [outsider]), entry, outsider)
    assert len(proposal(tianjin, panel).new_pairs) == 1


def test_untouched_sheet_can_be_taken_back_a_marked_one_not(tianjin, panel, entries, experts):
    empty, begun = assign(panel, entries[0], *experts[:2])
    mark(begun, {"innovation": 20}, submit=False)
    as_manager(tianjin, withdraw_assignment, assignment=empty)
    with pytest.raises(Conflict, match="已开始评分"):
        as_manager(tianjin, withdraw_assignment, assignment=begun)
    assert pairs() == {(entries[0].pk, experts[1].user.pk)}


def test_nothing_is_assigned_while_the_stage_is_closed(tianjin, experts):
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, stage="clearance")
    panel = make_panel(cycle, experts)
    entry = make_entry_in_review(cycle, tianjin.filer)
    with pytest.raises(Conflict, match="没有开放"):
        as_manager(tianjin, assign_by_hand, panel=panel, pairs=[(entry.pk, experts[0].user.pk)])


@pytest.mark.parametrize("who", ["supervisor", "auditor", "expert", "district_manager", "filer"])
def test_only_the_organiser_assigns(tianjin, panel, entries, experts, who):
    actor = getattr(tianjin, who)
    with scope(scope_of(actor)), pytest.raises(Refused):
        assign_by_hand(actor=actor, panel=panel, pairs=[(entries[0].pk, experts[0].user.pk)], now=timezone.now())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.text(max_size=8), barred=st.sets(st.integers(0, 3), max_size=3))
def test_no_seed_ever_assigns_a_conflict(tianjin, panel, entries, experts, seed, barred):
    with system_scope("test"):
        DeclaredConflict.objects.all().delete()
        for number in barred:
            declare(experts[number], tianjin, tianjin.unit)
    shown = proposal(tianjin, panel, seed=seed)
    own = {str(e.pk) for e in entries[:3]}
    forbidden = {str(experts[n].user.pk) for n in barred}
    assert not [(e, x) for e, x in shown.new_pairs if e in own and x in forbidden]
    new = [new for _, _, new, _ in shown.loads]
    assert sum(new) == len(shown.new_pairs)


# --- pool and declared conflicts --------------------------------------------------------------------------------------


def test_person_with_the_role_of_expert_enters_the_pool_once(tianjin):
    person = make_actor(tianjin.municipal, Role.EXPERT, "新专家")
    added = as_manager(tianjin, add_expert, user=person.user, title="正高级工程师", max_load=20)
    assert added.max_load == 20
    with pytest.raises(Conflict, match="已经在专家库"):
        as_manager(tianjin, add_expert, user=person.user)
    with pytest.raises(Invalid, match="角色"):
        as_manager(tianjin, add_expert, user=tianjin.checker.user)


def test_change_of_an_expert_is_audited_with_before_and_after(tianjin):
    expert = make_expert(tianjin)
    with system_scope("test"):
        profile = ExpertProfile.objects.get(user=expert.user)
    as_manager(tianjin, change_expert, expert=profile, is_active=False)
    with system_scope("test"):
        event = AuditEvent.objects.get(action="lifecycle.expert.changed")
        assert (event.before, event.after) == ({"is_active": True}, {"is_active": False})


def test_declaring_a_conflict_recuses_open_sheets_at_once(tianjin, panel, entries, experts):
    mine, other = assign(panel, entries[0], experts[0])[0], assign(panel, entries[3], experts[0])[0]
    done = mark_share(assign(panel, entries[1], experts[0])[0], 0.9)
    with scope(scope_of(experts[0])):
        declared = declare_conflict(
            actor=experts[0], expert=experts[0].user, owner=tianjin.municipal, organisation=tianjin.unit,
            reason="配偶在该单位任职", now=timezone.now(),
        )  # fmt: skip
        states = dict(Assignment.objects.values_list("pk", "state"))
    assert states == {other.pk: "open", done.pk: "submitted"}
    with system_scope("test"):
        assert Assignment.objects.get(pk=mine.pk).recusal_reason == "声明回避：配偶在该单位任职"
    with scope(scope_of(experts[0])):
        withdraw_conflict(actor=experts[0], conflict=declared, now=timezone.now())
        assert not DeclaredConflict.objects.exists()


def test_expert_cannot_declare_for_another(tianjin, experts):
    with scope(scope_of(experts[0])), pytest.raises(Refused):
        declare_conflict(
            actor=experts[0], expert=experts[1].user, owner=tianjin.municipal, organisation=tianjin.unit,
            reason="代为声明", now=timezone.now(),
        )  # fmt: skip


# --- panels -----------------------------------------------------------------------------------------------------------


def test_panel_needs_members_a_free_name_and_a_chair_from_among_them(tianjin, cycle, experts):
    stage = review_stage(cycle)
    ids = [e.user.pk for e in experts]
    saved = as_manager(tianjin, save_panel, stage=stage, name="综合组", members=ids[:2], chair=ids[0])
    with pytest.raises(Invalid, match="名称重复"):
        as_manager(tianjin, save_panel, stage=stage, name="综合组", members=ids[:2])
    with pytest.raises(Invalid):
        as_manager(tianjin, save_panel, stage=stage, name="空组", members=[])
    with pytest.raises(Invalid, match="组长"):
        as_manager(tianjin, save_panel, stage=stage, name="另组", members=ids[:2], chair=ids[3])
    with system_scope("test"):
        assert list(saved.members.filter(is_chair=True).values_list("expert_id", flat=True)) == [ids[0]]


def test_member_with_open_sheets_stays_until_they_are_withdrawn(tianjin, panel, entries, experts):
    (sheet,) = assign(panel, entries[0], experts[0])
    ids = [e.user.pk for e in experts[1:]]
    with pytest.raises(Invalid, match="未完成的评审任务"):
        as_manager(tianjin, save_panel, stage=panel.stage, panel=panel, name=panel.name, members=ids)
    as_manager(tianjin, withdraw_assignment, assignment=sheet)
    as_manager(tianjin, save_panel, stage=panel.stage, panel=panel, name=panel.name, members=ids)


def test_panel_with_sheets_is_not_removed(tianjin, panel, entries, experts):
    assign(panel, entries[0], experts[0])
    with pytest.raises(Conflict):
        as_manager(tianjin, remove_panel, panel=panel)


# --- into and out of the review ---------------------------------------------------------------------------------------


def test_entry_gets_a_random_unique_code_when_the_review_begins(tianjin, cycle):
    with system_scope("fixture"):
        cycle.stages.filter(kind="clearance").delete()
        made = [make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED) for _ in range(5)]

    def begin(actor, now, entry):
        return perform(entry, "begin_review", actor=actor, now=now)

    codes = [as_manager(tianjin, begin, entry=entry).review_code for entry in made]
    assert len(set(codes)) == 5
    assert all(len(code) == 6 for code in codes)


def test_entry_still_on_its_way_up_cannot_enter_the_review(tianjin, cycle):
    with system_scope("fixture"):
        entry = make_entry(cycle, tianjin.filer, EntryState.SUBMITTED)
    with pytest.raises(Refused, match="逐级推荐"):
        as_manager(tianjin, lambda actor, now: perform(entry, "begin_review", actor=actor, now=now))


def test_review_is_complete_when_every_sheet_is_in_or_recused(tianjin, panel, entries, experts):
    def complete(actor, now):
        return perform(entries[0], "complete_review", actor=actor, now=now)

    with pytest.raises(Refused, match="还没有专家提交评分"):
        as_manager(tianjin, complete)
    first, second = assign(panel, entries[0], *experts[:2])
    mark_share(first, 0.9)
    with pytest.raises(Refused, match="还有1位专家"):
        as_manager(tianjin, complete)
    with system_scope("test"):
        Assignment.objects.filter(pk=second.pk).update(state=AssignmentState.RECUSED)
    assert as_manager(tianjin, complete).state == EntryState.REVIEWED
    with system_scope("test"):
        assert Entry.objects.get(pk=entries[0].pk).state == EntryState.REVIEWED
