"""Pages of notices and objections: the desk, the public, and what the wrong people find (nothing)."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.core.scoping import system_scope
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.models import Notice, NoticeItem, NoticeStatus, Objection
from tests.factories.entries import PDF, make_cycle, make_entry
from tests.factories.notices import GROUNDS, end_notice, make_draft, make_notice, make_selected, object_to

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


@pytest.fixture
def selected(tianjin):
    return make_selected(tianjin)


@pytest.fixture
def notice(tianjin, selected):
    return make_notice(selected, tianjin.manager)


def url(name, **kwargs):
    return reverse(f"lifecycle:{name}", kwargs=kwargs)


def page_of(client, name, **kwargs):
    response = client.get(url(name, **kwargs))
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


# --- the publisher's desk ---------------------------------------------------------------------------


def test_manager_drafts_corrects_and_publishes(tianjin, selected, desk_client):
    client = desk_client(tianjin.manager)
    assert str(selected[0].cycle) in page_of(client, "notice.choose")
    create = url("notice.create", cycle=selected[0].cycle_id, kind="selection")
    words = {"title": "关于拟命名的公示", "body": "现予公示。", "contact": "经济技术部", "working_days": 5}
    refused = client.post(create, words | {"entries": []})
    assert refused.status_code == 422
    assert "公示名单为空" in refused.content.decode()
    response = client.post(create, words | {"entries": [str(selected[1].pk)]})
    with system_scope("test"):
        notice = Notice.objects.get()
        assert [i.entry_id for i in notice.items.all()] == [selected[1].pk]
    assert response.url == url("notice.detail", pk=notice.pk)
    client.post(url("notice.change", pk=notice.pk), words | {"title": "更正后的标题"})
    response = client.post(url("notice.publish", pk=notice.pk), follow=True)
    assert "更正后的标题" in response.content.decode()
    with system_scope("test"):
        notice.refresh_from_db()
        assert notice.status == NoticeStatus.PUBLISHED
    again = client.post(url("notice.publish", pk=notice.pk))
    assert again.status_code == 409


def test_outcome_of_a_round_cannot_be_read_through_the_form_of_a_notice(tianjin, selected, desk_client):
    """A union below could otherwise open the city's form and read which of its entries were selected."""
    for actor in (tianjin.district_manager, tianjin.district_checker, tianjin.unit_checker, tianjin.group_checker):
        response = desk_client(actor).get(url("notice.create", cycle=selected[0].cycle_id, kind="selection"))
        assert response.status_code == 404


def test_checker_drafts_and_is_told_who_publishes(tianjin, selected, desk_client):
    notice = make_draft(selected, tianjin.checker)
    client = desk_client(tianjin.checker)
    assert "发布公示" in page_of(client, "notice.detail", pk=notice.pk)
    assert client.post(url("notice.publish", pk=notice.pk)).status_code == 403
    with system_scope("test"):
        notice.refresh_from_db()
    assert notice.status == NoticeStatus.DRAFT


def test_path_of_the_page_links_the_list_for_those_who_may_open_it(tianjin, notice, desk_client):
    link = f'href="{url("notice.list")}"'
    crumbs = {
        actor.role: re.search(
            r'<nav class="crumbs".*?</nav>', page_of(desk_client(actor), "notice.detail", pk=notice.pk), re.DOTALL
        )
        for actor in (tianjin.manager, tianjin.auditor)
    }
    assert link in crumbs["manager"].group()
    assert link not in crumbs["auditor"].group()
    assert "公示与异议" in crumbs["auditor"].group()


def test_supervisor_reads_the_notice_and_changes_nothing(tianjin, notice, desk_client):
    client = desk_client(tianjin.supervisor)
    page_of(client, "notice.detail", pk=notice.pk)
    for name in ("notice.publish", "notice.close", "notice.cancel"):
        assert client.post(url(name, pk=notice.pk), {"reason": "看看"}).status_code == 403


def test_paper_of_the_notice_is_a_word_document(tianjin, notice, desk_client):
    response = desk_client(tianjin.manager).get(url("notice.docx", pk=notice.pk))
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"PK")


# --- the docket -------------------------------------------------------------------------------------


