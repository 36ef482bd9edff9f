"""Reading the sign-in history and the own tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.models import ApiToken, SignInEvent

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import User


def sign_ins_of(user: User) -> QuerySet[SignInEvent]:
    """Newest first, failed ones included: somebody may have tried the name."""
    return SignInEvent.objects.filter(username=user.username)


def last_sign_in_before_this(user: User) -> SignInEvent | None:
    """The successful sign-in before the present one, to be shown after signing in."""
    return SignInEvent.objects.filter(user=user, outcome="succeeded").order_by("-at")[1:2].first()


def tokens_of(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user)
