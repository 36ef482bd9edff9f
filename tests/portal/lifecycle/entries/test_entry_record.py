"""The record page's parts: route with opinions, history, papers of a version; what a desk may do; work without script."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.core.policies import may, policy_for
from portal.core.scoping import system_scope
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.deadlines import deadline_note
from portal.lifecycle.entries.domain import add_attachment, save_draft, submit_entry
from portal.lifecycle.entries.flags import register_flag
from portal.lifecycle.entries.models import Attachment, Entry
from portal.lifecycle.entries.papers import entry_data
from portal.lifecycle.entries.trail import route_steps
from portal.lifecycle.recommendation.models import Recommendation
from tests.factories.entries import make_attachment, make_cycle, make_entry, picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(tianjin):
    return make_cycle(tianjin, "small-work")


def url(name, entry, **kwargs):
    return reverse(f"lifecycle:entry.{name}", kwargs={"code": entry.code, **kwargs})


def opinion(entry, organisation, actor, level, decision="endorsed"):
    return Recommendation.objects.create(
        entry=entry,
        organisation=organisation,
        level=level,
        decision=decision,
        opinion="情况属实。",
        decided_by=actor.user,
        decided_at=timezone.now(),
    )


def steps_of(entry):
    return [(s.label, s.state) for s in route_steps(entry, queries.hops_of(entry), queries.opinions_of(entry))]


def test_route_shows_who_decided_who_has_it_and_who_is_next(cycle, tianjin, all_rows):
    entry = make_entry(cycle, tianjin.filer, "submitted", at_level="district", files=False)
    opinion(entry, tianjin.unit, tianjin.unit_checker, "grassroots")
    opinion(entry, tianjin.zone, tianjin.zone_checker, "subdistrict")
    assert steps_of(entry) == [
        (tianjin.employer.name, "done"),
        (tianjin.unit.name, "done"),
        (tianjin.zone.name, "done"),
        (tianjin.district.name, "current"),
        (tianjin.municipal.name, "todo"),
    ]


@pytest.mark.parametrize(
    ("state", "first", "last"),
    [
        ("draft", "current", "todo"),
        ("returned", "current", "todo"),
        ("withdrawn", "stopped", "todo"),
        ("in_review", "done", "done"),
    ],
)
def test_route_before_and_after_the_way(state, first, last, cycle, tianjin, all_rows):
    steps = steps_of(make_entry(cycle, tianjin.filer, state, files=False))
    assert (steps[0][1], steps[-1][1]) == (first, last)


def test_declined_entry_stops_where_it_was_declined(cycle, tianjin, all_rows):
    entry = make_entry(cycle, tianjin.filer, "declined", files=False)
    opinion(entry, tianjin.unit, tianjin.unit_checker, "grassroots", "declined")
    assert steps_of(entry)[1][1] == "stopped"


def test_history_counts_saves_in_a_row_as_one_line(cycle, tianjin, desk_client, in_scope):
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer)
    with in_scope(tianjin.filer):
        for number in range(3):
            answers = {"summary": f"第{number}稿"}
            save_draft(actor=tianjin.filer, entry=entry, section="work", answers=answers, now=timezone.now())
        photo = SimpleUploadedFile("补充.jpg", picture_bytes("JPEG"))
        add_attachment(actor=tianjin.filer, entry=entry, field="photos", upload=photo, now=timezone.now())
        submit_entry(actor=tianjin.filer, entry=entry, now=timezone.now())
    text = desk_client(tianjin.filer).get(url("history", entry)).content.decode()
    assert "3 次保存：成果基本情况" in text
    assert "现场照片：补充.jpg" in text
    assert "提交申报" in text


def test_history_of_the_unit_does_not_reach_other_trees(cycle, tianjin, hebei, desk_client):
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer, "submitted", files=False)
    assert desk_client(hebei.auditor).get(url("history", entry)).status_code == 404


def test_paper_of_a_locked_entry_is_its_version_with_the_standing_opinions(cycle, tianjin, all_rows):
    entry = make_entry(cycle, tianjin.filer, "submitted", at_level="district")
    opinion(entry, tianjin.unit, tianjin.unit_checker, "grassroots")
    old = opinion(entry, tianjin.zone, tianjin.zone_checker, "subdistrict", "returned")
    Recommendation.objects.filter(pk=old.pk).update(is_current=False)
    entry = queries.entry_records(actor=tianjin.manager).get(pk=entry.pk)
    data = entry_data(entry, queries.versions_of(entry).first())
    assert data.version == 1
    assert not data.is_draft
    assert [o.level for o in data.opinions] == ["grassroots"]
    assert data.nominating == tianjin.zone.name


@pytest.mark.parametrize("kind", ["pdf", "docx"])
@pytest.mark.parametrize("document", ["application_form", "authorisation"])
def test_papers_of_a_real_programme_for_a_submitted_entry(kind, document, tianjin, desk_client):
    with system_scope("test"):
        entry = make_entry(make_cycle(tianjin, "five-small-top20"), tianjin.filer, "submitted")
    answer = desk_client(tianjin.unit_checker).get(url("document", entry, document=document, kind=kind))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] in {b"%P", b"PK"}


def test_removing_a_file_without_script_keeps_what_was_typed(cycle, tianjin, desk_client):
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer, complete=False, answers={"work_title": "甲"}, title="甲")
        file = make_attachment(entry, tianjin.filer, "photos")
    page = desk_client(tianjin.filer).post(
        url("attachment.remove", entry, pk=file.pk), {"version": "", "publish_consent": "on"}
    )
    assert page["Location"].endswith("/edit/proof/")
    with system_scope("test"):
        assert Attachment.objects.get(pk=file.pk).removed_at
        assert Entry.objects.get(pk=entry.pk).answers["publish_consent"] is True


def test_sealed_scan_is_uploaded_from_the_papers_page(cycle, tianjin, desk_client):
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer, "submitted")
    client, here = desk_client(tianjin.unit_checker), url("files", entry)
    scan = SimpleUploadedFile("盖章.png", picture_bytes())
    page = client.post(url("upload", entry, field="sealed_form"), {"sealed_form": scan, "next": here}, follow=True)
    assert page.redirect_chain[-1][0] == here
    assert "盖章.png" in page.content.decode()
    nothing = client.post(url("upload", entry, field="sealed_form"), {"next": here}, follow=True)
    assert "没有收到文件" in nothing.content.decode()


def test_upload_never_leads_to_another_site(cycle, tianjin, desk_client):
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer)
    answer = desk_client(tianjin.filer).post(
        url("upload", entry, field="photos"), {"next": "https://elsewhere.example/"}
    )
    assert "elsewhere" not in answer["Location"]


@pytest.mark.parametrize(
    ("desk", "allowed"),
    [
        ("filer", {"edit", "submit", "withdraw", "attach", "view", "reveal", "create"}),
        ("unit_checker", {"view", "reveal"}),
        ("district_checker", {"view", "reveal"}),
        ("manager", {"view", "reveal", "disqualify"}),
        ("auditor", {"view"}),
        ("expert", set()),
    ],
)
def test_who_may_what_with_a_draft(desk, allowed, cycle, tianjin, all_rows):
    entry = make_entry(cycle, tianjin.filer, files=False)
    actor = getattr(tianjin, desk)
    actions = policy_for("entry").actions
    assert {action for action in actions if may(actor, f"entry.{action}", entry)} == allowed


def test_policy_rows_follow_the_answers(cycle, tianjin, in_scope, all_rows):
    make_entry(cycle, tianjin.filer, title="草稿件", files=False)
    sent = make_entry(cycle, tianjin.filer, "submitted", title="上报件", files=False)
    policy = policy_for("entry")
    with in_scope(tianjin.filer):
        assert policy.rows(tianjin.filer, "edit").count() == 1
        assert policy.rows(tianjin.filer, "view").count() == 2
    with in_scope(tianjin.unit_checker):
        assert list(policy.rows(tianjin.unit_checker, "endorse")) == [sent]
    with in_scope(tianjin.zone_checker):
        assert not policy.rows(tianjin.zone_checker, "return").exists()


def test_deadline_before_the_call_and_after_a_missed_correction(cycle, tianjin, all_rows):
    entry = make_entry(cycle, tianjin.filer, files=False)
    opens = cycle.stages.get(kind="application").opens_at
    assert "申报自" in deadline_note(entry, opens - dt.timedelta(days=1)).text
    returned = make_entry(cycle, tianjin.filer, EntryState.RETURNED, title="乙", files=False, return_due_at=opens)
    late = deadline_note(returned, opens + dt.timedelta(days=1))
    assert late.is_over
    assert "补正期限" in late.text
    sent = make_entry(cycle, tianjin.filer, "submitted", title="丙", files=False)
    assert deadline_note(sent, timezone.now()) is None


def test_flags_are_a_closed_list():
    with pytest.raises(ValueError, match="unknown flag"):
        register_flag("weather", lambda: None)
    with pytest.raises(ValueError, match="twice"):
        register_flag("local_notice", lambda: None)


def test_papers_with_clear_numbers_are_not_for_desks_that_only_read(cycle, tianjin, desk_client):
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer, "submitted")
    for actor in (tianjin.auditor, tianjin.supervisor):
        client = desk_client(actor)
        assert client.get(url("document", entry, document="form", kind="pdf")).status_code == 403
        assert "下载 PDF" not in client.get(url("files", entry)).content.decode()
