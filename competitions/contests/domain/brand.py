"""Media reports on the contests: entered one by one, removed when entered by mistake."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.contests.models import MediaReport
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

FACTS = ("year", "title", "outlet", "medium", "published_on", "link")
SECURE = ("https://", "http://")


@transaction.atomic
def add_report(*, actor: Actor, owner: Organisation, facts: dict[str, Any], now: dt.datetime) -> MediaReport:
    """A report everybody reads on the brand's page. Raises Invalid for a day to come, or when it is there already."""
    policy_for("media").require(actor, "add")
    if facts["published_on"] > local_date(now):
        message = _("刊发日期不能晚于今天。")
        raise Invalid(message, fields={"published_on": [message]})
    if facts["link"] and not facts["link"].startswith(SECURE):
        message = _("链接须以 https:// 或 http:// 开头。")
        raise Invalid(message, fields={"link": [message]})
    try:
        with transaction.atomic():
            row = MediaReport.objects.create(
                owner=owner, added_by=actor.user, added_at=now, **{name: facts[name] for name in FACTS}
            )
    except IntegrityError as error:  # competitions_media_once
        message = _("本单位已经登记过这篇报道。")
        raise Invalid(message, fields={"title": [message]}) from error
    record("competitions.media.added", row, actor=actor, now=now, outlet=row.outlet, year=row.year)
    return row


@transaction.atomic
def remove_report(*, actor: Actor, report: MediaReport, now: dt.datetime) -> None:
    row = lock_row(MediaReport, report.pk)
    policy_for("media").require(actor, "remove", row)
    record("competitions.media.removed", row, actor=actor, now=now, title=row.title, outlet=row.outlet)
    row.delete()
