"""Programmes whose tracks give titles of their own: register, search, papers and certificates tell them apart."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from awards.certificates.render import _text
from awards.register.models import HonourRecord
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.schema import Track
from portal.lifecycle.conferral.documents import conferral_docx
from portal.lifecycle.conferral.domain import issue_conferral
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from tests.factories.notices import make_confirmed, make_decision

pytestmark = pytest.mark.django_db
TITLES = ["金牌工人", "蓝领专家", "能工巧匠"]


@pytest.fixture
def conferred(tianjin):
    """One worker of each track, named by one decision."""
    entries = make_confirmed(tianjin, 3, toml="craftsman-titles")
    with system_scope("test"):
        cycle = Cycle.objects.select_related("programme", "blueprint", "owner").get(pk=entries[0].cycle_id)
        for entry, track in zip(entries, cycle.tracks.order_by("position"), strict=True):
            Entry.objects.filter(pk=entry.pk).update(track=track)
        decision = make_decision(cycle, tianjin.manager)
        issue_conferral(conferral=decision, actor=tianjin.manager, now=timezone.now())
    return cycle, decision


@pytest.mark.row(109)
def test_three_titles_stand_apart_in_register_search_and_certificate(conferred, client):
    with system_scope("test"):
        honours = list(HonourRecord.objects.order_by("entry__track__position"))
        assert [honour.honour for honour in honours] == TITLES
        assert [f"“{title}”" in _text(honour) for honour, title in zip(honours, TITLES, strict=True)] == [True] * 3
    page = client.get(reverse("awards:public.honours"), {"honour": "蓝领专家"}).content.decode()
    assert honours[1].certificate_number in page
    assert honours[0].certificate_number not in page


def test_decision_lists_the_title_of_each(conferred):
    cycle, decision = conferred
    with system_scope("test"):
        entries = list(
            Entry.objects.filter(cycle=cycle)
            .select_related("track", "organisation", "employer", "nominating")
            .order_by("track__position")
        )
        table = Document(io.BytesIO(conferral_docx(decision, entries).getvalue())).tables[-1]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][-1] == "称号"
    assert [row[-1] for row in rows[1:]] == TITLES


def test_track_without_a_title_gives_that_of_the_programme(conferred):
    rules = conferred[0].rules
    assert rules.honour_title("master_hand") == "能工巧匠"
    assert rules.honour_title(None) == rules.honour.title
    assert Track("a", "甲").honour == ""
