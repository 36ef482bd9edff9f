"""年度交流任务: set by a union above for holders of honours, reported by theirs, checked by the one who set it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.exchange import queries
from competitions.exchange.enums import DutyState
from competitions.exchange.models import ShareDuty
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.entries.models import Entry

MOST = 12  # once a month


def _refuse(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: [message]})


@transaction.atomic
def set_duties(
    *, actor: Actor, entries: Iterable[Entry], wanted: int, due_on: dt.date, words: str, now: dt.datetime
) -> tuple[int, int]:
    """A duty of this year for each honoured entry: (set, passed over because it has one). Raises Invalid."""
    policy_for("duty").require(actor, "set")
    today = local_date(now)
    if not today < due_on <= dt.date(today.year, 12, 31):
        raise _refuse("due_on", _("期限应在今天以后、本年度以内。"))
    if not 1 <= wanted <= MOST:
        raise _refuse("wanted", _("次数应在1至%d之间。") % MOST)
    if not words.strip():
        raise _refuse("words", _("请写明任务内容。"))
    sender = Organisation.objects.get(pk=actor.at_desk.organisation_id)
    made = passed = 0
    for entry in sorted(entries, key=lambda found: found.pk):
        facts = {
            "organisation": entry.organisation, "wanted": wanted, "due_on": due_on, "words": words.strip(),
            "set_from": sender, "set_by": actor.user, "set_at": now,
        }  # fmt: skip
        row, is_new = ShareDuty.objects.get_or_create(entry=entry, year=today.year, defaults=facts)
        if not is_new:
            passed += 1
            continue
        record("competitions.duty.set", row, actor=actor, now=now, entry=entry.code, wanted=wanted, due_on=str(due_on))
        made += 1
    return made, passed


@transaction.atomic
def report_duty(*, actor: Actor, duty: ShareDuty, report: str, now: dt.datetime) -> ShareDuty:
    """The holder's union says what it shared; how often is counted, not claimed. May be told again until it is checked."""
    row = lock_row(ShareDuty, duty.pk)
    policy_for("duty").require(actor, "report", row)
    if not report.strip():
        raise _refuse("report", _("请写明完成情况。"))
    row.state, row.report, row.done_times = DutyState.REPORTED, report.strip(), queries.shared_in(row)
    row.reported_at, row.reported_by = now, actor.user
    row.save()
    record("competitions.duty.reported", row, actor=actor, now=now, times=row.done_times)
    return row


@transaction.atomic
def check_duty(*, actor: Actor, duty: ShareDuty, passed: bool, verdict: str, now: dt.datetime) -> ShareDuty:
    """Done or not, with the reason. Raises Conflict for what was not reported before it was due."""
    row = lock_row(ShareDuty, duty.pk)
    policy_for("duty").require(actor, "check", row)
    if row.state == DutyState.OPEN and (passed or local_date(now) <= row.due_on):
        raise Conflict(_("还没有报告完成情况；期限过后仍不报告的，才能认定未履行。"))
    if not verdict.strip():
        raise _refuse("verdict", _("请填写检查意见。"))
    row.done_times = queries.shared_in(row)
    row.state = DutyState.PASSED if passed else DutyState.FAILED
    row.verdict, row.checked_at, row.checked_by = verdict.strip(), now, actor.user
    row.save()
    record("competitions.duty.checked", row, actor=actor, now=now, state=row.state, reason=row.verdict)
    return row
