"""张榜、延期、结榜、撤榜."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.challenges import queries
from competitions.challenges.enums import WORKING, Audience, ChallengeState, ClaimState, ProblemState
from competitions.challenges.models import Challenge, Claim, Problem
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes

FACTS = ("title", "task", "wished", "reward", "contact", "claim_until", "finish_by", "audience")


@transaction.atomic
def publish(
    *, actor: Actor, problem: Problem, facts: dict[str, Any], invited: Sequence[Organisation], now: dt.datetime
) -> Challenge:
    """Raises Invalid: a secret problem for others than invited unions, no invited unions, dates in the wrong order."""
    row = lock_row(Problem, problem.pk)
    policy_for("challenge").require(actor, "publish", row)
    paths = sorted({o.path for o in invited} - {row.owner.path})
    _check(row, facts, paths, local_date(now))
    is_invited = facts["audience"] == Audience.INVITED
    challenge = Challenge.objects.create(
        problem=row, owner=row.owner, publisher=row.checked_at, year=local_date(now).year, industry=row.industry,
        kind=row.kind, published_at=now, seen_by=paths if is_invited else [],
        shown_path="" if is_invited else path_prefixes(row.owner.path)[0], **{name: facts[name] for name in FACTS},
    )  # fmt: skip
    record("competitions.challenge.published", challenge, actor=actor, now=now, audience=challenge.audience)
    return challenge


def _check(problem: Problem, facts: dict[str, Any], paths: list[str], today: dt.date) -> None:
    wrong: dict[str, list[str]] = {}
    if problem.is_secret and facts["audience"] != Audience.INVITED:
        wrong["audience"] = [_("涉密不公开的难题只能定向邀请。")]
    elif facts["audience"] == Audience.INVITED and not paths:
        wrong["invited_1"] = [_("请选择邀请揭榜的工会。")]
    wrong |= _dates(facts["claim_until"], facts["finish_by"], today)
    if wrong:
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)


def _dates(claim_until: dt.date, finish_by: dt.date, today: dt.date) -> dict[str, list[str]]:
    wrong = {}
    if claim_until <= today:
        wrong["claim_until"] = [_("揭榜截止应在今天以后。")]
    if finish_by <= claim_until:
        wrong["finish_by"] = [_("攻关完成期限应晚于揭榜截止。")]
    return wrong


@transaction.atomic
def extend(
    *, actor: Actor, challenge: Challenge, claim_until: dt.date, finish_by: dt.date, now: dt.datetime
) -> Challenge:
    row = lock_row(Challenge, challenge.pk)
    policy_for("challenge").require(actor, "extend", row)
    wrong = _dates(claim_until, finish_by, local_date(now))
    if wrong:
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)
    before = row.claim_until
    row.claim_until, row.finish_by = claim_until, finish_by
    row.save()
    record("competitions.challenge.extended", row, actor=actor, now=now, before=before, after=claim_until)
    return row


@transaction.atomic
def close(*, actor: Actor, challenge: Challenge, words: str, now: dt.datetime) -> Challenge:
    """All claims decided and judged, at least one passed: the problem is solved with their gains. Raises Invalid."""
    problem = lock_row(Problem, challenge.problem_id)
    row = lock_row(Challenge, challenge.pk)
    policy_for("challenge").require(actor, "close", row)
    claims = lock_rows(Claim.objects.filter(challenge=row))
    if any(c.state in (*WORKING, ClaimState.SUBMITTED) for c in claims):
        raise Invalid(_("还有揭榜没有确认或成果没有验收，办完后再结榜。"))
    passed = [c for c in claims if c.state == ClaimState.PASSED]
    if not passed:
        raise Invalid(_("没有验收通过的成果，不能结榜；不再攻关的，请发榜工会撤榜。"))
    row.state, row.closed_at, row.reason = ChallengeState.CLOSED, now, words.strip()
    row.save()
    gains = queries.gains(row)
    problem.state, problem.outcome_at = ProblemState.SOLVED, now
    problem.outcome = "\n".join(f"{c.team}：{c.outcome}" for c in passed)
    problem.quality_gain, problem.productivity_gain = gains["quality_gain"], gains["productivity_gain"]
    problem.cost_saved = gains["cost_saved"] or 0
    problem.save()
    record("competitions.challenge.closed", row, actor=actor, now=now, passed=len(passed))
    return row


@transaction.atomic
def stop(*, actor: Actor, challenge: Challenge, reason: str, now: dt.datetime) -> Challenge:
    """撤榜: gone from the public page; claims that were waiting or at work end with the reason. Raises Invalid."""
    row = lock_row(Challenge, challenge.pk)
    policy_for("challenge").require(actor, "stop", row)
    if not reason.strip():
        message = _("请填写原因。")
        raise Invalid(message, fields={"reason": [message]})
    row.state, row.closed_at, row.reason = ChallengeState.STOPPED, now, reason.strip()
    row.save()
    for claim in lock_rows(Claim.objects.filter(challenge=row, state__in=(*WORKING, ClaimState.SUBMITTED))):
        claim.state, claim.opinion = ClaimState.ENDED, row.reason
        claim.save()
    record("competitions.challenge.stopped", row, actor=actor, now=now, reason=row.reason)
    return row
