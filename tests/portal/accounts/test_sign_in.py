"""Sign-in: lock-out, password rules, second factor, idle time-out, history, tokens, single sign-on."""

from __future__ import annotations

import datetime as dt
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.adapters import MfaAdapter, SocialAccountAdapter, user_of_claims
from portal.accounts.display import device_name
from portal.accounts.domain.sign_in import create_token
from portal.accounts.duties import MARK
from portal.accounts.enums import Role, SignInOutcome
from portal.accounts.models import Membership, PasswordRecord, SignInEvent, User
from portal.accounts.passwords import CharacterKindsValidator, PasswordHistoryValidator
from portal.core.crypto import is_encrypted
from tests.factories.people import PASSWORD, make_membership

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
SECRET = "JBSWY3DPEHPK3PXP"
LOGIN = "/accounts/login/"
PROFILE = "/desk/profile/"
NEW = "Xin-Mima-2026!"


def sign_in(client, user, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": user.username, "password": password}, **extra)


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def outcomes(user):
    return list(SignInEvent.objects.filter(username=user.username).order_by("pk").values_list("outcome", flat=True))


# --- password and lock-out -----------------------------------------------------------------------------------------


def test_unit_desk_signs_in_with_a_password_and_it_is_recorded(client, tianjin):
    user = tianjin.filer.user
    response = sign_in(
        client, user, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/120.0", REMOTE_ADDR="10.1.2.3"
    )
    assert response.status_code == 302
    assert client.get(PROFILE).status_code == 200
    event = SignInEvent.objects.get()
    assert (event.outcome, event.user, event.client) == (SignInOutcome.SUCCEEDED, user, "10.1.2.3")
    assert device_name(event.device) == "Chrome · Windows"


def test_five_failures_lock_the_account_for_half_an_hour(client, tianjin):
    user = tianjin.filer.user
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)) as clock:
        for _i in range(settings.AXES_FAILURE_LIMIT):
            response = sign_in(client, user, "falsch")
        assert "账号已暂时锁定" in response.content.decode()
        assert "账号已暂时锁定" in sign_in(client, user).content.decode()
        assert outcomes(user)[:2] == [SignInOutcome.FAILED] * 2
        assert outcomes(user)[-1] == SignInOutcome.LOCKED
        clock.shift(dt.timedelta(minutes=31))
        assert sign_in(client, user).status_code == 302


def test_failures_of_one_account_do_not_lock_another_behind_the_same_address(client, tianjin):
    for _i in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, tianjin.filer.user, "falsch")
    assert sign_in(client, tianjin.unit_checker.user).status_code == 302


def test_unknown_user_is_refused_in_the_same_words_as_a_wrong_password(client, tianjin):
    wrong = sign_in(client, tianjin.filer.user, "falsch").content.decode()
    unknown = client.post(LOGIN, {"login": "niemand", "password": "falsch"}).content.decode()
    assert "用户名或密码不正确" in wrong
    assert "用户名或密码不正确" in unknown


def test_manager_unlocks_and_the_person_signs_in_at_once(client, desk_client, tianjin):
    user = tianjin.filer.user
    for _i in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, user, "falsch")
    membership = Membership._base_manager.get(user=user)
    manager = desk_client(tianjin.manager)
    page = manager.get(f"/desk/members/{membership.pk}/").content.decode()
    assert "账号已锁定" in page
    assert manager.post(f"/desk/members/{membership.pk}/unlock/").status_code == 302
    assert sign_in(client, user).status_code == 302


def test_nobody_signs_up_alone(client, db):
    page = client.get("/accounts/signup/").content.decode()
    assert "password1" not in page


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "login/code/confirm/", "3rdparty/", "3rdparty/signup/"])
def test_pages_of_the_library_that_are_not_used_do_not_open(client, desk_client, tianjin, path):
    assert client.get(f"/accounts/{path}").status_code == 404
    assert desk_client(tianjin.filer).get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("password", ["alllower2026", "ALLUPPER2026", "onlyLETTERS"])
def test_two_kinds_of_characters_are_not_enough(password):
    if sum([password.islower(), password.isupper()]) or password.isalpha():
        with pytest.raises(ValidationError):
            CharacterKindsValidator().validate(password)


def test_last_five_passwords_are_not_used_again(user):
    validator = PasswordHistoryValidator()
    for number in range(6):
        user.set_password(f"Mima-Number-{number}")
        user.save()
    for number in range(1, 6):
        with pytest.raises(ValidationError):
            validator.validate(f"Mima-Number-{number}", user)
    validator.validate("Ganz-Neue-2026", user)
    assert PasswordRecord.objects.filter(user=user).count() >= 5


# --- duties --------------------------------------------------------------------------------------------------------


