"""Active membership → Desk → scope() around the whole response."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.accounts.models import Membership
from portal.accounts.queries.desks import desk_of, memberships_of
from portal.accounts.scopes import scope_of
from portal.core.context import PUBLIC, Actor
from portal.core.scoping import PublicScope, scope

SESSION_KEY = "membership_id"
PUBLIC_PREFIX = "/public/"


class DeskMiddleware:
    """Sets ``request.actor``, ``request.desk`` and ``request.memberships`` and enters the desk's scope.

    Public pages are the same for everybody: they run in the public scope also for people who are signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.memberships = memberships_of(request.user) if request.user.is_authenticated else []
        request.actor = self._actor(request)
        request.desk = request.actor.desk
        is_public = request.path == "/" or request.path.startswith(PUBLIC_PREFIX)
        with scope(PublicScope() if is_public else scope_of(request.actor)):
            response = self.get_response(request)
            # A TemplateResponse renders lazily: render it while the scope is open (pretix does the same).
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
        return response

    def _actor(self, request: HttpRequest) -> Actor:
        if not request.user.is_authenticated:
            return PUBLIC
        membership = self._chosen(request)
        return Actor(user=request.user, desk=desk_of(membership) if membership else None)

    def _chosen(self, request: HttpRequest) -> Membership | None:
        by_id = {m.pk: m for m in request.memberships}
        wanted = request.session.get(SESSION_KEY) or request.user.last_membership_id
        return by_id.get(wanted) or next(iter(request.memberships), None)
