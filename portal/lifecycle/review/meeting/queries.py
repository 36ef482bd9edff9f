"""Reading meetings. Counts of a ballot are shown when its round is closed, to nobody before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from portal.core.scoping import system_scope
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
from portal.lifecycle.review.meeting.rules import AGAIN, FAILED, NO_QUORUM, PASSED

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.lifecycle.programmes.models import CycleStage

OUTCOMES = {
    PASSED: _("通过"),
    FAILED: _("未通过"),
    AGAIN: _("未达到要求，可再投一轮"),
    NO_QUORUM: _("投票人数不足，本轮无效"),
}


@dataclass(frozen=True)
class RoundView:
    """One round as everybody may see it; the figures are None while it runs."""

    pk: int
    number: int
    entitled: int
    is_open: bool
    cast: int | None
    yes: int | None
    no: int | None
    abstained: int | None
    outcome: object


@dataclass(frozen=True)
class ItemView:
    item: AgendaItem
    rounds: Sequence[RoundView]
    away: Sequence[Seat]

    @property
    def open_round(self) -> RoundView | None:
        return next((r for r in self.rounds if r.is_open), None)


@dataclass(frozen=True)
class MemberView:
    """What one member sees now. ``hidden``: something is being discussed from which the member keeps away."""

    item: AgendaItem | None
    hidden: bool
    ballot: RoundView | None
    may_vote: bool
    has_voted: bool
    rounds: Sequence[RoundView]


def meetings_of(stage: CycleStage) -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(panel__stage=stage).select_related("panel", "called_by")
    return rows.annotate(
        total=Count("items"), done=Count("items", filter=Q(items__state__in=[ItemState.PASSED, ItemState.FAILED]))
    )


def meetings(*, actor: Actor) -> QuerySet[Meeting]:
    """Meetings of the reviews this desk runs."""
    rows = Meeting.objects.filter(panel__stage__cycle__owner__path=actor.path)
    return rows.select_related("panel__stage__cycle__owner", "panel__stage__cycle__programme", "called_by")


def own_meetings(*, actor: Actor) -> QuerySet[Meeting]:
    """Meetings this expert is a member of."""
    rows = Meeting.objects.filter(members__user=actor.user_id)
    return rows.select_related("panel__stage__cycle__owner", "panel__stage__cycle__programme")


def items(*, actor: Actor) -> QuerySet[AgendaItem]:
    rows = AgendaItem.objects.filter(meeting__panel__stage__cycle__owner__path=actor.path)
    return rows.select_related("meeting__panel__stage__cycle__owner")


def ballots(*, actor: Actor) -> QuerySet[BallotRound]:
    rows = BallotRound.objects.filter(item__meeting__panel__stage__cycle__owner__path=actor.path)
    return rows.select_related("item__meeting__panel__stage__cycle__owner")


def agenda(meeting: Meeting) -> list[ItemView]:
    """The whole agenda for those who lead or supervise (three queries)."""
    rows = AgendaItem.objects.filter(meeting=meeting).prefetch_related("rounds", "seats__member__user")
    return [
        ItemView(item, [round_view(r) for r in item.rounds.all()], [s for s in item.seats.all() if s.keeps_away])
        for item in rows
    ]


def members(meeting: Meeting) -> list[MeetingMember]:
    return list(MeetingMember.objects.filter(meeting=meeting).select_related("user"))


def round_view(row: BallotRound) -> RoundView:
    if row.closed_at is None:
        return RoundView(row.pk, row.number, row.entitled, True, None, None, None, None, "")
    return RoundView(
        row.pk, row.number, row.entitled, False, row.cast, row.yes, row.no, row.abstained, OUTCOMES.get(row.outcome, "")
    )


def member_view(meeting: Meeting, *, actor: Actor) -> MemberView:
    """What this member may see of the item under discussion; nothing of it where the member keeps away."""
    item = AgendaItem.objects.filter(meeting=meeting, state=ItemState.CURRENT).first()
    if item is None:
        with system_scope("whether something is being discussed from which a member keeps away"):
            hidden = AgendaItem.objects.filter(meeting_id=meeting.pk, state=ItemState.CURRENT).exists()
        return MemberView(None, hidden, None, False, False, ())
    rounds = [round_view(r) for r in BallotRound.objects.filter(item=item)]
    running = next((r for r in rounds if r.is_open), None)
    seat = Seat.objects.filter(item=item, member__user=actor.user_id, keeps_away="").select_related("member").first()
    voted = running is not None and Turnout.objects.filter(round_id=running.pk, seat=seat).exists()
    may_vote = running is not None and seat is not None and seat.member.is_present and not voted
    return MemberView(item, False, running, may_vote, voted, rounds)


def is_running(meeting: Meeting) -> bool:
    return meeting.state == MeetingState.UNDER_WAY
