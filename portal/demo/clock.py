"""演示时钟: lets time pass in the demo, so that a whole cycle can be told in an afternoon.

Nothing pretends that now is later: what is dated moves into the past by whole days, and the jobs that wait for dates
look again. Only mounted with PORTAL_DEMO (see ``portal/demo/urls.py``).
"""

from __future__ import annotations

import datetime as dt

from django.apps import apps
from django.db import transaction
from django.db.models import DateTimeField, F

from portal.audit.domain import record
from portal.core.context import Actor, system_actor
from portal.core.errors import Invalid
from portal.core.scoping import system_scope
from portal.jobs.domain import start

MAX_DAYS = 60
# Models whose moments belong to the course of a cycle; the audit log is never touched.
MOVED = (
    "CycleStage",
    "Entry",
    "Recommendation",
    "Clearance",
    "Panel",
    "Assignment",
    "Notice",
    "Objection",
    "VoteWindow",
)


def let_time_pass(*, days: int, actor: Actor, now: dt.datetime) -> None:
    """Moves every moment of the running cycles ``days`` into the past and starts the jobs that wait for dates."""
    if not 1 <= days <= MAX_DAYS:
        raise Invalid(f"请填写1到{MAX_DAYS}之间的天数。", fields={"days": [f"请填写1到{MAX_DAYS}之间的天数。"]})
    distance = dt.timedelta(days=days)
    with transaction.atomic(), system_scope("the demo's clock moves for everybody"):
        for name in MOVED:
            model = apps.get_model("lifecycle", name)
            fields = [f for f in model._meta.concrete_fields if isinstance(f, DateTimeField)]
            moments = [f.name for f in fields if not (f.auto_now or f.auto_now_add)]
            model.objects.update(**{moment: F(moment) - distance for moment in moments})
        record("demo.clock.moved", None, actor=actor, now=now, days=days)
        for job in ("lifecycle.advance_due_cycles", "lifecycle.close_due_notices"):
            start(job, key=f"demo:{now:%Y%m%d%H%M%S}", actor=system_actor("demo"), now=now)
