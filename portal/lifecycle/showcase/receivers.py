"""A revoked honour is not shown any more, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from portal.lifecycle.engine.signals import honour_revoked
from portal.lifecycle.showcase.domain import withdraw_page
from portal.lifecycle.showcase.models import ShowcaseItem


@receiver(honour_revoked, dispatch_uid="showcase.withdraw")
def on_revoked(sender: type, *, entry: Any, actor: Any, now: Any, reason: str, **_kwargs: Any) -> None:
    item = ShowcaseItem.objects.filter(entry=entry).first()
    if item is not None:
        withdraw_page(item=item, actor=actor, now=now, reason=reason)
