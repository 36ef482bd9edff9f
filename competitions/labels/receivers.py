"""What programmes confer and revoke is followed in the register of labels, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from competitions.labels.domain.teams import enter_awarded, take_away_awarded
from competitions.labels.kinds import kind_of_programme
from portal.core.scoping import system_scope
from portal.lifecycle.engine.signals import entry_conferred, honour_revoked


@receiver(entry_conferred, dispatch_uid="labels.conferred")
def on_conferred(sender: type, *, entry: Any, actor: Any, now: Any, item: Any, **_kwargs: Any) -> None:
    kind = kind_of_programme(entry.cycle.programme.code)
    if kind is not None:
        with system_scope("the team belongs to its unit, the decision to the federation"):
            enter_awarded(entry=entry, item=item, kind=kind, actor=actor, now=now)


@receiver(honour_revoked, dispatch_uid="labels.revoked")
def on_revoked(sender: type, *, entry: Any, actor: Any, now: Any, reason: str, **_kwargs: Any) -> None:
    if kind_of_programme(entry.cycle.programme.code) is not None:
        with system_scope("the team belongs to its unit, the decision to the federation"):
            take_away_awarded(entry=entry, reason=reason, actor=actor, now=now)
