"""Subjects, baselines and monthly values: handed in by the unit, checked by a union above, corrected by a new version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from competitions.green.comparison import last_month, next_month, rules, year_before
from competitions.green.domain.dictionary import SAVED, coefficients_for
from competitions.green.domain.files import need, store_files
from competitions.green.enums import CheckState, FilePurpose
from competitions.green.formula import LIMIT, FormulaError, parse
from competitions.green.models import Baseline, BenchmarkGroup, BenchmarkSubject, MonthlyReading
from competitions.green.models.subjects import month_words
from portal.accounts.models import Organisation
from portal.accounts.queries.calendar import working_calendar
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import closing_time
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for

CLOSING = "17:00"
SUBJECT_FACTS = ("name", "level", "people", "leader", "first_month")


def due_at(month: dt.date) -> dt.datetime:
    """17:00 of the working day of the following month on which the value of ``month`` is due."""
    return closing_time(
        working_calendar().deadline(next_month(month) - dt.timedelta(days=1), rules().report_days).day, CLOSING
    )


@transaction.atomic
def register_subject(
    *, actor: Actor, group: BenchmarkGroup, facts: Mapping[str, Any], now: dt.datetime
) -> BenchmarkSubject:
    """An enterprise, team or post of the desk's own unit takes part in a group. Raises Conflict when it does already."""
    policy_for("green").require(actor, "register")
    organisation = Organisation.objects.get(pk=actor.at_desk.organisation_id)
    advisory_lock(f"green:subjects:{organisation.pk}")
    if not group.is_open:
        message = _("“%s”已停止接受参赛。") % group
        raise Invalid(message, fields={"group": [message]})
    facts = {**facts, "first_month": facts["first_month"].replace(day=1), "name": facts["name"].strip()}
    same = {"organisation": organisation, "group": group, "level": facts["level"], "name": facts["name"]}
    if BenchmarkSubject.objects.filter(**same).exists():
        raise Conflict(_("“%s”已经在这个对标组里。") % facts["name"])
    row = BenchmarkSubject.objects.create(
        organisation=organisation, group=group, **{name: facts[name] for name in SUBJECT_FACTS}
    )
    record("competitions.green.subject_added", row, actor=actor, now=now, name=row.name, group=group.name)
    return row


@transaction.atomic
def change_subject(
    *, actor: Actor, subject: BenchmarkSubject, people: int, leader: str, last: dt.date | None, now: dt.datetime
) -> BenchmarkSubject:
    """Corrects people and leader; ``last`` ends the taking part after that month (values of later months must not exist)."""
    subject = lock_row(BenchmarkSubject, subject.pk)
    policy_for("green").require(actor, "register", subject)
    last = last.replace(day=1) if last else None
    if last and last < subject.first_month:
        message = _("最后填报月份不能早于开始填报月份。")
        raise Invalid(message, fields={"last": [message]})
    if last and MonthlyReading.objects.filter(subject=subject, month__gt=last).exists():
        message = _("此后已有月报，不能从这个月结束。")
        raise Invalid(message, fields={"last": [message]})
    before = {"people": subject.people, "leader": subject.leader, "last_month": subject.last_month}
    subject.people, subject.leader, subject.last_month = people, leader.strip(), last
    subject.save()
    after = {"people": people, "leader": subject.leader, "last_month": last}
    record("competitions.green.subject_changed", subject, actor=actor, now=now, before=before, after=after)
    return subject


