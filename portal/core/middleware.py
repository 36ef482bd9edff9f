"""One request id per click, in the answer, in every log line and in every audit row."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.core.context import request_context

SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET = frozenset({"healthz", "readyz"})

log = structlog.get_logger("portal.request")


class RequestIdMiddleware:
    """Takes over a well-formed ``X-Request-ID`` of the proxy, makes one otherwise, and logs one line a request.

    The line names the route, never the address itself: paths and query strings may carry tokens and names.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if SANE_ID.fullmatch(given) else uuid.uuid4().hex
        started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        with (
            request_context(request_id, client_address(request)),
            structlog.contextvars.bound_contextvars(request_id=request_id),
        ):
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            self._log(request, response, started)
        return response

    def _log(self, request: HttpRequest, response: HttpResponse, started: float) -> None:
        route = request.resolver_match.view_name if request.resolver_match else ""
        if route in QUIET and response.status_code < 400:
            return
        user = getattr(request, "user", None)
        log.info(
            "request",
            method=request.method,
            route=route or "-",
            status=response.status_code,
            milliseconds=round((time.perf_counter() - started) * 1000),
            user=user.pk if user is not None and user.is_authenticated else None,
        )


def client_address(request: HttpRequest) -> str:
    """Address of the client: with n trusted proxies in front, the n-th entry of X-Forwarded-For from the right.

    Entries further left are the client's own claim and are not believed.
    """
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(chain) >= proxies:
            return chain[-proxies]
    return request.META.get("REMOTE_ADDR", "")
