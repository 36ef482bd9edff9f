"""Rounds in the browser: decision table, ties, approval, paper, workbook – and nothing of it for anybody below."""

from __future__ import annotations

import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.core.scoping import system_scope
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.selection import domain
from portal.lifecycle.selection.models import RoundStatus, Selection, SelectionRound
from tests.factories.rounds import Case

pytestmark = pytest.mark.integration


def url(name, *args, query=""):
    return reverse(f"lifecycle:{name}", args=args) + (f"?{query}" if query else "")


def text(response):
    return response.content.decode()


@pytest.fixture
def case(tianjin):
    return Case(tianjin)


@pytest.fixture
def manager(desk_client, tianjin):
    return desk_client(tianjin.manager)


def test_decision_table_shows_rank_marks_outcome_reason_and_meters(case, manager):
    round_ = case.produce()
    page = text(manager.get(url("round.detail", round_.pk)))
    for word in ("名次", "创新性", "总分", "入选", "递补 1", "未入选", "按名次入选", "入选名额", "2 / 2"):
        assert word in page, word
    for entry in case.entries:
        assert entry.title in page


@pytest.mark.parametrize(
    "sort", ["rank", "-rank", "entry__title", "-total", "outcome", "entry__organisation__name", "x"]
)
def test_sorting_never_changes_an_outcome(case, manager, sort):
    round_ = case.produce()
    before = case.outcomes(round_)
    assert manager.get(url("round.detail", round_.pk, query=f"sort={sort}")).status_code == 200
    assert case.outcomes(round_) == before


def test_approval_through_the_page_needs_a_note(case, manager):
    round_ = case.produce()
    assert manager.get(url("round.approve", round_.pk)).status_code == 200
    assert manager.post(url("round.approve", round_.pk), {"note": " "}).status_code == 422
    assert case.states() == ["reviewed"] * 4
    assert manager.post(url("round.approve", round_.pk), {"note": "主席办公会通过"}).status_code == 302
    assert case.states() == ["selected", "selected", "reserve", "not_selected"]
    assert "主席办公会通过" in text(manager.get(url("round.detail", round_.pk)))
    assert manager.post(url("round.approve", round_.pk), {"note": "再次"}).status_code == 409


def test_rejection_through_the_page(case, manager):
    round_ = case.produce()
    assert manager.post(url("round.reject", round_.pk), {"note": ""}).status_code == 422
    assert manager.post(url("round.reject", round_.pk), {"note": "附件须复核"}).status_code == 302
    with system_scope("test"):
        round_.refresh_from_db()
    assert round_.status == RoundStatus.REJECTED


def test_tie_is_settled_through_the_page(tianjin, manager):
    case = Case(tianjin, shares=(0.9, 0.8, 0.8, 0.7))
    round_ = case.produce()
    page = text(manager.get(url("round.detail", round_.pk)))
    assert "并列" in page
    assert "议定次序" in page
    address = url("round.tie", round_.pk, 0)
    assert manager.get(address).status_code == 200
    same = {"place_0": "1", "place_1": "1", "reason": "表决"}
    assert "次序重复" in text(manager.post(address, same))
    assert manager.post(address, {"place_0": "2", "place_1": "1", "reason": ""}).status_code == 422
    assert manager.post(address, {"place_0": "2", "place_1": "1", "reason": "表决 5:2"}).status_code == 302
    with system_scope("test"):
        round_.refresh_from_db()
    assert round_.needs_decision == []
    assert "表决 5:2" in text(manager.get(url("round.detail", round_.pk)))
    assert manager.get(address).status_code == 404


def test_producing_starts_one_job_and_says_what_happens(case, manager):
    for _ in range(2):
        assert manager.post(url("round.produce", case.stage.pk)).status_code == 302
    with system_scope("test"):
        assert not SelectionRound.objects.exists()  # the worker does it
    page = text(manager.get(url("round.stage", case.stage.pk)))
    assert "正在产生评选结果" in page


def test_reason_why_no_round_can_be_produced_stands_beside_the_button(case, manager):
    case.act(domain.approve_round, round_=case.produce(), note="同意")
    assert "评选结果已经审定" in text(manager.get(url("round.stage", case.stage.pk)))


def test_workbook_keeps_formula_like_text_as_text(case, manager):
    with system_scope("test"):
        Entry.objects.filter(pk=case.entries[0].pk).update(title='=HYPERLINK("x")')
    round_ = case.produce()
    response = manager.get(url("round.detail", round_.pk, query="export=xlsx"))
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = list(sheet.iter_rows())
    heads = [cell.value for cell in rows[0]]
    assert {"名次", "名称", "申报单位", "推荐工会", "创新性", "总分", "结果", "理由"} <= set(heads)
    title = rows[1][heads.index("名称")]
    assert title.value == '=HYPERLINK("x")'
    assert title.data_type == "s"
    assert [row[heads.index("名次")].value for row in rows[1:]] == [1, 2, 3, 4]


