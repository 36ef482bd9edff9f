"""The safety programmes as their files have them: the checklist, basic conditions, consents, what may be shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from portal.lifecycle.blueprints.fields import missing_items
from portal.lifecycle.engine.perform import perform, preview
from portal.lifecycle.engine.states import EntryState
from tests.factories.answers import required_files
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db

HARMLESS = {"deaths": 0, "serious": 0, "minor_injuries": 0, "new_diseases": 0, "key_dust": False}


def refusals(entry, actor):
    return {decision.code: decision.message for decision in preview(entry, "submit", actor=actor, now=timezone.now())}


def checklist_of(cycle):
    return cycle.rules.stage("review").params.checklist


@pytest.mark.row(116)
def test_ankang_cup_has_its_whole_checklist_and_four_awards(tianjin, all_rows):
    """Rubric A: 12, 35, 25, 15, 13 points, bonus up to 4, each section 80 %, self-mark from 80, vetoes (domain.md 9)."""
    cycle = make_cycle(tianjin, "ankang-cup")
    checklist = checklist_of(cycle)
    sections = {section.code: section for section in checklist.sections}
    assert [sections[code].points for code in ("leadership", "safety", "health", "grassroots", "participation")] == [
        12,
        35,
        25,
        15,
        13,
    ]
    assert {s.min_share for s in checklist.sections if not s.bonus and s.points} == {Decimal("0.8")}
    assert (checklist.self_mark, checklist.self_minimum, checklist.bonus_cap) == (True, 80, 4)
    assert len(sections["veto"].vetoes) == 5
    assert [track.title for track in cycle.rules.tracks] == ["优胜单位", "优秀组织单位", "优胜班组", "优秀个人"]
    draft = make_entry(cycle, tianjin.filer, answers=HARMLESS)
    assert refusals(draft, tianjin.filer), "nobody submits before marking himself"


def test_ankang_cup_asks_each_award_for_its_own_data(tianjin, all_rows):
    rules = make_cycle(tianjin, "ankang-cup").rules
    own = {
        "unit": set(),
        "organiser": {"enrolled_units", "enrolment_rate"},
        "team": {"team_leader", "zero_days"},
        "person": {"id_number", "safety_role"},
    }
    for track, expected in own.items():
        missing = {item.field for item in missing_items(rules, {"track": track}, {})}
        others = set().union(*(codes for other, codes in own.items() if other != track))
        assert expected <= missing
        assert not (others - expected) & missing


@pytest.mark.row(132)
def test_three_level_network_is_a_list_of_people_and_an_item_with_proof(tianjin, all_rows):
    cycle = make_cycle(tianjin, "ankang-cup")
    network = cycle.rules.field("network")
    assert network.required
    assert network.min_rows == 3
    assert [choice.label for choice in network.column("level").choices] == ["企业", "车间", "班组"]
    item = checklist_of(cycle).item("people_network")
    assert "三级网络" in item.title
    assert item.evidence
    assert item.points >= 4


@pytest.mark.row(134)
def test_publicity_is_an_item_of_the_checklist_with_proof(tianjin, all_rows):
    checklist = checklist_of(make_cycle(tianjin, "ankang-cup"))
    item = checklist.item("people_publicity")
    assert "《职业病防治法》宣传周" in item.title
    assert item.evidence
    assert checklist.section_of("people_publicity").min_share == Decimal("0.8")


def test_key_dust_enterprise_without_its_contract_is_refused(tianjin, all_rows):
    cycle = make_cycle(tianjin, "ankang-cup")
    answers = HARMLESS | {"key_dust": True, "has_contract": False}
    entry = make_entry(cycle, tianjin.filer, answers=answers)
    assert "专项集体合同" in refusals(entry, tianjin.filer)["contract"]
    signed = make_entry(cycle, tianjin.filer, answers=answers | {"has_contract": True}, title="精工厂")
    assert "contract" not in refusals(signed, tianjin.filer)


@pytest.mark.row(117)
@pytest.mark.parametrize(
    ("toml", "harm", "words"),
    [
        ("ankang-cup", {"serious": 1}, "重伤 1 人"),
        ("ankang-cup", {"deaths": 2, "serious": 1}, "死亡 2 人、重伤 1 人"),
        ("safe-team", {"minor_injuries": 1}, "轻伤 1 人"),
        ("safe-team", {"new_diseases": 3}, "新发职业病 3 人"),
    ],
)
def test_year_with_victims_bars_the_entry(toml, harm, words, tianjin, all_rows):
    entry = make_entry(make_cycle(tianjin, toml), tianjin.filer, answers=HARMLESS | harm)
    assert words in refusals(entry, tianjin.filer)["record"]


@pytest.mark.row(135)
@pytest.mark.row(137)
def test_safe_team_hands_in_film_script_consent_and_sealed_proof(tianjin, all_rows):
    cycle = make_cycle(tianjin, "safe-team")
    rules = cycle.rules
    needed = {spec.code for spec in required_files(rules, {})}
    assert {"video", "portrait_consent", "safety_proof"} <= needed
    assert rules.field("video").accept == ("mp4",)
    assert rules.field("video_minutes").maximum == 5
    assert (rules.field("script").required, rules.field("script").max_length) == (True, 1500)
    assert rules.document("safety_proof").seal
    entry = make_entry(cycle, tianjin.filer, answers=HARMLESS)
    assert perform(entry, "submit", actor=tianjin.filer, now=timezone.now()).state == EntryState.SUBMITTED


def test_quiz_teams_are_three_different_people(tianjin, all_rows):
    rules = make_cycle(tianjin, "safety-quiz").rules
    members = rules.field("members")
    assert (members.min_rows, members.max_rows) == (3, 3)
    assert [rule.kind for rule in members.row_rules] == ["unique"]
    assert {choice.label for choice in members.column("role").choices} == {"一线职工", "班组长", "安全员"}
    assert {track.code: track.places for track in rules.tracks} == {"individual": 90, "team": 12}
    assert rules.honour.honour_class == "rank_award"


def test_health_star_needs_the_informed_consent_and_lets_the_vote_decide_nothing(tianjin, all_rows):
    rules = make_cycle(tianjin, "health-star-video").rules
    assert {"informed_consent", "portrait_consent", "video"} <= {spec.code for spec in required_files(rules, {})}
    review = rules.stage("review").params
    assert review.method == "rubric_panel"
    assert review.vote.audience == "public"
    assert review.total_weight == 100
    assert rules.stage("selection").params.rule == "batch"


@pytest.mark.row(140)
def test_only_ideas_that_were_carried_out_are_shown(tianjin, all_rows):
    rules = make_cycle(tianjin, "golden-idea").rules
    missing = {item.field for item in missing_items(rules, {"implemented": True}, {})}
    assert {"photo_after", "check_record", "implemented_on", "acceptance"} <= missing
    assert "not_done" in {veto.code for veto in rules.vetoes}
    shown = rules.stage("showcase").params.shown_fields
    assert {"measures", "effect_text", "photo_after"} <= set(shown)
    assert "hazard_text" not in shown


@pytest.mark.row(141)
def test_golden_ideas_are_marked_without_knowing_whose_they_are(tianjin, all_rows):
    rules = make_cycle(tianjin, "golden-idea").rules
    assert rules.is_blind
    assert all(rules.field(code).blind for code in ("name", "phone", "employer", "union", "check_record"))
    review = rules.stage("review").params
    assert {line.code: line.weight for line in review.rubric}["aim"] == 40
    assert rules.stage("selection").params.min_score == 75
