"""摘牌 by two people; change of the leader and end of a studio, asked for by the unit; what ends with a studio."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from innovations.studios.domain.common import attach, invalid, locked, tell, too_late
from innovations.studios.enums import (
    OPEN_FOR_STUDIO,
    OPEN_FOR_UNION,
    CheckStatus,
    RequestKind,
    Step,
    StudioStatus,
)
from innovations.studios.models import AllianceMember, Studio, StudioRemoval, StudioRequest, YearCheck
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

MIN_REASON = 5


@transaction.atomic
def propose_removal(*, actor: Actor, studio: Studio, reason: str, now: dt.datetime) -> StudioRemoval:
    """Proposes to take the plate away. Raises Invalid without a reason."""
    row = locked(actor, "propose", studio)
    reason = reason.strip()[:300]
    if len(reason) < MIN_REASON:
        raise invalid({"reason": [_("请写明摘牌的事实和理由，至少%d个字。") % MIN_REASON]})
    removal = StudioRemoval.objects.create(
        studio=row, reason=reason, was=row.status, proposed_by=actor.user, proposed_at=now
    )
    row.status = StudioStatus.PROPOSED
    row.save()
    tell(row, Step.PROPOSED, reason, actor=actor, now=now)
    record("innovations.studio.removal_proposed", row, actor=actor, now=now, reason=reason)
    return removal


@transaction.atomic
def decide_removal(
    *, actor: Actor, removal: StudioRemoval, agreed: bool, words: str, now: dt.datetime
) -> StudioRemoval:
    """A second person agrees, or keeps the studio with a reason. What a conferral gave is revoked where it was
    conferred: raises Invalid.
    """
    studio = lock_row(Studio, removal.studio_id)
    row = lock_row(StudioRemoval, removal.pk)
    policy_for("studio").require(actor, "remove", row)
    if agreed and studio.entry_id is not None and studio.named_by_id == studio.entry.cycle.owner_id:
        raise Invalid(_("这是经评选命名的工作室，请在命名决定中办理撤销；撤销后这里自动摘牌。"))
    if not agreed and not words.strip():
        raise invalid({"words": [_("不予摘牌的，请说明理由。")]})
    row.agreed, row.decided_words, row.decided_by, row.decided_at = agreed, words.strip(), actor.user, now
    row.save()
    if agreed:
        _end(studio, StudioStatus.REMOVED, row.reason, now)
        tell(studio, Step.REMOVED, row.reason, actor=actor, now=now)
        record("innovations.studio.removed", studio, actor=actor, now=now, reason=row.reason)
    else:
        studio.status = row.was
        studio.save()
        tell(studio, Step.KEPT, row.decided_words, actor=actor, now=now)
        record("innovations.studio.kept", studio, actor=actor, now=now, words=row.decided_words)
    return row


def _end(studio: Studio, status: str, reason: str, now: dt.datetime) -> None:
    """Open checks are dropped, alliances left, nothing is deleted."""
    today = local_date(now)
    studio.status, studio.mend_until, studio.ended_on, studio.ended_reason = status, None, today, reason[:300]
    studio.save()
    still_open = (*OPEN_FOR_STUDIO, *OPEN_FOR_UNION)
    YearCheck.objects.filter(studio=studio, status__in=still_open).update(status=CheckStatus.DROPPED)
    AllianceMember.objects.filter(studio=studio, left_on=None).update(left_on=today)


def take_away_conferred(*, entry: Any, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Follows the revocation of the honour: the plate is gone, and with it an open proposal."""
    studio = Studio.objects.select_for_update(of=("self",)).filter(entry=entry).first()
    if studio is None or studio.has_ended:
        return
    StudioRemoval.objects.filter(studio=studio, agreed=None).update(
        agreed=True, decided_words=_("随撤销荣誉办理。"), decided_at=now
    )
    _end(studio, StudioStatus.REMOVED, reason, now)
    tell(studio, Step.REMOVED, reason, actor=actor, now=now)
    record("innovations.studio.removed", studio, actor=actor, now=now, reason=reason[:300])


@transaction.atomic
def ask_change(
    *, actor: Actor, studio: Studio, facts: dict[str, Any], file: Any = None, now: dt.datetime
) -> StudioRequest:
    """``facts``: kind, reason, on, words, new_leader, new_post, new_honour. One open request at a time."""
    row = locked(actor, "ask", studio)
    wrong: dict[str, list[str]] = {}
    if facts["kind"] == RequestKind.LEADER and not facts["new_leader"].strip():
        wrong["new_leader"] = [_("请填写新的领衔人。")]
    elif facts["kind"] == RequestKind.LEADER and facts["new_leader"].strip() == row.leader:
        wrong["new_leader"] = [_("新的领衔人与现在相同。")]
    if not facts["words"].strip():
        wrong["words"] = [_("请说明情况。")]
    if messages := too_late(facts["on"], local_date(now)):
        wrong["on"] = messages
    if StudioRequest.objects.filter(studio=row, agreed=None).exists():
        wrong["kind"] = [_("还有一项申请没有审核，请等审核后再提。")]
    if wrong:
        raise invalid(wrong)
    request = StudioRequest(studio=row, entered_by=actor.user, entered_at=now, **facts)
    attach(request, file)
    request.save()
    words = f"{request.get_kind_display()}：{request.get_reason_display()}"
    tell(row, Step.ASKED, words, actor=actor, now=now)
    record("innovations.studio.change_asked", row, actor=actor, now=now, kind=request.kind, reason=request.reason)
    return request


@transaction.atomic
def decide_change(
    *, actor: Actor, request: StudioRequest, agreed: bool, opinion: str, now: dt.datetime
) -> StudioRequest:
    """The union that named the studio agrees (the leader changes, or the studio ends) or refuses with a reason."""
    studio = lock_row(Studio, request.studio_id)
    row = lock_row(StudioRequest, request.pk)
    policy_for("studio").require(actor, "decide", row)
    if not agreed and not opinion.strip():
        raise invalid({"opinion": [_("不同意的，请说明理由。")]})
    if studio.has_ended:
        raise Invalid(_("工作室已摘牌或注销。"))
    row.agreed, row.opinion, row.decided_by, row.decided_at = agreed, opinion.strip(), actor.user, now
    row.save()
    if not agreed:
        tell(studio, Step.REFUSED, row.opinion, actor=actor, now=now)
        record("innovations.studio.change_refused", studio, actor=actor, now=now, words=row.opinion)
    elif row.kind == RequestKind.LEADER:
        before = studio.leader
        studio.leader, studio.leader_post, studio.leader_honour = row.new_leader, row.new_post, row.new_honour
        studio.honour_item = None
        studio.save()
        tell(studio, Step.LEADER, f"{before} → {studio.leader}", actor=actor, now=now)
        record("innovations.studio.leader_changed", studio, actor=actor, now=now, was=before, leader=studio.leader)
    else:
        StudioRemoval.objects.filter(studio=studio, agreed=None).update(
            agreed=False, decided_words=_("工作室已注销。"), decided_at=now
        )
        _end(studio, StudioStatus.CLOSED, row.words, now)
        tell(studio, Step.CLOSED, row.words, actor=actor, now=now)
        record("innovations.studio.closed", studio, actor=actor, now=now, reason=row.reason)
    return row