def test_objection_is_answered_at_the_desk(tianjin, notice, selected, desk_client):
    receipt = object_to(notice, selected[0], files=1)
    client = desk_client(tianjin.manager)
    text = page_of(client, "objection.detail", pk=receipt.objection.pk)
    assert "周海燕" not in text
    assert "19900000007" not in text
    assert GROUNDS in text
    rule = url("objection.rule", pk=receipt.objection.pk)
    assert client.post(rule, {"ruling": "rejected", "text": ""}).status_code == 422
    assert client.post(rule, {"ruling": "rejected", "text": "经核实，所反映的情况不成立。"}).status_code == 302
    assert client.post(rule, {"ruling": "upheld", "text": "再来一次的答复。"}).status_code in {403, 409}
    with system_scope("test"):
        assert Objection.objects.get().ruling == "rejected"


def test_name_of_the_objector_is_shown_after_a_reason(tianjin, notice, selected, desk_client):
    objection = object_to(notice, selected[0]).objection
    client = desk_client(tianjin.manager)
    reveal = url("objection.reveal", pk=objection.pk)
    assert client.post(reveal, {"reason": ""}).status_code == 422
    shown = client.post(reveal, {"reason": "电话核实"}).content.decode()
    assert "周海燕" in shown
    assert "19900000007" in shown
    assert desk_client(tianjin.supervisor).post(reveal, {"reason": "看看"}).status_code == 403


def test_nominating_union_and_unit_find_no_trace_of_an_objection(tianjin, notice, selected, desk_client):
    objection = object_to(notice, selected[0], files=1).objection
    with system_scope("test"):
        file = objection.files.get()
    for actor in (tianjin.filer, tianjin.unit_checker, tianjin.district_checker, tianjin.district_manager):
        client = desk_client(actor)
        for name, key in (
            ("objection.detail", objection.pk),
            ("objection.rule", objection.pk),
            ("objection.reveal", objection.pk),
            ("objection.file", file.pk),
        ):
            assert client.get(url(name, pk=key)).status_code == 404, (actor.desk, name)
        listed = client.get(url("objection.list"))
        assert objection.code not in listed.content.decode()
        for query in (objection.code, "周海燕", GROUNDS[:8]):
            found = client.get(url("worklist.search"), {"q": query}).content.decode()
            assert f"/objections/{objection.pk}/" not in found
            assert found.count(objection.code) <= (query == objection.code) * 2  # only echoed as the query itself
        for name in ("entry.detail", "entry.history"):
            text = client.get(url(name, code=selected[0].code)).content.decode()
            assert objection.code not in text
            assert "异议处理中" not in text


def test_draft_of_the_city_is_not_found_by_search_below(tianjin, selected, desk_client):
    draft = make_draft(selected, tianjin.manager, title="尚未公开的名单公示")
    for actor in (tianjin.district_manager, tianjin.filer, tianjin.expert):
        assert desk_client(actor).get(url("notice.detail", pk=draft.pk)).status_code == 404
        found = desk_client(actor).get(url("worklist.search"), {"q": "尚未公开的名单"}).content.decode()
        assert draft.code not in found
    found = desk_client(tianjin.manager).get(url("worklist.search"), {"q": "尚未公开的名单"}).content.decode()
    assert url("notice.detail", pk=draft.pk) in found


def test_search_below_leads_to_the_public_page(tianjin, notice, desk_client):
    client = desk_client(tianjin.filer)
    found = client.get(url("worklist.search"), {"q": notice.code}).content.decode()
    assert url("public.notice", code=notice.code) in found
    assert client.get(url("public.notice", code=notice.code)).status_code == 200


# --- the public -------------------------------------------------------------------------------------


def test_public_page_shows_the_frozen_lines_and_nothing_personal(tianjin, client):
    with system_scope("test"):
        cycle = make_cycle(tianjin, "innovation-star", stage="notice")
        entry = make_entry(cycle, tianjin.filer, EntryState.SELECTED)
        plain = Entry.objects.get(pk=entry.pk).answers
    notice = make_notice([entry], tianjin.manager)
    text = page_of(client, "public.notice", code=notice.code)
    with system_scope("test"):
        item = NoticeItem.objects.get()
        Entry.objects.filter(pk=entry.pk).update(title="后来改的名字")
    for shown in (item.shown["title"], item.shown["unit"], notice.sha256, notice.code):
        assert shown in text
    for fact in item.shown["facts"]:
        assert fact["label"] in text
    assert {"id_number", "phone"} <= set(plain)  # the entry holds what must not be shown
    assert not re.search(r"120199\d{11}[\dX]", text)
    assert not re.search(r"\b199\d{8}\b", text)
    assert "enc1:" not in text
    client.cookies.clear()
    again = client.get(url("public.notice", code=notice.code), headers={"cookie": "a=b"}).content.decode()
    assert "后来改的名字" not in again


