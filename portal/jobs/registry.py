"""``@job("lifecycle.produce_round", title="产生评选结果")``: name → function; parameters are JSON primitives.

A job function takes ``(run: Progress, **params)``; domain code starts jobs by NAME, so there is no import cycle.
It must be safe to run twice: a lost worker's run is picked up again from the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Job:
    name: str
    title: str
    function: Callable[..., Any]
    max_attempts: int = 3


_jobs: dict[str, Job] = {}


def job(name: str, *, title: str, max_attempts: int = 3) -> Callable[[Callable], Callable]:
    """Registers the function under an explicit name, so that moving it does not orphan queued runs."""

    def decorate(function: Callable) -> Callable:
        if name in _jobs:
            raise ValueError(f"job {name} is registered twice")
        _jobs[name] = Job(name, title, function, max_attempts)
        return function

    return decorate


def get_job(name: str) -> Job:
    try:
        return _jobs[name]
    except KeyError:
        raise LookupError(f"no job is registered as {name!r}") from None


def all_jobs() -> dict[str, Job]:
    return dict(_jobs)
