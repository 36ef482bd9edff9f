"""Redis as the cache – and a way to sign in while Redis is down.

A failing cache is a miss, so pages keep working. What guards the sign-in (counters of attempts, codes that were used) may
not simply be missed: allauth then refuses everybody. While Redis cannot be reached these few keys live in the memory of
each web process; the limits are weaker for that time, and the lock-out after five failures, kept in the database, holds.
"""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache
from django_redis.exceptions import ConnectionInterrupted

GUARDS = "allauth"  # the beginning of all keys that guard the sign-in


class PortalCache(RedisCache):
    """``BACKEND`` of the default cache; needs ``IGNORE_EXCEPTIONS`` for everything that is not overridden here."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._guards = LocMemCache("sign-in-guards", {})

    def _try(self, name: str, missing: Any, key: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(self.client, name)(key, *args, **kwargs)
        except ConnectionInterrupted:
            if str(key).startswith(GUARDS):
                return getattr(self._guards, name)(key, *args, **kwargs)
            return missing

    def get(self, key: Any, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        return self._try("get", default, key, default, *args, **kwargs)

    def set(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._try("set", False, key, *args, **kwargs)

    def add(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._try("add", False, key, *args, **kwargs)

    def delete(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._try("delete", False, key, *args, **kwargs)
