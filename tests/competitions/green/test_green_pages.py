"""The pages: what each side finds, the work list, exports, constant queries, and a month from entry to its place in the ranking."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from competitions.green.comparison import next_month
from competitions.green.domain import many, readings, suggestions
from competitions.green.domain.readings import last_month
from competitions.green.models import AwardProposal, CoefficientTable, MonthlyReading
from competitions.green.panels import proposal_context
from competitions.green.sheets import GROUPS, SUGGESTIONS
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.core.errors import Invalid
from portal.core.scoping import system_scope
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.worklist.queries import work_of
from tests.e2e.steps import press, said
from tests.factories import green as make
from tests.factories.hosts import make_bureau

pytestmark = pytest.mark.django_db
ROOM = ("green.",)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def last(now):
    return last_month(now)


@pytest.fixture
def group(tianjin, now):
    with system_scope("test"):
        return make.make_group(tianjin, now=now)


def teams(tree, group, now, last, values, *, months=1):
    """One team for each value, of the zone's unit, with ``months`` accepted months."""
    found = []
    for number, value in enumerate(values):
        row = make.make_subject(
            tree.filer, group, now=now, name=f"{value}班{number}", first_month=next_month(last, 1 - months)
        )
        for n in range(months):
            make.accepted(tree.filer, tree.zone_checker, row, next_month(last, -n), value, now=now)
        found.append(row)
    return found


def kinds(actor, now, in_scope):
    with in_scope(actor):
        return {k.source.key: k.count for k in work_of(actor, now=now).kinds if k.source.key.startswith(ROOM)}


@pytest.mark.row(73)
def test_work_list_follows_a_month_and_a_saving(tianjin, group, now, last, in_scope):
    with system_scope("test"):
        subject = make.make_subject(tianjin.filer, group, now=now, first_month=last)
    assert kinds(tianjin.filer, now, in_scope) == {"green.report": 1}
    with system_scope("test"):
        row = make.read(tianjin.filer, subject, last, 98, now=now)
        saving = make.claimed(tianjin.filer, make.make_suggestion(tianjin.filer, now=now), now=now)
    assert kinds(tianjin.filer, now, in_scope) == {}
    assert kinds(tianjin.zone_checker, now, in_scope) == {"green.check": 1, "green.claim": 1}
    assert kinds(tianjin.district_checker, now, in_scope) == {}
    with system_scope("test"):
        readings.send_back(actor=tianjin.zone_checker, row=row, reason="请核对", now=now)
        suggestions.verify(actor=tianjin.zone_checker, suggestion=saving, now=now)
        suggestions.propose(actor=tianjin.manager, suggestion=saving, reason="突出", now=now)
    assert kinds(tianjin.filer, now, in_scope) == {"green.redo": 1, "green.draft": 1}
    assert kinds(tianjin.zone_checker, now, in_scope) == {}


def test_pages_cost_the_same_however_many_rows(tianjin, group, now, last, desk_client, django_assert_max_num_queries):
    def count(url):
        client = desk_client(tianjin.manager)
        client.get(url)
        with django_assert_max_num_queries(200) as captured:
            assert client.get(url).status_code == 200
        return len(captured.captured_queries)

    with system_scope("test"):
        (first,) = teams(tianjin, group, now, last, [98])
        make.verified(tianjin.filer, tianjin.zone_checker, now=now)
    names = ("overview", "groups", "subjects", "readings", "suggestions", "proposals", "dictionary")
    urls = [reverse(f"competitions:green.{name}") for name in names]
    urls += [group.get_absolute_url(), first.get_absolute_url()]
    before = [count(url) for url in urls]
    with system_scope("test"):
        teams(tianjin, group, now, last, [97, 99, 101], months=3)
        make.make_group(tianjin, now=now, name="空压站", indicator="unit_air")
        for n in range(3):
            make.verified(tianjin.filer, tianjin.zone_checker, now=now, title=f"改造{n}", subject=first)
    after = [count(url) for url in urls]
    assert all(b <= a + 1 for a, b in zip(before, after, strict=True)), (before, after)  # the curve asks once more


@pytest.mark.row(73)
def test_ranking_names_own_subjects_and_shows_others_without_name(tianjin, group, now, last, desk_client):
    with system_scope("test"):
        teams(tianjin, group, now, last, [90, 95])
        other = make.make_subject(tianjin.group_filer, group, now=now, name="集团转炉班", first_month=last)
        make.accepted(tianjin.group_filer, tianjin.group_checker, other, last, 85, now=now)
    page = desk_client(tianjin.filer).get(group.get_absolute_url() + "?level=team").content.decode()
    assert "集团转炉班" not in page
    assert "同组其他主体" in page
    assert "90班0" in page
    assert page.index("同组其他主体") < page.index("90班0")
    everything = desk_client(tianjin.manager).get(group.get_absolute_url() + "?level=team").content.decode()
    assert "集团转炉班" in everything
    alone = desk_client(tianjin.filer).get(group.get_absolute_url() + "?level=post").content.decode()
    assert "还没有参赛主体" in alone


