"""What waits for a desk because of filed competitions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from competitions.filings import queries
from competitions.filings.enums import OPEN_STATES, CheckResult, FilingState, ReportKind, ReportState
from competitions.filings.models import Amendment, CoHost, CompetitionFiling, Complaint, FilingReport, SpotCheck
from portal.accounts.enums import UNIT_LEVELS
from portal.core.context import Actor
from portal.core.dates import closing_time, local_date
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source

AHEAD = dt.timedelta(days=15)
SEARCH = ("title", "number")
PART_SEARCH = ("filing__title", "filing__number")


def _to_decide(actor: Actor, now: dt.datetime) -> QuerySet[CompetitionFiling]:
    return queries.filings().filter(reviewer__path=actor.path, state=FilingState.FILED)


def _returned(actor: Actor, now: dt.datetime) -> QuerySet[CompetitionFiling]:
    return queries.filings().filter(owner__path=actor.path, state=FilingState.RETURNED)


def _owed(now: dt.datetime) -> QuerySet[FilingReport]:
    rows = queries.reports().filter(state__in=queries.OWED, filing__state__in=OPEN_STATES)
    # The summary can only be written once the competition has begun.
    return rows.exclude(~Q(filing__state=FilingState.RUNNING), kind=ReportKind.SUMMARY)


def _to_report(actor: Actor, now: dt.datetime) -> QuerySet[FilingReport]:
    rows = _owed(now).filter(filing__owner__path=actor.path, due_at__lte=now + AHEAD)
    return rows.exclude(~Q(kind=ReportKind.STAGE), covers_until__gt=local_date(now))


def _late(actor: Actor, now: dt.datetime) -> QuerySet[FilingReport]:
    return _owed(now).filter(filing__reviewer__path=actor.path, due_at__lte=now)


def _reports_to_decide(actor: Actor, now: dt.datetime) -> QuerySet[FilingReport]:
    return queries.reports().filter(filing__reviewer__path=actor.path, state=ReportState.SUBMITTED)


def _to_note(actor: Actor, now: dt.datetime) -> QuerySet[Amendment]:
    return queries.amendments().filter(filing__reviewer__path=actor.path, noted_at=None)


def _to_confirm(actor: Actor, now: dt.datetime) -> QuerySet[CoHost]:
    rows = queries.cohosts().filter(organisation__path=actor.path, confirmed_at=None, ended_at=None)
    return rows.exclude(filing__state__in=(FilingState.DRAFT, FilingState.WITHDRAWN, FilingState.ARCHIVED))


def _to_check(actor: Actor, now: dt.datetime) -> QuerySet[SpotCheck]:
    rows = queries.checks().filter(organisation__path=actor.path, result=CheckResult.WAITING)
    # The work list sorts by moments: a check is due at the end of its day in Shanghai (16:00 UTC).
    end = Cast("draw__due_on", DateTimeField()) + Value(dt.timedelta(hours=16))
    return rows.annotate(due_at=ExpressionWrapper(end, output_field=DateTimeField()))


def _to_rectify(actor: Actor, now: dt.datetime) -> QuerySet[SpotCheck]:
    return queries.checks().filter(filing__owner__path=actor.path, result=CheckResult.PROBLEM, rectified="")


def _to_answer(actor: Actor, now: dt.datetime) -> QuerySet[Complaint]:
    if actor.level in UNIT_LEVELS:
        return queries.complaints().none()
    return queries.complaints().filter(handler__path=actor.path, outcome="")


def _filing_item(row: CompetitionFiling, now: dt.datetime) -> WorkItem:
    return WorkItem(
        row.title, row.get_absolute_url(), _("审核备案"), from_=row.owner.name, since=row.filed_at, note=row.number
    )


def _returned_item(row: CompetitionFiling, now: dt.datetime) -> WorkItem:
    note = row.opinion[:60]
    return WorkItem(
        row.title, row.get_absolute_url(), _("补正后重报"), from_=row.reviewer.name if row.reviewer else "",
        since=row.decided_at, due=row.correct_by, note=note,
    )  # fmt: skip


def _report_item(row: FilingReport, label: Any, note: Any = "") -> WorkItem:
    return WorkItem(
        str(row), row.get_absolute_url(), label, from_=row.filing.owner.name, since=row.reported_at,
        due=row.due_at if row.state in queries.OWED else None, note=note,
    )  # fmt: skip


def _check_item(row: SpotCheck, label: Any, note: Any = "") -> WorkItem:
    return WorkItem(
        row.filing.title, row.get_absolute_url(), label, from_=row.filing.owner.name, since=row.draw.drawn_at,
        due=closing_time(row.draw.due_on) if row.result == CheckResult.WAITING else None,
        note=note or row.draw.title,
    )  # fmt: skip


def _source(key: str, title: Any, action: str, rows: Any, item: Any, **options: Any) -> Source:
    return Source(key=key, title=title, policy_action=action, rows=rows, item=item, **options)


FILINGS = {"search": SEARCH, "list_url": "competitions:filing.list"}
REPORTS = {"search": PART_SEARCH, "list_url": "competitions:filingreport.list"}
register_source(
    _source(
        "filing.decide", _("待备案审核"), "filing.decide", _to_decide, _filing_item, order=70, icon="clipboard-check",
        list_query="review=on", **FILINGS,
    ),
    _source(
        "filing.returned", _("退回待补正的备案"), "filing.change", _returned, _returned_item, order=71, due="correct_by",
        icon="arrow-back-up", list_query="mine=on&state=returned", **FILINGS,
    ),
    _source(
        "filingreport.report", _("待报送的竞赛报告"), "filingreport.report", _to_report,
        lambda r, now: _report_item(r, _("报送报告"), _("已退回，请补充后重报") if r.state == ReportState.RETURNED else ""),
        order=72, due="due_at", icon="report", list_query="mine=on", **REPORTS,
    ),
    _source(
        "filingreport.decide", _("待审核的竞赛报告"), "filingreport.decide", _reports_to_decide,
        lambda r, now: _report_item(r, _("审核报告")), order=73, icon="report-search", list_query="decide=on", **REPORTS,
    ),
    _source(
        "filingreport.late", _("逾期未报的竞赛报告"), "filingreport.decide", _late,
        lambda r, now: _report_item(r, _("查看并督办"), _("超过报送截止仍未报送")), order=74, due="due_at", icon="alarm",
        list_query="late=on", **REPORTS,
    ),
    _source(
        "amendment.note", _("待知悉的备案变更"), "amendment.note", _to_note,
        lambda a, now: WorkItem(
            a.filing.title, a.filing.get_absolute_url(), _("查看变更"), from_=a.filing.owner.name, since=a.at, note=a.reason
        ),
        order=75, icon="file-diff", search=PART_SEARCH, list_url="competitions:filing.list",
    ),
    _source(
        "cohost.confirm", _("待确认的联合主办"), "cohost.confirm", _to_confirm,
        lambda c, now: WorkItem(
            c.filing.title, c.filing.get_absolute_url(), _("核对并确认"), from_=c.filing.owner.name, since=c.added_at, note=c.duty
        ),
        order=76, icon="users-group", search=PART_SEARCH, list_url="competitions:filing.cohosted",
    ),
    _source(
        "filingcheck.record", _("待检查的抽中竞赛"), "filingcheck.record", _to_check,
        lambda c, now: _check_item(c, _("登记检查结果")), order=77, due="due_at", icon="dice", search=PART_SEARCH,
        list_url="competitions:filingcheck.list", list_query="result=waiting",
    ),
    _source(
        "filingcheck.rectify", _("抽查发现问题待整改"), "filingcheck.rectify", _to_rectify,
        lambda c, now: _check_item(c, _("填报整改情况"), c.findings[:60]), order=78, icon="tool", search=PART_SEARCH,
        list_url="competitions:filingcheck.list", list_query="result=problem",
    ),
    _source(
        "complaint.answer", _("待答复的竞赛投诉"), "complaint.answer", _to_answer,
        lambda c, now: WorkItem(
            c.code, c.get_absolute_url(), _("答复投诉"), from_=c.filing.title, since=c.received_at, due=c.due_at,
            note=c.get_kind_display(),
        ),
        order=79, due="due_at", icon="message-report", search=("code", "filing__title"),
        list_url="competitions:complaint.list", list_query="waiting=on",
    ),
)  # fmt: skip
