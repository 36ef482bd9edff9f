"""其他单位: lets everybody but the accounts that ``make demo`` prints do their part of a cycle, by the domain functions.

One person can then tell a whole cycle: the unions and experts whose accounts nobody holds do not keep it waiting.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from decimal import Decimal

from portal.accounts.enums import Role
from portal.accounts.models import Membership, Organisation
from portal.accounts.queries.desks import desk_of
from portal.core.context import Actor
from portal.core.errors import DomainError
from portal.core.scoping import system_scope
from portal.demo.accounts import DEMO_USERNAMES
from portal.lifecycle.blueprints.review_blocks import ChecklistParams
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice import domain as notices
from portal.lifecycle.notice.drafts import local_days, suggested
from portal.lifecycle.notice.models import NoticeKind
from portal.lifecycle.notice.queries import entries_for_local_notice
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.recommendation.domain import endorse_sheet, save_ranking
from portal.lifecycle.review.checklist.domain import Typed, save_items
from portal.lifecycle.review.domain.marking import save_marks, submit_sheet
from portal.lifecycle.review.models import Assignment
from portal.lifecycle.review.sheet import plain

SHOWN_FOR = dt.timedelta(days=16)  # longer than the local notice with any holiday
LEVELS = 6
TOLD_BY = "zhuanjia1"  # the expert whose sheets stay for the person at the demo


def recommend_for_others(*, cycle: Cycle, now: dt.datetime) -> int:
    """Unions without a printed account show, rank and send on what they hold, as far as their places go.

    Returns how many steps entries have made; what found no place stays where it is.
    """
    steps = 0
    with system_scope("the demo acts for unions nobody has the account of"):
        for _level in range(LEVELS):
            holders = _holders(cycle)
            made = sum(_act_for(actor, cycle, now) for actor in holders)
            if not made:
                break
            steps += made
    return steps


def _holders(cycle: Cycle) -> list[Actor]:
    """The checker of every union that holds entries of the cycle and is not run by somebody at the demo."""
    rows = Entry.objects.filter(cycle=cycle, state=EntryState.SUBMITTED).values_list("at_organisation", flat=True)
    found = {}
    members = Membership.objects.filter(organisation__in=set(rows), role=Role.CHECKER, is_active=True)
    for member in members.select_related("organisation", "user").order_by("pk"):
        found.setdefault(member.organisation_id, member)
    return [
        Actor(member.user, desk_of(member)) for member in found.values() if member.user.username not in DEMO_USERNAMES
    ]


def _act_for(actor: Actor, cycle: Cycle, now: dt.datetime) -> int:
    organisation = Organisation.objects.get(pk=actor.desk.organisation_id)
    if local_days(cycle, organisation.level):
        fresh = list(entries_for_local_notice(actor=actor, cycle=cycle))
        if fresh:
            texts = suggested(cycle, organisation, NoticeKind.LOCAL)
            before = now - SHOWN_FOR
            notice = notices.draft_notice(
                cycle=cycle,
                organisation=organisation,
                kind=NoticeKind.LOCAL,
                entries=fresh,
                actor=actor,
                now=before,
                **texts,
            )
            notices.publish_notice(notice=notice, actor=actor, now=before)
            notices.close_notice(notice=notice, actor=actor, now=now)
    tracks = list(cycle.tracks.all()) or [None]
    return sum(_send(actor, cycle, track, now) for track in tracks)


def _send(actor: Actor, cycle: Cycle, track: object, now: dt.datetime) -> int:
    rows = Entry.objects.filter(cycle=cycle, state=EntryState.SUBMITTED, at_organisation=actor.desk.organisation_id)
    order = list((rows.filter(track=track) if track else rows).order_by("pk").values_list("pk", flat=True))
    while order:
        try:
            save_ranking(cycle=cycle, actor=actor, now=now, order=order, track=track)
            break
        except DomainError:
            order = order[:-1]  # more than the places: the last one stays
    if not order:
        return 0
    result = endorse_sheet(
        cycle=cycle, actor=actor, now=now, opinion="情况属实，同意推荐。", vetoes_checked=True, track=track
    )
    return len(result.endorsed)


def mark_for_others(*, cycle: Cycle, now: dt.datetime) -> Counter[str]:
    """Every expert but the first hands in the open sheets of the cycle; returns how many by user name."""
    rng = random.Random(cycle.pk)  # noqa: S311 -- invented marks, not secrets
    done: Counter[str] = Counter()
    quality: dict[int, float] = {}
    with system_scope("the demo acts for the other experts"):
        params = cycle.rules.stage("review").params
        rows = Assignment.objects.filter(panel__stage__cycle=cycle, state="open").exclude(expert__username=TOLD_BY)
        for sheet in rows.select_related("expert", "panel__stage__cycle__blueprint").order_by("pk"):
            member = Membership.objects.filter(user=sheet.expert, role=Role.EXPERT, is_active=True).first()
            actor = Actor(sheet.expert, desk_of(member))
            level = quality.setdefault(sheet.entry_id, rng.uniform(0.68, 0.95))
            if params.checklist is not None:
                save_items(actor=actor, assignment=sheet, typed=_checked(params.checklist, rng, level), now=now)
            else:
                typed = {c.code: _mark(c.max_score, rng.gauss(level, 0.05)) for c in params.rubric}
                save_marks(actor=actor, assignment=sheet, typed=typed, abstained={}, now=now)
            submit_sheet(actor=actor, assignment=sheet, now=now)
            done[sheet.expert.username] += 1
    return done


def _checked(checklist: ChecklistParams, rng: random.Random, level: float) -> Typed:
    """Every item looked at: full marks or a little less on the item's step, no veto found."""
    points, found = {}, {}
    for item in checklist.items:
        if item.veto:
            found[item.code] = "no"
        elif item.mode == "deduct" or rng.random() > level:
            points[item.code] = "0" if item.mode == "deduct" else plain(item.points - item.step)
        else:
            points[item.code] = plain(item.points)
    return Typed(points=points, found=found, words=dict.fromkeys(points, "现场核查，与台账一致。"))


def _mark(most: Decimal, share: float) -> str:
    return str(int(float(most) * min(1.0, max(0.61, share))))
