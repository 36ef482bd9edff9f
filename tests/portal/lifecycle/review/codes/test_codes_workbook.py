"""Marks by code as a workbook: out, dry run, in as one unit, confirmed by a second person; no name goes in or out."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints import labels, loader
from portal.lifecycle.blueprints.stages import Stage
from portal.lifecycle.blueprints.structure import BlueprintInvalid
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.codes import domain, marking, queries, workbook
from portal.lifecycle.review.codes.models import CodedBatch, CodedMark
from portal.lifecycle.workshop.pieces import Place
from portal.lifecycle.workshop.relevance import is_shown
from tests.factories.codes import Contest, coded_shape

pytestmark = pytest.mark.integration


@pytest.fixture
def contest(tianjin):
    found = Contest(tianjin)
    found.draw_both()
    return found


def template_of(contest):
    with system_scope("test"):
        stage = contest.stage
        return workbook.marks_template(params_of(stage), queries.last_codes(stage), queries.marks(stage))


def filled(contest, lines, *, prepare=None):
    """The template with ``{code: (theory, practice, absent, note)}`` typed in."""
    book = load_workbook(BytesIO(template_of(contest)))
    data = book["数据"]
    for row in range(2, data.max_row + 1):
        for position, value in enumerate(lines.get(data.cell(row, 1).value, ()), 2):
            data.cell(row, position).value = value
    if prepare:
        prepare(book, data)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def upload(contest, lines, **options):
    return contest.act(marking.upload_marks, contest.c, content=filled(contest, lines, **options))


def everybody(contest):
    return {code: (60 + n, "90", "", "") for n, code in enumerate(contest.codes())}


def apply(contest, batch, actor=None):
    with system_scope("test"):
        fresh = CodedBatch.objects.select_related("stage__cycle__owner").get(pk=batch.pk)
    return contest.act(
        lambda *, actor, stage, now: marking.apply_marks(actor=actor, batch=fresh, now=now), actor or contest.c
    )


def test_template_lists_codes_and_nothing_that_leads_to_people(contest):
    content = template_of(contest)
    rows = list(load_workbook(BytesIO(content))["数据"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows if row[0]] == contest.codes()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    with system_scope("test"):
        assert workbook.named_in([everything], queries.names(contest.stage)) == ""
        assert not any(code in everything for code in contest.content(1).values())


def test_file_is_tried_applied_and_confirmed_by_somebody_else(contest):
    batch = upload(contest, everybody(contest))
    assert (batch.state, len(batch.changes)) == ("checked", 4)
    with system_scope("test"):
        assert not CodedMark.objects.exists()
    apply(contest, batch)
    with system_scope("test"):
        marks = queries.marks(contest.stage)
    assert {code: row.marks["theory"] for code, row in marks.items()} == {
        code: str(60 + n) for n, code in enumerate(contest.codes())
    }
    with pytest.raises(Invalid, match="等待复核"):
        contest.act(marking.confirm_marks, contest.c)
    assert contest.act(marking.confirm_marks, contest.d) == 4
    with pytest.raises(Conflict, match="已经复核"):
        contest.mark(contest.codes()[0])


def test_every_problem_is_told_with_its_line_and_nothing_is_written(contest):
    codes = contest.codes()
    lines = {codes[0]: ("101", "90"), codes[1]: ("80",), codes[2]: ("80", "80", "是")}

    def spoil(book, data):
        data.cell(6, 1).value, data.cell(6, 2).value, data.cell(6, 3).value = "9999", "80", "80"
        data.cell(5, 1).value = codes[0]

    batch = upload(contest, lines, prepare=spoil)
    found = {(p["row"], p["column"]) for p in batch.problems}
    assert batch.state == "faulty"
    assert found == {(2, "理论（满分100）"), (3, "实操（满分100）"), (4, "缺考"), (5, "工位码"), (6, "工位码")}
    with pytest.raises(Conflict, match="试导无误"):
        apply(contest, batch)
    with system_scope("test"):
        assert not CodedMark.objects.exists()


def test_zeros_that_a_spreadsheet_took_away_are_put_back(contest):
    def retype(book, data):
        data.cell(2, 1).value, data.cell(2, 1).number_format = 1, "General"

    batch = upload(contest, {"001": ("80", "80")}, prepare=retype)
    assert [change["title"] for change in batch.changes] == ["001"]


@pytest.mark.parametrize("where", ["note", "sheet", "comment", "code"])
def test_file_that_names_somebody_is_not_kept(contest, where):
    entry = contest.entries[0]

    def name(book, data):
        if where == "note":
            data.cell(2, 5).value = f"{entry.title}迟到"
        elif where == "sheet":
            book.create_sheet("名单").cell(1, 1).value = entry.code
        elif where == "comment":
            from openpyxl.comments import Comment  # noqa: PLC0415

            data.cell(2, 2).comment = Comment(entry.organisation.name, "x")
        else:
            data.cell(2, 1).value = entry.code

    with pytest.raises(Invalid, match="没有保存"):
        upload(contest, everybody(contest), prepare=name)
    with system_scope("test"):
        assert not CodedBatch.objects.exists()
        assert not AuditEvent.objects.filter(action="lifecycle.codes.uploaded").exists()


def test_note_and_reason_that_name_somebody_are_refused(contest):
    code, person = contest.codes()[0], contest.entries[0].title
    with pytest.raises(Invalid, match="没有保存"):
        contest.act(
            marking.mark, contest.c, code=code, typed={"theory": "80", "practice": "80"}, absent=False, note=person
        )
    contest.mark(code)
    with pytest.raises(Invalid, match="没有保存"):
        contest.act(marking.return_mark, contest.d, code=code, reason=f"{person}的分数不符")


def test_kept_file_has_neither_its_name_nor_its_properties(contest):
    person = contest.entries[0].title

    def sign(book, data):
        book.properties.creator = book.properties.title = person

    batch = upload(contest, everybody(contest), prepare=sign)
    assert person not in batch.file_name + batch.file.name
    with batch.file.open("rb") as handle, zipfile.ZipFile(BytesIO(handle.read())) as archive:
        assert person not in b"".join(archive.read(name) for name in archive.namelist()).decode()


def test_returned_mark_is_corrected_and_confirmed_again(contest):
    contest.mark_all()
    code = contest.codes()[0]
    contest.act(marking.return_mark, contest.d, code=code, reason="实操与原始成绩单不符")
    with pytest.raises(Conflict, match="没有由第二人复核"):
        contest.act(domain.approve, contest.a)
    contest.mark(code, {"theory": "61", "practice": "91"})
    assert contest.act(marking.confirm_marks, contest.d) == 1
    contest.act(domain.approve, contest.a)
    with pytest.raises(Conflict, match="已锁定"):
        contest.act(marking.return_mark, contest.d, code=code, reason="再改")


def test_database_refuses_the_recorder_as_second_person(contest):
    mark = contest.mark(contest.codes()[0])
    with system_scope("test"), pytest.raises(IntegrityError), transaction.atomic():
        CodedMark.objects.filter(pk=mark.pk).update(state="confirmed", confirmed_by=contest.c.user)


def test_log_tells_the_holder_of_one_layer_no_mark_and_decoding_proves_it(tianjin):
    contest = Contest(tianjin, layers=1)
    contest.act(domain.draw, contest.a, layer=1)
    code = contest.codes()[0]
    contest.mark(code, {"theory": "77.5", "practice": "88.5"})
    with system_scope("test"):
        events = str(
            list(AuditEvent.objects.filter(action__startswith="lifecycle.codes.").values_list("data", flat=True))
        )
    assert "77.5" not in events
    contest.mark_all()
    for name in ("upload_marks", "confirm_marks"):
        with pytest.raises(Refused):
            contest.act(getattr(marking, name), contest.a, **({"content": b"x"} if name == "upload_marks" else {}))
    contest.act(domain.approve, contest.a)
    contest.act(domain.approve, contest.c)
    with system_scope("test"):
        row = queries.marks(contest.stage)[code]
        told = AuditEvent.objects.filter(action="lifecycle.codes.confirmed", data__code=code).get().data["sha256"]
        salt = AuditEvent.objects.get(action="lifecycle.codes.decoded").data["salts"][code]
    assert told == marking.mark_hash(code=code, marks=row.marks, absent=row.absent, note=row.note, salt=salt)


def test_pages_of_the_file_lead_from_the_template_to_the_confirmed_marks(contest, desk_client):
    client, here = desk_client(contest.c), [contest.stage.pk]
    answer = client.get(reverse("lifecycle:codes.template", args=here))
    assert answer.status_code == 200
    file = SimpleUploadedFile(f"{contest.entries[0].title}.xlsx", filled(contest, everybody(contest)))
    answer = client.post(reverse("lifecycle:codes.upload", args=here), {"file": file})
    page = client.get(answer.url).content.decode()
    assert "正式导入" in page
    assert contest.entries[0].title not in page
    with system_scope("test"):
        batch = CodedBatch.objects.get()
    assert client.post(reverse("lifecycle:codes.apply", args=[batch.pk])).status_code == 302
    second = desk_client(contest.d)
    assert "复核确认" in second.get(reverse("lifecycle:codes.marks", args=here)).content.decode()
    assert second.post(reverse("lifecycle:codes.confirm", args=here), {"checked": "on"}).status_code == 302
    assert desk_client(contest.a).get(reverse("lifecycle:result.template", args=here)).status_code == 404


def test_given_up_file_is_deleted_and_a_stale_one_changes_nothing(contest):
    batch = upload(contest, dict.fromkeys(contest.codes(), ("99", "99")))
    contest.mark_all()
    with pytest.raises(Conflict, match="已有变化"):
        apply(contest, batch)
    contest.act(lambda *, actor, stage, now: marking.cancel_marks(actor=actor, batch=batch, now=now), contest.c)
    with system_scope("test"):
        assert (CodedBatch.objects.get().state, CodedBatch.objects.get().file.name) == ("cancelled", "")


def test_no_workbook_at_all_is_told_as_such(contest):
    with pytest.raises(Invalid):
        contest.act(marking.upload_marks, contest.c, content=b"PK not a workbook")
    book, out = Workbook(), BytesIO()
    book.save(out)
    assert contest.act(marking.upload_marks, contest.c, content=out.getvalue()).state == "faulty"


# --- names of the layers ---


@pytest.mark.parametrize(
    ("names", "told"), [(["抽签号"], "须写 2 个名称"), (["号", "号"], "重复"), (["抽签号", ""], "1 至 8")]
)
def test_names_of_layers_must_fit_their_number(names, told):
    definition = coded_shape(2)
    next(stage for stage in definition["stages"] if stage["kind"] == "review")["codes"]["names"] = names
    with pytest.raises(BlueprintInvalid, match=told):
        loader.from_definition(definition)


def test_names_of_layers_head_tables_and_workbook():
    definition = coded_shape(2)
    codes = next(stage for stage in definition["stages"] if stage["kind"] == "review")["codes"]
    assert loader.from_definition(definition).stage("review").params.codes.name_of(2) == "工位码"
    codes["names"] = ["抽签号", "赛位号"]
    params = loader.from_definition(definition).stage("review").params
    assert workbook.sheet_of(params).labels[0] == "赛位号"


def test_workshop_offers_codes_for_imported_marks_only():
    place = Place("stages[0]", Stage, {})
    assert is_shown(Stage, "codes", {"kind": "review", "method": "imported_marks"}, place)
    assert not is_shown(Stage, "codes", {"kind": "review", "method": "rubric_panel"}, place)
    assert labels.key_in_words("names") == "各次码的名称"