@transaction.atomic
def submit_baseline(
    *,
    actor: Actor,
    subject: BenchmarkSubject,
    starts_on: dt.date,
    ends_on: dt.date,
    value: Decimal,
    now: dt.datetime,
    note: str = "",
    files: Iterable[Any] = (),
) -> Baseline:
    """The value of a period before; needs evidence. A later one is a new version and replaces it when accepted."""
    subject = lock_row(BenchmarkSubject, subject.pk)
    policy_for("green").require(actor, "report", subject)
    files, wrong = list(files), {}
    starts_on, ends_on = starts_on.replace(day=1), ends_on.replace(day=1)
    if not starts_on <= ends_on <= last_month(now):
        wrong["ends_on"] = [_("基准期须是已经结束的月份，止月不早于起月。")]
    if value <= 0 or value >= LIMIT:
        wrong["value"] = [_("基准值须大于零。")]
    if not files:
        wrong["files"] = [_("请上传基准期的能源报表或抄表记录。")]
    if wrong:
        raise Invalid("".join(m for messages in wrong.values() for m in messages), fields=wrong)
    there = Baseline.objects.filter(subject=subject)
    if there.filter(state=CheckState.SUBMITTED).exists():
        raise Conflict(_("上一次报送的基准值正在核对，退回或核定后才能再报。"))
    row = Baseline.objects.create(
        subject=subject, version=_next_version(there), starts_on=starts_on, ends_on=ends_on, value=value,
        note=note.strip(), submitted_by=actor.user, submitted_at=now,
    )  # fmt: skip
    _keep(files, actor, subject, FilePurpose.BASELINE, now, baseline=row)
    record("competitions.green.baseline", row, actor=actor, now=now, version=row.version, value=row.value)
    return row


def _next_version(rows: Any) -> int:
    return (rows.aggregate(n=Max("version"))["n"] or 0) + 1


def _keep(
    files: Iterable[Any], actor: Actor, subject: BenchmarkSubject, purpose: str, now: dt.datetime, **link: Any
) -> None:
    store_files(
        files, actor=actor, organisation=subject.organisation, purpose=purpose, now=now, subject=subject, **link
    )


def calculated(
    group: BenchmarkGroup, month: dt.date, inputs: Mapping[str, Decimal], known: dict[int, Any] | None = None
) -> tuple[Decimal, Decimal, Any]:
    """Value, weight and the coefficient table in force for the month. Raises Invalid beside the input that is wrong.

    ``known`` keeps the tables of a group by year, for who calculates many rows.
    """
    indicator = group.indicator
    wrong = {
        entry["code"]: [_("请填写不小于零的数。")]
        for entry in indicator.inputs
        if inputs.get(entry["code"]) is None or not 0 <= inputs[entry["code"]] < LIMIT
    }
    if not wrong and not inputs[indicator.weight]:
        wrong[indicator.weight] = [_("作为分母的数须大于零；当月没有生产的，请在说明中写明并联系上级工会。")]
    if wrong:
        raise Invalid(_("填报数据不完整。"), fields=wrong)
    known = {} if known is None else known
    if month.year not in known:
        known[month.year] = coefficients_for(group.owner, month.year)
    table = known[month.year]
    try:
        value = parse(indicator.formula).rounded({**table.numbers, **inputs})
    except FormulaError as error:
        raise Invalid(str(error)) from error
    return value, inputs[indicator.weight], table


@transaction.atomic
def submit_reading(
    *,
    actor: Actor,
    subject: BenchmarkSubject,
    month: dt.date,
    inputs: Mapping[str, Decimal],
    now: dt.datetime,
    note: str = "",
    files: Iterable[Any] = (),
) -> MonthlyReading:
    """The metered data of a month that is over, with evidence. The value is calculated once and keeps its versions.

    A month that was returned or accepted gets a new version; a correction of an accepted one says why (``note``).
    Raises Conflict while a version of the month is being checked.
    """
    subject = lock_row(BenchmarkSubject, subject.pk)
    policy_for("green").require(actor, "report", subject)
    month, files = month.replace(day=1), list(files)
    there = MonthlyReading.objects.filter(subject=subject, month=month)
    if there.filter(state=CheckState.SUBMITTED).exists():
        raise Conflict(_("%s的月报正在核对，退回或核定后才能再报。") % month_words(month))
    _check_reading(subject, month, there, note=note, files=files, now=now)
    value, weight, table = calculated(subject.group, month, inputs)
    row = MonthlyReading.objects.create(
        subject=subject, month=month, version=_next_version(there), value=value, weight=weight, coefficients=table,
        indicator=subject.group.indicator, inputs={code: str(number) for code, number in inputs.items()},
        note=note.strip(), is_late=now > due_at(month), submitted_by=actor.user, submitted_at=now,
    )  # fmt: skip
    _keep(files, actor, subject, FilePurpose.READING, now, reading=row)
    record("competitions.green.reading", row, actor=actor, now=now, version=row.version, value=value, late=row.is_late)
    return row


