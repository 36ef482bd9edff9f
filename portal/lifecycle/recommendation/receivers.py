"""What follows from a submission – fresh opinions, a date for the first union – and from an entry that leaves: its place."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from portal.lifecycle.engine.signals import entry_transitioned
from portal.lifecycle.engine.transitions import TRANSITIONS
from portal.lifecycle.recommendation.ledger.holding import free
from portal.lifecycle.recommendation.rules import handling_due, recommendation_stage


@receiver(entry_transitioned, dispatch_uid="recommendation.submitted")
def start_round_of_opinions(*, entry: Any, transition: str, now: Any, **kwargs: Any) -> None:
    if transition != "submit":
        return
    entry.recommendations.filter(is_current=True).update(is_current=False)
    stage = recommendation_stage(entry.cycle)
    entry.due_at = handling_due(stage, entry.at_level, now) if stage and entry.at_organisation_id else None
    entry.save(update_fields=["due_at"])


FREEING = {"return", "decline", "withdraw", "disqualify"}


@receiver(entry_transitioned, dispatch_uid="recommendation.place_freed")
def free_place(*, entry: Any, transition: str, actor: Any, now: Any, **kwargs: Any) -> None:
    """What was sent back, declined, taken back or disqualified gives its place back (名额账)."""
    if transition in FREEING:
        free(entry=entry, actor=actor, now=now, reason=TRANSITIONS[transition].label)
