"""What programmes confer and revoke is followed in the register of studios, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from innovations.studios.domain.endings import take_away_conferred
from innovations.studios.domain.studios import enter_conferred
from innovations.studios.index import index
from portal.core.scoping import system_scope
from portal.lifecycle.engine.signals import entry_conferred, honour_revoked


@receiver(entry_conferred, dispatch_uid="studios.conferred")
def on_conferred(sender: type, *, entry: Any, actor: Any, now: Any, item: Any, **_kwargs: Any) -> None:
    if index().names_studios(entry.cycle.programme.code):
        with system_scope("the studio belongs to its unit, the decision to the federation"):
            enter_conferred(entry=entry, item=item, actor=actor, now=now)


@receiver(honour_revoked, dispatch_uid="studios.revoked")
def on_revoked(sender: type, *, entry: Any, actor: Any, now: Any, reason: str, **_kwargs: Any) -> None:
    if index().names_studios(entry.cycle.programme.code):
        with system_scope("the studio belongs to its unit, the decision to the federation"):
            take_away_conferred(entry=entry, reason=reason, actor=actor, now=now)
