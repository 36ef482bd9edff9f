"""A contract from draft to its end, and who sees it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from competitions.growth import queries
from competitions.growth.domain import mentoring
from competitions.growth.models import MentorMonth, Mentorship, WorkerFile
from portal.audit.models import AuditEvent
from portal.core.errors import Invalid, Refused
from portal.lifecycle.worklist.queries import todo_count
from tests.factories.growth import id_number, make_file, make_mentorship

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
GOOD = {"goals": 36, "skill": 26, "theory": 12, "conduct": 14}


def url(name: str, **kwargs: object) -> str:
    return reverse(f"competitions:{name}", kwargs=kwargs)


@pytest.mark.row(98)
def test_contract_is_drafted_signed_recorded_assessed_on_the_pages(tianjin, desk_client, all_rows) -> None:
    client = desk_client(tianjin.filer)
    number = id_number()
    form = {
        "mentor_name": "张示范", "mentor_id_number": id_number(), "mentor_id_kind": "citizen",
        "apprentice_name": "李示范", "apprentice_id_number": number[:-1] + ("1" if number[-1] != "1" else "2"),
        "apprentice_id_kind": "citizen", "trade": "焊工", "starts_on": "2026-08-01", "ends_on": "2027-01-31",
        "allowance": "200", "goals": "独立完成平板对接焊", "plan": "每月一项",
    }  # fmt: skip
    refused = client.post(url("mentorship.add"), form)
    assert refused.status_code == 422 or refused.status_code == 200
    assert not Mentorship.objects.exists()
    assert not WorkerFile.objects.exists()
    client.post(url("mentorship.add"), form | {"apprentice_id_number": number})
    row = Mentorship.objects.get()
    assert row.state == "draft"
    assert not row.months.exists()
    assert number not in client.get(row.get_absolute_url()).text

    client.post(
        url("mentorship.sign", pk=row.pk),
        {"mentor_signed_on": "2026-08-01", "apprentice_signed_on": "2026-08-01", "agreed": "on"},
    )
    row.refresh_from_db()
    assert row.state == "active"
    assert row.months.count() == 6
    month = row.months.first()
    client.post(url("mentorship.month", pk=month.pk), {"content": "引弧、运条", "progress": "已掌握", "hours": "12"})
    month.refresh_from_db()
    assert month.recorded_at
    assert month.hours == 12
    paper = client.get(url("mentorship.print", pk=row.pk))
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    names = set(AuditEvent.objects.values_list("action", flat=True))
    steps = ("drafted", "signed", "month_recorded", "printed")
    assert {f"competitions.mentorship.{step}" for step in steps} <= names


def test_assessment_waits_for_due_records_and_decides_by_the_total(tianjin, all_rows, in_scope) -> None:
    master, learner = make_file(tianjin.unit, "张示范"), make_file(tianjin.unit, "李示范")
    row = make_mentorship(master, learner, starts_on=dt.date(2026, 8, 1), ends_on=dt.date(2026, 11, 20), signed_at=NOW)
    with in_scope(tianjin.filer), pytest.raises(Refused):
        mentoring.assess_mentorship(actor=tianjin.filer, mentorship=row, marks=GOOD, opinion="好", now=NOW)
    with in_scope(tianjin.unit_checker):
        with pytest.raises(Invalid, match="3个月"):
            mentoring.assess_mentorship(actor=tianjin.unit_checker, mentorship=row, marks=GOOD, opinion="好", now=NOW)
        for month in row.months.all():
            mentoring.record_month(
                actor=tianjin.unit_checker, month=month, content="操作", progress="", hours=Decimal(8), now=NOW
            )
        low = mentoring.assess_mentorship(
            actor=tianjin.unit_checker, mentorship=row, marks=GOOD | {"skill": 0, "goals": 10}, opinion="差", now=NOW
        )
    assert (low.state, low.total) == ("failed", 36)
    again = make_mentorship(master, learner, starts_on=dt.date(2026, 11, 1), signed_at=NOW)
    with pytest.raises(Invalid, match="待签订或帮教中"), in_scope(tianjin.filer):
        mentoring.draft_mentorship(
            actor=tianjin.filer, organisation=tianjin.unit, mentor=_person(master), apprentice=_person(learner), now=NOW,
            facts={"trade": "焊工", "starts_on": dt.date(2026, 11, 1), "ends_on": dt.date(2027, 11, 1), "goals": "会",
                   "plan": "教", "allowance": 0},
        )  # fmt: skip
    with in_scope(tianjin.unit_checker):
        gone = mentoring.terminate_mentorship(actor=tianjin.unit_checker, mentorship=again, reason="徒弟调离", now=NOW)
    assert gone.state == "terminated"


def _person(file):
    from competitions.rosters.persons import Person

    return Person(file.name, file.id_kind, file.id_number)


def test_levels_above_see_figures_and_strangers_nothing(
    tianjin, hebei, desk_client, all_rows, in_scope, django_assert_max_num_queries
) -> None:
    master = make_file(tianjin.unit, "张示范")
    for number in range(3):
        make_mentorship(master, make_file(tianjin.unit, "李示范"), starts_on=dt.date(2026, 8, 1), signed_at=NOW,
                        trade=f"焊工{number}")  # fmt: skip
    with in_scope(tianjin.district_checker):
        found = queries.mentor_figures(queries.of_year(2026), NOW.date())
        lines = queries.mentor_figures_by_union(queries.of_year(2026), tianjin.district.path, NOW.date())
    assert (found["active"], found["overdue"]) == (3, 9)
    assert [(line["active"], line["overdue"]) for line in lines] == [(3, 9)]
    with in_scope(hebei.manager):
        assert not queries.mentorships().exists()
    page = desk_client(tianjin.district_checker).get(url("mentorship.list"))
    assert page.text.count("张示范") >= 3
    assert "起草师徒合同" in page.text
    with in_scope(tianjin.filer):
        assert queries.due_months(NOW.date()).count() == 12
        assert todo_count(tianjin.filer, now=NOW) >= 12
    assert MentorMonth.objects.count() >= 18
