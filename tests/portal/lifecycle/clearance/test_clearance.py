"""Checks and departments' opinions: asked for by the rules, recorded, all must agree before the review."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.clearance import queries
from portal.lifecycle.clearance.domain import Answer, disqualify_entry, record_opinions, request_clearances
from portal.lifecycle.clearance.models import Clearance, Opinion
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.domain import advance_cycle, open_stage
from portal.lifecycle.programmes.models import CycleStage, StageStatus
from portal.lifecycle.programmes.stage_rules import closing_obstacles
from portal.lifecycle.recommendation.domain import endorse_entry
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db


def recommended(tree, cycle, **fields):
    entry = make_entry(cycle, tree.filer, EntryState.RECOMMENDED, files=False, **fields)
    request_clearances(entry=entry)
    return entry


def agree(entry, actor, **others):
    answers = {row.key: Answer(Opinion.AGREED) for row in queries.clearances_of(entry)} | others
    return record_opinions(entry=entry, answers=answers, actor=actor, now=timezone.now())


def test_rules_ask_for_checks_and_for_opinions_that_apply(tianjin, all_rows):
    cycle = make_cycle(tianjin, "innovation-star", stage="clearance")
    worker = recommended(tianjin, cycle, answers={"post_category": "industrial", "is_cadre": False})
    leader = recommended(tianjin, cycle, answers={"post_category": "leader", "is_cadre": False})
    checks = len(cycle.rules.stage("clearance").params.checks)
    assert worker.clearances.count() == checks
    assert leader.clearances.count() == checks + 5
    assert request_clearances(entry=leader) == 0  # safe to repeat


def test_endorsement_at_the_last_level_asks_at_once(tianjin, all_rows):
    cycle = make_cycle(tianjin, "five-small-top20", params={"recommendation": {"notice_working_days": {}}})
    entry = make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, at_level="municipal", files=False)
    endorse_entry(entry=entry, actor=tianjin.checker, now=timezone.now(), vetoes_checked=True)
    assert entry.clearances.count() == len(cycle.rules.stage("clearance").params.checks)


def test_review_begins_only_when_everything_agrees(tianjin, all_rows):
    cycle = make_cycle(tianjin, "nonpublic-top10", stage="clearance")
    entry = recommended(tianjin, cycle)
    cycle.stages.filter(kind="review").update(status=StageStatus.OPEN)
    keys = list(entry.clearances.values_list("key", flat=True))
    with pytest.raises(Refused, match=f"还有{len(keys)}项"):
        perform(entry, "begin_review", actor=tianjin.manager, now=timezone.now())
    agree(entry, tianjin.checker, **{keys[-1]: Answer(Opinion.REFUSED, "税务部门反映有欠税")})
    with pytest.raises(Refused, match="还有1项"):
        perform(entry, "begin_review", actor=tianjin.manager, now=timezone.now())
    agree(entry, tianjin.manager)
    entry.refresh_from_db()
    assert entry.state == EntryState.IN_REVIEW  # a manager's last word lets it in at once


def test_what_a_checker_completes_enters_at_the_next_look_of_the_calendar(tianjin, all_rows):
    cycle = make_cycle(tianjin, "nonpublic-top10", stage="clearance")
    entry = recommended(tianjin, cycle)
    open_stage(stage=cycle.stages.get(kind="review"), actor=tianjin.manager, now=timezone.now())
    agree(entry, tianjin.checker)
    entry.refresh_from_db()
    assert entry.state == EntryState.RECOMMENDED
    advance_cycle(cycle=cycle, actor=tianjin.manager, now=timezone.now())
    entry.refresh_from_db()
    assert entry.state == EntryState.IN_REVIEW


def test_opening_the_review_takes_the_cleared_and_names_the_others(tianjin, all_rows):
    cycle = make_cycle(tianjin, "nonpublic-top10", stage="clearance")
    cleared, waiting = recommended(tianjin, cycle), recommended(tianjin, cycle)
    agree(cleared, tianjin.checker)
    open_stage(stage=cycle.stages.get(kind="review"), actor=tianjin.manager, now=timezone.now())
    assert Entry.objects.get(pk=cleared.pk).state == EntryState.IN_REVIEW
    assert Entry.objects.get(pk=waiting.pk).state == EntryState.RECOMMENDED
    event = AuditEvent.objects.get(action="lifecycle.stage.reviews_begun")
    assert event.data["begun"] == 1
    assert event.data["refused"][0]["entry"] == waiting.code


def test_stage_cannot_close_while_opinions_are_missing(tianjin, all_rows):
    cycle = make_cycle(tianjin, "nonpublic-top10", stage="clearance")
    entry = recommended(tianjin, cycle)
    stage = CycleStage.objects.get(cycle=cycle, kind="clearance")
    assert any("没有登记" in reason for reason in closing_obstacles(stage))
    agree(entry, tianjin.checker)
    assert closing_obstacles(stage) == []


def test_refusing_needs_a_note_and_unknown_keys_conflict(tianjin, all_rows):
    entry = recommended(tianjin, make_cycle(tianjin, "nonpublic-top10", stage="clearance"))
    key = entry.clearances.first().key
    with pytest.raises(Invalid) as caught:
        record_opinions(entry=entry, answers={key: Answer(Opinion.REFUSED)}, actor=tianjin.checker, now=timezone.now())
    assert f"note_{key}" in caught.value.fields
    with pytest.raises(Conflict):
        record_opinions(
            entry=entry, answers={"check:none": Answer(Opinion.AGREED)}, actor=tianjin.checker, now=timezone.now()
        )
    assert not entry.clearances.exclude(opinion=Opinion.PENDING).exists()


@pytest.mark.parametrize("who", ["filer", "district_checker", "district_manager", "expert", "supervisor", "auditor"])
def test_only_the_organiser_records(tianjin, all_rows, who):
    entry = recommended(tianjin, make_cycle(tianjin, "nonpublic-top10", stage="clearance"))
    with pytest.raises(Refused):
        agree(entry, tianjin.actors[who])


def test_nobody_below_the_organiser_sees_opinions(tianjin, hebei, in_scope):
    with system_scope("test"):
        recommended(tianjin, make_cycle(tianjin, "nonpublic-top10", stage="clearance"))
    for actor in (tianjin.filer, tianjin.district_manager, hebei.manager):
        with in_scope(actor):
            assert not Clearance.objects.exists()
    with in_scope(tianjin.auditor):
        assert Clearance.objects.exists()


def test_disqualified_entry_leaves_with_its_reason(tianjin, all_rows):
    entry = recommended(tianjin, make_cycle(tianjin, "nonpublic-top10", stage="clearance"))
    entry = disqualify_entry(entry=entry, actor=tianjin.manager, now=timezone.now(), reason="发生安全生产事故")
    assert (entry.state, entry.at_organisation, entry.at_level) == (EntryState.DISQUALIFIED, None, "")
    event = AuditEvent.objects.get(action="lifecycle.entry.disqualified")
    assert event.data["reason"] == "发生安全生产事故"


@pytest.mark.parametrize("n", [1, 3])
def test_list_has_a_constant_number_of_queries(tianjin, desk_client, django_assert_max_num_queries, n):
    with system_scope("test"):
        cycle = make_cycle(tianjin, "nonpublic-top10", stage="clearance")
        for _ in range(n):
            recommended(tianjin, cycle)
    client, url = desk_client(tianjin.checker), reverse("lifecycle:clearance.list")
    client.get(url)
    with django_assert_max_num_queries(9):
        assert client.get(url, {"pending": "on"}).content.decode().count("row-link") == n


def test_pages_record_opinions_and_keep_what_was_typed(tianjin, desk_client):
    with system_scope("test"):
        entry = recommended(tianjin, make_cycle(tianjin, "nonpublic-top10", stage="clearance"))
        rows = list(entry.clearances.all())
    url = reverse("lifecycle:clearance.record", kwargs={"code": entry.code})
    client = desk_client(tianjin.checker)
    data = {f"opinion_{row.pk}": "agreed" for row in rows} | {f"note_{row.pk}": "" for row in rows}
    bad = client.post(url, data | {f"opinion_{rows[0].pk}": "refused"})
    assert bad.status_code == 422
    assert "请写明原因或保留意见的内容" in bad.content.decode()
    good = client.post(url, data, follow=True)
    assert "已全部同意" in good.content.decode()
    read_only = desk_client(tianjin.auditor).get(url)
    assert read_only.status_code == 200
    assert "保存意见" not in read_only.content.decode()
    assert desk_client(tianjin.auditor).post(url, data).status_code in {403, 422}
    assert desk_client(tianjin.district_checker).get(url).status_code == 403
    assert desk_client(tianjin.group_checker).get(url).status_code == 404


def test_disqualify_page_is_the_managers(tianjin, desk_client):
    with system_scope("test"):
        entry = recommended(tianjin, make_cycle(tianjin, "nonpublic-top10", stage="clearance"))
    url = reverse("lifecycle:clearance.disqualify", kwargs={"code": entry.code})
    assert desk_client(tianjin.checker).get(url).status_code == 403
    assert desk_client(tianjin.manager).post(url, {"reason": ""}).status_code == 422
    done = desk_client(tianjin.manager).post(
        url, {"reason": "弄虚作假", "expected_version": entry.version}, follow=True
    )
    assert "已取消资格" in done.content.decode()


def test_everything_can_be_recorded_as_agreed_with_one_button(tianjin, desk_client):
    with system_scope("test"):
        entry = recommended(tianjin, make_cycle(tianjin, "nonpublic-top10", stage="clearance"))
        data = {f"opinion_{row.pk}": "pending" for row in entry.clearances.all()}
    url = reverse("lifecycle:clearance.record", kwargs={"code": entry.code})
    desk_client(tianjin.checker).post(url, data | {"all_agreed": "1"})
    with system_scope("test"):
        assert set(entry.clearances.values_list("opinion", flat=True)) == {Opinion.AGREED}


@pytest.mark.parametrize(
    ("state", "offered"),
    [(EntryState.SUBMITTED, False), (EntryState.RECOMMENDED, True), (EntryState.IN_REVIEW, True)],
)
def test_disqualifying_is_offered_from_the_recommendation_on(tianjin, desk_client, state, offered):
    with system_scope("test"):
        entry = make_entry(make_cycle(tianjin, "five-small-top20"), tianjin.filer, state, files=False)
    page = desk_client(tianjin.manager).get(entry.get_absolute_url()).content.decode()
    assert entry.title in page
    assert (reverse("lifecycle:clearance.disqualify", kwargs={"code": entry.code}) in page) is offered
