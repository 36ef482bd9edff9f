"""Sealed marks: the hash enters the evidence chain with the submission, a late change is a new version with a reason."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict
from portal.core.scoping import scope, system_scope
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.domain.marking import reopen_sheet, save_marks, submit_sheet
from portal.lifecycle.review.models import Score
from portal.lifecycle.review.seal_models import SheetSeal
from portal.lifecycle.review.seals import broken_seals, seal_hash
from tests.factories.entries import make_cycle
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel

FULL = {"innovation": "28", "advancement": "13", "practicality": "17", "benefit": "18", "promotion": "13"}


@pytest.fixture
def case(tianjin):
    cycle = make_cycle(tianjin, stage="review")
    expert = make_expert(tianjin)
    panel = make_panel(cycle, [expert])
    entry = make_entry_in_review(cycle, tianjin.filer)
    (sheet,) = assign(panel, entry, expert)
    return tianjin, expert, entry, sheet


def hand_in(expert, sheet, typed):
    with scope(scope_of(expert)):
        save_marks(actor=expert, assignment=sheet, typed=typed, abstained={}, now=timezone.now())
        submit_sheet(actor=expert, assignment=sheet, now=timezone.now())


def test_submitting_seals_the_marks_and_the_hash_enters_the_log(case):
    _tree, expert, _entry, sheet = case
    hand_in(expert, sheet, FULL)
    with system_scope("test"):
        seal = SheetSeal.objects.get(assignment=sheet)
        event = AuditEvent.objects.filter(action="lifecycle.assignment.submitted", object_id=sheet.pk).get()
    assert (event.data["seal"], event.data["version"]) == (seal.sha256, 1)
    marks = json.loads(seal.marks)
    assert marks == sorted([code, value] for code, value in FULL.items())
    assert seal_hash(sheet=sheet.pk, version=1, marks=marks, salt=seal.salt) == seal.sha256


def test_salt_and_marks_are_not_readable_in_the_database(case):
    _tree, expert, _entry, sheet = case
    hand_in(expert, sheet, FULL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT salt, marks FROM lifecycle_sheetseal")
        assert all(value.startswith("enc1:") for value in cursor.fetchone())


def test_two_sheets_with_the_same_marks_have_different_seals(case):
    tree, expert, entry, sheet = case
    other = make_expert(tree)
    (second,) = assign(sheet.panel, entry, other)
    hand_in(expert, sheet, FULL)
    hand_in(other, second, FULL)
    with system_scope("test"):
        assert len(set(SheetSeal.objects.values_list("sha256", flat=True))) == 2


def test_late_change_is_a_new_version_with_a_reason(case):
    tree, expert, _entry, sheet = case
    hand_in(expert, sheet, FULL)
    with scope(scope_of(tree.manager)):
        reopen_sheet(actor=tree.manager, assignment=sheet, reason="创新性一项误填", now=timezone.now())
    hand_in(expert, sheet, {"innovation": "20"})
    with system_scope("test"):
        first, second = SheetSeal.objects.filter(assignment=sheet).order_by("version")
    assert (first.version, second.version) == (1, 2)
    assert first.reopened_reason == "创新性一项误填"
    assert second.reopened_reason == ""
    assert ["innovation", "28"] in json.loads(first.marks)
    assert ["innovation", "20"] in json.loads(second.marks)


def test_marks_changed_behind_the_seal_are_found(case):
    _tree, expert, entry, sheet = case
    hand_in(expert, sheet, FULL)
    with system_scope("test"):
        stage = CycleStage.objects.get(cycle=entry.cycle, kind="review")
        assert broken_seals(stage, [entry.pk]) == []
        Score.objects.filter(assignment=sheet, criterion="innovation").update(value="27.5")
        assert broken_seals(stage, [entry.pk]) == [entry.code]


def test_round_is_not_produced_from_marks_that_were_changed_behind_the_seal(tianjin):
    from portal.lifecycle.review.seals import seal_sheet  # noqa: PLC0415 -- beside the case it is for
    from tests.factories.rounds import Case  # noqa: PLC0415

    case = Case(tianjin)
    with system_scope("test"):
        for sheet in case.panel.assignments.all():
            marks = {s.criterion: (s.value, s.abstained) for s in sheet.scores.all()}
            seal_sheet(sheet, marks, now=timezone.now())
        Score.objects.filter(assignment=sheet, criterion="innovation").update(value="1")
    with pytest.raises(Conflict, match="封存值不一致"):
        case.produce()