def test_export_holds_what_is_shown(tianjin, group, now, last, desk_client):
    with system_scope("test"):
        teams(tianjin, group, now, last, [90, 95])
    address = reverse("competitions:green.readings")
    response = desk_client(tianjin.zone_checker).get(address, {"export": "xlsx", "q": "90班"})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    cells = [str(cell) for row in load_workbook(io.BytesIO(content)).active.values for cell in row]
    assert "90班0" in cells
    assert "95班1" not in cells


@pytest.mark.row(56)
def test_department_that_hosts_with_the_federation_reads_and_writes_nothing(tianjin, group, now, last, desk_client):
    with system_scope("test"):
        bureau = make_bureau(tianjin, "市发展和改革委员会", role=Role.CHECKER)
        (subject,) = teams(tianjin, group, now, last, [90])
        waiting = make.read(tianjin.filer, subject, last, 91, now=now, note="更正")
    client = desk_client(bureau)
    assert client.get(subject.get_absolute_url()).status_code == 404
    with system_scope("test"):
        group.cohost = Organisation.objects.get(pk=bureau.desk.organisation_id)
        group.save()
    assert client.get(subject.get_absolute_url()).status_code == 200
    assert "90班0" in client.get(group.get_absolute_url() + "?level=team").content.decode()
    assert client.post(reverse("competitions:green.reading_accept", kwargs={"pk": waiting.pk})).status_code == 403
    assert client.get(reverse("competitions:green.group_edit", kwargs={"pk": group.pk})).status_code == 403


@pytest.mark.row(58)
def test_sheets_of_the_yearly_report_total_the_year(tianjin, group, now, last, in_scope):
    with system_scope("test"):
        (subject,) = teams(tianjin, group, now, last, [90])
        readings.accept(
            actor=tianjin.zone_checker, now=now,
            row=readings.submit_baseline(
                actor=tianjin.filer, subject=subject, starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2024, 12, 1),
                value=Decimal(100), files=[make.pdf("b")], now=now,
            ),
        )  # fmt: skip
        make.verified(tianjin.filer, tianjin.zone_checker, now=now)
    with in_scope(tianjin.manager):
        rows = list(GROUPS.rows(tianjin.manager, last.year))
        assert {len(row) for row in rows} == {len(GROUPS.heads)}
        assert rows[-1][0] == "合计"
        assert rows[-1][-2] == Decimal("0.012290")  # (100 − 90) kWh/t × 10 t × 0.1229 ÷ 1000
        told = list(SUGGESTIONS.rows(tianjin.manager, now.year))
        assert [len(row) for row in told] == [len(SUGGESTIONS.heads)]
    with in_scope(tianjin.group_checker):
        assert list(GROUPS.rows(tianjin.group_checker, last.year))[-1][-2] == 0


def test_many_months_are_handed_in_and_accepted_at_once(tianjin, group, now, last):
    with system_scope("test"):
        subject = make.make_subject(tianjin.filer, group, now=now, first_month=next_month(last, -2))

        def line(row, step, output=10, name=subject.name, note=""):
            inputs = {"power": Decimal(950), "output": Decimal(output)}
            return many.Line(row, name, next_month(last, step), inputs, note)

        options = {"actor": tianjin.filer, "group": group, "now": now}
        wrong = [line(2, 0, output=0), line(3, 1), line(4, -1, name="没有的班"), line(5, -1), line(6, -1)]
        with pytest.raises(Invalid) as error:
            many.submit_many(lines=wrong, files=[make.pdf()], **options)
        told = error.value.fields["workbook"]
        assert [words[:4] for words in told] == ["第2行：", "第3行：", "第4行：", "第6行："]
        assert MonthlyReading.objects.count() == 0
        good = [line(2, 0), line(3, -1), line(4, -2)]
        with CaptureQueriesContext(connection) as captured:
            many.submit_many(lines=good, files=[], dry=True, **options)
        asked = sum('FROM "competitions_coefficienttable"' in query["sql"] for query in captured)
        assert asked == len({row.month.year for row in good}), "once for each year, not for each row"
        assert MonthlyReading.objects.count() == 0
        made = many.submit_many(lines=good, files=[make.pdf()], **options)
        pks = [row.pk for row in made]
        assert many.accept_many(actor=tianjin.unit_checker, pks=pks, now=now) == 0
        assert many.accept_many(actor=tianjin.zone_checker, pks=pks, now=now) == 3
        corrected = many.submit_many(lines=[line(2, 0, output=9, note="更正")], files=[make.pdf("2")], **options)
        assert many.accept_many(actor=tianjin.zone_checker, pks=[corrected[0].pk], now=now) == 1
        states = MonthlyReading.objects.filter(month=last).order_by("version").values_list("state", flat=True)
        assert list(states) == ["replaced", "accepted"]
        assert all(row.files.count() == 1 for row in made)


