"""Sign-in history out of the signals of django.contrib.auth and allauth."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts.domain.sign_in import note_sign_in
from portal.accounts.enums import SignInOutcome
from portal.accounts.models import User
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.middleware import client_address


def _note(request: HttpRequest | None, outcome: str, username: str, user: User | None) -> None:
    note_sign_in(
        outcome=outcome,
        username=username,
        user=user,
        client=client_address(request) if request is not None else "",
        device=request.headers.get("User-Agent", "") if request is not None else "",
        now=timezone.now(),
    )


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    _note(request, SignInOutcome.SUCCEEDED, user.username, user)


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        _note(request, SignInOutcome.SIGNED_OUT, user.username, user)


@receiver(user_login_failed)
def failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    username = str(credentials.get("username") or "").strip()
    if not username:
        return
    locked = getattr(request, "axes_locked_out", False)
    outcome = SignInOutcome.LOCKED if locked else SignInOutcome.FAILED
    _note(request, outcome, username, User.objects.filter(username=username[:60]).first())


@receiver(authentication_failed)
def wrong_code(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The password was right, the code was not: worth knowing."""
    _note(request, SignInOutcome.WRONG_CODE, user.username, user)


@receiver(authenticator_added)
def second_factor_added(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        with transaction.atomic():
            record("accounts.user.second_factor_added", user, actor=getattr(request, "actor", Actor(user=user)))
