"""摘牌: one person proposes with a reason, a second one decides."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.labels.domain.teams import invalid, mark_removed
from competitions.labels.enums import LabelStatus, RecheckStatus, Step
from competitions.labels.models import LabelRemoval, Recheck, RecheckStep, TeamLabel
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

MIN_REASON = 5


def _reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise invalid({"reason": [_("请写明摘牌的事实和理由，至少%d个字。") % MIN_REASON]})
    return reason[:300]


@transaction.atomic
def propose_removal(*, actor: Actor, label: TeamLabel, reason: str, now: dt.datetime) -> LabelRemoval:
    """Proposes to take a label away; an open re-check of it waits for the decision. Raises Invalid without a reason."""
    label = lock_row(TeamLabel, label.pk)
    policy_for("teamlabel").require(actor, "propose", label)
    removal = LabelRemoval.objects.create(label=label, reason=_reason(reason), proposed_by=actor.user, proposed_at=now)
    label.status = LabelStatus.PROPOSED
    label.save()
    for recheck in _open_rechecks(label):
        recheck.status = RecheckStatus.PROPOSED
        recheck.save()
        RecheckStep.objects.create(recheck=recheck, step=Step.PROPOSED, words=removal.reason, at=now, by=actor.user)
    record("competitions.label.removal_proposed", label, actor=actor, now=now, reason=removal.reason)
    return removal


def _open_rechecks(label: TeamLabel) -> list[Recheck]:
    ended = (RecheckStatus.CONFIRMED, RecheckStatus.REMOVED)
    return list(Recheck.objects.select_for_update(of=("self",)).filter(label=label).exclude(status__in=ended))


@transaction.atomic
def decide_removal(*, actor: Actor, removal: LabelRemoval, agreed: bool, words: str, now: dt.datetime) -> LabelRemoval:
    """A second person agrees or keeps the label. Raises Invalid for an honour that a conferral gave: it is revoked
    where it was conferred, and the label follows.
    """
    row = lock_row(LabelRemoval, removal.pk)
    policy_for("teamlabel").require(actor, "decide", row)
    label = lock_row(TeamLabel, row.label_id)
    if agreed and label.entry_id is not None:
        raise Invalid(_("这是经评选授予的荣誉，请在命名决定中办理撤销；撤销后这里自动摘牌。"))
    if not agreed and not words.strip():
        raise invalid({"words": [_("不予摘牌的，请说明理由。")]})
    row.agreed, row.decided_words, row.decided_by, row.decided_at = agreed, words.strip(), actor.user, now
    row.save()
    for recheck in _open_rechecks(label):
        step = Step.REMOVED if agreed else Step.KEPT
        RecheckStep.objects.create(recheck=recheck, step=step, words=row.decided_words, at=now, by=actor.user)
        if not agreed:
            recheck.status = RecheckStatus.FILED if recheck.filed_at else RecheckStatus.WAITING
            recheck.save()
    if agreed:
        mark_removed(label=label, reason=row.reason, actor=actor, now=now)
    else:
        label.status = LabelStatus.VALID
        label.save()
        record("competitions.label.kept", label, actor=actor, now=now, words=row.decided_words)
    return row
