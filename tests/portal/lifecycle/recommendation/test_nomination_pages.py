"""The union's pages: queue, decision, bulk with preview, ranked sheet, documents, places."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from portal.core.scoping import system_scope
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage, QuotaAllocation, StageStatus
from portal.lifecycle.recommendation.models import Recommendation
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db


def cycle_of(tree, toml="small-work", **params):
    return make_cycle(tree, toml, params={"recommendation": {"notice_working_days": {}} | params})


def waiting(tree, cycle, level="district", **fields):
    return make_entry(cycle, tree.filer, EntryState.SUBMITTED, at_level=level, files=False, **fields)


def reload(entry) -> Entry:
    with system_scope("test"):
        return Entry.objects.get(pk=entry.pk)


@pytest.fixture
def sheet(tianjin):
    """A ranked cycle with three entries at the district and places for one and one reserve."""
    cycle = cycle_of(tianjin, "five-small-top20")
    QuotaAllocation.objects.create(cycle=cycle, organisation=tianjin.district, count=2, reserves=1)
    return cycle, [waiting(tianjin, cycle, title=title) for title in ("成果甲", "成果乙", "成果丙")]


@pytest.mark.parametrize("n", [1, 3])
def test_waiting_list_has_a_constant_number_of_queries(tianjin, desk_client, django_assert_max_num_queries, n):
    with system_scope("test"):
        cycle = cycle_of(tianjin)
        for _ in range(n):
            waiting(tianjin, cycle)
    client = desk_client(tianjin.district_checker)
    url = reverse("lifecycle:nomination.waiting")
    client.get(url)
    with django_assert_max_num_queries(9):
        page = client.get(url)
    assert page.content.decode().count("data-select-row") == n


def test_entry_left_behind_when_the_stage_ends_waits_no_more_and_is_told_so(tianjin, desk_client):
    with system_scope("test"):
        cycle = cycle_of(tianjin)
        entry = waiting(tianjin, cycle, title="没有上报的成果")
        for kind in ("application", "recommendation"):
            CycleStage.objects.filter(cycle=cycle, kind=kind).update(status=StageStatus.OPEN)
    district, unit, city = (desk_client(a) for a in (tianjin.district_checker, tianjin.filer, tianjin.manager))
    assert entry.title in district.get(reverse("lifecycle:nomination.waiting")).content.decode()
    assert "还有1件没有报到主办工会" in city.get(cycle.get_absolute_url()).content.decode()
    with system_scope("test"):
        stage = CycleStage.objects.get(cycle=cycle, kind="recommendation")
    city.post(reverse("lifecycle:stage.close", kwargs={"pk": stage.pk}))
    assert entry.title not in district.get(reverse("lifecycle:nomination.waiting")).content.decode()
    assert entry.title not in district.get(reverse("lifecycle:worklist.home")).content.decode()
    assert "截止未报" in unit.get(entry.get_absolute_url()).content.decode()
    assert "截止未报" in unit.get(reverse("lifecycle:entry.list")).content.decode()
    assert reload(entry).state == EntryState.SUBMITTED  # goes on where it stood when the stage is opened again


def test_waiting_list_without_work_says_so(tianjin, desk_client):
    page = desk_client(tianjin.district_checker).get(reverse("lifecycle:nomination.waiting")).content.decode()
    assert "没有等待审核的申报件" in page


def test_entry_page_offers_the_decision_to_the_union_that_holds_it(tianjin, desk_client):
    with system_scope("test"):
        cycle = cycle_of(tianjin)
        first, second = waiting(tianjin, cycle), waiting(tianjin, cycle)
    page = desk_client(tianjin.district_checker).get(first.get_absolute_url()).content.decode()
    assert reverse("lifecycle:nomination.endorse", kwargs={"code": first.code}) in page
    assert second.get_absolute_url() in page  # next in the queue
    assert "共 2 件待审" in page
    elsewhere = desk_client(tianjin.zone_checker).get(first.get_absolute_url()).content.decode()
    assert reverse("lifecycle:nomination.endorse", kwargs={"code": first.code}) not in elsewhere


def test_endorse_moves_on_to_the_next_entry(tianjin, desk_client):
    with system_scope("test"):
        cycle = cycle_of(tianjin)
        first, second = waiting(tianjin, cycle), waiting(tianjin, cycle)
    url = reverse("lifecycle:nomination.endorse", kwargs={"code": first.code})
    response = desk_client(tianjin.district_checker).post(
        url, {"opinion": "同意推荐", "vetoes_checked": "on", "expected_version": first.version}
    )
    assert (response.status_code, response.url) == (302, second.get_absolute_url())
    with system_scope("test"):
        assert Recommendation.objects.get(entry=first).opinion == "同意推荐"
    again = desk_client(tianjin.district_checker).post(
        url, {"opinion": "同意推荐", "vetoes_checked": "on", "expected_version": first.version}
    )
    assert again.status_code in {403, 409}


def test_stale_page_gets_the_conflict_page_and_changes_nothing(tianjin, desk_client):
    with system_scope("test"):
        entry = waiting(tianjin, cycle_of(tianjin))
    url = reverse("lifecycle:nomination.endorse", kwargs={"code": entry.code})
    response = desk_client(tianjin.district_checker).post(
        url, {"opinion": "同意", "vetoes_checked": "on", "expected_version": 99}
    )
    assert response.status_code == 409
    assert reload(entry).at_level == "district"


def test_return_with_errors_keeps_what_was_typed(tianjin, desk_client):
    with system_scope("test"):
        cycle = cycle_of(tianjin)
        entry = waiting(tianjin, cycle)
    url = reverse("lifecycle:nomination.return", kwargs={"code": entry.code})
    client = desk_client(tianjin.district_checker)
    assert "补正期限" in client.get(url).content.decode()
    code = cycle.rules.fields[0].code
    bad = client.post(url, {"reason": "", "due_on": "2026-01-01", f"field_{code}": "此栏请补充"})
    assert bad.status_code == 422
    assert "此栏请补充" in bad.content.decode()
    good = client.post(url, {"reason": "缺少证明", "due_on": "2099-01-05", f"field_{code}": "此栏请补充"})
    assert good.status_code == 302
    assert reload(entry).state == EntryState.RETURNED
    with system_scope("test"):
        assert Recommendation.objects.get(entry=entry).field_reasons == {code: "此栏请补充"}


def test_decline_needs_a_reason(tianjin, desk_client):
    with system_scope("test"):
        entry = waiting(tianjin, cycle_of(tianjin))
    url = reverse("lifecycle:nomination.decline", kwargs={"code": entry.code})
    client = desk_client(tianjin.district_checker)
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "不符合条件"}).status_code == 302
    assert reload(entry).state == EntryState.DECLINED


@pytest.mark.parametrize("name", ["endorse", "return", "decline"])
def test_decisions_on_entries_of_others_are_not_found_or_refused(tianjin, hebei, desk_client, name):
    with system_scope("test"):
        entry = waiting(tianjin, cycle_of(tianjin))
    url = reverse(f"lifecycle:nomination.{name}", kwargs={"code": entry.code})
    assert desk_client(hebei.district_checker).get(url).status_code == 404
    assert desk_client(tianjin.group_checker).get(url).status_code == 404
    assert desk_client(tianjin.zone_checker).get(url).status_code == 403  # sees it, does not hold it
    assert desk_client(tianjin.auditor).get(url).status_code == 403


def test_bulk_shows_first_what_it_will_do_then_does_exactly_that(tianjin, desk_client):
    with system_scope("test"):
        cycle = cycle_of(tianjin, caps={"district": 1})
        first, second = waiting(tianjin, cycle), waiting(tianjin, cycle)
        elsewhere = waiting(tianjin, cycle, level="subdistrict")
    client, url = desk_client(tianjin.district_checker), reverse("lifecycle:nomination.bulk_endorse")
    chosen = [str(first.pk), str(second.pk), str(elsewhere.pk)]
    preview = client.post(url, {"selected": chosen})
    page = preview.content.decode()
    assert "请核对后确认" in page
    assert reload(first).at_level == "district"
    assert f'value="{elsewhere.pk}"' not in page
    done = client.post(
        url, {"selected": chosen, "confirmed": "1", "opinion": "同意", "vetoes_checked": "on"}, follow=True
    )
    assert "1 条没有办理" in done.content.decode()
    levels = sorted([reload(first).at_level, reload(second).at_level, reload(elsewhere).at_level])
    assert levels == ["district", "municipal", "subdistrict"]
    assert client.post(url, {}).status_code == 302


def test_sheet_is_ranked_and_forwarded_in_order(tianjin, desk_client, sheet):
    cycle, (first, second, third) = sheet
    client = desk_client(tianjin.district_checker)
    url = reverse("lifecycle:nomination.sheet", kwargs={"pk": cycle.pk})
    page = client.get(url).content.decode()
    assert page.count("data-rank ") == 3
    ranking = {
        f"rank_{first.pk}": "2",
        f"list_{first.pk}": "main",
        f"rank_{second.pk}": "1",
        f"list_{second.pk}": "main",
        f"rank_{third.pk}": "3",
        f"list_{third.pk}": "reserve",
    }
    saved = client.post(reverse("lifecycle:nomination.rank", kwargs={"pk": cycle.pk}), ranking, follow=True)
    assert "正选2件，递补1件" in saved.content.decode()
    assert [reload(e).nomination_rank for e in (second, first, third)] == [1, 2, 1]
    forward = reverse("lifecycle:nomination.forward", kwargs={"pk": cycle.pk})
    assert "将按次序上报" in client.get(forward).content.decode()
    refused = client.post(forward, {"opinion": "同意推荐"})
    assert refused.status_code == 422
    assert "一票否决" in refused.content.decode()
    done = client.post(forward, {"opinion": "同意推荐", "vetoes_checked": "on"}, follow=True)
    assert "已上报3件" in done.content.decode()
    assert {reload(e).at_level for e in (first, second, third)} == {"municipal"}


def test_sheet_with_more_than_the_places_is_refused_with_the_number_and_keeps_what_was_typed(
    tianjin, desk_client, sheet
):
    cycle, entries = sheet
    ranking = {f"rank_{e.pk}": str(9 - n) for n, e in enumerate(entries)} | {f"list_{e.pk}": "main" for e in entries}
    url = reverse("lifecycle:nomination.rank", kwargs={"pk": cycle.pk})
    answer = desk_client(tianjin.district_checker).post(url, ranking)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "还可推荐2件，现排了3件" in page
    assert page.count('<option value="main" selected>') == 3
    places = [page.index(f'name="rank_{entry.pk}"') for entry in reversed(entries)]
    assert places == sorted(places)
    assert all(reload(entry).nomination_rank is None for entry in entries)


def test_sheet_documents_carry_the_ranking(tianjin, desk_client, sheet):
    cycle, (first, second, third) = sheet
    with system_scope("test"):
        for rank, entry in enumerate((second, first), 1):
            Entry.objects.filter(pk=entry.pk).update(nomination_rank=rank)
        Entry.objects.filter(pk=third.pk).update(nomination_rank=1, is_reserve_nomination=True)
    client = desk_client(tianjin.district_checker)
    content = b"".join(client.get(reverse("lifecycle:nomination.xlsx", kwargs={"pk": cycle.pk})).streaming_content)
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True))
    assert [(row[1], row[2], row[4]) for row in rows] == [
        ("正选", 1, "成果乙"),
        ("正选", 2, "成果甲"),
        ("递补", 1, "成果丙"),
    ]
    response = client.get(reverse("lifecycle:nomination.docx", kwargs={"pk": cycle.pk}))
    document = Document(io.BytesIO(b"".join(response.streaming_content)))
    words = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert words.index(second.code) < words.index(first.code) < words.index(third.code)
    printed = client.get(reverse("lifecycle:nomination.print", kwargs={"pk": cycle.pk})).content.decode()
    assert "递补（待上报）" in printed


def test_quota_page_proposes_saves_and_shows_used(tianjin, desk_client):
    with system_scope("test"):
        cycle = cycle_of(tianjin, "five-small-top20")
        type(tianjin.district).objects.filter(pk=tianjin.district.pk).update(member_count=52_000)
    client, url = desk_client(tianjin.manager), reverse("lifecycle:quota.edit", kwargs={"pk": cycle.pk})
    page = client.get(url)
    assert page.context["form"].initial[f"count_{tianjin.district.pk}"] == 5
    assert page.context["form"].initial[f"count_{tianjin.group.pk}"] == 1  # the floor
    shared = client.get(url, {"total": "20"}).context["form"].initial
    assert sum(shared[f"count_{pk}"] for pk in (tianjin.district.pk, tianjin.group.pk)) == 20
    short = client.get(url, {"total": "1"}).content.decode()
    assert "不能这样分配" in short
    data = {f"count_{u.pk}": n for u, n in ((tianjin.district, "6"), (tianjin.group, "2"))}
    data |= {f"reserves_{u.pk}": "1" for u in (tianjin.district, tianjin.group)}
    assert "已下达2家" in client.post(url, data, follow=True).content.decode()
    with system_scope("test"):
        assert QuotaAllocation.objects.get(organisation=tianjin.district).count == 6
    bad = client.post(url, data | {f"count_{tianjin.group.pk}": "-3"})
    assert bad.status_code == 422


def test_quota_below_what_is_used_is_refused_beside_the_union(tianjin, desk_client, sheet):
    cycle, _entries = sheet
    with system_scope("test"):
        QuotaAllocation.objects.filter(organisation=tianjin.district).update(used=1)
    client, url = desk_client(tianjin.manager), reverse("lifecycle:quota.edit", kwargs={"pk": cycle.pk})
    data = {f"count_{u.pk}": "0" for u in (tianjin.district, tianjin.group)}
    data |= {f"reserves_{u.pk}": "0" for u in (tianjin.district, tianjin.group)}
    page = client.post(url, data)
    assert page.status_code == 422
    assert "已使用1个名额" in page.content.decode()


@pytest.mark.parametrize("who", ["filer", "district_checker", "district_manager", "checker", "auditor"])
def test_places_are_allotted_by_the_organisers_manager_only(tianjin, desk_client, sheet, who):
    cycle, _entries = sheet
    response = desk_client(tianjin.actors[who]).get(reverse("lifecycle:quota.edit", kwargs={"pk": cycle.pk}))
    assert response.status_code in {403, 404}


def test_sheet_offers_forwarding_only_when_something_is_ranked(tianjin, desk_client):
    with system_scope("test"):
        cycle = cycle_of(tianjin, "five-small-top20")
    client = desk_client(tianjin.district_manager)
    address = reverse("lifecycle:nomination.sheet", kwargs={"pk": cycle.pk})
    assert "整体上报" not in client.get(address).content.decode()
    with system_scope("test"):
        entry = waiting(tianjin, cycle, title="成果甲")
    page = client.get(address).content.decode()
    assert "请先排定次序并保存" in page
    with system_scope("test"):
        Entry.objects.filter(pk=entry.pk).update(nomination_rank=1)
    page = client.get(address).content.decode()
    assert "请先排定次序并保存" not in page
    assert reverse("lifecycle:nomination.forward", kwargs={"pk": cycle.pk}) in page
