"""The pages of the checklist as people use them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.core.scoping import system_scope
from portal.lifecycle.review.checklist.models import ItemMark, SelfMark
from tests.factories.entries import make_cycle, make_entry, picture_bytes
from tests.portal.lifecycle.review.checklist.test_checklist_marking import GOOD, definition, draft, reviewed  # noqa: F401


@pytest.fixture
def unit(tianjin, desk_client):
    return desk_client(tianjin.filer)


def own(entry, name="checklist.self"):
    return reverse(f"lifecycle:{name}", kwargs={"code": entry.code})


def text_of(response):
    return response.content.decode()


def test_unit_sees_every_section_with_its_least_share(unit, draft):  # noqa: F811
    page = text_of(unit.get(own(draft)))
    assert all(word in page for word in ("组织领导", "安全管理", "一票否决", "自评不低于 80 分"))
    assert "还有 2 项" in page


def test_form_without_script_saves_marks_words_and_file_at_once(unit, draft):  # noqa: F811
    data = {f"points-{code}": value for code, value in GOOD.items()}
    data |= {"found-bars.none": "no", "words-lead.chair": "津安字〔2026〕1号", "file-lead.chair": picture()}
    response = unit.post(own(draft, "checklist.self_save"), data, follow=True)
    page = text_of(response)
    assert "自评已保存" in page
    assert "达到最低分" in page
    assert "自评已符合申报要求" in page
    proof = unit.get(reverse("lifecycle:checklist.evidence", kwargs={"code": draft.code, "item": "lead.chair"}))
    assert proof.status_code == 200
    assert b"".join(proof.streaming_content).startswith(b"\x89PNG")


def picture():
    return SimpleUploadedFile("任命文件.png", picture_bytes())


def test_wrong_mark_is_shown_beside_its_item_with_status_422(unit, draft):  # noqa: F811
    response = unit.post(own(draft, "checklist.self_save"), {"points-lead.chair": "99", "points-lead.plan": "1"})
    page = text_of(response)
    assert response.status_code == 422
    assert "主要负责人任组委会主任：应在 0 至 30 分之间。" in page
    assert 'value="99"' in page


def test_autosave_answers_with_the_touched_line_its_section_and_the_sum(unit, draft):  # noqa: F811
    response = unit.post(
        own(draft, "checklist.self_save"), {"points-safety.rules": "50"}, headers={"hx-request": "true"}
    )
    page = text_of(response)
    assert 'id="part-2-total"' in page
    assert 'id="self-summary"' in page
    assert 'id="part-1-total"' not in page


def test_programme_without_checklist_has_no_such_page(tianjin, unit):
    with system_scope("test"):
        entry = make_entry(make_cycle(tianjin), tianjin.filer)
    assert unit.get(own(entry)).status_code == 404


def test_reviewer_sees_the_self_mark_and_is_asked_for_a_reason(desk_client, reviewed):  # noqa: F811
    _cycle, _entry, ((expert, sheet), _other) = reviewed
    client = desk_client(expert)
    save = reverse("lifecycle:checklist.save", args=[sheet.pk])
    page = text_of(client.get(reverse("lifecycle:review.sheet", args=[sheet.pk])))
    assert "考核表" in page
    assert "自评：<b>26</b>" in page
    answer = text_of(client.post(save, {"points-lead.chair": "20"}, headers={"hx-request": "true"}))
    assert "与自评不一致" in answer
    assert 'name="words-lead.chair"' in answer
    with system_scope("test"):
        assert ItemMark.objects.get(assignment=sheet).value == Decimal(20)
    refused = client.post(reverse("lifecycle:review.submit", args=[sheet.pk]))
    assert refused.status_code == 422
    assert "主要负责人任组委会主任：与自评不一致，请写明理由。" in text_of(refused)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_show_no_serious_accessibility_problem(
    tianjin, desk_client, open_page, accessibility, tmp_path, reviewed, width  # noqa: F811
):  # fmt: skip
    cycle, _entry, ((expert, sheet), _other) = reviewed
    with system_scope("test"):
        draft = make_entry(cycle, tianjin.filer)
        for code, value in GOOD.items():
            SelfMark.objects.create(entry=draft, item=code, value=Decimal(value) if code != "lead.chair" else 20)
    page = open_page(client=desk_client(tianjin.filer), width=width)
    page.goto(own(draft))
    page.screenshot(path=tmp_path / f"self-{width}.png", full_page=True)
    assert not accessibility(page)
    page.get_by_label("主要负责人任组委会主任").fill("27")
    page.locator("#part-1-total", has_text="达到最低分").wait_for()
    page = open_page(client=desk_client(expert), width=width)
    page.goto(reverse("lifecycle:review.sheet", args=[sheet.pk]))
    page.get_by_label("活动计划").fill("4")
    page.locator(".item-differs").wait_for()
    page.screenshot(path=tmp_path / f"review-{width}.png", full_page=True)
    assert not accessibility(page)
