"""Re-discussion: raised by organiser or chair, keeps the entry in the review until settled; the page of balanced marks."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.engine.perform import perform, preview
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.review.discussion.domain import raise_discussion, settle_discussion
from portal.lifecycle.review.discussion.models import Discussion
from portal.lifecycle.review.models import Assignment
from tests.factories.entries import make_cycle
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel, mark_share, review_stage


@pytest.fixture
def case(tianjin):
    cycle = make_cycle(tianjin, stage="review")
    experts = [make_expert(tianjin) for _ in range(3)]
    panel = make_panel(cycle, experts)
    entry = make_entry_in_review(cycle, tianjin.filer)
    for sheet in assign(panel, entry, *experts):
        mark_share(sheet, 0.8)
    return tianjin, entry, review_stage(cycle), experts


def raised(actor, entry, stage, reason="两位专家相差悬殊"):
    with scope(scope_of(actor)):
        return raise_discussion(actor=actor, entry=entry, stage=stage, reason=reason, now=timezone.now())


def test_entry_stays_in_the_review_until_the_discussion_is_settled(case):
    tree, entry, stage, _experts = case
    found = raised(tree.manager, entry, stage)
    with scope(scope_of(tree.manager)):
        with pytest.raises(Refused, match="正在复议"):
            perform(entry, "complete_review", actor=tree.manager, now=timezone.now())
        settle_discussion(actor=tree.manager, discussion=found, outcome="维持原评分", now=timezone.now())
        assert not preview(entry, "complete_review", actor=tree.manager, now=timezone.now())
        perform(entry, "complete_review", actor=tree.manager, now=timezone.now())
        entry.refresh_from_db()
    assert entry.state == EntryState.REVIEWED
    with system_scope("test"):
        actions = AuditEvent.objects.filter(action__startswith="lifecycle.discussion").values_list("action", flat=True)
        assert set(actions) == {"lifecycle.discussion.raised", "lifecycle.discussion.settled"}


def test_chair_may_raise_and_other_members_may_not(case):
    _tree, entry, stage, experts = case
    with pytest.raises(Refused, match="组长"):
        raised(experts[1], entry, stage)
    assert raised(experts[0], entry, stage).raised_by == experts[0].user


def test_supervisor_reads_and_does_not_raise(case):
    tree, entry, stage, _experts = case
    with pytest.raises(Refused):
        raised(tree.supervisor, entry, stage)


def test_reason_and_outcome_are_needed(case):
    tree, entry, stage, _experts = case
    with pytest.raises(Invalid):
        raised(tree.manager, entry, stage, "  ")
    found = raised(tree.manager, entry, stage)
    with scope(scope_of(tree.manager)), pytest.raises(Invalid):
        settle_discussion(actor=tree.manager, discussion=found, outcome="", now=timezone.now())


def test_settling_twice_is_a_conflict(case):
    tree, entry, stage, _experts = case
    found = raised(tree.manager, entry, stage)
    with scope(scope_of(tree.manager)):
        settle_discussion(actor=tree.manager, discussion=found, outcome="维持", now=timezone.now())
        with pytest.raises(Conflict, match="已经办结"):
            settle_discussion(actor=tree.manager, discussion=found, outcome="改判", now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_two_who_raise_at_once_leave_one_open_discussion(case):
    tree, entry, stage, experts = case
    outcomes = []

    def run(actor):
        try:
            raised(actor, entry, stage)
            outcomes.append("raised")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(actor,)) for actor in (tree.manager, experts[0])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with system_scope("test"):
        assert Discussion.objects.count() == 1
    assert sorted(outcomes) == ["conflict", "raised"]


def test_pages_lead_from_the_marks_to_the_outcome(case, desk_client):
    tree, entry, stage, _experts = case
    client = desk_client(tree.manager)
    url = reverse("lifecycle:review.entry", args=[entry.pk])
    assert "提出复议" in client.get(url).text
    client.post(reverse("lifecycle:discussion.raise", args=[entry.pk]), {"reason": "核心数据存疑"})
    with system_scope("test"):
        found = Discussion.objects.get()
    page = client.get(url).text
    assert "核心数据存疑" in page
    assert "办结复议" in page
    assert "复议中" in client.get(reverse("lifecycle:review.balance", args=[stage.pk])).text
    client.post(reverse("lifecycle:discussion.settle", args=[found.pk]), {"outcome": "维持原评分"})
    assert "维持原评分" in client.get(url).text


@pytest.fixture
def uneven(tianjin):
    cycle = make_cycle(tianjin, stage="review")
    experts = [make_expert(tianjin, name) for name in ("严专家", "宽专家", "平专家")]
    panel = make_panel(cycle, experts)
    for base in (0.5, 0.6, 0.7):
        entry = make_entry_in_review(cycle, tianjin.filer)
        for sheet, plus in zip(assign(panel, entry, *experts), (0, 0.25, 0.15), strict=True):
            mark_share(sheet, base + plus)
    return review_stage(cycle)


def test_balance_page_shows_both_figures_and_who_is_severe(uneven, tianjin, desk_client):
    page = desk_client(tianjin.supervisor).get(reverse("lifecycle:review.balance", args=[uneven.pk])).text
    assert page.index("严专家") < page.index("平专家") < page.index("宽专家")
    assert "偏严" in page
    assert "偏宽" in page
    assert "名次仍按综合得分" in page


def test_chair_reaches_the_form_from_a_submitted_sheet_and_members_do_not(case, desk_client):
    _tree, _entry, _stage, experts = case
    with system_scope("test"):
        sheets = {a.expert_id: a.pk for a in Assignment.objects.all()}
    chair, member = experts[0], experts[1]
    sheet = sheets[chair.user.pk]
    assert "组长提请复议" in desk_client(chair).get(reverse("lifecycle:review.sheet", args=[sheet])).text
    other = reverse("lifecycle:review.sheet", args=[sheets[member.user.pk]])
    assert "组长提请复议" not in desk_client(member).get(other).text
    desk_client(chair).post(reverse("lifecycle:discussion.chair", args=[sheet]), {"reason": "核心数据存疑"})
    with system_scope("test"):
        assert Discussion.objects.get().raised_by_id == chair.user.pk
