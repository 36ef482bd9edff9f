"""Raising and settling a re-discussion, each under the entry's lock (completing the review takes the same)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import policy_for
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.discussion.models import Discussion
from portal.lifecycle.review.discussion.policies import may_raise

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.programmes.models import CycleStage

MAX_TEXT = 300


def raise_discussion(*, actor: Actor, entry: Entry, stage: CycleStage, reason: str, now: dt.datetime) -> Discussion:
    """Marks an entry as to be talked about again; the organiser or the chair of a panel that reviews it.

    Raises Invalid without a reason, Conflict when the entry is not under review or is marked already, Refused by policy.
    """
    reason = _text(reason, "reason", _("请写明复议原因。"))
    with transaction.atomic():
        locked = lock_row(Entry, entry.pk)
        decision = may_raise(actor, locked, stage)
        if not decision:
            raise Refused(decision)
        if locked.state != EntryState.IN_REVIEW:
            raise Conflict(_("申报件不在评审中，不能提出复议。"))
        try:
            with transaction.atomic():
                found = Discussion.objects.create(
                    entry=locked, stage=stage, reason=reason, raised_by=actor.user, raised_at=now
                )
        except IntegrityError:
            raise Conflict(_("这份申报件已经在复议中。")) from None
        record("lifecycle.discussion.raised", found, actor=actor, now=now, entry=locked.pk, reason=reason)
        return found


def settle_discussion(*, actor: Actor, discussion: Discussion, outcome: str, now: dt.datetime) -> Discussion:
    """The organiser notes what the discussion came to. Conflict when somebody has done so before."""
    outcome = _text(outcome, "outcome", _("请写明复议结论。"))
    with transaction.atomic():
        lock_row(Entry, discussion.entry_id)
        locked = lock_row(Discussion, discussion.pk)
        policy_for("review").require(actor, "review.organise", locked.stage)
        if locked.settled_at is not None:
            raise Conflict(_("这项复议已经办结。"))
        locked.outcome, locked.settled_by, locked.settled_at = outcome, actor.user, now
        locked.save(update_fields=["outcome", "settled_by", "settled_at"])
        record("lifecycle.discussion.settled", locked, actor=actor, now=now, entry=locked.entry_id, outcome=outcome)
        return locked


def _text(text: str, name: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(missing, fields={name: [missing]})
    if len(text) > MAX_TEXT:
        long = _("最多%(most)s字，现在是%(n)s字。") % {"most": MAX_TEXT, "n": len(text)}
        raise Invalid(long, fields={name: [long]})
    return text
