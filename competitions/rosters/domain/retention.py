"""How long people are known: to the end of the second year after the competition's, as the consent text says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from competitions.rosters.domain.leaving import forget
from competitions.rosters.enums import ParticipationState
from competitions.rosters.models import Participation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date

YEARS_AFTER = 2
AT_ONCE = 500


def forget_expired(*, actor: Actor, now: dt.datetime, report: Callable[[int, int, str], None]) -> int:
    """Each participation in its own transaction. Figures of those years live on in the snapshots. How many went."""
    last = local_date(now).year - YEARS_AFTER - 1
    due = Participation.objects.filter(filing__year__lte=last, worker__isnull=False).order_by("pk")
    keys = list(due.values_list("pk", flat=True)[: AT_ONCE * 20])
    gone = 0
    for done, key in enumerate(keys, start=1):
        with transaction.atomic():
            row = Participation.objects.select_for_update().filter(pk=key, worker__isnull=False).first()
            if row is not None:
                forget(row, state=ParticipationState.LEFT, now=now)
                record("competitions.participation.expired", row, actor=actor, now=now)
                gone += 1
        if done % AT_ONCE == 0:
            report(done, len(keys), "删除到期的个人信息")
    return gone