def test_old_password_must_be_changed_before_anything_else(client, tianjin):
    user = tianjin.filer.user
    User.objects.filter(pk=user.pk).update(password_changed_at=timezone.now() - dt.timedelta(days=91))
    sign_in(client, user)
    response = client.get(PROFILE)
    assert response.url == reverse("account_change_password")
    assert "90天" in str(next(iter(get_messages(response.wsgi_request))))
    changed = client.post(response.url, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert changed.status_code == 302
    user.refresh_from_db()
    assert timezone.now() - user.password_changed_at < dt.timedelta(minutes=1)
    sign_in(client, user, NEW)
    assert client.get(PROFILE).status_code == 200


def test_one_time_password_leads_to_the_change(client, tianjin):
    User.objects.filter(pk=tianjin.filer.user.pk).update(must_change_password=True)
    sign_in(client, tianjin.filer.user)
    assert client.get(PROFILE).url == reverse("account_change_password")
    assert client.get("/public/verify/").status_code in {200, 404}
    assert client.get("/api/v1/programmes/").status_code == 403


def test_municipal_desk_must_set_up_the_second_factor(client, tianjin):
    sign_in(client, tianjin.manager.user)
    assert client.get(PROFILE).url == reverse("mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    assert client.get(PROFILE).status_code == 200
    device = Authenticator.objects.get(user=tianjin.manager.user, type="totp")
    assert is_encrypted(device.data["secret"])


def test_second_factor_can_be_switched_off_by_settings(client, tianjin, settings):
    settings.PORTAL_REQUIRE_SECOND_FACTOR = False
    sign_in(client, tianjin.manager.user)
    assert client.get(PROFILE).status_code == 200


def test_code_is_asked_for_and_a_wrong_one_does_not_sign_in(client, tianjin):
    Authenticator.objects.create(user=tianjin.manager.user, type="totp", data={"secret": encrypt(SECRET)})
    response = sign_in(client, tianjin.manager.user)
    assert response.url == reverse("mfa_authenticate")
    assert "动态口令不正确" in client.post(response.url, {"code": "000000"}).content.decode()
    assert outcomes(tianjin.manager.user) == [SignInOutcome.WRONG_CODE]
    assert client.get(PROFILE).status_code == 302
    assert client.post(response.url, {"code": code_now()}).status_code == 302
    assert client.get(PROFILE).status_code == 200


def test_wrong_code_is_summed_up_by_the_name_on_the_page(client, tianjin):
    Authenticator.objects.create(user=tianjin.manager.user, type="totp", data={"secret": encrypt(SECRET)})
    url = sign_in(client, tianjin.manager.user).url
    page = client.post(url, {"code": "000000"}).content.decode()
    assert "动态口令：" in page
    assert "代码" not in page


def test_guessing_codes_is_stopped(client, tianjin):
    Authenticator.objects.create(user=tianjin.manager.user, type="totp", data={"secret": encrypt(SECRET)})
    url = sign_in(client, tianjin.manager.user).url
    for _i in range(10):
        client.post(url, {"code": "000000"})
    assert "尝试次数过多" in client.post(url, {"code": code_now()}).content.decode()


def test_second_factor_works_once_a_code_while_redis_is_down(client, tianjin, settings):
    dead = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": dead}
    Authenticator.objects.create(user=tianjin.manager.user, type="totp", data={"secret": encrypt(SECRET)})
    url = sign_in(client, tianjin.manager.user).url
    assert "动态口令不正确" in client.post(url, {"code": "000000"}).content.decode()
    code = code_now()
    assert client.post(url, {"code": code}).status_code == 302
    assert client.get(PROFILE).status_code == 200
    other = type(client)()
    url = sign_in(other, tianjin.manager.user).url
    assert "动态口令不正确" in other.post(url, {"code": code}).content.decode()


def test_failures_are_counted_and_locked_while_redis_is_down(client, tianjin, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    for _i in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, tianjin.filer.user, "falsch")
    assert "账号已暂时锁定" in sign_in(client, tianjin.filer.user).content.decode()


def test_municipal_desk_cannot_drop_the_second_factor_a_unit_desk_can(tianjin):
    devices = {
        actor: Authenticator.objects.create(user=actor.user, type="totp", data={})
        for actor in (tianjin.manager, tianjin.filer)
    }
    assert not MfaAdapter().can_delete_authenticator(devices[tianjin.manager])
    assert MfaAdapter().can_delete_authenticator(devices[tianjin.filer])


# --- idle time-out -------------------------------------------------------------------------------------------------


def test_session_ends_after_thirty_idle_minutes_and_the_page_says_why(client, tianjin):
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)) as clock:
        sign_in(client, tianjin.filer.user)
        assert client.get(PROFILE).status_code == 200
        clock.shift(dt.timedelta(minutes=29))
        assert client.get(PROFILE).status_code == 200
        clock.shift(dt.timedelta(minutes=31))
        cache.clear()  # Redis forgets by its own clock, which the test does not turn; the database row decides
        response = client.get(PROFILE)
        assert response.status_code == 302
        assert "超过30分钟没有操作" in client.get(response.url).content.decode()
        assert "没有操作" not in client.get(LOGIN).content.decode()


