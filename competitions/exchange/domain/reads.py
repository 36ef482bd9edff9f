"""Reads of public pages come from Redis into the database."""

from __future__ import annotations

from django.db.models import F

from competitions.exchange import reads
from competitions.exchange.models import ExchangeCase
from portal.core.scoping import system_scope


def collect_reads() -> int:
    """Adds what was counted since the last time; returns how many reads. Two runs at once count nothing twice or below zero.

    A number of page views is nobody's act: no audit event, and the case itself is left as it was last changed.
    """
    total = 0
    with system_scope("reads are counted for every federation"):
        keys = list(ExchangeCase.objects.filter(published_at__isnull=False).values_list("pk", flat=True))
        for case, count in reads.waiting(keys).items():
            if reads.taken(case, count):
                total += count
                ExchangeCase.objects.filter(pk=case).update(views=F("views") + count)
    return total
