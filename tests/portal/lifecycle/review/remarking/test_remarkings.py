"""Re-marking as a set: seen before it is decided, applied or undone as a whole, by one of two organisers."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.engine.perform import preview
from portal.lifecycle.review.domain.marking import save_marks, submit_sheet
from portal.lifecycle.review.models import Assignment, Score
from portal.lifecycle.review.remarking.domain import apply_remarking, cancel_remarking, open_remarking
from portal.lifecycle.review.remarking.models import Remarking
from portal.lifecycle.review.remarking.queries import effect_of
from portal.lifecycle.review.results import load_marks
from portal.lifecycle.review.seal_models import SheetSeal
from portal.lifecycle.review.seals import broken_seals
from tests.factories.entries import make_cycle
from tests.factories.people import make_actor
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel, review_stage

HIGH = {"innovation": "28", "advancement": "13", "practicality": "17", "benefit": "18", "promotion": "13"}
MIDDLE = {"innovation": "24", "advancement": "11", "practicality": "15", "benefit": "15", "promotion": "11"}
LOW = {"innovation": "20", "advancement": "10", "practicality": "14", "benefit": "14", "promotion": "10"}


def hand_in(expert, sheet, typed):
    with scope(scope_of(expert)):
        save_marks(actor=expert, assignment=sheet, typed=typed, abstained={}, now=timezone.now())
        submit_sheet(actor=expert, assignment=sheet, now=timezone.now())


@pytest.fixture
def case(tianjin):
    params = {"selection": {"places": 1, "reserves": 1, "cap_per_nominating": None}}
    cycle = make_cycle(tianjin, stage="review", params=params)
    expert = make_expert(tianjin)
    panel = make_panel(cycle, [expert])
    entries = [make_entry_in_review(cycle, tianjin.filer, title=f"成果{n}") for n in range(3)]
    for entry, marks in zip(entries, (HIGH, MIDDLE, LOW), strict=True):
        (sheet,) = assign(panel, entry, expert)
        hand_in(expert, sheet, marks)
    return tianjin, review_stage(cycle), entries, expert


def opened(tree, stage, entries, reason="创新性口径不一致"):
    with scope(scope_of(tree.manager)):
        return open_remarking(
            actor=tree.manager, stage=stage, entries=[e.pk for e in entries], reason=reason, now=timezone.now()
        )


def sheet_of(entry):
    with system_scope("test"):
        return Assignment.objects.select_related("panel__stage__cycle", "entry").get(entry=entry)


def test_old_marks_count_for_nothing_and_are_kept_while_the_set_is_open(case):
    tree, stage, entries, _expert = case
    found = opened(tree, stage, entries[2:])
    with scope(scope_of(tree.manager)):
        assert not load_marks(stage).score(entries[2].pk).is_complete
        assert load_marks(stage).score(entries[0].pk).is_complete
        refusals = preview(entries[2], "complete_review", actor=tree.manager, now=timezone.now())
        assert any(r.code == "remarking" for r in refusals)
        line = next(x for x in effect_of(found) if x["entry"] == entries[2].pk)
    assert (line["old"]["rank"], line["new"]["rank"]) == (3, None)


def test_old_and_new_ranks_and_the_list_are_seen_before_anything_is_decided(case):
    tree, stage, entries, expert = case
    found = opened(tree, stage, entries[2:])
    hand_in(
        expert,
        sheet_of(entries[2]),
        {"innovation": "30", "advancement": "15", "practicality": "20", "benefit": "19"} | {"promotion": "14"},
    )
    with scope(scope_of(tree.manager)):
        lines = {x["entry"]: x for x in effect_of(found)}
        new = lines[entries[2].pk]
        assert (new["old"]["rank"], new["new"]["rank"]) == (3, 1)
        assert (new["old"]["outcome"], new["new"]["outcome"]) == ("未入选", "入选")
        assert lines[entries[0].pk]["old"]["is_selected"]
        assert not lines[entries[0].pk]["new"]["is_selected"]
        apply_remarking(actor=tree.manager, remarking=found, reason="口径已统一", now=timezone.now())
        found.refresh_from_db()
        assert found.state == "applied"
        assert len(found.effect) == len(lines)
        assert not preview(entries[2], "complete_review", actor=tree.manager, now=timezone.now())
        assert not broken_seals(stage, [entries[2].pk])
    with system_scope("test"):
        assert SheetSeal.objects.filter(assignment__entry=entries[2]).count() == 2
        assert AuditEvent.objects.filter(action="lifecycle.remarking.applied").count() == 1


def test_cancelling_restores_every_mark_and_seals_it_again(case):
    tree, stage, entries, expert = case
    with scope(scope_of(tree.manager)):
        before = load_marks(stage).score(entries[2].pk).canonical()
    found = opened(tree, stage, entries[1:])
    hand_in(expert, sheet_of(entries[2]), HIGH)
    with scope(scope_of(tree.manager)):
        cancel_remarking(actor=tree.manager, remarking=found, reason="专家意见一致，无须复评", now=timezone.now())
        assert load_marks(stage).score(entries[2].pk).canonical() == before
        assert load_marks(stage).score(entries[1].pk).is_complete
        assert not broken_seals(stage, [e.pk for e in entries])
    with system_scope("test"):
        assert SheetSeal.objects.filter(assignment__entry=entries[2]).count() == 3
        assert Score.objects.filter(assignment__entry=entries[2]).count() == len(LOW)


def test_cannot_be_applied_while_a_sheet_is_out(case):
    tree, stage, entries, _expert = case
    found = opened(tree, stage, entries)
    with scope(scope_of(tree.manager)), pytest.raises(Conflict, match="3 份评分没有重新提交"):
        apply_remarking(actor=tree.manager, remarking=found, reason="采用", now=timezone.now())


def test_second_set_waits_for_the_first(case):
    tree, stage, entries, _expert = case
    opened(tree, stage, entries[:1])
    with pytest.raises(Conflict, match="正在进行"):
        opened(tree, stage, entries[1:])


def test_reason_is_needed_and_supervisors_only_read(case):
    tree, stage, entries, _expert = case
    with pytest.raises(Invalid):
        opened(tree, stage, entries, " ")
    with scope(scope_of(tree.supervisor)), pytest.raises(Refused):
        open_remarking(actor=tree.supervisor, stage=stage, entries=[entries[0].pk], reason="x", now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_two_organisers_who_decide_at_once_leave_one_decision(case):
    tree, stage, entries, expert = case
    with system_scope("test"):
        second = make_actor(tree.municipal, Role.MANAGER, "第二承办人")
    found = opened(tree, stage, entries[2:])
    hand_in(expert, sheet_of(entries[2]), HIGH)
    outcomes = []

    def run(actor, act):
        try:
            with scope(scope_of(actor)):
                act(actor=actor, remarking=found, reason="决定", now=timezone.now())
            outcomes.append(act.__name__)
        except Conflict as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    pairs = ((tree.manager, apply_remarking), (second, cancel_remarking))
    threads = [threading.Thread(target=run, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "decided" in outcomes
    with system_scope("test"):
        state = Remarking.objects.get().state
        total = load_marks(stage).score(entries[2].pk).total
    winner = next(name for name in outcomes if name != "decided")
    assert (winner, state, total) in {
        ("apply_remarking", "applied", total if total > 80 else None),
        ("cancel_remarking", "cancelled", total if total < 80 else None),
    }


def test_pages_lead_from_the_choice_to_the_decision(case, desk_client):
    tree, stage, entries, expert = case
    client = desk_client(tree.manager)
    url = reverse("lifecycle:remarking.selected")
    assert "整组复评" in client.post(url, {"selected": [entries[2].pk]}).text
    client.post(url, {"selected": [entries[2].pk], "confirmed": "1", "reason": "口径不一致"})
    with system_scope("test"):
        found = Remarking.objects.get()
    detail = reverse("lifecycle:remarking.detail", args=[found.pk])
    assert "专家正在重新评分" in client.get(detail).text
    hand_in(expert, sheet_of(entries[2]), HIGH)
    assert "采用新评分" in client.get(detail).text
    client.post(reverse("lifecycle:remarking.apply", args=[found.pk]), {"reason": "口径已统一"})
    assert "已采用新评分" in client.get(detail).text
    assert "口径不一致" in client.get(reverse("lifecycle:remarking.list", args=[stage.pk])).text


def test_whole_panel_is_given_back_by_the_form(case, desk_client):
    tree, stage, _entries, _expert = case
    with system_scope("test"):
        panel = stage.panels.get()
    client = desk_client(tree.manager)
    client.post(reverse("lifecycle:remarking.open", args=[stage.pk]), {"panel": panel.pk, "reason": "重新评定"})
    with system_scope("test"):
        assert Remarking.objects.get().sheets.count() == 3
