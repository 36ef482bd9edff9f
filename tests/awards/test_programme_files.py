"""工人先锋号 and the instant award as their files have them: conditions, vote, ratios, the short way."""

from __future__ import annotations

import pytest
from django.utils import timezone

from portal.lifecycle.blueprints.fields import missing_items
from portal.lifecycle.blueprints.ratios import groups_of
from portal.lifecycle.engine.perform import perform, preview
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.selection.ratios import ratio_states
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db


@pytest.mark.row(154)
def test_worker_pioneer_marks_the_five_first_classes_names_and_may_be_withdrawn(tianjin, all_rows):
    rules = make_cycle(tianjin, "worker-pioneer").rules
    review = rules.stage("review").params
    assert {line.title: line.weight for line in review.rubric} == {
        "一流工作": 25,
        "一流服务": 20,
        "一流管理": 20,
        "一流效益": 20,
        "和谐团队": 15,
    }
    assert rules.honour.honour_class == "commendation"
    assert "plaque" in rules.honour.forms
    assert rules.stage("selection").params.rule == "batch"
    pledge = next(spec for spec in rules.fields if spec.code == "dynamic_pledge")
    assert all(word in pledge.text for word in ("责令摘牌", "自动摘牌", "自然摘牌"))


def test_worker_pioneer_bars_three_years_after_accident_harm_and_mass_incident(tianjin, all_rows):
    """domain.md 0.8: this year for wages, union, contract, energy, pollution; three years for the graver ones."""
    years = {veto.code: veto.bar_years for veto in make_cycle(tianjin, "worker-pioneer").rules.vetoes}
    assert {code for code, bar in years.items() if bar == 3} == {"accident", "occupational_harm", "mass_incident"}
    assert {"wages", "no_union", "no_congress", "relations", "energy", "pollution"} <= set(years)


@pytest.mark.row(112)
def test_worker_pioneer_keeps_the_shares_of_teams_and_non_public_units(tianjin, all_rows):
    ratios = {ratio.code: ratio for ratio in make_cycle(tianjin, "worker-pioneer").rules.ratios}
    assert (ratios["teams"].at_least, ratios["nonpublic"].at_least, ratios["key_industry"].at_least) == (80, 35, 35)
    assert {code for code, ratio in ratios.items() if ratio.enforce == "block"} == {"nonpublic", "key_industry"}


def test_shares_of_the_instant_award_are_of_people_or_of_teams_alone(tianjin, all_rows):
    """产业工人 are counted among the medals, 县处级 among the candidates of 机关事业单位; 非公 in medals and teams each."""
    ratios = make_cycle(tianjin, "may-day-instant").rules.ratios
    worker = {"track": "medal", "post_category": "industrial", "is_cadre": False, "sex": "1", "key_industry": True}
    cadre = {"track": "medal", "post_category": "manager", "is_cadre": True, "admin_rank": "county", "sex": "2"}
    team = {"track": "pioneer", "is_nonpublic": True, "key_industry": False}
    states = {s.code: s for s in ratio_states(ratios, [groups_of(ratios, a) for a in (worker, cadre, team)])}
    counted = {code: (state.count, state.whole) for code, state in states.items()}
    assert counted["industrial"] == counted["women"] == counted["key_industry"] == (1, 2)
    assert (counted["nonpublic"], counted["nonpublic_teams"]) == ((0, 2), (1, 1))
    assert (counted["county_cadres"], states["county_cadres"].missing) == ((1, 1), -1)


@pytest.mark.parametrize(
    ("present", "agreed", "words"),
    [(20, 21, "多于参加票决的 20 人"), (20, 10, "没有超过参加票决人数的半数"), (20, 11, None), (1, 1, None)],
)
def test_nomination_needs_the_majority_of_the_workers_votes(present, agreed, words, tianjin, all_rows):
    answers = {"vote_present": present, "vote_agree": agreed}
    entry = make_entry(make_cycle(tianjin, "worker-pioneer"), tianjin.filer, answers=answers)
    refused = {d.code: d.message for d in preview(entry, "submit", actor=tianjin.filer, now=timezone.now())}
    assert ("vote" not in refused) if words is None else (words in refused["vote"])


def test_instant_award_has_no_fixed_places_no_marks_and_five_days_of_notice(tianjin, all_rows):
    rules = make_cycle(tianjin, "may-day-instant").rules
    assert [str(stage.kind) for stage in rules.stages] == [
        "application",
        "recommendation",
        "clearance",
        "selection",
        "notice",
        "conferral",
    ]
    assert rules.stage("selection").params.places is None
    assert rules.stage("notice").params.working_days == 5
    assert rules.programme.cadence == "on_demand"
    assert "{serial}" in rules.stage("conferral").params.document_pattern


def test_instant_award_goes_from_the_unit_past_the_zone_to_the_district(tianjin, all_rows):
    """Short route: the zone union between unit and district is no station (domain.md 0.9)."""
    cycle = make_cycle(tianjin, "may-day-instant", params={"recommendation": {"notice_working_days": {}}})
    entry = make_entry(cycle, tianjin.filer, answers={"track": "medal", "trigger": "contest"}, title="林晓东")
    now = timezone.now()
    perform(entry, "submit", actor=tianjin.filer, now=now)
    perform(
        Entry.objects.get(pk=entry.pk),
        "endorse",
        actor=tianjin.unit_checker,
        now=now,
        opinion="同意推荐。",
        vetoes_checked=True,
    )
    there = Entry.objects.get(pk=entry.pk)
    assert there.state == EntryState.SUBMITTED
    assert there.at_organisation_id == tianjin.district.pk


def test_instant_award_asks_for_its_trigger_and_for_the_relatives_of_the_dead(tianjin, all_rows):
    rules = make_cycle(tianjin, "may-day-instant").rules

    def asked(**answers):
        return {item.field for item in missing_items(rules, answers, {})}

    assert {"trigger", "trigger_proof", "role_text"} <= asked(track="medal")
    assert "contest" in asked(track="medal", trigger="contest")
    assert "task" in asked(track="pioneer", trigger="emergency")
    assert {"relative_name", "relative_phone", "relative_consent"} <= asked(track="medal", posthumous=True)
    assert not {"relative_name", "relative_consent"} & asked(track="medal", posthumous=False)
    assert "team_leader" not in asked(track="medal")
