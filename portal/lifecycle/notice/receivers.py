"""When a place falls free before the conferral, the next reserve moves up (递补)."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from portal.lifecycle.engine.signals import entry_transitioned
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.selection.domain.approval import promote_reserve

HELD_A_PLACE = frozenset({EntryState.SELECTED, EntryState.IN_NOTICE, EntryState.CONFIRMED})


@receiver(entry_transitioned, dispatch_uid="notice.promote_reserve")
def on_place_freed(
    sender: type, *, entry: Any, transition: str, before: str, actor: Any, now: Any, payload: dict, **_kwargs: Any
) -> None:
    if transition == "disqualify" and before in HELD_A_PLACE:
        promote_reserve(freed=entry, reason=str(payload.get("reason", "")), actor=actor, now=now)
