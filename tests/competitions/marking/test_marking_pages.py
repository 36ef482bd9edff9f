"""Pages of marking: who sees what, the judge's page without names, imports with their errors, boards without a database."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import time
import uuid
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from competitions.marking import contests, published
from competitions.marking.domain import boards, closing, setup
from competitions.marking.domain.benches import SHEET
from competitions.marking.domain.totals import recompute
from competitions.marking.models import Bench, BenchTotal, Mark, Marking, MarkingScheme
from competitions.marking.scheme import Criterion, Scheme, Section, SubCriterion
from competitions.marking.views.boards import BoardData
from competitions.marking.views.sheet import KEPT
from competitions.marking.workbook import scheme_template
from portal.accounts.imports.template import DATA, template
from portal.core.scoping import system_scope
from tests.factories.marked import NAMES, Marked
from tests.factories.marking import DEDUCT, judged, measured, small_scheme

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def marked(tianjin) -> Marked:
    return Marked(tianjin, NOW)


@pytest.fixture
def part(marked):
    return marked.part("A2")


@pytest.fixture
def urls(marked, part):
    return {"sheet": f"/marking/{part.pk}/sheet/", "marks": f"/marking/{part.pk}/marks/",
            "aspect": marked.aspect("A2.01").pk, "bench": marked.benches[0].pk}  # fmt: skip


# --- the judge's page -----------------------------------------------------------------------------


def test_judges_page_shows_codes_and_never_names(marked, urls, desk_client):
    page = desk_client(marked.judges[0]).get(urls["sheet"]).content.decode()
    assert '"code": "01"' in page
    assert not [name for name in NAMES if name in page]
    assert "精工厂" not in page


def test_stranger_and_judge_of_another_contest_get_404(marked, urls, tianjin, hebei, desk_client):
    for actor in (tianjin.expert, hebei.manager, tianjin.filer, tianjin.district_checker):
        assert desk_client(actor).get(urls["sheet"]).status_code == 404
        assert desk_client(actor).get(urls["marks"]).status_code == 404


def send(client, urls, *rows) -> dict:
    body = json.dumps({"marks": [{"aspect": urls["aspect"], "bench": urls["bench"], **row} for row in rows]})
    return client.post(urls["marks"], body, content_type="application/json")


def test_marks_arrive_once_and_tell_what_became_of_each(marked, urls, desk_client):
    client, first = desk_client(marked.judges[0]), str(uuid.uuid4())
    answer = send(
        client, urls, {"id": first, "figure": "2"}, {"id": str(uuid.uuid4()), "figure": "7", "base": first}
    ).json()
    assert [r["status"] for r in answer["results"]] == ["saved", "invalid"]
    assert send(client, urls, {"id": first, "figure": "2"}).json()["results"][0]["status"] == "saved"
    assert answer["cells"][f"{urls['aspect']}:{urls['bench']}"]["figure"] == "2"
    with system_scope("test"):
        assert Mark.objects.count() == 1


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"marks": []}', '{"marks": [{"id": "x"}]}', '{"marks": [1]}', "{"])
def test_malformed_batch_is_refused_whole(marked, urls, desk_client, body):
    assert desk_client(marked.judges[0]).post(urls["marks"], body, content_type="application/json").status_code == 400


def test_figure_that_is_no_number_is_refused(marked, urls, desk_client):
    for figure in ("NaN", "Infinity", "1e5000", "1.23456", "999999999"):
        assert send(desk_client(marked.judges[0]), urls, {"id": str(uuid.uuid4()), "figure": figure}).status_code == 400


def test_worker_keeps_every_file_of_the_marking_page(client, urls, marked, desk_client):
    page = desk_client(marked.judges[0]).get(urls["sheet"]).content.decode()
    used = set(re.findall(r'(?:src|href)="/static/([^"]+\.(?:js|css))"', page))
    assert used == set(KEPT)
    worker = client.get("/marking/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert all(name in worker.content.decode() for name in KEPT)


def test_pages_cost_the_same_for_one_contest_and_three(marked, tianjin, desk_client):
    client = desk_client(tianjin.manager)

    def count(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    urls = ["/desk/marking/", f"/desk/marking/{marked.marking.pk}/", f"/desk/marking/{marked.marking.pk}/totals/"]
    before = [count(url) for url in urls]
    with system_scope("test"):
        Marked(tianjin, NOW, number=2)
        Marked(tianjin, NOW, number=3)
        for number in (7, 8, 9):
            marked.add_bench(number)
        recompute(marked.marking, now=NOW)
    assert [count(url) for url in urls] == before


def test_work_list_names_what_waits_for_judge_and_chief(marked, desk_client):
    with system_scope("test"):
        marked.mark_all("A1")
        closing.confirm_part(actor=marked.judges[3], part=marked.part("A1"), now=NOW)
    assert "去评分" in desk_client(marked.judges[0]).get("/desk/").content.decode()
    assert "核对并锁定" in desk_client(marked.chief).get("/desk/").content.decode()


# --- preparing ------------------------------------------------------------------------------------


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("方案.xlsx", content)


def test_organiser_opens_imports_and_is_told_what_lacks(tianjin, desk_client):
    client = desk_client(tianjin.manager)
    assert client.post("/desk/marking/open/", {"title": ""}).status_code == 422
    client.post("/desk/marking/open/", {"title": "某公司焊工比武"})
    with system_scope("test"):
        row = Marking.objects.get()
    here = f"/desk/marking/{row.pk}/"
    book = load_workbook(BytesIO(scheme_template(small_scheme())))
    book[DATA]["H2"] = "三十"
    faulty = BytesIO()
    book.save(faulty)
    answer = client.post(f"{here}scheme/load/", {"file": upload(faulty.getvalue())})
    assert answer.status_code == 422
    assert "不是最多四位小数的数" in answer.content.decode()
    with system_scope("test"):
        assert not MarkingScheme.objects.exists()
    answer = client.post(f"{here}scheme/load/", {"file": upload(scheme_template(small_scheme()))}, follow=True)
    assert "已导入为草稿" in answer.content.decode()
    answer = client.post(f"{here}start/", follow=True).content.decode()
    assert "还没有指定裁判长" in answer
    assert "须安排3名裁判" in answer


def bench_list(*rows: tuple[str, ...]) -> bytes:
    book = load_workbook(BytesIO(template(SHEET)))
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            book[DATA].cell(number, column, value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_benches_come_by_workbook_all_or_none(tianjin, desk_client):
    with system_scope("test"):
        row = setup.open_marking(actor=tianjin.manager, contest=None, title="焊工比武", now=NOW)
    client, url = desk_client(tianjin.manager), f"/desk/marking/{row.pk}/benches/load/"
    good = ("01", "第一场", "张三", tianjin.unit.code, "")
    answer = client.post(url, {"file": upload(bench_list(good, ("01", "", "李四", "没有", "")))})
    assert answer.status_code == 422
    with system_scope("test"):
        assert not Bench.objects.exists()
    client.post(url, {"file": upload(bench_list(good, ("02", "", "李四", tianjin.group_unit.code, "是")))})
    with system_scope("test"):
        assert list(Bench.objects.values_list("code", "is_absent")) == [("01", False), ("02", True)]


def test_benches_of_the_register_are_taken_over(tianjin, all_rows, monkeypatch):
    entrants = [contests.Entrant(n, f"选手{n}", tianjin.unit, f"{n:02d}", order=n) for n in (1, 2)]
    handed: dict[int, Decimal] = {}
    register = contests.Register(
        lambda actor: [contests.Candidate(5, "钳工决赛")], lambda number: entrants,
        lambda actor, number, marks, now: handed.update(marks),
    )  # fmt: skip
    monkeypatch.setattr(contests, "REGISTER", [register])
    marked = Marked(tianjin, NOW, benches=0, number=5)
    assert list(Bench.objects.values_list("code", flat=True)) == ["01", "02"]
    entrants.pop()
    assert setup.refresh_benches(actor=tianjin.manager, marking=marked.marking, now=NOW) == 1
    marked.benches = list(Bench.objects.filter(is_absent=False))
    for code in ("A1", "A2", "B1"):
        marked.mark_all(code)
        closing.confirm_part(actor=marked.judges[3], part=marked.part(code), now=NOW)
        closing.lock_part(actor=marked.chief, part=marked.part(code), now=NOW)
    assert setup.close_marking(actor=tianjin.manager, marking=marked.marking, now=NOW) == 1
    assert handed == {1: Decimal("86.67")}


def test_sheets_are_printed_and_typed(marked, part, tianjin, desk_client):
    client = desk_client(tianjin.manager)
    answer = client.get(f"/marking/{part.pk}/sheets.pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    url = f"/marking/{part.pk}/paper/{marked.aspect_pk('A2.01')}/1/"
    field = f"bench_{marked.benches[0].pk}"
    assert client.post(url, {field: "5"}).status_code == 422
    assert client.post(url, {field: "2"}).status_code == 302
    second = desk_client(tianjin.checker)
    assert 'value="2"' not in second.get(url).content.decode()
    assert "与另一人录入的不一致" in second.post(url, {field: "3"}).content.decode()
    assert second.post(url, {field: "2"}).status_code == 302
    with system_scope("test"):
        assert [(m.score, m.source) for m in Mark.objects.all()] == [(2, "paper")]


# --- boards ---------------------------------------------------------------------------------------


@pytest.fixture
def shown(marked, tianjin):
    with system_scope("test"):
        boards.turn_board(actor=tianjin.manager, marking=marked.marking, step="show", now=NOW)
        boards.publish(marked.marking, now=NOW)
    return marked.marking


def test_board_is_read_without_a_query_and_answers_304(shown, client, django_assert_num_queries):
    url = f"/public/boards/{shown.pk}/data.json"
    with django_assert_num_queries(0):
        answer = client.get(url)
        again = client.get(url, headers={"If-None-Match": answer["ETag"]})
        assert client.get("/public/boards/unions.json").status_code == 200
    client.get(f"/public/boards/{shown.pk}/")
    with django_assert_num_queries(0):
        assert client.get(f"/public/boards/{shown.pk}/").status_code == 200
    assert (answer.status_code, again.status_code, again.content) == (200, 304, b"")
    assert "max-age" in answer["Cache-Control"]
    assert not [name for name in NAMES if name in answer.content.decode()]


def test_board_that_is_not_shown_is_404(marked, client):
    for address in ("", "wall/", "data.json"):
        assert client.get(f"/public/boards/{marked.marking.pk}/{address}").status_code == 404


def test_thousand_readers_at_once_read_whole_boards_only(shown):
    path, request, bad = published.path_of(shown.pk), RequestFactory().get("/"), []
    data = published.read(shown.pk).data
    stop = threading.Event()

    def write() -> None:
        for n in range(100_000):
            if stop.is_set():
                return
            published.write(shown.pk, data | {"words": f"{n}" * 2000})

    def read() -> None:
        answer = BoardData.as_view()(request, pk=shown.pk)
        words = json.loads(answer.content)["words"]
        half = len(words) // 2
        if answer.status_code != 200 or (half > 1000 and words[:half] != words[half:]):
            bad.append(words[:40])

    writer = threading.Thread(target=write)
    writer.start()
    readers = [threading.Thread(target=read) for _n in range(1000)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    stop.set()
    writer.join()
    assert not bad
    assert Path(path).exists()
    assert not list(Path(django_settings.MEDIA_ROOT).rglob("*.tmp")), "nothing half-written stays"


# --- speed ----------------------------------------------------------------------------------------


def test_totals_of_300_benches_and_120_aspects_take_less_than_a_second(tianjin, all_rows):
    aspects = tuple(
        judged(f"A1.{n:02d}", "0.8") if n % 2 else measured(f"A1.{n:02d}", "0.8", DEDUCT) for n in range(1, 100)
    ) + tuple(judged(f"A1.{n}", "1") for n in range(100, 121))
    scheme = Scheme(
        (Criterion("A", "大项", (SubCriterion("A1", "小项", 1, aspects),)),), (Section("1", "全部", Decimal(100)),)
    )
    marked = Marked(tianjin, NOW, benches=300, scheme=scheme)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [NOW, NOW, tianjin.manager.user_id])
        cursor.execute("ANALYZE competitions_mark")
    assert Mark.objects.values("aspect", "bench").distinct().count() == 36_000
    begun = time.perf_counter()
    assert recompute(marked.marking, now=NOW) == 300
    assert time.perf_counter() - begun < 1
    assert BenchTotal.objects.filter(all_possible=scheme.total).count() == 300


FILL = """
INSERT INTO competitions_mark (client_id, aspect_id, bench_id, seat, round, score, value, source, made_at, received_at,
                               entered_by_id, is_current)
SELECT gen_random_uuid(), a.id, b.id, s, 1, CASE WHEN s > 0 THEN 2 END, CASE WHEN s = 0 THEN 1 END, 'screen', %s, %s, %s, true
FROM competitions_aspect a CROSS JOIN competitions_bench b
JOIN generate_series(0, 3) s ON (a.kind = 'judgement') = (s > 0)
"""
