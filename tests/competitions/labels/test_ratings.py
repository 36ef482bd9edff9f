"""服务评价: what the public can do, what is left out, who reads what."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from competitions.labels import queries
from competitions.labels.domain import ratings
from competitions.labels.enums import RemarkStatus
from competitions.labels.fraud import MOST_OF_NETWORK
from competitions.labels.models import Rating
from competitions.labels.sheets import RATINGS
from competitions.labels.sources import _to_look_at
from portal.core.context import PUBLIC
from portal.core.errors import Conflict, Invalid, Refused
from tests.factories.labels import make_point, make_team, marks

NOW = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)


@pytest.fixture
def point(tianjin):
    return make_point(make_team(tianjin.employer, "帮扶窗口", kind="window"), "abcDEF123")


def rate(point, n, *, value=5, now=NOW, remark="", network=""):
    return ratings.rate(
        actor=PUBLIC, point=point, scores=marks(value), remark=remark, device=f"phone{n}",
        network=network or f"10.0.0.{n}", now=now,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.row(152, 153)
def test_public_rates_five_dimensions_on_a_phone_once_a_day_without_a_name(tianjin, point, desk_client, all_rows):
    guest, address = Client(), reverse("competitions:public.rate", kwargs={"token": point.token})
    page = guest.get(address)
    for words in ("服务态度", "服务质量", "服务创新", "服务能力", "服务效率", "帮扶窗口"):
        assert words in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert guest.post(address, {}).status_code == 422
    data = {name: str(v) for name, v in marks(4, attitude=5).items()}
    assert guest.post(address, data | {"website": "spam"}).status_code == 302
    assert not Rating.objects.exists()
    assert guest.post(address, data | {"remark": "态度好"}).status_code == 302
    row = Rating.objects.get()
    assert (row.attitude, row.quality, row.remark_status) == (5, 4, RemarkStatus.PENDING)
    assert guest.cookies["rating-device"].value not in row.device
    assert "127.0.0.1" not in row.network
    assert guest.post(address, data).status_code == 409
    assert Client().post(address, data).status_code == 422  # without the phone's own mark
    assert Client().get(reverse("competitions:public.rate", kwargs={"token": "wrong"})).status_code == 404
    with pytest.raises(Invalid):
        ratings.rate(actor=PUBLIC, point=point, scores=marks(6), remark="", device="x", network="y", now=NOW)
    poster = desk_client(tianjin.filer).get(reverse("competitions:ratingpoint.poster", kwargs={"pk": point.pk}))
    assert b"".join(poster.streaming_content).startswith(b"%PDF")
    ratings.close_point(actor=tianjin.filer, point=point, now=NOW)
    assert guest.get(address).status_code == 404


@pytest.mark.django_db
def test_burst_of_one_network_is_left_out_until_the_union_above_has_judged(tianjin, point, all_rows):
    for n in range(12):
        rate(point, n, value=3, now=NOW - dt.timedelta(days=1, minutes=n * 20))
    for n in range(MOST_OF_NETWORK + 1):
        rate(point, n, network="10.9.9.9", now=NOW + dt.timedelta(seconds=n))
    found = queries.scores(point)
    assert (found.count, found.left_out, found.overall) == (12, MOST_OF_NETWORK + 1, 3)
    row = Rating.objects.filter(left_out=True).first()
    assert "集中" in row.left_out_reason
    with pytest.raises(Refused):  # nobody judges what is said about himself
        ratings.judge(actor=tianjin.unit_checker, rating=row, left_out=False, reason="都是真的", now=NOW)
    with pytest.raises(Invalid):
        ratings.judge(actor=tianjin.zone_checker, rating=row, left_out=False, reason="", now=NOW)
    ratings.judge(actor=tianjin.zone_checker, rating=row, left_out=False, reason="已核实", now=NOW)
    rate(point, 99, network="10.9.9.9", now=NOW + dt.timedelta(seconds=60))
    row.refresh_from_db()
    assert row.left_out is False  # a person's word stays
    assert queries.scores(point).count == 13


@pytest.mark.django_db
def test_remark_is_read_by_the_unit_and_the_union_above_before_others(tianjin, point, in_scope, desk_client, all_rows):
    row = rate(point, 1, remark="窗口排队太久")
    address = point.get_absolute_url()
    seen = {
        name: "窗口排队太久" in desk_client(getattr(tianjin, name)).get(address).content.decode()
        for name in ("filer", "zone_checker", "district_checker", "manager")
    }
    assert seen == {"filer": True, "zone_checker": True, "district_checker": False, "manager": False}
    export = reverse("competitions:rating.list", kwargs={"pk": point.pk})
    assert "窗口排队太久" not in desk_client(tianjin.manager).get(export).content.decode()
    with in_scope(tianjin.zone_checker) as actor:
        assert [r.pk for r in _to_look_at(actor, NOW)] == [row.pk]
        with pytest.raises(Invalid):
            ratings.moderate(actor=actor, rating=row, shown=False, reason="", now=NOW)
        ratings.moderate(actor=actor, rating=row, shown=True, reason="", now=NOW)
        assert not _to_look_at(actor, NOW)
    assert "窗口排队太久" in desk_client(tianjin.manager).get(address).content.decode()
    assert desk_client(tianjin.group_checker).get(address).status_code == 404
    with in_scope(tianjin.district_manager) as actor, pytest.raises(Refused):
        ratings.moderate(actor=actor, rating=row, shown=False, reason="改主意", now=NOW)


@pytest.mark.django_db
def test_figures_of_a_point_need_enough_ratings_and_follow_the_months(tianjin, point, desk_client, all_rows):
    for month, value in ((4, 3), (5, 4)):
        for n in range(11):
            rate(point, n, value=value, now=dt.datetime(2026, month, 2 + n, 3, tzinfo=dt.UTC))
    months = queries.scores_by_month(point)
    assert [(f"{m:%Y-%m}", s.overall) for m, s in months] == [("2026-04", 3), ("2026-05", 4)]
    page = desk_client(tianjin.filer).get(point.get_absolute_url()).content.decode()
    assert "3.50" in page
    assert "仅供参考" in page
    line = next(iter(RATINGS.rows(tianjin.filer, 2026)))
    assert line[3] == 22
    few = make_point(make_team(tianjin.employer, "新窗口"))
    rate(few, 1)
    assert "评价次数还不够" in desk_client(tianjin.filer).get(few.get_absolute_url()).content.decode()
    old = few.token
    ratings.renew_token(actor=tianjin.filer, point=few, now=NOW)
    few.refresh_from_db()
    assert few.token != old
    with pytest.raises(Conflict):
        rate(few, 1)
