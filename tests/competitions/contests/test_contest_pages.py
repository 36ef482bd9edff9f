"""The pages of a contest: what each desk sees, workbooks, masked names in public, a constant number of queries."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from competitions.contests.domain import results
from competitions.contests.models import Competitor, Contest, ContestPart, PartMark
from competitions.contests.workbooks import COMPETITORS, MARKS
from portal.core.scoping import system_scope
from tests.factories import contests as make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NOW = timezone.now()
LATER = NOW + dt.timedelta(days=2)


def url(name: str, **kwargs: object) -> str:
    return reverse(f"competitions:{name}", kwargs=kwargs)


def book(sheet, rows: list[list]) -> SimpleUploadedFile:
    found = Workbook()
    found.active.title = "数据"
    for row in ([c.label for c in sheet.columns], *rows):
        found.active.append(row)
    out = io.BytesIO()
    found.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return SimpleUploadedFile("表.xlsx", out.getvalue(), kind)


@pytest.fixture
def contest(tianjin, in_scope):
    with in_scope(tianjin.manager):
        return make.open_contest(tianjin.manager, tianjin.municipal, NOW)


@pytest.fixture
def running(tianjin, in_scope, contest):
    with in_scope(tianjin.filer):
        make.enter(tianjin.filer, contest, NOW, [make.person(1), make.person(2), make.person(3)])
    with in_scope(tianjin.manager):
        return make.drawn(tianjin.manager, contest, NOW)


@pytest.fixture
def confirmed(tianjin, in_scope, running):
    with in_scope(tianjin.manager):
        make.marked(running, [90, 95, 80], by=tianjin.manager, confirmed_by=tianjin.checker, now=NOW)
        results.lock_marks(actor=tianjin.manager, contest=running, now=NOW)
        results.publish(actor=tianjin.manager, contest=running, now=NOW)
        return results.confirm(actor=tianjin.manager, contest=running, now=LATER)


def test_unit_enters_a_delegation_by_workbook_after_its_errors(tianjin, contest, desk_client):
    client = desk_client(tianjin.filer)
    answer = client.post(
        url("delegation.add", pk=contest.pk), {"leader": "李领队", "leader_phone": "13800000000", "coach": ""}
    )
    assert answer.status_code == 302
    load = f"{answer.url}load/"
    line = ["选手一", make.citizen(1), "男", None, "精工机械", "高级工（三级）", None, 5, None, "是", "是", "否", "否"]
    wrong = [*line[:1], "120199198001010000", *line[2:]]
    answer = client.post(load, {"upload": book(COMPETITORS, [wrong])})
    assert answer.status_code == 422
    assert "身份证号" in answer.content.decode()
    answer = client.post(load, {"upload": book(COMPETITORS, [line])})
    assert answer.status_code == 302
    with system_scope("test"):
        assert Competitor.objects.get().id_number == make.citizen(1)
    page = client.get(answer.url).content.decode()
    assert make.citizen(1) not in page


def test_marks_come_by_workbook_and_by_form(tianjin, running, desk_client):
    client = desk_client(tianjin.manager)
    with system_scope("test"):
        codes = list(Competitor.objects.values_list("code", flat=True))
        first, second = ContestPart.objects.order_by("pk")
    load = url("part.load", pk=first.pk)
    assert client.post(load, {"upload": book(MARKS, [[codes[0], 101, None, None]])}).status_code == 422
    assert client.post(load, {"upload": book(MARKS, [[c, "88.5", 60, None] for c in codes])}).status_code == 302
    with system_scope("test"):
        keys = list(Competitor.objects.values_list("pk", flat=True))
    data = {f"mark_{pk}": "77.5" for pk in keys[1:]} | {f"minutes_{pk}": "90" for pk in keys[1:]}
    assert client.post(url("part.marks", pk=second.pk), data).status_code == 302
    with system_scope("test"):
        assert PartMark.objects.filter(mark=None).count() == 1
    own = client.post(url("part.confirm", pk=first.pk), follow=True).content.decode()
    assert "登记人以外" in own
    other = desk_client(tianjin.checker)
    assert "已复核" in other.post(url("part.confirm", pk=first.pk), follow=True).content.decode()


def test_public_reads_masked_results_only(confirmed, tianjin):
    page = Client().get(url("public.contest", pk=confirmed.pk)).content.decode()
    assert "选手2" not in page
    assert "精工机械有限公司" in page
    assert make.citizen(1) not in page
    assert confirmed.name in Client().get(url("public.contests")).content.decode()


def test_draft_is_not_public(tianjin, in_scope, contest):
    with system_scope("test"):
        Contest.objects.filter(pk=contest.pk).update(state="draft")
    assert Client().get(url("public.contest", pk=contest.pk)).status_code == 404


@pytest.mark.row(185)
def test_workbook_for_the_department_has_full_numbers_for_the_host(confirmed, tianjin, desk_client):
    client = desk_client(tianjin.manager)
    content = b"".join(client.get(url("promotion.workbook")).streaming_content)
    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True) for cell in row]
    assert make.citizen(1) in cells
    assert "申请晋升等级" in cells
    page = client.get(url("promotion.list")).content.decode()
    assert make.citizen(1) not in page
    assert url("promotion.send") in page
    elsewhere = desk_client(tianjin.district_checker).get(url("promotion.list")).content.decode()
    assert url("promotion.send") not in elsewhere, "a desk without promotions of its own has nothing to report"
    client.post(url("promotion.send"))
    page = client.get(url("promotion.list")).content.decode()
    assert url("promotion.send") not in page
    assert url("promotion.workbook") in page


def test_strangers_get_404(confirmed, tianjin, hebei, desk_client):
    with system_scope("test"):
        person = Competitor.objects.first()
    pages = [url("contest.detail", pk=confirmed.pk), url("competitor.detail", pk=person.pk)]
    for page in pages:
        assert desk_client(hebei.manager).get(page).status_code == 404
        assert desk_client(tianjin.district_checker).get(page).status_code == 200
    other = desk_client(tianjin.group_filer)
    page = other.get(pages[0])
    assert page.status_code == 200
    assert (page.context["counts"]["qualified"], page.context["contest"].people) == (3, 3), (
        "the size is known, nobody is"
    )
    assert not page.context["delegations"]
    assert other.get(pages[1]).status_code == 404


@pytest.mark.parametrize("name", ["contest.list", "contest.plan", "contest.calendar", "contest_appeal.list", "promotion.list",
                                  "contest_honour.list"])  # fmt: skip
def test_pages_cost_the_same_with_more_rows(tianjin, in_scope, contest, desk_client, name):
    client = desk_client(tianjin.manager)
    client.get(url(name))

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(url(name)).status_code == 200
        return len(found)

    before = cost()
    with in_scope(tianjin.manager):
        for code in ("fitter", "electrician"):
            trade = make.make_trade(tianjin.manager, tianjin.municipal, NOW, code)
            make.open_contest(tianjin.manager, tianjin.municipal, NOW, trade=trade)
    assert cost() == before