def test_workbook_lists_what_is_owed_and_comes_back_checked_then_written(tianjin, group, now, last, desk_client):
    with system_scope("test"):
        make.make_subject(tianjin.filer, group, now=now, first_month=next_month(last, -1))
    client = desk_client(tianjin.filer)
    template = client.get(reverse("competitions:green.template", kwargs={"pk": group.pk}))
    book = load_workbook(io.BytesIO(b"".join(template.streaming_content)))
    sheet = book.active
    assert [[cell.value for cell in row][:2] for row in sheet.iter_rows(min_row=2)] == [
        ["炼钢一班", f"{month:%Y-%m}"] for month in (next_month(last, -1), last)
    ]

    def send(**more):
        target = io.BytesIO()
        book.save(target)
        upload = SimpleUploadedFile("月报.xlsx", target.getvalue())
        return client.post(reverse("competitions:green.workbook", kwargs={"pk": group.pk}), {"workbook": upload} | more)

    sheet["C2"], sheet["D2"], sheet["C3"], sheet["D3"] = 980, 10, "很多", 10
    wrong = send(dry="on")
    assert wrong.status_code == 422
    assert "第3行：“电力”不是数字" in wrong.content.decode()
    sheet["C3"], sheet["D3"] = None, None  # not known yet: left out
    assert send(dry="on").status_code == 302
    assert send().status_code == 422  # no evidence
    with system_scope("test"):
        assert MonthlyReading.objects.count() == 0
    assert send(files=make.pdf()).status_code == 302
    with system_scope("test"):
        assert MonthlyReading.objects.get().value == Decimal(98)
    sheet["A1"] = "班组"
    assert "表头应为" in send(dry="on").content.decode()


def test_command_loads_the_dictionary_once(tianjin, capsys):
    call_command("green_dictionary", "load")
    call_command("green_dictionary", "load")
    assert "已启用0个指标版本、0个系数表版本" in capsys.readouterr().out
    with system_scope("test"):
        assert CoefficientTable.objects.count() == 2


@pytest.mark.row(57)
def test_entry_of_the_honour_shows_what_it_rests_on(tianjin, group, now, in_scope):
    with system_scope("test"):
        row = make.verified(tianjin.filer, tianjin.zone_checker, now=now)
        suggestions.propose(actor=tianjin.zone_checker, suggestion=row, reason="突出", now=now)
        assert AwardProposal.objects.get().badge.label == "待单位起草"
    with in_scope(tianjin.filer):
        assert proposal_context(tianjin.filer, Entry(answers={"contest": "haihe"})) == {"proposal": None}


def test_errors_of_the_calculation_stand_beside_their_inputs(tianjin, group, now, last, desk_client):
    with system_scope("test"):
        subject = make.make_subject(tianjin.filer, group, now=now, first_month=last)
    address = reverse("competitions:green.report", kwargs={"pk": subject.pk})
    data = {"month": last.isoformat(), "input_power": "10", "input_output": "0", "files": make.pdf()}
    response = desk_client(tianjin.filer).post(address, data)
    assert response.status_code == 422
    assert "作为分母的数须大于零" in response.content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.row(73)
def test_month_goes_from_entry_to_its_place_in_the_ranking(tianjin, open_page, desk_client, accessibility, tmp_path):
    """The unit reports on a phone, the zone sends it back, the unit corrects, the zone accepts; then it stands first."""
    now = timezone.now()
    last = last_month(now)
    with system_scope("test"):
        group = make.make_group(tianjin, now=now)
        teams(tianjin, group, now, last, [98, 104])
        subject = make.make_subject(tianjin.filer, group, now=now, name="炼钢甲班", first_month=last)
    unit = open_page(desk_client(tianjin.filer), width=390)
    zone = open_page(desk_client(tianjin.zone_checker), width=1440)
    for number, power in enumerate(("9900", "900")):
        unit.goto(subject.get_absolute_url())
        if number == 0:
            assert not accessibility(unit)
            unit.get_by_role("link", name="填报月度能耗").first.click()
        else:
            with system_scope("test"):
                unit.goto(MonthlyReading.objects.get(subject=subject).get_absolute_url())
            unit.get_by_role("link", name="修改后重报").first.click()
        unit.locator('[name="input_power"]').fill(power)
        unit.locator('[name="input_output"]').fill("10")
        proof = tmp_path / f"meter{number}.pdf"
        proof.write_bytes(make.pdf(power).read())
        unit.locator('[name="files"]').set_input_files(str(proof))
        press(unit, "报送")
        said(unit, "等待上级工会核对")
        with system_scope("test"):
            row = MonthlyReading.objects.filter(subject=subject).order_by("-version").first()
        zone.goto(row.get_absolute_url())
        if number == 0:
            assert not accessibility(zone)
            zone.get_by_role("link", name="退回").first.click()
            zone.locator('[name="reason"]').fill("电量与上月相差十倍，请核对。")
            press(zone, "退回")
            said(zone, "已退回")
            with system_scope("test"):
                assert MonthlyReading.objects.filter(subject=subject).get().state == "returned"
    press(zone, "核定", confirm=True)
    said(zone, "已核定")
    zone.goto(group.get_absolute_url() + "?level=team")
    first = zone.locator("table tbody tr").first
    assert "炼钢甲班" in first.inner_text()
    assert not accessibility(zone)
