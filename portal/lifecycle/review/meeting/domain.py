"""Calling and leading a meeting, and casting a ballot. Everything runs under the meeting's lock, so acts follow one another.

Anonymous: a ballot raises one of three counters under the lock; that a member has voted is kept – without choice or time –
only until the round is closed. The audit log says that a ballot was cast, never by whom, from where or for what.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import PUBLIC, request_context
from portal.core.db import lock_row
from portal.core.decisions import refuse
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import policy_for
from portal.core.scoping import system_scope
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.discussion.models import Discussion
from portal.lifecycle.review.meeting.models import (
    AgendaItem,
    BallotRound,
    ItemState,
    Meeting,
    MeetingMember,
    MeetingState,
    Seat,
    Turnout,
)
from portal.lifecycle.review.meeting.rules import FAILED, NO_QUORUM, PASSED, outcome
from portal.lifecycle.review.models import Panel
from portal.lifecycle.review.queries.conflicts import PanelCase, panel_case

if TYPE_CHECKING:
    from portal.core.context import Actor

CHOICES = {"yes": "yes", "no": "no", "abstain": "abstained"}
MAX_NOTE = 500


def call_meeting(
    *, actor: Actor, panel: Panel, title: str, place: str, starts_at: dt.datetime, entries: Iterable[int], now: dt.datetime
) -> Meeting:  # fmt: skip
    """A meeting of the panel's members over these entries; who must keep away from one is seated without seeing it.

    Entries under re-discussion come first. Raises Conflict where the blueprint knows no meeting, Invalid without entries.
    """
    policy_for("meeting").require(actor, "meeting.lead", panel.stage)
    params = params_of(panel.stage).meeting
    if params is None:
        raise Conflict(_("本届评审没有设评审会。"))
    with transaction.atomic():
        case, wanted = panel_case(panel), {str(pk) for pk in entries}
        if not wanted or wanted - case.entries.keys():
            raise Invalid(_("请选择本评审组在评的申报件。"), fields={"entries": [_("请至少选择一件。")]})
        meeting = Meeting.objects.create(
            panel=panel, title=title.strip(), place=place.strip(), starts_at=starts_at, quorum=params.quorum,
            majority=params.majority, rounds=params.rounds, called_by=actor.user,
        )  # fmt: skip
        members = {
            key: MeetingMember.objects.create(meeting=meeting, user=m.expert, is_chair=m.is_chair)
            for key, m in case.members.items()
        }
        _seat(meeting, case, members, wanted)
        record(
            "lifecycle.meeting.called", meeting, actor=actor, now=now, title=meeting.title, items=len(wanted),
            members=[m.user_id for m in members.values()],
        )  # fmt: skip
        return meeting


def _seat(meeting: Meeting, case: PanelCase, members: dict[str, MeetingMember], wanted: set[str]) -> None:
    first = {
        str(pk)
        for pk in Discussion.objects.filter(entry__in=[int(k) for k in wanted], settled_at=None).values_list(
            "entry_id", flat=True
        )
    }
    order = sorted((e for e in case.to_review if e.code in wanted), key=lambda e: e.code not in first)
    experts = {e.code: e for e in case.experts}
    for position, to_review in enumerate(order, 1):
        entry = case.entries[to_review.code]
        label = entry.review_code if case.params.blind else f"{entry.title}（{entry.organisation.name}）"
        item = AgendaItem.objects.create(meeting=meeting, entry=entry, position=position, label=label[:300])
        Seat.objects.bulk_create(
            Seat(item=item, member=member, keeps_away=case.reason(to_review, experts[key])[:300])
            for key, member in members.items()
        )


def open_meeting(*, actor: Actor, meeting: Meeting, present: Iterable[int], now: dt.datetime) -> Meeting:
    """Begins the meeting and notes who has come (member ids). Conflict when it has begun; Invalid without quorum."""
    with transaction.atomic():
        locked = _lock(actor, meeting, MeetingState.PLANNED)
        members = MeetingMember.objects.filter(meeting=locked)
        here = members.filter(pk__in=list(present))
        if not here.exists():
            raise Invalid(_("请勾选到会评委。"), fields={"present": [_("请勾选到会评委。")]})
        here.update(is_present=True)
        locked.state, locked.opened_at = MeetingState.UNDER_WAY, now
        locked.save(update_fields=["state", "opened_at"])
        record("lifecycle.meeting.opened", locked, actor=actor, now=now, present=here.count(), members=members.count())
        return locked


def close_meeting(*, actor: Actor, meeting: Meeting, now: dt.datetime) -> Meeting:
    """Ends the meeting. Conflict while a ballot runs; what was not taken up stays undecided."""
    with transaction.atomic():
        locked = _lock(actor, meeting)
        if BallotRound.objects.filter(item__meeting=locked, closed_at=None).exists():
            raise Conflict(_("正在表决，请先结束本轮投票。"))
        AgendaItem.objects.filter(meeting=locked, state=ItemState.CURRENT).update(state=ItemState.PUT_OFF)
        locked.state, locked.closed_at = MeetingState.CLOSED, now
        locked.save(update_fields=["state", "closed_at"])
        record("lifecycle.meeting.closed", locked, actor=actor, now=now)
        return locked


def take_up(*, actor: Actor, item: AgendaItem, now: dt.datetime) -> AgendaItem:
    """Makes an item the one under discussion; the one before, if undecided, is put off. Conflict while a ballot runs."""
    with transaction.atomic():
        meeting = _lock(actor, item.meeting)
        if BallotRound.objects.filter(item__meeting=meeting, closed_at=None).exists():
            raise Conflict(_("正在表决，请先结束本轮投票。"))
        locked = lock_row(AgendaItem, item.pk)
        if locked.state in {ItemState.PASSED, ItemState.FAILED}:
            raise Conflict(_("这项议题已经表决完毕。"))
        others = AgendaItem.objects.filter(meeting=meeting, state=ItemState.CURRENT).exclude(pk=locked.pk)
        others.update(state=ItemState.PUT_OFF)
        locked.state, locked.taken_up_at = ItemState.CURRENT, locked.taken_up_at or now
        locked.save(update_fields=["state", "taken_up_at"])
        record("lifecycle.meeting.taken_up", meeting, actor=actor, now=now, entry=locked.entry_id)
        return locked


def put_off(*, actor: Actor, item: AgendaItem, note: str, now: dt.datetime) -> AgendaItem:
    """Leaves the item undecided (缓议) with what was said. Conflict while a ballot runs or when it is not discussed."""
    with transaction.atomic():
        _lock(actor, item.meeting)
        locked = _current(item)
        locked.state, locked.note = ItemState.PUT_OFF, note.strip()[:MAX_NOTE]
        locked.save(update_fields=["state", "note"])
        record("lifecycle.meeting.put_off", item.meeting, actor=actor, now=now, entry=locked.entry_id)
        return locked


def open_ballot(*, actor: Actor, item: AgendaItem, now: dt.datetime) -> BallotRound:
    """Begins the next round on the item under discussion; entitled are all members who need not keep away."""
    with transaction.atomic():
        meeting = _lock(actor, item.meeting)
        locked = _current(item)
        held = BallotRound.objects.filter(item=locked)
        if held.exclude(outcome=NO_QUORUM).count() >= meeting.rounds:
            raise Conflict(_("本议题的投票轮次已用完。"))
        entitled = Seat.objects.filter(item=locked, keeps_away="").count()
        number = (held.aggregate(last=Max("number"))["last"] or 0) + 1
        found = BallotRound.objects.create(item=locked, number=number, entitled=entitled, opened_at=now)
        record(
            "lifecycle.meeting.ballot_opened", meeting, actor=actor, now=now, entry=locked.entry_id, number=number
        )  # fmt: skip
        return found


def cast_ballot(*, actor: Actor, ballot: BallotRound, choice: str, now: dt.datetime) -> None:
    """Counts one ballot of a member who is present and entitled. It cannot be changed or found again.

    Raises Invalid without a choice, Refused for whoever must keep away or is absent, Conflict when the round is closed or
    the member has voted (two requests at once: the constraint lets one through).
    """
    if choice not in CHOICES:
        raise Invalid(_("请选择同意、不同意或弃权。"), fields={"choice": [_("请选择。")]})
    seat = Seat.objects.filter(
        item_id=ballot.item_id, member__user=actor.user_id, member__is_present=True, keeps_away=""
    ).first()  # fmt: skip
    if seat is None:
        raise Refused(refuse("no_vote", _("您须回避本议题，或没有登记到会，不能投票。")))
    with transaction.atomic(), system_scope("a ballot is counted for a member who may not change the round"):
        locked = lock_row(BallotRound, ballot.pk)
        if locked.closed_at is not None:
            raise Conflict(_("本轮投票已经结束。"), code="closed")
        try:
            with transaction.atomic():
                Turnout.objects.create(round=locked, seat=seat)
        except IntegrityError:
            raise Conflict(_("您已经投过票，每轮只能投一次。"), code="voted") from None
        BallotRound.objects.filter(pk=locked.pk).update(**{CHOICES[choice]: F(CHOICES[choice]) + 1})
        with request_context():  # no person, no address, no choice
            record("lifecycle.meeting.ballot_cast", locked.item.meeting, actor=PUBLIC, now=now, number=locked.number)


def close_ballot(*, actor: Actor, ballot: BallotRound, note: str, now: dt.datetime) -> BallotRound:
    """Ends the round, counts, and removes who has voted. Conflict when it is closed already."""
    with transaction.atomic():
        meeting = _lock(actor, ballot.item.meeting)
        locked = lock_row(BallotRound, ballot.pk)
        if locked.closed_at is not None:
            raise Conflict(_("本轮投票已经结束。"), code="closed")
        counted = BallotRound.objects.filter(item=locked.item_id, closed_at__isnull=False).exclude(outcome=NO_QUORUM)
        locked.outcome = outcome(
            yes=locked.yes, cast=locked.cast, entitled=locked.entitled, quorum=meeting.quorum,
            majority=meeting.majority, number=counted.count() + 1, rounds=meeting.rounds,
        )  # fmt: skip
        locked.closed_at = now
        locked.save(update_fields=["outcome", "closed_at"])
        Turnout.objects.filter(round=locked).delete()
        item = lock_row(AgendaItem, locked.item_id)
        if note.strip():
            item.note = note.strip()[:MAX_NOTE]
        if locked.outcome in {PASSED, FAILED}:
            item.state = ItemState.PASSED if locked.outcome == PASSED else ItemState.FAILED
        item.save(update_fields=["note", "state"])
        record(
            "lifecycle.meeting.ballot_closed", meeting, actor=actor, now=now, entry=item.entry_id, number=locked.number,
            yes=locked.yes, no=locked.no, abstained=locked.abstained, entitled=locked.entitled, outcome=locked.outcome,
        )  # fmt: skip
        return locked


def _lock(actor: Actor, meeting: Meeting, state: MeetingState = MeetingState.UNDER_WAY) -> Meeting:
    locked = lock_row(Meeting, meeting.pk)
    policy_for("meeting").require(actor, "meeting.lead", locked)
    if locked.state != state:
        raise Conflict(_("评审会现为“%s”，不能办理。") % locked.get_state_display(), code="state")
    return locked


def _current(item: AgendaItem) -> AgendaItem:
    locked = lock_row(AgendaItem, item.pk)
    if locked.state != ItemState.CURRENT:
        raise Conflict(_("这项议题不在讨论中。"), code="state")
    if BallotRound.objects.filter(item=locked, closed_at=None).exists():
        raise Conflict(_("本议题正在表决。"), code="voting")
    return locked
