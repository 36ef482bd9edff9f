"""Visits, presentations and votes in a browser: readable on a phone, without serious accessibility problems."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.core.dates import local_date
from portal.core.scoping import scope, system_scope
from portal.lifecycle.review.presentation.domain import draw
from portal.lifecycle.review.visits.domain import plan_visits
from portal.lifecycle.review.vote.domain import open_vote
from tests.factories.entries import make_cycle
from tests.factories.review import make_entry_in_review, review_stage
from tests.factories.shapes import shape

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def case(tianjin):
    stage = review_stage(make_cycle(tianjin, shape("checklist"), stage="review"))
    entries = [make_entry_in_review(stage.cycle, tianjin.filer, title=f"安康示范班组{n}") for n in range(3)]
    facts = {"actor": tianjin.manager, "now": timezone.now()}
    with scope(scope_of(tianjin.manager)):
        people = {"visitors": [tianjin.manager.user], "others": ["王工"], "agenda": "听取汇报、现场察看、座谈"}
        (visit,) = plan_visits(entries=entries[:1], planned_on=local_date(facts["now"]), **people, **facts)
        draw(stage=stage, **facts)
        window = open_vote(stage=stage, **facts)
    return stage, visit, window


@pytest.mark.parametrize("width", [1440, 390])
def test_steps_of_the_review_are_readable_at_every_width(
    tianjin, case, desk_client, open_page, accessibility, tmp_path, width
):
    stage, visit, window = case
    page = open_page(client=desk_client(tianjin.manager), width=width)
    for name, pk in (
        ("visit.list", stage.pk),
        ("visit.record", visit.pk),
        ("presentation.order", stage.pk),
        ("vote.overview", stage.pk),
    ):
        page.goto(reverse(f"lifecycle:{name}", args=[pk]))
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
        assert not accessibility(page), name
    visitor = open_page(width=width)
    visitor.goto(reverse("lifecycle:vote.public", kwargs={"token": window.token}))
    visitor.get_by_text("安康示范班组1").click()
    visitor.screenshot(path=tmp_path / f"ballot-{width}.png", full_page=True)
    assert not accessibility(visitor)
    visitor.get_by_role("button", name="提交选票").click()
    visitor.get_by_text("您已投票").wait_for()
    with system_scope("test"):
        assert window.ballots.count() == 1
