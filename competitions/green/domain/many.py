"""Many values at once: a workbook of a group, and the check of a whole list. All or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from competitions.green.comparison import last_month
from competitions.green.domain.files import store_files
from competitions.green.domain.readings import calculated, due_at, refresh_savings
from competitions.green.enums import CheckState, FilePurpose
from competitions.green.models import BenchmarkGroup, BenchmarkSubject, GreenFile, MonthlyReading
from competitions.green.models.subjects import month_words
from portal.audit.domain import record_many
from portal.core.context import Actor
from portal.core.db import lock_rows
from portal.core.errors import Invalid
from portal.core.policies import policy_for

MOST = 5000


@dataclass(frozen=True)
class Line:
    """One row of a workbook: its number there, the subject's name and level, the month and what was metered."""

    row: int
    name: str
    month: dt.date | None
    inputs: Mapping[str, Decimal | None]
    note: str = ""


@transaction.atomic
def submit_many(
    *,
    actor: Actor,
    group: BenchmarkGroup,
    lines: Sequence[Line],
    files: Iterable[Any],
    now: dt.datetime,
    dry: bool = False,
) -> list[MonthlyReading]:
    """Months of several subjects of the desk's unit in one group, under one evidence. ``dry`` checks and writes nothing.

    Raises Invalid with one message for every wrong row, beside ``workbook``.
    """
    policy_for("green").require(actor, "report")
    own = BenchmarkSubject.objects.filter(organisation_id=actor.at_desk.organisation_id, group=group)
    subjects = {row.name: row for row in lock_rows(own)}
    there, dues = _there(own), {month: due_at(month) for month in {line.month for line in lines if line.month}}
    rows, problems, seen, tables = [], [], set(), {}
    for line in lines:
        try:
            row = _reading(group, subjects.get(line.name), line, there, tables=tables, now=now)
        except Invalid as error:
            told = "".join(m for messages in error.fields.values() for m in messages) or error.message
            problems.append(_("第%(row)d行：%(told)s") % {"row": line.row, "told": told})
            continue
        if (row.subject_id, row.month) in seen:
            problems.append(_("第%(row)d行：%(told)s") % {"row": line.row, "told": _("与前面的行重复。")})
        seen.add((row.subject_id, row.month))
        row.is_late = now > dues[row.month]
        row.submitted_by, row.submitted_at = actor.user, now
        rows.append(row)
    files = list(files)
    if not files and not dry:
        problems.append(_("请上传抄表记录或能源报表。"))
    if not rows and not problems:
        problems.append(_("表中没有数据。"))
    if problems:
        raise Invalid(problems[0], fields={"workbook": problems})
    if dry:
        return rows
    made = MonthlyReading.objects.bulk_create(rows, batch_size=500)
    _share(files, made, actor, now)
    record_many("competitions.green.reading", ((r, {}, {"value": r.value}) for r in made), actor=actor, now=now)
    return made


def _there(own: Any) -> dict[tuple[int, dt.date], tuple[int, set[str]]]:
    """Newest version and states of every month that has a value."""
    rows = MonthlyReading.objects.filter(subject__in=own).values_list("subject", "month", "version", "state")
    found: dict[tuple[int, dt.date], tuple[int, set[str]]] = {}
    for subject, month, version, state in rows:
        newest, states = found.get((subject, month), (0, set()))
        found[subject, month] = (max(newest, version), states | {state})
    return found


def _reading(
    group: BenchmarkGroup, subject: Any, line: Line, there: Mapping, *, tables: dict[int, Any], now: dt.datetime
) -> MonthlyReading:
    if subject is None:
        raise Invalid(_("本单位在“%(group)s”没有参赛主体“%(name)s”。") % {"group": group, "name": line.name})
    if line.month is None:
        raise Invalid(_("月份应写成2026-03的样子。"))
    if not subject.first_month <= line.month <= min(last_month(now), subject.last_month or last_month(now)):
        raise Invalid(_("%s不在参赛期内，或还没有结束。") % month_words(line.month))
    version, states = there.get((subject.pk, line.month), (0, set()))
    if CheckState.SUBMITTED in states:
        raise Invalid(_("%s的月报正在核对。") % month_words(line.month))
    if CheckState.ACCEPTED in states and not line.note:
        raise Invalid(_("更正已核定的月报，请写明原因。"))
    value, weight, table = calculated(group, line.month, line.inputs, tables)
    return MonthlyReading(
        subject=subject, month=line.month, version=version + 1, value=value, weight=weight, coefficients=table,
        indicator=group.indicator, inputs={code: str(number) for code, number in line.inputs.items()}, note=line.note,
    )  # fmt: skip


def _share(files: Iterable[Any], readings: Sequence[MonthlyReading], actor: Actor, now: dt.datetime) -> None:
    """One stored file, named at every reading."""
    first = readings[0]
    kept = store_files(
        files, actor=actor, organisation=first.subject.organisation, purpose=FilePurpose.READING, now=now,
        subject=first.subject, reading=first,
    )  # fmt: skip
    GreenFile.objects.bulk_create(
        GreenFile(
            organisation=file.organisation, purpose=file.purpose, subject=row.subject, reading=row, file=file.file.name,
            name=file.name, size=file.size, content_type=file.content_type, sha256=file.sha256,
            uploaded_by=actor.user, uploaded_at=now,
        )
        for row in readings[1:] for file in kept
    )  # fmt: skip


@transaction.atomic
def accept_many(*, actor: Actor, pks: Sequence[int], now: dt.datetime) -> int:
    """Accepts those of ``pks`` that wait and that the desk may check; returns their number."""
    waiting = MonthlyReading.objects.filter(pk__in=pks[:MOST], state=CheckState.SUBMITTED)
    subjects = lock_rows(BenchmarkSubject.objects.filter(pk__in=waiting.values("subject")))
    by_pk = {row.pk: row for row in BenchmarkSubject.objects.filter(pk__in=[s.pk for s in subjects]).select_related(
        "organisation", "group")}  # fmt: skip
    rows, policy = [], policy_for("green")
    for row in lock_rows(waiting):
        row.subject = by_pk[row.subject_id]
        if policy.can(actor, "decide", row):
            rows.append(row)
    if not rows:
        return 0
    before = Q(pk__in=[])
    for subject in {row.subject_id for row in rows}:
        before |= Q(subject=subject, month__in=[row.month for row in rows if row.subject_id == subject])
    MonthlyReading.objects.filter(before, state=CheckState.ACCEPTED).update(state=CheckState.REPLACED)
    for row in rows:
        row.state, row.decided_by, row.decided_at = CheckState.ACCEPTED, actor.user, now
    MonthlyReading.objects.bulk_update(rows, ["state", "decided_by", "decided_at"], batch_size=500)
    for subject in {row.subject for row in rows}:
        refresh_savings(subject)
    record_many("competitions.green.accepted", ((r, {}, {"value": r.value}) for r in rows), actor=actor, now=now)
    return len(rows)
