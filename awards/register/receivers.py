"""From conferral to register: idempotent by entry, in the transaction of the conferral; paths follow the tree."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.dispatch import receiver

from awards.register.domain import enter_honour, mark_revoked
from awards.register.models import HonourRecord
from portal.accounts.signals import organisation_moved
from portal.core.scoping import system_scope
from portal.lifecycle.engine.signals import entry_conferred, honour_revoked


@receiver(entry_conferred, dispatch_uid="awards.enter")
def on_conferred(sender: type, *, entry: Any, actor: Any, now: Any, item: Any, **_kwargs: Any) -> None:
    if item.certificate_number is None:  # money without a certificate is no honour
        return
    enter_honour(entry=entry, item=item, actor=actor, now=now)


@receiver(honour_revoked, dispatch_uid="awards.revoke")
def on_revoked(sender: type, *, entry: Any, actor: Any, now: Any, reason: str, **_kwargs: Any) -> None:
    mark_revoked(entry=entry, reason=reason, actor=actor, now=now)


@receiver(organisation_moved, dispatch_uid="awards.organisation_moved")
def follow_organisation(sender: Any, *, old_path: str, new_path: str, **_kwargs: Any) -> None:
    """A part of the tree moved: whoever stands above the recipient now sees its honours. Running twice is harmless."""
    with system_scope("paths of recipients follow the tree"):
        rows = HonourRecord.objects.filter(recipient_path__startswith=old_path)
        rows.update(recipient_path=Concat(Value(new_path), Substr(F("recipient_path"), len(old_path) + 1)))
