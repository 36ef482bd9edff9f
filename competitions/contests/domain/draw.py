"""抽签: numbers, codes, sessions and benches from one recorded seed."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.contests import drawing
from competitions.contests.domain.plan import advance, lock_contest
from competitions.contests.enums import CompetitorState, ContestState
from competitions.contests.models import Competitor, Contest, ContestPart, ContestSession, SessionPlace
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.errors import Conflict
from portal.core.policies import policy_for


@transaction.atomic
def draw(*, actor: Actor, contest: Contest, now: dt.datetime, seed: str = "") -> Contest:
    """Draws once: the seed goes into the contest and the audit chain, so that anybody can repeat the draw.

    Every part needs as many benches as there are competitors. Raises Conflict otherwise, or when it was drawn already.
    """
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    if contest.drawn_at is not None:
        raise Conflict(_("已经抽过签，不能重抽。"))
    people = list(Competitor.objects.filter(contest=contest, state=CompetitorState.QUALIFIED))
    seed = seed or secrets.token_hex(32)
    keys = [person.pk for person in people]
    numbers, codes = drawing.numbers(seed, keys), drawing.codes(seed, keys)
    for person in people:
        person.draw_number, person.code = numbers[person.pk], codes[person.pk]
    Competitor.objects.bulk_update(people, ["draw_number", "code"])
    for part in ContestPart.objects.filter(contest=contest):
        _place(part, keys, seed)
    contest.draw_seed, contest.drawn_at = seed, now
    record("competitions.contest.drawn", contest, actor=actor, now=now, seed=seed, people=len(people))
    return advance(contest, ContestState.DRAWN, actor=actor, now=now)


def _place(part: ContestPart, keys: list[int], seed: str) -> None:
    sessions = list(ContestSession.objects.filter(part=part).values_list("pk", "benches"))
    try:
        found = drawing.places(f"{seed}:{part.kind}", keys, sessions)
    except ValueError as error:
        benches = sum(count for _key, count in sessions)
        words = {"part": part.title, "benches": benches, "people": len(keys)}
        raise Conflict(_("“%(part)s”共有%(benches)d个工位，选手%(people)d名，请先增加场次或工位。") % words) from error
    SessionPlace.objects.bulk_create(
        SessionPlace(competitor_id=person, part=part, session_id=session, bench=bench)
        for person, (session, bench) in found.items()
    )


@transaction.atomic
def start(*, actor: Actor, contest: Contest, now: dt.datetime) -> Contest:
    """开赛: from now on marks can be entered, and appeals filed."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    return advance(contest, ContestState.RUNNING, actor=actor, now=now)
