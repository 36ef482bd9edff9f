"""Every programme file of every pillar: valid, honest about what is unconfirmed, complete in what its rules promise."""

import datetime as dt
import io
from collections import Counter

import docx
import pytest

from portal.accounts import codes as shipped
from portal.accounts.enums import UnionLevel
from portal.core.dates import calendar_from_library
from portal.lifecycle.blueprints import loader
from portal.lifecycle.blueprints.conditions import visible_answers
from portal.lifecycle.blueprints.fields import form_class, form_data, missing_items
from portal.lifecycle.blueprints.stages import ReviewParams
from portal.lifecycle.blueprints.timeline import cycle_starts, plan
from portal.lifecycle.blueprints.vocabulary import MARKING_METHODS, ROUTE_ORDER, FieldType, ReviewMethod, StageKind
from portal.lifecycle.entries.documents import (
    EntryData,
    SummaryData,
    SummaryLine,
    application_pdf,
    letter_docx,
    summary_docx,
)
from portal.lifecycle.management.commands.programmes import known
from tests.factories.answers import complete_answers, required_files
from tests.factories.entries import ensure_codes

FILES = loader.programme_files()
CODES = [path.stem for path in FILES]
files = pytest.mark.parametrize("path", FILES, ids=CODES)


@files
def test_file_is_valid_and_named_like_its_programme(path):
    rules = loader.load_file(path, known=known())
    assert rules.programme.code == path.stem
    assert rules.programme.pillar == path.parent.parent.name


@files
def test_file_survives_the_database(path):
    rules = loader.load_file(path)
    definition = loader.to_definition(rules)
    assert loader.from_definition(definition) == rules


def test_codes_are_unique_over_all_pillars():
    assert [code for code, count in Counter(CODES).items() if count > 1] == []


@files
def test_every_unconfirmed_value_says_what_it_is_and_where_it_comes_from(path):
    rules = loader.load_file(path)
    assert rules.unconfirmed
    for row in rules.unconfirmed:
        assert row.label, row.path
        assert not row.label.isascii(), row.label
        assert row.source, row.path


@files
def test_marks_of_a_review_add_up_to_100_and_every_grade_is_described(path):
    stage = loader.load_file(path).stage(StageKind.REVIEW)
    if stage is None or stage.params.method not in MARKING_METHODS:
        return  # chosen without marks
    params: ReviewParams = stage.params
    if params.method == ReviewMethod.CHECKLIST:
        assert params.checklist.base_points == 100
        return
    assert params.total_weight == 100
    if params.method == ReviewMethod.RUBRIC_PANEL:
        assert all(criterion.bands for criterion in params.rubric)
    assert all(len(band.description) >= 4 for criterion in params.rubric for band in criterion.bands)


@files
def test_plan_of_the_first_cycle_runs_through(path):
    rules = loader.load_file(path)
    calendar = calendar_from_library(range(2023, 2028), strict=False)
    (start, *_others) = cycle_starts(rules, 2023, 2026) or [dt.date(2026, 3, 2)]
    stages = plan(rules, start, calendar.is_working_day)
    assert [stage.kind for stage in stages] == [stage.kind for stage in rules.stages]
    assert (stages[-1].closes - start).days < 366


def _with_table_rows(rules):
    return {spec.code for spec in rules.fields if spec.type == FieldType.TABLE}


def _ways(rules):
    """Answers that decide which questions apply: one set for each track, each other choice a question hangs on."""
    yield {}
    for condition in {spec.visible_when for spec in (*rules.sections, *rules.fields) if spec.visible_when}:
        if condition.is_true is not None:
            yield {condition.field: condition.is_true}
        for value in (condition.equals, *condition.in_):
            if value is not None:
                yield {condition.field: value}


@pytest.mark.django_db
@files
def test_complete_entry_may_be_submitted_and_comes_back_unchanged(path, all_rows):
    rules = loader.load_file(path)
    ensure_codes(rules)
    for way in _ways(rules):
        answers = complete_answers(rules, **way)
        attached = {spec.code: 1 for spec in required_files(rules, answers)}
        assert missing_items(rules, answers, attached) == [], way
        form = form_class(rules)(form_data(rules, answers), answers={})
        assert form.is_valid(), (way, form.errors)
        saved = form.answers()
        for code in set(visible_answers(rules, answers)) - _with_table_rows(rules):
            assert saved[code] == answers[code], (way, code)


