"""One library of three kinds, heard of by subscription; who joined afterwards; what a model owes every year."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from competitions.exchange import effects, queries
from competitions.exchange.domain import cases, duties, follows
from competitions.exchange.models import CaseNotice, ShareDuty
from competitions.exchange.sheets import DUTIES, EFFECTS
from competitions.exchange.sources import _duties, _notices, _to_check
from competitions.filings.models import CompetitionFiling
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from tests.competitions.exchange.test_exchange import DAY, NOW, _confer, case_facts
from tests.factories.filings import item, make_catalogue


def page(name, **kwargs):
    return reverse(f"competitions:{name}", kwargs=kwargs)


def published(tianjin, **changes):
    row = cases.draft_case(actor=tianjin.filer, owner=tianjin.unit, facts=case_facts(**changes), now=NOW)
    row = cases.submit_case(actor=tianjin.filer, case=row, now=NOW)
    return cases.publish_case(actor=tianjin.zone_checker, case=row, now=NOW)


@pytest.mark.django_db
@pytest.mark.row(80, 110)
def test_subscribers_hear_of_a_new_case_of_their_kind_until_they_read_it(tianjin, hebei, all_rows, desk_client):
    client = desk_client(tianjin.group_filer)
    client.post(page("case.subscribe"), {"kind": "studio", "wanted": "1"})
    client.post(page("case.subscribe"), {"kind": "studio", "wanted": "1"})  # twice is once
    follows.subscribe(actor=tianjin.filer, kind="studio", wanted=True, now=NOW)  # the writer of the case
    follows.subscribe(actor=hebei.filer, kind="studio", wanted=True, now=NOW)  # another federation
    with pytest.raises(Invalid):
        follows.subscribe(actor=tianjin.filer, kind="other kind", wanted=True, now=NOW)
    published(tianjin, kind="project", title="示范工程的做法")
    assert not CaseNotice.objects.exists()
    case = published(tianjin, kind="studio", title="工作室带徒")
    assert [row.case for row in _notices(tianjin.group_filer, NOW)] == [case]
    assert CaseNotice.objects.count() == 1
    lists = {
        kind: client.get(page("case.list") + f"?kind={kind}").content.decode() for kind in ("project", "studio", "unit")
    }
    assert ["示范工程的做法" in lists["project"], "工作室带徒" in lists["studio"]] == [True, True]
    assert "工作室带徒" not in lists["unit"]
    assert "未读" in client.get(page("case.subscriptions")).content.decode()
    client.get(case.get_absolute_url())
    assert not _notices(tianjin.group_filer, NOW).exists()
    client.post(page("case.subscribe"), {"kind": "studio", "wanted": "0"})
    assert queries.subscriptions(tianjin.group_unit.path) == set()
    assert AuditEvent.objects.filter(action="competitions.case.subscribed").count() == 3


@pytest.mark.django_db
@pytest.mark.row(74)
def test_stories_of_saving_are_found_by_what_they_save_also_by_the_public(tianjin, all_rows, desk_client, client):
    power = published(tianjin, title="空压站群控", saving="power")
    published(tianjin, title="循环水改造", saving="water")
    desk = desk_client(tianjin.group_filer)
    body = desk.get(page("case.list") + "?saving=power").content.decode()
    assert ("空压站群控" in body, "循环水改造" in body) == (True, False)
    assert "空压站群控" not in client.get(page("public.cases")).content.decode()
    with pytest.raises(Refused):
        cases.show_case(actor=tianjin.filer, case=power, public=True, now=NOW)
    checker = desk_client(tianjin.zone_checker)
    checker.post(page("case.show", pk=power.pk))
    found = client.get(page("public.cases") + "?saving=power").content.decode()
    assert "空压站群控" in found
    assert "空压站群控" not in client.get(page("public.cases") + "?saving=water").content.decode()
    assert "每天一题" in client.get(page("public.case", pk=power.pk)).content.decode()
    checker.post(page("case.hide", pk=power.pk))
    assert client.get(page("public.case", pk=power.pk) + "?again").status_code == 404
    cases.show_case(actor=tianjin.zone_checker, case=power, public=True, now=NOW)
    row = cases.withdraw_case(actor=tianjin.zone_checker, case=power, reason="过时", now=NOW)
    assert not row.is_public


@pytest.mark.django_db
@pytest.mark.row(111)
def test_unions_that_filed_after_they_took_a_case_up_are_counted(tianjin, all_rows, desk_client, in_scope):
    case = published(tianjin)
    with pytest.raises(Refused):
        follows.follow_case(actor=tianjin.filer, case=case, words="自己的", now=NOW)
    with pytest.raises(Invalid):
        follows.follow_case(actor=tianjin.group_filer, case=case, words=" ", now=NOW)
    for actor in (tianjin.group_filer, tianjin.district_checker, tianjin.zone_checker):
        follows.follow_case(actor=actor, case=case, words="先在两个班组试行", now=NOW)
    with pytest.raises(Conflict):
        follows.follow_case(actor=tianjin.group_filer, case=case, words="再来", now=NOW)
    make_catalogue(tianjin, now=NOW)
    for owner, at in (
        (tianjin.group_unit, NOW + 9 * DAY),
        (tianjin.district, NOW - DAY),
        (tianjin.district, NOW + DAY),
    ):
        CompetitionFiling.objects.create(
            owner=owner, year=2026, title=f"竞赛{at}", number=f"{owner.pk}-{at:%m%d}", kind=item(tianjin, "kind", "skill"),
            state="accepted", filed_path=owner.path, filed_at=at,
        )  # fmt: skip
    line = effects.lines(2026)[0]
    assert (line.unions, line.joined, line.first) == (
        {tianjin.group_unit.pk, tianjin.district.pk, tianjin.zone.pk},
        {tianjin.group_unit.pk, tianjin.district.pk},
        {tianjin.group_unit.pk},
    )
    with in_scope(tianjin.group_filer):  # sees its own step only
        assert effects.total(effects.lines(2026)) == {"unions": 1, "joined": 1, "first": 1}
    assert list(EFFECTS.rows(tianjin.manager, 2026))[-1] == ["合计（去重）", "", "", 3, 2, 1]
    book = desk_client(tianjin.manager).get(page("effect.page") + "?year=2026&export=xlsx")
    assert [c.value for c in list(load_workbook(BytesIO(book.content)).worksheets[0].rows)[-1]][3:] == [3, 2, 1]
    assert "先在两个班组试行" in desk_client(tianjin.filer).get(case.get_absolute_url()).content.decode()


@pytest.mark.django_db
@pytest.mark.row(113)
def test_duty_of_a_model_is_set_reported_counted_and_checked(tianjin, all_rows, desk_client):
    from tests.factories.entries import make_cycle, make_entry  # noqa: PLC0415 -- heavy, this test only

    entry = make_entry(make_cycle(tianjin), tianjin.filer, state="conferred")
    _confer(entry)
    facts = {"wanted": 1, "due_on": (NOW + 90 * DAY).date(), "words": "至少交流一次"}
    with pytest.raises(Refused):
        duties.set_duties(actor=tianjin.filer, entries=[entry], now=NOW, **facts)
    for wrong in ({"due_on": NOW.date()}, {"due_on": dt.date(2027, 1, 5)}, {"wanted": 0}, {"words": " "}):
        with pytest.raises(Invalid):
            duties.set_duties(actor=tianjin.district_checker, entries=[entry], now=NOW, **(facts | wrong))
    assert duties.set_duties(actor=tianjin.district_checker, entries=[entry], now=NOW, **facts) == (1, 0)
    assert duties.set_duties(actor=tianjin.manager, entries=[entry], now=NOW, **facts) == (0, 1)
    duty = ShareDuty.objects.get()
    assert list(_duties(tianjin.filer, NOW)) == [duty]
    with pytest.raises(Conflict):
        duties.check_duty(actor=tianjin.district_checker, duty=duty, passed=False, verdict="没有报告", now=NOW)
    published(tianjin)
    duty = duties.report_duty(actor=tianjin.filer, duty=duty, report="发布了案例，两家单位来学。", now=NOW + DAY)
    assert (duty.state, duty.done_times) == ("reported", 1)
    assert list(_to_check(tianjin.district_checker, NOW)) == [duty]
    with pytest.raises(Refused):
        duties.check_duty(actor=tianjin.zone_checker, duty=duty, passed=True, verdict="好", now=NOW)
    with pytest.raises(Invalid):
        duties.check_duty(actor=tianjin.district_checker, duty=duty, passed=True, verdict=" ", now=NOW)
    client = desk_client(tianjin.district_checker)
    client.post(page("duty.check", pk=duty.pk), {"passed": "1", "verdict": "做法实，带动明显。"})
    duty.refresh_from_db()
    assert (duty.state, duty.checked_by) == ("passed", tianjin.district_checker.user)
    with pytest.raises(Refused):
        duties.report_duty(actor=tianjin.filer, duty=duty, report="再改", now=NOW)
    assert desk_client(tianjin.group_filer).get(duty.get_absolute_url()).status_code == 404
    assert [line[3:5] for line in DUTIES.rows(tianjin.manager, NOW.year)] == [[1, 1]]
    with CaptureQueriesContext(connection) as found:
        body = client.get(page("duty.list")).content.decode()
    assert "已履行" in body
    assert len(found) < 25
