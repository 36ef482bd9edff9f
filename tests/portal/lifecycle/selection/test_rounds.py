"""Rounds: frozen, ranked twice, written whole or not at all, approved by people, refilled from the reserves."""

from __future__ import annotations

import pytest
from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.context import system_actor
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.models import Score
from portal.lifecycle.selection import domain
from portal.lifecycle.selection.domain import rounds
from portal.lifecycle.selection.models import Outcome, RoundStatus, Selection, SelectionRound
from portal.lifecycle.selection.snapshot import compute, fingerprint
from tests.factories.review import assign, make_entry_in_review, mark_share
from tests.factories.rounds import Case


@pytest.fixture
def case(tianjin):
    return Case(tianjin)


@pytest.mark.row(45)
def test_round_ranks_fills_places_and_gives_one_reason_each(case):
    round_ = case.produce()
    assert round_.status == RoundStatus.DRAFT
    assert round_.differences == []
    assert case.outcomes(round_) == [Outcome.SELECTED, Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED]
    with system_scope("test"):
        rows = list(Selection.objects.filter(round=round_).order_by("rank"))
    assert [row.rank for row in rows] == [1, 2, 3, 4]
    assert [row.order for row in rows] == [1, 2, 1, None]
    assert all(row.reason for row in rows)
    assert "递补第1位" in rows[2].reason
    assert case.states() == [EntryState.REVIEWED] * 4  # nothing has happened to the entries


def test_snapshot_gives_the_same_result_after_the_marks_have_changed(case):
    round_ = case.produce()
    with system_scope("test"):
        Score.objects.filter(assignment__entry=case.entries[0]).update(value=0)
        round_.refresh_from_db()
    assert fingerprint(round_.snapshot) == round_.sha256
    best = max(compute(round_.snapshot).allocation.outcomes, key=lambda o: o.total)
    assert best.code == case.entries[0].code


def test_round_is_unique_per_stage_and_number_and_can_be_repeated(case):
    first = case.produce()
    again = case.produce()
    assert again.pk == first.pk
    second = case.produce(number=2)
    with system_scope("test"):
        first.refresh_from_db()
        assert first.status == RoundStatus.SUPERSEDED
        assert SelectionRound.objects.filter(stage=case.stage).count() == 2
        assert Selection.objects.filter(round=second).count() == 4


def test_round_waits_until_every_review_is_done(case, tianjin):
    entry = make_entry_in_review(case.cycle, tianjin.filer)
    mark_share(assign(case.panel, entry, case.experts[0])[0], 0.9)
    with pytest.raises(Conflict, match="还有1件申报件在评审中"):
        case.produce()


def test_round_is_not_produced_while_the_stage_is_closed(case):
    with system_scope("test"):
        CycleStage.objects.filter(pk=case.stage.pk).update(status="pending")
    with pytest.raises(Conflict, match="没有开放"):
        case.produce()


@pytest.mark.parametrize("who", ["supervisor", "auditor", "checker", "district_manager", "filer", "expert"])
def test_only_the_owners_manager_produces_and_approves(case, tianjin, who):
    round_ = case.produce()
    actor = getattr(tianjin, who)
    with pytest.raises((Refused, CycleStage.DoesNotExist)):
        case.produce(number=2, actor=actor)
    with pytest.raises((Refused, CycleStage.DoesNotExist, SelectionRound.DoesNotExist)):
        case.act(domain.approve_round, actor=actor, round_=round_, note="同意")


def test_job_without_a_number_makes_the_first_round_once(case):
    for _ in range(2):
        case.produce(actor=case.tree.manager)
    with system_scope("test"):
        rounds.produce_round(actor=system_actor("beat"), stage_id=case.stage.pk, now=timezone.now())
        assert SelectionRound.objects.count() == 1


def test_failure_half_way_leaves_nothing_and_the_next_try_succeeds(case, monkeypatch):
    def dies(*args, **kwargs):
        raise MemoryError("the worker is killed")

    with monkeypatch.context() as patch:
        patch.setattr(rounds, "record", dies)
        with pytest.raises(MemoryError):
            case.produce()
    with system_scope("test"):
        assert not SelectionRound.objects.exists()
        assert not Selection.objects.exists()
    assert case.produce().number == 1


