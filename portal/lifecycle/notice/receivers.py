"""When a place falls free before the conferral, the next reserve moves up (递补)."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from portal.lifecycle.engine.signals import entry_transitioned
from portal.lifecycle.engine.states import EntryState

HELD_A_PLACE = frozenset({EntryState.SELECTED, EntryState.IN_NOTICE, EntryState.CONFIRMED})


@receiver(entry_transitioned, dispatch_uid="notice.promote_reserve")
def on_place_freed(sender: type, *, entry: Any, transition: str, before: str, actor: Any, now: Any, **_kw: Any) -> None:
    if transition == "disqualify" and before in HELD_A_PLACE:
        from portal.lifecycle.selection.domain import promote_reserve  # noqa: PLC0415 -- app ready

        promote_reserve(freed=entry, actor=actor, now=now)
