"""A marking scheme: what must hold, how it is imported and exported, what marks it gives."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from competitions.marking.board import Standing, ranked, unions
from competitions.marking.scheme import Rule, Section, findings, weighings
from competitions.marking.scoring import (
    NotAgreed,
    aspect_mark,
    judgement_mark,
    measured_mark,
    must_discuss,
    total,
    value_problem,
)
from competitions.marking.workbook import STANDARD, read_scheme, scheme_template
from portal.accounts.imports.template import DATA
from portal.core.errors import Invalid
from tests.factories.marking import ALL, BANDS, DEDUCT, LINEAR, changed, marked_schemes, small_scheme

HUNDRED = Decimal(100)


def test_sound_scheme_has_no_findings():
    assert findings(small_scheme()) == []
    assert small_scheme().total == HUNDRED


@pytest.mark.parametrize(
    ("code", "fields", "words"),
    [
        ("A1.01", {"max": Decimal("30.01")}, "合计须为100分"),
        ("A1.01", {"max": Decimal("30.005")}, "两位小数"),
        ("A1.02", {"section": "9"}, "没有章节"),
        ("A2.01", {"descriptions": ("差", "中", "良", "")}, "四档"),
        ("A2.01", {"descriptions": ("差", "中", "中", "优")}, "不能相同"),
        ("B1.01", {"rule": replace(LINEAR, worst=LINEAR.best)}, "不同的满分值和零分值"),
        ("B1.02", {"rule": replace(DEDUCT, step=Decimal(11))}, "每处扣分"),
        ("A1.01", {"rule": replace(BANDS, bands=tuple(reversed(BANDS.bands)))}, "由小到大"),
        ("A1.01", {"rule": replace(BANDS, low=Decimal(40))}, "最小值须小于最大值"),
        ("A1.01", {"rule": None}, "须选择评分规则"),
    ],
)
def test_faulty_scheme_says_what_is_wrong(code, fields, words):
    found = " ".join(f"{f.place} {f.message}" for f in findings(changed(small_scheme(), code, **fields)))
    assert words.replace("由小到大", "从小到大") in found


def test_marks_far_from_the_standard_are_refused_and_close_ones_are_not():
    scheme = small_scheme()
    far = replace(scheme, sections=(Section("1", "工艺质量", Decimal(34)), Section("2", "测量精度", Decimal(66))))
    near = replace(scheme, sections=(Section("1", "工艺质量", Decimal(38)), Section("2", "测量精度", Decimal(62))))
    assert [w.gap for w in weighings(scheme)] == [Decimal(0), Decimal(0)]
    assert any("相差超过5分" in f.message for f in findings(far))
    assert findings(near) == []


# --- marks ----------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 3), min_size=3, max_size=3), st.decimals("0.01", 20, places=2))
def test_judgement_counts_only_within_one(scores, maximum):
    if max(scores) - min(scores) > 1:
        assert must_discuss(scores)
        with pytest.raises(NotAgreed):
            judgement_mark(scores, maximum)
    else:
        mark = judgement_mark(scores, maximum)
        assert 0 <= mark <= maximum
        assert abs(mark - sum(scores) * maximum / 9) <= Decimal("0.005")
    assert judgement_mark([3, 3, 3], maximum) == maximum


@given(marked_schemes())
def test_total_is_the_sum_of_settled_marks_and_never_above_what_was_possible(case):
    scheme, entered = case
    mark, possible = total(scheme, entered)
    settled = [aspect_mark(a, entered[a.code]) for a in scheme.aspects]
    assert mark == sum((m for m in settled if m is not None), Decimal(0))
    assert 0 <= mark <= possible <= scheme.total


@pytest.mark.parametrize(
    ("rule", "value", "mark"),
    [
        (ALL, "1", "10.00"), (ALL, "0", "0.00"),
        (BANDS, "25.02", "10.00"), (BANDS, "24.95", "5.00"), (BANDS, "25.051", "0.00"),
        (LINEAR, "100", "10.00"), (LINEAR, "150", "5.00"), (LINEAR, "181", "0.00"), (LINEAR, "140", "6.67"),
        (DEDUCT, "0", "10.00"), (DEDUCT, "3", "8.50"), (DEDUCT, "21", "0.00"),
    ],
)  # fmt: skip
def test_measured_value_becomes_a_mark(rule, value, mark):
    assert measured_mark(rule, Decimal(value), Decimal(10)) == Decimal(mark)


def test_value_that_cannot_be_measured_is_refused():
    assert "低于" in value_problem(BANDS, Decimal(2))
    assert "高于" in value_problem(BANDS, Decimal(250))
    assert "处数" in value_problem(DEDUCT, Decimal("1.5"))
    assert "达到" in value_problem(ALL, Decimal(2))
    assert value_problem(BANDS, Decimal("24.98")) == ""


# --- workbook -------------------------------------------------------------------------------------


def test_export_reads_back_as_the_same_scheme():
    plan = read_scheme(scheme_template(small_scheme()))
    assert plan.problems == []
    assert plan.scheme == small_scheme()


def edited(*cells: tuple[str, str, object]) -> bytes:
    book = load_workbook(BytesIO(scheme_template(small_scheme())))
    for sheet, where, value in cells:
        book[sheet][where] = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_workbook_with_errors_names_their_lines():
    plan = read_scheme(edited((DATA, "H2", "三十"), (DATA, "O2", "大概"), (DATA, "G3", "目测")))
    assert plan.scheme is None
    assert {(p.row, p.column) for p in plan.problems} == {(2, "满分"), (2, "允差分档"), (3, "类型")}


def test_workbook_whose_lines_disagree_is_refused():
    plan = read_scheme(edited((DATA, "D3", "别的名称"), (STANDARD, "C2", "百分之四十")))
    assert any("写法不一致" in p.message and p.row == 3 for p in plan.problems)
    assert any(p.column == STANDARD for p in plan.problems)


def test_wrong_sum_is_told_for_the_whole_file():
    plan = read_scheme(edited((DATA, "H2", "29")))
    assert [(p.row, "合计须为100分" in p.message) for p in plan.problems] == [(0, True)]


def test_empty_template_says_that_there_are_no_lines():
    assert any("没有数据行" in p.message for p in read_scheme(scheme_template()).problems)
    with pytest.raises(Invalid):
        read_scheme(b"no workbook")


# --- board ----------------------------------------------------------------------------------------


def standing(name: str, mark: str, union: str = "东区总工会") -> Standing:
    return Standing(name, union, "某厂工会", Decimal(mark), HUNDRED)


def test_equal_marks_share_a_rank_and_names_are_masked():
    lines = ranked(
        [standing("张建国", "90"), standing("李明", "95.5"), standing("王小丫", "90"), standing("赵一", "80")]
    )
    assert [(line["rank"], line["mark"]) for line in lines] == [(1, "95.50"), (2, "90.00"), (2, "90.00"), (4, "80.00")]
    assert {line["name"] for line in lines} == {"李*", "张*国", "王*丫", "赵*"}


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(1, 100)), min_size=1, max_size=30))
def test_table_of_unions_counts_everybody_once(rows):
    board = {"lines": ranked([standing(f"选手{n}", str(mark), union) for n, (union, mark) in enumerate(rows)])}
    table = unions([board])
    assert sum(row["people"] for row in table) == len(rows)
    assert [row["rank"] for row in table] == list(range(1, len(table) + 1))
    assert [row["points"] for row in table] == sorted((row["points"] for row in table), reverse=True)


def test_rule_without_kind_is_refused():
    assert findings(changed(small_scheme(), "A1.02", rule=Rule("unheard of")))
