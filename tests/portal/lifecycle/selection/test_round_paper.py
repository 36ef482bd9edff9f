"""The meeting's paper: what stands beside the marks is quoted and marked as reference."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from portal.core.dates import local_date
from portal.core.scoping import system_scope
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.visits.models import Visit
from portal.lifecycle.review.vote.models import Ballot, VoteCandidate, VoteWindow
from tests.factories.rounds import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(tianjin):
    return Case(tianjin)


def add_references(case, *, over=True):
    """The first entry was visited and got two votes; the vote has closed, or still runs."""
    now = timezone.now()
    with system_scope("test"):
        stage = CycleStage.objects.get(cycle=case.cycle, kind="review")
        stage.params |= {"visit": {"items": []}, "vote": {"days": 7}}
        stage.save()
        Visit.objects.create(
            entry=case.entries[0], state="filed", conclusion="mostly", visited_on=local_date(now), filed_at=now
        )
        window = VoteWindow.objects.create(
            stage=stage, token="paper", title="投票", audience="public", votes_per_person=1, address_cap=30,
            opens_at=now - dt.timedelta(days=2), closes_at=now + dt.timedelta(days=-1 if over else 1),
            opened_by=case.tree.manager.user,
        )  # fmt: skip
        one = VoteCandidate.objects.create(window=window, entry=case.entries[0], position=1, title="甲", unit="乙")
        for voter in ("a", "b"):
            ballot = Ballot.objects.create(window=window, voter_key=voter, address_key=voter, cast_at=now)
            ballot.candidates.set([one])


def words_of(response):
    document = Document(io.BytesIO(b"".join(response.streaming_content)))
    table = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    return "\n".join(p.text for p in document.paragraphs), table


def test_document_quotes_visits_and_votes_as_reference(case, desk_client, tianjin):
    add_references(case)
    round_ = case.produce()
    response = desk_client(tianjin.manager).get(reverse("lifecycle:round.docx", args=[round_.pk]))
    text, (heads, first, *_others) = words_of(response)
    assert "实地考察已归档 1 件（基本符合 1 件），结论供会议参考。" in text
    assert "投票共得 2 票，仅供会议参考，不计入总分。" in text
    row = dict(zip(heads, first, strict=True))
    assert (row["名次"], row["考察结论（参考）"], row["得票（参考）"], row["结果"]) == ("1", "基本符合", "2", "入选")
    assert round_.sha256 in text
    page = desk_client(tianjin.manager).get(reverse("lifecycle:round.paper", args=[round_.pk])).content.decode()
    assert "考察结论（参考）" in page
    assert "得票（参考）" in page
    assert reverse("lifecycle:round.docx", args=[round_.pk]) in page


def test_count_of_a_running_vote_stays_hidden(case, desk_client, tianjin):
    add_references(case, over=False)
    round_ = case.produce()
    text, (heads, *_rows) = words_of(
        desk_client(tianjin.manager).get(reverse("lifecycle:round.docx", args=[round_.pk]))
    )
    assert "得票（参考）" not in heads
    assert "投票共得" not in text


def test_paper_without_references_has_no_columns_for_them(case, desk_client, tianjin):
    round_ = case.produce()
    _text, (heads, *rows) = words_of(
        desk_client(tianjin.manager).get(reverse("lifecycle:round.docx", args=[round_.pk]))
    )
    assert heads == ["名次", "名称、申报单位", "总分", "结果", "理由"]
    assert len(rows) == len(case.entries)
    assert desk_client(tianjin.district_checker).get(reverse("lifecycle:round.docx", args=[round_.pk])).status_code in {
        403,
        404,
    }
