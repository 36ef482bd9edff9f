"""班组竞赛: templates, points and exact ranks, closing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.labels import queries
from competitions.labels.domain import contests
from competitions.labels.points import period_of, points_of, ranking, templates
from portal.core.errors import Invalid, Refused
from tests.factories.labels import make_team

NOW = dt.datetime(2026, 6, 10, 2, tzinfo=dt.UTC)  # a Wednesday
DAY = NOW.date()
FACTS = {"title": "六月小指标", "rhythm": "day", "among": "teams", "words": "", "starts_on": dt.date(2026, 6, 1),
         "ends_on": dt.date(2026, 6, 30)}  # fmt: skip
ITEMS = "产量，件，0.1，10\n停机，次，-2"
CENTS = st.decimals(-999, 999, places=2)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.dates(DAY, DAY + dt.timedelta(days=5)), CENTS), max_size=20))
@settings(max_examples=80)
@pytest.mark.row(159)
def test_ranks_are_exact_and_ties_share_them(scores):
    places = ranking([(k, k.upper()) for k in "abcd"], scores)
    sums = {k: sum((p for key, _d, p in scores if key == k), Decimal(0)) for k in "abcd"}
    assert {p.contestant: p.total for p in places} == sums
    for place in places:  # one more than those who have more
        assert place.rank == 1 + sum(total > place.total for total in sums.values())
    assert places == ranking([(k, k.upper()) for k in "dcba"], scores[::-1])


@given(CENTS, st.decimals(-20, 20, places=2), st.one_of(st.none(), st.decimals(0, 50, places=2)))
@settings(max_examples=60)
def test_points_are_bounded_and_rounded_once(value, each, most):
    points = points_of(value, each, most)
    assert points == points.quantize(Decimal("0.01"))
    if most is not None:
        assert abs(points) <= most
    else:
        assert abs(points - value * each) <= Decimal("0.005")


def test_library_templates_can_all_be_copied():
    assert len(templates()) >= 5
    for template in templates().values():
        assert contests.parse_items(contests.items_text(template.items)) == [
            {"title": i["title"], "unit": i["unit"], "points": i["points"], "most": i["most"]} for i in template.items
        ]
    assert (period_of(DAY, "week"), period_of(DAY, "day")) == (dt.date(2026, 6, 8), DAY)
    for bad in ("", "产量，件，多", "产量，件，1，-5", "甲，件，1\n甲，件，2", "产量，件，0.001"):
        with pytest.raises(Invalid) as error:
            contests.parse_items(bad)
        assert set(error.value.fields) == {"items"}


@pytest.mark.django_db
@pytest.mark.row(159)
def test_contest_is_copied_scored_corrected_ranked_and_closed(tianjin, hebei, in_scope, desk_client):
    team = make_team(tianjin.employer, "焊接一班")
    with in_scope(tianjin.filer) as filer:
        late = FACTS | {"ends_on": dt.date(2026, 5, 1)}
        with pytest.raises(Invalid):
            contests.start(actor=filer, organisation=tianjin.unit, facts=late, items=ITEMS, now=NOW)
        row = contests.start(actor=filer, organisation=tianjin.unit, facts=FACTS, items=ITEMS, now=NOW)
        with pytest.raises(Invalid):  # nothing scored
            contests.close(actor=filer, contest=row, summary="", now=NOW)
        found = contests.add_contestants(actor=filer, contest=row, names="装配班\n焊接一班\n", teams=[team], now=NOW)
        assert {c.name: c.team for c in found} == {"焊接一班": team, "装配班": None}
        one, two = sorted(found, key=lambda c: c.name != "焊接一班")
        output, stop = queries.items_of(row)
        score = {"actor": filer, "contest": row, "now": NOW}
        for day in (dt.date(2026, 5, 31), dt.date(2026, 6, 11)):
            with pytest.raises(Invalid) as error:
                contests.enter_scores(day=day, values={}, **score)
            assert set(error.value.fields) == {"day"}
        contests.enter_scores(
            day=DAY, values={(one.pk, output.pk): Decimal(333), (one.pk, stop.pk): Decimal(1),
                             (two.pk, output.pk): Decimal("80.05")}, **score,
        )  # fmt: skip
        assert [(p.rank, p.contestant, p.total) for p in queries.places_of(row)] == [
            (1, two, Decimal("8.01")), (1 + 1, one, Decimal("8.00")),
        ]  # fmt: skip
        contests.enter_scores(day=DAY, values={(one.pk, stop.pk): None}, **score)
        before = dt.date(2026, 6, 1)
        contests.enter_scores(day=before, values={(two.pk, output.pk): Decimal(100)}, **score)
        assert [p.contestant for p in queries.places_of(row)] == [two, one]
        assert [p.contestant for p in queries.places_of(row, DAY, DAY)] == [one, two]
        contests.save_template(actor=filer, contest=row, owner=tianjin.unit, now=NOW)
    client, asked = desk_client(tianjin.filer), []
    address = reverse("competitions:teamcontest.detail", kwargs={"pk": row.pk})
    for name in ("", "总装班"):
        if name:
            with in_scope(tianjin.filer) as filer:
                contests.add_contestants(actor=filer, contest=row, names=f"{name}\n化验室", now=NOW)
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1]
    assert "六月小指标" in client.get(reverse("competitions:teamcontest.templates")).content.decode()
    assert "spreadsheet" in client.get(f"{address}?export=xlsx")["Content-Type"]
    form = reverse("competitions:teamcontest.score", kwargs={"pk": row.pk})
    assert "333" in client.get(f"{form}?day=2026-06-10").content.decode()
    with in_scope(tianjin.zone_checker) as zone, pytest.raises(Refused):  # the unit's own
        contests.close(actor=zone, contest=row, summary="", now=NOW)
    with in_scope(tianjin.filer) as filer:
        row = contests.close(actor=filer, contest=row, summary="有效", now=NOW)
        assert [(s["rank"], s["total"]) for s in row.standing][:2] == [(1, "18.01"), (2, "10.00")]
        with pytest.raises(Refused):
            contests.enter_scores(actor=filer, contest=row, day=DAY, values={}, now=NOW)
    with in_scope(hebei.manager):
        assert not queries.team_contests().exists()
