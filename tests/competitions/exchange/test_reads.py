"""Experiences of non-public enterprises: their kind, tags people share, and how often the public reads them."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.exchange import reads, tags
from competitions.exchange.domain import cases
from competitions.exchange.domain.reads import collect_reads
from competitions.exchange.models import ExchangeCase
from competitions.exchange.sheets import CASES
from portal.core.errors import Invalid
from tests.competitions.exchange.test_exchange import NOW, case_facts
from tests.competitions.exchange.test_follows import page, published


def shown(tianjin, **changes):
    row = published(tianjin, **changes)
    return cases.show_case(actor=tianjin.zone_checker, case=row, public=True, now=NOW)


def stored(case):
    return ExchangeCase.objects.values_list("views", flat=True).get(pk=case.pk)


@pytest.mark.django_db
@pytest.mark.row(33)
def test_experience_of_a_nonpublic_enterprise_is_written_tagged_and_found_by_its_tag(tianjin, all_rows, desk_client):
    form = case_facts(kind="nonpublic", title="民企“小赛场”", model_name="某民营企业") | {"tags": ["民营企业"]}
    writer = desk_client(tianjin.filer)
    asked = writer.get(page("case.add") + "?kind=nonpublic").content.decode()
    assert 'value="nonpublic" selected' in asked
    assert "民营企业" in asked  # offered though nobody has used it yet
    body = writer.post(page("case.add"), form | {"more_tags": "一、二、三、四、五、六"}).content.decode()
    assert "最多6个标签" in body
    writer.post(page("case.add"), form | {"more_tags": "青工培养，＃数字化 青工培养"})
    row = ExchangeCase.objects.get()
    assert (row.kind, row.tags) == ("nonpublic", ["民营企业", "青工培养", "数字化"])
    with pytest.raises(Invalid):
        cases.change_case(actor=tianjin.filer, case=row, facts=case_facts(tags=["长" * 13]), now=NOW)
    change = writer.get(page("case.change", pk=row.pk)).content.decode()
    assert 'value="青工培养"' in change
    row = cases.submit_case(actor=tianjin.filer, case=row, now=NOW)
    row = cases.publish_case(actor=tianjin.zone_checker, case=row, now=NOW)
    published(tianjin, title="别的做法", tags=["青工培养"])
    reader = desk_client(tianjin.group_filer)
    found = [reader.get(page("case.list") + f"?tag={tag}").content.decode() for tag in ("数字化", "青工培养")]
    assert ["民企“小赛场”" in body for body in found] == [True, True]
    assert ["别的做法" in body for body in found] == [False, True]
    assert "?tag=%E6%95%B0%E5%AD%97%E5%8C%96" in reader.get(row.get_absolute_url()).content.decode()
    overview = desk_client(tianjin.manager).get(reverse("competitions:coverage.home")).content.decode()
    assert page("case.list") + "?kind=nonpublic" in overview
    assert next(list(line)[-2:] for line in CASES.rows(tianjin.manager, 2026)) == ["民营企业、青工培养、数字化", 0]


@pytest.mark.django_db
@pytest.mark.row(33)
def test_reads_of_the_public_page_are_counted_past_its_cache_and_shown(tianjin, all_rows, desk_client, client):
    cache.clear()
    often, once = shown(tianjin, title="常读", tags=["数字化"]), shown(tianjin, title="偶读")
    url = page("public.case", pk=often.pk)
    for _again in range(3):  # the second and third come from the cache
        assert client.get(url).status_code == 200
    client.head(url)
    client.get(url, headers={"user-agent": "Mozilla/5.0 (compatible; Somebot/2.1)"})
    assert client.get(page("public.case", pk=often.pk + 999)).status_code == 404
    client.get(page("public.case", pk=once.pk))
    assert stored(often) == 0  # no request writes
    assert reads.waiting([often.pk, once.pk, 999]) == {often.pk: 3, once.pk: 1}
    assert (collect_reads(), collect_reads()) == (4, 0)
    assert (stored(often), stored(once)) == (3, 1)
    before = ExchangeCase.objects.get(pk=often.pk).updated_at
    client.get(url)
    reads.note(often.pk)
    assert collect_reads() == 2
    assert ExchangeCase.objects.get(pk=often.pk).updated_at == before
    body = client.get(page("public.cases") + "?order=views").content.decode()
    assert body.index("常读") < body.index("偶读")
    assert "阅读 5 次" in body
    newest = client.get(page("public.cases") + "?tag=数字化").content.decode()
    assert ("常读" in newest, "偶读" in newest) == (True, False)
    desk = desk_client(tianjin.group_filer)
    listed = desk.get(page("case.list") + "?sort=views").content.decode()
    assert listed.index("偶读") < listed.index("常读")
    assert "5次" in desk.get(often.get_absolute_url()).content.decode()
    assert [line[-1] for line in CASES.rows(tianjin.manager, 2026)] == [5, 1]


@settings(max_examples=60)
@given(st.lists(st.text(alphabet="安全ＡaA班组 、#,", max_size=5), max_size=9))
def test_tags_are_cleaned_once_and_for_all(words):
    found = tags.cleaned(words)
    assert tags.cleaned(found) == found
    assert tags.split("、".join(found)) == found
    assert len({tag.casefold() for tag in found}) == len(found)
    assert all(tag and not tags.BETWEEN.search(tag) for tag in found)
    assert len(tags.offered(found)) <= tags.OFFERED
