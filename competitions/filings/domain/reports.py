"""阶段报告、年中检查、年终总结, and the list of those proposed for commendation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.filings.domain.files import need, store_files
from competitions.filings.domain.moving import move
from competitions.filings.enums import FilingState, ReportKind, ReportState
from competitions.filings.models import (
    BudgetLine,
    Commendation,
    CompetitionFiling,
    FilingIndicator,
    FilingPhase,
    FilingReport,
    ReportFile,
)
from competitions.filings.timetable import owed
from portal.accounts.queries.calendar import working_calendar
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import closing_time, local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for

CLOSING = "17:00"
FIGURES = ("people", "times", "units", "events", "promoted", "suggestions", "benefit")
WORDS = ("words", "results", "problems", "experience")


def working_deadline(start: dt.date, days: int) -> dt.datetime:
    """17:00 of the ``days``-th working day after ``start``."""
    return closing_time(working_calendar().deadline(start, days).day, CLOSING)


def owe_reports(filing: CompetitionFiling, *, now: dt.datetime) -> None:
    """Makes, or moves to their new dates, the reports that an accepted filing owes; what was sent in stays as it is.

    Called under the lock of the filing. A report whose day has passed already is due from today on.
    """
    phases = list(FilingPhase.objects.filter(filing=filing))
    there = {(r.kind, r.phase_id): r for r in FilingReport.objects.filter(filing=filing)}
    today, wanted = local_date(now), set()
    for due in owed(filing.starts_on, filing.ends_on, [(p.pk, p.title, p.ends_on) for p in phases]):
        wanted.add(key := (due.kind, due.phase))
        at = working_deadline(max(due.covers_until, today), due.days)
        row = there.get(key) or FilingReport(filing=filing, kind=due.kind, phase_id=due.phase)
        if row.pk and (row.state != ReportState.WAITING or row.covers_until == due.covers_until):
            continue
        row.title, row.covers_until, row.due_at = due.title, due.covers_until, at
        row.save()
    stale = [row.pk for key, row in there.items() if key not in wanted and row.state == ReportState.WAITING]
    FilingReport.objects.filter(pk__in=stale).delete()


def _locked(report: FilingReport) -> FilingReport:
    lock_row(CompetitionFiling, report.filing_id)
    return lock_row(FilingReport, report.pk)


@transaction.atomic
def report(
    *,
    actor: Actor,
    report: FilingReport,
    figures: Mapping[str, Any],
    words: Mapping[str, str],
    now: dt.datetime,
    actuals: Mapping[int, Decimal] | None = None,
    spent: Mapping[int, Decimal] | None = None,
    files: Iterable[Any] = (),
) -> FilingReport:
    """Sends a report in, or again what was returned. ``figures`` by FIGURES (benefit in 万元), ``words`` by WORDS.

    The summary also takes what was reached of every indicator (``actuals``) and spent of every budget line, by their keys.
    A federation's own report needs nobody's consent. Raises Invalid beside the field.
    """
    row = _locked(report)
    policy_for("filingreport").require(actor, "report", row)
    _check(row, figures, actuals or {}, spent or {}, now)
    for name in FIGURES:
        setattr(row, name, figures.get(name) if figures.get(name) is not None else getattr(row, name))
    for name in WORDS:
        setattr(row, name, (words.get(name) or "").strip())
    row.words = need(row.words, "words", _("请填写工作情况。"))
    row.state, row.reported_by, row.reported_at, row.opinion = ReportState.SUBMITTED, actor.user, now, ""
    row.save()
    if row.kind == ReportKind.SUMMARY:
        _set(FilingIndicator, row.filing, "actual", actuals or {})
        _set(BudgetLine, row.filing, "spent", spent or {})
    store_files(ReportFile, files, actor=actor, field="files", now=now, filing=row.filing, report=row)
    record(
        "competitions.report.reported", row, actor=actor, now=now, people=row.people, times=row.times,
        late=now > row.due_at,
    )  # fmt: skip
    return _accept(row, actor, "", now) if row.filing.reviewer_id is None else row


def _check(
    row: FilingReport,
    figures: Mapping[str, Any],
    actuals: Mapping[int, Any],
    spent: Mapping[int, Any],
    now: dt.datetime,
) -> None:
    fields: dict[str, list[str]] = {}
    if (figures.get("times") or 0) < (figures.get("people") or 0):
        fields["times"] = [_("参赛人次不能少于参赛人数：一人多次参赛计多个人次。")]
    if row.kind == ReportKind.SUMMARY:
        if row.filing.state != FilingState.RUNNING:
            raise Invalid(_("竞赛启动后才能报送年终总结，请先点“启动竞赛”。"))
        lacking = FilingIndicator.objects.filter(filing=row.filing).exclude(pk__in=actuals)
        fields |= {f"actual_{i.pk}": [_("请填写“%s”的完成值。") % i.name] for i in lacking}
        unspent = BudgetLine.objects.filter(filing=row.filing).exclude(pk__in=spent)
        fields |= {f"spent_{b.pk}": [_("请填写“%s”的决算数。") % b.purpose] for b in unspent}
    if row.covers_until > local_date(now) and row.kind != ReportKind.STAGE:
        raise Invalid(_("%s截至的日期还没有到。") % row.title)
    if fields:
        raise Invalid("".join(m for messages in fields.values() for m in messages), fields=fields)


def _set(model: Any, filing: CompetitionFiling, column: str, values: Mapping[int, Decimal]) -> None:
    rows = list(model.objects.filter(filing=filing, pk__in=values))
    for row in rows:
        setattr(row, column, values[row.pk])
    model.objects.bulk_update(rows, [column])


@transaction.atomic
def accept_report(*, actor: Actor, report: FilingReport, opinion: str = "", now: dt.datetime) -> FilingReport:
    """The union above has read it; with the summary the competition is 已总结."""
    row = _locked(report)
    policy_for("filingreport").require(actor, "decide", row)
    return _accept(row, actor, opinion, now)


def _accept(row: FilingReport, actor: Actor, opinion: str, now: dt.datetime) -> FilingReport:
    row.state, row.opinion, row.decided_by, row.decided_at = ReportState.ACCEPTED, opinion.strip(), actor.user, now
    row.save()
    record("competitions.report.accepted", row, actor=actor, now=now, opinion=row.opinion)
    if row.kind == ReportKind.SUMMARY:
        move(row.filing, "summarise", actor=actor, now=now, text=row.opinion, finished_at=now)
    return row


@transaction.atomic
def return_report(*, actor: Actor, report: FilingReport, reason: str, days: int, now: dt.datetime) -> FilingReport:
    """Back with the reason and ``days`` working days."""
    row = _locked(report)
    policy_for("filingreport").require(actor, "decide", row)
    row.opinion = need(reason, "reason", _("请填写退回意见。"))
    row.state, row.decided_by, row.decided_at = ReportState.RETURNED, actor.user, now
    row.due_at = working_deadline(local_date(now), days)
    row.save()
    record("competitions.report.returned", row, actor=actor, now=now, reason=row.opinion, due_at=row.due_at)
    return row


@transaction.atomic
def save_commendations(
    *, actor: Actor, filing: CompetitionFiling, rows: Sequence[Mapping[str, Any]], now: dt.datetime
) -> list[Commendation]:
    """表彰建议: the whole list in its order. Raises Conflict once it was handed on, Invalid for one named twice."""
    filing = lock_row(CompetitionFiling, filing.pk)
    policy_for("filingreport").require(actor, "commend", filing)
    there = Commendation.objects.filter(filing=filing)
    if there.filter(handed_at__isnull=False).exists():
        raise Conflict(_("表彰建议已经移交，不能再改。"))
    named = [(row["subject"], row["name"], row["unit"]) for row in rows]
    if len(set(named)) < len(named):
        message = _("同一集体或个人只能建议一次。")
        raise Invalid(message, fields={"rows": [message]})
    there.delete()
    made = Commendation.objects.bulk_create(
        Commendation(filing=filing, position=n, **row) for n, row in enumerate(rows)
    )
    record("competitions.commendation.saved", filing, actor=actor, now=now, count=len(made))
    return made


@transaction.atomic
def hand_commendations(*, actor: Actor, filing: CompetitionFiling, now: dt.datetime) -> int:
    """Hands the list on to the union above, which sees it from then on as final. Raises Invalid when it is empty."""
    filing = lock_row(CompetitionFiling, filing.pk)
    policy_for("filingreport").require(actor, "commend", filing)
    rows = Commendation.objects.filter(filing=filing)
    if not rows.exists():
        raise Invalid(_("还没有表彰建议，请先登记。"))
    count = rows.filter(handed_at=None).update(handed_at=now)
    if not count:
        raise Conflict(_("表彰建议已经移交。"))
    record("competitions.commendation.handed", filing, actor=actor, now=now, count=count)
    return count
