"""What waits: entries for the unions below, checks, marks, results and appeals for the host."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.contests import queries
from competitions.contests.enums import CompetitorState, ContestState
from competitions.contests.models import Competitor, Contest, ContestAppeal, HonourCandidate
from portal.core.context import Actor
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _open(actor: Actor, now: dt.datetime) -> QuerySet[Contest]:
    return queries.open_for(actor.path, now).exclude(owner__path=actor.path)


def _to_check(actor: Actor, now: dt.datetime) -> QuerySet[Contest]:
    waiting = Competitor.objects.filter(state=CompetitorState.REGISTERED).values("contest")
    rows = queries.contests().filter(owner__path=actor.path, state=ContestState.REGISTRATION)
    return rows.filter(Q(pk__in=waiting) | Q(entry_until__lte=now))


def _to_run(actor: Actor, now: dt.datetime) -> QuerySet[Contest]:
    states = (ContestState.QUALIFIED, ContestState.DRAWN, ContestState.RUNNING, ContestState.LOCKED)
    return queries.contests().filter(owner__path=actor.path, state__in=states)


def _to_confirm(actor: Actor, now: dt.datetime) -> QuerySet[Contest]:
    return queries.contests().filter(owner__path=actor.path, state=ContestState.PUBLISHED)


def _to_rule(actor: Actor, now: dt.datetime) -> QuerySet[ContestAppeal]:
    return queries.appeals().filter(contest__owner__path=actor.path, ruling="")


NEXT_WORDS = {
    ContestState.QUALIFIED: _("抽签"),
    ContestState.DRAWN: _("开赛"),
    ContestState.RUNNING: _("登记和复核成绩"),
    ContestState.LOCKED: _("公示成绩"),
}


def _item(row: Contest, label: Any, *, due: dt.datetime | None = None) -> WorkItem:
    return WorkItem(row.name, row.get_absolute_url(), label, from_=row.owner.name, since=row.updated_at, due=due)


def _to_draft(actor: Actor, now: dt.datetime) -> QuerySet[HonourCandidate]:
    return queries.honours_to_draft(actor.path)


def _honour_item(row: HonourCandidate, now: dt.datetime) -> WorkItem:
    label = _("起草推荐") if row.unit.is_unit else _("交由单位起草")
    return WorkItem(
        row.competitor.masked_name, row.get_absolute_url(), label, from_=row.competitor.contest.name,
        since=row.proposed_at, note=str(row.get_honour_display()),
    )  # fmt: skip


CONTESTS: dict[str, Any] = {"search": ("name", "number"), "list_url": "competitions:contest.list", "icon": "trophy"}
register_source(
    Source(
        key="contest.enter", title=_("正在报名的技能竞赛"), policy_action="contest.enter", rows=_open,
        item=lambda r, now: _item(r, _("组队报名"), due=r.entry_until), order=95, due="entry_until",
        list_query="state=registration", **CONTESTS,
    ),
    Source(
        key="contest.check", title=_("待资格审核的赛项"), policy_action="contest.manage", rows=_to_check,
        item=lambda r, now: _item(r, _("审核资格")), order=96, list_query="state=registration&mine=on", **CONTESTS,
    ),
    Source(
        key="contest.run", title=_("进行中的赛项"), policy_action="contest.manage", rows=_to_run,
        item=lambda r, now: _item(r, NEXT_WORDS[ContestState(r.state)]), order=97, list_query="mine=on", **CONTESTS,
    ),
    Source(
        key="contest.confirm", title=_("待确认成绩的赛项"), policy_action="contest.manage", rows=_to_confirm,
        item=lambda r, now: _item(r, _("确认成绩")), order=98, list_query="state=published&mine=on", **CONTESTS,
    ),
    Source(
        key="contest.appeal", title=_("待裁决的竞赛申诉"), policy_action="contest_appeal.rule", rows=_to_rule,
        item=lambda r, now: WorkItem(r.contest.name, r.get_absolute_url(), _("裁决"), from_=r.delegation.organisation.name,
                                     since=r.filed_at),
        order=99, search=("contest__name",), list_url="competitions:contest_appeal.list", list_query="open=on",
        icon="gavel",
    ),
    Source(
        key="contest.honour", title=_("竞赛荣誉人选待推荐"), policy_action="contest_honour.hand_down", rows=_to_draft,
        item=_honour_item, order=99, search=("competitor__name", "competitor__contest__name"),
        list_url="competitions:contest_honour.list", list_query="waiting=on", icon="medal",
    ),
)  # fmt: skip