@pytest.mark.django_db
@files
def test_every_section_draws(path, all_rows):
    rules = loader.load_file(path)
    ensure_codes(rules)
    for section in rules.sections:
        cause = section.visible_when
        way = {cause.field: cause.equals or next(iter(cause.in_), cause.is_true)} if cause else {}
        form = form_class(rules, section.code)(answers=complete_answers(rules, **way))
        html = "".join(str(item.bound) for item in form.items())
        assert html, section.code


def test_levels_of_routes_are_the_levels_of_the_union_tree():
    assert set(ROUTE_ORDER) == set(UnionLevel.values)


def test_the_three_rhythms_of_the_first_chain():
    places = {}
    for path in FILES:
        rules = loader.load_file(path)
        stage = rules.stage(StageKind.SELECTION)
        places[path.stem] = (
            rules.programme.period_years,
            rules.programme.subject,
            stage.params.places if stage else None,
        )
    assert places["five-small-top20"] == (3, "work", 20)
    assert places["innovation-star"] == (2, "person", 20)
    assert places["nonpublic-top10"] == (1, "unit", 10)


@pytest.mark.parametrize("code", ["five-small-top20", "innovation-star", "nonpublic-top10"])
def test_naming_programmes_pay_no_money_and_notify_five_working_days(code):
    rules = loader.load_file(FILES[CODES.index(code)])
    assert rules.honour.honour_class == "naming"
    assert rules.honour.cash_allowed is False
    assert rules.stage(StageKind.NOTICE).params.working_days >= 5
    assert rules.stage(StageKind.RECOMMENDATION).params.notice_days("grassroots") >= 5


def test_code_lists_of_the_files_are_shipped():
    """A question about a code list is useless when nobody loads the list."""
    names = {
        str(s.code_list) for p in FILES for f in loader.load_file(p).fields for s in (f, *f.columns) if s.code_list
    }
    assert names - {"sex", "size_class"} <= set(shipped.SHIPPED)


def _five_small():
    return loader.load_file(FILES[CODES.index("five-small-top20")])


@pytest.mark.row(41)
def test_rules_of_five_small_are_data_kinds_exclusions_places_and_rubric():
    rules = _five_small()
    assert [choice.label for choice in rules.field("kind").choices] == [
        "小发明",
        "小创造",
        "小革新",
        "小设计",
        "小建议",
    ]
    assert {"government_prize", "former_winner", "secret", "dispute"} <= {veto.code for veto in rules.vetoes}
    assert rules.stage(StageKind.RECOMMENDATION).params.allocation.places_for(members=0) == 1
    innovation = rules.stage(StageKind.REVIEW).params.criterion("innovation")
    assert (innovation.weight, innovation.floor, innovation.core) == (30, 18, True)


@pytest.mark.row(87)
@pytest.mark.django_db
def test_five_small_papers_are_made_from_the_answers(all_rows):
    """Self-declaration, 授权书, 承诺书 and 汇总表 (domain.md 3, the procedure of 2024)."""
    rules = _five_small()
    ensure_codes(rules)
    answers = complete_answers(rules, title="管道除锈装置")
    data = EntryData(code="TJ-1", cycle_label="2026年度", organisation="示例工会", answers=answers)
    assert application_pdf(rules, data).startswith(b"%PDF")
    for code in ("authorisation", "commitment", "unit_notice"):
        text = "".join(p.text for p in docx.Document(io.BytesIO(letter_docx(rules, code, data))).paragraphs)
        assert "“管道除锈装置”" in text, code
    summary = summary_docx(rules, SummaryData("2026年度", "示例总工会", (SummaryLine(1, "TJ-1", answers),)))
    assert "管道除锈装置" in docx.Document(io.BytesIO(summary)).element.xml
    assert {rules.field(f"{code}_scan").required for code in ("authorisation", "commitment")} == {True}
