"""Rounds under binding shares, the panel that tries other rules on a copy, and the meter that follows the ticks."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.loader import definition_from_toml, programme_files
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.selection import domain, plain, queries
from portal.lifecycle.selection.domain import rounds
from portal.lifecycle.selection.models import Outcome, RoundStatus, Selection
from portal.lifecycle.selection.shadow import plain_selection
from tests.factories.entries import make_cycle, make_entry
from tests.factories.rounds import Case
from tests.factories.shapes import shape

pytestmark = pytest.mark.integration

FIELD = "has_economic_benefit"
DEFINITION = "成果已投入使用，取得可以计算的经济效益；以申报表为准。"


def programme(**limits):
    """The twenty best works, with one share over a question of yes and no."""
    path = next(path for path in programme_files() if path.stem == "five-small-top20")
    definition = definition_from_toml(path.read_text(encoding="utf-8"))
    ratio = {
        "code": "benefit",
        "title": "有经济效益",
        "when": {"field": FIELD, "is_true": True},
        "definition": DEFINITION,
    }
    return definition | {"ratios": [ratio | {"enforce": "block", "applies": "selection"} | limits]}


@pytest.fixture
def case(tianjin):
    """Four entries, two places; only the last two count for the group of which at least one is wanted."""
    made = Case(tianjin, toml=programme(at_least=50))
    with system_scope("fixture"):
        for number, entry in enumerate(made.entries):
            answers = entry.answers | {FIELD: number >= 2}
            Entry.objects.filter(pk=entry.pk).update(answers=answers)
    return made


@pytest.fixture
def manager(desk_client, tianjin):
    return desk_client(tianjin.manager)


def url(name, *args):
    return reverse(f"lifecycle:{name}", args=args)


def batch(tree, number):
    """A round that people decide line by line, and its entries."""
    with system_scope("fixture"):
        cycle = make_cycle(tree, shape("batch_without_review"), stage="selection")
        entries = [make_entry(cycle, tree.filer, EntryState.RECOMMENDED) for _ in range(number)]
        stage = CycleStage.objects.get(cycle=cycle, kind="selection")
        return rounds.produce_round(actor=tree.manager, stage_id=stage.pk, now=timezone.now()), entries


def text(response):
    return response.content.decode()


def everything():
    """A fingerprint of every table but the audit's and the sessions'."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if model._meta.app_label not in {"audit", "sessions"} and model._meta.managed:
                cursor.execute(f"select count(*), md5(string_agg(t::text, '|' order by t::text)) from \"{table}\" t")
                found[table] = cursor.fetchone()
    return found


@pytest.mark.row(12)
def test_round_under_a_binding_share_says_who_came_for_whom_and_passes_both_programs(case):
    round_ = case.produce()
    assert (round_.status, round_.differences) == (RoundStatus.DRAFT, [])
    assert case.outcomes(round_) == [Outcome.SELECTED, Outcome.RESERVE, Outcome.SELECTED, Outcome.NOT_SELECTED]
    with system_scope("test"):
        rows = {row.entry_id: row for row in Selection.objects.filter(round=round_)}
    second, third = (rows[case.entries[n].pk] for n in (1, 2))
    assert third.reason == f"因“有经济效益不低于50%”，替代第2名（{case.entries[1].code}）入选（第3名）"
    assert second.reason == f"第2名，因“有经济效益不低于50%”由第3名（{case.entries[2].code}）替代，转入递补第1位"
    assert third.details["quota"] == {"codes": ["least:benefit"], "other": case.entries[1].code}
    share = {"code": "benefit", "title": "有经济效益", "at_least": "50", "at_most": None, "base": "", "base_title": ""}
    assert round_.snapshot["rule"]["quota"]["shares"] == [share]
    done = case.act(domain.approve_round, round_=round_, note="主席办公会通过")
    assert done.status == RoundStatus.APPROVED
    assert case.states() == ["selected", "reserve", "selected", "not_selected"]


def test_promotion_keeps_the_share(case):
    case.act(domain.approve_round, round_=case.produce(), note="主席办公会通过")
    gone = case.entries[2]
    assert case.act(domain.promote_reserve, freed=gone, reason="取消资格") is None  # the reserve would break it
    with system_scope("test"):
        event = AuditEvent.objects.filter(action="lifecycle.round.place_refilled").latest("pk")
    assert event.data["skipped"] == [[case.entries[1].code, "受“有经济效益不低于50%”限制，本次不递补"]]


def test_other_list_of_the_plain_program_blocks_the_round(case, monkeypatch):
    def other(snapshot, rows, mine):
        theirs, unproved = plain_selection(snapshot, rows, mine)
        return theirs ^ {case.entries[0].code}, unproved

    monkeypatch.setattr(rounds, "plain_selection", other)
    round_ = case.produce()
    assert round_.status == RoundStatus.BLOCKED
    assert [d["field"] for d in round_.differences] == ["outcome"]


def test_plain_program_that_gives_up_asks_people_and_blocks_nothing(case, monkeypatch, desk_client, tianjin):
    def gives_up(*_args):
        raise plain.TooHard

    monkeypatch.setattr(plain._Search, "complete", gives_up)
    round_ = case.produce()
    assert round_.status == RoundStatus.DRAFT
    assert round_.unproved == [case.entries[1].code]  # the one left out by the share
    assert "第二套算法未能全部核对" in text(desk_client(tianjin.manager).get(url("round.detail", round_.pk)))
    with pytest.raises(Invalid) as error:
        case.act(domain.approve_round, round_=round_, note="主席办公会通过")
    assert set(error.value.fields) == {"checked_by_hand"}
    response = desk_client(tianjin.manager).post(url("round.approve", round_.pk), {"note": "主席办公会通过"})
    assert "请先人工核对" in response.content.decode()
    done = case.act(domain.approve_round, round_=round_, note="主席办公会通过", checked_by_hand=True)
    assert done.status == RoundStatus.APPROVED
    with system_scope("test"):
        event = AuditEvent.objects.filter(action="lifecycle.round.approved").latest("pk")
    assert event.data["checked_by_hand"] == [case.entries[1].code]


