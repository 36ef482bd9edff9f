"""API of checklists: the unit's own marks, a reviewer's findings, the schema."""

from __future__ import annotations

import copy

import pytest
from django.urls import reverse

from portal.core.scoping import system_scope
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.checklist.models import ItemMark, SelfMark
from portal.lifecycle.review.models import Score
from tests.factories.checklists import CHECKLIST
from tests.factories.entries import make_cycle, make_entry
from tests.factories.programmes import small_definition
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel

pytestmark = pytest.mark.django_db
POINTS = {"lead.chair": "26", "lead.plan": "2", "safety.rules": "55", "extra.video": "3", "extra.paper": "3"}


def definition():
    review = {"method": "checklist", "rubric": [], "checklist": copy.deepcopy(CHECKLIST), "experts_per_entry": 1}
    return small_definition(programme={"code": "list-api"}, stages={"review": review})


@pytest.fixture
def draft(tianjin):
    with system_scope("test"):
        return make_entry(make_cycle(tianjin, definition()), tianjin.filer)


@pytest.fixture
def case(tianjin):
    with system_scope("test"):
        cycle = make_cycle(tianjin, definition(), stage="review")
        expert, other = make_expert(tianjin, "甲"), make_expert(tianjin, "乙")
        entry = make_entry_in_review(cycle, tianjin.filer)
        SelfMark.objects.create(entry=entry, item="lead.chair", value="30", evidence="见附件一")
        (sheet,) = assign(make_panel(cycle, [expert, other]), entry, expert)
    return sheet, expert, other


def put(client, url, **body):
    return client.put(url, body, "application/json")


def items_of(answer):
    return {item["code"]: item for part in answer.json()["sections"] for item in part["items"]}


def test_unit_marks_itself_and_reads_what_is_missing(desk_client, tianjin, hebei, draft):
    url = reverse("api:self-mark-detail", kwargs={"code": draft.code})
    client = desk_client(tianjin.filer)
    assert client.get(url).json()["done"] == 0
    answer = put(client, url, points=POINTS, found={"bars.none": False}, words={})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["base"], answer.json()["bonus"]) == ("89.00", "4.00")
    assert any("缺少佐证材料" in text for text in answer.json()["refusals"])
    done = put(client, url, words={"lead.chair": "见附件一"})
    assert done.json()["refusals"] == []
    assert items_of(done)["lead.chair"]["evidence"] == "见附件一"
    assert desk_client(hebei.filer).get(url).status_code == 404


def test_wrong_points_and_unknown_items_are_named(desk_client, tianjin, draft):
    url = reverse("api:self-mark-detail", kwargs={"code": draft.code})
    client = desk_client(tianjin.filer)
    over = put(client, url, points={"lead.chair": "31"})
    assert (over.status_code, list(over.json()["error"]["fields"])) == (400, ["lead.chair"])
    strange = put(client, url, points={"nothing": "1"})
    assert (strange.status_code, list(strange.json()["error"]["fields"])) == (400, ["nothing"])


def test_entry_without_self_marks_has_no_sheet(desk_client, tianjin):
    with system_scope("test"):
        entry = make_entry(make_cycle(tianjin), tianjin.filer)
    url = reverse("api:self-mark-detail", kwargs={"code": entry.code})
    assert desk_client(tianjin.filer).get(url).status_code == 404


def test_submitted_entry_keeps_its_self_marks(desk_client, tianjin, draft):
    with system_scope("test"):
        Entry.objects.filter(pk=draft.pk).update(state="submitted")
    url = reverse("api:self-mark-detail", kwargs={"code": draft.code})
    assert put(desk_client(tianjin.filer), url, points={"lead.chair": "1"}).status_code == 403


def test_reviewer_sees_the_units_marks_and_saves_findings(desk_client, case):
    sheet, expert, other = case
    url = reverse("api:review-items", kwargs={"pk": sheet.pk})
    assert desk_client(other).get(url).status_code == 404
    assert put(desk_client(other), url, points={"lead.chair": "20"}).status_code == 404
    client = desk_client(expert)
    assert items_of(client.get(url))["lead.chair"]["self_points"] == "30.00"
    answer = put(client, url, points=POINTS, found={"bars.none": False})
    assert answer.status_code == 200, answer.content
    assert items_of(answer)["lead.chair"]["lacks_comment"] is True
    with system_scope("test"):
        assert {s.criterion: str(s.value) for s in Score.objects.filter(assignment=sheet)} == {
            "lead": "34.00", "safety": "55.00", "extra": "4.00",
        }  # fmt: skip
    submit = reverse("api:review-submit", kwargs={"pk": sheet.pk})
    assert client.post(submit).status_code == 400
    put(client, url, words={"lead.chair": "组委会名单与实际不符"})
    assert client.post(submit).status_code == 200
    assert put(client, url, points={"lead.chair": "1"}).status_code == 403


def test_refused_findings_are_named_and_not_kept(desk_client, case):
    sheet, expert, _other = case
    url = reverse("api:review-items", kwargs={"pk": sheet.pk})
    answer = put(desk_client(expert), url, points={"lead.chair": "99"})
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["lead.chair"])
    with system_scope("test"):
        assert not ItemMark.objects.filter(assignment=sheet, value__isnull=False).exists()


def test_rubric_review_has_no_items(desk_client, tianjin):
    with system_scope("test"):
        cycle = make_cycle(tianjin, stage="review")
        expert = make_expert(tianjin)
        (sheet,) = assign(make_panel(cycle, [expert]), make_entry_in_review(cycle, tianjin.filer), expert)
    url = reverse("api:review-items", kwargs={"pk": sheet.pk})
    assert desk_client(expert).get(url).status_code == 409


def test_schema_describes_checklists(desk_client, tianjin):
    text = desk_client(tianjin.manager).get(reverse("api:schema")).content.decode()
    assert "/api/v1/reviews/{id}/items/" in text
    assert "/api/v1/self-marks/{code}/" in text
    assert "self_points" in text
