"""The yearly workbook: its sheets, each desk's own rows, text that stays text, and a flat memory."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from portal.audit.models import AuditEvent
from portal.core.errors import Invalid, Refused
from portal.core.scoping import system_scope
from portal.jobs.models import JobRun, JobState, StoredFile
from portal.jobs.tasks import run_job
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.reports.domain import request_yearly_report
from portal.reports.registry import sheets
from portal.web.exports import write_sheet
from tests.factories.entries import make_cycle, make_entry
from tests.factories.notices import make_conferred, make_notice, make_selected
from tests.factories.reports import many_submitted

pytestmark = pytest.mark.django_db
YEAR = timezone.now().year
_minutes = itertools.count(1)


def workbook_of(actor, year=YEAR):
    """What the desk downloads after asking for the report."""
    now = timezone.now() + dt.timedelta(minutes=next(_minutes))  # within a minute it would be the same run again
    run = request_yearly_report(year=year, actor=actor, now=now)
    run_job(run.pk)
    with system_scope("test"):
        found = JobRun.objects.get(pk=run.pk)
        assert found.state == JobState.SUCCEEDED, found.message
        return load_workbook(io.BytesIO(StoredFile.objects.get(job=run).file.read()))


def lines(book, title):
    return [[cell.value for cell in row] for row in book[title].iter_rows(min_row=2)]


def test_workbook_has_every_registered_sheet_with_its_heads_and_definitions(tianjin):
    make_conferred(tianjin)
    book = workbook_of(tianjin.manager)
    assert book.sheetnames == ["说明", *(sheet.title for sheet in sheets())]
    for sheet in sheets():
        assert [cell.value for cell in book[sheet.title][1]] == list(sheet.heads)
        assert book[sheet.title].freeze_panes == "A2"
    notes = dict(lines(book, "说明"))
    assert notes["范围"] == tianjin.municipal.name
    for sheet in sheets():
        assert notes[f"口径：{sheet.title}"] == sheet.note


@pytest.mark.row(31)
def test_register_of_the_year_lists_what_was_conferred(tianjin):
    entries = make_conferred(tianjin, 2, toml="nonpublic-top10")
    honours = lines(workbook_of(tianjin.manager), "荣誉登记")
    assert {row[3] for row in honours} == {entry.title for entry in entries}
    assert all("非公" in row[1] for row in honours)
    assert all(row[-1] == "有效" for row in honours)


def test_district_sees_its_own_route_and_nothing_else(tianjin, hebei):
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, "small-work")
        mine = make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, at_level="district")
        theirs = make_entry(cycle, tianjin.group_filer, EntryState.SUBMITTED)
        draft = make_entry(cycle, tianjin.filer)
        foreign = make_entry(make_cycle(hebei, "small-work"), hebei.filer, EntryState.SUBMITTED)
    codes = {name: {row[0] for row in lines(workbook_of(actor), "申报件明细")} for name, actor in tianjin.actors.items()
             if name in {"manager", "district_checker", "group_checker", "unit_checker"}}  # fmt: skip
    assert codes["manager"] == {mine.code, theirs.code}
    assert codes["district_checker"] == codes["unit_checker"] == {mine.code}
    assert codes["group_checker"] == {theirs.code}
    assert draft.code not in codes["manager"]
    assert foreign.code not in codes["manager"]


def test_sums_by_union_and_by_participation_are_of_the_desk_itself(tianjin):
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, "small-work")
        for actor in (tianjin.filer, tianjin.filer, tianjin.group_filer):
            make_entry(cycle, actor, EntryState.SUBMITTED)
    city, district = workbook_of(tianjin.manager), workbook_of(tianjin.district_checker)
    assert sum(row[-1] for row in lines(city, "按工会和状态统计")) == 3
    assert sum(row[-1] for row in lines(district, "按工会和状态统计")) == 2
    assert sum(row[-1] for row in lines(city, "参与情况")) == 3
    assert [row[6] for row in lines(district, "项目与届次")] == [2]


def test_outcome_of_a_round_is_not_in_the_workbook_of_others_before_the_notice(tianjin):
    """What the list on the screen does not say, the workbook does not say either."""
    selected = make_selected(tianjin)
    with system_scope("fixture"):
        loser = make_entry(selected[0].cycle, tianjin.filer, EntryState.NOT_SELECTED, final_rank=9)

    def told(actor):
        book = workbook_of(actor)
        rows = {row[0]: row for row in lines(book, "申报件明细")}
        return rows[selected[0].code][7:10:2], rows[loser.code][7:10:2], {r[3] for r in lines(book, "按工会和状态统计")}

    assert told(tianjin.district_checker) == (["评审中", None], ["评审中", None], {"评审中"})
    winner, lost, states = told(tianjin.manager)
    assert (winner, lost) == (["拟定", 1], ["未入选", 9])
    assert "拟定" in states
    make_notice(selected, tianjin.manager)
    winner, lost, _states = told(tianjin.district_checker)
    assert winner == ["公示中", 1]
    assert lost == ["未入选", 9]


def test_text_that_begins_like_a_formula_stays_text(tianjin):
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, "small-work")
        for number, start in enumerate("=+-@"):
            entry = make_entry(cycle, tianjin.filer, EntryState.SUBMITTED)
            Entry.objects.filter(pk=entry.pk).update(title=f'{start}HYPERLINK("http://evil","{number}")')
    book = workbook_of(tianjin.manager)
    cells = [row[4] for row in book["申报件明细"].iter_rows(min_row=2)]
    assert {cell.value[0] for cell in cells} == set("=+-@")
    assert all(cell.data_type == "s" for cell in cells)
    assert all(cell.quotePrefix for cell in cells)


def test_no_personal_data_in_the_workbook(tianjin):
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, "innovation-star")
        make_entry(cycle, tianjin.filer, EntryState.SUBMITTED)
    book = workbook_of(tianjin.manager)
    text = "\n".join(str(v) for sheet in book for row in sheet.values for v in row)
    assert "120199" not in text
    assert "enc1:" not in text


def test_five_thousand_rows_are_streamed(tianjin):
    """The number of queries does not grow with the rows, and memory does not hold them all."""
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, "small-work")
        many_submitted(cycle, tianjin.filer, 5)
    queries = []
    for more in (0, 4_995):
        with system_scope("fixture"):
            many_submitted(cycle, tianjin.filer, more)
        now = timezone.now() + dt.timedelta(minutes=next(_minutes))
        run = request_yearly_report(year=YEAR, actor=tianjin.manager, now=now)
        with CaptureQueriesContext(connection) as context:
            run_job(run.pk)
        queries.append(len(context))
    assert queries[1] <= queries[0]  # the first also fills what is kept for minutes
    with system_scope("test"):
        found = JobRun.objects.get(pk=run.pk)
        assert found.result["rows"]["entries"] == 5_000
        book = load_workbook(io.BytesIO(StoredFile.objects.get(job=run).file.read()), read_only=True)
    assert sum(1 for _row in book["申报件明细"].rows) == 5_001


def test_sheet_is_written_row_by_row():
    """Four times the rows need about the same memory: nothing is collected before it is written."""

    def peak(count):
        tracemalloc.start()
        book = Workbook(write_only=True)
        write_sheet(book, "明细", ["甲", "乙"], ([f"成果{n}", n] for n in range(count)))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(100)
    assert peak(8_000) < peak(2_000) * 2


def test_report_is_asked_for_by_those_who_may_and_is_logged(tianjin):
    now = timezone.now()
    for actor in (tianjin.filer, tianjin.expert):
        with pytest.raises(Refused):
            request_yearly_report(year=YEAR, actor=actor, now=now)
    for year in (2020, YEAR + 2):
        with pytest.raises(Invalid):
            request_yearly_report(year=year, actor=tianjin.manager, now=now)
    first = request_yearly_report(year=YEAR, actor=tianjin.manager, now=now)
    assert request_yearly_report(year=YEAR, actor=tianjin.manager, now=now).pk == first.pk
    assert request_yearly_report(year=YEAR, actor=tianjin.auditor, now=now).pk != first.pk
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="reports.yearly.requested").count() == 3


def test_report_page_starts_a_run_and_lists_the_own_ones(tianjin, desk_client):
    client = desk_client(tianjin.manager)
    response = client.post(reverse("reports:home"), {"year": YEAR})
    with system_scope("test"):
        run = JobRun.objects.get()
    assert response.url == reverse("jobs:run.detail", kwargs={"pk": run.pk})
    assert response.url in client.get(reverse("reports:home")).content.decode()
    assert response.url not in desk_client(tianjin.auditor).get(reverse("reports:home")).content.decode()
    assert client.post(reverse("reports:home"), {"year": "1999"}).status_code == 422
