"""The pool of enterprises that are brought on, and the records of leaders and gains."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from competitions.nonpublic import queries
from competitions.nonpublic.domain import pool, records
from competitions.nonpublic.enums import Benefit, Engagement, Stage
from competitions.nonpublic.models import BenefitRecord, Cultivated
from competitions.nonpublic.sheets import BENEFITS, COVERAGE, POOL
from portal.accounts.enums import OwnershipClass
from portal.core.errors import Invalid, Refused
from portal.core.scoping import system_scope
from tests.factories.nonpublic import make_unit

NOW = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def proof():
    return SimpleUploadedFile("发放表.pdf", PDF, content_type="application/pdf")


@pytest.fixture
def unit(tianjin):
    with system_scope("test"):
        return make_unit(tianjin.zone, year=NOW.year, name="渤海精密")


def facts(**changes):
    return {
        "coach": "周指导",
        "helper": None,
        "highlights": "连续五年焊工比武",
        "plan": "",
        "goal_year": 2027,
    } | changes


def add(tianjin, unit, actor=None, **changes):
    actor = actor or tianjin.zone_checker
    return pool.add_to_pool(actor=actor, owner=tianjin.zone, employer=unit, facts=facts(**changes), now=NOW)


@pytest.mark.django_db
@pytest.mark.row(32)
def test_enterprise_is_brought_on_step_by_step_to_its_naming(tianjin, unit, in_scope):
    with in_scope(tianjin.zone_checker):
        row = add(tianjin, unit)
        with pytest.raises(Invalid) as error:
            pool.write_step(
                actor=tianjin.zone_checker, cultivated=row, on=NOW.date(), stage=Stage.NAMED, words="跳级", now=NOW
            )
        assert set(error.value.fields) == {"stage"}
        for stage in (Stage.COACHED, Stage.COACHED, Stage.READY, Stage.APPLIED, Stage.NAMED):
            pool.write_step(
                actor=tianjin.zone_checker, cultivated=row, on=NOW.date(), stage=stage, words="指导", now=NOW
            )
        row = queries.pool().get()
        assert (row.stage, row.step_count) == (Stage.NAMED, 6)
        with pytest.raises(Refused):
            pool.write_step(
                actor=tianjin.zone_checker, cultivated=row, on=NOW.date(), stage=Stage.NAMED, words="再来", now=NOW
            )
        assert add(tianjin, unit).pk != row.pk  # after its naming it may be taken in again


@pytest.mark.django_db
def test_enterprise_is_in_one_pool_at_a_time_and_must_be_non_public(tianjin, unit, in_scope):
    with in_scope(tianjin.zone_checker):
        add(tianjin, unit)
    with in_scope(tianjin.district_checker), pytest.raises(Invalid) as error:
        pool.add_to_pool(actor=tianjin.district_checker, owner=tianjin.district, employer=unit, facts=facts(), now=NOW)
    assert set(error.value.fields) == {"employer"}
    with system_scope("test"):
        public = make_unit(tianjin.zone, year=NOW.year, ownership=OwnershipClass.PUBLIC)
    with in_scope(tianjin.zone_checker), pytest.raises(Invalid) as error:
        add(tianjin, public, goal_year=2025)
    assert set(error.value.fields) == {"employer", "goal_year"}


@pytest.mark.django_db
def test_pool_is_changed_by_its_own_union_alone(tianjin, unit, in_scope, desk_client):
    with in_scope(tianjin.zone_checker):
        row = add(tianjin, unit)
    with in_scope(tianjin.district_checker):
        assert Cultivated.objects.get() == row
        with pytest.raises(Refused):
            pool.change_cultivated(actor=tianjin.district_checker, cultivated=row, facts=facts(), now=NOW)
    address = reverse("competitions:cultivated.detail", kwargs={"pk": row.pk})
    assert desk_client(tianjin.zone_checker).get(address).status_code == 200
    assert desk_client(tianjin.group_checker).get(address).status_code == 404


def engagement(**changes):
    base = {
        "kind": Engagement.MEETING,
        "leader": "某总经理",
        "post": "总经理",
        "amount": None,
        "on": NOW.date(),
        "words": "研究年度竞赛",
    }
    return base | changes


def benefit(**changes):
    base = {
        "kind": Benefit.BONUS,
        "contest": "焊工比武",
        "headcount": 12,
        "amount": 6000,
        "on": NOW.date(),
        "words": "奖金",
    }
    return base | changes


@pytest.mark.django_db
@pytest.mark.row(148)
def test_engagement_with_money_needs_amount_and_proof(tianjin, unit, in_scope):
    with in_scope(tianjin.zone_checker):
        row = records.enter_engagement(
            actor=tianjin.zone_checker, employer=unit, facts=engagement(), upload=None, now=NOW
        )
        assert queries.engaged_units(queries.units(year=NOW.year), year=NOW.year).get().pk == row.employer_id
        with pytest.raises(Invalid) as error:
            records.enter_engagement(
                actor=tianjin.zone_checker,
                employer=unit,
                facts=engagement(kind=Engagement.BUDGET),
                upload=None,
                now=NOW,
            )
    assert set(error.value.fields) == {"amount", "file"}


@pytest.mark.django_db
@pytest.mark.row(150, 186)
def test_benefit_counts_people_and_money_with_proof(tianjin, unit, in_scope):
    actor = tianjin.zone_checker
    with in_scope(actor):
        with pytest.raises(Invalid) as error:
            records.enter_benefit(actor=actor, employer=unit, facts=benefit(headcount=0), upload=None, now=NOW)
        assert set(error.value.fields) == {"headcount", "file"}
        records.enter_benefit(actor=actor, employer=unit, facts=benefit(), upload=proof(), now=NOW)
        records.enter_benefit(
            actor=actor, employer=unit, facts=benefit(headcount=3, amount=900), upload=proof(), now=NOW
        )
        totals = queries.benefit_totals(queries.benefits())
        assert (totals[Benefit.BONUS]["people"], totals[Benefit.BONUS]["money"]) == (15, 6900)
    with in_scope(tianjin.group_checker):
        assert not BenefitRecord.objects.exists()
        with pytest.raises(Refused):
            records.enter_benefit(actor=tianjin.group_checker, employer=unit, facts=benefit(), upload=proof(), now=NOW)


@pytest.mark.django_db
def test_proof_is_downloaded_by_those_who_see_the_record(tianjin, unit, in_scope, desk_client):
    with in_scope(tianjin.zone_checker):
        row = records.enter_benefit(actor=tianjin.zone_checker, employer=unit, facts=benefit(), upload=proof(), now=NOW)
    address = reverse("competitions:benefit.file", kwargs={"pk": row.pk})
    response = desk_client(tianjin.manager).get(address)
    assert (response.status_code, b"".join(response.streaming_content)) == (200, PDF)
    assert "attachment" in response["Content-Disposition"]
    assert desk_client(tianjin.group_checker).get(address).status_code == 404


@pytest.mark.django_db
def test_sheets_of_the_yearly_report_carry_the_room(tianjin, unit, in_scope):
    with in_scope(tianjin.zone_checker):
        add(tianjin, unit)
        records.enter_benefit(actor=tianjin.zone_checker, employer=unit, facts=benefit(), upload=proof(), now=NOW)
    with in_scope(tianjin.manager):
        for sheet, least in ((COVERAGE, 6), (POOL, 1), (BENEFITS, 1)):
            rows = list(sheet.rows(tianjin.manager, NOW.year))
            assert len(rows) >= least
            assert all(len(row) == len(sheet.heads) for row in rows)
        assert not list(BENEFITS.rows(tianjin.manager, NOW.year - 1))
