"""Signs of life of beat and of the worker, read by ``/readyz``."""

import time
from typing import Any

from celery import current_app, signals

from portal.core import health

WORKER_EVERY_SECONDS = 5
_last_worker_beat = 0.0


@current_app.task(name=health.HEARTBEAT_TASK)
def heartbeat() -> None:
    """The way from beat through the broker to a worker is open."""
    health.beat(health.WORKER)


@signals.before_task_publish.connect(sender=health.HEARTBEAT_TASK)
def beat_handed_out(**kwargs: Any) -> None:
    """Runs in the process of beat, also when no worker takes the task."""
    health.beat(health.BEAT)


@signals.worker_ready.connect
@signals.heartbeat_sent.connect
def worker_lives(**kwargs: Any) -> None:
    """Runs on the worker's own timer, also while all its processes are busy with long jobs."""
    global _last_worker_beat  # noqa: PLW0603 -- one worker, one clock
    if time.monotonic() - _last_worker_beat >= WORKER_EVERY_SECONDS:
        _last_worker_beat = time.monotonic()
        health.beat(health.WORKER)
