"""Every submission is compared, after it is safely in."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from portal.core.context import system_actor
from portal.jobs.domain import start
from portal.lifecycle.engine.signals import entry_transitioned


@receiver(entry_transitioned, dispatch_uid="similarity.compare")
def compare_later(*, entry: Any, transition: str, now: Any, **kwargs: Any) -> None:
    checks = entry.cycle.rules.checks
    if transition == "submit" and (checks.similarity_fields or checks.unique_fields):
        key = f"{entry.pk}-{entry.version}"
        start(
            "lifecycle.compare_entry", key=key, actor=system_actor("similarity"), params={"entry_id": entry.pk}, now=now
        )
