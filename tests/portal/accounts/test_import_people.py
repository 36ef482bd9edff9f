"""Import of employers with their figures, and of staff with their first sign-in links."""

from __future__ import annotations

import pytest
from django.utils import timezone

from portal.accounts.codes import SHIPPED
from portal.accounts.domain.codes import load_codes
from portal.accounts.domain.invitations import NewAccount, accept_invitation, hash_of
from portal.accounts.enums import EmergingKind, Role
from portal.accounts.models import (
    Employer,
    EmployerYear,
    Invitation,
    Membership,
    User,
)
from portal.accounts.queries.memberships import invitation_by_token_hash
from portal.jobs.models import StoredFile
from tests.factories.accounts import COMPANY_CODE
from tests.factories.people import make_membership
from tests.factories.workbooks import lines, messages

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


# --- employers -----------------------------------------------------------------------------------------------------


def firm(name, organisation, **more):
    return {"单位名称": name, "所属工会编号": organisation, **more}


@pytest.fixture
def code_lists(db):
    load_codes(SHIPPED)


@pytest.mark.row(24)
def test_employers_with_figures_get_their_size_class_and_the_year_confirmed(
    tianjin, code_lists, bring, finish, all_rows
):
    row = firm(
        "天津示范机械有限公司",
        tianjin.unit.code,
        统一社会信用代码=COMPANY_CODE,
        经济类型="私营有限责任（公司）",
        行业门类="制造业",
        行业大类代码="34",
        所在区="滨海新区",
        成立日期="2008-05-20",
        年度=2025,
        职工数=350,
        会员数=340,
    )
    row |= {"营业收入（万元）": 2600, "是否规上": "是"}
    batch, _run = finish(bring("employers", [row]))
    assert batch.creates == 1
    employer = Employer.objects.get(credit_code=COMPANY_CODE)
    assert (employer.ownership, employer.industry, employer.size_class) == ("non_public", "C34", "medium")
    year = EmployerYear.objects.get(employer=employer)
    assert (year.year, year.employees, year.is_above_scale, year.confirmed_at is not None) == (2025, 350, True, True)
    again = bring("employers", [row])
    assert (again.creates, again.updates, again.unchanged) == (0, 0, 1)
    later = bring("employers", [row | {"职工数": 360}])
    assert later.changes[0]["details"] == ["职工数：350 → 360"]


def test_employers_without_code_are_recognised_by_union_and_name(tianjin, bring, finish, all_rows):
    finish(bring("employers", [firm("无代码单位", tianjin.unit.code)]))
    batch = bring("employers", [firm("无代码单位", tianjin.unit.code, 统一社会信用代码=COMPANY_CODE)])
    assert (batch.creates, batch.updates) == (0, 1)
    finish(batch)
    assert Employer.objects.get(name="无代码单位").credit_code == COMPANY_CODE


@pytest.mark.row(25)
def test_emerging_kind_comes_in_by_workbook_and_stays_when_an_older_one_lacks_the_column(
    tianjin, bring, finish, all_rows
):
    row = firm("示范速运站", tianjin.unit.code, 三新和八大群体="新就业群体用工单位")
    finish(bring("employers", [row]))
    assert Employer.objects.get(name="示范速运站").emerging_kind == EmergingKind.EMPLOYMENT

    def older(book):
        data = book.worksheets[0]
        data.delete_cols([c.value for c in data[1]].index("三新和八大群体") + 1)

    assert bring("employers", [row], edit=older).unchanged == 1
    other = bring("employers", [row | {"三新和八大群体": "八大群体用工单位"}])
    assert other.changes[0]["details"] == ["三新和八大群体：新就业群体用工单位 → 八大群体用工单位"]
    assert bring("employers", [row | {"三新和八大群体": "大群体"}]).problems


