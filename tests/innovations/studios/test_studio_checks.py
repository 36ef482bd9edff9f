"""年度考核 with 整改, the account, the year's paper."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from docx import Document

from innovations.studios import queries
from innovations.studios.domain import checks, money
from innovations.studios.enums import CheckStatus, StudioStatus
from innovations.studios.models import MoneyLine, YearCheck
from innovations.studios.papers import year_report
from innovations.studios.sheets import CHECKS
from innovations.studios.sources import _file_item, _overdue, _to_file, _to_mark, _to_reconfirm
from portal.core.errors import Invalid, Refused
from tests.factories.studios import make_studio, marks, paper
from tests.innovations.studios.test_studios import NOW, TODAY, wrong

DUE = dt.date(2026, 12, 1)
SUMMARY = "一年来完成课题一项，取得成果三项，组织培训两次，带徒两人。"
HALF_A_YEAR = dt.date(2026, 12, 1)


def file(filer, check, now=NOW, **changes):
    return checks.file_check(
        actor=filer, check=check, marks=marks(**changes), summary=SUMMARY, files=[paper()], now=now
    )


@pytest.mark.django_db
@pytest.mark.row(155)
def test_check_goes_by_mending_to_its_pass_or_to_the_plate(tianjin, in_scope):
    studio = make_studio(tianjin.employer, named_by=tianjin.district)
    make_studio(tianjin.employer, named_by=tianjin.municipal)
    with in_scope(tianjin.district_manager) as manager:
        call = {"actor": manager, "owner": tianjin.district}
        assert wrong(checks.open_year, year=2030, due_on=TODAY, **call) == {"year", "due_on"}
        (check,) = checks.open_year(year=2026, due_on=DUE, now=NOW, **call)
        assert wrong(checks.open_year, year=2026, due_on=DUE, **call) == {"year"}
        with pytest.raises(Refused):  # nothing was handed in
            checks.mark_check(actor=manager, check=check, marks=marks(), opinion="好", now=NOW)
    with in_scope(tianjin.filer) as filer:
        (waiting,) = _to_file(filer, NOW)
        assert _file_item(waiting, NOW).due is not None
        bad = marks(topics="26", people="0.3")
        assert wrong(checks.file_check, actor=filer, check=check, marks=bad, summary="短") == {
            "mark_topics", "mark_people", "summary", "files"
        }  # fmt: skip
        file(filer, check)
        with pytest.raises(Refused):
            file(filer, check)
    with in_scope(tianjin.district_manager) as manager:
        (filed,) = _to_mark(manager, NOW)
        assert filed.facts["results"] == 0
        checks.return_check(actor=manager, check=check, words="补签到表", due_on=DUE, now=NOW)
    with in_scope(tianjin.filer) as filer:
        file(filer, check, topics="24.5")
    with in_scope(tianjin.district_manager) as manager:
        poor = marks(10, topics="9.5")
        row = checks.mark_check(actor=manager, check=check, marks=poor, opinion="课题没有记录", now=NOW)
        assert (row.status, row.total, row.grade, row.due_on) == ("mending", Decimal("54.5"), "", HALF_A_YEAR)
        studio.refresh_from_db()
        assert (studio.status, studio.mend_until) == (StudioStatus.MENDING, HALF_A_YEAR)
        assert not _overdue(manager, NOW)
        assert list(_overdue(manager, NOW + dt.timedelta(days=190))) == [row]
    with in_scope(tianjin.filer) as filer:
        file(filer, check)
    with in_scope(tianjin.district_manager) as manager:
        edge = marks(conditions="10", topics="15", results="15", people="10", sharing="5", archive="5")
        row = checks.mark_check(actor=manager, check=check, marks=edge, opinion="已整改", now=NOW)
        assert (row.status, row.total, row.first_total, row.grade) == ("passed", 60, Decimal("54.5"), "合格")
        studio.refresh_from_db()
        assert (studio.status, studio.mend_until) == (StudioStatus.RUNNING, None)
        assert next(iter(CHECKS.rows(manager, 2026)))[3:7] == ["考核合格", Decimal("54.5"), Decimal("60.0"), "合格"]
        text = "\n".join(p.text for p in Document(year_report(row, now=NOW)).paragraphs)
        assert f"{studio.name}2026年度工作报告" in text
        assert "考核等级：合格" in text
        assert SUMMARY in text
        assert not _to_reconfirm(manager, NOW)
        assert list(_to_reconfirm(manager, NOW + dt.timedelta(days=300))) == [studio]


@pytest.mark.django_db
@pytest.mark.row(155)
def test_failed_mending_waits_for_two_people_and_nobody_marks_himself(tianjin, in_scope):
    studio = make_studio(tianjin.employer, named_by=tianjin.unit)  # enterprise level: one union, two people
    with in_scope(tianjin.unit_checker) as checker:
        (check,) = checks.open_year(actor=checker, owner=tianjin.unit, year=2026, due_on=DUE, now=NOW)
        file(checker, check)
        assert not _to_mark(checker, NOW)
        with pytest.raises(Refused):
            checks.mark_check(actor=checker, check=check, marks=marks(), opinion="好", now=NOW)
    with in_scope(tianjin.filer) as filer, pytest.raises(Refused):
        checks.mark_check(actor=filer, check=check, marks=marks(), opinion="好", now=NOW)
    with in_scope(tianjin.unit_checker):
        YearCheck.objects.filter(pk=check.pk).update(filed_by=tianjin.filer.user)
        checker = tianjin.unit_checker
        checks.mark_check(actor=checker, check=check, marks=marks(1), opinion="差", now=NOW)
    with in_scope(tianjin.filer) as filer:
        file(filer, check)
    with in_scope(tianjin.unit_checker) as checker:
        row = checks.mark_check(actor=checker, check=check, marks=marks(2), opinion="仍差", now=NOW)
        assert row.status == CheckStatus.FAILED
        assert list(_overdue(checker, NOW)) == [row]
        studio.refresh_from_db()
        assert studio.status == StudioStatus.MENDING


@pytest.mark.django_db
@pytest.mark.row(155)
def test_account_is_never_negative_in_silence(tianjin, in_scope):
    studio = make_studio(tianjin.employer)
    line = {"on": dt.date(2026, 3, 1), "kind": "employer", "amount": Decimal("1000.10"), "words": "拨款",
            "voucher": "记1", "overdraft": ""}  # fmt: skip
    with in_scope(tianjin.filer) as filer:
        call = {"actor": filer, "studio": studio}
        assert wrong(money.enter, facts=line, **call) == {"file"}
        income = money.enter(facts=line, file=paper(), now=NOW, **call)
        spend = line | {"kind": "material", "words": "材料", "amount": Decimal(900)}
        spent = money.enter(facts=spend, file=paper(), now=NOW, **call)
        # enough at the end, but not on that day: an older date than the income
        early = spend | {"on": dt.date(2026, 2, 1), "amount": Decimal(50)}
        assert wrong(money.enter, facts=early, file=paper(), **call) == {"overdraft"}
        money.enter(facts=early | {"overdraft": "设备科垫支"}, file=paper(), now=NOW, **call)
        assert wrong(money.enter, facts=spend, file=paper(), **call) == {"overdraft"}
        with pytest.raises(Invalid):  # it is spent
            money.reverse(actor=filer, line=income, reason="退回拨款", now=NOW)
        money.reverse(actor=filer, line=spent, reason="发票作废", now=NOW)
        with pytest.raises(Invalid):
            money.reverse(actor=filer, line=spent, reason="再冲一次", now=NOW)
        found = queries.balance_of(studio)
        assert (found["income"], found["spent"], found["balance"]) == (
            Decimal("1000.10"), Decimal(50), Decimal("950.10"),
        )  # fmt: skip
        assert queries.studios(2026).get(pk=studio.pk).balance == Decimal("950.10")
        assert sum(row.signed for row in MoneyLine.objects.filter(studio=studio)) == Decimal("950.10")
