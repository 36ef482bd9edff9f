"""Pages of the applicant's journey through the client, with what goes wrong on the way."""

import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal.audit.models import AuditEvent
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.fields import form_data
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.content import answers_of
from portal.lifecycle.entries.models import Attachment, Entry
from tests.factories.answers import citizen_id
from tests.factories.entries import PDF, make_cycle, make_entry, picture_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


@pytest.fixture
def cycle(tianjin):
    return make_cycle(tianjin, "small-work")


@pytest.fixture
def draft(cycle, tianjin):
    return make_entry(cycle, tianjin.filer, complete=False, title="铣床夹具", answers={"work_title": "铣床夹具"})


def url(name, entry, **kwargs):
    return reverse(f"lifecycle:entry.{name}", kwargs={"code": entry.code, **kwargs})


def version_of(response):
    return re.search(r'name="version" value="([^"]*)"', response.content.decode())[1]


def fresh(entry, scope, actor):
    with scope(actor):
        return Entry.objects.get(pk=entry.pk)


def test_start_page_lists_open_calls_and_what_they_need(cycle, tianjin, desk_client):
    page = desk_client(tianjin.filer).get(reverse("lifecycle:entry.create"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "测试用职工创新成果征集" in text
    assert "现场照片" in text


def test_start_page_without_a_call_says_so(tianjin, desk_client):
    page = desk_client(tianjin.filer).get(reverse("lifecycle:entry.create"))
    assert "现在没有正在征集的项目" in page.content.decode()


def test_union_desks_do_not_start_entries(cycle, tianjin, desk_client):
    page = desk_client(tianjin.district_checker).get(reverse("lifecycle:entry.create"))
    assert page.status_code == 403


def test_beginning_creates_a_draft_and_leads_to_the_form(cycle, tianjin, desk_client, in_scope):
    client = desk_client(tianjin.filer)
    start = reverse("lifecycle:entry.begin", kwargs={"cycle": cycle.pk})
    assert client.get(start).status_code == 200
    with in_scope(tianjin.filer):
        track = cycle.tracks.first().pk
    page = client.post(start, {"title": "铣床夹具", "track": track}, follow=True)
    assert page.redirect_chain[-1][0].endswith("/edit/work/")
    again = client.post(start, {"title": "铣床 夹具", "track": track})
    assert again.status_code == 409
    assert "已有同名申报" in again.content.decode()


def test_over_long_name_is_named_and_kept(cycle, tianjin, desk_client):
    long = "长" * 75
    start = reverse("lifecycle:entry.begin", kwargs={"cycle": cycle.pk})
    page = desk_client(tianjin.filer).post(start, {"title": long})
    text = page.content.decode()
    assert page.status_code == 422
    assert "超出 15 字" in text
    assert long in text


def test_saving_a_part_leads_on_and_keeps_what_is_wrong(draft, tianjin, desk_client, in_scope):
    client = desk_client(tianjin.filer)
    here = url("section", draft, section="work")
    version = version_of(client.get(here))
    long = "述" * 2100
    page = client.post(
        here, {"version": version, "work_title": "铣床夹具", "summary": long, "applied_on": "2025-01-05"}
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "超出 100 字" in text
    assert "已保存，但有几处需要改正" in text
    assert fresh(draft, in_scope, tianjin.filer).answers["summary"] == long
    good = client.post(here, {"version": version_of(page), "work_title": "铣床夹具", "summary": "短", "_next": "1"})
    assert good.status_code == 302
    assert good["Location"].endswith("/edit/people/")


def test_autosave_answers_with_time_progress_and_new_version(draft, tianjin, desk_client, in_scope):
    client = desk_client(tianjin.filer)
    version = version_of(client.get(url("section", draft, section="work")))
    answer = client.post(
        url("autosave", draft, section="work"), {"version": version, "summary": "正在写", "applied_on": "明天"}
    )
    data = answer.json()
    assert answer.status_code == 200
    assert re.fullmatch(r"\d\d:\d\d", data["saved_at"])
    assert data["version"] != version
    assert "applied_on" in data["errors"]
    assert data["progress"]["sections"]["work"]["missing"] > 0
    entry = fresh(draft, in_scope, tianjin.filer)
    assert entry.answers["summary"] == "正在写"
    assert entry.answers["applied_on"] == "明天"
    assert entry.answers["work_title"] == "铣床夹具"


def test_stale_page_keeps_both_texts_and_lets_people_choose(draft, tianjin, desk_client, in_scope):
    client = desk_client(tianjin.filer)
    here = url("section", draft, section="work")
    version = version_of(client.get(here))
    client.post(here, {"version": version, "work_title": "铣床夹具", "summary": "甲先保存的内容", "_stay": "1"})
    stale = client.post(url("autosave", draft, section="work"), {"version": version, "summary": "乙后写的内容"})
    assert stale.status_code == 409
    assert stale.json()["stale"]
    page = client.post(here, {"version": version, "work_title": "铣床夹具", "summary": "乙后写的内容"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "甲先保存的内容" in text
    assert "乙后写的内容" in text
    assert fresh(draft, in_scope, tianjin.filer).answers["summary"] == "甲先保存的内容"
    chosen = client.post(
        here, {"version": version_of(page), "work_title": "铣床夹具", "summary": "乙后写的内容", "_stay": "1"}
    )
    assert chosen.status_code == 302
    assert fresh(draft, in_scope, tianjin.filer).answers["summary"] == "乙后写的内容"


def test_another_row_without_script_keeps_the_typed_rows(draft, tianjin, desk_client):
    client = desk_client(tianjin.filer)
    here = url("section", draft, section="people")
    page = client.post(
        here,
        {
            "version": version_of(client.get(here)),
            "people-present": "1",
            "people-0-name": "周明远",
            "people-0-share": "60",
            "_add_row": "people",
        },
    )
    text = page.content.decode()
    assert "周明远" in text
    assert 'name="people-1-name"' in text


def test_renamed_program_is_refused_beside_its_place_and_nothing_is_lost(draft, tianjin, desk_client, in_scope):
    client = desk_client(tianjin.filer)
    bad = SimpleUploadedFile("现场.png", b"MZ\x90\x00" + b"\x00" * 600)
    answer = client.post(url("upload", draft, field="photos"), {"photos": bad}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "与扩展名 .png 不符" in text
    assert 'id="attachments-photos"' in text
    with in_scope(tianjin.filer):
        assert not Attachment.objects.exists()


def test_good_file_is_stored_listed_downloaded_and_removed(draft, tianjin, desk_client, in_scope):
    client = desk_client(tianjin.filer)
    good = SimpleUploadedFile("现场 照片.png", picture_bytes())
    answer = client.post(url("upload", draft, field="photos"), {"photos": good}, headers={"HX-Request": "true"})
    assert "现场 照片.png" in answer.content.decode()
    with in_scope(tianjin.filer):
        attachment = Attachment.objects.get()
    download = client.get(url("attachment", draft, pk=attachment.pk))
    assert download["Content-Disposition"].startswith("attachment")
    assert download["X-Content-Type-Options"] == "nosniff"
    assert b"".join(download.streaming_content) == picture_bytes()
    gone = client.post(url("attachment.remove", draft, pk=attachment.pk), headers={"HX-Request": "true"})
    assert "现场 照片.png" not in gone.content.decode()
    attachment.refresh_from_db()
    assert attachment.removed_at is not None


def test_files_come_with_the_form_where_there_is_no_script(draft, tianjin, desk_client, in_scope):
    client = desk_client(tianjin.filer)
    here = url("section", draft, section="proof")
    version = version_of(client.get(here))
    files = {"photos": SimpleUploadedFile("a.png", picture_bytes()), "sealed_form": SimpleUploadedFile("盖章.pdf", PDF)}
    page = client.post(here, {"version": version, "publish_consent": "on", **files})
    assert page.status_code == 302
    bad = {"photos": SimpleUploadedFile("b.png", b"not a picture at all" * 40)}
    page = client.post(here, {"version": version_of(client.get(here)), "publish_consent": "on", **bad})
    assert page.status_code == 422
    assert "a.png" in page.content.decode()
    with in_scope(tianjin.filer):
        assert Attachment.objects.count() == 2


def test_file_above_the_limit_says_how_much(draft, tianjin, desk_client):
    noise = io.BytesIO()
    Image.effect_noise((1700, 1700), 90).save(noise, "PNG")
    big = SimpleUploadedFile("大图.png", noise.getvalue())
    answer = desk_client(tianjin.filer).post(
        url("upload", draft, field="photos"), {"photos": big}, headers={"HX-Request": "true"}
    )
    assert "超过 2 MB 的上限" in answer.content.decode()


def test_review_lists_what_is_missing_with_links(draft, tianjin, desk_client):
    page = desk_client(tianjin.filer).get(url("review", draft))
    text = page.content.decode()
    assert url("section", draft, section="work") + "#id_summary" in text
    assert "现在还不能提交" in text
    blocked = desk_client(tianjin.filer).post(url("review", draft), {"version": draft.version})
    assert blocked.status_code == 422


def test_submitting_locks_the_entry_and_says_where_it_is(cycle, tianjin, desk_client, in_scope):
    entry = _complete(cycle, tianjin, in_scope)
    client = desk_client(tianjin.filer)
    page = client.post(url("review", entry), {"version": entry.version}, follow=True)
    assert tianjin.unit.name in page.content.decode()
    sent = fresh(entry, in_scope, tianjin.filer)
    assert sent.state == EntryState.SUBMITTED
    assert client.get(url("edit", entry)).status_code == 403
    assert client.post(url("review", entry), {"version": entry.version}).status_code in {403, 409}


def _complete(cycle, tianjin, in_scope):
    with system_scope("test"):
        return make_entry(cycle, tianjin.filer)


@pytest.mark.parametrize("name", ["detail", "attachments", "versions", "history", "files"])
@pytest.mark.parametrize("desk", ["filer", "unit_checker", "zone_checker", "district_checker", "manager", "auditor"])
def test_record_pages_answer_for_every_desk_on_the_route(name, desk, cycle, tianjin, desk_client):
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer, "submitted")
    assert desk_client(getattr(tianjin, desk)).get(url(name, entry)).status_code == 200


@pytest.mark.parametrize("desk", ["group_filer", "group_checker"])
def test_record_is_not_found_outside_the_scope(desk, cycle, tianjin, desk_client, in_scope):
    entry = _complete(cycle, tianjin, in_scope)
    assert desk_client(getattr(tianjin, desk)).get(url("detail", entry)).status_code == 404


def test_union_desks_do_not_see_drafts(cycle, tianjin, hebei, desk_client, in_scope):
    entry = _complete(cycle, tianjin, in_scope)
    for actor in (tianjin.district_checker, tianjin.manager, hebei.manager):
        assert desk_client(actor).get(url("detail", entry)).status_code == 404


def test_papers_are_made_and_logged(cycle, tianjin, desk_client, in_scope):
    entry = _complete(cycle, tianjin, in_scope)
    client = desk_client(tianjin.filer)
    pdf = client.get(url("document", entry, document="form", kind="pdf"))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    word = client.get(url("document", entry, document="form", kind="docx"))
    assert b"".join(word.streaming_content).startswith(b"PK")
    assert client.get(url("document", entry, document="none", kind="pdf")).status_code == 404
    with in_scope(tianjin.filer):
        assert AuditEvent.objects.filter(action="lifecycle.entry.document_made").count() == 2


def test_personal_numbers_are_masked_and_shown_only_with_a_logged_reason(cycle, tianjin, desk_client, in_scope):
    number = citizen_id(77)
    rows = [{"name": "周明远", "id_number": number, "share": "100"}]
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer, "submitted", answers={"people": rows})
    client = desk_client(tianjin.unit_checker)
    assert number not in client.get(url("detail", entry)).content.decode()
    refused = client.post(url("reveal", entry), {"reason": "看"})
    assert refused.status_code == 422
    page = client.post(url("reveal", entry), {"reason": "电话核实申报人身份"})
    assert number in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    with in_scope(tianjin.filer):
        event = AuditEvent.objects.get(action="accounts.personal_data.revealed")
    assert event.data["reason"] == "电话核实申报人身份"
    assert number not in str(event.data)


def test_withdrawing_ends_the_entry(cycle, tianjin, desk_client, in_scope):
    entry = _complete(cycle, tianjin, in_scope)
    client = desk_client(tianjin.filer)
    assert client.get(url("withdraw", entry)).status_code == 200
    client.post(url("withdraw", entry), {"reason": "改报其他项目"})
    assert fresh(entry, in_scope, tianjin.filer).state == EntryState.WITHDRAWN


def test_consent_is_given_and_taken_back_on_the_check_page(draft, tianjin, desk_client, in_scope):
    client = desk_client(tianjin.filer)
    client.post(url("consent", draft), {"purpose": "publish"})
    assert fresh(draft, in_scope, tianjin.filer).answers["publish_consent"] is True
    assert "撤回同意" in client.get(url("review", draft)).content.decode()
    client.post(url("consent.withdraw", draft), {"purpose": "publish"})
    assert fresh(draft, in_scope, tianjin.filer).answers["publish_consent"] is False


def test_whole_form_of_a_real_programme_is_filled_through_its_pages(tianjin, desk_client, in_scope):
    """Every section posted as a browser does; afterwards nothing but files is missing."""
    with system_scope("test"):
        cycle = make_cycle(tianjin, "five-small-top20")
        full = make_entry(cycle, tianjin.group_filer)  # its code lists
        wanted = answers_of(full)
    client = desk_client(tianjin.filer)
    client.post(reverse("lifecycle:entry.begin", kwargs={"cycle": cycle.pk}), {"title": "一种管道除锈装置"})
    entry = next(iter(_own(in_scope, tianjin)))
    posted = dict(form_data(cycle.rules, wanted).lists())
    for section in cycle.rules.sections:
        here = url("section", entry, section=section.code)
        answer = client.post(here, {**posted, "version": version_of(client.get(here)), "_next": "1"})
        assert answer.status_code == 302, answer.content.decode()
    text = client.get(url("review", entry)).content.decode()
    assert "成果图片" in text
    stored = fresh(entry, in_scope, tianjin.filer)
    with in_scope(tianjin.filer):
        assert answers_of(stored)["solution"] == wanted["solution"]


def _own(in_scope, tianjin):
    with in_scope(tianjin.filer):
        return list(Entry.objects.all())


def test_grace_period_is_announced_and_the_end_keeps_the_text(cycle, draft, tianjin, desk_client, in_scope):
    """The deadline passes while people type: first they are warned, then nothing can be sent but all is kept."""
    client = desk_client(tianjin.filer)
    here = url("section", draft, section="work")
    _close_call(cycle, minutes_ago=5)
    page = client.get(here)
    assert "系统保留到" in page.content.decode()
    _close_call(cycle, minutes_ago=45)
    saved = client.post(here, {"version": version_of(page), "work_title": "铣床夹具", "summary": "晚了", "_stay": "1"})
    assert saved.status_code == 302
    assert fresh(draft, in_scope, tianjin.filer).answers["summary"] == "晚了"
    text = client.get(url("review", draft)).content.decode()
    assert "不能再提交" in text
    refused = client.post(url("review", draft), {"version": ""})
    assert refused.status_code == 422
    assert "截止" in refused.content.decode()
    begin = reverse("lifecycle:entry.begin", kwargs={"cycle": cycle.pk})
    assert "现在不能新建申报" in client.get(begin).content.decode()


def _close_call(cycle, *, minutes_ago):
    with system_scope("test"):
        cycle.stages.filter(kind="application").update(closes_at=timezone.now() - dt.timedelta(minutes=minutes_ago))


def test_copy_of_an_earlier_year_is_offered_and_starts_filled_in(tianjin, desk_client, in_scope):
    with system_scope("test"):
        old = make_entry(make_cycle(tianjin, "small-work", year=2023), tianjin.filer, "not_selected", title="旧成果")
        cycle = make_cycle(tianjin, "small-work", year=2026)
        track = cycle.tracks.last().pk
    client = desk_client(tianjin.filer)
    begin = reverse("lifecycle:entry.begin", kwargs={"cycle": cycle.pk})
    assert "旧成果" in client.get(begin).content.decode()
    client.post(begin, {"title": "", "source": old.code, "track": track})
    copy = next(entry for entry in _own(in_scope, tianjin) if entry.cycle_id == cycle.pk)
    assert copy.title == "旧成果"
    assert copy.answers["summary"] == old.answers["summary"]


def test_unions_read_what_was_submitted_while_the_unit_corrects_it(cycle, tianjin, desk_client):
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer, "returned", return_due_at=timezone.now() + dt.timedelta(days=2))
        Entry.objects.filter(pk=entry.pk).update(answers=entry.answers | {"summary": "正在改的内容"})
    assert "正在改的内容" in desk_client(tianjin.filer).get(url("detail", entry)).content.decode()
    for actor in (tianjin.zone_checker, tianjin.manager):
        text = desk_client(actor).get(url("detail", entry)).content.decode()
        assert "正在改的内容" not in text
        assert "正在改的内容" not in desk_client(actor).get(url("versions", entry)).content.decode()


def test_versions_are_compared_to_the_word(cycle, tianjin, desk_client):
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer, "returned", answers={"summary": "效率提高两成"})
        Entry.objects.filter(pk=entry.pk).update(answers=entry.answers | {"summary": "效率提高三成"})
    text = desk_client(tianjin.filer).get(url("versions", entry)).content.decode()
    assert "<del>两</del><ins>三</ins>" in text.replace("\n", "")
