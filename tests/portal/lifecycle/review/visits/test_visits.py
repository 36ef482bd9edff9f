"""Visits: planned, written on the spot, filed, read by experts, and required before the review is complete."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal.accounts.scopes import scope_of
from portal.core.dates import local_date
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.engine.perform import preview
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.models import AssignmentState
from portal.lifecycle.review.visits import domain
from portal.lifecycle.review.visits.models import Visit, VisitPhoto
from tests.factories.entries import make_cycle
from tests.factories.programmes import small_definition
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel

SHEET = {"items": [{"code": "site", "title": "现场管理"}, {"code": "talk", "title": "职工座谈"}], "photos_min": 1}


def photo(name="现场.jpg"):
    """A picture with a camera's notes in it, as phones make them."""
    image, notes = Image.new("RGB", (64, 48), "white"), Image.Exif()
    notes[0x010F], notes[0x0110] = "相机厂", "型号"
    notes.get_ifd(0x8825)[1] = "N"
    data = io.BytesIO()
    image.save(data, "JPEG", exif=notes)
    return SimpleUploadedFile(name, data.getvalue())


@pytest.fixture
def case(tianjin):
    stages = {"review": {"visit": SHEET}}
    cycle = make_cycle(tianjin, small_definition(programme={"code": "visit-test"}, stages=stages), stage="review")
    expert = make_expert(tianjin, "甲")
    panel = make_panel(cycle, [expert])
    entry = make_entry_in_review(cycle, tianjin.filer)
    (sheet,) = assign(panel, entry, expert, state=AssignmentState.SUBMITTED)
    return cycle, entry, expert, sheet


def act(actor, function, **facts):
    with scope(scope_of(actor)):
        return function(actor=actor, now=timezone.now(), **facts)


def plan(tianjin, entry, **changes):
    facts = {"planned_on": local_date(timezone.now()), "visitors": [tianjin.manager.user], "others": ["王工"]} | changes
    return act(tianjin.manager, domain.plan_visits, entries=[entry], **facts)[0]


def write(tianjin, visit, **changes):
    facts = {
        "visited_on": local_date(timezone.now()),
        "findings": {"site": "整洁有序", "talk": "职工知晓", "other": "不在表中"},
        "summary": "情况属实",
        "conclusion": "passed",
    }
    return act(tianjin.manager, domain.save_visit, visit=visit, **facts | changes)


def filed(tianjin, entry):
    visit = plan(tianjin, entry)
    write(tianjin, visit)
    act(tianjin.manager, domain.add_photo, visit=visit, upload=photo())
    return act(tianjin.manager, domain.file_visit, visit=visit)


def refusals(tianjin, entry):
    with scope(scope_of(tianjin.manager)):
        entry = Entry.objects.get(pk=entry.pk)
        found = preview(entry, "complete_review", actor=tianjin.manager, now=timezone.now())
        return [decision.code for decision in found]


def test_required_visit_holds_the_review_until_it_is_filed(tianjin, case):
    _cycle, entry, _expert, _sheet = case
    assert refusals(tianjin, entry) == ["visit"]
    visit = plan(tianjin, entry)
    write(tianjin, visit)
    assert refusals(tianjin, entry) == ["visit"]
    act(tianjin.manager, domain.add_photo, visit=visit, upload=photo())
    act(tianjin.manager, domain.file_visit, visit=visit)
    assert refusals(tianjin, entry) == []


def test_too_few_people_and_strangers_are_refused(tianjin, case):
    _cycle, entry, expert, _sheet = case
    with pytest.raises(Invalid, match="不得少于 2 人"):
        plan(tianjin, entry, others=[])
    with pytest.raises(Invalid, match="本会工作人员"):
        plan(tianjin, entry, visitors=[tianjin.filer.user, expert.user])


def test_incomplete_record_is_not_filed_and_says_what_is_missing(tianjin, case):
    visit = plan(tianjin, case[1])
    write(tianjin, visit, findings={"site": "整洁"}, conclusion="", visited_on=None)
    with pytest.raises(Invalid) as refused:
        act(tianjin.manager, domain.file_visit, visit=visit)
    assert set(refused.value.fields) == {"visited_on", "finding-talk", "conclusion", "photos"}


