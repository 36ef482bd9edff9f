"""Changing the rules of a run: allowed values, a newer version; nothing else, and never without those concerned knowing."""

from __future__ import annotations

import copy
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.core.dates import local_datetime
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.loader import definition_from_toml, sha256_of
from portal.lifecycle.programmes.amendable import settings_of, version_obstacles
from portal.lifecycle.programmes.announcement_models import AnnouncementRecipient, CycleAnnouncement
from portal.lifecycle.programmes.domain import amend_rules, load_blueprint, move_to_version, open_cycle, propose
from portal.lifecycle.programmes.models import Blueprint, Cycle, CycleStage, StageStatus
from tests.factories.programmes import make_cycle, small_definition

pytestmark = pytest.mark.django_db
EXPERTS, LINE = "stages__review__experts_per_entry", "stages__selection__min_score"
PLACES, NOTICE = "stages__selection__places", "stages__notice__working_days"


@pytest.fixture
def cycle(tianjin, all_rows) -> Cycle:
    return make_cycle(tianjin.municipal, tianjin.manager, year=timezone.localdate().year)


def amend(cycle: Cycle, actor, **values) -> Cycle:
    amend_rules(cycle=cycle, values=values, actor=actor, now=timezone.now(), reason="经费增加")
    return Cycle.objects.get(pk=cycle.pk)


def next_version(cycle: Cycle, tree, **changes) -> Blueprint:
    definition = small_definition(**changes)
    return load_blueprint(definition=definition, owner=tree.municipal, actor=tree.manager, now=timezone.now()).blueprint


def test_amended_places_count_in_this_run_and_nowhere_else(tianjin, cycle):
    before = copy.deepcopy(cycle.blueprint.definition)
    changed = amend(cycle, tianjin.manager, **{PLACES: 9, "texts__call": "补充通知"})
    assert changed.rules.stage("selection").params.places == 9
    assert changed.stages.get(kind="selection").params["places"] == 9
    assert changed.rules.texts.call == "补充通知"
    assert changed.blueprint.definition == before
    assert sha256_of(changed.blueprint.definition) == changed.blueprint.sha256
    event = AuditEvent.objects.get(action="lifecycle.cycle.rules_amended")
    assert event.data["reason"] == "经费增加"
    announcement = CycleAnnouncement.objects.get()
    assert any("2" in line and "9" in line for line in announcement.lines)
    told = AnnouncementRecipient.objects.filter(announcement=announcement)
    assert tianjin.district.pk in told.values_list("organisation_id", flat=True)


def test_amendments_add_up(tianjin, cycle):
    amend(cycle, tianjin.manager, **{PLACES: 9})
    changed = amend(cycle, tianjin.manager, stages__selection__reserves=3)
    assert (changed.rules.stage("selection").params.places, changed.rules.stage("selection").params.reserves) == (9, 3)


def test_by_level_values_keep_their_neighbours(tianjin, cycle):
    name = "stages__recommendation__handling_working_days__district"
    changed = amend(cycle, tianjin.manager, **{name: 6})
    assert dict(changed.rules.stage("recommendation").params.handling_working_days) == {
        "grassroots": 3,
        "subdistrict": 3,
        "district": 6,
    }


def test_a_notice_may_only_become_longer_and_must_fit_its_dates(tianjin, cycle):
    with pytest.raises(Invalid) as shorter:
        amend(cycle, tianjin.manager, **{NOTICE: 3})
    assert "只能延长" in shorter.value.fields[NOTICE][0]
    with pytest.raises(Invalid) as too_long:
        amend(cycle, tianjin.manager, **{NOTICE: 60})
    assert "延长本环节" in "".join(too_long.value.fields[NOTICE])
    assert amend(cycle, tianjin.manager, **{NOTICE: 7}).rules.stage("notice").params.working_days == 7


def test_what_is_finished_or_not_listed_stays(tianjin, cycle):
    CycleStage.objects.filter(cycle=cycle, kind="selection").update(status=StageStatus.CLOSED)
    assert PLACES not in {setting.name for setting in settings_of(Cycle.objects.get(pk=cycle.pk))}
    with pytest.raises(TypeError):
        propose(cycle, {"stages__review__rubric": 1}, now=timezone.now())
    with pytest.raises(Invalid):
        amend(cycle, tianjin.manager)
    with pytest.raises(Refused):
        amend(cycle, tianjin.district_manager, texts__call="x")


def begin(cycle: Cycle, kind: str) -> Cycle:
    CycleStage.objects.filter(cycle=cycle, kind=kind).update(status=StageStatus.OPEN)
    return Cycle.objects.get(pk=cycle.pk)


@pytest.fixture
def with_line(tianjin, all_rows) -> Cycle:
    return make_cycle(
        tianjin.municipal,
        tianjin.manager,
        year=timezone.localdate().year,
        stages={"selection": {"min_score": "60"}},
    )


def test_marking_and_the_pass_mark_may_change_until_their_stage_begins(tianjin, with_line):
    changed = amend(with_line, tianjin.manager, **{EXPERTS: 5, LINE: Decimal("65.50")})
    assert changed.rules.stage("review").params.experts_per_entry == 5
    assert changed.stages.get(kind="review").params["experts_per_entry"] == 5
    assert changed.rules.stage("selection").params.min_score == Decimal("65.5")
    assert changed.blueprint.rules.stage("selection").params.min_score == Decimal(60)
    assert any("65.5" in line for line in CycleAnnouncement.objects.get().lines)
    assert AuditEvent.objects.get(action="lifecycle.cycle.rules_amended").data["reason"] == "经费增加"


