"""Public pages are the same for everybody who is not signed in: kept for a minute in Redis."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_page

SECONDS = 60


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For GET requests without any cookie; everybody else gets the page made for them (CTFd #1584)."""
    cached = cache_page(SECONDS, key_prefix="public")(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        anonymous = not request.COOKIES and request.method in {"GET", "HEAD"}
        return cached(request, *args, **kwargs) if anonymous else view(request, *args, **kwargs)

    wrapper.login_required = False  # type: ignore[attr-defined] -- read by LoginRequiredMiddleware
    return wrapper
