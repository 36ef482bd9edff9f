"""``/healthz``: this process answers. ``/readyz``: database, Redis, worker and beat do, too.

For machines, without sign-in; says nothing about people or data. Worker and beat leave a time stamp in Redis:
the worker from its own clock (also while all its processes are busy), beat whenever it hands out the heartbeat task.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

WORKER, BEAT = "heartbeat:worker", "heartbeat:beat"
STALE_SECONDS = 60  # beat beats every 10 s, the worker every 5 s
KEEP_SECONDS = 24 * 3600  # so that /readyz can say how long one has been silent
HEARTBEAT_TASK = "core.heartbeat"


def beat(part: str) -> None:
    """Leave a time stamp for WORKER or BEAT."""
    cache.set(part, time.time(), KEEP_SECONDS)


@never_cache
@require_safe
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part is ok, else 503; each part says ``ok``, ``down`` or ``stale`` with its age in seconds."""
    parts = {"database": _timed(_database), "redis": _timed(_redis)}
    redis_answers = parts["redis"]["status"] == "ok"
    stamps = cache.get_many([WORKER, BEAT]) if redis_answers else {}
    parts["worker"] = _freshness(stamps.get(WORKER))
    parts["beat"] = _freshness(stamps.get(BEAT))
    ready = all(part["status"] == "ok" for part in parts.values())
    response = JsonResponse({"status": "ok" if ready else "unavailable", **parts}, status=200 if ready else 503)
    setattr(response, "_has_been_logged", True)  # noqa: B010 -- Django's mark: an answer, no error line a poll
    return response


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        connection.close()
        return False


def _redis() -> bool:
    # The cache turns errors into misses (settings), so only a value that comes back proves that Redis is there.
    nonce = uuid.uuid4().hex
    key = f"ready:{nonce}"
    cache.set(key, nonce, 10)
    return cache.get(key) == nonce


def _timed(probe: Callable[[], bool]) -> dict[str, str | int]:
    started = time.perf_counter()
    ok = probe()
    return {"status": "ok" if ok else "down", "milliseconds": round((time.perf_counter() - started) * 1000)}


def _freshness(stamp: float | None) -> dict[str, str | int]:
    if stamp is None:
        return {"status": "down"}
    age = max(0, round(time.time() - stamp))
    return {"status": "ok" if age <= STALE_SECONDS else "stale", "seconds": age}
