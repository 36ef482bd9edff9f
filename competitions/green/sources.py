"""What waits: months to report and to report again, values and savings to check, proposals to write."""

from __future__ import annotations

import datetime as dt

from django.db.models import DateTimeField, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from competitions.green import queries
from competitions.green.comparison import last_month
from competitions.green.domain.readings import due_at
from competitions.green.enums import CheckState, SuggestionState
from competitions.green.models import AwardProposal, Baseline, BenchmarkSubject, MonthlyReading, SavingSuggestion
from portal.core.context import Actor
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _to_report(actor: Actor, now: dt.datetime) -> QuerySet[BenchmarkSubject]:
    due = Value(
        due_at(last_month(now)), output_field=DateTimeField()
    )  # of the newest month; older ones are late anyway
    return queries.subjects(now=now).filter(organisation__path=actor.path, owed__gt=0).annotate(due=due)


def _report_item(row: BenchmarkSubject, now: dt.datetime) -> WorkItem:
    note = _("还有%d个月没有报送") % row.owed if row.owed > 1 else ""
    return WorkItem(
        _("%s：月度能耗") % row.name, row.get_absolute_url(), _("填报能耗"), from_=row.group.name,
        due=row.due, note=note,
    )  # fmt: skip


def _returned(actor: Actor, now: dt.datetime) -> QuerySet[MonthlyReading]:
    return queries.readings().filter(subject__organisation__path=actor.path, state=CheckState.RETURNED, is_last=True)


def _to_check(actor: Actor, now: dt.datetime) -> QuerySet[MonthlyReading]:
    return queries.readings().filter(state=CheckState.SUBMITTED, subject__organisation__parent__path=actor.path)


def _reading_item(row: MonthlyReading, label: str, note: str = "") -> WorkItem:
    return WorkItem(
        str(row), row.get_absolute_url(), label, from_=row.subject.organisation.name,
        since=row.decided_at or row.submitted_at, note=note,
    )  # fmt: skip


def _baselines(actor: Actor, now: dt.datetime) -> QuerySet[Baseline]:
    return queries.baselines().filter(state=CheckState.SUBMITTED, subject__organisation__parent__path=actor.path)


def _baseline_item(row: Baseline, now: dt.datetime) -> WorkItem:
    return WorkItem(
        str(row), row.get_absolute_url(), _("核对基准值"), from_=row.subject.organisation.name, since=row.submitted_at
    )


def _claims(actor: Actor, now: dt.datetime) -> QuerySet[SavingSuggestion]:
    return queries.suggestions().filter(state=SuggestionState.CLAIMED, organisation__parent__path=actor.path)


def _claims_back(actor: Actor, now: dt.datetime) -> QuerySet[SavingSuggestion]:
    return queries.suggestions().filter(state=SuggestionState.RETURNED, organisation__path=actor.path)


def _suggestion_item(row: SavingSuggestion, label: str, note: str = "") -> WorkItem:
    return WorkItem(
        row.title, row.get_absolute_url(), label, from_=row.organisation.name, since=row.updated_at, note=note
    )


def _proposals(actor: Actor, now: dt.datetime) -> QuerySet[AwardProposal]:
    return queries.proposals().filter(organisation__path=actor.path, drafted_at=None, withdrawn_at=None)


def _proposal_item(row: AwardProposal, now: dt.datetime) -> WorkItem:
    note = _("上级工会建议即时授予市级五一劳动奖")
    return WorkItem(
        row.candidate,
        row.get_absolute_url(),
        _("起草推荐"),
        from_=row.suggestion.title,
        since=row.proposed_at,
        note=note,
    )


READINGS = {"search": ("subject__name",), "list_url": "competitions:green.readings"}
SUGGESTIONS = {"search": ("title", "proposer"), "list_url": "competitions:green.suggestions"}
register_source(
    Source(
        "green.report", _("待报能耗"), "green.report", _to_report, _report_item, due="due", search=("name",), order=93, icon="bolt",
        list_url="competitions:green.subjects", list_query="owed=on",
    ),
    Source(
        "green.redo", _("退回重报的能耗月报"), "green.report", _returned,
        lambda r, now: _reading_item(r, _("修改后重报"), r.opinion[:60]), order=94, icon="arrow-back-up",
        list_query="state=returned", **READINGS,
    ),
    Source(
        "green.check", _("待核能耗"), "green.decide", _to_check, lambda r, now: _reading_item(r, _("核对月报")), order=95,
        icon="clipboard-check", list_query="state=submitted", **READINGS,
    ),
    Source(
        "green.baseline", _("待核基准值"), "green.decide", _baselines, _baseline_item, search=("subject__name",),
        order=96, icon="ruler-measure", list_url="competitions:green.subjects",
    ),
    Source(
        "green.claim", _("待核节能量"), "green.verify", _claims, lambda r, now: _suggestion_item(r, _("核定节能量")),
        order=97, icon="bulb", list_query="state=claimed", **SUGGESTIONS,
    ),
    Source(
        "green.claim_back", _("退回补充的节能建议"), "green.claim", _claims_back,
        lambda r, now: _suggestion_item(r, _("补充后重报"), r.opinion[:60]), order=98, icon="arrow-back-up",
        list_query="state=returned", **SUGGESTIONS,
    ),
    Source(
        "green.draft", _("待起草的即时授予推荐"), "green.draft", _proposals, _proposal_item, search=("candidate",), order=99,
        icon="award", list_url="competitions:green.proposals", list_query="undrafted=on",
    ),
)  # fmt: skip
