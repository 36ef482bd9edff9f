"""From conferral to register: idempotent by entry, in the transaction of the conferral."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from awards.register.domain import enter_honour, mark_revoked
from portal.lifecycle.engine.signals import entry_conferred, honour_revoked


@receiver(entry_conferred, dispatch_uid="awards.enter")
def on_conferred(sender: type, *, entry: Any, actor: Any, now: Any, item: Any, **_kwargs: Any) -> None:
    enter_honour(entry=entry, item=item, actor=actor, now=now)


@receiver(honour_revoked, dispatch_uid="awards.revoke")
def on_revoked(sender: type, *, entry: Any, actor: Any, now: Any, reason: str, **_kwargs: Any) -> None:
    mark_revoked(entry=entry, reason=reason, actor=actor, now=now)
