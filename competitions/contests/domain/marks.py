"""成绩 of a part: entered by one person by form or file, or handed over by a source; confirmed by another person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.contests.domain.plan import lock_contest
from competitions.contests.enums import CompetitorState, ContestState
from competitions.contests.models import Competitor, Contest, ContestPart, PartMark
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for


@dataclass(frozen=True, slots=True)
class Entered:
    """``mark`` of 100, None for an absence; ``seconds`` used, where they were taken."""

    mark: Decimal | None
    seconds: int | None = None
    note: str = ""


def _open_part(part: ContestPart, actor: Actor) -> tuple[Contest, ContestPart]:
    contest = lock_contest(part.contest_id)
    policy_for("contest").require(actor, "manage", contest)
    if contest.state != ContestState.RUNNING:
        raise Conflict(_("只有比赛中的赛项可以登记和复核成绩。"))
    return contest, ContestPart.objects.get(pk=part.pk)


@transaction.atomic
def enter_marks(
    *, actor: Actor, part: ContestPart, marks: Mapping[int, Entered], now: dt.datetime, source: str = ""
) -> ContestPart:
    """Marks of everybody who drew a number, by competitor; replaces what was entered and not yet confirmed.

    Raises Invalid when somebody is missing or a mark is outside 0–100, Conflict once the part is confirmed.
    """
    contest, part = _open_part(part, actor)
    if part.confirmed_at is not None:
        raise Conflict(_("“%s”成绩已经复核，退回后才能修改。") % part.title)
    there = set(
        Competitor.objects.filter(contest=contest, state=CompetitorState.QUALIFIED).values_list("pk", flat=True)
    )
    if there != set(marks):
        raise Invalid(_("须登记全部%d名选手的成绩，缺考的留空并注明。") % len(there))
    if any(e.mark is not None and not 0 <= e.mark <= 100 for e in marks.values()):
        raise Invalid(_("成绩须在0到100之间。"))
    PartMark.objects.filter(part=part).delete()
    PartMark.objects.bulk_create(
        PartMark(part=part, competitor_id=key, mark=e.mark, seconds=e.seconds, note=e.note) for key, e in marks.items()
    )
    part.source, part.entered_by, part.entered_at = source, actor.user, now
    part.save(update_fields=["source", "entered_by", "entered_at"])
    absent = sum(e.mark is None for e in marks.values())
    record("competitions.contest_part.entered", contest, actor=actor, now=now, part=part.title, people=len(marks),
           absent=absent, source=source)  # fmt: skip
    return part


@transaction.atomic
def confirm_part(*, actor: Actor, part: ContestPart, now: dt.datetime) -> ContestPart:
    """复核 by another person than the one who entered (database constraint, too)."""
    contest, part = _open_part(part, actor)
    if part.entered_at is None:
        raise Conflict(_("“%s”还没有登记成绩。") % part.title)
    if part.confirmed_at is not None:
        raise Conflict(_("“%s”成绩已经复核。") % part.title)
    if part.entered_by_id == actor.user_id:
        raise Conflict(_("成绩须由登记人以外的人复核。"))
    part.confirmed_by, part.confirmed_at = actor.user, now
    part.save(update_fields=["confirmed_by", "confirmed_at"])
    record("competitions.contest_part.confirmed", contest, actor=actor, now=now, part=part.title)
    return part


@transaction.atomic
def reopen_part(*, actor: Actor, part: ContestPart, reason: str, now: dt.datetime) -> ContestPart:
    """退回: a confirmed part can be entered again, with the reason on record."""
    contest, part = _open_part(part, actor)
    if not reason.strip():
        raise Invalid(_("请填写退回的理由。"), fields={"reason": [_("请填写退回的理由。")]})
    if part.entered_at is None:
        raise Conflict(_("“%s”还没有登记成绩。") % part.title)
    part.confirmed_by, part.confirmed_at = None, None
    part.save(update_fields=["confirmed_by", "confirmed_at"])
    record("competitions.contest_part.reopened", contest, actor=actor, now=now, part=part.title, reason=reason.strip())
    return part


def hand_over(
    *, actor: Actor, part: ContestPart, source: str, marks: Mapping[int, Decimal], now: dt.datetime
) -> ContestPart:
    """What a MarkSource calls with its totals of 100; who has none was absent. A second person confirms as always."""
    people = Competitor.objects.filter(contest=part.contest_id, state=CompetitorState.QUALIFIED)
    entered = {key: Entered(marks.get(key)) for key in people.values_list("pk", flat=True)}
    return enter_marks(actor=actor, part=part, marks=entered, now=now, source=source)
