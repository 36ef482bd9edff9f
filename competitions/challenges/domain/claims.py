"""揭榜 from the claim to the acceptance of its result."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.challenges.domain.outcome import keep_file, put_outcome
from competitions.challenges.enums import ChallengeState, ClaimState
from competitions.challenges.models import Challenge, Claim, ClaimMilestone, ClaimProgress
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

FACTS = ("team", "leader", "headcount", "strength", "plan", "contact")
MOST_MILESTONES = 20


@transaction.atomic
def claim_challenge(
    *, actor: Actor, challenge: Challenge, organisation: Organisation, facts: dict[str, Any], now: dt.datetime
) -> Claim:
    """Until the deadline, once for a team. Raises Invalid."""
    row = lock_row(Challenge, challenge.pk)
    policy_for("challenge").require(actor, "claim", row)
    if local_date(now) > row.claim_until:
        raise Invalid(_("揭榜已经截止。"))
    seen_by = sorted({row.owner.path, row.publisher.path})
    try:
        with transaction.atomic():
            claim = Claim.objects.create(
                challenge=row, organisation=organisation, seen_by=seen_by, claimed_at=now, created_by=actor.user,
                **{name: facts[name] for name in FACTS},
            )  # fmt: skip
    except IntegrityError as error:  # competitions_claim_once
        message = _("这支团队已经揭榜。")
        raise Invalid(message, fields={"team": [message]}) from error
    record("competitions.claim.made", claim, actor=actor, now=now, challenge=row.pk)
    return claim


def _lock(claim: Claim) -> Claim:
    """Challenge before claim: the order of closing and stopping."""
    lock_row(Challenge, claim.challenge_id)
    return lock_row(Claim, claim.pk)


@transaction.atomic
def withdraw(*, actor: Actor, claim: Claim, now: dt.datetime) -> Claim:
    row = _lock(claim)
    policy_for("claim").require(actor, "withdraw", row)
    row.state = ClaimState.WITHDRAWN
    row.save()
    record("competitions.claim.withdrawn", row, actor=actor, now=now)
    return row


@transaction.atomic
def decide(*, actor: Actor, claim: Claim, accept: bool, opinion: str, now: dt.datetime) -> Claim:
    """Several may be accepted; the first makes the challenge run. Turning one down needs a reason. Raises Invalid."""
    challenge = lock_row(Challenge, claim.challenge_id)
    row = lock_row(Claim, claim.pk)
    policy_for("claim").require(actor, "decide", row)
    _need(accept, opinion)
    row.state = ClaimState.ACCEPTED if accept else ClaimState.DECLINED
    row.decided_at, row.opinion = now, opinion.strip()
    row.save()
    if accept and challenge.state == ChallengeState.OPEN:
        challenge.state = ChallengeState.RUNNING
        challenge.save()
    record("competitions.claim.accepted" if accept else "competitions.claim.declined", row, actor=actor, now=now)
    return row


def _need(good: bool, words: str) -> None:
    if not good and not words.strip():
        message = _("请写明原因。")
        raise Invalid(message, fields={"opinion": [message]})


@transaction.atomic
def add_milestone(*, actor: Actor, claim: Claim, title: str, due_on: dt.date, now: dt.datetime) -> ClaimMilestone:
    """Within the time the challenge gives. Raises Invalid."""
    row = _lock(claim)
    policy_for("claim").require(actor, "plan", row)
    wrong: dict[str, list[str]] = {}
    if not local_date(row.claimed_at) <= due_on <= row.challenge.finish_by:
        wrong["due_on"] = [_("节点日期应在揭榜之后、攻关完成期限之前。")]
    if ClaimMilestone.objects.filter(claim=row).count() >= MOST_MILESTONES:
        wrong["title"] = [_("最多登记%d个节点。") % MOST_MILESTONES]
    if wrong:
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)
    milestone = ClaimMilestone.objects.create(claim=row, title=title, due_on=due_on)
    record("competitions.claim.planned", row, actor=actor, now=now, due_on=due_on)
    return milestone


@transaction.atomic
def report(
    *, actor: Actor, claim: Claim, percent: int, words: str, milestone: ClaimMilestone | None, upload: Any,
    now: dt.datetime,
) -> ClaimProgress:  # fmt: skip
    """Progress in percent of the whole, perhaps with a milestone that was reached. Raises Invalid."""
    row = _lock(claim)
    policy_for("claim").require(actor, "report", row)
    milestone = lock_row(ClaimMilestone, milestone.pk) if milestone is not None else None
    if milestone is not None and (milestone.claim_id != row.pk or milestone.done_on is not None):
        message = _("请选择尚未完成的节点。")
        raise Invalid(message, fields={"milestone": [message]})
    progress = ClaimProgress(
        claim=row, milestone=milestone, percent=percent, words=words.strip(), written_at=now, written_by=actor.user
    )
    if upload:
        keep_file(progress, "file", upload, type_field="content_type")
    progress.save()
    if milestone is not None:
        ClaimMilestone.objects.filter(pk=milestone.pk).update(done_on=local_date(now))
    record("competitions.claim.reported", row, actor=actor, now=now, percent=percent)
    return progress


@transaction.atomic
def deliver(*, actor: Actor, claim: Claim, facts: dict[str, Any], proof: Any, finance: Any, now: dt.datetime) -> Claim:
    """The result, for the problem's union to accept. Raises Invalid without figures or proofs."""
    row = _lock(claim)
    policy_for("claim").require(actor, "deliver", row)
    put_outcome(row, facts=facts, proof=proof, finance=finance, now=now)
    row.state, row.opinion = ClaimState.DELIVERED, ""
    row.save()
    record("competitions.claim.delivered", row, actor=actor, now=now, cost_saved=row.cost_saved)
    return row


@transaction.atomic
def judge(*, actor: Actor, claim: Claim, passed: bool, opinion: str, now: dt.datetime) -> Claim:
    """验收: passed, or back to work with the reason. Raises Invalid."""
    row = _lock(claim)
    policy_for("claim").require(actor, "judge", row)
    _need(passed, opinion)
    row.state = ClaimState.PASSED if passed else ClaimState.ACCEPTED
    row.judged_at, row.opinion = now, opinion.strip()
    row.save()
    record("competitions.claim.judged", row, actor=actor, now=now, passed=passed)
    return row


@transaction.atomic
def end(*, actor: Actor, claim: Claim, opinion: str, now: dt.datetime) -> Claim:
    """终止攻关, with the reason. Raises Invalid."""
    row = _lock(claim)
    policy_for("claim").require(actor, "end", row)
    _need(False, opinion)
    row.state, row.judged_at, row.opinion = ClaimState.ENDED, now, opinion.strip()
    row.save()
    record("competitions.claim.ended", row, actor=actor, now=now)
    return row
