"""Results of a contest: file or hand, second person, then marks like any other."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.accounts.enums import Role
from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.engine.perform import perform, preview
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.imported import domain, queries
from portal.lifecycle.review.imported.models import ContestResult, ResultBatch
from portal.lifecycle.review.imported.workbook import read_results, results_template
from portal.lifecycle.review.models import Assignment, Panel
from portal.lifecycle.review.queries import desk
from portal.lifecycle.review.results import load_marks
from tests.factories.entries import make_cycle
from tests.factories.people import make_actor
from tests.factories.review import make_entry_in_review
from tests.factories.shapes import shape

pytestmark = pytest.mark.integration

HEADS = ("申报编号", "名称", "单位", "理论（满分100）", "实操（满分100）", "缺考", "备注")


def count(model):
    with system_scope("test"):
        return model.objects.count()


class Contest:
    """A contest with three entries under review, a recorder and a second person."""

    def __init__(self, tree):
        self.tree, self.recorder = tree, tree.manager
        with system_scope("fixture"):
            self.second = make_actor(tree.municipal, Role.MANAGER, "复核人")
            self.cycle = make_cycle(tree, shape("contest"), stage="review")
            units = (tree.filer, tree.group_filer, tree.filer)
            self.entries = [make_entry_in_review(self.cycle, unit, title=f"选手{n}") for n, unit in enumerate(units)]
            self.stage = CycleStage.objects.select_related("cycle__owner").get(cycle=self.cycle, kind="review")

    def act(self, function, actor=None, **payload):
        actor = actor or self.recorder
        with scope(scope_of(actor)):
            return function(actor=actor, now=timezone.now(), **payload)

    def template(self):
        with scope(scope_of(self.recorder)):
            return results_template(params_of(self.stage), queries.entries_by_code(self.stage).values())

    def filled(self, *lines, edit=None):
        """The template with the marks of ``lines`` (theory, practice, absent) in the order of the entries."""
        book = load_workbook(BytesIO(self.template()))
        data = book["数据"]
        for row, line in enumerate(lines, 2):
            for column, value in enumerate(line, 4):
                data.cell(row, column, value)
        if edit:
            edit(data)
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    def upload(self, content):
        return self.act(domain.upload_results, stage=self.stage, file_name="成绩单.xlsx", content=content)

    def record(self, number=0, typed=None, actor=None, **more):
        typed = {"theory": "80", "practice": "90.55"} if typed is None else typed
        options = {"absent": False, "note": ""} | more
        return self.act(domain.record_result, actor, entry=self.entries[number], typed=typed, **options)

    def result(self, number=0):
        with system_scope("test"):
            return ContestResult.objects.select_related("entry").get(entry=self.entries[number])


@pytest.fixture
def contest(tianjin, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Contest(tianjin)


# --- the workbook ---


def test_template_lists_every_entry_under_review(contest):
    lines = list(load_workbook(BytesIO(contest.template()))["数据"].iter_rows(values_only=True))
    assert lines[0][: len(HEADS)] == HEADS
    assert [line[:2] for line in lines[1:4]] == [(e.code, e.title) for e in contest.entries]


def test_dry_run_writes_nothing_and_shows_what_would_be_recorded(contest):
    batch = contest.upload(contest.filled((80, "90.55"), ("70.5", 60), (None, None, "是")))
    assert (batch.state, batch.rows, batch.problems) == ("checked", 3, [])
    assert [change["details"] for change in batch.changes] == [
        ["理论 80", "实操 90.55"],
        ["理论 70.5", "实操 60"],
        ["缺考"],
    ]
    assert count(ContestResult) == 0


@pytest.mark.parametrize(
    ("lines", "edit", "row", "words"),
    [
        ([(101, 90)], None, 2, "应在 0 至 100 分之间"),
        ([(-1, 90)], None, 2, "应在 0 至 100 分之间"),
        ([("80.555", 90)], None, 2, "最小分值单位为 0.01 分"),
        ([("八十", 90)], None, 2, "请填写数字"),
        ([("=40+40", 90)], None, 2, "请填写数字"),
        ([(80, None)], None, 2, "没有填写"),
        ([(80, 90, "是")], None, 2, "缺考的各项成绩应留空"),
        ([(80, 90, "缺")], None, 2, "只能填“是”或留空"),
        ([(80, 90)], lambda data: data.cell(2, 1, "T-0"), 2, "没有编号为“T-0”"),
        ([(80, 90)], lambda data: data.cell(2, 2, "别人"), 2, "请核对是否错行"),
        ([(80, 90)], lambda data: data.cell(3, 1, data.cell(2, 1).value), 3, "与第2行重复"),
        ([(80, 90)], lambda data: data.merge_cells("D2:D3"), 2, "被合并"),
    ],
    ids=["high", "low", "decimals", "words", "formula", "gap", "absent_marked", "absent_word", "unknown", "shifted",
         "doubled", "merged"],
)  # fmt: skip
def test_every_fault_stands_on_its_row(contest, lines, edit, row, words):
    batch = contest.upload(contest.filled(*lines, edit=edit))
    assert batch.state == "faulty"
    assert batch.changes == []
    assert any(p["row"] == row and words in p["message"] for p in batch.problems), batch.problems


def test_empty_lines_are_left_alone(contest):
    batch = contest.upload(contest.filled((80, 90)))
    assert (batch.state, len(batch.changes), batch.unchanged) == ("checked", 1, 2)


def test_import_is_applied_once_and_as_a_whole(contest):
    batch = contest.upload(contest.filled((80, "90.55"), ("70.5", 60), (None, None, "是")))
    contest.act(domain.apply_results, batch=batch)
    first = contest.result(0)
    assert (first.marks, first.absent, first.state) == ({"theory": "80", "practice": "90.55"}, False, "recorded")
    assert (first.recorded_by_id, first.batch_id) == (contest.recorder.user_id, batch.pk)
    assert contest.result(2).absent
    with pytest.raises(Conflict):
        contest.act(domain.apply_results, batch=batch)
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="lifecycle.result.recorded").count() == 3
        assert AuditEvent.objects.filter(action="lifecycle.results.applied").count() == 1


def test_import_that_no_longer_fits_writes_nothing(contest):
    batch = contest.upload(contest.filled((80, 90), (70, 60)))
    contest.act(domain.confirm_result, contest.second, result=contest.record(1))
    with pytest.raises(Conflict, match="没有写入任何成绩"):
        contest.act(domain.apply_results, batch=batch)
    assert count(ContestResult) == 1


def test_second_file_changes_only_what_differs(contest):
    contest.act(domain.apply_results, batch=contest.upload(contest.filled((80, 90), (70, 60))))
    batch = contest.upload(contest.filled((80, 90), (70, 61)))
    assert [(change["row"], change["kind"]) for change in batch.changes] == [(3, "update")]


def test_file_may_be_given_up(contest):
    batch = contest.upload(contest.filled((80, 90)))
    contest.act(domain.cancel_results, batch=batch)
    with pytest.raises(Conflict):
        contest.act(domain.apply_results, batch=batch)


# --- by hand ---


def test_result_by_hand_is_checked_beside_the_fields(contest):
    with pytest.raises(Invalid) as error:
        contest.record(typed={"theory": "100.5", "practice": ""})
    assert set(error.value.fields) == {"mark_theory", "mark_practice"}
    with pytest.raises(Invalid):
        contest.record(typed={"theory": "50", "practice": ""}, absent=True)
    assert contest.record(typed={"theory": "", "practice": ""}, absent=True).absent


# --- the second person ---


def test_nobody_confirms_what_they_recorded(contest):
    result = contest.record()
    with pytest.raises(Refused, match="录入人以外"):
        contest.act(domain.confirm_result, result=result)
    contest.act(domain.confirm_result, contest.second, result=result)
    with pytest.raises(Conflict):
        contest.act(domain.confirm_result, contest.second, result=result)


def test_marks_count_only_after_confirmation(contest):
    result = contest.record()
    with system_scope("test"):
        assert Assignment.objects.count() == 0
    contest.act(domain.confirm_result, contest.second, result=result)
    with system_scope("test"):
        score = load_marks(contest.stage).score(contest.entries[0].pk)
    assert str(score.total) == "87.39"  # 80 × 30% + 90.55 × 70% = 87.385


def test_whole_contest_is_confirmed_at_once_but_not_by_the_recorder(contest):
    for number in range(3):
        contest.record(number)
    with pytest.raises(Invalid):
        contest.act(domain.confirm_all, stage=contest.stage)
    assert contest.act(domain.confirm_all, contest.second, stage=contest.stage) == 3
    with system_scope("test"):
        assert Panel.objects.filter(stage=contest.stage).count() == 1


def test_returned_result_counts_no_more_until_confirmed_again(contest):
    contest.act(domain.confirm_result, contest.second, result=contest.record())
    with pytest.raises(Invalid):
        contest.act(domain.return_result, contest.second, result=contest.result(), reason=" ")
    contest.act(domain.return_result, contest.second, result=contest.result(), reason="实操与原始记录不符")
    with system_scope("test"):
        assert not load_marks(contest.stage).score(contest.entries[0].pk).is_complete
    contest.record(typed={"theory": "80", "practice": "91"})
    contest.act(domain.confirm_result, contest.second, result=contest.result())
    with system_scope("test"):
        assert str(load_marks(contest.stage).score(contest.entries[0].pk).total) == "87.70"
        assert Assignment.objects.count() == 1


def test_confirmed_result_is_not_overwritten(contest):
    contest.act(domain.confirm_result, contest.second, result=contest.record())
    with pytest.raises(Conflict, match="已经确认"):
        contest.record(typed={"theory": "1", "practice": "1"})


def test_review_is_complete_only_with_a_confirmed_result(contest):
    entry = contest.entries[0]

    def refusals():
        with scope(scope_of(contest.recorder)):
            fresh = Entry.objects.get(pk=entry.pk)
            return [r.message for r in preview(fresh, "complete_review", actor=contest.recorder, now=timezone.now())]

    assert refusals() == ["还没有录入竞赛成绩。"]
    result = contest.record()
    assert refusals() == ["竞赛成绩还没有由第二人确认。"]
    contest.act(domain.confirm_result, contest.second, result=result)
    assert refusals() == []
    with scope(scope_of(contest.recorder)):
        done = perform(entry.pk, "complete_review", actor=contest.recorder, now=timezone.now())
    assert done.state == EntryState.REVIEWED
    with pytest.raises(Conflict, match="不在评审中"):
        contest.act(domain.return_result, contest.second, result=contest.result(), reason="迟了")


def test_absent_contestant_has_no_total(contest):
    contest.act(domain.confirm_result, contest.second, result=contest.record(typed={}, absent=True))
    with system_scope("test"):
        assert load_marks(contest.stage).score(contest.entries[0].pk).total is None


def test_results_never_stand_on_an_experts_desk(contest):
    contest.act(domain.confirm_result, contest.second, result=contest.record())
    with system_scope("test"):
        assert not desk.assignments(actor=contest.recorder).exists()
        assert not desk.sheet_page(actor=contest.recorder).exists()


@pytest.mark.parametrize("role", ["filer", "district_checker", "supervisor", "expert"])
def test_only_the_owners_staff_records(contest, role):
    actor = getattr(contest.tree, role)
    with pytest.raises((Refused, Entry.DoesNotExist)):
        contest.act(domain.record_result, actor, entry=contest.entries[0], typed={"theory": "1", "practice": "1"},
                    absent=False, note="")  # fmt: skip


def test_file_is_read_the_same_way_without_the_database(contest):
    with scope(scope_of(contest.recorder)):
        entries = queries.entries_by_code(contest.stage)
        plan = read_results(contest.filled((80, 90)), params_of(contest.stage), entries)
    assert [change.marks for change in plan.changes] == [{"theory": "80", "practice": "90"}]


# --- pages ---


def test_contest_goes_through_its_pages(contest, desk_client):
    client, other = desk_client(contest.recorder), desk_client(contest.second)
    page = client.get(reverse("lifecycle:result.list", args=[contest.stage.pk]))
    assert "下载成绩单模板" in page.content.decode()
    assert client.get(reverse("lifecycle:review.stage", args=[contest.stage.pk])).status_code == 302
    template = client.get(reverse("lifecycle:result.template", args=[contest.stage.pk]))
    assert load_workbook(BytesIO(b"".join(template.streaming_content)))["数据"].max_row >= 4
    file = BytesIO(contest.filled((80, 90), (70, 60)))
    file.name = "成绩单.xlsx"
    answer = client.post(reverse("lifecycle:result.upload", args=[contest.stage.pk]), {"file": file})
    with system_scope("test"):
        batch = ResultBatch.objects.get()
    assert answer.url == reverse("lifecycle:result.batch", args=[batch.pk])
    assert "理论 80；实操 90" in client.get(answer.url).content.decode()
    client.post(reverse("lifecycle:result.apply", args=[batch.pk]))
    edit = reverse("lifecycle:result.edit", args=[contest.entries[2].pk])
    assert client.post(edit, {"mark_theory": "x", "mark_practice": "50"}).status_code == 422
    assert client.post(edit, {"mark_theory": "60", "mark_practice": "50"}).status_code == 302
    whole = reverse("lifecycle:result.confirm_all", args=[contest.stage.pk])
    assert whole not in client.get(reverse("lifecycle:result.list", args=[contest.stage.pk])).content.decode()
    url = reverse("lifecycle:result.confirm")
    chosen = {"selected": [contest.entries[0].pk], "confirmed": "1"}
    client.post(url, chosen)
    assert contest.result(0).state == "recorded"
    other.post(url, chosen)
    assert contest.result(0).state == "confirmed"
    back = {"selected": [contest.entries[1].pk], "confirmed": "1", "reason": "漏加附加分"}
    other.post(reverse("lifecycle:result.return"), back)
    assert contest.result(1).return_reason == "漏加附加分"
    other.post(whole, {"checked": "on"})
    assert contest.result(2).state == "confirmed"


def test_error_workbook_repeats_the_lines_with_their_faults(contest, desk_client):
    batch = contest.upload(contest.filled((101, 90)))
    client = desk_client(contest.recorder)
    answer = client.get(reverse("lifecycle:result.errors", args=[batch.pk]))
    lines = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0].iter_rows(values_only=True))
    assert "应在 0 至 100 分之间" in lines[1][-1]


def test_list_of_results_takes_the_same_queries_for_more_rows(contest, desk_client):
    client, url = desk_client(contest.recorder), reverse("lifecycle:result.list", args=[contest.stage.pk])
    contest.record(0)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    contest.record(1)
    contest.record(2)
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(one) == len(three)


def test_work_list_asks_the_recorder_and_then_the_second_person(contest):
    def work(actor):
        with scope(scope_of(actor)):
            return (
                [s.missing for s in queries.stages_to_record(actor=actor)],
                [s.mine for s in queries.stages_to_confirm(actor=actor)],
            )

    assert work(contest.recorder) == ([3], [])
    contest.record(0)
    assert work(contest.recorder) == ([2], [])
    assert work(contest.second) == ([2], [1])
