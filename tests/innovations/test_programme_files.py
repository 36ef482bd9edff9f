"""The innovation programmes as their files have them: criteria, sums that must add up, what a worker needs to take part."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from innovations.guards import budget_faults
from portal.core.errors import Refused
from portal.lifecycle.blueprints.fields import missing_items
from portal.lifecycle.engine.perform import perform, preview
from portal.lifecycle.engine.states import EntryState
from tests.factories.answers import required_files
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db

BALANCED = {
    "track": "tackling",
    "total_budget": "160000.00",
    "amount_requested": "60000.00",
    "own_funds": "70000.00",
    "match_funds": "30000.00",
    "other_funds": "0.00",
    "budget": [
        {"item": "equipment", "detail": "检测探头", "amount": "110000.00", "from_grant": "50000.00"},
        {"item": "material", "detail": "管材", "amount": "50000.00", "from_grant": "10000.00"},
    ],
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"total_budget": "160000.01"}, "分科目预算合计 160000.00 元，应等于项目总预算 160000.01 元"),
        ({"other_funds": "1.00"}, "资金来源合计 160001.00 元"),
        ({"budget": [BALANCED["budget"][0]]}, "分科目预算合计 110000.00 元"),
        ({"amount_requested": "70000.00", "own_funds": "60000.00"}, "单位自筹 60000.00 元，不应少于申请补助 70000.00"),
        ({"track": "grassroots"}, "班组“草根”创新申请补助不超过 30000 元"),
        ({"budget": []}, "分科目预算合计 0 元"),
    ],
    ids=["balanced", "a_cent", "sources", "items", "own_funds", "grassroots_cap", "no_items"],
)
def test_budget_of_a_subsidy_project_adds_up(change, words):
    faults = "；".join(budget_faults(BALANCED | change))
    assert (faults == "") if words is None else (words in faults)


@pytest.mark.row(42)
def test_subsidy_rules_are_data_cap_match_items_and_instalments(tianjin, all_rows):
    """Tiers, own funds, kinds of expense and instalments are in the file; the unit meets them when it submits."""
    cycle = make_cycle(tianjin, "innovation-subsidy")
    rules = cycle.rules
    params = rules.stage("selection").params
    assert (params.rule, params.amount_field, params.amount_cap) == ("budget", "amount_requested", 100000)
    assert rules.field("amount_requested").maximum == params.amount_cap
    assert [choice.value for choice in rules.field("budget").column("item").choices][:3] == [
        "equipment",
        "material",
        "test",
    ]
    assert rules.honour.is_grant
    assert rules.honour.cash_allowed
    assert "百分之六十" in rules.stage("conferral").help
    poor = make_entry(cycle, tianjin.filer, answers=BALANCED | {"own_funds": "10000.00", "other_funds": "60000.00"})
    with pytest.raises(Refused) as refused:
        perform(poor, "submit", actor=tianjin.filer, now=timezone.now())
    assert "单位自筹" in str(refused.value)
    fair = make_entry(cycle, tianjin.filer, answers=BALANCED, title="管道在线检测装置研制")
    assert perform(fair, "submit", actor=tianjin.filer, now=timezone.now()).state == EntryState.SUBMITTED


@pytest.mark.row(47)
def test_studio_is_named_by_criteria_visit_plaque_and_a_date_to_confirm_it_again(tianjin, all_rows):
    cycle = make_cycle(tianjin, "innovation-studio")
    rules = cycle.rules
    draft = make_entry(cycle, tianjin.filer)
    lacking = make_entry(cycle, tianjin.filer, answers={"results": [], "promoted": 2}, title="周明远焊接工作室")
    now = timezone.now()
    assert "incomplete" not in {no.code for no in preview(draft, "submit", actor=tianjin.filer, now=now)}
    assert "incomplete" in {no.code for no in preview(lacking, "submit", actor=tianjin.filer, now=now)}
    review = rules.stage("review").params
    assert review.visit.required
    assert {"place", "topics", "training"} <= {item.code for item in review.visit.items}
    assert (review.presentation.minutes, review.presentation.questions_minutes) == (8, 5)
    assert "plaque" in rules.honour.forms
    assert rules.stage("conferral").params.validity_years == 2
    assert {veto.code: veto.bar_years for veto in rules.vetoes}["removed"] == 3
    assert any("摘牌" in spec.text for spec in rules.fields if spec.type == "consent")


@pytest.mark.row(92)
def test_grassroots_entry_needs_a_photo_and_a_few_sentences(tianjin, desk_client, all_rows):
    """手机即可申报: one photograph is all that must be uploaded, no text longer than a few sentences."""
    cycle = make_cycle(tianjin, "team-innovation")
    rules = cycle.rules
    entry = make_entry(cycle, tianjin.filer, answers={"track": "grassroots"})
    assert [spec.code for spec in required_files(rules, {})] == ["photo_after"]
    assert rules.field("photo_after").accept == ("jpg", "jpeg", "png")
    assert max(spec.max_length for spec in rules.fields if spec.type == "long_text" and spec.required) <= 400
    assert rules.field("video").accept == ("mp4",)  # who cannot type speaks instead
    page = desk_client(tianjin.filer).get(
        reverse("lifecycle:entry.section", kwargs={"code": entry.code, "section": "what"})
    )
    assert page.status_code == 200
    assert "改之后的照片" in page.content.decode()
    assert perform(entry, "submit", actor=tianjin.filer, now=timezone.now()).state == EntryState.SUBMITTED


@pytest.mark.row(91)
def test_team_project_goes_from_the_team_to_the_board_without_the_zone(tianjin, all_rows):
    rules = make_cycle(tianjin, "team-innovation").rules
    assert rules.programme.subject == "team"
    route = rules.stage("recommendation").params
    assert route.is_optional("subdistrict")
    assert route.is_optional("district")
    assert {"team", "how", "photo_after", "authors"} <= set(rules.stage("showcase").params.shown_fields)
    assert all(rules.field(code).public for code in rules.stage("showcase").params.shown_fields)


def test_grades_of_suggestions_follow_the_regulation_without_gap(tianjin, all_rows):
    """“以上” includes the number, “不满” excludes it (State Council regulation, art. 6; domain.md 11.1)."""
    labels = [choice.label for choice in make_cycle(tianjin, "suggestions").rules.field("grade").choices]
    assert labels[:5] == [
        "一级（100万元以上）",
        "二级（50万元以上不满100万元）",
        "三级（10万元以上不满50万元）",
        "四级（1万元以上不满10万元）",
        "五级（不满1万元）",
    ]


def test_suggestion_asks_for_the_written_answer_and_the_audit_only_where_there_is_a_sum(tianjin, all_rows):
    rules = make_cycle(tianjin, "suggestions").rules
    missing = {item.field for item in missing_items(rules, {"computable": False}, {})}
    assert "adoption_reply" in missing
    assert "finance_proof" not in missing
    assert "finance_proof" in {item.field for item in missing_items(rules, {"computable": True}, {})}
