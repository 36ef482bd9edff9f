"""What must be done after signing in before anything else: a new password, the second factor. And idle time-out.

GB/T 22239 as domain.md 15.2 reads it: passwords are changed every 90 days, municipal desks use a second factor, thirty
minutes without a click end the session – and the person is told why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.accounts.authentication import API_PREFIX
from portal.accounts.enums import UnionLevel
from portal.accounts.middleware import PUBLIC_PREFIX

MARK = "was_signed_in"
MARK_SECONDS = 12 * 3600
# Pages a person may reach before the duty is done: the duties themselves, leaving, and changing the desk.
FREE_VIEWS = frozenset(
    {
        "account_logout",
        "account_change_password",
        "account_set_password",
        "account_reauthenticate",
        "accounts:desk.switch",
        "healthz",
        "readyz",
    }
)
FREE_PREFIXES = ("mfa_",)


class SignInDutyMiddleware:
    """Leads to the duty that is open; says on the sign-in page when the session ran out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = request.COOKIES.get(MARK) == "1"
        login_path = resolve_url(settings.LOGIN_URL)
        timed_out = was_signed_in and request.path == login_path and not request.user.is_authenticated
        if timed_out and request.method == "GET":
            minutes = settings.SESSION_COOKIE_AGE // 60
            messages.info(
                request, _("您已超过%(n)s分钟没有操作，为保护信息安全已自动退出，请重新登录。") % {"n": minutes}
            )
        response = self.get_response(request)
        self._mark(request, response, was_signed_in=was_signed_in, timed_out=timed_out)
        return _whole_page_for_htmx(request, response, login_path)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or hasattr(request, "token_sign_in") or _is_free(request):
            return None
        duty = duty_of(request, now=timezone.now())
        if duty is None:
            return None
        url_name, message = duty
        if request.path.startswith(API_PREFIX):
            return JsonResponse({"error": {"code": "duty", "message": message, "fields": {}}}, status=403)
        if not any(str(m) == message for m in messages.get_messages(request)._queued_messages):
            messages.warning(request, message)
        return redirect(url_name)

    def _mark(self, request: HttpRequest, response: HttpResponse, *, was_signed_in: bool, timed_out: bool) -> None:
        signed_in = request.user.is_authenticated and not hasattr(request, "token_sign_in")
        left = request.resolver_match is not None and request.resolver_match.view_name == "account_logout"
        if signed_in and not was_signed_in:
            response.set_cookie(
                MARK, "1", max_age=MARK_SECONDS, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
            )
        elif was_signed_in and not signed_in and (timed_out or left):
            response.delete_cookie(MARK)


def duty_of(request: HttpRequest, *, now: dt.datetime) -> tuple[str, str] | None:
    """URL name and message of the first open duty of the person who is signed in; None when there is none."""
    user = request.user
    if user.has_usable_password():
        if user.must_change_password:
            return "account_change_password", _("您使用的是一次性密码，请先设置自己的新密码。")
        if now - user.password_changed_at > dt.timedelta(days=settings.PORTAL_PASSWORD_DAYS):
            days = settings.PORTAL_PASSWORD_DAYS
            return "account_change_password", _("密码已使用超过%(n)s天，请先更换密码。") % {"n": days}
    if settings.PORTAL_REQUIRE_SECOND_FACTOR and _lacks_second_factor(request):
        return "mfa_activate_totp", _("市级工作台须使用动态口令登录，请先按以下步骤启用。")
    return None


def _lacks_second_factor(request: HttpRequest) -> bool:
    membership = request.membership
    return (
        membership is not None
        and membership.organisation.level == UnionLevel.MUNICIPAL
        and not membership.has_second_factor
    )


def _is_free(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name or ""
    is_public = request.path == "/" or request.path.startswith(PUBLIC_PREFIX)
    return is_public or name in FREE_VIEWS or name.startswith(FREE_PREFIXES)


def _whole_page_for_htmx(request: HttpRequest, response: HttpResponse, login_path: str) -> HttpResponse:
    """A fragment asked for after the session ran out must not be filled with the sign-in page."""
    if not getattr(request, "htmx", False) or response.status_code != 302:
        return response
    if urlsplit(response["Location"]).path != login_path:
        return response
    here = request.htmx.current_url_abs_path or "/"
    return HttpResponse(status=204, headers={"HX-Redirect": f"{login_path}?{urlencode({'next': here})}"})