def test_day_to_come_is_refused(tianjin, case):
    visit = plan(tianjin, case[1])
    with pytest.raises(Invalid, match="不能晚于今天"):
        write(tianjin, visit, visited_on=local_date(timezone.now()) + dt.timedelta(days=1))


def test_filed_record_is_closed_until_it_is_given_back_with_a_reason(tianjin, case):
    visit = filed(tianjin, case[1])
    with pytest.raises(Conflict, match="已经归档"):
        write(tianjin, visit)
    with pytest.raises(Invalid):
        act(tianjin.manager, domain.reopen_visit, visit=visit, reason=" ")
    act(tianjin.manager, domain.reopen_visit, visit=visit, reason="日期有误")
    assert write(tianjin, visit, conclusion="mostly").conclusion == "mostly"


def test_picture_is_stored_without_what_the_camera_wrote(tianjin, case):
    visit = plan(tianjin, case[1])
    stored = act(tianjin.manager, domain.add_photo, visit=visit, upload=photo())
    with system_scope("test"):
        image = Image.open(VisitPhoto.objects.get(pk=stored.pk).file)
        assert not dict(image.getexif())
        assert image.size == (64, 48)
    with pytest.raises(Conflict, match="已经上传过"):
        act(tianjin.manager, domain.add_photo, visit=visit, upload=photo())
    with pytest.raises(Invalid):
        act(tianjin.manager, domain.add_photo, visit=visit, upload=SimpleUploadedFile("a.jpg", b"text"))


def test_another_organiser_and_the_unit_see_and_write_nothing(tianjin, hebei, case):
    visit = plan(tianjin, case[1])
    for actor in (hebei.manager, tianjin.filer, tianjin.district_checker):
        with scope(scope_of(actor)):
            assert not Visit.objects.exists()
    with pytest.raises((Refused, Visit.DoesNotExist)):
        act(hebei.manager, domain.file_visit, visit=visit)


def test_organiser_plans_writes_and_files_through_the_pages(tianjin, case, desk_client):
    cycle, entry, _expert, _sheet = case
    client = desk_client(tianjin.manager)
    with system_scope("test"):
        stage = cycle.stages.get(kind="review")
    today = local_date(timezone.now()).isoformat()
    listing = client.get(reverse("lifecycle:visit.list", args=[stage.pk])).content.decode()
    assert "待安排" in listing
    data = {"selected": [entry.pk], "confirmed": "1", "planned_on": today, "visitors": [tianjin.manager.user_id]}
    page = client.post(reverse("lifecycle:visit.plan"), data | {"others": "王工"}, follow=True).content.decode()
    with system_scope("test"):
        visit = Visit.objects.get(entry=entry)
    assert "已安排" in page
    url = reverse("lifecycle:visit.record", args=[visit.pk])
    assert "考察情况" in client.get(url).content.decode()
    lines = {"visited_on": today, "finding-site": "整洁", "finding-talk": "知晓", "conclusion": "passed"}
    early = client.post(url, lines | {"_file": "1"})
    assert "至少上传 1 张考察照片" in early.content.decode()
    done = client.post(url, lines | {"_file": "1", "photos": photo()}, follow=True).content.decode()
    assert "已归档" in done
    assert "通过" in done


@pytest.mark.parametrize("blind", [False, True])
def test_expert_reads_the_filed_record_unless_the_review_is_blind(tianjin, case, desk_client, blind):
    cycle, entry, expert, sheet = case
    filed(tianjin, entry)
    with system_scope("test"):
        stage = cycle.stages.get(kind="review")
        stage.params["blind"] = blind
        stage.save()
        picture = VisitPhoto.objects.get()
    client = desk_client(expert)
    reading = reverse("lifecycle:visit.reading", args=[sheet.pk])
    assert client.get(reading).status_code == (404 if blind else 200)
    address = reverse("lifecycle:visit.reading_photo", args=[sheet.pk, picture.pk])
    assert client.get(address).status_code == (404 if blind else 200)
    page = client.get(reverse("lifecycle:review.sheet", args=[sheet.pk])).content.decode()
    assert (reading in page) is not blind
