"""Pages of the room: no more queries for more rows; the code at a window works on a phone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competitions.labels.models import Rating, Recheck, RecheckCampaign
from portal.core.dates import local_date
from tests.factories.labels import make_label, make_point, make_team, marks

LISTS = (
    "label.home", "workteam.list", "teamlabel.list", "campaign.list", "recheck.list", "ratingpoint.list",
)  # fmt: skip


def add_team(tianjin, kind):
    now = timezone.now()
    team = make_team(tianjin.employer)
    label = make_label(team, tianjin.district, kind=kind, given_on=local_date(now) - dt.timedelta(days=400))
    campaign = RecheckCampaign.objects.create(
        owner=tianjin.district,
        kind=kind,
        year=now.year,
        due_on=local_date(now),
        criteria=[],
        version="1",
        opened_at=now,
    )
    Recheck.objects.create(campaign=campaign, label=label, due_on=local_date(now))
    point = make_point(team)
    Rating.objects.create(point=point, day=local_date(now), at=now, device="d", network="n", **marks(4))


@pytest.mark.django_db
def test_lists_ask_no_more_for_more_rows(tianjin, desk_client, all_rows):
    client, counts = desk_client(tianjin.district_checker), []
    for kinds in (("learning",), ("quality", "safe")):
        for kind in kinds:
            add_team(tianjin, kind)
        found = []
        for name in LISTS:
            client.get(reverse(f"competitions:{name}"))
            with CaptureQueriesContext(connection) as asked:
                assert client.get(reverse(f"competitions:{name}")).status_code == 200
            found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1], dict(zip(LISTS, zip(*counts, strict=True), strict=True))
    export = client.get(f"{reverse('competitions:teamlabel.list')}?export=xlsx")
    assert "spreadsheet" in export["Content-Type"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.row(152)
def test_guest_rates_a_window_on_a_phone(tianjin, all_rows, live_server, open_page, accessibility, client):
    point = make_point(make_team(tianjin.employer, "帮扶窗口"))
    page = open_page(client=client, width=390)
    page.goto(live_server.url + reverse("competitions:public.rate", kwargs={"token": point.token}))
    for name, value in marks(5, efficiency=4).items():
        page.locator(f"input[name={name}][value='{value}']").check()
    page.locator("textarea[name=remark]").fill("办得快")
    assert not accessibility(page)
    page.get_by_role("button", name="提交评价").click()
    page.wait_for_url("**/public/rate/thanks/")
    row = Rating.objects.get()
    assert (row.attitude, row.efficiency, row.remark) == (5, 4, "办得快")
