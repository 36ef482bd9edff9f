"""Marks: kept as typed, abstention is not zero, submitted once, gone after recusal."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.blueprints.stages import Criterion, ReviewParams
from portal.lifecycle.entries.models import Attachment, Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.domain.marking import recuse, reopen_sheet, save_comment, save_marks, submit_sheet
from portal.lifecycle.review.models import Assignment, AssignmentState, Score
from portal.lifecycle.review.scoring import ABSTAINED, Mark, score_entry
from portal.lifecycle.review.scoring import Criterion as Line
from portal.lifecycle.review.sheet import MarkError, StoredMark, make_sheet, parse_mark
from tests.factories.entries import make_cycle
from tests.factories.people import Tree
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel, mark

FULL = {"innovation": "28", "advancement": "13", "practicality": "17", "benefit": "18", "promotion": "13"}


@pytest.fixture
def case(tianjin):
    cycle = make_cycle(tianjin, stage="review")
    experts = [make_expert(tianjin, name) for name in ("甲专家", "乙专家")]
    panel = make_panel(cycle, experts)
    entry = make_entry_in_review(cycle, tianjin.filer)
    sheets = assign(panel, entry, *experts)
    return cycle, experts, panel, entry, sheets


def save(actor, sheet, typed=None, abstained=None):
    with scope(scope_of(actor)):
        return save_marks(
            actor=actor, assignment=sheet, typed=typed or {}, abstained=abstained or {}, now=timezone.now()
        )


def stored(sheet):
    with system_scope("test"):
        return {s.criterion: (s.value, s.abstained) for s in Score.objects.filter(assignment=sheet)}


def criterion(**changes):
    facts = {"code": "c", "title": "项", "weight": Decimal(20), "max_score": Decimal(20), "step": Decimal("0.5")}
    return Criterion(**facts | changes)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("8", "8"),
        (" 8.5 ", "8.5"),
        ("８．５", "8.5"),
        ("8。5", "8.5"),
        ("0", "0"),
        ("20.00", "20"),
        ("", None),
        ("  ", None),
    ],
)
def test_mark_typed_in_the_usual_ways_is_read(typed, value):
    assert parse_mark(criterion(), typed) == (None if value is None else Decimal(value))


@pytest.mark.parametrize("typed", ["abc", "-1", "20.5", "8.25", "1e1000", "NaN", "Infinity", "1,5", "9" * 30])
def test_mark_that_does_not_fit_is_refused_with_a_message(typed):
    with pytest.raises(MarkError) as error:
        parse_mark(criterion(), typed)
    assert "分" in str(error.value) or "数字" in str(error.value)


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.one_of(st.none(), st.integers(0, 40), st.just("abstained"))),
        min_size=1,
        max_size=6,
    )
)
def test_running_total_of_a_finished_sheet_is_the_total_of_the_scoring_rule(rows):
    """The sheet and ``scoring.py`` agree on every complete sheet, abstentions included."""
    lines, marks, given_marks = [], {}, []
    for number, (full, value) in enumerate(rows):
        code = f"c{number}"
        lines.append(criterion(code=code, weight=Decimal(full), max_score=Decimal(40), step=Decimal(1)))
        if value == "abstained":
            marks[code] = StoredMark(None, abstained=True)
            given_marks.append(Mark("x", code, ABSTAINED))
        elif value is not None:
            marks[code] = StoredMark(Decimal(value))
            given_marks.append(Mark("x", code, Decimal(value)))
    sheet = make_sheet(ReviewParams(rubric=tuple(lines)), marks)
    assert sheet.done + len(sheet.missing) == len(rows)
    if sheet.is_marked and sheet.abstained < len(rows):
        rubric = [Line(c.code, c.title, c.max_score, c.weight) for c in lines]
        score = score_entry("e", criteria=rubric, experts=["x"], marks=given_marks)
        assert sheet.total == score.experts[0].value


def test_mark_is_kept_as_typed_and_audited(case):
    _, (one, _), _, _, (sheet, _) = case
    result = save(one, sheet, {"innovation": "26"})
    assert stored(sheet) == {"innovation": (Decimal("26.00"), False)}
    assert result.total == Decimal("26.00")
    assert result.done == 1
    save(one, sheet, {"innovation": "27"})
    with system_scope("test"):
        events = AuditEvent.objects.filter(action="lifecycle.score.saved").order_by("pk")
        assert [(e.before, e.after) for e in events] == [
            ({"innovation": ""}, {"innovation": "26"}),
            ({"innovation": "26"}, {"innovation": "27"}),
        ]


def test_mark_saved_again_unchanged_leaves_no_second_audit_row(case):
    _, (one, _), _, _, (sheet, _) = case
    save(one, sheet, {"innovation": "26"})
    save(one, sheet, {"innovation": "26.0"})
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="lifecycle.score.saved").count() == 1


def test_refused_mark_keeps_the_others_and_says_why(case):
    _, (one, _), _, _, (sheet, _) = case
    save(one, sheet, {"innovation": "26"})
    result = save(one, sheet, {"innovation": "31", "benefit": "18"})
    assert stored(sheet) == {"innovation": (Decimal("26.00"), False), "benefit": (Decimal("18.00"), False)}
    assert "0 至 30" in result.line("innovation").error
    assert result.line("innovation").shown == "31"


def test_abstention_is_not_zero_and_is_scaled_out_of_the_total(case):
    _, (one, _), _, _, (sheet, _) = case
    result = save(one, sheet, {k: v for k, v in FULL.items() if k != "benefit"}, {"benefit": True})
    assert stored(sheet)["benefit"] == (None, True)
    assert result.is_marked
    assert result.total == Decimal("88.75")  # (28 + 13 + 17 + 13) ÷ 80 × 100
    result = save(one, sheet, {"benefit": "0"}, {"benefit": False})
    assert stored(sheet)["benefit"] == (Decimal("0.00"), False)
    assert result.total == Decimal("71.00")


def test_emptied_field_takes_the_mark_back(case):
    _, (one, _), _, _, (sheet, _) = case
    save(one, sheet, {"innovation": "26"})
    result = save(one, sheet, {"innovation": ""})
    assert not result.line("innovation").mark.is_done


def test_sheet_is_submitted_only_when_complete(case):
    _, (one, _), _, _, (sheet, _) = case
    save(one, sheet, {"innovation": "26"})
    with scope(scope_of(one)), pytest.raises(Invalid) as error:
        submit_sheet(actor=one, assignment=sheet, now=timezone.now())
    assert set(error.value.fields) == {"mark-advancement", "mark-practicality", "mark-benefit", "mark-promotion"}
    save(one, sheet, FULL)
    with scope(scope_of(one)):
        done = submit_sheet(actor=one, assignment=sheet, now=timezone.now())
    assert done.state == AssignmentState.SUBMITTED
    assert done.submitted_at


def test_low_total_needs_a_comment(case):
    _, (one, _), _, _, (sheet, _) = case
    save(one, sheet, dict.fromkeys(FULL, "8"))
    with scope(scope_of(one)):
        with pytest.raises(Invalid, match="低于60分"):
            submit_sheet(actor=one, assignment=sheet, now=timezone.now())
        save_comment(actor=one, assignment=sheet, comment="创新点与已有做法相同。", now=timezone.now())
        submit_sheet(actor=one, assignment=sheet, now=timezone.now())


def test_comment_over_the_limit_is_refused_with_the_count(case):
    _, (one, _), _, _, (sheet, _) = case
    with scope(scope_of(one)), pytest.raises(Invalid, match="最多300字，现在是301字"):
        save_comment(actor=one, assignment=sheet, comment="字" * 301, now=timezone.now())


def test_total_abstention_is_no_review(case):
    _, (one, _), _, _, (sheet, _) = case
    save(one, sheet, {}, dict.fromkeys(FULL, True))
    with scope(scope_of(one)), pytest.raises(Invalid, match="申请回避"):
        submit_sheet(actor=one, assignment=sheet, now=timezone.now())


def test_submitted_sheet_cannot_be_changed_or_submitted_again(case):
    _, (one, _), _, _, (sheet, _) = case
    mark(sheet, FULL)
    with pytest.raises(Conflict, match="已经提交"):
        save(one, sheet, {"innovation": "1"})
    with scope(scope_of(one)), pytest.raises(Conflict):
        submit_sheet(actor=one, assignment=sheet, now=timezone.now())
    assert stored(sheet)["innovation"][0] == Decimal("28.00")


def test_organiser_returns_a_sheet_with_a_reason(case, tianjin, in_scope):
    _, (one, _), _, _, (sheet, _) = case
    mark(sheet, FULL)
    with in_scope(tianjin.manager):
        with pytest.raises(Invalid):
            reopen_sheet(actor=tianjin.manager, assignment=sheet, reason=" ", now=timezone.now())
        reopen_sheet(actor=tianjin.manager, assignment=sheet, reason="专家来电更正", now=timezone.now())
    save(one, sheet, {"innovation": "27"})
    assert stored(sheet)["innovation"][0] == Decimal("27.00")


@pytest.mark.parametrize("who", ["supervisor", "auditor", "filer", "district_manager"])
def test_only_the_organiser_returns_a_sheet(case, tianjin, in_scope, who):
    sheet = mark(case[4][0], FULL)
    actor = getattr(tianjin, who)
    with in_scope(actor), pytest.raises((Refused, Assignment.DoesNotExist, Entry.DoesNotExist)):
        reopen_sheet(actor=actor, assignment=sheet, reason="更正", now=timezone.now())


def test_marks_stop_when_the_stage_closes(case):
    cycle, (one, _), _, _, (sheet, _) = case
    with system_scope("test"):
        CycleStage.objects.filter(cycle=cycle, kind="review").update(status="closed")
    with pytest.raises(Conflict, match="没有开放"):
        save(one, sheet, {"innovation": "26"})


def test_marks_stop_when_the_entry_has_left_the_review(case):
    _, (one, _), _, entry, (sheet, _) = case
    with system_scope("test"):
        Entry.objects.filter(pk=entry.pk).update(state="disqualified")
    with pytest.raises(Conflict, match="不在评审中"):
        save(one, sheet, {"innovation": "26"})


def test_recusal_needs_a_reason_and_makes_the_entry_vanish(case):
    _, (one, two), _, entry, (sheet, _) = case
    with scope(scope_of(one)):
        with pytest.raises(Invalid):
            recuse(actor=one, assignment=sheet, reason="  ", now=timezone.now())
        recuse(actor=one, assignment=sheet, reason="认出完成人", now=timezone.now())
        assert not Assignment.objects.filter(pk=sheet.pk).exists()
        assert not Entry.objects.filter(pk=entry.pk).exists()
        assert not Attachment.objects.filter(entry=entry).exists()
        assert not Score.objects.filter(assignment=sheet).exists()
    with scope(scope_of(two)):
        assert Entry.objects.filter(pk=entry.pk).exists()


def test_expert_cannot_touch_anothers_sheet(case):
    _, (one, _), _, _, (_, other) = case
    with pytest.raises(Assignment.DoesNotExist):
        save(one, other, {"innovation": "1"})
    with scope(scope_of(one)), pytest.raises(Assignment.DoesNotExist):
        recuse(actor=one, assignment=other, reason="不想评", now=timezone.now())


def test_organiser_cannot_mark_for_an_expert(case, tianjin, in_scope):
    with in_scope(tianjin.manager), pytest.raises(Refused):
        save_marks(
            actor=tianjin.manager, assignment=case[4][0], typed={"innovation": "1"}, abstained={}, now=timezone.now()
        )


def _in_threads(count, function):
    barrier, results = threading.Barrier(count), []

    def run(number):
        try:
            barrier.wait()
            results.append(function(number))
        except Exception as error:  # noqa: BLE001 -- the test looks at what came out
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def committed(transactional_db):
    with system_scope("fixture"):
        tree = Tree("天津市")
        cycle = make_cycle(tree, stage="review")
        expert = make_expert(tree)
        panel = make_panel(cycle, [expert])
        return expert, assign(panel, make_entry_in_review(cycle, tree.filer), expert)[0]


def test_two_pages_saving_the_same_mark_leave_one_row(committed):
    expert, sheet = committed
    results = _in_threads(6, lambda n: save(expert, sheet, {"innovation": str(20 + n)}).total)
    assert not [r for r in results if isinstance(r, Exception)]
    with system_scope("test"):
        row = Score.objects.get(assignment=sheet)
        last = AuditEvent.objects.filter(action="lifecycle.score.saved").order_by("-pk").first()
        assert last.after["innovation"] == f"{row.value.normalize():f}"
        assert AuditEvent.objects.filter(action="lifecycle.score.saved").count() == 6


def test_submitting_twice_at_once_submits_once(committed):
    expert, sheet = committed
    save(expert, sheet, FULL)

    def submit(_):
        with scope(scope_of(expert)):
            return submit_sheet(actor=expert, assignment=sheet, now=timezone.now())

    results = _in_threads(4, submit)
    assert sum(isinstance(r, Assignment) for r in results) == 1
    assert sum(isinstance(r, Conflict) for r in results) == 3
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="lifecycle.assignment.submitted").count() == 1
