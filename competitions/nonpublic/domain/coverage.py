"""Reminding unions, their answers, and coverage kept as it stood on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from competitions.nonpublic import queries
from competitions.nonpublic.enums import Answer
from competitions.nonpublic.models import CoverageRow, CoverageSnapshot, Reminder
from portal.accounts.models import Employer, Organisation
from portal.accounts.queries.calendar import working_calendar
from portal.audit.domain import record, record_many
from portal.core.context import Actor
from portal.core.dates import closing_time, local_date
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.jobs.domain import start
from portal.jobs.models import JobRun

CLOSING = "17:00"
MOST = 5000  # reminders by one act


@transaction.atomic
def remind(
    *, actor: Actor, employers: Sequence[Employer], year: int, words: str, days: int, now: dt.datetime
) -> tuple[list[Reminder], int]:
    """Asks the unions of these units to hold a competition of ``year`` and to answer within ``days`` working days.

    Passed over are units that hold one, and those with an open reminder; the second value says how many. Every unit is
    asked of the policy. Raises Invalid without words.
    """
    policy = policy_for("coverage")
    policy.require(actor, "remind")
    if not (text := words.strip()):
        raise Invalid(_("请填写提醒内容。"), fields={"words": [_("请填写提醒内容。")]})
    if len(employers) > MOST:
        raise Invalid(_("一次最多提醒%d个单位，请先筛选。") % MOST)
    advisory_lock(f"competitions:remind:{year}")
    wanted = [e.pk for e in employers if policy.can(actor, "remind", e)]
    open_now = set(Reminder.objects.filter(year=year, answered_at=None).values_list("employer_id", flat=True))
    rows = [e for e in queries.units(year=year).filter(pk__in=wanted, held=0) if e.pk not in open_now]
    due = closing_time(working_calendar().deadline(local_date(now), days).day, CLOSING)
    desk = Organisation.objects.get(pk=actor.desk.organisation_id) if actor.desk else None
    made = Reminder.objects.bulk_create(
        [
            Reminder(
                employer=e, organisation=e.organisation, year=year, words=text, due_at=due, sent_from=desk,
                sent_by=actor.user, sent_at=now,
            )
            for e in rows
        ],
        batch_size=1000,
    )  # fmt: skip
    record_many(
        "competitions.reminder.sent", ((r, {}, {"year": year, "due_at": due}) for r in made), actor=actor, now=now
    )
    return made, len(employers) - len(made)


@transaction.atomic
def answer_reminder(
    *,
    actor: Actor,
    reminder: Reminder,
    answer: str,
    words: str,
    planned_on: dt.date | None,
    now: dt.datetime,
) -> Reminder:
    """The union of the unit answers once. A plan needs its day (today or later), everything else its words."""
    reminder = lock_row(Reminder, reminder.pk)
    policy_for("reminder").require(actor, "answer", reminder)
    wrong: dict[str, list[str]] = {}
    if answer not in Answer.values:
        wrong["answer"] = [_("请选择反馈。")]
    if answer == Answer.PLANNED and (planned_on is None or planned_on < local_date(now)):
        wrong["planned_on"] = [_("请填写计划开展日期，不早于今天。")]
    if answer != Answer.PLANNED and not words.strip():
        wrong["words"] = [_("请说明情况。")]
    if wrong:
        raise Invalid(_("反馈没有填写完整。"), fields=wrong)
    reminder.answer, reminder.answer_words = answer, words.strip()
    reminder.planned_on = planned_on if answer == Answer.PLANNED else None
    reminder.answered_by, reminder.answered_at = actor.user, now
    reminder.save()
    record("competitions.reminder.answered", reminder, actor=actor, now=now, answer=answer, planned_on=planned_on)
    return reminder


@transaction.atomic
def request_snapshot(*, actor: Actor, year: int, reason: str, now: dt.datetime) -> JobRun:
    """Starts the job that keeps the coverage of ``year`` as it stands. A second version needs its reason."""
    policy_for("coverage").require(actor, "snapshot")
    owner = Organisation.objects.get(pk=actor.at_desk.organisation_id)
    last = _last_version(owner, year)
    if last and not reason.strip():
        raise Invalid(_("请填写更正原因。"), fields={"reason": [_("本年度已有时点数据，重新形成须填写更正原因。")]})
    record("competitions.coverage.requested", owner, actor=actor, now=now, year=year, reason=reason.strip())
    return start(
        "competitions.coverage", key=f"{owner.pk}:{year}:{last + 1}", actor=actor, now=now,
        params={"year": year, "reason": reason.strip(), "version": last + 1},
        title=_("%d年覆盖面时点数据") % year,
    )  # fmt: skip


def _last_version(owner: Organisation, year: int) -> int:
    versions = CoverageSnapshot.objects.filter(owner=owner, year=year).values_list("version", flat=True)
    return max(versions, default=0)


COLUMNS = (
    "employer",
    "organisation",
    "ownership",
    "size_class",
    "district_code",
    "above_scale",
    "employees",
    "held",
    "layers",
)


@transaction.atomic
def take_snapshot(*, actor: Actor, year: int, version: int, reason: str, now: dt.datetime) -> CoverageSnapshot:
    """Copies every unit's facts by one statement. The same version twice is taken once."""
    policy_for("coverage").require(actor, "snapshot")
    owner = Organisation.objects.get(pk=actor.at_desk.organisation_id)
    advisory_lock(f"competitions:snapshot:{owner.pk}:{year}")
    if there := CoverageSnapshot.objects.filter(owner=owner, year=year, version=version).first():
        return there
    snapshot = CoverageSnapshot.objects.create(
        owner=owner, year=year, version=version, reason=reason, taken_by=actor.user, taken_at=now
    )
    rows = queries.units(year=year).filter(organisation__path__startswith=owner.path).order_by()
    names = (
        "pk",
        "organisation_id",
        "ownership",
        "size_class",
        "district_code",
        "above_scale",
        "employees",
        "held",
        "layers",
    )
    snapshot.units = _insert(snapshot, rows.values_list(*names))
    snapshot.save(update_fields=["units"])
    record(
        "competitions.coverage.taken", snapshot, actor=actor, now=now, year=year, version=version, reason=reason,
        units=snapshot.units,
    )  # fmt: skip
    return snapshot


def _insert(snapshot: CoverageSnapshot, rows: Any) -> int:
    """INSERT … SELECT of the scoped query; how many rows."""
    meta, quote = CoverageRow._meta, connection.ops.quote_name
    columns = ", ".join(quote(meta.get_field(name).column) for name in ("snapshot", *COLUMNS))
    sql, params = rows.query.sql_with_params()
    statement = f"INSERT INTO {quote(meta.db_table)} ({columns}) SELECT %s, unit.* FROM ({sql}) unit"  # noqa: S608 -- names of our own
    with connection.cursor() as cursor:
        cursor.execute(statement, [snapshot.pk, *params])
        return cursor.rowcount