def test_public_sees_running_and_ended_notices_but_no_drafts(tianjin, selected, client):
    draft = make_draft(selected, tianjin.manager, title="还是稿子")
    assert client.get(url("public.notice", code=draft.code)).status_code == 404
    assert client.get(url("public.object", code=draft.code)).status_code == 404
    assert "还是稿子" not in page_of(client, "public.notices")


def test_whole_way_of_an_objection_in_public(tianjin, notice, selected, client):
    form = page_of(client, "public.object", code=notice.code)
    assert selected[0].title in form
    data = {"entry": selected[0].pk, "grounds": GROUNDS, "is_named": "1", "name": "周海燕", "phone": "19900000007"}
    files = [SimpleUploadedFile("证据.pdf", PDF, "application/pdf")]
    done = client.post(url("public.object", code=notice.code), data | {"files": files})
    assert done.status_code == 200
    with system_scope("test"):
        objection = Objection.objects.get()
        assert objection.files.get().name == "证据.pdf"
    code = next(c for c in re.findall(r"\b[2-9A-Z]{10}\b", done.content.decode()))
    found = client.post(url("public.objection"), {"code": code.lower()}).content.decode()
    assert objection.code in found
    assert "周海燕" not in found
    assert client.post(url("public.objection"), {"code": "AAAAAAAAAA"}).status_code == 422


def test_wrong_file_is_refused_by_its_content(notice, selected, client):
    data = {"entry": selected[0].pk, "grounds": GROUNDS, "is_named": "0"}
    files = [SimpleUploadedFile("证据.pdf", b"<html><script>alert(1)</script>", "application/pdf")]
    response = client.post(url("public.object", code=notice.code), data | {"files": files})
    assert response.status_code == 422
    with system_scope("test"):
        assert not Objection.objects.exists()


def test_objection_to_an_entry_outside_the_list_is_refused(tianjin, notice, client):
    with system_scope("test"):
        other = make_entry(make_cycle(tianjin, "innovation-star"), tianjin.filer)
    data = {"entry": other.pk, "grounds": GROUNDS, "is_named": "0"}
    assert client.post(url("public.object", code=notice.code), data).status_code == 422


def test_ended_notice_takes_no_objection(notice, selected, client):
    end_notice(notice)
    data = {"entry": selected[0].pk, "grounds": GROUNDS, "is_named": "0"}
    assert client.post(url("public.object", code=notice.code), data).status_code == 403
    assert "提出异议" not in page_of(client, "public.notice", code=notice.code)


def test_eleventh_objection_within_an_hour_has_to_wait(notice, selected, client):
    data = {"entry": selected[0].pk, "grounds": GROUNDS, "is_named": "0"}
    answers = [client.post(url("public.object", code=notice.code), data).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    with system_scope("test"):
        assert Objection.objects.count() == 10


def test_query_codes_cannot_be_tried_out(notice, client):
    answers = [client.post(url("public.objection"), {"code": f"AAAAAAAA{n:02d}"}).status_code for n in range(21)]
    assert answers == [422] * 20 + [429]


@pytest.mark.parametrize("count", [1, 3])
def test_public_list_needs_the_same_queries_for_any_length(tianjin, client, count, django_assert_max_num_queries):
    selected = make_selected(tianjin, 1)
    with system_scope("test"):
        cycle = selected[0].cycle
        more = [make_entry(cycle, tianjin.filer, EntryState.SELECTED) for _ in range(count - 1)]
    for entry in [*selected, *more]:
        make_notice([entry], tianjin.manager)
    with django_assert_max_num_queries(2):
        page_of(client, "public.notices")


def test_public_pages_are_kept_for_everybody_without_cookies(notice, client, django_assert_num_queries):
    first = page_of(client, "public.notice", code=notice.code)
    with django_assert_num_queries(0):
        assert page_of(client, "public.notice", code=notice.code) == first


def test_notice_that_ended_says_so_after_a_minute_at_most(notice, client):
    page_of(client, "public.notice", code=notice.code)
    response = client.get(url("public.notice", code=notice.code))
    assert int(re.search(r"max-age=(\d+)", response["Cache-Control"]).group(1)) <= 60
