"""The plan of a project, and its reports month by month (quarter by quarter)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.projects import schedule
from competitions.projects.domain.files import need, store_files
from competitions.projects.domain.register import lock_project
from competitions.projects.enums import FilePurpose, PeriodState
from competitions.projects.models import KeyProject, Milestone, Period, ProjectFile
from portal.accounts.queries.calendar import working_calendar
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import closing_time, local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

CLOSING = "17:00"
FIGURES = (
    "percent",
    "invested",
    "pass_rate",
    "accidents",
    "hazards",
    "hazards_fixed",
    "innovations",
    "events",
    "people",
)
WORDS_OF = {
    "range": "计划进度须在0到100之间。",
    "falls": "计划进度是累计数，不能比上一期低。",
    "unfinished": "最后一期的计划进度须为100%。",
}


def working_deadline(start: dt.date, days: int) -> dt.datetime:
    """17:00 of the ``days``-th working day after ``start``."""
    return closing_time(working_calendar().deadline(start, days).day, CLOSING)


def plan_slots(project: KeyProject) -> list[tuple[dt.date, dt.date, Decimal, bool]]:
    """Periods with their planned percent (filed, or an even proposal) and whether they are fixed by a report."""
    filed = {p.starts_on: p for p in Period.objects.filter(project=project)}
    slots = schedule.periods(project.starts_on, project.ends_on, project.cadence)
    proposal = schedule.even(len(slots))
    return [
        (start, end, filed[start].planned if start in filed else percent,
         start in filed and filed[start].state != PeriodState.WAITING)
        for (start, end), percent in zip(slots, proposal, strict=True)
    ]  # fmt: skip


@transaction.atomic
def file_plan(
    *,
    actor: Actor,
    project: KeyProject,
    percents: Mapping[dt.date, Decimal],
    now: dt.datetime,
    files: Iterable[Any] = (),
) -> KeyProject:
    """备案: planned percent (cumulative) at the end of every period, with the competition's scheme as a file.

    The first filing needs the file. Filing again changes what has not been reported. Periods that were over before the
    first filing are due from today on. Raises Invalid naming the first period that is wrong.
    """
    project = lock_project(project)
    policy_for("project").require(actor, "plan", project)
    slots = plan_slots(project)
    wanted = [planned if fixed else percents.get(start, planned) for start, _end, planned, fixed in slots]
    if problem := schedule.problem_of(wanted):
        index, code = problem
        message = _(WORDS_OF[code])
        raise Invalid(message, fields={field_of(slots[index][0]): [message]})
    store_files(files, actor=actor, project=project, purpose=FilePurpose.PLAN, field="files", now=now)
    if not ProjectFile.objects.filter(project=project, purpose=FilePurpose.PLAN).exists():
        message = _("请上传竞赛方案。")
        raise Invalid(message, fields={"files": [message]})
    there = {p.starts_on: p for p in Period.objects.filter(project=project)}
    fresh = [
        Period(project=project, starts_on=start, ends_on=end, planned=percent,
               due_at=working_deadline(max(end, local_date(now)), project.report_days))
        for (start, end, _planned, _fixed), percent in zip(slots, wanted, strict=True) if start not in there
    ]  # fmt: skip
    Period.objects.bulk_create(fresh)
    changed = [p for (start, *_rest), percent in zip(slots, wanted, strict=True)
               if (p := there.get(start)) and p.planned != percent and not setattr(p, "planned", percent)]  # fmt: skip
    Period.objects.bulk_update(changed, ["planned"])
    is_first = project.plan_filed_at is None
    project.plan_filed_at = project.plan_filed_at or now
    project.save(update_fields=["plan_filed_at", "updated_at"])
    record("competitions.plan.filed", project, actor=actor, now=now, first=is_first, changed=len(changed) + len(fresh))
    return project


def field_of(start: dt.date) -> str:
    """Name of a period's field in the plan's form."""
    return f"p{start:%Y%m}"


@transaction.atomic
def add_milestone(*, actor: Actor, project: KeyProject, title: str, planned_on: dt.date, now: dt.datetime) -> Milestone:
    project = lock_project(project)
    policy_for("project").require(actor, "plan", project)
    row = Milestone.objects.create(
        project=project, title=need(title, "title", _("请填写节点名称。")), planned_on=planned_on
    )
    record("competitions.milestone.added", project, actor=actor, now=now, title=row.title, planned_on=planned_on)
    return row


@transaction.atomic
def finish_milestone(*, actor: Actor, milestone: Milestone, done_on: dt.date, now: dt.datetime) -> Milestone:
    """Registers the day on which a milestone was reached; not in the future."""
    project = lock_project(milestone.project_id)
    policy_for("project").require(actor, "plan", project)
    if done_on > local_date(now):
        message = _("完成日期不能晚于今天。")
        raise Invalid(message, fields={"done_on": [message]})
    milestone = lock_row(Milestone, milestone.pk)
    milestone.done_on = done_on
    milestone.save(update_fields=["done_on"])
    record("competitions.milestone.done", project, actor=actor, now=now, title=milestone.title, done_on=done_on)
    return milestone


@transaction.atomic
def report_period(
    *,
    actor: Actor,
    period: Period,
    figures: Mapping[str, Any],
    words: str,
    difficulties: str,
    now: dt.datetime,
    files: Iterable[Any] = (),
) -> Period:
    """Reports a period (or what was returned). ``figures`` are those of FIGURES; ``percent`` and ``invested`` cumulative.

    Late reports are taken and marked late in the log. Raises Invalid beside the field: a period that has not begun,
    progress below what was accepted before, more hazards fixed than found.
    """
    project = lock_project(period.project_id)
    period = lock_row(Period, period.pk)
    policy_for("period").require(actor, "report", period)
    _check_figures(project, period, figures, now)
    before = {name: getattr(period, name) for name in FIGURES}
    for name in FIGURES:
        setattr(period, name, figures.get(name) if figures.get(name) is not None else before[name])
    period.words, period.difficulties = need(words, "words", _("请填写进展情况。")), difficulties.strip()
    period.state, period.reported_by, period.reported_at, period.opinion = PeriodState.SUBMITTED, actor.user, now, ""
    period.save()
    store_files(files, actor=actor, project=project, purpose=FilePurpose.REPORT, field="files", now=now, period=period)
    after = {name: getattr(period, name) for name in FIGURES}
    record(
        "competitions.period.reported", period, actor=actor, now=now, before=before, after=after,
        late=now > period.due_at,
    )  # fmt: skip
    return period


def _check_figures(project: KeyProject, period: Period, figures: Mapping[str, Any], now: dt.datetime) -> None:
    fields: dict[str, list[str]] = {}
    if local_date(now) < period.starts_on:
        raise Invalid(_("%s还没有开始。") % period.label)
    percent = figures.get("percent")
    if percent is None or not 0 <= percent <= schedule.WHOLE:
        fields["percent"] = [_("形象进度须在0到100之间。")]
    else:
        earlier = Period.objects.filter(project=project, state=PeriodState.ACCEPTED, starts_on__lt=period.starts_on)
        least = max((p.percent for p in earlier), default=Decimal(0))
        if percent < least:
            fields["percent"] = [_("形象进度是累计数，不能低于此前已审核的%s%%。") % f"{least.normalize():f}"]
    if (figures.get("hazards_fixed") or 0) > (figures.get("hazards") or 0):
        fields["hazards_fixed"] = [_("整改数不能多于查出数。")]
    if fields:
        raise Invalid("".join(m for messages in fields.values() for m in messages), fields=fields)


@transaction.atomic
def accept_period(*, actor: Actor, period: Period, now: dt.datetime) -> Period:
    """The report counts from now on: light and curve are drawn from accepted reports only."""
    return _decide(actor, period, PeriodState.ACCEPTED, "", now)


@transaction.atomic
def return_period(*, actor: Actor, period: Period, reason: str, days: int, now: dt.datetime) -> Period:
    """Back to the unit with the reason and ``days`` working days."""
    reason = need(reason, "reason", _("请填写退回意见。"))
    return _decide(actor, period, PeriodState.RETURNED, reason, now, days=days)


def _decide(actor: Actor, period: Period, state: str, opinion: str, now: dt.datetime, *, days: int = 0) -> Period:
    lock_project(period.project_id)
    period = lock_row(Period, period.pk)
    policy_for("period").require(actor, "decide", period)
    period.state, period.opinion, period.decided_by, period.decided_at = state, opinion, actor.user, now
    if days:
        period.due_at = working_deadline(local_date(now), days)
    period.save()
    action = "accepted" if state == PeriodState.ACCEPTED else "returned"
    if action == "accepted":
        record("competitions.period.accepted", period, actor=actor, now=now, percent=period.percent)
    else:
        record("competitions.period.returned", period, actor=actor, now=now, reason=opinion, due_at=period.due_at)
    return period
