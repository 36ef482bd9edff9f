"""Hooks into allauth: nobody signs up by themselves; people come by invitation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.enums import UnionLevel
from portal.accounts.models import User
from portal.accounts.queries.desks import memberships_of
from portal.audit.domain import record
from portal.core import crypto
from portal.core.context import Actor
from portal.core.middleware import client_address

JUST_SIGNED_IN = dt.timedelta(minutes=5)


def axes_username(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The account that django-axes counts failures for: allauth's form calls it ``login``, its backend ``username``."""
    found = (credentials or {}).get("username") or request.POST.get("login", "")
    return User.normalize_username(str(found).strip())[:60]


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed; changed passwords are dated and recorded; the client's address is read as everywhere else."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("用户名或密码不正确。连续5次不正确，账号将锁定30分钟。"),
        "too_many_login_attempts": gettext_lazy("尝试次数过多，请15分钟后再试。"),
        "incorrect_password": gettext_lazy("密码不正确。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for whoever has just signed in: the second factor is set up without typing the password twice."""
        request = context.request
        signed_in_at = request.user.last_login if request is not None and request.user.is_authenticated else None
        if signed_in_at is not None and timezone.now() - signed_in_at < JUST_SIGNED_IN:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def set_password(self, user: User, password: str) -> None:
        with transaction.atomic():
            user.must_change_password, user.password_changed_at = False, timezone.now()
            super().set_password(user, password)
            record("accounts.user.password_changed", user, actor=Actor(user=user))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Changes of password and second factor are in the person's own history, not in mails."""


class MfaAdapter(DefaultMFAAdapter):
    """TOTP secrets are encrypted; municipal desks cannot do without."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("动态口令不正确，请输入手机上当前显示的6位数字。"),
        "cannot_delete_authenticator": gettext_lazy("您有市级工作台，不能停用动态口令。更换手机请联系管理员重置。"),
    }

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text)

    def get_totp_label(self, user: User) -> str:
        return user.username

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not settings.PORTAL_REQUIRE_SECOND_FACTOR:
            return True
        return all(m.organisation.level != UnionLevel.MUNICIPAL for m in memberships_of(authenticator.user))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens existing accounts; it never makes accounts, nor gives rights.

    The provider's account is linked at its first use: by the claim that holds the user name (``preferred_username``), or
    by an e-mail address that the provider has verified and that exactly one account has.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        user = user_of_claims(sociallogin.account.get_provider_account().get_user_data() or {})
        if user is None:
            messages.error(request, _("统一身份认证成功，但没有对应的账号。请用邀请链接开通账号后再试。"))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, user)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """See AccountAdapter."""


def user_of_claims(claims: dict[str, Any]) -> User | None:
    """The one active account that verified claims name; None when there is none, or more than one."""
    username = str(claims.get("preferred_username") or "").strip()
    if username:
        found = User.objects.filter(username=User.normalize_username(username), is_active=True).first()
        if found is not None:
            return found
    email = str(claims.get("email") or "").strip()
    if email and claims.get("email_verified") is True:
        found = list(User.objects.filter(email__iexact=email, is_active=True)[:2])
        return found[0] if len(found) == 1 else None
    return None
