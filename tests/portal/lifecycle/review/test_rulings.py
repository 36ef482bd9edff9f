"""Conflicts in four states: found, declared, cleared by two people, pinned; the plan says why each pair is excluded."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.scopes import scope_of
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.review.assignment import EntryToReview, Expert
from portal.lifecycle.review.assignment import assign as plan_of
from portal.lifecycle.review.conflict_models import ConflictRuling
from portal.lifecycle.review.domain.assigning import assign_by_hand
from portal.lifecycle.review.domain.rulings import confirm_ruling, rule, withdraw_ruling
from portal.lifecycle.review.models import Assignment, AssignmentState
from portal.lifecycle.review.queries.conflicts import panel_case
from portal.lifecycle.review.queries.pairs import conflict_pairs
from portal.lifecycle.review.queries.proposal import propose
from tests.factories.entries import make_cycle
from tests.factories.people import make_actor
from tests.factories.review import assign, declare, make_entry_in_review, make_expert, make_panel


@pytest.fixture
def case(tianjin):
    cycle = make_cycle(tianjin, stage="review")
    colleague = make_expert(tianjin, "同单位专家", unit=tianjin.unit)
    free = make_expert(tianjin, "无关专家")
    panel = make_panel(cycle, [colleague, free])
    entry = make_entry_in_review(cycle, tianjin.filer)
    return tianjin, panel, entry, colleague, free


def ruled(actor, panel, entry, expert, kind, reason="单位同名，经核对不是同一单位"):
    with scope(scope_of(actor)):
        return rule(
            actor=actor, panel=panel, entry=entry.pk, expert=expert.user.pk, kind=kind, reason=reason,
            now=timezone.now(),
        )  # fmt: skip


def by_hand(actor, panel, entry, expert):
    with scope(scope_of(actor)):
        return assign_by_hand(actor=actor, panel=panel, pairs=[(entry.pk, expert.user.pk)], now=timezone.now())


def states(actor, panel):
    with scope(scope_of(actor)):
        return {str(p.member.expert): (p.state, p.waits) for p in conflict_pairs(panel_case(panel))}


def test_clearing_counts_only_after_a_second_person_has_confirmed_it(case):
    tree, panel, entry, colleague, _free = case
    assert states(tree.manager, panel) == {"同单位专家": ("found", False)}
    found = ruled(tree.manager, panel, entry, colleague, "cleared")
    assert states(tree.manager, panel) == {"同单位专家": ("found", True)}
    with pytest.raises(Invalid, match="同一单位"):
        by_hand(tree.manager, panel, entry, colleague)
    with scope(scope_of(tree.manager)), pytest.raises(Conflict, match="另一人复核"):
        confirm_ruling(actor=tree.manager, ruling=found, now=timezone.now())
    with scope(scope_of(tree.supervisor)):
        confirm_ruling(actor=tree.supervisor, ruling=found, now=timezone.now())
    assert states(tree.manager, panel) == {"同单位专家": ("cleared", False)}
    assert by_hand(tree.manager, panel, entry, colleague) == 1
    with scope(scope_of(tree.manager)), pytest.raises(Conflict, match="先收回"):
        withdraw_ruling(actor=tree.manager, ruling=found, now=timezone.now())


def test_declared_conflict_can_be_cleared_too_and_comes_back_with_the_ruling_withdrawn(case):
    tree, panel, entry, _colleague, free = case
    declare(free, tree, tree.unit)
    assert states(tree.manager, panel)["无关专家"] == ("declared", False)
    found = ruled(tree.manager, panel, entry, free, "cleared", "已离职多年，经单位证明")
    second = make_second(tree)
    with scope(scope_of(second)):
        confirm_ruling(actor=second, ruling=found, now=timezone.now())
    assert states(tree.manager, panel)["无关专家"] == ("cleared", False)
    with scope(scope_of(tree.manager)):
        withdraw_ruling(actor=tree.manager, ruling=found, now=timezone.now())
    with pytest.raises(Invalid):
        by_hand(tree.manager, panel, entry, free)


def make_second(tree):
    with system_scope("test"):
        return make_actor(tree.municipal, Role.MANAGER, "第二承办人")


def test_pinned_pair_is_excluded_at_once_and_an_open_sheet_recused(case):
    tree, panel, entry, _colleague, free = case
    assign(panel, entry, free)
    ruled(tree.manager, panel, entry, free, "pinned", "与完成人有师徒关系")
    with system_scope("test"):
        assert Assignment.objects.get(expert=free.user).state == AssignmentState.RECUSED
    assert states(tree.manager, panel)["无关专家"] == ("pinned", False)


def test_pinned_pair_is_never_proposed_and_the_proposal_says_why(case):
    tree, panel, entry, _colleague, free = case
    ruled(tree.manager, panel, entry, free, "pinned", "与完成人有师徒关系")
    with scope(scope_of(tree.manager)):
        proposal = propose(panel, seed="x")
        assert proposal.new_pairs == []
        ((excluded, reasons),) = proposal.exclusions
    assert excluded == entry
    assert {(str(m.expert), why) for m, why in reasons} == {
        ("同单位专家", "与申报单位为同一单位"),
        ("无关专家", "已认定固定回避（与完成人有师徒关系）"),
    }


@pytest.mark.parametrize(("who", "kind", "reason", "error"), [
    ("manager", "cleared", " ", Invalid), ("manager", "pinned", "", Invalid), ("supervisor", "pinned", "无关", Refused),
])  # fmt: skip
def test_ruling_needs_a_reason_and_the_organiser(case, who, kind, reason, error):
    tree, panel, entry, colleague, _free = case
    with pytest.raises(error):
        ruled(getattr(tree, who), panel, entry, colleague, kind, reason)


def test_nothing_to_clear_and_own_recusals_are_refused(case):
    tree, panel, entry, _colleague, free = case
    with pytest.raises(Invalid, match="没有须回避"):
        ruled(tree.manager, panel, entry, free, "cleared")
    assign(panel, entry, free, state=AssignmentState.RECUSED)
    with pytest.raises(Invalid, match="本人已对此件回避"):
        ruled(tree.manager, panel, entry, free, "cleared")


def test_pages_show_the_states_and_let_two_people_decide(case, desk_client):
    tree, panel, entry, colleague, _free = case
    client, url = desk_client(tree.manager), reverse("lifecycle:ruling.list", args=[panel.pk])
    assert "系统发现" in client.get(url).text
    address = reverse("lifecycle:ruling.rule", args=[panel.pk, entry.pk, colleague.user.pk])
    assert "同一单位" in client.get(address).text
    client.post(address, {"kind": "cleared", "reason": "单位同名"})
    page = client.get(url).text
    assert "解除待复核" in page
    assert "复核同意" not in page
    second = desk_client(tree.supervisor)
    assert "复核同意" in second.get(url).text
    with system_scope("test"):
        found = ConflictRuling.objects.get()
    second.post(reverse("lifecycle:ruling.confirm", args=[found.pk]))
    assert "已核实解除" in second.get(url).text


def test_experts_at_home_in_the_topic_come_first_without_breaking_even_loads():
    entries = [EntryToReview(f"w{i}", topics=frozenset({"焊接"})) for i in range(3)]
    entries += [EntryToReview(f"c{i}", topics=frozenset({"化工"})) for i in range(3)]
    experts = [Expert(f"a{i}", topics=frozenset({"焊接"})) for i in range(3)]
    experts += [Expert(f"b{i}", topics=frozenset({"化工"})) for i in range(3)]
    for seed in range(20):
        plan = plan_of(entries, experts, per_entry=2, seed=seed)
        assert set(plan.loads.values()) == {2}
        assert all(x[0] == {"w": "a", "c": "b"}[code[0]] for code, pair in plan.pairs.items() for x in pair)