def test_difference_between_both_rankings_blocks_the_round(case, monkeypatch):
    """The second implementation sees other marks: the round says where, and cannot be approved."""
    real = rounds.shadow_of

    def tampered(snapshot, settlements=()):
        payload = real(snapshot, settlements)
        for row in payload["marks"]:
            if row["entry_code"] == case.entries[0].code:
                row["value"] = "1"
        return payload

    with monkeypatch.context() as patch:
        patch.setattr(rounds, "shadow_of", tampered)
        round_ = case.produce()
    assert round_.status == RoundStatus.BLOCKED
    assert {d["field"] for d in round_.differences} & {"total", "rank", "core", "median", "below_floor"}
    with pytest.raises(Conflict, match="两套算法"):
        case.act(domain.approve_round, round_=round_, note="同意")
    assert case.states() == [EntryState.REVIEWED] * 4
    assert case.produce(number=2).status == RoundStatus.DRAFT


@pytest.mark.row(45)
def test_approval_carries_out_every_outcome_at_once(case):
    round_ = case.produce()
    with pytest.raises(Invalid):
        case.act(domain.approve_round, round_=round_, note=" ")
    done = case.act(domain.approve_round, round_=round_, note="主席办公会2026年第8次会议通过")
    assert done.status == RoundStatus.APPROVED
    assert done.decided_by == case.tree.manager.user
    assert case.states() == [EntryState.SELECTED, EntryState.SELECTED, EntryState.RESERVE, EntryState.NOT_SELECTED]
    with pytest.raises(Conflict):
        case.act(domain.approve_round, round_=round_, note="再次")
    with pytest.raises(Conflict, match="已经审定"):
        case.produce(number=2)


def test_approval_changes_nothing_when_one_entry_fails(case):
    round_ = case.produce()
    with system_scope("test"):
        Entry.objects.filter(pk=case.entries[3].pk).update(state=EntryState.WITHDRAWN)
    with pytest.raises(Conflict, match="重新产生"):
        case.act(domain.approve_round, round_=round_, note="同意")
    with system_scope("test"):
        round_.refresh_from_db()
    assert round_.status == RoundStatus.DRAFT
    assert case.states()[:3] == [EntryState.REVIEWED] * 3


def test_tampered_snapshot_cannot_be_approved(case):
    round_ = case.produce()
    with system_scope("test"):
        snapshot = round_.snapshot
        snapshot["marks"][case.entries[3].code][0][2] = "30"
        SelectionRound.objects.filter(pk=round_.pk).update(snapshot=snapshot)
    with pytest.raises(Conflict, match="指纹"):
        case.act(domain.approve_round, round_=round_, note="同意")


def test_rejected_round_leaves_the_entries_and_allows_a_new_one(case):
    round_ = case.produce()
    with pytest.raises(Invalid):
        case.act(domain.reject_round, round_=round_, note="")
    rejected = case.act(domain.reject_round, round_=round_, note="第3名须复核附件")
    assert rejected.status == RoundStatus.REJECTED
    assert case.states() == [EntryState.REVIEWED] * 4
    assert case.produce(number=2).status == RoundStatus.DRAFT


@pytest.mark.parametrize("transition", ["select", "reserve", "pass_over"])
def test_nobody_is_selected_by_hand(case, transition):
    case.produce()
    with scope(scope_of(case.tree.manager)), pytest.raises(Refused, match="评选轮次"):
        perform(case.entries[0], transition, actor=case.tree.manager, now=timezone.now())


def test_what_a_round_decides_is_no_part_of_the_units_history(case):
    """Audit events of the decision belong to the owner; the unit and the unions between read nothing of it."""
    case.act(domain.approve_round, round_=case.produce(), note="同意")
    kinds = ["lifecycle.entry.selected", "lifecycle.entry.reserved", "lifecycle.entry.passed_over"]
    tree = case.tree
    for actor in (tree.filer, tree.unit_checker, tree.zone_checker, tree.district_checker, tree.group_checker):
        with scope(scope_of(actor)):
            assert not AuditEvent.objects.filter(action__in=kinds).exists()
            assert not SelectionRound.objects.exists()
            assert not Selection.objects.exists()
    with scope(scope_of(tree.manager)):
        assert AuditEvent.objects.filter(action__in=kinds).count() == 4


# --- ties ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def tied(tianjin):
    return Case(tianjin, shares=(0.9, 0.8, 0.8, 0.7))


