"""Pages of staff, invitations, the own account, reference data and imports."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.accounts.codes import SHIPPED
from portal.accounts.domain.codes import load_codes
from portal.accounts.domain.holidays import set_holiday
from portal.accounts.enums import Role
from portal.accounts.models import (
    Holiday,
    ImportBatch,
    Membership,
)
from portal.accounts.queries.calendar import last_day
from portal.core.scoping import system_scope
from portal.jobs.tasks import run_job
from tests.factories.accounts import make_invitation
from tests.factories.people import make_actor, make_user
from tests.factories.workbooks import lines, workbook

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


# --- staff and invitations -----------------------------------------------------------------------------------------


def test_invitation_from_the_page_to_the_new_desk(manager, client, tianjin):
    data = {
        "name": "李新明",
        "organisation": label(tianjin.unit),
        "role": "filer",
        "title": "干事",
        "email": "",
        "way": "page",
    }
    response = manager.post("/desk/members/invitations/new/", data)
    assert response["Cache-Control"] == "no-store"
    link = response.context["link"].removeprefix("http://testserver")
    text = page(client, link)
    assert "李新明" in text
    account = {
        "username": "lixinming",
        "phone": "",
        "password": "Tianjin-Gonghui-2026",
        "repeat": "Tianjin-Gonghui-2026",
    }
    response = client.post(link, account)
    assert response.status_code == 302
    assert page(client, f"/desk/organisations/{tianjin.unit.pk}/")
    assert "已经使用过" in page(type(client)(), link, 410)
    assert "已接受" in page(manager, "/desk/members/invitations/")


def test_person_with_an_account_accepts_after_signing_in(manager, desk_client, tianjin, hebei):
    with system_scope("test"):
        _invitation, token = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER)
    client = desk_client(hebei.filer)
    assert "您已登录为" in page(client, f"/invitation/{token}/")
    assert client.post(f"/invitation/{token}/").status_code == 302
    assert page(client, f"/desk/organisations/{tianjin.zone.pk}/")


def test_wrong_link_leads_nowhere(client, db):
    page(client, "/invitation/falsch/", 404)
    assert client.post("/invitation/falsch/").status_code == 404


def test_weak_password_keeps_the_rest_of_the_form(client, tianjin):
    with system_scope("test"):
        _invitation, token = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER)
    response = client.post(f"/invitation/{token}/", {"username": "li", "password": "kurz", "repeat": "kurz2"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"username", "repeat"}
    response = client.post(f"/invitation/{token}/", {"username": "lixinming", "password": "kurz", "repeat": "kurz"})
    assert list(response.context["form"].errors) == ["password"]
    assert "lixinming" in response.content.decode()


def test_invitation_is_renewed_and_cancelled(manager, tianjin):
    with system_scope("test"):
        invitation, _token = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER)
    url = f"/desk/members/invitations/{invitation.pk}/"
    assert "等待接受" in page(manager, url)
    assert "/invitation/" in manager.post(f"{url}renew/").content.decode()
    assert manager.post(f"{url}cancel/").status_code == 302
    assert manager.post(f"{url}cancel/").status_code == 409
    assert "已撤回" in page(manager, url)


def test_role_is_granted_by_user_name_and_ended_with_a_reason(manager, tianjin):
    person = make_user("王海燕", "wanghaiyan")
    data = {"username": "wanghaiyan", "organisation": tianjin.zone.code, "role": "checker", "title": ""}
    response = manager.post("/desk/members/grant/", data)
    with system_scope("test"):
        membership = Membership.objects.get(user=person)
    assert response.url == f"/desk/members/{membership.pk}/"
    assert manager.post(f"{response.url}end/", {"reason": "调离"}).status_code == 302
    assert "已停用" in page(manager, response.url)
    data["username"] = "niemand"
    assert "没有这个用户名" in manager.post("/desk/members/grant/", data).content.decode()


def test_one_time_password_is_shown_once_and_works(manager, client, tianjin):
    with system_scope("test"):
        membership = Membership.objects.get(user=tianjin.filer.user)
    response = manager.post(f"/desk/members/{membership.pk}/reset-password/")
    password = response.context["password"]
    assert response["Cache-Control"] == "no-store"
    assert password not in page(manager, f"/desk/members/{membership.pk}/")
    client.post("/accounts/login/", {"login": tianjin.filer.user.username, "password": password})
    assert client.get("/desk/profile/").url == "/accounts/password/change/"


def test_reset_of_a_person_with_desks_elsewhere_says_why(desk_client, tianjin):
    with system_scope("test"):
        unit_manager = make_actor(tianjin.unit, Role.MANAGER)
        shared = Membership.objects.create(user=tianjin.manager.user, organisation=tianjin.unit, role=Role.CHECKER)
    client = desk_client(unit_manager)
    assert "任职，请由对方或上级工会的管理员办理" in page(client, f"/desk/members/{shared.pk}/")
    assert client.post(f"/desk/members/{shared.pk}/reset-password/").status_code == 403


def test_sign_in_history_is_for_managers_and_the_person(manager, desk_client, tianjin):
    with system_scope("test"):
        membership = Membership.objects.get(user=tianjin.filer.user)
    assert page(manager, f"/desk/members/{membership.pk}/sign-ins/")
    client = desk_client(tianjin.filer)
    assert page(client, "/desk/profile/sign-ins/")
    assert client.get(f"/desk/members/{membership.pk}/sign-ins/").status_code in {403, 404}


# --- the own account -----------------------------------------------------------------------------------------------


def test_profile_shows_the_telephone_masked_and_changes_it(desk_client, tianjin):
    client = desk_client(tianjin.filer)
    assert client.post("/desk/profile/change/", {"phone": "13800138000", "email": "a@example.cn"}).status_code == 302
    text = page(client, "/desk/profile/")
    assert "138****8000" in text
    assert "13800138000" not in text
    assert client.post("/desk/profile/change/", {"phone": "1", "email": ""}).status_code == 422


def test_token_is_shown_once_listed_and_revoked(desk_client, tianjin):
    client = desk_client(tianjin.filer)
    response = client.post("/desk/profile/tokens/new/", {"name": "同步程序"})
    text = response.context["text"]
    assert text in response.content.decode()
    listed = page(client, "/desk/profile/tokens/")
    assert "同步程序" in listed
    assert text not in listed
    key = response.context["token"].token_key
    assert desk_client(tianjin.unit_checker).post(f"/desk/profile/tokens/{key}/revoke/").status_code == 404
    assert client.post(f"/desk/profile/tokens/{key}/revoke/").status_code == 302
    assert "没有令牌" in page(client, "/desk/profile/tokens/")


# --- reference data ------------------------------------------------------------------------------------------------


def test_holidays_are_kept_by_the_federation(manager, desk_client, tianjin):
    data = {"day": "2028-10-02", "is_workday": "no", "name": "国庆节"}
    assert manager.post("/desk/holidays/new/", data).status_code == 302
    assert "已经登记过了" in manager.post("/desk/holidays/new/", data).content.decode()
    wrong = {"day": "2028-10-03", "is_workday": "yes", "name": ""}
    assert "本来就是工作日" in manager.post("/desk/holidays/new/", wrong).content.decode()
    row = Holiday.objects.get()
    assert manager.post(f"/desk/holidays/{row.pk}/", data | {"name": "国庆"}).status_code == 302
    assert "国庆" in page(manager, "/desk/holidays/?year=2028")
    district = desk_client(tianjin.district_manager)
    assert page(district, "/desk/holidays/")
    assert page(district, f"/desk/holidays/{row.pk}/", 403)
    assert manager.post(f"/desk/holidays/{row.pk}/delete/").status_code == 302
    assert not Holiday.objects.exists()


def test_registered_holiday_moves_the_last_day_of_a_notice(tianjin, all_rows, django_capture_on_commit_callbacks):
    friday = dt.date(2028, 10, 6)
    before, _years = last_day(dt.date(2028, 9, 29), 5)
    with django_capture_on_commit_callbacks(execute=True):
        set_holiday(actor=tianjin.manager, day=friday, is_workday=False, name="国庆节", now=timezone.now())
    after, _years = last_day(dt.date(2028, 9, 29), 5)
    assert (before, after) == (friday, dt.date(2028, 10, 9))


def test_code_lists_are_shown(desk_client, tianjin):
    load_codes(SHIPPED)
    client = desk_client(tianjin.filer)
    assert "民族" in page(client, "/desk/codes/")
    assert "基诺族" in page(client, "/desk/codes/ethnic_group/")
    page(client, "/desk/codes/nothing/", 404)


# --- imports -------------------------------------------------------------------------------------------------------


def test_import_from_template_to_applied(manager, tianjin):
    template = manager.get("/desk/imports/template/organisations/")
    assert lines(b"".join(template.streaming_content))[0][0] == "内部编号"
    rows = [{"内部编号": "X-1", "名称": "甲工会", "组织类型": "单独基层工会", "上级编号": tianjin.zone.code}]
    file = SimpleUploadedFile("导入.xlsx", workbook("organisations", rows))
    data = {"kind": "organisations", "organisation": label(tianjin.municipal), "file": file}
    url = manager.post("/desk/imports/new/", data).url
    assert "正在逐行检查" in page(manager, url)
    with system_scope("test"):
        batch = ImportBatch.objects.get()
    run_job(batch.job_id)
    assert "正式导入" in page(manager, url)
    assert manager.post(f"{url}apply/").status_code == 302
    with system_scope("test"):
        batch.refresh_from_db()
    run_job(batch.job_id)
    assert "已导入" in page(manager, url)
    assert manager.post(f"{url}apply/").status_code == 409
    assert "甲工会" in page(manager, "/desk/organisations/?q=X-1")


def test_faulty_import_offers_the_error_workbook(manager, tianjin):
    rows = [{"内部编号": "X-1", "名称": "甲工会", "组织类型": "单独基层工会", "上级编号": "没有"}]
    file = SimpleUploadedFile("导入.xlsx", workbook("organisations", rows))
    url = manager.post(
        "/desk/imports/new/", {"kind": "organisations", "organisation": label(tianjin.municipal), "file": file}
    ).url
    with system_scope("test"):
        run_job(ImportBatch.objects.get().job_id)
    assert "没有编号为“没有”的组织" in page(manager, url)
    written = lines(b"".join(manager.get(f"{url}errors/").streaming_content))
    assert "没有编号为" in written[1][-1]
    assert manager.post(f"{url}apply/").status_code == 409
    assert manager.post(f"{url}cancel/").status_code == 302


def test_upload_that_is_no_workbook_is_refused_on_the_form(manager, tianjin):
    file = SimpleUploadedFile("导入.xlsx", b"nothing")
    data = {"kind": "organisations", "organisation": label(tianjin.municipal), "file": file}
    response = manager.post("/desk/imports/new/", data)
    assert response.status_code == 422
    assert "不是 Excel 工作簿" in response.content.decode()


@pytest.mark.parametrize("url", ["/desk/imports/", "/desk/imports/new/", "/desk/imports/template/staff/"])
def test_imports_are_for_managers(desk_client, tianjin, url):
    assert desk_client(tianjin.district_checker).get(url).status_code == 403
