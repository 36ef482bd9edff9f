"""Re-marking as a set where experts fill in a checklist: items, vetoes and sections come back as they were."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.core.scoping import scope, system_scope
from portal.lifecycle.review.checklist.models import ItemMark, SelfMark
from portal.lifecycle.review.models import Score
from portal.lifecycle.review.remarking.domain import apply_remarking, cancel_remarking
from portal.lifecycle.review.remarking.models import Remarking
from portal.lifecycle.review.remarking.queries import effect_of
from portal.lifecycle.review.seals import broken_seals
from tests.factories.entries import make_cycle
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel, review_stage
from tests.portal.lifecycle.review.checklist.test_checklist_marking import GOOD, definition, hand_in, review

LESS = GOOD | {"safety.rules": "53"}
WHY = {"safety.rules": "台账缺两个月"}
BARRED = {"bars.none": "查无活动记录"}


@pytest.fixture
def case(tianjin):
    """The first entry is selected, the second is not; both sheets are in."""
    selection = {"places": 1, "reserves": 0, "min_score": None, "cap_per_nominating": None}
    cycle = make_cycle(tianjin, definition(), stage="review", params={"selection": selection})
    expert = make_expert(tianjin)
    panel = make_panel(cycle, [expert])
    sheets = []
    for number, (points, words) in enumerate(((GOOD, {}), (LESS, WHY))):
        entry = make_entry_in_review(cycle, tianjin.filer, title=f"单位{number}")
        with system_scope("test"):
            rows = [SelfMark(entry=entry, item=code, value=Decimal(value)) for code, value in GOOD.items()]
            SelfMark.objects.bulk_create([*rows, SelfMark(entry=entry, item="bars.none", found=False)])
        (sheet,) = assign(panel, entry, expert)
        review(expert, sheet, points=points, words=words)
        hand_in(expert, sheet)
        sheets.append(sheet)
    return review_stage(cycle), expert, sheets


def stored(sheet):
    with system_scope("test"):
        items = ItemMark.objects.filter(assignment=sheet).order_by("item")
        scores = Score.objects.filter(assignment=sheet).order_by("criterion")
        return (
            list(items.values_list("item", "value", "found", "comment")),
            list(scores.values_list("criterion", "value")),
        )


def test_veto_found_anew_is_seen_in_ranks_and_list_and_cancelling_takes_it_back(tianjin, case, desk_client):
    stage, expert, (first, second) = case
    before, client = stored(first), desk_client(tianjin.manager)
    chosen = {"selected": [first.entry_id], "confirmed": "1", "reason": "接到反映，重新核实活动记录"}
    client.post(reverse("lifecycle:remarking.selected"), chosen)
    with system_scope("test"):
        found = Remarking.objects.get()
    review(expert, first, points=LESS, found="yes", words=BARRED | WHY)
    hand_in(expert, first)
    with scope(scope_of(tianjin.manager)):
        lines = {line["entry"]: line for line in effect_of(found)}
        barred, next_one = lines[first.entry_id], lines[second.entry_id]
        assert (barred["old"]["is_selected"], barred["new"]["is_selected"]) == (True, False)
        assert (barred["old"]["rank"], barred["new"]["rank"]) == (1, None)
        assert (next_one["old"]["is_selected"], next_one["new"]["is_selected"]) == (False, True)
        assert not next_one["inside"]
    page = client.get(reverse("lifecycle:remarking.detail", args=[found.pk])).text
    assert "将落选" in page
    assert "将入选" in page
    with scope(scope_of(tianjin.manager)):
        cancel_remarking(actor=tianjin.manager, remarking=found, reason="记录已找到", now=timezone.now())
        assert not broken_seals(stage, [first.entry_id])
    assert stored(first) == before


def test_panel_with_a_checklist_is_marked_again_and_the_new_items_count(tianjin, case, desk_client):
    stage, expert, (first, second) = case
    with system_scope("test"):
        panel = stage.panels.get()
    form = {"panel": panel.pk, "reason": "扣分口径不一致"}
    desk_client(tianjin.manager).post(reverse("lifecycle:remarking.open", args=[stage.pk]), form)
    review(expert, first, points=LESS, words=WHY)
    review(expert, second, points=GOOD)
    for sheet in (first, second):
        hand_in(expert, sheet)
    with system_scope("test"):
        found = Remarking.objects.get()
        assert found.sheets.count() == 2
    with scope(scope_of(tianjin.manager)):
        lines = {line["entry"]: line for line in effect_of(found)}
        assert [lines[s.entry_id]["old"]["total"] for s in (first, second)] == ["93.00", "91.00"]
        assert [lines[s.entry_id]["new"]["total"] for s in (first, second)] == ["91.00", "93.00"]
        apply_remarking(actor=tianjin.manager, remarking=found, reason="口径已统一", now=timezone.now())
        assert not broken_seals(stage, [first.entry_id, second.entry_id])
    assert ("safety.rules", Decimal("53.00"), None, "台账缺两个月") in stored(first)[0]
