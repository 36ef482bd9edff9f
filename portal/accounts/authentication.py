"""API tokens: a token belongs to a person and works at one of the person's desks.

The scope of a request is entered by the middleware and nowhere else, so the token is read there, before any view runs.
The REST framework asks again, later, and is given the same answer – or the refusal in its own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from rest_framework import exceptions

from portal.accounts.models import ApiToken, Membership, User
from portal.accounts.queries.desks import memberships_of
from portal.accounts.queries.feeds import feed_of

API_PREFIX = "/api/"
FEED_PREFIX = "/calendar/"
DESK_HEADER = "X-Desk"


@dataclass(frozen=True, slots=True)
class TokenSignIn:
    user: User
    token: ApiToken | None
    memberships: list[Membership]
    membership: Membership | None  # None: a person without a desk


class DeskTokenAuthentication(TokenAuthentication):
    """``Authorization: Token …`` and, to choose among several desks, ``X-Desk: <membership id>``."""

    def authenticate(self, request: Any) -> tuple[User, ApiToken] | None:
        """The person and the token, None without such a header. Raises AuthenticationFailed, PermissionDenied."""
        http_request = getattr(request, "_request", request)
        known = getattr(http_request, "token_sign_in", None)
        if known is not None:
            return known.user, known.token
        found = super().authenticate(request)
        if found is not None:
            _choose_desk(http_request, memberships_of(found[0]))
        return found


def token_sign_in(request: HttpRequest) -> TokenSignIn | None:
    """Who calls, by the token in the header of an API request; None without or with a wrong one (the view refuses it)."""
    if not request.path.startswith(API_PREFIX) or "Authorization" not in request.headers:
        return None
    try:
        found = TokenAuthentication.authenticate(DeskTokenAuthentication(), request)
        if found is None:
            return None
        user, token = found
        memberships = memberships_of(user)
        signed_in = TokenSignIn(user, token, memberships, _choose_desk(request, memberships))
    except exceptions.APIException:
        return None
    request.token_sign_in = signed_in
    return signed_in


def feed_sign_in(request: HttpRequest) -> TokenSignIn | None:
    """Whose calendar is read, by the secret in the address; None elsewhere and for an unknown or stopped address.

    The person acts at the one desk that the address was made for, and nowhere but on the calendar's own page.
    """
    if not request.path.startswith(FEED_PREFIX):
        return None
    text = request.path.removeprefix(FEED_PREFIX).removesuffix(".ics")
    feed = feed_of(text, now=timezone.now())
    request.calendar_feed = feed
    if feed is None:
        return None
    membership = feed.membership
    # No session takes part: what people must do in the browser (change a password …) does not stop a subscription.
    request.token_sign_in = TokenSignIn(membership.user, None, [membership], membership)
    return request.token_sign_in


def _choose_desk(request: HttpRequest, memberships: list[Membership]) -> Membership | None:
    wanted = request.headers.get(DESK_HEADER, "").strip()
    if not wanted:
        return next(iter(memberships), None)
    for membership in memberships:
        if str(membership.pk) == wanted:
            return membership
    raise exceptions.PermissionDenied(_("您没有这个工作台（X-Desk），或它已停用。"))
