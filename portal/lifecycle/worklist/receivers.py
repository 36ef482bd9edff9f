"""The figure in the top bar follows what the desk itself has just done."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from portal.lifecycle.engine.signals import entry_transitioned
from portal.lifecycle.worklist.queries import forget_count


@receiver(entry_transitioned, dispatch_uid="worklist.count")
def count_anew(*, actor: Any, **kwargs: Any) -> None:
    transaction.on_commit(lambda: forget_count(actor))
