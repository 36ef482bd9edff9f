"""A mentoring contract from draft to its end. Every step locks the contract first."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.growth.calculations import (
    LONGEST_DAYS,
    PASS,
    SHORTEST_DAYS,
    mark_problems,
    months_of_term,
    total_of,
)
from competitions.growth.domain.people import file_of
from competitions.growth.enums import MentorState
from competitions.growth.models import MentorMonth, Mentorship
from competitions.rosters.persons import Person
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

FACTS = ("trade", "starts_on", "ends_on", "goals", "plan", "allowance")


def _refuse(field: str, message: str) -> None:
    raise Invalid(message, fields={field: [message]})


def _save(row: Mentorship, facts: dict[str, Any]) -> None:
    for name in FACTS:
        setattr(row, name, facts[name])
    days = (row.ends_on - row.starts_on).days
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        _refuse("ends_on", _("帮教期限应在4周至3年之间。"))
    if row.mentor_id == row.apprentice_id:
        _refuse("apprentice", _("师傅和徒弟不能是同一人。"))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # competitions_mentorship_once
        message = _("该徒弟在这个工种已有待签订或帮教中的合同。")
        raise Invalid(message, fields={"apprentice": [message]}) from error


@transaction.atomic
def draft_mentorship(
    *, actor: Actor, organisation: Organisation, mentor: Person, apprentice: Person, facts: dict[str, Any],
    now: dt.datetime,
) -> Mentorship:  # fmt: skip
    """A contract to be signed; files of both are opened when the unit has none. Raises Invalid beside the field."""
    policy_for("mentorship").require(actor, "add")
    if mentor.key == apprentice.key:
        _refuse("apprentice", _("师傅和徒弟不能是同一人。"))
    files = {}
    for field, person in (("mentor", mentor), ("apprentice", apprentice)):
        try:
            files[field] = file_of(actor=actor, organisation=organisation, person=person, trade=facts["trade"], now=now)
        except Invalid as error:
            raise Invalid(error.message, fields={f"{field}_name": [error.message]}) from error
    row = Mentorship(organisation=organisation, created_by=actor.user, **files)
    _save(row, facts)
    record("competitions.mentorship.drafted", row, actor=actor, now=now, trade=row.trade)
    return row


@transaction.atomic
def change_mentorship(*, actor: Actor, mentorship: Mentorship, facts: dict[str, Any], now: dt.datetime) -> Mentorship:
    """Changes a contract that is not signed; who is meant does not change."""
    row = lock_row(Mentorship, mentorship.pk)
    policy_for("mentorship").require(actor, "change", row)
    before = {name: str(getattr(row, name)) for name in FACTS}
    _save(row, facts)
    after = {name: str(getattr(row, name)) for name in FACTS}
    changed = [name for name in FACTS if before[name] != after[name]]
    record(
        "competitions.mentorship.changed", row, actor=actor, now=now, before={n: before[n] for n in changed},
        after={n: after[n] for n in changed},
    )  # fmt: skip
    return row


@transaction.atomic
def sign_mentorship(
    *, actor: Actor, mentorship: Mentorship, mentor_signed_on: dt.date, apprentice_signed_on: dt.date, now: dt.datetime
) -> Mentorship:
    """Records that both signed, and makes the monthly records of the term. Raises Invalid for a date to come."""
    row = lock_row(Mentorship, mentorship.pk)
    policy_for("mentorship").require(actor, "sign", row)
    for field, day in (("mentor_signed_on", mentor_signed_on), ("apprentice_signed_on", apprentice_signed_on)):
        if day > local_date(now):
            _refuse(field, _("签字日期不能晚于今天。"))
        if day > row.ends_on:
            _refuse(field, _("签字日期不能晚于合同结束日期。"))
    row.mentor_signed_on, row.apprentice_signed_on = mentor_signed_on, apprentice_signed_on
    row.state, row.signed_at, row.signed_by = MentorState.ACTIVE, now, actor.user
    row.save()
    MentorMonth.objects.bulk_create(
        MentorMonth(mentorship=row, month=month, due_on=due)
        for month, due in months_of_term(row.starts_on, row.ends_on)
    )
    record(
        "competitions.mentorship.signed", row, actor=actor, now=now, mentor=str(mentor_signed_on),
        apprentice=str(apprentice_signed_on),
    )  # fmt: skip
    return row


@transaction.atomic
def record_month(
    *, actor: Actor, month: MentorMonth, content: str, progress: str, hours: Decimal, now: dt.datetime
) -> MentorMonth:
    """Writes a month, or writes it anew while the contract runs. Raises Invalid for a month that has not begun."""
    mentorship = lock_row(Mentorship, month.mentorship_id)
    policy_for("mentorship").require(actor, "record", mentorship)
    row = lock_row(MentorMonth, month.pk)
    if row.month > local_date(now):
        _refuse("content", _("这个月还没有开始。"))
    if not content.strip():
        _refuse("content", _("请填写帮教内容。"))
    again = row.recorded_at is not None
    row.content, row.progress, row.hours = content.strip(), progress.strip(), hours
    row.recorded_at, row.recorded_by = now, actor.user
    row.save()
    record(
        "competitions.mentorship.month_recorded", mentorship, actor=actor, now=now, month=f"{row.month:%Y-%m}",
        again=again, late=local_date(now) > row.due_on,
    )  # fmt: skip
    return row


@transaction.atomic
def assess_mentorship(
    *, actor: Actor, mentorship: Mentorship, marks: dict[str, int], opinion: str, now: dt.datetime
) -> Mentorship:
    """Ends the contract by marks: 已出师 from 60 of 100. Raises Invalid while a month already due is not written."""
    row = lock_row(Mentorship, mentorship.pk)
    policy_for("mentorship").require(actor, "assess", row)
    if wrong := mark_problems(marks):
        raise Invalid("".join(wrong.values()), fields={key: [message] for key, message in wrong.items()})
    today = local_date(now)
    missing = row.months.filter(recorded_at=None, due_on__lt=today).count()
    if missing:
        _refuse("opinion", _("还有%d个月的记录逾期未填，请补填后再考核。") % missing)
    if not opinion.strip():
        _refuse("opinion", _("请填写考核意见。"))
    row.marks, row.total, row.opinion = dict(marks), total_of(marks), opinion.strip()
    row.state = MentorState.COMPLETED if row.total >= PASS else MentorState.FAILED
    row.ended_on, row.ended_by = today, actor.user
    row.save()
    record("competitions.mentorship.assessed", row, actor=actor, now=now, total=row.total, state=row.state)
    return row


@transaction.atomic
def terminate_mentorship(*, actor: Actor, mentorship: Mentorship, reason: str, now: dt.datetime) -> Mentorship:
    """Ends the contract before its time, with a reason; its months stay as they are."""
    row = lock_row(Mentorship, mentorship.pk)
    policy_for("mentorship").require(actor, "terminate", row)
    if not reason.strip():
        _refuse("reason", _("请填写终止原因。"))
    row.state, row.end_reason = MentorState.TERMINATED, reason.strip()
    row.ended_on, row.ended_by = local_date(now), actor.user
    row.save()
    record("competitions.mentorship.terminated", row, actor=actor, now=now, reason=row.end_reason)
    return row


@transaction.atomic
def note_printing(*, actor: Actor, mentorship: Mentorship, now: dt.datetime) -> None:
    policy_for("mentorship").require(actor, "view", mentorship)
    record("competitions.mentorship.printed", mentorship, actor=actor, now=now)
