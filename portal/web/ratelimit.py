"""A limit on what the public can call: so many acts per client address and window, counted in Redis.

With Redis down nothing is limited: the portal keeps answering.
"""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import gettext as _

from portal.core.context import current_client
from portal.core.errors import DomainError


class TooMany(DomainError):
    """The client has to wait."""

    status = 429
    code = "too_many"


def limit(name: str, *, times: int, seconds: int) -> None:
    """Counts one act of this client; raises TooMany from the (times + 1)-th within ``seconds``."""
    key = f"limit:{name}:{current_client()}"
    cache.add(key, 0, seconds)
    try:
        count = cache.incr(key)
    except ValueError:  # expired in between, or Redis is down
        return
    if count is not None and count > times:
        raise TooMany(_("操作过于频繁，请稍后再试。"))
