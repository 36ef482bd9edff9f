"""Tells the rest of the world, inside the transaction, that an honour was conferred or revoked."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from portal.lifecycle.conferral.models import ConferralItem
from portal.lifecycle.engine.signals import entry_conferred, entry_transitioned, honour_revoked


@receiver(entry_transitioned, dispatch_uid="conferral.announce")
def announce(sender: type, *, entry: Any, transition: str, actor: Any, now: Any, payload: dict, **_kwargs: Any) -> None:
    if transition == "confer":
        item = ConferralItem.objects.select_related("conferral").get(entry=entry)
        entry_conferred.send(sender=sender, entry=entry, actor=actor, now=now, item=item)
    elif transition == "revoke":
        honour_revoked.send(sender=sender, entry=entry, actor=actor, now=now, reason=payload.get("reason", ""))