def test_paper_has_every_entry_the_rule_and_the_fingerprint(case, manager):
    round_ = case.produce()
    page = text(manager.get(url("round.paper", round_.pk)))
    assert round_.sha256 in page
    assert "去掉 1 个最高分" in page
    assert all(entry.title in page for entry in case.entries)


def test_blocked_round_shows_the_differences_and_no_approval(case, manager):
    round_ = case.produce()
    with system_scope("test"):
        difference = {"code": case.entries[0].code, "field": "total", "python": "94.00", "sql": "93.00"}
        SelectionRound.objects.filter(pk=round_.pk).update(status=RoundStatus.BLOCKED, differences=[difference])
    page = text(manager.get(url("round.detail", round_.pk)))
    assert "94.00" in page
    assert "93.00" in page
    assert manager.post(url("round.approve", round_.pk), {"note": "同意"}).status_code == 409


@pytest.mark.parametrize("who", ["supervisor", "auditor"])
def test_supervisors_read_rounds_and_decide_nothing(case, desk_client, tianjin, who):
    round_, client = case.produce(), desk_client(getattr(tianjin, who))
    for name in ("round.detail", "round.paper"):
        assert client.get(url(name, round_.pk)).status_code == 200
    assert client.get(url("round.stage", case.stage.pk)).status_code == 200
    assert ">审定</a>" not in text(client.get(url("round.list")))  # nor is it offered to them in the list
    assert client.get(url("round.approve", round_.pk)).status_code == 403
    assert client.post(url("round.approve", round_.pk), {"note": "同意"}).status_code == 403
    assert client.post(url("round.produce", case.stage.pk)).status_code in {403, 404}
    assert case.states() == ["reviewed"] * 4


BELOW = (
    "filer", "unit_checker", "group_filer", "group_unit_checker", "zone_checker", "district_checker", "district_manager",
    "group_checker", "expert",
)  # fmt: skip


@pytest.mark.parametrize("who", BELOW)
def test_nobody_below_sees_a_round_before_or_after_approval(case, desk_client, tianjin, who):
    """No page of theirs says what was decided, before the notice does."""
    round_, client = case.produce(), desk_client(getattr(tianjin, who))
    for step in ("produced", "approved"):
        if step == "approved":
            desk_client(tianjin.manager).post(url("round.approve", round_.pk), {"note": "同意"})
            assert case.states()[0] == "selected"
        for name in ("round.detail", "round.paper", "round.approve"):
            assert client.get(url(name, round_.pk)).status_code in {403, 404}
        assert client.get(url("round.stage", case.stage.pk)).status_code in {403, 404}
        stages = client.get(url("round.list"))  # a district's manager sees the rounds of its own cycles: none here
        assert stages.status_code in {403, 404} or "五小" not in text(stages)
        pages = ["/desk/", url("entry.list"), url("entry.list", query="state=selected")]
        for entry in case.entries:
            pages += [url(f"entry.{tab}", entry.code) for tab in ("detail", "history", "files", "versions")]
        seen = 0
        for address in pages:
            response = client.get(address, follow=True)
            seen += response.status_code == 200
            page = text(response)
            main = page[page.find("<main") :]
            main = re.sub(r"<select.*?</select>", "", main, flags=re.DOTALL)  # filters name every state
            for word in ("拟入选", "拟定</", "未入选", "列为递补", "审定评选"):
                assert word not in main, f"{address}: {word}"
        assert seen >= (1 if who == "expert" else 8)


def test_other_federation_sees_no_round(case, desk_client, hebei):
    round_, client = case.produce(), desk_client(hebei.manager)
    assert client.get(url("round.detail", round_.pk)).status_code == 404
    assert client.get(url("round.stage", case.stage.pk)).status_code == 404
    assert client.post(url("round.approve", round_.pk), {"note": "同意"}).status_code == 404
    assert "五小" not in text(client.get(url("round.list")))


def test_public_sees_no_round(case, client):
    round_ = case.produce()
    for name in ("round.detail", "round.paper"):
        assert client.get(url(name, round_.pk)).status_code == 302
    page = text(client.get("/", follow=True))
    assert case.entries[0].title not in page


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("name", ["round.list", "round.stage", "round.detail", "round.paper"])
def test_pages_cost_the_same_at_one_and_three_rows(n, name, tianjin, desk_client, django_assert_max_num_queries):
    case = Case(tianjin, shares=(0.9, 0.85, 0.8)[:n])
    round_ = case.produce()
    args = {"round.list": [], "round.stage": [case.stage.pk]}.get(name, [round_.pk])
    client = desk_client(tianjin.manager)
    client.get(url(name, *args))
    with django_assert_max_num_queries(12):
        assert client.get(url(name, *args)).status_code == 200


def test_rows_of_a_round_are_complete(case):
    round_ = case.produce()
    with system_scope("test"):
        rows = Selection.objects.filter(round=round_)
        assert all(set(row.details) >= {"criteria", "median", "groups", "nominating", "cause"} for row in rows)
