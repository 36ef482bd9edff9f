"""Training resources with their rights, and completions that count a person once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from competitions.learning import queries
from competitions.learning.domain import completions, resources
from competitions.learning.models import Completion, CompletionImport, TrainingResource
from competitions.learning.sheets import COMPLETIONS, RESOURCES
from competitions.learning.sources import _drafts, _ending
from competitions.learning.workbook import SHEET, read_decimal
from portal.accounts.enums import ImportState
from portal.accounts.imports.sheets import Row
from portal.accounts.imports.template import DATA, template
from portal.audit.models import AuditEvent
from portal.core.crypto import is_encrypted
from portal.core.errors import Conflict, Invalid, Refused
from tests.factories.rosters import NOW, id_number

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


class Run:
    """What portal.jobs hands to a job."""

    def __init__(self, actor):
        self.actor = actor

    def report(self, done, total, stage=""):
        pass


def facts(**changes):
    return {
        "title": "数控车工安全操作", "kind": "course", "field": "数控加工", "summary": "开机检查、装夹、急停。",
        "audience": "一线数控车工", "hours": Decimal(8), "rights_holder": "精工厂工会", "licence": "own",
        "rights_until": None, "is_free": True, "fee_note": "", "link": "https://example.org/c/1", "place": "",
        "reach": "federation", "theme": "skill", "platform": "local", "pass_mark": 60,
    } | changes  # fmt: skip


def add(actor, owner, upload=None, **changes):
    return resources.add_resource(actor=actor, owner=owner, facts=facts(**changes), upload=upload, now=NOW)


@pytest.mark.django_db
@pytest.mark.row(104)
@pytest.mark.row(105)
def test_resource_needs_its_right_and_is_shown_by_the_checker(tianjin, all_rows, desk_client):
    for wrong, field in (
        ({"link": ""}, "link"), ({"link": "http://example.org"}, "link"), ({"licence": "licensed"}, "rights_until"),
        ({"is_free": False}, "fee_note"), ({"kind": "base", "link": ""}, "place"),
        ({"is_free": False, "fee_note": "每人50元", "reach": "everybody"}, "is_free"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            add(tianjin.filer, tianjin.unit, **wrong)
        assert field in caught.value.fields
    file = SimpleUploadedFile("课件.pdf", PDF, content_type="application/pdf")
    until = NOW.date() + dt.timedelta(days=20)
    row = add(tianjin.filer, tianjin.unit, file, reach="everybody", licence="licensed", rights_until=until)
    with pytest.raises(Invalid):
        add(tianjin.filer, tianjin.unit)  # the same title of the same union
    with pytest.raises(Refused):
        resources.publish_resource(actor=tianjin.filer, resource=row, now=NOW)
    stranger = desk_client(tianjin.group_filer)
    detail = reverse("competitions:learning.detail", kwargs={"pk": row.pk})
    public = reverse("competitions:public.learning")
    assert stranger.get(detail).status_code == 404
    assert list(_drafts(tianjin.unit_checker, NOW)) == [row]
    row = resources.publish_resource(actor=tianjin.unit_checker, resource=row, now=NOW)
    assert stranger.get(detail).status_code == 200
    assert list(_ending(tianjin.unit_checker, NOW)) == [row]
    assert [r.pk for r in queries.public_resources(until)] == [row.pk]
    assert not queries.public_resources(until + dt.timedelta(days=1)).exists()
    with pytest.raises(Refused):
        resources.change_resource(actor=tianjin.filer, resource=row, facts=facts(), upload=None, now=NOW)
    assert AuditEvent.objects.filter(action="competitions.learning.published").count() == 1
    assert [line[0] for line in RESOURCES.rows(tianjin.manager, NOW.year)] == [row.title]
    resources.withdraw_resource(actor=tianjin.unit_checker, resource=row, reason="换新版", now=NOW)
    assert stranger.get(detail).status_code == 404
    assert not queries.public_resources(until).exists()
    assert row.title not in stranger.get(public).content.decode()


@pytest.mark.django_db
def test_resource_for_the_own_tree_stays_there(tianjin, in_scope, all_rows):
    row = add(tianjin.zone_checker, tianjin.zone, reach="own")
    resources.publish_resource(actor=tianjin.zone_checker, resource=row, now=NOW)
    with in_scope(tianjin.filer):
        assert list(TrainingResource.objects.all()) == [row]
    with in_scope(tianjin.group_filer):
        assert not TrainingResource.objects.exists()


@pytest.mark.django_db
def test_pages_of_the_library_ask_a_constant_number_of_queries(tianjin, desk_client, all_rows):
    client, counts = desk_client(tianjin.district_checker), []
    for number in (1, 2, 3):
        row = add(tianjin.filer, tianjin.unit, title=f"课程{number}", reach="everybody")
        resources.publish_resource(actor=tianjin.unit_checker, resource=row, now=NOW)
        if number == 2:
            continue
        pages = [reverse(f"competitions:{name}") for name in ("learning.list", "public.learning", "completion.figures")]
        client.get(pages[0])  # warms what is cached
        with CaptureQueriesContext(
            connection,
        ) as found:
            bodies = [client.get(page).content.decode() for page in pages]
        counts.append(len(found))
        assert f"课程{number}" in bodies[0]
        assert f"课程{number}" in bodies[1]
    assert counts[0] == counts[1]


def cells(n, **changes):
    return {
        "姓名": f"张示范{'甲乙丙丁戊己'[n % 6]}", "证件号码": id_number(n), "学习平台": "工匠学堂", "课程": "数控车工安全操作",
        "学时": "8", "日期": "2026-03-05",
    } | changes  # fmt: skip


def workbook(rows):
    book = load_workbook(BytesIO(template(SHEET)))
    for number, row in enumerate(rows, 2):
        for position, label in enumerate(SHEET.labels, 1):
            if label in row:
                book[DATA].cell(number, position, row[label])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def tried(actor, organisation, rows):
    batch = completions.upload_completions(
        actor=actor, organisation=organisation, file_name="结业.xlsx", content=workbook(rows), now=NOW
    )
    completions.run_check(Run(actor), batch_id=batch.pk, now=NOW)
    batch.refresh_from_db()
    return batch


def applied(actor, organisation, rows):
    batch = tried(actor, organisation, rows)
    assert batch.state == ImportState.CHECKED, batch.problems
    completions.start_apply(actor=actor, batch=batch, now=NOW)
    completions.run_apply(Run(actor), batch_id=batch.pk, now=NOW)
    batch.refresh_from_db()
    return batch


@pytest.mark.django_db
@pytest.mark.row(97)
@pytest.mark.row(105)
def test_import_counts_a_person_once_and_a_repeat_not_at_all(tianjin, all_rows, desk_client):
    resource = add(tianjin.filer, tianjin.unit)
    resource = resources.publish_resource(actor=tianjin.unit_checker, resource=resource, now=NOW)
    rows = [
        cells(1, 成绩="92.5", 证书编号="JX-001"), cells(1, 课程="量具使用", 学时="4.5"), cells(2),
        cells(3, 是否结业="否"),
    ]  # fmt: skip
    batch = applied(tianjin.filer, tianjin.unit, rows)
    assert (batch.creates, batch.updates, batch.file.name) == (4, 0, "")
    found = queries.figures(queries.of_year(2026))
    assert (found["all"], found["times"], found["people"], found["hours"]) == (4, 3, 2, Decimal("20.5"))
    again = tried(tianjin.filer, tianjin.unit, [*rows[:2], cells(2, 成绩="80"), rows[3]])
    assert (again.creates, again.updates, again.unchanged) == (0, 1, 3)
    applied(tianjin.group_filer, tianjin.group_unit, [cells(2, 课程="电工基础")])
    lines = queries.figures_by_union(queries.of_year(2026), tianjin.municipal.path)
    assert [(line["union"], line["people"]) for line in lines] == [(tianjin.district, 2), (tianjin.group, 1)]
    assert [line[:3] for line in COMPLETIONS.rows(tianjin.manager, 2026)][-1] == ["合计", 4, 2]
    with connection.cursor() as cursor:
        cursor.execute("select id_number from competitions_completion")
        assert all(is_encrypted(number) for (number,) in cursor.fetchall())
    assert queries.resources().get(pk=resource.pk).learners == 2
    person = Completion.objects.filter(course="量具使用").get()
    assert queries.completions_of(person.id_index).count() == 2
    page = desk_client(tianjin.district_checker).get(reverse("competitions:completion.list")).content.decode()
    assert id_number(1) not in page
    assert "量具使用" in page
    export = desk_client(tianjin.manager).get(reverse("competitions:completion.figures") + "?year=2026&export=xlsx")
    sheet = load_workbook(BytesIO(export.content)).worksheets[0]
    assert [cell.value for cell in list(sheet.rows)[-1]][1:5] == ["合计（去重）", "—", 4, 2]
    with pytest.raises(Refused):
        completions.remove_completion(actor=tianjin.filer, completion=person, reason="重复", now=NOW)
    completions.remove_completion(actor=tianjin.unit_checker, completion=person, reason="登记有误", now=NOW)
    assert AuditEvent.objects.filter(action="competitions.completion.removed").exists()


@pytest.mark.django_db
def test_dry_run_names_every_fault_and_writes_nothing(tianjin, all_rows):
    applied(tianjin.group_filer, tianjin.group_unit, [cells(5)])
    wrong_digit = id_number(1)[:-1] + ("0" if id_number(1)[-1] != "0" else "1")
    batch = tried(
        tianjin.filer, tianjin.unit,
        [
            cells(1, 证件号码=wrong_digit), cells(2, 学时="很多"), cells(3, 日期="2099-01-01"), cells(4), cells(4), cells(5),
            cells(0, 证件号码=id_number(5), 课程="别的课程"), cells(2, 课程="钳工", 是否结业="否", 证书编号="A-1"),
        ],
    )  # fmt: skip
    assert batch.state == ImportState.FAULTY
    assert [(p["row"], p["column"]) for p in batch.problems] == [
        (2, "证件号码"), (3, "学时"), (4, "日期"), (6, "课程"), (7, "课程"), (8, "姓名"), (9, "证书编号"),
    ]  # fmt: skip
    assert not any(id_number(n) in str(batch.problems) for n in range(6))
    assert Completion.objects.count() == 1
    with pytest.raises(Conflict):
        completions.start_apply(actor=tianjin.filer, batch=batch, now=NOW)
    completions.give_up(actor=tianjin.filer, batch=batch, now=NOW)
    assert CompletionImport.objects.get(pk=batch.pk).state == ImportState.CANCELLED


@pytest.mark.django_db
def test_rows_that_no_longer_fit_write_nothing(tianjin, all_rows):
    values = {
        "name": "张示范", "id_number": id_number(1), "platform": "工匠学堂", "course": "钳工", "hours": "8",
        "finished_on": dt.date(2026, 3, 5),
    }  # fmt: skip
    rows = [Row(2, values), Row(3, values)]
    with transaction.atomic(), pytest.raises(Conflict):
        completions.enter_rows(actor=tianjin.filer, organisation=tianjin.unit, rows=rows, batch=None, now=NOW)
    assert not Completion.objects.exists()


@given(st.decimals(min_value=0, max_value=2000, places=1))
@settings(max_examples=50)
def test_hours_are_read_as_they_are_written(value):
    assert read_decimal(str(value), Decimal(2000)) == value


@pytest.mark.parametrize("text", ["-1", "2001", "1.25", "NaN", "Infinity", "八"])
def test_other_words_are_no_hours(text):
    with pytest.raises(ValueError, match=r"数字|超过"):
        read_decimal(text, Decimal(2000))
