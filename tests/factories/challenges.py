"""Problems, challenges and claims as they stand in a state, for the room 难题揭榜."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from competitions.challenges.enums import Audience, ChallengeState, ClaimState, ProblemKind, ProblemState
from competitions.challenges.models import Challenge, Claim, Problem
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from tests.factories.people import Tree

_numbers = itertools.count(1)


def make_problem(tree: Tree, state: str = ProblemState.DRAFT, *, now: dt.datetime, **more: Any) -> Problem:
    """Of the unit, picked by the zone."""
    facts = {
        "owner": tree.unit, "checked_at": tree.zone, "employer": tree.employer, "title": f"薄壁件焊接变形{next(_numbers)}",
        "industry": "C", "kind": ProblemKind.QUALITY, "description": "变形超差。", "wished": "变形小于0.5毫米。",
        "contact": "技术科60000001",
        "year": now.year, "filed_path": "" if state == ProblemState.DRAFT else tree.unit.path,
    }  # fmt: skip
    if state == ProblemState.SOLVED:
        facts |= {"outcome": "变形减小。", "outcome_at": now}
    return Problem.objects.create(state=state, submitted_at=now, **facts | more)


def make_challenge(
    tree: Tree,
    problem: Problem,
    *,
    now: dt.datetime,
    audience: str = Audience.UNIONS,
    state: str = ChallengeState.OPEN,
    invited: tuple[Organisation, ...] = (),
) -> Challenge:
    is_invited = audience == Audience.INVITED
    return Challenge.objects.create(
        problem=problem, owner=problem.owner, publisher=problem.checked_at, audience=audience, state=state,
        shown_path="" if is_invited else tree.municipal.path, seen_by=[o.path for o in invited], year=now.year,
        title=f"榜{problem.title}", industry="C", kind=problem.kind, task="攻关任务", wished="验收标准",
        contact="技术科60000001", published_at=now, claim_until=local_date(now) + dt.timedelta(days=20),
        finish_by=local_date(now) + dt.timedelta(days=90),
    )  # fmt: skip


def make_claim(
    challenge: Challenge,
    organisation: Organisation,
    state: str = ClaimState.SUBMITTED,
    *,
    now: dt.datetime,
    **more: Any,
) -> Claim:
    delivered = state in {ClaimState.DELIVERED, ClaimState.PASSED}
    return Claim.objects.create(
        challenge=challenge, organisation=organisation, state=state,
        seen_by=sorted({challenge.owner.path, challenge.publisher.path}), team=f"攻关队{next(_numbers)}", leader="李领衔",
        headcount=5, strength="有基础", plan="分步试验", contact="60000002", claimed_at=now,
        outcome="完成" if delivered else "", outcome_at=now if delivered else None, **more,
    )  # fmt: skip
