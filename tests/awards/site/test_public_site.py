"""The public site: open to everybody, cached, the same number of queries for any length, and honest about certificates."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from awards.register.models import HonourRecord
from portal.core.scoping import system_scope
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.showcase.domain import prepare_page, publish_page
from tests.factories.entries import make_cycle, make_entry
from tests.factories.notices import make_conferred, make_notice, take_back

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

PAGES = (
    "awards:public.home",
    "awards:public.calls",
    "awards:public.honours",
    "awards:public.accessibility",
    "lifecycle:public.notices",
    "lifecycle:public.showcase",
)


def fill(tree, count):
    """``count`` open calls, notices, honours and showcase pages."""
    with system_scope("fixture"):
        for number in range(count):
            make_cycle(tree, ("small-work", "innovation-star", "nonpublic-top10")[number])
        # Each federation numbers by its own year here, since both use the same pattern.
        years = 1 if count == 1 else 2
        decided = timezone.now() - dt.timedelta(days=366 * years)
        entries = make_conferred(tree, count, year=decided.year, now=decided)
        for entry in entries:
            page = prepare_page(entry=entry, actor=tree.manager, now=timezone.now())
            picture = entry.attachments.first()
            publish_page(item=page, summary="减少返工。", picture=picture, actor=tree.manager, now=timezone.now())
        cycle = make_cycle(tree, "five-small-top20", stage="notice")
        for _ in range(count):
            make_notice([make_entry(cycle, tree.filer, EntryState.SELECTED)], tree.manager)
    return entries


@pytest.mark.parametrize("name", PAGES)
def test_public_page_is_open_and_empty_pages_say_what_will_come(client, db, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert response.templates


@pytest.mark.parametrize("name", PAGES)
def test_public_page_comes_from_the_cache_the_second_time(tianjin, client, name, django_assert_num_queries):
    fill(tianjin, 1)
    first = client.get(reverse(name))
    with django_assert_num_queries(0):
        assert client.get(reverse(name)).content == first.content


def test_public_pages_need_the_same_queries_for_one_row_and_three(tianjin, hebei, client):
    def counts():
        found = {}
        for name in PAGES:
            # A parameter no page knows: the cache has never seen the address, and a warm blueprint is warm for both.
            client.get(reverse(name), {"warm": "1"})
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse(name), {"cold": "1"}).status_code == 200
            found[name] = len(captured)
        return found

    fill(tianjin, 1)
    one = counts()
    fill(hebei, 3)
    cache.delete_pattern("*cache.cache_page*")
    cache.delete_pattern("*cache.cache_header*")
    assert counts() == one


def test_signed_in_people_get_their_own_page_and_nobody_gets_it_after_them(tianjin, client, desk_client):
    name = tianjin.manager.user.name
    own = desk_client(tianjin.manager).get(reverse("awards:public.home")).content.decode()
    public = client.get(reverse("awards:public.home")).content.decode()
    assert name not in public
    assert own != public


def test_home_leads_to_what_is_new(tianjin, client):
    entries = fill(tianjin, 1)
    text = client.get(reverse("awards:public.home")).content.decode()
    with system_scope("test"):
        honour = HonourRecord.objects.get(entry=entries[0])
    assert honour.recipient in text
    assert reverse("awards:public.verify", kwargs={"certificate_number": honour.certificate_number}) in text
    assert reverse("lifecycle:public.notices") in text


def test_call_page_shows_the_calendar_and_the_rubric(tianjin, client):
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, "five-small-top20")
        titles = [s.title for s in cycle.stages.all()]
    text = client.get(reverse("awards:public.call", kwargs={"pk": cycle.pk})).content.decode()
    assert all(title in text for title in titles)
    assert "怎样评审" in text


def test_planned_cycle_is_not_public_yet(tianjin, client):
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, "five-small-top20")
        type(cycle).objects.filter(pk=cycle.pk).update(status="planned")
    assert client.get(reverse("awards:public.call", kwargs={"pk": cycle.pk})).status_code == 404


# --- verification -----------------------------------------------------------------------------------


def verify(client, number):
    response = client.get(reverse("awards:public.verify", kwargs={"certificate_number": number}))
    return response.status_code, response.content.decode()


def test_verification_says_genuine_revoked_or_unknown(tianjin, client):
    entry, _other = make_conferred(tianjin)
    with system_scope("test"):
        honour = HonourRecord.objects.get(entry=entry)
    status, text = verify(client, honour.certificate_number)
    assert (status, "核验通过" in text) == (200, True)
    assert honour.recipient in text
    with system_scope("test"):
        take_back(entry, tianjin.manager, reason="弄虚作假的内部情况", now=timezone.now())
    status, text = verify(client, honour.certificate_number)  # at once: this page is never cached
    assert status == 200
    assert "核验通过" not in text
    assert "撤销" in text
    assert "弄虚作假的内部情况" not in text
    status, text = verify(client, "津工创〔2026〕9999")
    assert (status, "没有这个证书编号" in text) == (404, True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_number_typed_with_other_brackets_is_found(tianjin, client, method):
    entry, _other = make_conferred(tianjin)
    with system_scope("test"):
        honour = HonourRecord.objects.get(entry=entry)
    typed = honour.certificate_number.replace("〔", "（").replace("〕", " ）")
    response = getattr(client, method)(reverse("awards:public.verify_form"), {"number": typed}, follow=True)
    assert response.status_code == 200
    assert "核验通过" in response.content.decode()


@pytest.mark.parametrize("number", ["", "   ", "长" * 61])
def test_empty_and_overlong_numbers_are_refused_beside_the_field(client, db, number):
    assert client.get(reverse("awards:public.verify_form"), {"number": number}).status_code == 422
    assert client.post(reverse("awards:public.verify_form"), {"number": number}).status_code == 422


def test_script_in_a_number_is_only_text(client, db):
    status, text = verify(client, "<script>alert(1)</script>")
    assert status == 404
    assert "<script>alert(1)" not in text


def test_numbers_cannot_be_tried_out(client, db):
    answers = [verify(client, f"津工创〔2026〕{n:04d}")[0] for n in range(41)]
    assert answers == [404] * 40 + [429]


def test_register_is_searched_by_name_unit_and_year(tianjin, client):
    entry, other = make_conferred(tianjin)
    url = reverse("awards:public.honours")
    found = client.get(url, {"q": entry.title}).content.decode()
    assert entry.title in found
    assert other.title not in found
    assert other.title in client.get(url, {"q": tianjin.group_employer.name}).content.decode()
    assert "没有找到" in client.get(url, {"q": "查无此人"}).content.decode()
    assert client.get(url, {"year": "不是年份", "page": "999"}).status_code == 200


# --- showcase ---------------------------------------------------------------------------------------


@pytest.fixture
def shown(tianjin):
    """A conferred entry with a published page."""
    entry, _other = make_conferred(tianjin)
    with system_scope("fixture"):
        page = prepare_page(entry=entry, actor=tianjin.manager, now=timezone.now())
        picture = entry.attachments.filter(content_type="image/png").first()
        publish_page(item=page, summary="减少返工。", picture=picture, actor=tianjin.manager, now=timezone.now())
    return entry, page


def address(name, page):
    return reverse(f"lifecycle:public.showcase_{name}", kwargs={"pk": page.pk})


def test_showcase_page_and_its_one_picture_are_public(shown, client):
    entry, page = shown
    text = client.get(address("item", page)).content.decode()
    assert entry.title in text
    assert "减少返工。" in text
    assert "enc1:" not in text
    picture = client.get(address("picture", page))
    assert picture["Content-Type"] == "image/png"
    assert b"".join(picture.streaming_content).startswith(b"\x89PNG")


def test_revoked_honour_is_not_shown_any_more(tianjin, shown, client):
    entry, page = shown
    with system_scope("test"):
        take_back(entry, tianjin.manager, reason="弄虚作假", now=timezone.now())
    assert client.get(address("item", page)).status_code == 404
    assert client.get(address("picture", page)).status_code == 404
    with system_scope("test"):
        assert Entry.objects.get(pk=entry.pk).state == EntryState.REVOKED
