"""Self-marks before submission, reviewers' findings afterwards, and what they do to the ranking."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.engine.perform import preview
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.checklist import domain, sheets
from portal.lifecycle.review.checklist.domain import Typed
from portal.lifecycle.review.checklist.models import ItemMark, SelfMark
from portal.lifecycle.review.domain.marking import save_marks, submit_sheet
from portal.lifecycle.review.models import Score
from portal.lifecycle.selection.freezing import freeze
from portal.lifecycle.selection.snapshot import compute
from tests.factories.checklists import CHECKLIST
from tests.factories.entries import make_cycle, make_entry, picture_bytes
from tests.factories.programmes import small_definition
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel

GOOD = {"lead.chair": "26", "lead.plan": "2", "safety.rules": "55", "extra.video": "3", "extra.paper": "3"}


def definition():
    review = {"method": "checklist", "rubric": [], "checklist": copy.deepcopy(CHECKLIST), "experts_per_entry": 2}
    return small_definition(programme={"code": "ankang-test"}, stages={"review": review})


def fill(actor, entry, points=GOOD, found="no", words="见附件一"):
    typed = Typed(points=points, found={"bars.none": found}, words={"lead.chair": words} if words else {})
    with scope(scope_of(actor)):
        return domain.save_self_marks(actor=actor, entry=entry, typed=typed, now=timezone.now())


def refusals(actor, entry):
    with scope(scope_of(actor)):
        entry = Entry.objects.get(pk=entry.pk)
        return " ".join(d.message for d in preview(entry, "submit", actor=actor, now=timezone.now()))


@pytest.fixture
def draft(tianjin):
    cycle = make_cycle(tianjin, definition())
    return make_entry(cycle, tianjin.filer)


@pytest.fixture
def reviewed(tianjin):
    cycle = make_cycle(tianjin, definition(), stage="review")
    experts = [make_expert(tianjin, name) for name in ("甲", "乙")]
    panel = make_panel(cycle, experts)
    entry = make_entry_in_review(cycle, tianjin.filer)
    with system_scope("test"):
        for code, value in GOOD.items():
            SelfMark.objects.create(entry=entry, item=code, value=Decimal(value))
        SelfMark.objects.create(entry=entry, item="bars.none", found=False)
    return cycle, entry, list(zip(experts, assign(panel, entry, *experts), strict=True))


def review(actor, sheet, points=GOOD, found="no", words=None):
    typed = Typed(points=points, found={"bars.none": found}, words=words or {})
    with scope(scope_of(actor)):
        return domain.save_items(actor=actor, assignment=sheet, typed=typed, now=timezone.now())


def hand_in(actor, sheet):
    with scope(scope_of(actor)):
        return submit_sheet(actor=actor, assignment=sheet, now=timezone.now())


def test_entry_without_self_marks_is_refused_and_each_section_is_named(tianjin, draft):
    said = refusals(tianjin.filer, draft)
    for part in ("“组织领导”还有 2 项", "“安全管理”还有 1 项", "“加分”还有 2 项", "“一票否决”还有 1 项"):
        assert part in said


def test_entry_with_good_self_marks_is_not_refused_for_them(tianjin, draft):
    sheet = fill(tianjin.filer, draft)
    assert (sheet.total.base, sheet.total.bonus, sheet.total.total) == (89, 4, 93)
    assert "自评" not in refusals(tianjin.filer, draft)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"points": GOOD | {"lead.chair": "23.5"}}, "自评 31.5 分，未达到该部分最低 32 分，还差 0.5 分"),
        ({"points": GOOD | {"safety.rules": "45"}}, "自评总分 79 分（不含加分），未达到申报要求的 80 分"),
        ({"words": ""}, "“组织领导”缺少佐证材料或说明：主要负责人任组委会主任"),
        ({"found": "yes"}, "存在一票否决情形“全年未开展竞赛活动”，不能申报"),
    ],
    ids=["section", "whole", "evidence", "veto"],
)
def test_self_marks_that_do_not_suffice_are_refused_with_the_reason(tianjin, draft, changes, words):
    fill(tianjin.filer, draft, **changes)
    assert words in refusals(tianjin.filer, draft)


def test_mark_that_does_not_fit_comes_back_and_the_others_are_kept(tianjin, draft):
    sheet = fill(tianjin.filer, draft, points={"lead.chair": "31", "lead.plan": "２", "safety.rules": "1.5"})
    assert sheet.line("lead.chair").error == "应在 0 至 30 分之间。"
    assert sheet.line("lead.chair").shown == "31"
    assert sheet.line("safety.rules").error == "最小分值单位为 1 分。"
    assert sheet.line("lead.plan").earned == 8


def test_submitted_entry_keeps_its_self_marks(tianjin, draft):
    with system_scope("test"):
        Entry.objects.filter(pk=draft.pk).update(state=EntryState.SUBMITTED)
    with pytest.raises(Refused):
        fill(tianjin.filer, draft)


def test_proof_is_checked_stored_replaced_and_removed(tianjin, draft):
    now, actor = timezone.now(), tianjin.filer
    picture = SimpleUploadedFile("任命文件.png", picture_bytes())
    with scope(scope_of(actor)):
        row = domain.add_evidence(actor=actor, entry=draft, item="lead.chair", upload=picture, now=now)
        assert row.file_name == "任命文件.png"
        assert row.file
        with pytest.raises(Invalid):
            domain.add_evidence(
                actor=actor, entry=draft, item="lead.chair", upload=SimpleUploadedFile("a.pdf", b"MZ"), now=now
            )
        picture.seek(0)
        with pytest.raises(Invalid, match="不需要"):
            domain.add_evidence(actor=actor, entry=draft, item="lead.plan", upload=picture, now=now)
        fill(actor, draft, words="")
    assert "佐证" not in refusals(actor, draft)
    with scope(scope_of(actor)):
        domain.remove_evidence(actor=actor, entry=draft, item="lead.chair", now=now)
        domain.remove_evidence(actor=actor, entry=draft, item="lead.chair", now=now)
    assert "缺少佐证材料" in refusals(actor, draft)


def test_another_unit_cannot_mark_for_the_entry(tianjin, hebei, draft):
    with pytest.raises((Refused, Entry.DoesNotExist)):
        fill(hebei.filer, draft)


def test_sections_become_marks_and_open_ones_stay_without(reviewed):
    _cycle, _entry, ((expert, sheet), _other) = reviewed
    review(expert, sheet, points={"lead.chair": "26", "lead.plan": "2", "safety.rules": ""})
    with system_scope("test"):
        scores = dict(Score.objects.filter(assignment=sheet).values_list("criterion", "value"))
    assert scores == {"lead": Decimal(34), "safety": None, "extra": None}


def test_difference_from_the_self_mark_needs_a_reason(reviewed):
    _cycle, _entry, ((expert, sheet), _other) = reviewed
    items = review(expert, sheet, points=GOOD | {"lead.plan": "4"})
    assert [line.item.code for line in items.lines if line.differs] == ["lead.plan"]
    with pytest.raises(Invalid) as refused:
        hand_in(expert, sheet)
    assert refused.value.fields == {"item-2": ["活动计划：与自评不一致，请写明理由。"]}
    review(expert, sheet, points={}, words={"lead.plan": "缺第三季度计划"})
    assert hand_in(expert, sheet).is_submitted


def test_incomplete_checklist_is_not_handed_in(reviewed):
    _cycle, _entry, ((expert, sheet), _other) = reviewed
    review(expert, sheet, points={"lead.chair": "26"})
    with pytest.raises(Invalid) as refused:
        hand_in(expert, sheet)
    assert set(refused.value.fields) == {"item-2", "item-3", "item-4", "item-5"}


def test_marks_by_criterion_are_refused_where_items_decide(reviewed):
    _cycle, _entry, ((expert, sheet), _other) = reviewed
    with scope(scope_of(expert)), pytest.raises(Conflict, match="考核表"):
        save_marks(actor=expert, assignment=sheet, typed={"lead": "40"}, abstained={}, now=timezone.now())


def test_others_item_marks_stay_hidden(reviewed):
    _cycle, _entry, ((expert, sheet), (other, _sheet)) = reviewed
    review(expert, sheet)
    with scope(scope_of(other)):
        assert not ItemMark.objects.exists()


def frozen(cycle):
    with system_scope("test"):
        Entry.objects.filter(cycle=cycle).update(state=EntryState.REVIEWED)
        stage = cycle.stages.get(kind="selection")
        return freeze(stage, list(Entry.objects.filter(cycle=cycle).order_by("code")))


def test_veto_found_by_one_reviewer_excludes_the_entry_with_its_reason(reviewed):
    cycle, entry, pairs = reviewed
    for (expert, sheet), found in zip(pairs, ("no", "yes"), strict=True):
        words = {"bars.none": "查无活动记录"} if found == "yes" else {}
        review(expert, sheet, found=found, words=words)
        hand_in(expert, sheet)
    snapshot = frozen(cycle)
    (line,) = snapshot["entries"]
    assert not line["eligible"]
    assert line["reason"] == "评审认定存在一票否决情形：全年未开展竞赛活动。"
    result = compute(snapshot)
    assert [c.code for c in result.ranking.ineligible] == [entry.code]
    (outcome,) = result.allocation.outcomes
    assert outcome.cause == "ineligible"


def test_section_below_its_least_share_keeps_the_entry_from_being_selected(reviewed):
    cycle, _entry, pairs = reviewed
    for expert, sheet in pairs:
        review(expert, sheet, points=GOOD | {"lead.chair": "20"}, words={"lead.chair": "材料不全"})
        hand_in(expert, sheet)
    result = compute(frozen(cycle))
    (score,) = result.scores.values()
    assert score.total == Decimal("87.00")  # 28 + 55 + 4
    assert score.below_floor == ("lead",)


def test_item_sheet_reads_in_constant_queries(tianjin, reviewed, django_assert_num_queries):
    _cycle, entry, ((expert, sheet), _other) = reviewed
    with scope(scope_of(expert)):
        checklist = sheets.checklist_of(Entry.objects.get(pk=entry.pk).cycle)
        with django_assert_num_queries(2):
            sheets.review_items(sheet, checklist)
