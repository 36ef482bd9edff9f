"""What may happen in a review besides marking: a severe and a lenient expert, a re-marking, a meeting under way."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from portal.core.context import Actor
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.discussion.domain import raise_discussion
from portal.lifecycle.review.domain.marking import save_marks, sheet_of, submit_sheet
from portal.lifecycle.review.meeting import domain as meetings
from portal.lifecycle.review.meeting.models import AgendaItem, MeetingMember
from portal.lifecycle.review.models import Assignment, AssignmentState, Panel
from portal.lifecycle.review.remarking.domain import apply_remarking, open_remarking

if TYPE_CHECKING:
    from portal.demo.story import Story

HOUR = dt.timedelta(hours=1)
LEANS = (-0.09, 0.08)  # the first expert is severe, the second lenient


def _done(story: Story) -> list[Entry]:
    """Entries whose sheets are all in."""
    open_ones = Q(assignments__state=AssignmentState.OPEN)
    rows = Entry.objects.filter(cycle=story.cycle, state=EntryState.IN_REVIEW, assignments__isnull=False)
    return list(rows.annotate(left=Count("assignments", filter=open_ones)).filter(left=0).order_by("pk"))


def mark_again(story: Story) -> None:
    """Two entries are given back because the experts read a criterion differently; the new marks are taken."""
    manager, stage = story.federation.manager, story.cycle.stages.get(kind="review")
    experts = {expert.user.pk: expert for expert in story.federation.experts}
    chosen = _done(story)[:2]
    found = open_remarking(
        actor=manager, stage=stage, entries=[entry.pk for entry in chosen], now=story.clock,
        reason="专家对“效益与带动”一项是否计入间接效益理解不一致，统一口径后重新评定。",
    )  # fmt: skip
    story.clock += HOUR
    for assignment in Assignment.objects.filter(entry__in=chosen, state=AssignmentState.OPEN).order_by("pk"):
        actor, typed = experts[assignment.expert_id], _raised(assignment)
        save_marks(actor=actor, assignment=assignment, typed=typed, abstained={}, now=story.clock)
        submit_sheet(actor=actor, assignment=assignment, now=story.clock)
    reason = "口径已统一，各专家均已重新提交。"
    apply_remarking(actor=manager, remarking=found, reason=reason, now=story.clock + HOUR)
    story.clock += 2 * HOUR


def _raised(assignment: Assignment) -> dict[str, str]:
    """Three points more on the second criterion, as far as it goes."""
    line = sheet_of(assignment).lines[1]
    return {line.criterion.code: str(int(min(line.criterion.max_score, line.mark.value + 3)))}


def meet(story: Story, panel: Panel) -> None:
    """The panel meets over entries that are marked: one item is passed, the next is being voted on."""
    manager, stage = story.federation.manager, story.cycle.stages.get(kind="review")
    experts = {expert.user.pk: expert for expert in story.federation.experts}
    chosen = _done(story)[:6]
    raise_discussion(
        actor=manager,
        entry=chosen[3],
        stage=stage,
        now=story.clock,
        reason="两位专家对核心成果的原创性判断相差悬殊，请合议。",
    )
    begin = story.federation.now - HOUR
    meeting = meetings.call_meeting(
        actor=manager, panel=panel, title=f"{story.cycle}专家评审会", place="市总工会三楼会议室", starts_at=begin,
        entries=[entry.pk for entry in chosen], now=begin - 24 * HOUR,
    )  # fmt: skip
    everybody = list(MeetingMember.objects.filter(meeting=meeting).values_list("pk", flat=True))
    meetings.open_meeting(actor=manager, meeting=meeting, present=everybody, now=begin)
    first, second = AgendaItem.objects.filter(meeting=meeting).order_by("position")[:2]
    ballot = _vote(story, first, experts, ("yes",) * 20)
    note = "经合议，认定成果原创性成立，维持评分。"
    meetings.close_ballot(actor=manager, ballot=ballot, note=note, now=story.federation.now - HOUR / 2)
    _vote(story, second, experts, ("yes", "yes", "no"))


def _vote(story: Story, item: AgendaItem, experts: dict[int, Actor], choices: tuple[str, ...]) -> object:
    manager, now = story.federation.manager, story.federation.now - HOUR / 2
    meetings.take_up(actor=manager, item=item, now=now)
    ballot = meetings.open_ballot(actor=manager, item=item, now=now)
    seats = item.seats.filter(keeps_away="").select_related("member").order_by("pk")
    for seat, choice in zip(seats, choices, strict=False):
        meetings.cast_ballot(actor=experts[seat.member.user_id], ballot=ballot, choice=choice, now=now)
    return ballot
