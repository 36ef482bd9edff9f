"""Pages of the room: no more queries for more rows; a unit enters a studio and its records in the browser."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from innovations.studios.models import Alliance, AllianceMember, Growth, Result, Studio, Topic
from portal.core.dates import local_date
from tests.factories.studios import make_check, make_line, make_studio

LISTS = ("studio.home", "studio.list", "topic.list", "studioresult.list", "check.list", "alliance.list")


def full_studio(tianjin, alliance):
    now = timezone.now()
    studio = make_studio(tianjin.employer, named_by=tianjin.district)
    by = {"studio": studio, "entered_at": now}
    Topic.objects.create(title="焊缝", year=now.year, goal="-", head="周", due_on=local_date(now), **by)
    Result.objects.create(title="装置", kind="process", on=local_date(now), applied_in="一车间", **by)
    Growth.objects.create(
        kind="promotion", name="吴", on=local_date(now), trade="焊工", before="中级工", after="高级工", **by
    )
    make_check(studio, tianjin.district, now.year)
    make_line(studio, now)
    AllianceMember.objects.create(alliance=alliance, studio=studio, share="试验", joined_on=local_date(now))
    return studio


@pytest.mark.django_db
def test_pages_ask_no_more_for_more_rows(tianjin, desk_client, all_rows):
    client, counts = desk_client(tianjin.district_checker), []
    alliance = Alliance.objects.create(
        owner=tianjin.district, name="联盟", direction="焊接", founded_on=local_date(timezone.now())
    )
    for more in (1, 2):
        for _n in range(more):
            studio = full_studio(tianjin, alliance)
        make_line(studio, timezone.now(), amount=str(more))
        addresses = [reverse(f"innovations:{name}") for name in LISTS]
        addresses += [alliance.get_absolute_url(), reverse("innovations:studio.money", kwargs={"pk": studio.pk})]
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1], dict(zip(addresses, zip(*counts, strict=True), strict=True))
    for address in (addresses[1], addresses[-1]):
        assert "spreadsheet" in client.get(f"{address}?export=xlsx")["Content-Type"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.row(155)
def test_unit_registers_a_studio_and_its_money_in_the_browser(
    tianjin, all_rows, live_server, open_page, accessibility, desk_client
):
    page = open_page(client=desk_client(tianjin.filer), width=390)
    page.goto(live_server.url + reverse("innovations:studio.add"))
    for name, value in {
        "name": "周师傅创新工作室",
        "founded_on": "2022-03-01",
        "direction": "焊接工艺",
        "leader": "周师傅",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url("**/desk/studios/*/")
    assert "本年度培训交流" in page.locator("main").inner_text()
    assert not accessibility(page)
    studio = Studio.objects.get()
    page.goto(live_server.url + reverse("innovations:activity.add", kwargs={"pk": studio.pk}))
    for name, value in {"title": "焊接实训", "people": "24"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url(f"**/desk/studios/{studio.pk}/#activities")
    assert "1场 24人次" in page.locator("#activities").inner_text()
    page.goto(live_server.url + reverse("innovations:money.add", kwargs={"pk": studio.pk}))
    assert "现在的余额：0.00元" in page.locator("main").inner_text()
    assert not accessibility(page)
