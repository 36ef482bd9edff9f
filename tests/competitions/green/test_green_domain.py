"""Monthly values from entry to check and correction, versions that stay, savings, suggestions and proposals."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competitions.green import queries
from competitions.green.comparison import compare, next_month, rules
from competitions.green.domain import dictionary, readings, suggestions
from competitions.green.enums import CheckState, SuggestionState
from competitions.green.models import (
    AwardProposal,
    Baseline,
    BenchmarkSubject,
    CoefficientTable,
    Indicator,
    MonthlyReading,
    SavingSuggestion,
)
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.entries.models import Entry
from tests.factories import green as make
from tests.factories.entries import make_cycle

NOW = dt.datetime(2026, 7, 2, 2, tzinfo=dt.UTC)
JANUARY = make.JANUARY
database = pytest.mark.django_db
everywhere = pytest.mark.usefixtures("all_rows")


@pytest.fixture
def group(tianjin):
    with system_scope("test"):
        return make.make_group(tianjin, now=NOW)


@pytest.fixture
def subject(tianjin, group):
    with system_scope("test"):
        return make.make_subject(tianjin.filer, group, now=NOW)


@database
@everywhere
@pytest.mark.row(73)
def test_reading_is_calculated_once_and_keeps_its_versions(tianjin, subject):
    row = make.read(tianjin.filer, subject, JANUARY, "98.5", now=NOW)
    assert (row.value, row.weight, row.is_late) == (Decimal("98.5"), Decimal(10), True)
    old = row.coefficients
    values = {**old.values, "k_power": {**old.values["k_power"], "value": "0.1300"}}
    table, is_new = dictionary.add_coefficients(
        actor=tianjin.manager, owner=tianjin.municipal, year=2026, source="更正", values=values, now=NOW
    )
    assert (is_new, table.version) == (True, 2)
    readings.accept(actor=tianjin.zone_checker, row=row, now=NOW)
    row.refresh_from_db()
    assert row.coefficients == old  # checked later, under the version it was calculated with
    assert make.read(tianjin.filer, subject, next_month(JANUARY), 98, now=NOW).coefficients == table
    assert make.read(tianjin.filer, subject, next_month(JANUARY, 2), 98, now=NOW).indicator.version == 1


@database
@everywhere
def test_definition_files_load_once_and_a_changed_formula_is_a_version(tianjin, group):
    assert dictionary.load_dictionary(actor=tianjin.manager, owner=tianjin.municipal, now=NOW) == (0, 0)
    assert CoefficientTable.objects.count() == 2
    first = Indicator.objects.get(code="unit_power")
    facts = {name: getattr(first, name) for name in dictionary.FACTS} | {"formula": "power / output * 1"}
    second, _new = dictionary.add_indicator(
        actor=tianjin.manager, owner=tianjin.municipal, code="unit_power", facts=facts, now=NOW
    )
    assert second.version == 2
    facts["formula"] = "power / product"
    with pytest.raises(Invalid) as error:
        dictionary.add_indicator(
            actor=tianjin.manager, owner=tianjin.municipal, code="unit_power", facts=facts, now=NOW
        )
    assert "product" in error.value.fields["formula"][0]


@database
@everywhere
@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"power": Decimal(5)}, "output"),
        ({"power": Decimal(5), "output": Decimal(0)}, "output"),
        ({"power": Decimal(-1), "output": Decimal(1)}, "power"),
    ],
)
def test_wrong_inputs_are_told_beside_their_field(tianjin, subject, inputs, field):
    with pytest.raises(Invalid) as error:
        readings.submit_reading(
            actor=tianjin.filer, subject=subject, month=JANUARY, inputs=inputs, files=[make.pdf()], now=NOW
        )
    assert list(error.value.fields) == [field]


@database
@everywhere
def test_month_must_be_over_within_the_term_and_have_evidence(tianjin, subject):
    for month, over, field in (
        (dt.date(2026, 7, 1), {}, "month"),
        (dt.date(2025, 12, 1), {}, "month"),
        (JANUARY, {"files": []}, "files"),
    ):
        with pytest.raises(Invalid) as error:
            make.read(tianjin.filer, subject, month, 98, now=NOW, **over)
        assert field in error.value.fields


@database
@everywhere
@pytest.mark.row(73)
def test_returned_and_accepted_months_get_new_versions(tianjin, subject):
    first = make.read(tianjin.filer, subject, JANUARY, 98, now=NOW)
    with pytest.raises(Conflict):
        make.read(tianjin.filer, subject, JANUARY, 97, now=NOW)
    readings.send_back(actor=tianjin.zone_checker, row=first, reason="产量与报表不符", now=NOW)
    assert queries.owed_months(subject, NOW)[0] == JANUARY
    second = make.accepted(tianjin.filer, tianjin.zone_checker, subject, JANUARY, 97, now=NOW)
    assert second.version == 2
    with pytest.raises(Invalid) as error:
        make.read(tianjin.filer, subject, JANUARY, 96, now=NOW)
    assert "note" in error.value.fields
    third = make.read(tianjin.filer, subject, JANUARY, 96, now=NOW, note="电表倍率更正")
    second.refresh_from_db()
    assert second.state == CheckState.ACCEPTED  # counts until the correction is accepted
    readings.accept(actor=tianjin.district_checker, row=third, now=NOW)
    states = list(MonthlyReading.objects.order_by("version").values_list("state", flat=True))
    assert states == [CheckState.RETURNED, CheckState.REPLACED, CheckState.ACCEPTED]
    assert AuditEvent.objects.filter(action="competitions.green.accepted").count() == 2


@database
@everywhere
def test_own_unit_other_branch_and_expert_do_not_check(tianjin, subject):
    row = make.read(tianjin.filer, subject, JANUARY, 98, now=NOW)
    for actor in (tianjin.unit_checker, tianjin.group_checker, tianjin.expert, tianjin.filer):
        with pytest.raises(Refused):
            readings.accept(actor=actor, row=row, now=NOW)


@database
def test_each_desk_finds_its_own(tianjin, hebei, subject, in_scope):
    for actor, count in (
        (tianjin.filer, 1), (tianjin.zone_checker, 1), (tianjin.manager, 1),
        (tianjin.group_checker, 0), (tianjin.group_filer, 0), (hebei.manager, 0),
    ):  # fmt: skip
        with in_scope(actor):
            assert BenchmarkSubject.objects.count() == count
            assert queries.groups().count() == (0 if actor is hebei.manager else 1)


@database
@everywhere
@pytest.mark.row(58)
def test_savings_follow_baseline_corrections_and_coefficients(tianjin, subject):
    make.accepted(tianjin.filer, tianjin.zone_checker, subject, JANUARY, 90, now=NOW, output=1000)
    assert MonthlyReading.objects.get().saved_tce is None
    make.with_baseline(tianjin.filer, tianjin.zone_checker, subject, 100, now=NOW)
    row = MonthlyReading.objects.get()
    assert row.saved_tce == Decimal("1.229000")  # 10 kWh/t × 1000 t × 0.1229 kgce/kWh
    assert row.saved_co2 == Decimal("5.306000")
    make.with_baseline(tianjin.filer, tianjin.zone_checker, subject, 95, now=NOW)
    assert MonthlyReading.objects.get().saved_tce == Decimal("0.614500")
    assert queries.totals(2026)["benchmark_tce"] == Decimal("0.614500")
    states = list(Baseline.objects.order_by("version").values_list("state", flat=True))
    assert states == [CheckState.REPLACED, CheckState.ACCEPTED]


months = st.lists(st.one_of(st.none(), st.tuples(st.integers(80, 130), st.integers(1, 40))), min_size=18, max_size=18)
people = st.lists(
    st.tuples(months, st.one_of(st.none(), st.integers(80, 130)), st.integers(0, 14)), min_size=1, max_size=6
)


@database
@everywhere
@pytest.mark.row(73)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people, st.booleans(), st.booleans())
def test_database_ranks_as_the_pure_calculation_does(tianjin, group, crowd, is_seasonal, is_lower):
    MonthlyReading.objects.all().delete()
    BenchmarkSubject.objects.all().delete()
    group.is_seasonal = is_seasonal
    group.indicator.direction = "lower" if is_lower else "higher"
    start, table = dt.date(2025, 1, 1), CoefficientTable.objects.first()
    for number, (values, base, joined) in enumerate(crowd):
        row = BenchmarkSubject.objects.create(
            organisation=tianjin.unit, group=group, level="team", name=f"{number}班", first_month=next_month(start, joined),
            last_month=None if joined % 3 else next_month(start, 16),
        )  # fmt: skip
        if base is not None:
            Baseline.objects.create(
                subject=row, value=base, state="accepted", starts_on=start, ends_on=start, submitted_at=NOW
            )
        MonthlyReading.objects.bulk_create(
            MonthlyReading(
                subject=row, month=next_month(start, n), value=pair[0], weight=pair[1], state="accepted", inputs={},
                indicator=group.indicator, coefficients=table, submitted_at=NOW,
            )
            for n, pair in enumerate(values) if pair is not None
        )  # fmt: skip
    for first, last in ((12, 17), (0, 17), (3, 8)):
        window = {"start": next_month(start, first), "end": next_month(start, last)}
        pure = compare(
            queries.members(group, "team"), benchmark=group.benchmark, is_lower_better=is_lower,
            is_seasonal=is_seasonal, by=rules(), **window,
        )  # fmt: skip
        assert queries.ranking(group, "team", **window) == pure


@database
@everywhere
@pytest.mark.row(71)
def test_suggestion_keeps_estimate_and_verified_saving_with_coefficients(tianjin, group):
    row = make.make_suggestion(tianjin.filer, now=NOW)
    assert (row.number, row.estimated_tce, row.estimated_co2) == ("2026-00001", Decimal("31.9540"), Decimal("137.9560"))
    with pytest.raises(Refused):
        suggestions.verify(actor=tianjin.zone_checker, suggestion=row, now=NOW)
    row = make.claimed(tianjin.filer, row, now=NOW)
    row = suggestions.return_claim(actor=tianjin.zone_checker, suggestion=row, reason="缺电表记录", now=NOW)
    assert row.state == SuggestionState.RETURNED
    row = make.claimed(tianjin.filer, row, now=NOW, kwh=200000)
    row = suggestions.verify(actor=tianjin.zone_checker, suggestion=row, now=NOW)
    assert (row.verified_tce, row.verifier) == (Decimal("24.5800"), "示例能源管理部")
    assert queries.totals(2026)["suggestion_tce"] == Decimal("24.5800")
    assert SavingSuggestion.objects.get().files.count() == 2


@database
@everywhere
@pytest.mark.row(57)
def test_proposal_once_a_year_becomes_the_entry_of_the_honour(tianjin, group):
    row = make.verified(tianjin.filer, tianjin.zone_checker, now=NOW)
    with pytest.raises(Refused):
        suggestions.propose(actor=tianjin.filer, suggestion=row, reason="突出", now=NOW)
    proposal = suggestions.propose(actor=tianjin.district_checker, suggestion=row, reason="年节能量居全市前列", now=NOW)
    again = make.verified(tianjin.filer, tianjin.zone_checker, now=NOW, title="照明改造")
    with pytest.raises(Conflict):
        suggestions.propose(actor=tianjin.manager, suggestion=again, reason="突出", now=NOW)
    with pytest.raises(Invalid, match="没有受理中的届次"):
        suggestions.draft_entry(actor=tianjin.filer, proposal=proposal, now=NOW)
    cycle = make_cycle(tianjin, "may-day-instant")
    stage = cycle.stages.get(kind="application")
    moment = stage.opens_at + dt.timedelta(minutes=1)
    entry = suggestions.draft_entry(actor=tianjin.filer, proposal=proposal, now=moment)
    entry = Entry.objects.get(pk=entry.pk)
    assert (entry.title, entry.track.code, entry.cycle) == ("动力车间水泵班", "pioneer", cycle)
    assert entry.answers["contest"] == "carbon"
    assert entry.answers["contribution"][0]["value"] == "29.496"
    with pytest.raises(Refused):
        suggestions.draft_entry(actor=tianjin.filer, proposal=proposal, now=moment)


@database
@everywhere
def test_withdrawn_proposal_makes_room_for_another(tianjin, group):
    row = make.verified(tianjin.filer, tianjin.zone_checker, now=NOW)
    proposal = suggestions.propose(actor=tianjin.zone_checker, suggestion=row, reason="突出", now=NOW)
    suggestions.withdraw_proposal(actor=tianjin.manager, proposal=proposal, now=NOW)
    suggestions.propose(actor=tianjin.manager, suggestion=row, reason="突出", now=NOW)
    assert AwardProposal.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_or_report_at_once_leave_one_counting(tianjin, in_scope):
    with system_scope("test"):
        group = make.make_group(tianjin, now=NOW)
        subject = make.make_subject(tianjin.filer, group, now=NOW)
    barrier, outcomes = threading.Barrier(4), []

    def hand_in(value):
        with system_scope("test"):
            barrier.wait()
            try:
                outcomes.append(make.read(tianjin.filer, subject, JANUARY, value, now=NOW).version)
            except Conflict:
                outcomes.append("conflict")
        connections.close_all()

    threads = [threading.Thread(target=hand_in, args=(90 + n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["1", "conflict", "conflict", "conflict"]
