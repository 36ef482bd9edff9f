"""The checklist's arithmetic: properties over made-up checklists, and the exact borders of floors and caps."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.lifecycle.blueprints.review_blocks import ChecklistItem, ChecklistParams, ChecklistSection
from portal.lifecycle.blueprints.vocabulary import ItemMode
from portal.lifecycle.review.checklist.calculation import Finding, differs, earned, evaluate, section_marks

HALF = Decimal("0.5")
points = st.integers(1, 60).map(lambda n: n * HALF)
modes = st.sampled_from(ItemMode)


@st.composite
def checklists(draw):
    sections = []
    bases = draw(st.lists(st.lists(st.tuples(points, modes), min_size=1, max_size=4), min_size=1, max_size=4))
    for number, items in enumerate(bases):
        made = tuple(ChecklistItem(f"s{number}.{i}", f"项{i}", p, m) for i, (p, m) in enumerate(items))
        share = draw(st.none() | st.integers(1, 100).map(lambda n: Decimal(n) / 100))
        sections.append(ChecklistSection(f"s{number}", f"部分{number}", made, min_share=share))
    for number in range(draw(st.integers(0, 2))):
        item = ChecklistItem(f"b{number}.0", "加分", draw(points))
        sections.append(ChecklistSection(f"b{number}", "加分", (item,), bonus=True))
    sections.append(ChecklistSection("v", "否决", (ChecklistItem("v.0", "否决项", veto=True),)))
    cap = draw(st.integers(1, 10).map(Decimal)) if any(s.bonus for s in sections) else Decimal(0)
    return ChecklistParams(tuple(sections), bonus_cap=cap)


@st.composite
def marked(draw):
    checklist = draw(checklists())
    findings = {}
    for item in checklist.items:
        if item.veto:
            findings[item.code] = Finding(found=draw(st.none() | st.booleans()))
        else:
            # Also more than the item bears: what was stored before a change of the checklist must do no harm.
            findings[item.code] = Finding(draw(st.none() | st.integers(0, 150).map(lambda n: n * HALF)))
    return checklist, findings


@given(marked())
def test_total_lies_between_nothing_and_the_base_plus_the_bonus_cap(case):
    checklist, findings = case
    total = evaluate(checklist, findings)
    assert 0 <= total.base <= checklist.base_points
    assert 0 <= total.bonus <= checklist.bonus_cap
    assert total.total == total.base + total.bonus


@given(marked())
def test_no_item_and_no_section_earns_less_than_nothing_or_more_than_its_points(case):
    checklist, findings = case
    assert all(0 <= earned(item, findings[item.code]) <= item.points for item in checklist.items)
    for part in evaluate(checklist, findings).sections:
        assert 0 <= part.earned <= part.raw <= part.section.points


@given(marked())
def test_section_marks_fit_the_criteria_they_become(case):
    checklist, findings = case
    total = evaluate(checklist, findings)
    marks = section_marks(checklist, total)
    criteria = {c.code: c for c in checklist.criteria()}
    assert marks.keys() == criteria.keys()
    for code, value in marks.items():
        assert value is None or 0 <= value <= criteria[code].max_score
    if total.is_complete:
        assert sum(marks.values()) == total.total


@given(marked())
def test_floor_of_the_criterion_is_the_least_share_of_the_section_exactly(case):
    checklist, findings = case
    floors = {c.code: c.floor for c in checklist.criteria()}
    for part in evaluate(checklist, findings).sections:
        if part.section.least is not None:
            assert floors[part.section.code] == part.section.least
            assert part.is_least_met == (part.earned >= floors[part.section.code])
            assert part.shortfall == max(Decimal(0), part.section.least - part.earned)


@given(points, st.integers(0, 150).map(lambda n: n * HALF))
def test_deduction_mirrors_marks_and_never_falls_below_nothing(full, value):
    deduct = ChecklistItem("d", "扣分项", full, ItemMode.DEDUCT)
    add = ChecklistItem("a", "得分项", full)
    assert earned(deduct, Finding(value)) == max(Decimal(0), full - value)
    assert earned(deduct, Finding(value)) + earned(add, Finding(value)) == full


def test_least_share_is_met_at_the_border_and_missed_half_a_mark_below():
    item = ChecklistItem("i", "项", Decimal(35))
    checklist = ChecklistParams((ChecklistSection("s", "部分", (item,), min_share=Decimal("0.8")),))
    at, below = (evaluate(checklist, {"i": Finding(Decimal(n))}).sections[0] for n in ("28", "27.5"))
    assert at.is_least_met
    assert at.shortfall == 0
    assert not below.is_least_met
    assert below.shortfall == HALF


def test_bonus_cap_is_used_up_in_the_order_of_the_sheet():
    sections = tuple(
        ChecklistSection(code, code, (ChecklistItem(f"{code}.1", "加分", Decimal(3)),), bonus=True) for code in "ab"
    )
    total = evaluate(
        ChecklistParams(sections, bonus_cap=Decimal(4)), {"a.1": Finding(Decimal(3)), "b.1": Finding(Decimal(3))}
    )
    assert [s.earned for s in total.sections] == [3, 1]
    assert total.bonus == 4


def test_item_nobody_looked_at_keeps_its_section_without_a_mark():
    items = (ChecklistItem("a", "甲", Decimal(5), ItemMode.DEDUCT), ChecklistItem("b", "乙", Decimal(5)))
    checklist = ChecklistParams((ChecklistSection("s", "部分", items),))
    total = evaluate(checklist, {"b": Finding(Decimal(5))})
    assert total.base == 5  # an open deduction is not full marks
    assert section_marks(checklist, total) == {"s": None}


def test_difference_needs_both_sides():
    item, veto = ChecklistItem("a", "甲", Decimal(5)), ChecklistItem("v", "否决", veto=True)
    assert differs(item, Finding(Decimal(4)), Finding(Decimal(5)))
    assert not differs(item, Finding(Decimal("5.00")), Finding(Decimal(5)))
    assert not differs(item, Finding(Decimal(4)), Finding())
    assert differs(veto, Finding(found=True), Finding(found=False))
