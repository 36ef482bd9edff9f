"""节假日与调休: the yearly table that notices and deadlines are counted by."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Holiday
from portal.accounts.policies import ReferencePolicy
from portal.accounts.queries.calendar import CACHE_KEY
from portal.audit.domain import record
from portal.core.db import advisory_lock
from portal.core.errors import Conflict, Invalid

if TYPE_CHECKING:
    from portal.core.context import Actor

policy = ReferencePolicy()


def set_holiday(
    *, actor: Actor, day: dt.date, is_workday: bool, name: str = "", holiday: Holiday | None = None, now: dt.datetime
) -> Holiday:
    """A day off, or a week-end day that is worked. ``holiday`` is the row to change.

    Raises Invalid (day) for a day that has a row already or needs none: a free day on a week-end is always free, a
    working week-day always worked; Refused.
    """
    policy.require(actor, "holidays", None)
    weekend = day.weekday() >= 5
    if is_workday and not weekend:
        raise Invalid(fields={"day": [_("这一天本来就是工作日，调休上班只登记周六、周日。")]})
    with transaction.atomic():
        advisory_lock(f"holiday:{day}")
        taken = Holiday.objects.filter(day=day).exclude(pk=holiday.pk if holiday else None).exists()
        if taken:
            raise Invalid(fields={"day": [_("这一天已经登记过了。")]})
        row = holiday or Holiday()
        before = _state(row) if row.pk else {}
        row.day, row.is_workday, row.name = day, is_workday, name.strip()
        row.save()
        record("accounts.holiday.changed", row, actor=actor, before=before, after=_state(row), now=now)
        transaction.on_commit(lambda: cache.delete(CACHE_KEY))
    return row


def remove_holiday(*, actor: Actor, holiday: Holiday, now: dt.datetime) -> None:
    """Takes a row out; the library's table, or the plain week, holds again. Raises Conflict when it is gone already."""
    policy.require(actor, "holidays", None)
    with transaction.atomic():
        deleted, _details = Holiday.objects.filter(pk=holiday.pk).delete()
        if not deleted:
            raise Conflict(_("这条记录已被删除。"))
        record("accounts.holiday.changed", holiday, actor=actor, before=_state(holiday), after={}, now=now)
        transaction.on_commit(lambda: cache.delete(CACHE_KEY))


def _state(row: Holiday) -> dict[str, Any]:
    return {"day": row.day, "is_workday": row.is_workday, "name": row.name}
