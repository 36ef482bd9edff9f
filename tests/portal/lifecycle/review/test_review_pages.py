"""Marking and organising through the pages, and what the pages cost."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse

from portal.core.scoping import system_scope
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.models import Assignment, AssignmentState, DeclaredConflict, Panel, Score
from tests.factories.entries import make_cycle
from tests.factories.programmes import small_definition
from tests.factories.review import (
    assign,
    declare,
    make_entry_in_review,
    make_expert,
    make_panel,
    mark,
    mark_share,
    review_stage,
)

pytestmark = pytest.mark.integration
FULL = {"innovation": 28, "advancement": 13, "practicality": 17, "benefit": 18, "promotion": 13}


def url(name, *args, **query):
    address = reverse(f"lifecycle:{name}", args=args)
    return address + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def text(response):
    return response.content.decode()


@pytest.fixture
def cycle(tianjin):
    return make_cycle(tianjin, "five-small-top20", stage="review", params={"review": {"experts_per_entry": 2}})


@pytest.fixture
def experts(tianjin):
    return [make_expert(tianjin, name) for name in ("冯专家", "褚专家", "卫专家")]


@pytest.fixture
def panel(cycle, experts):
    return make_panel(cycle, experts, name="综合组")


@pytest.fixture
def entries(cycle, tianjin):
    return [make_entry_in_review(cycle, actor) for actor in (tianjin.filer, tianjin.group_filer, tianjin.filer)]


@pytest.fixture
def sheets(panel, entries, experts):
    """Every entry assigned to the first two experts."""
    return [assign(panel, entry, *experts[:2]) for entry in entries]


# --- marking through the page -----------------------------------------------------------------------------------------


def htmx(client, address, data, trigger=""):
    return client.post(address, data, headers={"HX-Request": "true", "HX-Trigger-Name": trigger})


def test_typed_mark_is_saved_and_the_total_comes_back(desk_client, experts, sheets):
    client, sheet = desk_client(experts[0]), sheets[0][0]
    response = htmx(client, url("review.save", sheet.pk), {"mark-innovation": "28"})
    page = text(response)
    assert response.status_code == 200
    assert 'id="status-innovation"' in page
    assert "已保存" in page
    assert "28.00" in page
    assert "<html" not in page
    with system_scope("test"):
        assert Score.objects.get(assignment=sheet).value == Decimal(28)


def test_mark_that_does_not_fit_comes_back_with_its_message(desk_client, experts, sheets):
    client, sheet = desk_client(experts[0]), sheets[0][0]
    page = text(htmx(client, url("review.save", sheet.pk), {"mark-innovation": "31"}))
    assert "应在 0 至 30 分之间" in page
    with system_scope("test"):
        assert not Score.objects.exists()


def test_abstention_through_the_page_empties_the_mark(desk_client, experts, sheets):
    client, sheet = desk_client(experts[0]), sheets[0][0]
    htmx(client, url("review.save", sheet.pk), {"mark-innovation": "28"})
    page = text(
        htmx(
            client,
            url("review.save", sheet.pk),
            {"mark-innovation": "", "abstain-innovation": "on"},
            "abstain-innovation",
        )
    )
    assert 'id="line-innovation"' in page
    with system_scope("test"):
        row = Score.objects.get(assignment=sheet)
        assert (row.value, row.abstained) == (None, True)
    htmx(client, url("review.save", sheet.pk), {"mark-innovation": ""}, "abstain-innovation")
    with system_scope("test"):
        row.refresh_from_db()
        assert (row.value, row.abstained) == (None, False)


def test_whole_form_works_without_script(desk_client, experts, sheets):
    client, sheet = desk_client(experts[0]), sheets[0][0]
    data = {f"mark-{k}": v for k, v in FULL.items()} | {"mark-benefit": "99", "comment": "思路清楚。"}
    response = client.post(url("review.save", sheet.pk), data)
    assert response.status_code == 422
    assert 'value="99"' in text(response)
    assert 'href="#mark-benefit"' in text(response)
    response = client.post(url("review.save", sheet.pk), data | {"mark-benefit": "18"})
    assert response.status_code == 302
    with system_scope("test"):
        assert Score.objects.filter(assignment=sheet).count() == 5
        assert Assignment.objects.get(pk=sheet.pk).comment == "思路清楚。"


def test_submitting_names_what_is_missing_then_leads_to_the_next_sheet(desk_client, experts, sheets):
    client, sheet = desk_client(experts[0]), sheets[0][0]
    response = client.post(url("review.submit", sheet.pk))
    assert response.status_code == 422
    assert text(response).count("请评分，或选择弃权。") == 5
    mark(sheet, FULL, submit=False)
    response = client.post(url("review.submit", sheet.pk))
    assert response.status_code == 302
    assert response.url in {url("review.sheet", s[0].pk) for s in sheets[1:]}
    assert client.post(url("review.submit", sheet.pk)).status_code == 409


def test_page_that_is_out_of_date_reloads_itself(desk_client, experts, sheets):
    client, sheet = desk_client(experts[0]), sheets[0][0]
    mark(sheet, FULL)
    response = htmx(client, url("review.save", sheet.pk), {"mark-innovation": "1"})
    assert response.headers["HX-Refresh"] == "true"
    with system_scope("test"):
        assert Score.objects.get(assignment=sheet, criterion="innovation").value == Decimal(28)


def test_submitted_sheet_is_shown_without_inputs(desk_client, experts, sheets):
    page = text(desk_client(experts[0]).get(url("review.sheet", mark(sheets[0][0], FULL).pk)))
    assert 'name="mark-' not in page
    assert "89.00" in page


def test_expert_declares_a_conflict_by_name_only(desk_client, experts, sheets, tianjin, entries):
    client = desk_client(experts[0])
    response = client.post(url("review.conflicts"), {"organisation": "不存在的工会", "reason": "任职"})
    assert response.status_code == 422
    assert "没有找到" in text(response)
    response = client.post(url("review.conflicts"), {"organisation": tianjin.unit.name, "reason": "配偶任职"})
    assert response.status_code == 302
    assert entries[0].review_code not in text(client.get(url("review.desk")))
    with system_scope("test"):
        conflict = DeclaredConflict.objects.get()
    assert client.post(url("review.conflict_withdraw", conflict.pk)).status_code == 302
    assert desk_client(experts[1]).post(url("review.conflict_withdraw", conflict.pk)).status_code == 404


def test_comment_of_2000_characters_is_refused_and_kept_in_view(desk_client, experts, sheets):
    client, sheet = desk_client(experts[0]), sheets[0][0]
    page = text(htmx(client, url("review.save", sheet.pk), {"comment": "长" * 2000}))
    assert "最多300字，现在是2000字" in page


# --- organising through the pages -------------------------------------------------------------------------------------


def test_proposal_is_shown_then_accepted(desk_client, tianjin, panel, entries):
    client = desk_client(tianjin.manager)
    response = client.get(url("review.proposal", panel.pk))
    assert response.status_code == 302
    assert "seed=" in response.url
    page = text(client.get(response.url))
    seed = re.search(r'name="seed" value="([^"]+)"', page)[1]
    fingerprint = re.search(r'name="fingerprint" value="([^"]+)"', page)[1]
    with system_scope("test"):
        assert not Assignment.objects.exists()
    response = client.post(url("review.accept", panel.pk), {"seed": seed, "fingerprint": fingerprint})
    assert response.status_code == 302
    with system_scope("test"):
        assert Assignment.objects.count() == 6
    assert client.post(url("review.accept", panel.pk), {"seed": seed, "fingerprint": fingerprint}).status_code == 409


def test_matrix_assigns_by_hand_and_names_conflicts(desk_client, tianjin, panel, entries, experts):
    client = desk_client(tianjin.manager)
    declare(experts[1], tianjin, tianjin.unit)
    page = text(client.get(url("review.matrix", panel.pk)))
    assert "专家已申报回避" in page
    assert f'value="{entries[0].pk}:{experts[1].user.pk}"' not in page
    response = client.post(url("review.matrix", panel.pk), {"pair": [f"{entries[0].pk}:{experts[1].user.pk}"]})
    assert response.status_code == 422
    assert "回避" in text(response)
    response = client.post(
        url("review.matrix", panel.pk), {"pair": [f"{entries[0].pk}:{experts[0].user.pk}", "x:y", "1:"]}
    )
    assert response.status_code == 302
    with system_scope("test"):
        sheet = Assignment.objects.get()
    assert client.post(url("review.withdraw", sheet.pk)).status_code == 302
    with system_scope("test"):
        assert not Assignment.objects.exists()


def test_panel_is_made_changed_and_removed(desk_client, tianjin, cycle, experts):
    client, stage = desk_client(tianjin.manager), review_stage(cycle)
    ids = [str(e.user.pk) for e in experts]
    data = {"name": "机械组", "members": ids[:2], "chair": ids[0], "due_at": "2026-12-01T18:00"}
    assert client.post(url("review.panel_create", stage.pk), {"name": "空组"}).status_code == 422
    assert client.post(url("review.panel_create", stage.pk), data).status_code == 302
    with system_scope("test"):
        made = Panel.objects.get(name="机械组")
    assert client.post(url("review.panel", made.pk), data | {"members": ids, "chair": ids[2]}).status_code == 302
    with system_scope("test"):
        assert made.members.count() == 3
        assert made.members.get(is_chair=True).expert_id == experts[2].user.pk
    assert client.post(url("review.panel_remove", made.pk)).status_code == 302
    with system_scope("test"):
        assert not Panel.objects.filter(name="机械组").exists()


def test_bulk_completion_shows_what_it_will_skip_first(desk_client, tianjin, panel, entries, sheets):
    for sheet in sheets[0]:
        mark_share(sheet, 0.9)
    client = desk_client(tianjin.manager)
    selected = [e.pk for e in entries[:2]]
    page = text(client.post(url("review.complete"), {"selected": selected}))
    assert "还有2位专家没有提交评分" in page
    with system_scope("test"):
        assert Entry.objects.get(pk=entries[0].pk).state == "in_review"
    client.post(url("review.complete"), {"selected": selected, "confirmed": "1"})
    with system_scope("test"):
        assert [Entry.objects.get(pk=e.pk).state for e in entries] == ["reviewed", "in_review", "in_review"]


def test_marks_page_has_figures_charts_and_a_workbook(desk_client, tianjin, cycle, sheets):
    for pair in sheets:
        for sheet in pair:
            mark_share(sheet, 0.8)
    client, stage = desk_client(tianjin.manager), review_stage(cycle)
    page = text(client.get(url("review.marks", stage.pk)))
    assert "各评分项平均得分率" in page
    assert "80.00" in page
    assert client.get(url("review.marks_print", stage.pk)).status_code == 200
    response = client.get(url("review.marks", stage.pk, export="xlsx"))
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_organiser_returns_a_sheet_with_a_reason(desk_client, tianjin, sheets, entries):
    mark_share(sheets[0][0], 0.9)
    client = desk_client(tianjin.manager)
    assert "退回" in text(client.get(url("review.entry", entries[0].pk)))
    assert client.post(url("review.reopen", sheets[0][0].pk), {"reason": ""}).status_code == 422
    assert client.post(url("review.reopen", sheets[0][0].pk), {"reason": "专家来电更正"}).status_code == 302
    with system_scope("test"):
        assert Assignment.objects.get(pk=sheets[0][0].pk).state == AssignmentState.OPEN


def test_open_sheets_marks_are_not_shown_to_the_organiser(desk_client, tianjin, sheets, entries):
    mark(sheets[0][0], {"innovation": 23}, submit=False)
    page = text(desk_client(tianjin.manager).get(url("review.entry", entries[0].pk)))
    assert ">23<" not in page


def test_record_page_and_marks_lead_to_each_other_for_the_organiser_only(desk_client, tianjin, sheets, entries):
    manager, entry = desk_client(tianjin.manager), entries[0]
    marks, record = url("review.entry", entry.pk), url("entry.detail", entry.code)
    assert marks in text(manager.get(record))
    assert record in text(manager.get(marks))
    page = text(desk_client(tianjin.filer).get(record))
    assert entry.title in page
    assert marks not in page
    assert entry.review_code not in page


def test_expert_pool_through_the_pages(desk_client, tianjin):
    client = desk_client(tianjin.manager)
    data = {
        "user": tianjin.expert.user.pk,
        "title": "教授",
        "max_load": "20",
        "fields_text": "机械、节能",
        "is_active": "on",
    }
    assert client.post(url("review.expert_add"), data | {"max_load": "0"}).status_code == 422
    response = client.post(url("review.expert_add"), data | {"unit": tianjin.group_unit.name})
    assert response.status_code == 302
    page = text(client.get(url("review.experts")))
    assert "机械、节能" in page
    assert "教授" in page
    assert client.get(response.url).status_code == 200
    changed = client.post(response.url, data | {"max_load": "30"})
    assert changed.status_code == 302


# --- cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize(
    ("page", "who", "limit"),
    [
        ("review.desk", "expert", 9), ("review.sheet", "expert", 11), ("review.stages", "manager", 8),
        ("review.stage", "manager", 12), ("review.entries", "manager", 12), ("review.panels", "manager", 10),
        ("review.marks", "manager", 12), ("review.experts", "manager", 8), ("review.matrix", "manager", 13),
        ("review.entry", "manager", 12),
    ],
)  # fmt: skip
def test_pages_cost_the_same_at_one_and_three_rows(
    n, page, who, limit, desk_client, tianjin, cycle, django_assert_max_num_queries
):
    experts = [make_expert(tianjin) for _ in range(n)]
    panel = make_panel(cycle, experts)
    made = [make_entry_in_review(cycle, tianjin.filer) for _ in range(n)]
    sheets = [assign(panel, entry, *experts) for entry in made]
    for row in sheets:
        for sheet in row[:1]:
            mark_share(sheet, 0.8, submit=page != "review.sheet")
    client = desk_client(tianjin.manager if who == "manager" else experts[0])
    args = {
        "review.sheet": [sheets[0][0].pk], "review.matrix": [panel.pk], "review.entry": [made[0].pk],
    }.get(page, [review_stage(cycle).pk] if page in {"review.stage", "review.entries", "review.panels", "review.marks"} else [])  # fmt: skip
    client.get(url(page, *args))
    with django_assert_max_num_queries(limit):
        assert client.get(url(page, *args)).status_code == 200


def test_desk_begins_with_what_waits_and_folds_what_is_over(tianjin, desk_client):
    with system_scope("test"):
        expert, made = make_expert(tianjin), []
        for number, status in enumerate(("closed", "open")):
            definition = small_definition(programme={"code": f"desk-{status}", "title": f"评审{number}"})
            cycle = make_cycle(tianjin, definition, stage="review")
            entry = make_entry_in_review(cycle, tianjin.filer)
            type(entry).objects.filter(pk=entry.pk).update(review_code=f"AAAAA{number}")
            assign(make_panel(cycle, [expert]), entry, expert)
            CycleStage.objects.filter(cycle=cycle, kind="review").update(status=status)
            made.append(f"AAAAA{number}")
    page = desk_client(expert).get(reverse("lifecycle:review.desk")).content.decode()
    assert page.index(made[1]) < page.index(made[0])
    assert "已结束的评审（1）" in page
