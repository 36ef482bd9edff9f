"""阅读量 of the public page of a case: how often it was asked for, nothing about who asked.

The page lies in the cache for a minute, so it cannot count by itself; this stands before the cache and adds one in Redis,
without a word to the database. A job carries the counts over (`domain/reads.py`). With Redis down the page is shown uncounted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

KEPT = 30 * 24 * 3600  # seconds a count waits for the job
CRAWLERS = ("bot", "spider", "crawl", "curl", "wget", "python-")


def counted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around ``public_page``: one read for each page that was found and shown to a browser."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, pk=pk, **kwargs)
        browser = request.headers.get("User-Agent", "").lower()
        if request.method == "GET" and response.status_code == 200 and not any(word in browser for word in CRAWLERS):
            note(pk)
        return response

    return wrapper


def note(case: int) -> None:
    """One read more."""
    cache.add(_key(case), 0, KEPT)
    try:
        cache.incr(_key(case))
    except ValueError:  # expired in between
        return


def waiting(cases: Iterable[int]) -> dict[int, int]:
    """Reads that are not in the database yet, of the cases that have any."""
    keys = {_key(case): case for case in cases}
    return {keys[key]: count for key, count in (cache.get_many(list(keys)) or {}).items() if count}


def taken(case: int, count: int) -> bool:
    """Takes ``count`` away; what came in meanwhile stays. False when Redis lost them in between: they are not counted then."""
    try:
        return cache.decr(_key(case), count) is not None
    except ValueError:
        return False


def _key(case: int) -> str:
    return f"case-reads:{case}"
