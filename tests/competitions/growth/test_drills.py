"""Drills and matches: results by form and workbook, figures; a worker's file and who reads it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from competitions.growing import honour_rows
from competitions.growth import queries
from competitions.growth.domain import drills, imports
from competitions.growth.domain.people import open_file
from competitions.growth.models import Drill, DrillResult, WorkerFile
from competitions.growth.sections import sections_of
from competitions.growth.sheets import drill_rows
from competitions.learning.models import Completion
from competitions.rosters.enums import IdKind
from competitions.rosters.persons import read_person
from portal.audit.models import AuditEvent
from portal.core.crypto import blind_index
from portal.core.errors import Conflict, Invalid
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.models import EntryKey
from tests.factories.entries import make_cycle, make_entry
from tests.factories.growth import id_number, make_drill, make_file, make_mentorship

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
HEADS = ["姓名", "证件号码", "证件类型", "名次", "成绩"]
FACTS = {
    "kind": "match", "level": "enterprise", "title": "焊工比武", "trade": "焊工", "starts_on": dt.date(2026, 5, 20),
    "ends_on": dt.date(2026, 5, 21), "people": 3, "summary": "平板对接",
}  # fmt: skip


def url(name: str, **kwargs: object) -> str:
    return reverse(f"competitions:{name}", kwargs=kwargs)


def book(*rows: list[object]) -> bytes:
    made = Workbook()
    sheet = made.active
    sheet.title = "数据"
    for row in (HEADS, *rows):
        sheet.append(row)
    made.save(stream := BytesIO())
    return stream.getvalue()


def somebody(name: str, number: str = ""):
    return read_person(IdKind.CITIZEN, name, number or id_number(), today=NOW.date())


@pytest.mark.row(95)
@pytest.mark.row(96)
def test_results_come_by_workbook_after_a_dry_run_that_names_every_fault(tianjin, all_rows, in_scope) -> None:
    first, second = id_number(), id_number()
    broken = second[:-1] + ("1" if second[-1] != "1" else "2")
    actor = tianjin.filer
    with in_scope(actor):
        with pytest.raises(Invalid, match="更高层级"):
            drills.add_drill(actor=actor, organisation=tianjin.unit, facts=FACTS | {"level": "city"}, now=NOW)
        drill = drills.add_drill(actor=actor, organisation=tianjin.unit, facts=FACTS, now=NOW)
        rows = (["张示范", first, "", 1, "92.5"], ["李示范", broken, "", 2, "80"], ["王示范", first, "", 3, ""],
                ["赵示范", id_number(), "", "", ""], ["孙示范", id_number(), "", 4, "一百"])  # fmt: skip
        faulty = imports.try_results(actor=actor, drill=drill, file_name="成绩.xlsx", content=book(*rows), now=NOW)
        assert faulty.state == "faulty"
        assert {problem["row"] for problem in faulty.problems} == {3, 4, 5, 6}
        assert broken not in str(faulty.problems)
        good = book(["张示范", first, "", 1, "92.5"], ["李示范", second, "", 1, "92.5"])
        batch = imports.try_results(actor=actor, drill=drill, file_name="成绩.xlsx", content=good, now=NOW)
        assert not DrillResult.objects.exists()
        imports.apply_results(actor=actor, batch=batch, now=NOW)
        with pytest.raises(Conflict):
            imports.apply_results(actor=actor, batch=batch, now=NOW)
        again = imports.try_results(actor=actor, drill=drill, file_name="成绩.xlsx", content=good, now=NOW)
        assert [change["kind"] for change in again.changes] == ["update", "update"]
        drills.set_result(actor=actor, drill=drill, person=somebody("周示范"), rank=3, mark=None, now=NOW)
        with pytest.raises(Invalid, match="超过了参加人数"):
            drills.set_result(actor=actor, drill=drill, person=somebody("吴示范"), rank=4, mark=None, now=NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.rows) == ("applied", "")
    assert list(DrillResult.objects.values_list("rank", flat=True)) == [1, 1, 3]
    assert WorkerFile.objects.filter(organisation=tianjin.unit).count() == 3


@pytest.mark.row(95)
def test_figures_count_drills_per_union_and_year(tianjin, hebei, desk_client, all_rows, in_scope) -> None:
    make_drill(tianjin.unit)
    make_drill(tianjin.unit, kind="match", trade="钳工")
    make_drill(tianjin.group_unit, people=5)
    make_drill(tianjin.unit, day=dt.date(2025, 5, 20))
    with in_scope(tianjin.manager):
        lines = list(drill_rows(tianjin.manager, 2026))
        assert [line[1:] for line in lines] == [[1, 1, 60, 2], [1, 0, 5, 1], [2, 1, 65, 2]]
    with in_scope(hebei.manager):
        assert not queries.drills().exists()
    client = desk_client(tianjin.district_checker)
    made = load_workbook(BytesIO(client.get(url("drill.figures") + "?year=2026&export=xlsx").content)).active
    assert [cell.value for cell in list(made.rows)[-1]][1:] == [1, 1, 60, 2]
    drill = Drill.objects.first()
    assert desk_client(hebei.manager).get(drill.get_absolute_url()).status_code == 404


@pytest.mark.row(98)
def test_worker_file_gathers_what_rooms_know_masks_the_number_and_records_readings(
    tianjin, hebei, desk_client, all_rows, in_scope, django_assert_max_num_queries
) -> None:
    number = id_number()
    with in_scope(tianjin.filer):
        facts = {"trade": "焊工", "level": "4", "level_certificate": "", "joined_on": None}
        person = somebody("张示范", number)
        file = open_file(actor=tianjin.filer, organisation=tianjin.unit, person=person, facts=facts, now=NOW)
        with pytest.raises(Invalid, match="已有该职工"):
            open_file(actor=tianjin.filer, organisation=tianjin.unit, person=person, facts=facts, now=NOW)
        with pytest.raises(Invalid, match="另一个姓名"):
            drills.set_result(
                actor=tianjin.filer, drill=make_drill(tianjin.unit), person=somebody("李示范", number), rank=1,
                mark=None, now=NOW,
            )  # fmt: skip
    make_mentorship(file, make_file(tianjin.unit, "徒示范"), starts_on=dt.date(2026, 8, 1), signed_at=NOW)
    elsewhere = make_file(tianjin.district, "张示范", number)
    match = make_drill(tianjin.district, title="全区焊工比武", level="district")
    DrillResult.objects.create(drill=match, worker=elsewhere, rank=2, mark=Decimal("88.5"))
    Completion.objects.create(
        root_path=tianjin.municipal.path, organisation=tianjin.unit, name="张示范", id_number=number,
        id_index=file.id_index, platform="工匠学堂", course="焊接安全", hours=8, finished_on=dt.date(2026, 3, 1),
    )  # fmt: skip
    client = desk_client(tianjin.filer)
    page = client.get(file.get_absolute_url()).text
    assert all(words in page for words in ("徒示范", "全区焊工比武", "焊接安全", "高级工"))
    assert number not in page
    paper = client.get(url("growth.print", pk=file.pk))
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    assert desk_client(hebei.manager).get(file.get_absolute_url()).status_code == 404
    desk_client(tianjin.manager).get(file.get_absolute_url())
    events = AuditEvent.objects.filter(action__startswith="competitions.growth.").order_by("pk")
    names = [action.rpartition(".")[2] for action in events.values_list("action", flat=True)]
    assert names == ["opened", "read", "printed", "read"]
    with in_scope(tianjin.filer), django_assert_max_num_queries(9):
        assert {part["section"].key for part in sections_of(tianjin.filer, file) if part["lines"]} == {
            "drills", "mentoring", "training"
        }  # fmt: skip


def test_honours_are_found_by_the_number_once_conferred(tianjin, all_rows, in_scope) -> None:
    entry = make_entry(make_cycle(tianjin), tianjin.filer, title="焊接工艺改进", files=False)
    file = make_file(tianjin.unit, "张示范", number := id_number())
    EntryKey.objects.get_or_create(entry=entry, kind=EntryKey.PERSON, value=blind_index(number))
    with in_scope(tianjin.filer):
        assert list(honour_rows(file)) == []
        type(entry).objects.filter(pk=entry.pk).update(state=EntryState.CONFERRED)
        assert [line[2] for line in honour_rows(file)] == ["焊接工艺改进"]
