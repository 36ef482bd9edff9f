"""The order of presentations: by lot, recorded, repeatable, redrawn only with a reason."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.review.presentation.domain import draw
from portal.lifecycle.review.presentation.lots import draw_order
from portal.lifecycle.review.presentation.models import PresentationSlot
from tests.factories.entries import make_cycle
from tests.factories.programmes import small_definition
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel, review_stage


@pytest.fixture
def stage(tianjin):
    stages = {"review": {"presentation": {"minutes": 8}, "blind": True}}
    cycle = make_cycle(tianjin, small_definition(programme={"code": "show-test"}, stages=stages), stage="review")
    for number in range(5):
        make_entry_in_review(cycle, tianjin.filer, title=f"成果{number}")
    return review_stage(cycle)


def lots(tianjin, stage, reason="", actor=None):
    actor = actor or tianjin.manager
    with scope(scope_of(actor)):
        return draw(actor=actor, stage=stage, now=timezone.now(), reason=reason)


@given(st.sets(st.text(min_size=1, max_size=8)), st.text(max_size=64), st.randoms())
def test_order_depends_on_seed_and_entries_only(codes, seed, random):
    shuffled = sorted(codes)
    random.shuffle(shuffled)
    assert draw_order(seed, shuffled) == draw_order(seed, codes)
    assert sorted(draw_order(seed, codes)) == sorted(codes)


def test_draw_is_recorded_and_can_be_repeated_from_its_seed(tianjin, stage):
    made = lots(tianjin, stage)
    with system_scope("test"):
        order = list(PresentationSlot.objects.filter(draw=made).values_list("entry__code", flat=True))
        event = AuditEvent.objects.get(action="lifecycle.presentation.drawn")
    assert order == draw_order(made.seed, order[::-1])
    assert event.data["seed"] == made.seed
    assert event.data["order"] == order


def test_second_draw_needs_a_reason_and_a_new_seed(tianjin, stage):
    first = lots(tianjin, stage)
    with pytest.raises(Invalid, match="须写明原因"):
        lots(tianjin, stage)
    second = lots(tianjin, stage, reason="一件退出")
    assert second.number == 2
    assert second.seed != first.seed


def test_only_the_owner_s_manager_draws(tianjin, hebei, stage):
    for actor in (tianjin.checker, hebei.manager):
        with pytest.raises((Refused, stage.DoesNotExist)):
            lots(tianjin, stage, actor=actor)


def test_order_is_shown_printed_and_stands_on_the_expert_s_desk_without_names(tianjin, stage, desk_client):
    client = desk_client(tianjin.manager)
    order = reverse("lifecycle:presentation.order", args=[stage.pk])
    assert "还没有抽签" in client.get(order).content.decode()
    page = client.post(reverse("lifecycle:presentation.draw", args=[stage.pk]), {"reason": ""}, follow=True)
    assert "抽签完成" in page.content.decode()
    paper = client.get(reverse("lifecycle:presentation.print", args=[stage.pk])).content.decode()
    assert all(f"成果{number}" in paper for number in range(5))
    expert = make_expert(tianjin, "甲")
    with system_scope("test"):
        slot = PresentationSlot.objects.order_by("-place").first()
        assign(make_panel(stage.cycle, [expert]), slot.entry, expert)
    desk = desk_client(expert).get(reverse("lifecycle:review.desk")).content.decode()
    assert "展示次序" in desk
    assert slot.entry.title not in desk