def test_employer_errors_are_on_their_rows(tianjin, hebei, code_lists, bring, all_rows):
    Employer.objects.filter(pk=hebei.employer.pk).update(credit_code=COMPANY_CODE)
    rows = [
        firm("甲", tianjin.zone.code),
        firm("乙", hebei.unit.code),
        firm("丙", tianjin.unit.code, 统一社会信用代码=COMPANY_CODE),
        firm("丁", tianjin.unit.code, 经济类型="国有全资", 所有制="非公有制"),
        firm("戊", tianjin.unit.code, 行业门类="制造业", 行业大类代码="51"),
        firm("己", tianjin.unit.code, 职工数=5),
        firm("庚", tianjin.unit.code, 年度=2025, 职工数=5, 会员数=6),
        firm("辛", tianjin.unit.code, 年度=2025),
        firm("壬", tianjin.unit.code, 成立日期="去年"),
        firm("癸", tianjin.unit.code, 年度=2099, 职工数=1),
    ]
    batch = bring("employers", rows)
    wanted = ["不是基层工会", "管理范围内没有", "管理范围以外", "属于“公有制”", "不属于所选的门类", "须同时填写年度"]
    wanted += ["不能多于职工数", "须同时填写职工数", "不是日期", "年度应在"]
    for number, words in enumerate(wanted, 2):
        assert words in messages(batch, number)[0], number
    assert batch.errors == 10


# --- staff ---------------------------------------------------------------------------------------------------------


def person(username, name, organisation, role="填报", **more):
    return {"用户名": username, "姓名": name, "工会组织编号": organisation, "角色": role, **more}


def test_new_staff_get_links_known_staff_get_roles(tianjin, bring, finish, all_rows):
    known = tianjin.filer.user
    rows = [
        person("new01", "新人甲", tianjin.unit.code, 手机="13800138000"),
        person("new01", "新人甲", tianjin.unit.code, "审核"),
        person(known.username, known.name, tianjin.group_unit.code),
    ]
    batch, _run = finish(bring("staff", rows))
    user = User.objects.get(username="new01")
    assert not user.has_usable_password()
    assert user.phone == "13800138000"
    assert {m.role for m in Membership.objects.filter(user=user)} == {"filer", "checker"}
    assert Membership.objects.filter(user=known, organisation=tianjin.group_unit).exists()
    assert Invitation.objects.count() == 1
    stored = StoredFile.objects.get(pk=batch.result_file_id)
    with stored.file.open("rb") as handle:
        line = lines(handle.read())[1]
    assert line[:2] == ("新人甲", "new01")
    assert line[-1].startswith("https://portal.example/invitation/")
    token = line[-1].rstrip("/").rsplit("/", 1)[1]
    invitation = invitation_by_token_hash(hash_of(token))
    accept_invitation(invitation=invitation, account=NewAccount("", "Tianjin-Gonghui-2026"), now=timezone.now())
    user.refresh_from_db()
    assert user.check_password("Tianjin-Gonghui-2026")


def test_second_import_of_staff_makes_no_second_account_or_link(tianjin, bring, finish, all_rows):
    rows = [person("new01", "新人甲", tianjin.unit.code)]
    finish(bring("staff", rows))
    batch = bring("staff", rows)
    assert (batch.creates, batch.unchanged) == (0, 1)


def test_staff_errors_are_on_their_rows(tianjin, hebei, bring, all_rows):
    make_membership(tianjin.auditor.user, tianjin.district, Role.AUDITOR)
    rows = [
        person(tianjin.filer.user.username, "另一个人", tianjin.unit.code),
        person("a1", "甲", hebei.unit.code),
        person("a2", "乙", tianjin.zone.code, "填报"),
        person("a3", "丙", tianjin.unit.code, 手机="123"),
        person("a4", "丁", tianjin.unit.code, 电子邮箱="不是邮箱"),
        person(tianjin.auditor.user.username, tianjin.auditor.user.name, tianjin.district.code, "管理"),
        person("a5", "戊", tianjin.unit.code),
        person("a5", "己", tianjin.unit.code, "审核"),
        person("a6", "庚", tianjin.district.code, "管理"),
        person("a6", "庚", tianjin.district.code, "审计"),
    ]
    batch = bring("staff", rows)
    wanted = {2: "属于另一个人", 3: "管理范围内没有", 4: "不设“填报”角色", 5: "11位", 6: "邮箱", 7: "不能由同一人"}
    wanted |= {9: "姓名不同", 11: "不能由同一人"}
    for number, words in wanted.items():
        assert words in messages(batch, number)[0], number
    assert batch.errors == len(wanted)