def test_tie_across_the_last_place_waits_for_people(tied):
    round_ = tied.produce()
    assert tied.outcomes(round_)[1:3] == [Outcome.UNDECIDED, Outcome.UNDECIDED]
    (tie,) = round_.needs_decision
    assert set(tie["codes"]) == {tied.entries[1].code, tied.entries[2].code}
    assert tie["places"] == 1
    with pytest.raises(Conflict, match="并列"):
        tied.act(domain.approve_round, round_=round_, note="同意")


def test_settled_tie_is_recorded_with_its_reason_and_ranked_again(tied):
    round_ = tied.produce()
    before = round_.sha256
    order = [tied.entries[2].code, tied.entries[1].code]
    with pytest.raises(Invalid):
        tied.act(domain.settle_tie, round_=round_, codes=order, reason=" ")
    with pytest.raises(Conflict):
        tied.act(domain.settle_tie, round_=round_, codes=order[:1], reason="表决")
    settled = tied.act(domain.settle_tie, round_=round_, codes=order, reason="评审组表决 5:2")
    assert settled.needs_decision == []
    assert settled.differences == []
    assert settled.sha256 == before
    assert settled.settlements[0]["reason"] == "评审组表决 5:2"
    assert tied.outcomes(settled) == [Outcome.SELECTED, Outcome.RESERVE, Outcome.SELECTED, Outcome.NOT_SELECTED]
    with pytest.raises(Conflict):
        tied.act(domain.settle_tie, round_=round_, codes=order, reason="再议")
    tied.act(domain.approve_round, round_=settled, note="同意")
    assert tied.states()[2] == EntryState.SELECTED


# --- places that fall free -------------------------------------------------------------------------------------------


def test_disqualified_winner_is_followed_by_the_first_reserve(case):
    case.act(domain.approve_round, round_=case.produce(), note="同意")
    with scope(scope_of(case.tree.manager)):
        perform(
            case.entries[0], "disqualify", actor=case.tree.manager, now=timezone.now(), reason="异议成立：成果权属不清"
        )
    assert case.states() == [EntryState.DISQUALIFIED, EntryState.SELECTED, EntryState.SELECTED, EntryState.NOT_SELECTED]
    with system_scope("test"):
        rows = {r.entry_id: r for r in Selection.objects.all()}
        assert rows[case.entries[0].pk].details["history"][0]["outcome"] == Outcome.SELECTED
        assert rows[case.entries[2].pk].order == 3
        event = AuditEvent.objects.get(action="lifecycle.round.place_refilled")
        assert event.data["promoted"] == case.entries[2].code


def test_cap_of_a_nominating_union_passes_a_reserve_over(tianjin):
    """Both places are the zone's and the group's; the zone's reserve may not follow the group's winner."""
    case = Case(tianjin, shares=(0.95, 0.9, 0.85, 0.8), reserves=2, cap_per_nominating=1)
    case.act(domain.approve_round, round_=case.produce(), note="同意")
    assert case.states() == [EntryState.SELECTED, EntryState.SELECTED, EntryState.RESERVE, EntryState.RESERVE]
    with scope(scope_of(tianjin.manager)):
        perform(case.entries[1], "disqualify", actor=tianjin.manager, now=timezone.now(), reason="异议成立")
    assert case.states() == [EntryState.SELECTED, EntryState.DISQUALIFIED, EntryState.RESERVE, EntryState.SELECTED]


def test_reserve_that_has_left_cannot_follow(case):
    case.act(domain.approve_round, round_=case.produce(), note="同意")
    with scope(scope_of(case.tree.manager)):
        actor = case.tree.manager
        perform(case.entries[2], "disqualify", actor=actor, now=timezone.now(), reason="一票否决")
        perform(case.entries[0], "disqualify", actor=actor, now=timezone.now(), reason="异议成立")
    assert case.states() == [
        EntryState.DISQUALIFIED, EntryState.SELECTED, EntryState.DISQUALIFIED, EntryState.NOT_SELECTED,
    ]  # fmt: skip


def test_place_of_somebody_who_holds_none_is_refused(case):
    case.act(domain.approve_round, round_=case.produce(), note="同意")
    with pytest.raises(Conflict, match="没有空出的名额"):
        case.act(domain.promote_reserve, freed=case.entries[3], reason="误操作")
