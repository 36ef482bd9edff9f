"""A problem on its way: stated, handed to the union above, picked, led to a competition, solved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.challenges import queries
from competitions.challenges.domain.outcome import put_outcome
from competitions.challenges.enums import Audience, ClaimState, ProblemState
from competitions.challenges.models import Challenge, Claim, Problem
from competitions.filings.models import CompetitionFiling
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Invalid
from portal.core.policies import policy_for

FACTS = (
    "employer", "title", "industry", "kind", "description", "wished", "contact", "is_secret", "secret_grounds",
)  # fmt: skip
VERDICTS = (ProblemState.PICKED, ProblemState.RETURNED, ProblemState.PASSED_OVER)


@transaction.atomic
def state_problem(*, actor: Actor, owner: Organisation, facts: dict[str, Any], now: dt.datetime) -> Problem:
    """A draft of ``owner``; the union above picks, the federation's own problems are picked by itself."""
    policy_for("problem").require(actor, "add")
    facts = _checked(facts, owner)
    row = Problem.objects.create(
        owner=owner, checked_at=owner.parent or owner, year=local_date(now).year, created_by=actor.user, **facts
    )
    record("competitions.problem.stated", row, actor=actor, now=now, kind=row.kind, secret=row.is_secret)
    return row


def _checked(facts: dict[str, Any], owner: Organisation) -> dict[str, Any]:
    facts = {name: facts[name] for name in FACTS}
    facts["secret_grounds"] = facts["secret_grounds"].strip() if facts["is_secret"] else ""
    wrong: dict[str, list[str]] = {}
    if facts["is_secret"] and not facts["secret_grounds"]:
        wrong["secret_grounds"] = [_("选择涉密不公开的，请写明依据。")]
    if facts["employer"] is not None and not facts["employer"].organisation.path.startswith(owner.path):
        wrong["employer"] = [_("请选择本工会的企业。")]
    if wrong:
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)
    return facts


@transaction.atomic
def change_problem(*, actor: Actor, problem: Problem, facts: dict[str, Any], now: dt.datetime) -> Problem:
    row = lock_row(Problem, problem.pk)
    policy_for("problem").require(actor, "change", row)
    facts = _checked(facts, row.owner)
    changed = [name for name in FACTS if getattr(row, name) != facts[name]]
    for name in FACTS:
        setattr(row, name, facts[name])
    row.save()
    record("competitions.problem.changed", row, actor=actor, now=now, fields=changed)  # words stay out: may be secret
    return row


@transaction.atomic
def submit_problem(*, actor: Actor, problem: Problem, now: dt.datetime) -> Problem:
    row = lock_row(Problem, problem.pk)
    policy_for("problem").require(actor, "submit", row)
    row.state, row.filed_path, row.submitted_at, row.opinion = ProblemState.SUBMITTED, row.owner.path, now, ""
    row.save()
    record("competitions.problem.submitted", row, actor=actor, now=now, to=row.checked_at.name)
    return row


@transaction.atomic
def withdraw_problem(*, actor: Actor, problem: Problem, now: dt.datetime) -> Problem:
    row = lock_row(Problem, problem.pk)
    policy_for("problem").require(actor, "withdraw", row)
    row.state = ProblemState.WITHDRAWN
    row.save()
    record("competitions.problem.withdrawn", row, actor=actor, now=now)
    return row


@transaction.atomic
def pick_problem(*, actor: Actor, problem: Problem, verdict: str, opinion: str, now: dt.datetime) -> Problem:
    """入选, 退回补充 or 暂不入选; the last two need an opinion. Raises Invalid."""
    row = lock_row(Problem, problem.pk)
    policy_for("problem").require(actor, "pick", row)
    if verdict not in VERDICTS:
        raise Invalid(_("请选择遴选结论。"), fields={"verdict": [_("请选择遴选结论。")]})
    if verdict != ProblemState.PICKED and not opinion.strip():
        raise Invalid(_("请写明原因。"), fields={"opinion": [_("请写明原因。")]})
    row.state, row.opinion, row.picked_at = verdict, opinion.strip(), now
    row.save()
    record("competitions.problem.picked", row, actor=actor, now=now, verdict=verdict)
    return row


@transaction.atomic
def link_filing(*, actor: Actor, problem: Problem, filing: CompetitionFiling | None, now: dt.datetime) -> Problem:
    """The competition that takes the problem up; None takes the link away. Raises Invalid for one it cannot be."""
    row = lock_row(Problem, problem.pk)
    policy_for("problem").require(actor, "link", row)
    if filing is not None and not queries.linkable(row, actor).filter(pk=filing.pk).exists():
        message = _("请选择本工会或上级工会备案的竞赛。")
        raise Invalid(message, fields={"filing": [message]})
    row.filing = filing
    row.save()
    record("competitions.problem.linked", row, actor=actor, now=now, filing=filing.number if filing else "")
    return row


@transaction.atomic
def classify_problem(*, actor: Actor, problem: Problem, grounds: str, now: dt.datetime) -> Problem:
    """Secret from now on: its challenges vanish from the public page and from all unions but those that claimed.

    Problem before challenges: the same order of locks as publishing.
    """
    row = lock_row(Problem, problem.pk)
    policy_for("problem").require(actor, "classify", row)
    if not grounds.strip():
        message = _("选择涉密不公开的，请写明依据。")
        raise Invalid(message, fields={"secret_grounds": [message]})
    row.is_secret, row.secret_grounds = True, grounds.strip()
    row.save()
    for challenge in lock_rows(Challenge.objects.filter(problem=row).exclude(audience=Audience.INVITED)):
        claimed = Claim.objects.filter(challenge=challenge).exclude(state=ClaimState.WITHDRAWN)
        challenge.seen_by = sorted(set(claimed.values_list("organisation__path", flat=True)))
        challenge.audience, challenge.shown_path = Audience.INVITED, ""
        challenge.save()
    record("competitions.problem.classified", row, actor=actor, now=now)
    return row


@transaction.atomic
def solve_problem(
    *, actor: Actor, problem: Problem, facts: dict[str, Any], proof: Any, finance: Any, now: dt.datetime
) -> Problem:
    """The result of the linked competition. Raises Invalid without a competition, figures or proofs."""
    row = lock_row(Problem, problem.pk)
    policy_for("problem").require(actor, "solve", row)
    if row.filing_id is None:
        raise Invalid(_("请先选择解决这项难题的竞赛，再登记成果。"))
    put_outcome(row, facts=facts, proof=proof, finance=finance, now=now)
    row.state = ProblemState.SOLVED
    row.save()
    record("competitions.problem.solved", row, actor=actor, now=now, cost_saved=row.cost_saved)
    return row