def _check_reading(
    subject: BenchmarkSubject, month: dt.date, there: Any, *, note: str, files: list[Any], now: dt.datetime
) -> None:
    wrong: dict[str, list[str]] = {}
    if month > last_month(now):
        wrong["month"] = [_("%s还没有结束。") % month_words(month)]
    elif month < subject.first_month or (subject.last_month and month > subject.last_month):
        wrong["month"] = [_("%s不在参赛期内。") % month_words(month)]
    if not files:
        wrong["files"] = [_("请上传抄表记录或能源报表。")]
    if there.filter(state=CheckState.ACCEPTED).exists() and not note.strip():
        wrong["note"] = [_("更正已核定的月报，请写明原因。")]
    if wrong:
        raise Invalid("".join(m for messages in wrong.values() for m in messages), fields=wrong)


@transaction.atomic
def accept(*, actor: Actor, row: MonthlyReading | Baseline, now: dt.datetime) -> MonthlyReading | Baseline:
    """From now on this version counts; the one before is replaced, and the subject's savings are calculated anew."""
    subject = lock_row(BenchmarkSubject, row.subject_id)
    row = lock_row(type(row), row.pk)
    policy_for("green").require(actor, "decide", row)
    same = {"subject": subject, "state": CheckState.ACCEPTED}
    if isinstance(row, MonthlyReading):
        same["month"] = row.month
    type(row).objects.filter(**same).update(state=CheckState.REPLACED)
    row.state, row.decided_by, row.decided_at = CheckState.ACCEPTED, actor.user, now
    row.save()
    refresh_savings(subject)
    record("competitions.green.accepted", row, actor=actor, now=now, version=row.version, value=row.value)
    return row


@transaction.atomic
def send_back(
    *, actor: Actor, row: MonthlyReading | Baseline, reason: str, now: dt.datetime
) -> MonthlyReading | Baseline:
    """The version stays as it is with the reason; the unit hands in a new one."""
    lock_row(BenchmarkSubject, row.subject_id)
    row = lock_row(type(row), row.pk)
    policy_for("green").require(actor, "decide", row)
    row.opinion = need(reason, "reason", _("请填写退回原因。"))
    row.state, row.decided_by, row.decided_at = CheckState.RETURNED, actor.user, now
    row.save()
    record("competitions.green.returned", row, actor=actor, now=now, version=row.version, reason=row.opinion)
    return row


def refresh_savings(subject: BenchmarkSubject) -> None:
    """节能量＝（基准－现值）×现产量, per counting month, by the formulas and coefficients of that month's version."""
    readings = list(
        MonthlyReading.objects.filter(subject=subject, state=CheckState.ACCEPTED)
        .select_related("indicator", "coefficients")
        .order_by("month")
    )
    by_month = {r.month: r.value for r in readings}
    fixed = Baseline.objects.filter(subject=subject, state=CheckState.ACCEPTED).values_list("value", flat=True).first()
    changed = []
    for reading in readings:
        base = by_month.get(year_before(reading.month)) if subject.group.is_seasonal else fixed
        found = saved_by(reading, base)
        if found != (reading.saved_tce, reading.saved_co2):
            reading.saved_tce, reading.saved_co2 = found
            changed.append(reading)
    MonthlyReading.objects.bulk_update(changed, ["saved_tce", "saved_co2"])


def saved_by(reading: MonthlyReading, base: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """Tce and tCO₂ of one month against ``base`` (negative = used more); nothing where the indicator saves no energy."""
    indicator = reading.indicator
    if base is None or not indicator.saving:
        return None, None
    saved = (base - reading.value) * reading.weight
    known = {**reading.coefficients.numbers, SAVED: saved}
    tce = parse(indicator.saving).rounded(known)
    return tce, parse(indicator.co2).rounded(known) if indicator.co2 else Decimal(0)
