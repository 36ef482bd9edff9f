"""Employers: own facts, size class by the 2011 rule, 规上 confirmed by year, coverage by joint unions."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.accounts.codes import SHIPPED
from portal.accounts.codes.economic_types import ECONOMIC_TYPES, ownership_of
from portal.accounts.domain.codes import load_codes
from portal.accounts.domain.employers import (
    EmployerFacts,
    YearFigures,
    change_employer,
    confirm_year,
    cover_employer,
    create_employer,
    uncover_employer,
)
from portal.accounts.enums import OwnershipClass, SizeClass
from portal.accounts.models import Code, CodeList, Employer, EmployerYear
from portal.accounts.queries import codes
from portal.accounts.queries.employers import above_scale, employer_list, find_employers, unconfirmed
from portal.audit.queries import history_of
from portal.core.errors import Conflict, Invalid, Refused
from tests.factories.accounts import COMPANY_CODE, INSTITUTION_CODE, UNION_CODE

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def register(tree, **facts):
    values = {"name": "天津示范机械有限公司", "credit_code": COMPANY_CODE, "industry": "C34"} | facts
    return create_employer(actor=tree.filer, organisation=tree.unit, facts=EmployerFacts(**values), now=NOW)


def confirm(tree, employer, year=2025, **figures):
    values = {"employees": 350, "members": 300, "revenue": 2600} | figures
    return confirm_year(actor=tree.filer, employer=employer, year=year, figures=YearFigures(**values), now=NOW)


# --- facts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", [COMPANY_CODE, INSTITUTION_CODE, UNION_CODE, "11120000000000027J", "93120119MA00000B77"]
)
def test_companies_institutions_unions_organs_and_cooperatives_are_registered(tianjin, all_rows, code):
    assert register(tianjin, credit_code=code).credit_code == code


def test_employer_without_code_is_registered_too(tianjin, all_rows):
    assert register(tianjin, credit_code="").credit_code is None
    assert register(tianjin, credit_code="", name="另一个").credit_code is None


def test_code_is_unique_over_all_trees_and_its_check_digit_holds(tianjin, hebei, all_rows):
    register(tianjin)
    with pytest.raises(Invalid) as error:
        register(hebei)
    assert "已登记" in error.value.fields["credit_code"][0]
    with pytest.raises(Invalid) as error:
        register(tianjin, credit_code=COMPANY_CODE[:-1] + "0")
    assert "校验码" in error.value.fields["credit_code"][0]


def test_economic_type_decides_the_ownership_where_it_can(tianjin, all_rows):
    assert register(tianjin, economic_type="173", ownership="public").ownership == OwnershipClass.NON_PUBLIC
    limited = register(tianjin, economic_type="159", ownership="public", credit_code="")
    assert limited.ownership == OwnershipClass.PUBLIC
    assert register(tianjin, economic_type="159", credit_code="", name="甲").ownership == OwnershipClass.OTHER


def test_every_ownership_class_of_the_list_exists():
    assert {own for _code, _label, own in ECONOMIC_TYPES} - {""} <= set(OwnershipClass)
    assert ownership_of("不存在") == ""


def test_employers_belong_to_basic_unions_in_use(tianjin, all_rows):
    with pytest.raises(Invalid) as error:
        create_employer(actor=tianjin.manager, organisation=tianjin.zone, facts=EmployerFacts(name="甲"), now=NOW)
    assert list(error.value.fields) == ["organisation"]
    tianjin.unit.is_active = False
    tianjin.unit.save()
    with pytest.raises(Invalid):
        register(tianjin)


def test_filer_registers_at_the_own_union_only(tianjin, all_rows):
    with pytest.raises(Refused):
        create_employer(actor=tianjin.filer, organisation=tianjin.group_unit, facts=EmployerFacts(name="甲"), now=NOW)
    with pytest.raises(Refused):
        create_employer(actor=tianjin.unit_checker, organisation=tianjin.unit, facts=EmployerFacts(name="甲"), now=NOW)


def test_change_to_another_union_needs_both_in_the_own_part(tianjin, all_rows):
    employer = register(tianjin)
    facts = EmployerFacts(name=employer.name, credit_code=COMPANY_CODE)
    with pytest.raises(Refused):
        change_employer(
            actor=tianjin.district_manager, employer=employer, organisation=tianjin.group_unit, facts=facts, now=NOW
        )
    change_employer(actor=tianjin.manager, employer=employer, organisation=tianjin.group_unit, facts=facts, now=NOW)
    assert Employer.objects.get(pk=employer.pk).organisation_id == tianjin.group_unit.pk


def test_change_to_the_same_leaves_no_event(tianjin, all_rows):
    employer = register(tianjin)
    facts = EmployerFacts(name=employer.name, credit_code=COMPANY_CODE, industry="C34")
    change_employer(actor=tianjin.filer, employer=employer, organisation=tianjin.unit, facts=facts, now=NOW)
    assert [e.action for e in history_of(employer)] == ["accounts.employer.created"]


# --- figures of a year ---------------------------------------------------------------------------------------------


@pytest.mark.row(24)
@pytest.mark.parametrize(
    ("figures", "size"),
    [
        ({"employees": 1000, "revenue": 40000}, SizeClass.LARGE),
        ({"employees": 999, "revenue": 40000}, SizeClass.MEDIUM),
        ({"employees": 350, "revenue": 2600}, SizeClass.MEDIUM),
        ({"employees": 350, "revenue": 1999}, SizeClass.SMALL),
        ({"employees": 19, "revenue": 99999, "members": 0}, SizeClass.MICRO),
        ({"employees": 350, "revenue": None}, SizeClass.NOT_APPLICABLE),
    ],
)
def test_confirmed_year_sets_the_size_class(tianjin, all_rows, figures, size):
    employer = register(tianjin)
    confirm(tianjin, employer, **figures)
    employer.refresh_from_db()
    assert employer.size_class == size


def test_older_year_does_not_change_the_size_class(tianjin, all_rows):
    employer = register(tianjin)
    confirm(tianjin, employer, 2025)
    confirm(tianjin, employer, 2023, employees=10, members=1, revenue=1)
    employer.refresh_from_db()
    assert employer.size_class == SizeClass.MEDIUM


def test_other_industry_is_classified_anew(tianjin, all_rows):
    employer = register(tianjin)
    confirm(tianjin, employer, 2025)
    facts = EmployerFacts(name=employer.name, credit_code=COMPANY_CODE, industry="J66")
    changed = change_employer(actor=tianjin.filer, employer=employer, organisation=tianjin.unit, facts=facts, now=NOW)
    assert changed.size_class == SizeClass.NOT_APPLICABLE


def test_year_is_confirmed_again_with_its_change_recorded(tianjin, all_rows):
    employer = register(tianjin)
    confirm(tianjin, employer)
    confirm(tianjin, employer, employees=360)
    assert EmployerYear.objects.get().employees == 360
    event = history_of(employer).first()
    assert (event.before, event.after, event.data["year"]) == ({"employees": 350}, {"employees": 360}, 2025)


@pytest.mark.parametrize("year", [2014, 2027])
def test_impossible_year_is_refused(tianjin, all_rows, year):
    employer = register(tianjin)
    with pytest.raises(Invalid) as error:
        confirm(tianjin, employer, year)
    assert list(error.value.fields) == ["year"]


def test_parts_are_not_more_than_the_whole(tianjin, all_rows):
    employer = register(tianjin)
    with pytest.raises(Invalid) as error:
        confirm(tianjin, employer, employees=5, members=6, frontline=7, migrant=8)
    assert set(error.value.fields) == {"members", "frontline", "migrant"}


@pytest.mark.row(29)
@pytest.mark.row(145)
def test_denominators_hold_confirmed_units_only(tianjin, in_scope, all_rows):
    private = register(tianjin, economic_type="173")
    public = register(tianjin, economic_type="110", credit_code="", name="国有单位")
    for employer in (private, public):
        confirm(tianjin, employer, is_above_scale=True)
    confirm(tianjin, private, 2024, is_above_scale=False)
    with in_scope(tianjin.manager):
        assert set(above_scale(2025)) == {private, public}
        assert set(above_scale(2025, non_public_only=True)) == {private}
        assert set(above_scale(2024)) == set()
        assert private not in unconfirmed(2025)
        assert {private, public} <= set(unconfirmed(2026))
    with in_scope(tianjin.group_filer):
        assert not above_scale(2025).exists()


@pytest.mark.parametrize("n", [1, 3])
def test_list_takes_one_query(tianjin, all_rows, n, django_assert_num_queries):
    for number in range(n):
        confirm(tianjin, register(tianjin, credit_code="", name=f"单位{number}"), is_above_scale=True)
    rows = employer_list(actor=tianjin.manager, year=2025).filter(name__startswith="单位")
    with django_assert_num_queries(1):
        found = [(e.organisation.name, e.is_confirmed, e.employees, e.is_above_scale) for e in rows]
    assert found == [(tianjin.unit.name, True, 350, True)] * n


# --- coverage ------------------------------------------------------------------------------------------------------


def test_joint_union_covers_and_releases_an_employer(tianjin, all_rows):
    cover = {"actor": tianjin.manager, "organisation": tianjin.group_unit, "employer": tianjin.employer, "now": NOW}
    cover_employer(**cover)
    with pytest.raises(Conflict):
        cover_employer(**cover)
    with pytest.raises(Invalid):
        cover_employer(**(cover | {"organisation": tianjin.unit}))
    uncover_employer(**cover)
    with pytest.raises(Conflict):
        uncover_employer(**cover)


def test_search_finds_names_and_codes_in_scope(tianjin, in_scope, all_rows):
    employer = register(tianjin)
    with in_scope(tianjin.manager):
        assert find_employers("示范 91120116") == [employer]
    with in_scope(tianjin.group_filer):
        assert find_employers("示范") == []


# --- code lists ----------------------------------------------------------------------------------------------------


def test_lists_have_the_number_of_entries_their_standards_say():
    counts = {name: len(rows) for name, rows in SHIPPED.items()}
    assert counts[CodeList.DISTRICT] == 16
    assert counts[CodeList.INDUSTRY] == 20
    assert counts[CodeList.ETHNIC_GROUP] == 56
    assert counts[CodeList.POLITICAL_STATUS] == 13
    assert counts[CodeList.SKILL_LEVEL] == 8
    for rows in SHIPPED.values():
        assert len({row.code for row in rows}) == len({row.label for row in rows}) == len(rows)


def test_industry_sections_cover_all_divisions_without_overlap():
    spans = [row.facts["divisions"].split("-") for row in SHIPPED[CodeList.INDUSTRY]]
    numbers = [n for first, *last in spans for n in range(int(first), int((last or [first])[0]) + 1)]
    assert numbers == list(range(1, 98))


def test_loading_twice_changes_nothing_and_withdrawn_codes_keep_their_words(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = load_codes(SHIPPED)
    second = load_codes(SHIPPED)
    assert (first.created, second.created, second.updated, second.withdrawn) == (Code.objects.count(), 0, 0, 0)
    shorter = {CodeList.DISTRICT: SHIPPED[CodeList.DISTRICT][1:]}
    with django_capture_on_commit_callbacks(execute=True):
        assert load_codes(shorter).withdrawn == 1
    assert len(codes.choices(CodeList.DISTRICT)) == 15
    assert codes.label_of(CodeList.DISTRICT, "120101") == "和平区"


def test_choices_are_read_once_and_kept(db, django_assert_num_queries):
    load_codes(SHIPPED)
    with django_assert_num_queries(1):
        for _i in range(3):
            assert codes.choices(CodeList.EDUCATION)[0] == ("11", "博士研究生")


def test_division_belongs_to_its_section(db):
    load_codes(SHIPPED)
    assert codes.division_fits("C", "34")
    assert codes.division_fits("K", "7010")
    assert not codes.division_fits("C", "51")
    assert not codes.division_fits("Ä", "34")
    assert codes.industry_label("C34") == "制造业（34）"
    assert codes.industry_label("") == ""