@pytest.mark.parametrize(("kind", "name", "value"), [("review", EXPERTS, 4), ("selection", LINE, Decimal(70))])
def test_what_a_begun_stage_relies_on_is_refused_with_the_reason(tianjin, with_line, kind, name, value):
    before = with_line.rules
    with pytest.raises(Invalid) as refused:
        amend(begin(with_line, kind), tianjin.manager, **{name: value})
    assert "已经开始" in refused.value.fields[name][0]
    assert Cycle.objects.get(pk=with_line.pk).rules == before


def test_a_begun_stage_does_not_keep_the_others_from_changing(tianjin, with_line):
    changed = amend(begin(with_line, "review"), tianjin.manager, **{EXPERTS: 3, LINE: Decimal(70)})
    assert changed.rules.stage("selection").params.min_score == 70


def test_marks_to_trim_must_leave_one(tianjin, cycle):
    with pytest.raises(Invalid, match="至少剩一个"):
        amend(cycle, tianjin.manager, stages__review__trim_each=4)


def test_the_budget_of_a_run_may_change_before_the_selection(tianjin, all_rows):
    source = Path("innovations/programmes/innovation-subsidy.toml").read_text(encoding="utf-8")
    definition = definition_from_toml(source)
    now = local_datetime(dt.date(timezone.localdate().year, 1, 5))
    programme = load_blueprint(definition=definition, owner=tianjin.municipal, actor=tianjin.manager, now=now).programme
    run = open_cycle(programme=programme, year=now.year, actor=tianjin.manager, now=now)
    less = run.rules.stage("selection").params.budget - 1000
    changed = amend(run, tianjin.manager, stages__selection__budget=less)
    assert changed.rules.stage("selection").params.budget == less
    with pytest.raises(Invalid, match="需要修改"):
        amend(begin(changed, "selection"), tianjin.manager, stages__selection__budget=less - 1000)


def test_the_page_shows_why_a_value_is_fixed(tianjin, desk_client, with_line):
    begin(with_line, "review")
    page = desk_client(tianjin.manager).get(reverse("lifecycle:cycle.rules", kwargs={"pk": with_line.pk}))
    form = page.context["form"]
    assert form.fields[EXPERTS].disabled
    assert not form.fields[LINE].disabled
    assert "已经开始，为保证同一标准" in page.content.decode()


def test_a_compatible_version_is_pinned_for_the_rest_of_the_run(tianjin, cycle):
    amend(cycle, tianjin.manager, **{PLACES: 9})
    newer = next_version(cycle, tianjin, stages={"review": {"experts_per_entry": 5}, "selection": {"places": 4}})
    cycle.refresh_from_db()
    assert version_obstacles(cycle, newer) == []
    move_to_version(cycle=cycle, blueprint=newer, actor=tianjin.manager, now=timezone.now(), reason="改进评审")
    moved = Cycle.objects.get(pk=cycle.pk)
    assert moved.blueprint == newer
    assert moved.stages.get(kind="review").params["experts_per_entry"] == 5
    assert moved.rules.stage("selection").params.places == 9  # what was amended stays amended
    with pytest.raises(Conflict):
        move_to_version(cycle=moved, blueprint=newer, actor=tianjin.manager, now=timezone.now(), reason="再来")


def test_incompatible_versions_are_refused_with_every_reason(tianjin, cycle):
    without = next_version(cycle, tianjin, stages={"clearance": None})
    assert "不能增减环节" in version_obstacles(cycle, without)[0]
    begun = next_version(cycle, tianjin, stages={"application": {"max_per_unit": 1}})
    CycleStage.objects.filter(cycle=cycle, kind="application").update(status=StageStatus.OPEN)
    assert "已经开始的环节" in version_obstacles(Cycle.objects.get(pk=cycle.pk), begun)[0]
    with pytest.raises(Invalid):
        move_to_version(cycle=cycle, blueprint=begun, actor=tianjin.manager, now=timezone.now(), reason="试")


def test_pages_show_the_difference_before_the_act(tianjin, desk_client, cycle):
    client = desk_client(tianjin.manager)
    address = reverse("lifecycle:cycle.rules", kwargs={"pk": cycle.pk})
    form = client.get(address).context["form"]
    data = {n: form.get_initial_for_field(f, n) for n, f in form.fields.items()}
    data = {n: v for n, v in data.items() if v is not True and v not in (None, "")} | {
        PLACES: "9",
        "reason": "经费增加",
    }
    shown = client.post(address, data)
    assert shown.status_code == 200
    assert "请核对改动" in shown.content.decode()
    assert Cycle.objects.get(pk=cycle.pk).amended == {}
    # Something else typed after the difference was shown: it is shown again, nothing is done.
    other = client.post(address, data | {PLACES: "8", "confirmed": shown.context["seal"]})
    assert other.status_code == 200
    done = client.post(address, data | {"confirmed": shown.context["seal"]}, follow=True)
    assert "规则已调整" in done.content.decode()
    with system_scope("test"):
        assert Cycle.objects.get(pk=cycle.pk).rules.stage("selection").params.places == 9


def test_version_page_says_what_is_in_the_way(tianjin, desk_client, cycle):
    client = desk_client(tianjin.manager)
    address = reverse("lifecycle:cycle.version", kwargs={"pk": cycle.pk})
    assert "没有更新的方案版本" in client.get(address).content.decode()
    next_version(cycle, tianjin, stages={"clearance": None})
    assert "本届不能改用这一版" in client.get(address).content.decode()
    assert client.post(address, {"reason": "试"}).status_code == 422
    next_version(cycle, tianjin, stages={"review": {"experts_per_entry": 5}})
    done = client.post(address, {"reason": "改进评审"}, follow=True)
    assert "本届已改用第3版方案" in done.content.decode()
