"""The API: same scopes, policies and domain functions as the pages; one error shape; nothing leaks."""

import re

import pytest
from django.urls import reverse

from portal.core.scoping import system_scope
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.models import Score
from tests.factories.entries import make_cycle, make_entry
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

LISTS = ("programme", "cycle", "entry", "review", "round", "notice", "honour")


@pytest.fixture
def cycle(tianjin):
    return make_cycle(tianjin)


@pytest.fixture
def draft(tianjin, cycle):
    return make_entry(cycle, tianjin.filer)


def test_schema_describes_every_resource(client):
    answer = client.get(reverse("api:schema"), headers={"Accept": "application/json"})
    paths = answer.json()["paths"]
    for resource in ("programmes", "cycles", "entries", "reviews", "rounds", "notices", "honours"):
        assert any(f"/api/v1/{resource}/" in path for path in paths), resource


@pytest.mark.parametrize("name", LISTS)
def test_list_without_sign_in_is_refused_in_the_one_shape(client, db, name):
    answer = client.get(reverse(f"api:{name}-list"))
    assert answer.status_code == 401
    assert set(answer.json()["error"]) == {"code", "message", "fields"}


def test_entries_of_another_tree_do_not_exist(desk_client, hebei, draft):
    client = desk_client(hebei.filer)
    assert client.get(reverse("api:entry-list")).json()["results"] == []
    answer = client.get(reverse("api:entry-detail", kwargs={"code": draft.code}))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_draft_is_not_seen_by_unions_above(desk_client, tianjin, draft):
    assert desk_client(tianjin.district_checker).get(reverse("api:entry-list")).json()["results"] == []


def test_entry_content_masks_personal_data(desk_client, tianjin, draft):
    url = reverse("api:entry-detail", kwargs={"code": draft.code})
    text = desk_client(tianjin.filer).get(url).content.decode()
    assert draft.title in text
    assert not re.search(r"120199(19|20)\d{2}", text)  # an ID number of the factory; credit codes have another shape
    assert "***" in text


def test_entry_is_created_saved_and_its_submission_refused_with_reasons(desk_client, tianjin, cycle):
    client = desk_client(tianjin.filer)
    made = client.post(reverse("api:entry-list"), {"cycle": cycle.pk, "title": "管道内壁除锈装置"}, "application/json")
    assert made.status_code == 201, made.content
    code = made.json()["code"]
    saved = client.put(
        reverse("api:entry-answers", kwargs={"code": code}),
        {"section": "basic", "answers": {"keywords": "工装、安全"}},
        "application/json",
    )
    assert saved.json()["version"] == made.json()["version"] + 1
    refused = client.post(reverse("api:entry-submit", kwargs={"code": code}), {}, "application/json")
    assert refused.status_code == 403
    assert refused.json()["error"]["message"]


def test_stale_version_is_a_conflict(desk_client, tianjin, draft):
    answer = desk_client(tianjin.filer).post(
        reverse("api:entry-submit", kwargs={"code": draft.code}), {"expected_version": 99}, "application/json"
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "stale")


def test_return_needs_a_reason_and_the_holding_union(desk_client, tianjin, cycle):
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer, "submitted")
    url = reverse("api:entry-return", kwargs={"code": entry.code})
    missing = desk_client(tianjin.unit_checker).post(url, {}, "application/json")
    assert (missing.status_code, list(missing.json()["error"]["fields"])) == (400, ["reason"])
    stranger = desk_client(tianjin.zone_checker).post(url, {"reason": "请补充效益证明。"}, "application/json")
    assert stranger.status_code == 403
    done = desk_client(tianjin.unit_checker).post(url, {"reason": "请补充效益证明。"}, "application/json")
    assert done.status_code == 200, done.content
    with system_scope("test"):
        assert Entry.objects.get(pk=entry.pk).state == "returned"


def test_blind_sheet_names_nobody(desk_client, tianjin):
    with system_scope("test"):
        cycle = make_cycle(tianjin, stage="review")
    expert = make_expert(tianjin)
    entry = make_entry_in_review(cycle, tianjin.filer)
    assign(make_panel(cycle, [expert]), entry, expert)
    text = desk_client(expert).get(reverse("api:review-list")).content.decode()
    assert entry.review_code in text
    for secret in (entry.title, entry.code, tianjin.unit.name, tianjin.employer.name):
        assert secret not in text


def test_mark_is_saved_for_the_own_sheet_only(desk_client, tianjin):
    with system_scope("test"):
        cycle = make_cycle(tianjin, stage="review")
    first, second = make_expert(tianjin), make_expert(tianjin)
    entry = make_entry_in_review(cycle, tianjin.filer)
    sheet, _other = assign(make_panel(cycle, [first, second]), entry, first, second)
    url = reverse("api:review-marks", kwargs={"pk": sheet.pk})
    body = {"marks": {"innovation": "25"}}
    assert desk_client(second).put(url, body, "application/json").status_code == 404
    assert desk_client(first).put(url, body, "application/json").status_code == 200
    over = desk_client(first).put(url, {"marks": {"innovation": "99"}}, "application/json")
    assert (over.status_code, list(over.json()["error"]["fields"])) == (400, ["innovation"])
    with system_scope("test"):
        assert [str(s.value) for s in Score.objects.filter(assignment=sheet, value__isnull=False)] == ["25.00"]


@pytest.mark.parametrize("count", [1, 3])
def test_entry_list_has_constant_queries(desk_client, tianjin, cycle, django_assert_max_num_queries, count):
    with system_scope("test"):
        for _ in range(count):
            make_entry(cycle, tianjin.filer, "submitted")
    client = desk_client(tianjin.unit_checker)
    with django_assert_max_num_queries(8):
        assert len(client.get(reverse("api:entry-list")).json()["results"]) == count
