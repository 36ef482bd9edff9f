"""Who sees what of a review: a blind one never shows a name, an expert sees own sheets only, others see nothing."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from portal.core.scoping import system_scope
from portal.lifecycle.entries.models import Attachment, Entry
from portal.lifecycle.review.models import Assignment, Score
from tests.factories.entries import make_attachment, make_cycle
from tests.factories.review import (
    assign,
    make_entry_in_review,
    make_expert,
    make_panel,
    mark,
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


# --- blind ------------------------------------------------------------------------------------------------------------


def identifying(entry):
    """Everything that tells who is behind an entry."""
    with system_scope("test"):
        entry = Entry.objects.select_related("organisation", "employer", "nominating", "created_by").get(pk=entry.pk)
    words = [entry.code, entry.organisation.name, entry.employer.name, entry.created_by.name]
    if entry.nominating:
        words.append(entry.nominating.name)
    blind = [spec.code for spec in entry.cycle.rules.fields if spec.blind]
    for code in blind:
        value = entry.answers.get(code)
        if isinstance(value, str) and len(value) > 3:
            words.append(value)
        if isinstance(value, list):
            words += [
                v for row in value if isinstance(row, dict) for v in row.values() if isinstance(v, str) and len(v) > 1
            ]
    return {w for w in words if w and not w.isdigit()}


def desk_pages(sheet):
    return [
        url("review.desk"), url("review.desk", q="精工"), url("review.desk", sort="entry__title"),
        url("review.desk", sort="entry__organisation__name"), url("review.desk", state="open"),
        url("review.sheet", sheet.pk), url("review.recuse", sheet.pk), url("review.conflicts"), "/desk/",
    ]  # fmt: skip


def test_blind_review_shows_no_name_on_any_page(desk_client, cycle, experts, sheets, entries):
    with system_scope("test"):
        assert cycle.rules.is_blind
        make_attachment(
            entries[0], type("A", (), {"user": entries[0].created_by})(), "photos", name="精工厂张建国现场.png"
        )
    client = desk_client(experts[0])
    words = {w for e in entries for w in identifying(e)} | {"张建国"}
    assert len(words) > 8
    for address in desk_pages(sheets[0][0]):
        response = client.get(address, follow=True)
        page = text(response)
        assert response.status_code == 200, address
        leaked = {w for w in words if w in page}
        assert not leaked, f"{address}: {leaked}"


def test_search_and_sort_by_a_name_change_nothing_in_a_blind_review(desk_client, experts, sheets, entries):
    """A parameter must not answer questions that the page does not (peers.md row 10)."""
    client = desk_client(experts[0])
    codes = [e.review_code for e in entries]
    plain = re.findall(r"row-link[^>]*>(\w+)<", text(client.get(url("review.desk"))))
    assert sorted(plain) == sorted(codes)
    for sort in ("entry__title", "-entry__title", "entry__organisation__name", "entry__code", "entry_id", "entry__pk"):
        assert re.findall(r"row-link[^>]*>(\w+)<", text(client.get(url("review.desk", sort=sort)))) == plain
    for word in ("精工", entries[0].title, entries[0].code):
        assert not re.findall(r"row-link[^>]*>(\w+)<", text(client.get(url("review.desk", q=word))))
    for key in ("organisation", "entry__organisation__name", "title", "entry__title__contains"):
        assert re.findall(r"row-link[^>]*>(\w+)<", text(client.get(url("review.desk", **{key: "精工"})))) == plain
    assert re.findall(r"row-link[^>]*>(\w+)<", text(client.get(url("review.desk", q=codes[1])))) == [codes[1]]


def test_file_of_a_blind_review_has_a_neutral_name(desk_client, experts, sheets, entries):
    with system_scope("test"):
        Attachment.objects.filter(entry=entries[0]).update(name="天津市精工厂 张建国 证明.png")
        fields = {s.code for s in entries[0].cycle.rules.attachments if not s.blind}
        visible = Attachment.objects.filter(entry=entries[0], field__in=fields, removed_at=None).count()
        total = Attachment.objects.filter(entry=entries[0], removed_at=None).count()
    assert 0 < visible < total  # some attachments belong to blind questions
    client = desk_client(experts[0])
    for number in range(1, visible + 1):
        response = client.get(url("review.file", sheets[0][0].pk, number))
        assert response.status_code == 200
        name = response.headers["Content-Disposition"]
        assert "%E5%BC%A0%E5%BB%BA%E5%9B%BD" not in name  # 张建国
        assert "%E9%99%84%E4%BB%B6" in name  # 附件
        assert b"".join(response.streaming_content)
    assert client.get(url("review.file", sheets[0][0].pk, visible + 1)).status_code == 404
    assert client.get(url("review.file", sheets[0][0].pk, 0)).status_code == 404


def test_open_review_shows_unit_and_title(desk_client, tianjin):
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, "innovation-star", stage="review")
    expert = make_expert(tianjin)
    entry = make_entry_in_review(cycle, tianjin.filer)
    (sheet,) = assign(make_panel(cycle, [expert]), entry, expert)
    client = desk_client(expert)
    page = text(client.get(url("review.sheet", sheet.pk)))
    assert entry.title in page
    assert tianjin.unit.name in page
    assert entry.title in text(client.get(url("review.desk")))


# --- an expert sees nothing else --------------------------------------------------------------------------------------


def test_expert_sees_only_own_sheets(desk_client, experts, sheets, panel, cycle, tianjin):
    other = assign(panel, make_entry_in_review(cycle, tianjin.filer), experts[2])[0]
    client = desk_client(experts[0])
    for sheet in (other, sheets[0][1]):
        for name in ("review.sheet", "review.recuse"):
            assert client.get(url(name, sheet.pk)).status_code == 404
        for name in ("review.save", "review.submit", "review.recuse"):
            assert client.post(url(name, sheet.pk), {"mark-innovation": "1", "reason": "x"}).status_code == 404
        assert client.get(url("review.file", sheet.pk, 1)).status_code == 404
    with system_scope("test"):
        assert not Score.objects.exists()


def test_recused_sheet_vanishes_from_the_desk(desk_client, experts, sheets, entries):
    client = desk_client(experts[0])
    sheet = sheets[0][0]
    response = client.post(url("review.recuse", sheet.pk), {"reason": ""})
    assert response.status_code == 422
    assert client.post(url("review.recuse", sheet.pk), {"reason": "认出完成人"}).status_code == 302
    assert client.get(url("review.sheet", sheet.pk)).status_code == 404
    assert entries[0].review_code not in text(client.get(url("review.desk")))


def test_others_marks_stay_hidden_until_ones_own_are_in(desk_client, tianjin, experts):
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, stage="review", params={"review": {"show_marks_after": True}})
    panel = make_panel(cycle, experts)
    mine, theirs = assign(panel, make_entry_in_review(cycle, tianjin.filer), *experts[:2])
    mark(theirs, {"innovation": 21, "advancement": 11, "practicality": 13, "benefit": 12, "promotion": 7})
    mark(mine, FULL, submit=False)
    client = desk_client(experts[0])
    page = text(client.get(url("review.sheet", mine.pk)))
    assert "其他专家评分" not in page
    assert "64.00" not in page
    assert client.post(url("review.submit", mine.pk)).status_code == 302
    page = text(client.get(url("review.sheet", mine.pk)))
    assert "其他专家评分" in page
    assert "64.00" in page
    assert "褚专家" not in page


def test_others_marks_stay_hidden_for_ever_where_the_blueprint_says_so(desk_client, experts, sheets):
    mark(sheets[0][1], {"innovation": 21, "advancement": 11, "practicality": 13, "benefit": 12, "promotion": 7})
    mark(sheets[0][0], FULL)
    page = text(desk_client(experts[0]).get(url("review.sheet", sheets[0][0].pk)))
    assert "64.00" not in page


@pytest.mark.parametrize(
    "name",
    ["review.stages", "review.experts", "review.expert_add", "round.list"],
)
@pytest.mark.parametrize("who", ["expert", "filer", "unit_checker", "zone_checker", "district_checker"])
def test_organisers_pages_are_closed_to_others(desk_client, tianjin, name, who):
    assert desk_client(getattr(tianjin, who)).get(url(name)).status_code in {403, 404}


@pytest.mark.parametrize("who", ["expert", "filer", "district_manager", "group_checker"])
def test_pages_of_a_stage_do_not_exist_for_others(desk_client, tianjin, cycle, panel, sheets, entries, who):
    client, stage = desk_client(getattr(tianjin, who)), review_stage(cycle)
    for name in ("review.stage", "review.entries", "review.panels", "review.marks", "review.marks_print"):
        assert client.get(url(name, stage.pk)).status_code in {403, 404}
    assert client.get(url("review.matrix", panel.pk)).status_code == 404
    assert client.get(url("review.entry", entries[0].pk)).status_code == 404
    assert client.post(url("review.withdraw", sheets[0][0].pk)).status_code == 404
    assert client.post(url("review.accept", panel.pk), {"seed": "x"}).status_code == 404


def test_other_federation_sees_nothing(desk_client, hebei, cycle, panel, sheets, entries):
    client, stage = desk_client(hebei.manager), review_stage(cycle)
    assert client.get(url("review.stage", stage.pk)).status_code == 404
    assert client.get(url("review.matrix", panel.pk)).status_code == 404
    assert client.get(url("review.entry", entries[0].pk)).status_code == 404
    assert "五小" not in text(client.get(url("review.stages")))
    assert desk_client(hebei.expert).get(url("review.sheet", sheets[0][0].pk)).status_code == 404


@pytest.mark.parametrize("who", ["supervisor", "auditor"])
def test_supervisors_read_marks_and_change_nothing(desk_client, tianjin, cycle, panel, sheets, who):
    client, stage = desk_client(getattr(tianjin, who)), review_stage(cycle)
    for name in ("review.stage", "review.entries", "review.panels", "review.marks"):
        assert client.get(url(name, stage.pk)).status_code == 200
    assert client.get(url("review.matrix", panel.pk)).status_code == 200
    assert client.get(url("review.panel_create", stage.pk)).status_code in {403, 404}
    assert client.get(url("review.proposal", panel.pk)).status_code in {403, 404}
    assert client.post(url("review.withdraw", sheets[0][0].pk)).status_code in {403, 404}
    with system_scope("test"):
        assert Assignment.objects.filter(pk=sheets[0][0].pk).exists()
