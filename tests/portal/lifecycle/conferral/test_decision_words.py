"""Lists that hold honours and grants name both; a document speaks the words of its programme."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from portal.core.scoping import system_scope
from portal.lifecycle.notice.models import Notice, NoticeKind, NoticeStatus
from tests.factories.entries import make_cycle

pytestmark = pytest.mark.django_db


def decision(tianjin, toml, code):
    now = timezone.now()
    return Notice.objects.create(
        cycle=make_cycle(tianjin, toml, stage="conferral"), organisation=tianjin.municipal, kind=NoticeKind.DECISION,
        code=code, title=f"决定 {code}", body="决定如下。", status=NoticeStatus.PUBLISHED, published_at=now, working_days=0,
    )  # fmt: skip


def test_list_names_honours_and_grants(tianjin, desk_client):
    page = desk_client(tianjin.manager).get(reverse("lifecycle:conferral.list")).content.decode()
    assert "命名和拨付决定" in page


@pytest.mark.parametrize(("toml", "heading"), [("five-small-top20", "命名名单"), ("innovation-subsidy", "拨付名单")])
def test_decision_is_headed_in_the_words_of_its_programme(tianjin, desk_client, toml, heading):
    with system_scope("test"):
        notice = decision(tianjin, toml, "JD1")
        assert str(notice.list_heading) == heading
    page = desk_client(tianjin.manager).get(reverse("lifecycle:notice.detail", args=[notice.pk])).content.decode()
    assert heading in page
    assert "决定不设异议期" in page
    assert "期满自动结束" not in page


def test_drafts_stand_before_what_is_published(tianjin, desk_client):
    with system_scope("test"):
        published = decision(tianjin, "five-small-top20", "JD2")
        draft = Notice.objects.create(
            cycle=published.cycle, organisation=tianjin.municipal, kind=NoticeKind.SELECTION, code="GS9", title="公示稿",
            body="现予公示。", status=NoticeStatus.DRAFT, working_days=5,
        )  # fmt: skip
    page = desk_client(tianjin.manager).get(reverse("lifecycle:notice.list")).content.decode()
    assert page.index(draft.title) < page.index(published.title)


@pytest.mark.parametrize(("toml", "heading"), [("five-small-top20", "命名名单"), ("innovation-subsidy", "拨付名单")])
def test_decision_downloads_as_a_paper_without_a_period_for_objections(tianjin, desk_client, toml, heading):
    with system_scope("test"):
        notice = decision(tianjin, toml, "JD3")
    response = desk_client(tianjin.manager).get(reverse("lifecycle:notice.docx", args=[notice.pk]))
    assert response.status_code == 200
    text = "\n".join(p.text for p in Document(io.BytesIO(b"".join(response.streaming_content))).paragraphs)
    assert heading in text
    assert "公示时间" not in text
    assert "异议受理" not in text
