"""What waits: problems to pick or mend, invitations, claims to decide, milestones due, results to accept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.challenges import queries
from competitions.challenges.enums import LIVE, ClaimState, ProblemState
from competitions.challenges.models import Challenge, Claim, ClaimMilestone, Problem
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source

SOON = dt.timedelta(days=7)


def _to_pick(actor: Actor, now: dt.datetime) -> QuerySet[Problem]:
    rows = Problem.objects.select_related("owner")
    return rows.filter(checked_at__path=actor.path, state=ProblemState.SUBMITTED)


def _returned(actor: Actor, now: dt.datetime) -> QuerySet[Problem]:
    rows = Problem.objects.select_related("checked_at")
    return rows.filter(owner__path=actor.path, state=ProblemState.RETURNED)


def _invited(actor: Actor, now: dt.datetime) -> QuerySet[Challenge]:
    return queries.invitations(actor.path, local_date(now))


def _claims(state: str) -> Any:
    def rows(actor: Actor, now: dt.datetime) -> QuerySet[Claim]:
        found = Claim.objects.select_related("challenge", "organisation")
        return found.filter(challenge__owner__path=actor.path, state=state, challenge__state__in=LIVE)

    return rows


def _due(actor: Actor, now: dt.datetime) -> QuerySet[ClaimMilestone]:
    return queries.due_milestones(actor.path, local_date(now) + SOON)


def _pick_item(row: Problem, now: dt.datetime) -> WorkItem:
    return WorkItem(row.title, row.get_absolute_url(), _("遴选"), from_=row.owner.name, since=row.submitted_at)


def _returned_item(row: Problem, now: dt.datetime) -> WorkItem:
    return WorkItem(
        row.title, row.get_absolute_url(), _("补充后重新提出"), from_=row.checked_at.name, since=row.picked_at,
        note=row.opinion,
    )  # fmt: skip


def _invited_item(row: Challenge, now: dt.datetime) -> WorkItem:
    return WorkItem(
        row.title, row.get_absolute_url(), _("看榜单，决定是否揭榜"), from_=row.publisher.name, since=row.published_at,
        due=row.claim_until,
    )  # fmt: skip


def _claim_item(label: Any, since: str) -> Any:
    def item(row: Claim, now: dt.datetime) -> WorkItem:
        title = f"{row.challenge.title}：{row.team}"
        return WorkItem(title, row.get_absolute_url(), label, from_=row.organisation.name, since=getattr(row, since))

    return item


def _due_item(row: ClaimMilestone, now: dt.datetime) -> WorkItem:
    title = f"{row.claim.challenge.title}：{row.title}"
    return WorkItem(title, row.claim.get_absolute_url(), _("登记攻关进展"), due=row.due_on)


CLAIMS: dict[str, Any] = {
    "search": ("team", "challenge__title"), "list_url": "competitions:claim.list", "icon": "flag",
}  # fmt: skip
PROBLEMS: dict[str, Any] = {"search": ("title",), "list_url": "competitions:problem.list", "icon": "target-arrow"}

register_source(
    Source(
        key="problem.pick", title=_("待遴选的企业难题"), policy_action="problem.pick", rows=_to_pick, item=_pick_item,
        order=100, list_query="pick=on", **PROBLEMS,
    ),
    Source(
        key="problem.returned", title=_("退回补充的难题"), policy_action="problem.change", rows=_returned,
        item=_returned_item, order=101, list_query="state=returned&mine=on", **PROBLEMS,
    ),
    Source(
        key="challenge.invited", title=_("邀请本工会揭榜"), policy_action="challenge.claim", rows=_invited,
        item=_invited_item, due="claim_until", order=102, search=("title",), list_url="competitions:challenge.list",
        list_query="open=on", icon="speakerphone",
    ),
    Source(
        key="claim.decide", title=_("待确认的揭榜"), policy_action="claim.decide", rows=_claims(ClaimState.SUBMITTED),
        item=_claim_item(_("确认揭榜团队"), "claimed_at"), order=103, list_query="state=submitted&to_us=on", **CLAIMS,
    ),
    Source(
        key="claim.due", title=_("到期的攻关节点"), policy_action="claim.report", rows=_due, item=_due_item,
        due="due_on", order=104, search=("title", "claim__challenge__title"), list_url="competitions:claim.list",
        list_query="state=accepted&ours=on", icon="calendar-due",
    ),
    Source(
        key="claim.judge", title=_("待验收的攻关成果"), policy_action="claim.judge", rows=_claims(ClaimState.DELIVERED),
        item=_claim_item(_("验收成果"), "outcome_at"), order=105, list_query="state=delivered&to_us=on", **CLAIMS,
    ),
)  # fmt: skip
