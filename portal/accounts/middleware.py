"""Active membership → Desk → scope() around the whole response."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.accounts.authentication import feed_sign_in, token_sign_in
from portal.accounts.models import Membership
from portal.accounts.queries.desks import desk_of, memberships_of
from portal.accounts.scopes import scope_of
from portal.core.context import PUBLIC, Actor
from portal.core.scoping import PublicScope, scope

SESSION_KEY = "membership_id"
PUBLIC_PREFIX = "/public/"
JOINT_PREFIX = "/desk/joint/"  # what a co-host was agreed to see of another organisation's programmes


class DeskMiddleware:
    """Sets ``request.actor``, ``request.desk``, ``request.membership`` and ``request.memberships``, enters the scope.

    Public pages are the same for everybody: they run in the public scope also for people who are signed in. An API
    request with a token acts as the token's owner; a session cookie beside it is ignored. On the joint pages a desk is a
    guest, whatever it may see elsewhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._sign_in(request)
        request.desk = request.actor.desk
        is_public = request.path == "/" or request.path.startswith(PUBLIC_PREFIX)
        as_guest = request.path.startswith(JOINT_PREFIX)
        with scope(PublicScope() if is_public else scope_of(request.actor, as_guest=as_guest)):
            response = self.get_response(request)
            # A TemplateResponse renders lazily: render it while the scope is open (pretix does the same).
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
        return response

    def _sign_in(self, request: HttpRequest) -> None:
        by_token = token_sign_in(request) or feed_sign_in(request)
        if by_token is not None:
            request.user = by_token.user
            request.memberships, request.membership = by_token.memberships, by_token.membership
        elif request.user.is_authenticated:
            request.memberships = memberships_of(request.user)
            request.membership = self._chosen(request)
        else:
            request.memberships, request.membership, request.actor = [], None, PUBLIC
            return
        desk = desk_of(request.membership) if request.membership else None
        request.actor = Actor(user=request.user, desk=desk)

    def _chosen(self, request: HttpRequest) -> Membership | None:
        by_id = {m.pk: m for m in request.memberships}
        wanted = request.session.get(SESSION_KEY) or request.user.last_membership_id
        return by_id.get(wanted) or next(iter(request.memberships), None)
