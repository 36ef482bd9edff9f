"""What waits: reminders to answer for the unit's union, overdue answers and ready enterprises for the unions above."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic import queries
from competitions.nonpublic.enums import AnswerState, Stage, Support
from competitions.nonpublic.models import Cultivated, Reminder, SelfAnswer, SupportStep
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source

AHEAD = dt.timedelta(days=7)


def _to_answer(actor: Actor, now: dt.datetime) -> QuerySet[Reminder]:
    return queries.waiting_reminders(actor.path)


def _overdue(actor: Actor, now: dt.datetime) -> QuerySet[Reminder]:
    return queries.reminders().filter(sent_from__path=actor.path, answered_at=None, due_at__lte=now)


def _ready(actor: Actor, now: dt.datetime) -> QuerySet[Cultivated]:
    return queries.pool().filter(owner__path=actor.path, stage=Stage.READY)


def _steps_due(actor: Actor, now: dt.datetime) -> QuerySet[SupportStep]:
    soon = local_date(now) + AHEAD
    return queries.support_steps().filter(
        weak_unit__owner__path=actor.path, weak_unit__status=Support.ACTIVE, done_on=None, due_on__lte=soon
    )


def _to_assess(actor: Actor, now: dt.datetime) -> QuerySet[SelfAnswer]:
    rows = queries.self_answers().filter(union__path=actor.path, assessment__closed_at=None)
    soon = Q(status=AnswerState.OPEN, assessment__due_on__lte=local_date(now) + AHEAD)
    return rows.filter(soon | Q(status=AnswerState.RETURNED))


def _to_decide(actor: Actor, now: dt.datetime) -> QuerySet[SelfAnswer]:
    return queries.self_answers().filter(
        assessment__policy__owner__path=actor.path, assessment__closed_at=None, status=AnswerState.FILED
    )


def _answer_item(row: SelfAnswer, label: Any) -> WorkItem:
    is_mine = row.status != AnswerState.FILED
    title = str(row.assessment) if is_mine else row.union.name
    note = row.returned_reason if is_mine else str(row.assessment)
    return WorkItem(
        title, row.get_absolute_url(), label, note=note, since=row.filed_at,
        due=row.assessment.due_on if is_mine else None,
    )  # fmt: skip


def _reminder_item(row: Reminder, label: Any) -> WorkItem:
    return WorkItem(
        row.employer.name, row.get_absolute_url(), label, from_=row.sent_from.name if row.sent_from else "",
        since=row.sent_at, due=row.due_at if row.is_open else None,
    )  # fmt: skip


def _ready_item(row: Cultivated, now: dt.datetime) -> WorkItem:
    note = _("条件成熟，请推荐其申报并登记进展")
    return WorkItem(row.employer.name, row.get_absolute_url(), _("推荐申报"), from_=row.coach, note=note)


def _step_item(row: SupportStep, now: dt.datetime) -> WorkItem:
    unit = row.weak_unit
    here = reverse("competitions:weak.done", kwargs={"pk": row.pk})
    return WorkItem(
        f"{unit.employer.name}：{row.words}",
        here,
        _("登记完成"),
        from_=unit.contact,
        since=row.written_at,
        due=row.due_on,
    )


REMINDERS: dict[str, Any] = {
    "due": "due_at", "search": ("employer__name",), "list_url": "competitions:reminder.list", "icon": "bell",
}  # fmt: skip
register_source(
    Source(
        key="reminder.answer", title=_("待反馈的竞赛提醒"), policy_action="reminder.answer", rows=_to_answer,
        item=lambda r, now: _reminder_item(r, _("反馈开展计划")), order=92, list_query="open=on", **REMINDERS,
    ),
    Source(
        key="reminder.late", title=_("逾期未反馈的竞赛提醒"), policy_action="coverage.remind", rows=_overdue,
        item=lambda r, now: _reminder_item(r, _("查看并督促")), order=93, list_query="overdue=on", **REMINDERS,
    ),
    Source(
        key="cultivated.ready", title=_("条件成熟的培育对象"), policy_action="cultivated.step", rows=_ready,
        item=_ready_item, order=94, search=("employer__name",), list_url="competitions:cultivated.list",
        list_query="stage=ready", icon="plant",
    ),
    Source(
        key="selfanswer.write", title=_("待报送的政策落实自评"), policy_action="selfanswer.write", rows=_to_assess,
        item=lambda r, now: _answer_item(r, _("填写自评")), order=96, due="assessment__due_on",
        search=("assessment__policy__title",), list_url="competitions:policy.list", icon="clipboard-check",
    ),
    Source(
        key="selfanswer.decide", title=_("待办理的政策落实自评"), policy_action="selfanswer.decide", rows=_to_decide,
        item=lambda r, now: _answer_item(r, _("查看并确认")), order=97, search=("union__name",),
        list_url="competitions:policy.list", icon="clipboard-check",
    ),
    Source(
        key="weak.step", title=_("到期的帮扶措施"), policy_action="weak.help", rows=_steps_due, item=_step_item, order=95,
        due="due_on", search=("weak_unit__employer__name", "words"), list_url="competitions:weak.list",
        list_query="behind=on", icon="lifebuoy",
    ),
)  # fmt: skip
