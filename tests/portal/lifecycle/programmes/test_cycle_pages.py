"""届次与日历: what everybody reads and what the owner's manager does there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.core.scoping import system_scope
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.models import Blueprint, Cycle, CycleStage, CycleStatus, StageStatus
from tests.factories.entries import SMALL, make_cycle, make_entry

pytestmark = pytest.mark.django_db
READERS = ["filer", "unit_checker", "zone_checker", "district_manager", "manager", "checker", "supervisor", "auditor"]


@pytest.fixture
def cycle(tianjin) -> Cycle:
    return make_cycle(tianjin, "small-work")


def url(name: str, obj=None) -> str:
    return reverse(f"lifecycle:{name}", kwargs={"pk": obj.pk} if obj is not None else {})


def stage_of(cycle: Cycle, kind: str) -> CycleStage:
    with system_scope("test"):
        return CycleStage.objects.get(cycle=cycle, kind=kind)


@pytest.mark.parametrize("who", READERS)
def test_everybody_in_the_tree_reads(tianjin, desk_client, cycle, who):
    client = desk_client(tianjin.actors[who])
    for address in (
        url("cycle.list"),
        url("cycle.calendar"),
        url("cycle.detail", cycle),
        url("cycle.history", cycle),
        url("programme.list"),
        url("programme.detail", cycle.programme),
    ):
        assert client.get(address).status_code == 200, address


def test_another_tree_finds_nothing(hebei, desk_client, cycle):
    client = desk_client(hebei.manager)
    assert client.get(url("cycle.detail", cycle)).status_code == 404
    assert client.get(url("programme.detail", cycle.programme)).status_code == 404
    assert client.post(url("stage.close", stage_of(cycle, "application"))).status_code == 404
    assert str(cycle) not in client.get(url("cycle.list")).content.decode()


@pytest.mark.parametrize("n", [1, 3])
def test_list_has_a_constant_number_of_queries(tianjin, desk_client, django_assert_max_num_queries, n):
    with system_scope("test"):
        for number in range(n):
            make_cycle(tianjin, "small-work", year=2026 + number)
    client = desk_client(tianjin.filer)
    client.get(url("cycle.list"))
    with django_assert_max_num_queries(10):
        assert client.get(url("cycle.list")).content.decode().count("row-link") == n


def test_empty_list_says_what_happens_next(tianjin, desk_client):
    page = desk_client(tianjin.filer).get(url("cycle.list")).content.decode()
    assert "还没有届次" in page
    assert "开设届次</span>" not in page  # not the filer's business


def test_manager_opens_a_cycle_and_a_second_time_is_a_conflict(tianjin, desk_client, cycle):
    client = desk_client(tianjin.manager)
    form = client.get(url("cycle.create"), {"programme": cycle.programme_id})
    assert form.context["form"].initial["year"] == cycle.year + 1
    data = {"programme": cycle.programme_id, "year": "2031", "start_date": "2031-03-03"}
    opened = client.post(url("cycle.create"), data, follow=True)
    assert "已开设" in opened.content.decode()
    with system_scope("test"):
        assert Cycle.objects.get(year=2031).status == CycleStatus.PLANNED
    assert client.post(url("cycle.create"), data).status_code == 409
    assert client.post(url("cycle.create"), data | {"year": "1999"}).status_code == 422


@pytest.mark.parametrize("who", ["filer", "district_manager", "checker", "auditor"])
def test_others_do_not_run_cycles(tianjin, desk_client, cycle, who):
    client = desk_client(tianjin.actors[who])
    for address in (
        url("stage.close", stage_of(cycle, "application")),
        url("cycle.amend", cycle),
        url("cycle.cancel", cycle),
        url("cycle.copy", cycle),
    ):
        assert client.post(address, {}).status_code == 403, address
    assert stage_of(cycle, "application").status == StageStatus.OPEN


def test_stage_buttons_close_open_and_say_what_is_left(tianjin, desk_client, cycle):
    client = desk_client(tianjin.manager)
    for kind in ("application", "recommendation"):
        assert "已结束" in client.post(url("stage.close", stage_of(cycle, kind)), follow=True).content.decode()
    assert "已开启" in client.post(url("stage.open", stage_of(cycle, "review")), follow=True).content.decode()
    with system_scope("test"):
        make_entry(cycle, tianjin.filer, EntryState.IN_REVIEW, files=False)
    page = client.get(url("cycle.detail", cycle)).content.decode()
    assert "还有1件申报件处于“评审中”，尚未办结" in page
    refused = client.post(url("stage.close", stage_of(cycle, "review")))
    assert refused.status_code == 403
    assert client.post(url("stage.open", stage_of(cycle, "review"))).status_code == 409


def test_stage_is_reopened_with_reason_and_date(tianjin, desk_client, cycle):
    client, stage = desk_client(tianjin.manager), stage_of(cycle, "application")
    client.post(url("stage.close", stage))
    assert client.post(url("stage.reopen", stage), {"closes_at": "", "reason": ""}).status_code == 422
    later = (timezone.localtime() + dt.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(url("stage.reopen", stage), {"closes_at": later, "reason": "系统故障"}).status_code == 302
    assert stage_of(cycle, "application").status == StageStatus.OPEN


def test_amend_shows_errors_beside_the_dates_and_keeps_them(tianjin, desk_client, cycle):
    client = desk_client(tianjin.manager)
    form = client.get(url("cycle.amend", cycle)).context["form"]
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {
        name: timezone.localtime(value).strftime("%Y-%m-%dT%H:%M") if isinstance(value, dt.datetime) else (value or "")
        for name, value in data.items()
    }
    stage = stage_of(cycle, "application")
    early = data | {"reason": "缩短", f"closes_{stage.pk}": "2020-01-01T10:00"}
    bad = client.post(url("cycle.amend", cycle), early)
    assert bad.status_code == 422
    assert f"closes_{stage.pk}" in bad.context["form"].errors
    later = timezone.localtime(stage.closes_at) + dt.timedelta(days=7)
    good = data | {"reason": "应各区要求延长", f"closes_{stage.pk}": later.strftime("%Y-%m-%dT%H:%M")}
    assert client.post(url("cycle.amend", cycle), good).status_code == 302
    assert stage_of(cycle, "application").closes_at > stage.closes_at
    history = client.get(url("cycle.history", cycle)).content.decode()
    assert "调整届次" in history


def test_copy_and_cancel(tianjin, desk_client, cycle):
    client = desk_client(tianjin.manager)
    copied = client.post(url("cycle.copy", cycle), {"year": "2030", "start_date": "2030-03-04"}, follow=True)
    assert "2030年度" in copied.content.decode()
    assert client.post(url("cycle.cancel", cycle), {"reason": ""}).status_code == 422
    done = client.post(url("cycle.cancel", cycle), {"reason": "上级暂停"}, follow=True)
    assert "届次已取消" in done.content.decode()


def test_calendar_draws_the_year_and_announces_the_next_starts(tianjin, desk_client, cycle):
    client = desk_client(tianjin.filer)
    page = client.get(url("cycle.calendar")).content.decode()
    assert page.count("gantt-bar") >= 1
    assert str(cycle) in page
    assert "这一年没有届次" in client.get(url("cycle.calendar"), {"year": "2050"}).content.decode()
    assert client.get(url("cycle.calendar"), {"year": "nonsense"}).status_code == 200


def test_funnel_tells_only_the_organiser_what_is_decided(tianjin, desk_client, cycle):
    with system_scope("test"):
        make_entry(cycle, tianjin.filer, EntryState.SELECTED, files=False)
    organiser = desk_client(tianjin.manager).get(url("cycle.detail", cycle)).content.decode()
    district = desk_client(tianjin.district_manager).get(url("cycle.detail", cycle)).content.decode()
    assert "拟入选" in organiser
    assert "拟入选" not in district


def test_programme_page_names_what_the_federation_must_confirm(tianjin, desk_client):
    with system_scope("test"):
        cycle = make_cycle(tianjin, "five-small-top20")
    for address in (url("programme.detail", cycle.programme), url("cycle.detail", cycle)):
        assert "待市总工会确认的取值" in desk_client(tianjin.manager).get(address).content.decode()


def test_blueprint_is_checked_published_and_not_doubled(tianjin, desk_client):
    client, text = desk_client(tianjin.manager), SMALL.read_text(encoding="utf-8")

    def load(content: str):
        upload = SimpleUploadedFile("small.toml", content.encode(), content_type="application/toml")
        return client.post(url("blueprint.load"), {"file": upload, "reason": "首次发布"}, follow=True)

    broken = load(text.replace("weight = 60", "weight = 10"))
    assert broken.status_code == 422
    assert "stages[" in broken.content.decode()
    assert "第1版已发布" in load(text).content.decode()
    assert "没有产生新版本" in load(text).content.decode()
    assert "第2版已发布" in load(text.replace("places = 2", "places = 3")).content.decode()
    with system_scope("test"):
        assert Blueprint.objects.count() == 2
    assert desk_client(tianjin.district_manager).get(url("blueprint.load")).status_code == 200
    assert desk_client(tianjin.filer).get(url("blueprint.load")).status_code == 403


@pytest.mark.parametrize("name", ["review.stages", "round.list"])
def test_finished_stages_are_never_overdue_in_lists(tianjin, desk_client, cycle, name):
    kind = "review" if name == "review.stages" else "selection"
    past = timezone.now() - dt.timedelta(days=9)
    for status, said in ((StageStatus.OPEN, True), (StageStatus.CLOSED, False)):
        with system_scope("test"):
            CycleStage.objects.filter(cycle=cycle, kind=kind).update(
                opens_at=past - dt.timedelta(days=9), closes_at=past, status=status
            )
        page = desk_client(tianjin.manager).get(reverse(f"lifecycle:{name}")).content.decode()
        assert str(cycle) in page
        assert ("逾期" in page) is said


def test_list_begins_with_what_runs_now(tianjin, desk_client):
    with system_scope("test"):
        years = {
            2025: CycleStatus.FINISHED,
            2026: CycleStatus.RUNNING,
            2027: CycleStatus.PLANNED,
            2028: CycleStatus.PLANNED,
        }
        made = {year: make_cycle(tianjin, "small-work", year=year) for year in years}
        for year, status in years.items():
            Cycle.objects.filter(pk=made[year].pk).update(status=status)
    page = desk_client(tianjin.manager).get(url("cycle.list")).content.decode()
    places = {year: page.index(f'href="{made[year].get_absolute_url()}"') for year in years}
    assert sorted(years, key=places.__getitem__) == [2026, 2027, 2028, 2025]
