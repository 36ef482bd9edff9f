"""The brand's public page: editions, winners, what the media wrote."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse

from competitions.contests.domain import brand
from competitions.contests.models import Competitor, Contest, ContestResult, MediaReport
from portal.audit.models import AuditEvent
from portal.core.errors import Invalid, Refused
from tests.factories.contests import enter, open_contest, person
from tests.factories.rosters import NOW

REPORT = {
    "year": 2025, "title": "百余工种同台竞技", "outlet": "示范日报", "medium": "city",
    "published_on": dt.date(2025, 11, 2), "link": "https://example.org/news/1",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.row(107)
def test_brand_page_tells_editions_winners_and_reports(tianjin, all_rows, client, desk_client):
    contest = open_contest(tianjin.manager, tianjin.municipal, NOW)
    enter(tianjin.filer, contest, NOW, [person(1), person(2)])
    for rank, one in enumerate(Competitor.objects.order_by("pk"), 1):
        ContestResult.objects.create(
            contest=contest, competitor=one, shown_name=f"选*{rank}", shown_unit="精工机械", total=90, rank=rank
        )
    Contest.objects.filter(pk=contest.pk).update(state="confirmed")
    add = {"actor": tianjin.manager, "owner": tianjin.municipal, "now": NOW}
    with pytest.raises(Refused):
        brand.add_report(actor=tianjin.filer, owner=tianjin.unit, facts=REPORT, now=NOW)
    for wrong, field in (({"published_on": dt.date(2099, 1, 1)}, "published_on"), ({"link": "ftp://x"}, "link")):
        with pytest.raises(Invalid) as caught:
            brand.add_report(facts=REPORT | wrong, **add)
        assert field in caught.value.fields
    first = brand.add_report(facts=REPORT, **add)
    with pytest.raises(Invalid, match="已经登记"):
        brand.add_report(facts=REPORT, **add)
    brand.add_report(facts=REPORT | {"year": contest.year, "title": "焊花飞舞", "medium": "national"}, **add)
    cache.clear()
    body = client.get(reverse("competitions:public.brand")).content.decode()
    assert all(words in body for words in ("百余工种同台竞技", "焊花飞舞", "选*1", "中央媒体 1 篇", "2025年"))
    assert "选*2" not in body  # winners only
    assert "选手1" not in body
    brand.remove_report(actor=tianjin.manager, report=first, now=NOW)
    assert "百余工种同台竞技" in client.get(reverse("competitions:public.brand")).content.decode()  # kept for a minute
    cache.clear()
    assert "百余工种同台竞技" not in client.get(reverse("competitions:public.brand")).content.decode()
    kept = brand.add_report(facts=REPORT, **add)
    desk = desk_client(tianjin.district_checker)
    assert "焊花飞舞" in desk.get(reverse("competitions:media.list")).content.decode()
    desk.post(reverse("competitions:media.remove"), {"selected": [kept.pk], "confirmed": "1"})
    assert MediaReport.objects.filter(pk=kept.pk).exists()  # the city's own
    assert AuditEvent.objects.filter(action__startswith="competitions.media.").count() == 4
