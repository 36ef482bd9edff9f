"""The bundle of a real round: made when it is approved, public with the notice, recomputed from the downloaded files."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys

import pytest
from django.urls import reverse
from docx import Document

from portal.audit.models import AuditEvent
from portal.core.scoping import system_scope
from portal.lifecycle.notice.models import NoticeStatus
from portal.lifecycle.selection.bundle import verify_result
from portal.lifecycle.selection.bundle.models import ResultBundle
from tests.factories.notices import make_draft, make_notice, make_round_done


@pytest.fixture
def entries(tianjin):
    return make_round_done(tianjin)


def url(notice):
    return reverse("lifecycle:public.bundle", kwargs={"code": notice.code})


def test_approval_makes_the_bundle_and_logs_its_fingerprint(entries):
    with system_scope("test"):
        bundle = ResultBundle.objects.get()
        event = AuditEvent.objects.get(action="lifecycle.round.bundled")
    assert hashlib.sha256(bundle.text.encode()).hexdigest() == bundle.sha256 == event.data["sha256"]
    assert list(verify_result.verify(bundle.text, bundle.sha256)) == []
    assert {line["code"] for line in json.loads(bundle.text)["outcome"]} == {e.code for e in entries}


def test_bundle_is_public_only_while_its_list_is(entries, tianjin, client):
    draft = make_draft(entries[:2], tianjin.manager)
    assert client.get(url(draft)).status_code == 404
    notice = make_notice(entries[:2], tianjin.manager)
    assert client.get(url(notice)).status_code == 200
    with system_scope("test"):
        notice.status = NoticeStatus.CANCELLED
        notice.save()
    assert client.get(url(notice)).status_code == 404


def test_notice_prints_the_fingerprint_on_page_and_paper(entries, tianjin, client, desk_client):
    notice = make_notice(entries[:2], tianjin.manager)
    with system_scope("test"):
        sha256 = ResultBundle.objects.get().sha256
    page = client.get(reverse("lifecycle:public.notice", kwargs={"code": notice.code})).content.decode()
    assert sha256 in page
    paper = desk_client(tianjin.manager).get(reverse("lifecycle:notice.docx", kwargs={"pk": notice.pk}))
    text = "\n".join(p.text for p in Document(io.BytesIO(paper.getvalue())).paragraphs)
    assert sha256 in text


def test_what_everybody_downloads_recomputes_the_published_list(entries, tianjin, client, tmp_path):
    notice = make_notice(entries[:2], tianjin.manager)
    bundle, script = tmp_path / "bundle.json", tmp_path / "verify_result.py"
    bundle.write_bytes(client.get(url(notice)).getvalue())
    script.write_bytes(client.get(reverse("lifecycle:public.verify_result")).getvalue())
    with system_scope("test"):
        sha256 = ResultBundle.objects.get().sha256
    command = [sys.executable, "-I", "-S", str(script), str(bundle), sha256]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "完全一致" in done.stdout


def test_bundle_holds_no_name_of_a_person_or_union(entries, tianjin):
    with system_scope("test"):
        text = ResultBundle.objects.get().text
    for name in (tianjin.unit.name, tianjin.district.name, tianjin.group.name, entries[0].title, "专家"):
        assert name not in text
