"""The drawn timeline through the client: opening, moving, the check, copying with its preview."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.core.scoping import system_scope
from portal.lifecycle.programmes.announcement_models import AnnouncementReading, CycleAnnouncement
from portal.lifecycle.programmes.models import Cycle, CycleStage, QuotaAllocation
from portal.lifecycle.review.models import ExpertProfile, Panel, PanelMember
from tests.factories.entries import make_cycle, make_entry
from tests.factories.people import make_organisation
from tests.factories.review import make_expert, make_panel

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(tianjin) -> Cycle:
    return make_cycle(tianjin, "small-work")


def url(name: str, pk: int) -> str:
    return reverse(f"lifecycle:{name}", kwargs={"pk": pk})


def sent(form) -> dict[str, str]:
    """What a browser would send for the form as it is shown."""
    data = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if isinstance(value, dt.datetime):
            value = timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
        if value not in (None, False):
            data[name] = "on" if value is True else value
    return data


def later(text: str, days: int) -> str:
    return (dt.datetime.fromisoformat(text) + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def stage_of(cycle: Cycle, kind: str) -> CycleStage:
    with system_scope("test"):
        return CycleStage.objects.get(cycle=cycle, kind=kind)


def test_page_draws_a_bar_and_two_fields_for_each_stage(tianjin, desk_client, cycle):
    response = desk_client(tianjin.manager).get(url("cycle.amend", cycle.pk))
    page = response.content.decode()
    assert page.count("data-bar") == len(response.context["board"].rows) == len(cycle.rules.stages)
    assert page.count('type="datetime-local"') == 2 * len(cycle.rules.stages)
    assert 'class="schedule-holiday"' in page


def test_check_answers_beside_the_stage_and_saves_nothing(tianjin, desk_client, cycle):
    client = desk_client(tianjin.manager)
    data = sent(client.get(url("cycle.amend", cycle.pk)).context["form"])
    notice = stage_of(cycle, "notice")
    data[f"closes_{notice.pk}"] = later(data[f"opens_{notice.pk}"], 1)
    answer = client.post(url("cycle.amend_check", cycle.pk), data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert f'id="says-{notice.pk}" hx-swap-oob="true"' in text
    assert "公示不少于" in text
    assert "处日期需要修改" in text
    assert stage_of(cycle, "notice").closes_at == notice.closes_at
    assert client.post(url("cycle.amend_check", cycle.pk), {}).status_code == 200  # unreadable fields: said, no crash


def test_wrong_dates_are_refused_with_the_bars_where_they_were_put(tianjin, desk_client, cycle):
    client = desk_client(tianjin.manager)
    data = sent(client.get(url("cycle.amend", cycle.pk)).context["form"]) | {"reason": "试"}
    review = stage_of(cycle, "review")
    data[f"opens_{review.pk}"] = later(data[f"opens_{review.pk}"], -400)
    refused = client.post(url("cycle.amend", cycle.pk), data)
    assert refused.status_code == 422
    assert f"opens_{review.pk}" in refused.context["form"].errors
    row = next(row for row in refused.context["board"].rows if row.slot.kind == "review")
    assert row.has_error


def test_opening_goes_from_the_programme_over_the_timeline(tianjin, desk_client, cycle):
    client = desk_client(tianjin.manager)
    first = {"programme": cycle.programme_id, "year": "2031", "start_date": "2031-03-03", "draw": "1"}
    there = client.post(reverse("lifecycle:cycle.create"), first)
    assert there.status_code == 302
    assert "year=2031" in there.url
    page = client.get(there.url)
    data = sent(page.context["form"])
    data["closes_1"] = later(data["closes_1"], 7)
    data["opens_3"] = later(data["opens_3"], -300)
    assert client.post(there.url, data).status_code == 422
    data["opens_3"] = later(data["opens_3"], 300)
    for position in range(2, len(page.context["board"].rows) + 1):
        for side in ("opens", "closes"):
            if (side, position) != ("opens", 2):
                data[f"{side}_{position}"] = later(data[f"{side}_{position}"], 14)
    done = client.post(there.url, data)
    assert done.status_code == 302, done.context["form"].errors
    with system_scope("test"):
        new = Cycle.objects.get(year=2031)
        first_stage = new.stages.first()
    assert timezone.localtime(first_stage.closes_at).strftime("%Y-%m-%dT%H:%M") == data["closes_1"]


def test_change_is_told_to_those_concerned_until_they_have_seen_it(tianjin, desk_client, cycle):
    with system_scope("test"):
        make_entry(cycle, tianjin.filer)  # a draft: its unit is concerned, its name is not the organiser's to know
    manager = desk_client(tianjin.manager)
    page = manager.get(url("cycle.amend", cycle.pk))
    assert page.context["drafting"] == 1
    data = sent(page.context["form"]) | {"reason": "应各区要求更正", "call_number": "津工办〔2026〕9号"}
    assert manager.post(url("cycle.amend", cycle.pk), data).status_code == 302
    filer = desk_client(tianjin.filer)
    shown = filer.get(cycle.get_absolute_url()).content.decode()
    assert "津工办〔2026〕9号" in shown
    assert "知道了" in shown
    assert "有变更" in filer.get(reverse("lifecycle:worklist.home")).content.decode()
    with system_scope("test"):
        announcement = CycleAnnouncement.objects.get()
    filer.post(url("announcement.read", announcement.pk))
    filer.post(url("announcement.read", announcement.pk))
    assert "知道了" not in filer.get(cycle.get_absolute_url()).content.decode()
    assert "有变更" not in filer.get(reverse("lifecycle:worklist.home")).content.decode()
    assert "知道了" in desk_client(tianjin.district_checker).get(cycle.get_absolute_url()).content.decode()
    assert "应各区要求更正" in filer.get(f"/public/calls/{cycle.pk}/").content.decode()
    with system_scope("test"):
        assert AnnouncementReading.objects.filter(user=tianjin.filer.user).count() == 1


def test_experts_of_the_panels_are_told_at_their_own_desk(tianjin, desk_client):
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work", stage="review")
        make_panel(cycle, [tianjin.expert])
    manager = desk_client(tianjin.manager)
    data = sent(manager.get(url("cycle.amend", cycle.pk)).context["form"]) | {"reason": "更正", "label": "首届"}
    assert manager.post(url("cycle.amend", cycle.pk), data).status_code == 302
    assert "首届" in desk_client(tianjin.expert).get(reverse("lifecycle:review.desk")).content.decode()


@pytest.fixture
def last_year(tianjin) -> Cycle:
    """With a panel of three (one has left the pool), places for two unions (one is closed), and words of its own."""
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work", year=2025, stage="review")
        gone = make_expert(tianjin)
        panel = make_panel(cycle, [tianjin.expert, make_expert(tianjin), gone])
        for member in PanelMember.objects.filter(panel=panel):
            ExpertProfile.objects.get_or_create(user=member.expert, owner=tianjin.municipal)
        ExpertProfile.objects.filter(user=gone.user).update(is_active=False)
        closed = make_organisation("district", "撤并区总工会", tianjin.municipal)
        QuotaAllocation.objects.create(cycle=cycle, organisation=tianjin.district, count=4, reserves=1)
        QuotaAllocation.objects.create(cycle=cycle, organisation=closed, count=2)
        type(closed).objects.filter(pk=closed.pk).update(is_active=False)
        Cycle.objects.filter(pk=cycle.pk).update(amended={"texts": {"call": "去年的征集通知"}})
        return Cycle.objects.get(pk=cycle.pk)


def test_copy_says_before_what_it_takes_over_and_what_not(tianjin, desk_client, last_year):
    page = desk_client(tianjin.manager).get(url("cycle.copy", last_year.pk)).content.decode()
    assert "正选4个，递补1个" in page
    assert "撤并区总工会：该工会已停用" in page
    assert "已不在库" in page
    assert "改写的“征集通知”" in page
    assert "始终不沿用" in page
    with system_scope("test"):
        assert Cycle.objects.filter(programme=last_year.programme).count() == 1


def test_copy_takes_over_exactly_what_was_ticked(tianjin, desk_client, last_year):
    client = desk_client(tianjin.manager)
    asked = {"year": "2030", "start_date": "2030-03-04", "chosen": "True", "parts": ["quotas"]}
    client.post(url("cycle.copy", last_year.pk), asked)
    client.post(url("cycle.copy", last_year.pk), asked | {"year": "2031", "parts": ["panels", "texts"]})
    with system_scope("test"):
        first, second = Cycle.objects.get(year=2030), Cycle.objects.get(year=2031)
        assert [(q.organisation_id, q.count) for q in first.quotas.all()] == [(tianjin.district.pk, 4)]
        assert not Panel.objects.filter(stage__cycle=first).exists()
        assert first.rules.texts.call != "去年的征集通知"
        assert second.rules.texts.call == "去年的征集通知"
        assert not second.quotas.exists()
        panel = Panel.objects.get(stage__cycle=second)
        assert panel.members.count() == 2
        assert User.objects.get(pk=tianjin.expert.user.pk).pk in panel.members.values_list("expert_id", flat=True)
        assert panel.due_at is None


def test_copied_dates_can_be_drawn_first(tianjin, desk_client, last_year):
    client = desk_client(tianjin.manager)
    asked = {"year": "2030", "start_date": "2030-03-04", "chosen": "True", "parts": ["quotas"], "draw": "1"}
    there = client.post(url("cycle.copy", last_year.pk), asked)
    page = client.get(there.url)
    assert "推荐名额" in page.content.decode()
    assert page.context["board"].rows[0].slot.first == dt.date(2030, 3, 4)
    assert client.post(there.url, sent(page.context["form"])).status_code == 302
    with system_scope("test"):
        assert Cycle.objects.get(year=2030).quotas.count() == 1
