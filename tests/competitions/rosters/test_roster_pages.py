"""The rosters' pages: what each desk sees, masked numbers everywhere, a constant number of queries, the public pages."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from competitions.rosters.domain import imports, rosters
from competitions.rosters.enums import ConsentState, NewGroup, ParticipationState, RosterKind
from competitions.rosters.models import CountSnapshot, Participation, Roster, RosterImport, Worker
from portal.accounts.models import EmployerYear
from portal.audit.models import AuditEvent
from portal.core.dates import local_date
from portal.core.scoping import system_scope
from tests.competitions.rosters.test_roster_import import Run
from tests.factories.rosters import NOW, enter, line, make_filing, make_roster, person, scan, workbook

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def url(name: str, **kwargs) -> str:
    return reverse(f"competitions:{name}", kwargs=kwargs)


@pytest.fixture
def roster(tianjin):
    return make_roster(tianjin.filer, make_filing(tianjin.district), employer=tianjin.employer)


@pytest.fixture
def people(tianjin, roster):
    return [enter(tianjin.filer, roster, person(n), agreed=n == 0, trade="焊工") for n in range(3)]


def test_unit_opens_a_roster_and_enters_somebody(tianjin, desk_client):
    with system_scope("test"):
        filing = make_filing(tianjin.district)
        make_filing(tianjin.group, "集团内部竞赛")  # of another line: not offered
    client = desk_client(tianjin.filer)
    page = client.get(url("roster.open")).content.decode()
    assert "焊接岗位竞赛" in page
    assert "集团内部竞赛" not in page
    answer = client.post(
        url("roster.open"),
        {
            "filing": filing.pk,
            "kind": "unit",
            "employer": tianjin.employer.pk,
            "contact": "王联系",
            "contact_phone": "022-12345678",
        },
    )
    with system_scope("test"):
        found = Roster.objects.get()
    assert answer.url == found.get_absolute_url()
    data = {
        "name": "张示范",
        "id_number": person(1).id_number,
        "id_kind": "citizen",
        "duty": "member",
        "is_frontline": "on",
    }
    wrong = client.post(url("participation.add", pk=found.pk), data | {"id_number": "120199199001010013"})
    assert wrong.status_code == 422
    assert "校验码" in wrong.content.decode()
    answer = client.post(url("participation.add", pk=found.pk), data)
    assert answer.status_code == 302
    assert "等待本人同意" in client.get(answer.url).content.decode()
    double = client.post(url("participation.add", pk=found.pk), data)
    assert "已在本名单" in double.content.decode()


def test_numbers_are_masked_on_every_page_and_in_the_workbook(tianjin, desk_client, roster, people):
    secrets = [person(n).id_number for n in range(3)] + [person(n).id_number[6:14] for n in range(3)]
    client, row = desk_client(tianjin.filer), people[1]
    pages = [
        url("roster.list"), roster.get_absolute_url(), url("participation.list", pk=roster.pk), row.get_absolute_url(),
        url("participation.change", pk=row.pk), url("participation.remove", pk=row.pk), url("counting.overview"),
        url("roster_consent.sheet", pk=roster.pk), url("roster_consent.paper", pk=roster.pk),
        url("roster_consent.record", pk=roster.pk), url("public.taking_part", token=row.token),
    ]  # fmt: skip
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        assert not [s for s in secrets if s in text], address
    assert "120***********" in client.get(url("participation.list", pk=roster.pk)).content.decode()
    answer = client.get(url("participation.list", pk=roster.pk) + "?export=xlsx")
    cells = [str(c.value) for line_ in load_workbook(io.BytesIO(answer.content)).active for c in line_]
    assert person(1).name in cells
    assert not [s for s in secrets for cell in cells if s in cell]


def test_units_see_their_own_and_unions_what_is_below(tianjin, hebei, desk_client, roster, people):
    detail, one = roster.get_absolute_url(), people[0].get_absolute_url()
    for actor, status in (
        (tianjin.filer, 200), (tianjin.zone_checker, 200), (tianjin.district_checker, 200), (tianjin.manager, 200),
        (tianjin.supervisor, 200), (tianjin.group_filer, 404), (tianjin.group_checker, 404), (hebei.manager, 404),
    ):  # fmt: skip
        client = desk_client(actor)
        assert client.get(detail).status_code == status, actor.desk
        assert client.get(one).status_code == status, actor.desk
    assert desk_client(tianjin.district_manager).get(url("participation.add", pk=roster.pk)).status_code == 403


def test_search_finds_by_name_and_by_the_whole_number(tianjin, desk_client, roster, people):
    client, address = desk_client(tianjin.filer), url("participation.list", pk=roster.pk)
    for words in (person(2).name, person(2).id_number):
        page = client.get(address, {"q": words}).content.decode()
        assert people[2].get_absolute_url() in page
        assert people[1].get_absolute_url() not in page
    part = client.get(address, {"q": person(2).id_number[:17]}).content.decode()
    assert people[2].get_absolute_url() not in part


@pytest.mark.parametrize("name", ["roster.list", "participation.list", "counting.overview"])
def test_lists_take_the_same_queries_for_one_row_and_for_many(tianjin, desk_client, roster, name):
    client = desk_client(tianjin.filer)
    kwargs = {"pk": roster.pk} if name == "participation.list" else {}

    def spent() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name, **kwargs)).status_code == 200
        return len(queries)

    with system_scope("test"):
        enter(tianjin.filer, roster, person(1), agreed=True)
    spent()
    one = spent()
    with system_scope("test"):
        for n in range(2, 6):
            enter(tianjin.filer, roster, person(n), agreed=True)
            make_roster(tianjin.filer, make_filing(tianjin.district, f"竞赛{n}"))
    assert spent() == one


def test_upload_with_errors_is_shown_beside_its_rows_and_only_to_its_owner(tianjin, desk_client, roster):
    client = desk_client(tianjin.filer)
    file = SimpleUploadedFile("名单.xlsx", workbook([line(1), line(2, id_number="12019919900101001")]))
    answer = client.post(url("roster_import.create", pk=roster.pk), {"file": file})
    assert answer.status_code == 302
    with system_scope("test"):
        batch = RosterImport.objects.get()
        imports.run_check(Run(tianjin.filer), batch_id=batch.pk, now=NOW)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "证件号码" in page
    assert "17位" in page
    workbook_answer = client.get(url("roster_import.errors", pk=batch.pk))
    sheet = load_workbook(io.BytesIO(b"".join(workbook_answer.streaming_content))).active
    assert "17位" in str(sheet.cell(3, sheet.max_column).value)
    assert desk_client(tianjin.unit_checker).get(url("roster_import.errors", pk=batch.pk)).status_code == 404
    assert desk_client(tianjin.district_checker).get(batch.get_absolute_url()).status_code == 403
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="competitions.roster.errors_read").count() == 1


@pytest.mark.row(11)
def test_worker_agrees_and_leaves_on_the_own_page(tianjin, client, people):
    row = people[1]
    address = url("public.taking_part", token=row.token)
    page = client.get(address)
    text = page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert "保存多久" in text
    assert "王联系" in text
    assert row.worker.name not in text  # only masked: the paper may lie about
    assert client.post(address, {"answer": "given", "last_four": "0000"}).status_code == 422
    good = {"last_four": person(1).last_four}
    assert client.post(address, good | {"answer": "given"}).status_code == 302
    assert "您已同意" in client.get(address).content.decode()
    left = client.post(address, good | {"answer": "left"})
    assert left.url == url("public.left")
    assert client.get(left.url).status_code == 200
    assert client.get(address).status_code == 404
    with system_scope("test"):
        row.refresh_from_db()
        assert row.state == ParticipationState.LEFT
        assert not Worker.objects.filter(name=person(1).name).exists()


def test_guessing_is_slow_and_finds_nothing(client, people):
    last = [client.get(url("public.taking_part", token=f"guess{n}")).status_code for n in range(40)]
    assert last[0] == 404
    assert last[-1] == 429
    assert client.get(url("public.enlist", token="guess")).status_code in {404, 429}


def test_last_four_cannot_be_tried_for_ever(client, people):
    address = url("public.taking_part", token=people[1].token)
    answers = [client.post(address, {"answer": "given", "last_four": f"{n:04d}"}).status_code for n in range(12)]
    assert answers[0] == 422
    assert answers[-1] == 429


@pytest.mark.row(25, 147)
def test_driver_enlists_on_the_public_page_and_the_street_accepts(tianjin, client, desk_client):
    with system_scope("test"):
        group = make_roster(
            tianjin.zone_checker, make_filing(tianjin.district), kind=RosterKind.GROUP, title="开发区货车司机"
        )
    desk = desk_client(tianjin.zone_checker)
    assert desk.post(url("roster.door_open", pk=group.pk), {"until": "2030-01-01"}).status_code == 422
    with system_scope("test"):
        from django.utils import timezone  # noqa: PLC0415 -- the door is open as of the real day

        now = timezone.now()
        rosters.open_door(actor=tianjin.zone_checker, roster=group, until=local_date(now), now=now)
        group.refresh_from_db()
    assert desk.get(url("roster.door", pk=group.pk)).status_code == 200
    address = url("public.enlist", token=group.door_token)
    assert "保存多久" in client.get(address).content.decode()
    data = {
        "name": "李示范", "id_number": person(5).id_number, "id_kind": "citizen", "group": NewGroup.TRUCK,
        "street": "开发区", "trade": "示范物流",
    }  # fmt: skip
    assert client.post(address, data).status_code == 422  # without the tick
    answer = client.post(address, data | {"agreed": "on"})
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200
    with system_scope("test"):
        row = Participation.objects.get(roster=group)
    assert desk.post(url("participation.accept", pk=row.pk)).status_code == 302
    with system_scope("test"):
        row.refresh_from_db()
    assert (row.state, row.consent) == (ParticipationState.ACTIVE, ConsentState.GIVEN)


def test_signed_sheet_is_recorded_with_its_scan(tianjin, desk_client, roster, people):
    client = desk_client(tianjin.filer)
    data = {"chosen": [people[1].pk, people[2].pk], "signed_on": "2026-06-01", "file": scan()}
    assert client.post(url("roster_consent.record", pk=roster.pk), data).status_code == 302
    page = client.get(roster.get_absolute_url()).content.decode()
    paper = re.search(r"/desk/rosters/consent/\d+/file/", page)
    assert paper
    assert client.get(paper[0]).status_code == 200
    assert desk_client(tianjin.district_checker).get(paper[0]).status_code == 403
    with system_scope("test"):
        assert Participation.objects.filter(consent=ConsentState.GIVEN).count() == 3


@pytest.mark.row(22)
def test_figures_are_shown_with_their_definition_drilled_into_exported_and_signed_off(tianjin, desk_client, people):
    with system_scope("test"):
        EmployerYear.objects.create(employer=tianjin.employer, year=2025, employees=40)
    client = desk_client(tianjin.manager)
    page = client.get(url("counting.overview"), {"year": 2026}).content.decode()
    assert "2.5%" in page
    assert "一人参加几项竞赛只计一次" in page
    below = client.get(url("counting.overview"), {"year": 2026, "at": tianjin.zone.pk}).content.decode()
    assert tianjin.unit.name in below
    for cut in ("district", "ownership", "size", "flags"):
        assert client.get(url("counting.overview"), {"cut": cut}).status_code == 200
    kinds = client.get(url("counting.overview"), {"year": 2026, "cut": "emerging"}).content.decode()
    assert "其他单位" in kinds  # the unit of these people is neither 三新 nor of the eight
    book = client.get(url("counting.overview"), {"year": 2026, "export": "xlsx"})
    assert book["Content-Type"].endswith("sheet")
    first = client.post(url("counting.sign") + "?year=2026")
    assert first.status_code == 302
    assert "2.5%" in client.get(first.url).content.decode()
    again = url("counting.sign") + "?year=2026"
    assert client.post(again).status_code == 422
    assert client.post(again, {"reason": "补报一个单位"}).status_code == 302
    with system_scope("test"):
        assert list(CountSnapshot.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert desk_client(tianjin.district_checker).get(first.url).status_code == 404
    assert client.get(url("counting.overview"), {"at": 999_999}).status_code == 404


def test_work_list_names_what_waits(tianjin, desk_client, roster, people):
    page = desk_client(tianjin.filer).get("/desk/").content.decode()
    assert "2人还没有同意" in page
