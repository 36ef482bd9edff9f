"""What happens after filing: the union above accepts or returns, the federation plans, the host starts and archives."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.filings.domain.files import need
from competitions.filings.domain.moving import lock_filing, move
from competitions.filings.domain.reports import owe_reports, working_deadline
from competitions.filings.models import Amendment, CompetitionFiling
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for


@transaction.atomic
def accept_filing(*, actor: Actor, filing: CompetitionFiling, opinion: str = "", now: dt.datetime) -> CompetitionFiling:
    """同意备案: from now on teams register, and the reports of its phases are owed."""
    filing = lock_filing(filing)
    policy_for("filing").require(actor, "decide", filing)
    move(
        filing, "accept", actor=actor, now=now, text=opinion, decided_at=now, decided_by=actor.user,
        opinion=opinion.strip(), correct_by=None,
    )  # fmt: skip
    owe_reports(filing, now=now)
    return filing


@transaction.atomic
def return_filing(
    *, actor: Actor, filing: CompetitionFiling, reason: str, days: int, now: dt.datetime
) -> CompetitionFiling:
    """退回补正 with the reason and ``days`` working days."""
    filing = lock_filing(filing)
    policy_for("filing").require(actor, "decide", filing)
    reason = need(reason, "reason", _("请填写退回原因。"))
    return move(
        filing, "return", actor=actor, now=now, text=reason, decided_at=now, decided_by=actor.user, opinion=reason,
        correct_by=working_deadline(local_date(now), days),
    )  # fmt: skip


@transaction.atomic
def plan_filing(*, actor: Actor, filing: CompetitionFiling, is_planned: bool, now: dt.datetime) -> CompetitionFiling:
    """纳入市级计划, or out of it again. Raises Conflict when it is so already."""
    filing = lock_filing(filing)
    policy_for("filing").require(actor, "plan", filing)
    if (filing.in_city_plan_at is not None) == is_planned:
        raise Conflict(_("已经纳入市级计划。") if is_planned else _("没有纳入市级计划。"))
    filing.in_city_plan_at = now if is_planned else None
    filing.save(update_fields=["in_city_plan_at", "updated_at"])
    record("competitions.filing.planned", filing, actor=actor, now=now, is_planned=is_planned)
    return filing


@transaction.atomic
def start_filing(*, actor: Actor, filing: CompetitionFiling, now: dt.datetime) -> CompetitionFiling:
    """启动: not before its first day. Raises Invalid then."""
    filing = lock_filing(filing)
    policy_for("filing").require(actor, "start", filing)
    if filing.starts_on and local_date(now) < filing.starts_on:
        raise Invalid(_("竞赛%s开始，还不能启动；如提前举办请先办理变更。") % filing.starts_on)
    return move(filing, "start", actor=actor, now=now)


@transaction.atomic
def archive_filing(*, actor: Actor, filing: CompetitionFiling, now: dt.datetime) -> CompetitionFiling:
    """归档: from now on it can only be read – and copied."""
    filing = lock_filing(filing)
    policy_for("filing").require(actor, "archive", filing)
    return move(filing, "archive", actor=actor, now=now, archived_at=now)


@transaction.atomic
def note_amendment(*, actor: Actor, amendment: Amendment, now: dt.datetime) -> Amendment:
    """The union above has taken note of a change. Raises Conflict the second time."""
    filing = lock_filing(amendment.filing_id)
    policy_for("amendment").require(actor, "note", amendment)
    amendment = lock_row(Amendment, amendment.pk)
    if amendment.noted_at is not None:
        raise Conflict(_("这项变更已经登记知悉。"))
    amendment.noted_at, amendment.noted_by = now, actor.user
    amendment.save(update_fields=["noted_at", "noted_by"])
    record("competitions.filing.amendment_noted", filing, actor=actor, now=now, reason=amendment.reason)
    return amendment
