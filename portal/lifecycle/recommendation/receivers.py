"""What follows from a submission: a fresh set of opinions, and a date by which the first union decides."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from portal.lifecycle.engine.signals import entry_transitioned
from portal.lifecycle.recommendation.rules import handling_due, recommendation_stage


@receiver(entry_transitioned, dispatch_uid="recommendation.submitted")
def start_round_of_opinions(*, entry: Any, transition: str, now: Any, **kwargs: Any) -> None:
    if transition != "submit":
        return
    entry.recommendations.filter(is_current=True).update(is_current=False)
    stage = recommendation_stage(entry.cycle)
    entry.due_at = handling_due(stage, entry.at_level, now) if stage and entry.at_organisation_id else None
    entry.save(update_fields=["due_at"])
