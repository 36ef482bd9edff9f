"""Pages of the union tree and of employers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.codes import SHIPPED
from portal.accounts.domain.codes import load_codes
from portal.accounts.enums import Role
from portal.accounts.models import (
    Organisation,
    ReportingLine,
    UnionCoverage,
)
from portal.core.scoping import system_scope
from tests.factories.accounts import COMPANY_CODE, make_invitation
from tests.factories.people import make_actor, make_employer, make_organisation
from tests.factories.workbooks import lines

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def manager(desk_client, tianjin):
    return desk_client(tianjin.manager)


def page(client, url, status=200, **headers):
    response = client.get(url, headers=headers)
    assert response.status_code == status, (url, response.status_code)
    return response.content.decode()


def label(organisation):
    return f"{organisation.name}（{organisation.code}）"


# --- lists ---------------------------------------------------------------------------------------------------------


def _units(tree, n):
    for number in range(n):
        unit = make_organisation("grassroots", f"清单{number}工会", tree.zone)
        make_employer(unit)
        make_actor(unit, Role.FILER)
        make_invitation(tree.manager, unit, Role.FILER)


@pytest.mark.parametrize(
    "url",
    ["/desk/organisations/", "/desk/employers/", "/desk/members/", "/desk/members/invitations/", "/desk/imports/"],
)
def test_lists_take_the_same_few_queries_for_one_and_for_three_rows(manager, tianjin, url):
    counts = []
    for n in (1, 2):
        with system_scope("test"):
            _units(tianjin, n)
        page(manager, url)  # caches
        with CaptureQueriesContext(connection) as caught:
            page(manager, url)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12


def test_lists_show_the_own_part_only(desk_client, tianjin, hebei):
    client = desk_client(tianjin.district_manager)
    for url, own, foreign in (
        ("/desk/organisations/", tianjin.unit.name, (tianjin.group_unit.name, hebei.unit.name)),
        ("/desk/employers/", tianjin.employer.name, (tianjin.group_employer.name, hebei.employer.name)),
        ("/desk/members/", tianjin.filer.user.name, (tianjin.group_filer.user.name, hebei.filer.user.name)),
    ):
        text = page(client, url)
        assert own in text
        assert not any(name in text for name in foreign)


def test_lists_filter_sort_and_export_what_they_show(manager, tianjin):
    assert tianjin.unit.name not in page(manager, f"/desk/organisations/?under={tianjin.group.pk}")
    assert tianjin.group_unit.name in page(manager, f"/desk/organisations/?under={tianjin.group.pk}&sort=-name")
    response = manager.get("/desk/members/?role=expert&export=xlsx")
    written = lines(b"".join(response.streaming_content) if response.streaming else response.content)
    assert [row[1] for row in written[1:]] == [tianjin.expert.user.name]


# --- organisations -------------------------------------------------------------------------------------------------


def test_tree_opens_level_by_level_and_finds_by_name(manager, tianjin):
    text = page(manager, "/desk/organisations/tree/")
    assert tianjin.district.name in text
    assert tianjin.unit.name not in text
    fragment = page(manager, f"/desk/organisations/{tianjin.zone.pk}/children/", **{"HX-Request": "true"})
    assert tianjin.unit.name in fragment
    assert "<html" not in fragment
    assert tianjin.unit.name in page(manager, "/desk/organisations/tree/?q=精工厂")
    assert "没有找到组织" in page(manager, "/desk/organisations/tree/?q=没有的")


def test_foreign_organisation_is_not_known_to_exist(desk_client, tianjin, hebei):
    client = desk_client(tianjin.district_manager)
    for organisation in (tianjin.group, tianjin.municipal, hebei.unit):
        page(client, f"/desk/organisations/{organisation.pk}/", 404)
        assert client.post(f"/desk/organisations/{organisation.pk}/close/").status_code == 404


def test_organisation_is_created_changed_moved_and_closed(manager, tianjin):
    data = {"parent": label(tianjin.zone), "kind": "joint", "name": "园区联合工会", "member_count": 12}
    response = manager.post("/desk/organisations/new/", data)
    with system_scope("test"):
        new = Organisation.objects.get(name="园区联合工会")
    assert response.url == f"/desk/organisations/{new.pk}/"
    assert "园区联合工会" in page(manager, response.url)
    change = {"kind": "joint", "name": "园区第二联合工会", "code": new.code, "member_count": 15}
    assert manager.post(f"{response.url}change/", change).status_code == 302
    assert manager.post(f"{response.url}move/", {"parent": tianjin.group.code}).status_code == 302
    assert "园区第二联合工会" in page(manager, f"{response.url}history/")
    assert manager.post(f"{response.url}close/").status_code == 302
    assert manager.post(f"{response.url}reopen/").status_code == 302
    with system_scope("test"):
        new.refresh_from_db()
    assert (new.parent_id, new.member_count, new.is_active) == (tianjin.group.pk, 15, True)


def test_wrong_input_is_said_beside_the_field_and_nothing_is_lost(manager, tianjin):
    data = {"parent": "没有这个", "kind": "joint", "name": "甲" * 121, "credit_code": "811201", "member_count": -1}
    response = manager.post("/desk/organisations/new/", data)
    text = response.content.decode()
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"parent", "name", "credit_code", "member_count"}
    assert "甲" * 121 in text


def test_domain_refusal_stands_beside_its_field(manager, tianjin):
    data = {"parent": label(tianjin.zone), "kind": "district", "name": "不合适", "member_count": 0}
    response = manager.post(f"/desk/organisations/new/?parent={tianjin.municipal.pk}", data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["kind"]


def test_refused_acts_say_why(desk_client, tianjin):
    client = desk_client(tianjin.district_checker)
    text = page(client, f"/desk/organisations/{tianjin.unit.pk}/change/", 403)
    assert "没有这项权限" in text
    text = page(desk_client(tianjin.district_manager), f"/desk/organisations/{tianjin.district.pk}/")
    assert "自己所在的组织不能由本级调整、合并或停用" in text


def test_suggestions_come_from_the_own_part(desk_client, tianjin):
    client = desk_client(tianjin.district_manager)
    text = page(client, "/desk/organisations/pick/?q=工会")
    assert label(tianjin.zone) in text
    assert tianjin.group.name not in text
    assert tianjin.employer.name in page(client, "/desk/employers/pick/?q=精工")


def test_merge_page_closes_one_and_shows_the_other(manager, tianjin):
    response = manager.post(f"/desk/organisations/{tianjin.unit.pk}/merge/", {"into": tianjin.group_unit.code})
    assert response.url == f"/desk/organisations/{tianjin.group_unit.pk}/"
    assert tianjin.employer.name in page(manager, response.url)
    assert "已合并" in page(manager, f"/desk/organisations/{tianjin.unit.pk}/")


def test_reporting_line_is_set_and_cleared_by_the_federation(manager, desk_client, tianjin):
    url = f"/desk/organisations/{tianjin.unit.pk}/reporting/"
    assert manager.post(url, {"parent": tianjin.group.code, "scheme": "", "year": ""}).status_code == 302
    assert tianjin.group.name in page(manager, f"/desk/organisations/{tianjin.unit.pk}/")
    with system_scope("test"):
        line = ReportingLine.objects.get()
    assert page(desk_client(tianjin.district_manager), url, 403)
    assert manager.post(f"{url}{line.pk}/clear/").status_code == 302
    assert manager.post(f"{url}{line.pk}/clear/").status_code == 404


def test_coverage_is_added_and_ended(manager, tianjin):
    url = f"/desk/organisations/{tianjin.unit.pk}/coverage/"
    assert manager.post(url, {"employer": tianjin.group_employer.name}).status_code == 302
    assert tianjin.group_employer.name in page(manager, f"/desk/organisations/{tianjin.unit.pk}/")
    assert manager.post(f"{url}{tianjin.group_employer.pk}/end/").status_code == 302
    with system_scope("test"):
        assert not UnionCoverage.objects.exists()


# --- employers -----------------------------------------------------------------------------------------------------


@pytest.mark.row(29)
@pytest.mark.row(145)
def test_above_scale_units_are_confirmed_by_year_and_the_open_ones_listed(desk_client, tianjin):
    """Denominator list, yearly confirmed, with the list of those still to confirm (rows 29 and 145)."""
    client, year = desk_client(tianjin.filer), timezone.now().year
    data = {
        "organisation": label(tianjin.unit), "name": "天津示范机械有限公司", "credit_code": COMPANY_CODE,
        "ownership": "non_public", "economic_type": "", "industry": "", "district_code": "",
    }  # fmt: skip
    response = client.post("/desk/employers/new/", data)
    assert response.status_code == 302, response.context and response.context["form"].errors
    assert "待确认" in page(client, "/desk/employers/?unconfirmed=on")
    figures = {"year": year, "employees": 400, "members": 380, "frontline": 300, "migrant": 20, "is_above_scale": "yes"}
    assert client.post(f"{response.url}year/", figures).status_code == 302
    assert f"{year}年已确认" in page(client, "/desk/employers/?above=on&ownership=non_public")
    assert "天津示范机械有限公司" not in page(client, "/desk/employers/?unconfirmed=on")


def test_contradicting_figures_are_refused_beside_the_field(desk_client, tianjin):
    client = desk_client(tianjin.filer)
    figures = {"year": 2025, "employees": 10, "members": 11, "frontline": 0, "migrant": 0}
    response = client.post(f"/desk/employers/{tianjin.employer.pk}/year/", figures)
    assert list(response.context["form"].errors) == ["members"]


def test_employer_is_changed_and_its_history_kept(manager, tianjin):
    load_codes(SHIPPED)
    data = {
        "organisation": label(tianjin.unit), "name": "更名公司", "credit_code": "", "economic_type": "173", "ownership": "",
        "industry": "C", "division": "34", "district_code": "120116", "address": "", "established_on": "2008-05-20",
    }  # fmt: skip
    url = f"/desk/employers/{tianjin.employer.pk}/"
    assert manager.post(f"{url}change/", data).status_code == 302
    text = page(manager, url)
    assert "制造业（34）" in text
    assert "私营有限责任（公司）" in text
    assert "修改用人单位信息" in page(manager, f"{url}history/")
    wrong = data | {"division": "51", "ownership": "public"}
    assert set(manager.post(f"{url}change/", wrong).context["form"].errors) == {"division", "ownership"}