def test_no_list_is_a_round_that_cannot_be_approved_and_says_why(tianjin, desk_client):
    case = Case(tianjin, toml=programme(at_least=100))
    with system_scope("fixture"):
        for entry in case.entries:
            Entry.objects.filter(pk=entry.pk).update(answers=entry.answers | {FIELD: False})
    round_ = case.produce()
    assert [q["kind"] for q in round_.needs_decision] == ["infeasible"]
    with pytest.raises(Conflict, match="没有一个名单能同时满足"):
        case.act(domain.approve_round, round_=round_, note="通过")
    page = text(desk_client(tianjin.manager).get(url("round.detail", round_.pk)))
    assert "没有同时满足各项要求的名单" in page
    assert "有经济效益不低于100%" in page
    assert url("round.tie", round_.pk, 0) not in page


def test_decision_table_shows_the_meter_with_its_definition_and_the_swaps(case, manager):
    page = text(manager.get(url("round.detail", case.produce().pk)))
    for words in ("有经济效益", "2件中1件，至少1件，正好达标", DEFINITION, "有 1 件按比例入选", "试算"):
        assert words in page, words


def test_nearest_misses_are_the_best_of_those_left_out_who_could_have_been_in(case):
    round_ = case.produce()
    with system_scope("test"):
        missed = queries.nearest_misses(round_)
        assert [row.entry.code for row in missed] == [case.entries[1].code, case.entries[3].code]
        assert [row.entry.code for row in queries.nearest_misses(round_, 1)] == [case.entries[1].code]
        for row in missed:
            assert row.reason
            assert row.outcome != Outcome.SELECTED
        barred = missed[1]
        barred.details = barred.details | {"cause": "below_minimum"}
        barred.save(update_fields=["details"])
        assert [row.pk for row in queries.nearest_misses(round_)] == [missed[0].pk]  # it could not have been in


def test_what_if_shows_who_comes_and_goes_and_writes_nothing_but_the_log(case, manager):
    round_ = case.produce()
    shown = manager.get(url("round.what_if", round_.pk))
    assert "离入选最近" in text(shown)
    before = everything()
    with system_scope("test"):
        events = AuditEvent.objects.count()
    page = text(manager.post(url("round.what_if", round_.pk), {"places": "3", "least_benefit": "30"}))
    assert "名额由2改为3；有经济效益由“不低于50%”改为“不低于30%”" in page
    assert "新进 1 件，退出 0 件" in page
    assert case.entries[1].title in page
    page = text(manager.post(url("round.what_if", round_.pk), {"preset": "benefit"}))
    assert "有经济效益由“不低于50%”改为“不作要求”" in page
    assert "新进 1 件，退出 1 件" in page
    assert everything() == before
    with system_scope("test"):
        assert AuditEvent.objects.count() == events + 2
        event = AuditEvent.objects.filter(action="lifecycle.round.simulated").earliest("pk")
    assert event.data["coming"] == [case.entries[1].code]
    assert event.data["going"] == []


def test_what_if_without_a_list_names_the_contradiction(case, manager):
    round_ = case.produce()
    page = text(
        manager.post(url("round.what_if", round_.pk), {"places": "3", "least_benefit": "40", "most_benefit": "40"})
    )
    assert "没有这样的名单" in page
    assert "“有经济效益不低于40%”、“有经济效益不高于40%”互相矛盾或无法满足" in page


def test_what_if_refuses_no_change_and_limits_that_cross(case, manager):
    round_ = case.produce()
    same = manager.post(url("round.what_if", round_.pk), {"places": "2", "least_benefit": "50"})
    assert same.status_code == 422
    assert "没有改动任何规则" in text(same)
    crossed = {"places": "2", "least_benefit": "50", "most_benefit": "40"}
    assert manager.post(url("round.what_if", round_.pk), crossed).status_code == 422


@pytest.mark.parametrize("preset", ["more", "one_more", "fewer", "cap_per_nominating"])
def test_ready_questions_fill_in_the_form(case, manager, preset):
    with system_scope("fixture"):
        stage = CycleStage.objects.get(pk=case.stage.pk)
        stage.params |= {"cap_per_nominating": 1}
        stage.save()
    page = manager.post(url("round.what_if", case.produce().pk), {"preset": preset})
    assert page.status_code == 200
    assert "试算结果" in text(page)


def test_what_if_is_for_rounds_by_places_only(tianjin, manager):
    round_, _entries = batch(tianjin, 1)
    assert manager.get(url("round.what_if", round_.pk)).status_code == 404
    with pytest.raises(Conflict), system_scope("test"):
        domain.simulate_round(actor=tianjin.manager, round_=round_, rule=None, now=round_.created_at)


def test_meter_of_a_batch_follows_the_ticks_and_reads_only(tianjin, manager):
    round_, entries = batch(tianjin, 3)
    page = text(manager.get(url("round.detail", round_.pk)))
    assert f'hx-post="{url("round.meter", round_.pk)}"' in page
    with system_scope("test"):
        rows = list(Selection.objects.filter(round=round_, entry__in=entries[:2]).values_list("pk", flat=True))
    before = everything()
    meter = text(manager.post(url("round.meter", round_.pk), {"selected": rows}, headers={"HX-Request": "true"}))
    assert "若将勾选的 2 件一并列为入选" in meter
    assert re.search(r"入选名额</span><span class=\"meter-figures\">2", meter)
    assert everything() == before
