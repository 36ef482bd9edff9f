"""A session in use lives on: by one write a minute, not by one for each page."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

SEEN = "seen_at"  # Unix time of the last write
PROLONG_EVERY = 60  # seconds: the idle time-out is met to the minute


class ProlongSessionMiddleware:
    """Stands next to ``SessionMiddleware``, which writes what was changed and gives the cookie its new end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session, now = request.session, int(time.time())
        if SESSION_KEY in session and now - session.get(SEEN, 0) >= PROLONG_EVERY:
            session[SEEN] = now
        return response