def test_session_in_use_is_written_once_a_minute(client, tianjin):
    def writes():
        with CaptureQueriesContext(connection) as queries:
            client.get(PROFILE)
        return sum("django_session" in q["sql"] and not q["sql"].startswith("SELECT") for q in queries)

    with time_machine.travel(dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC), tick=False) as clock:
        sign_in(client, tianjin.filer.user)
        client.get(PROFILE)
        assert writes() == 0
        clock.shift(dt.timedelta(minutes=1))
        assert writes() > 0
        assert writes() == 0


def test_who_leaves_is_not_told_about_idleness(client, tianjin):
    sign_in(client, tianjin.filer.user)
    client.get(PROFILE)
    assert client.cookies[MARK].value == "1"
    client.post("/accounts/logout/")
    assert "没有操作" not in client.get(LOGIN).content.decode()
    assert outcomes(tianjin.filer.user)[-1] == SignInOutcome.SIGNED_OUT


def test_fragment_after_the_time_out_leads_the_whole_page_to_the_sign_in(client, tianjin):
    response = client.get(
        "/desk/organisations/tree/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/"}
    )
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fdesk%2F"


# --- desks ---------------------------------------------------------------------------------------------------------


def test_switch_changes_desk_and_scope(desk_client, tianjin):
    other = make_membership(tianjin.filer.user, tianjin.group_unit, Role.MANAGER)
    client = desk_client(tianjin.filer)
    assert client.get(f"/desk/organisations/{tianjin.group_unit.pk}/").status_code == 404
    assert client.post(f"/desk/switch/{other.pk}/").status_code == 302
    assert client.get(f"/desk/organisations/{tianjin.group_unit.pk}/").status_code == 200
    assert client.get(f"/desk/organisations/{tianjin.unit.pk}/").status_code == 404


def test_switch_to_a_foreign_desk_is_refused(desk_client, tianjin):
    client = desk_client(tianjin.filer)
    assert client.post(f"/desk/switch/{tianjin.manager.desk.membership_id}/").status_code == 403


def test_person_without_a_desk_reaches_the_own_account_only(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(PROFILE).status_code == 200
    assert client.get("/desk/organisations/").status_code == 403


# --- API tokens ----------------------------------------------------------------------------------------------------


@pytest.fixture
def token(tianjin):
    _token, text = create_token(actor=tianjin.filer, name="测试", now=timezone.now())
    return text


def api(client, token, **headers):
    return client.get("/api/v1/programmes/", headers={"Authorization": f"Token {token}", **headers})


def test_token_works_at_the_persons_first_desk(client, token):
    assert api(client, token).status_code == 200


def test_token_with_a_foreign_desk_or_a_wrong_one_is_refused(client, tianjin, token):
    refused = api(client, token, **{"X-Desk": str(tianjin.manager.desk.membership_id)})
    assert refused.status_code == 403
    assert "X-Desk" in refused.json()["error"]["message"]
    assert api(client, "falsch").status_code == 401
    assert api(client, token, **{"X-Desk": str(tianjin.filer.desk.membership_id)}).status_code == 200


def test_token_opens_the_interface_not_the_pages(client, token):
    assert client.get(PROFILE, headers={"Authorization": f"Token {token}"}).status_code == 302


def test_token_of_a_closed_account_is_refused(client, tianjin, token):
    User.objects.filter(pk=tianjin.filer.user.pk).update(is_active=False)
    assert api(client, token).status_code == 401


def test_expired_token_is_refused(client, token):
    with time_machine.travel(timezone.now() + dt.timedelta(days=366)):
        assert api(client, token).status_code == 401


# --- single sign-on ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "found"),
    [
        ({"preferred_username": "zhang"}, True),
        ({"email": "zhang@example.cn", "email_verified": True}, True),
        ({"email": "ZHANG@example.cn", "email_verified": True}, True),
        ({"email": "zhang@example.cn", "email_verified": False}, False),
        ({"email": "zhang@example.cn"}, False),
        ({"preferred_username": "li"}, False),
        ({}, False),
    ],
)
def test_single_sign_on_finds_accounts_by_verified_claims_only(user, claims, found):
    User.objects.filter(pk=user.pk).update(email="zhang@example.cn")
    assert (user_of_claims(claims) == user) is found


def test_single_sign_on_refuses_an_address_that_two_accounts_share(user):
    User.objects.filter(pk=user.pk).update(email="zhang@example.cn")
    User.objects.create_user("zhang2", PASSWORD, name="张二", email="zhang@example.cn")
    assert user_of_claims({"email": "zhang@example.cn", "email_verified": True}) is None


def test_single_sign_on_refuses_closed_accounts_and_never_makes_one(user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert user_of_claims({"preferred_username": "zhang"}) is None
    request = RequestFactory().get("/")
    assert not SocialAccountAdapter(request).is_open_for_signup(request, None)
