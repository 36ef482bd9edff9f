"""Quarterly progress of one task at one union."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.workplans.domain.files import add_file
from portal.workplans.models import ProgressReport, Scheme

QUARTER_START = {1: 1, 2: 4, 3: 7, 4: 10}


@transaction.atomic
def file_report(
    *,
    actor: Actor,
    report: ProgressReport,
    value: Decimal | None,
    words: str,
    now: dt.datetime,
    evidence: Any = None,
) -> ProgressReport:
    """Reports a quarter, or corrects it: the change is audited with both values.

    ``value`` is what this quarter brought (or the level reached, for tasks that do not accumulate), in the task's unit;
    needed where the union has a target. Raises Invalid beside the field, and for a quarter that has not begun.
    """
    scheme = lock_row(Scheme, report.line.scheme_id)
    policy_for("workplan").require(actor, "report", scheme)
    report = lock_row(ProgressReport, report.pk)
    begins = dt.date(scheme.year.year, QUARTER_START[report.quarter], 1)
    if local_date(now) < begins:
        raise Invalid(_("第%d季度还没有开始。") % report.quarter)
    if value is None and report.line.target is not None:
        raise Invalid(_("请填写完成数。"), fields={"value": [_("请填写完成数。")]})
    if not words.strip():
        raise Invalid(_("请填写进展情况。"), fields={"words": [_("请填写进展情况。")]})
    before = {"value": report.value, "words": report.words}
    report.value, report.words = value, words
    report.reported_by, report.reported_at = actor.user, report.reported_at or now
    report.save()
    if evidence:
        add_file(actor=actor, scheme=scheme, report=report, upload=evidence, now=now)
    record(
        "workplans.report.filed", report, actor=actor, now=now, before=before,
        after={"value": value, "words": words}, late=now > report.due_at,
    )  # fmt: skip
    return report
