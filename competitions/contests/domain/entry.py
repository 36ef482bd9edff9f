"""报名 and 资格审核: delegations, competitors, the check with its reasons."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.contests.domain.plan import advance, invalid, lock_contest
from competitions.contests.enums import TAKING_PART, CompetitorState, ContestState
from competitions.contests.models import Competitor, Contest, Delegation
from competitions.contests.qualification import Facts, is_qualified, reasons_of
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.crypto import blind_index
from portal.core.dates import local_date
from portal.core.db import advisory_lock, require_transaction
from portal.core.errors import Conflict, Invalid
from portal.core.identifiers import parse_citizen_id
from portal.core.policies import policy_for
from portal.core.scoping import system_scope

FACTS = (
    "name", "sex", "phone", "employer", "level", "certificate_number", "trade_years", "is_insured", "is_employed",
    "is_champion", "is_nonpublic", "training_hours",
)  # fmt: skip


@transaction.atomic
def enter_delegation(
    *, actor: Actor, contest: Contest, leader: str, leader_phone: str, coach: str, now: dt.datetime
) -> Delegation:
    """The acting union's delegation, once per contest, before entries close."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "enter", contest)
    _in_time(contest, now)
    organisation = Organisation.objects.get(pk=actor.at_desk.organisation_id)
    if Delegation.objects.filter(contest=contest, organisation=organisation).exists():
        raise Conflict(_("本单位已经组队报名。"))
    row = Delegation.objects.create(
        contest=contest, organisation=organisation, leader=leader.strip(), leader_phone=leader_phone, coach=coach.strip(),
        entered_by=actor.user, entered_at=now,
    )  # fmt: skip
    record("competitions.delegation.entered", row, actor=actor, now=now, contest=contest.number)
    return row


def _in_time(contest: Contest, now: dt.datetime) -> None:
    if contest.entry_until is None or now >= contest.entry_until:
        raise Conflict(_("报名已经截止。"))


@transaction.atomic
def enter_competitors(
    *, actor: Actor, delegation: Delegation, people: list[dict[str, Any]], now: dt.datetime
) -> list[Competitor]:
    """All of ``people`` (FACTS and ``id_number``) or nobody. At most ``per_delegation`` of one delegation; a person is in
    one contest of a host and year. Raises Invalid beside the field, Conflict for a double.
    """
    contest = lock_contest(delegation.contest_id)
    delegation.contest = contest
    policy_for("delegation").require(actor, "change", delegation)
    _in_time(contest, now)
    advisory_lock(f"competitions:competitors:{contest.owner_id}:{contest.year}")
    there = Competitor.objects.filter(delegation=delegation, state__in=TAKING_PART).count()
    if there + len(people) > contest.per_delegation:
        raise Invalid(_("每个代表队最多%(max)d名选手，已报%(n)d名。") % {"max": contest.per_delegation, "n": there})
    rows = [_competitor(contest, delegation, facts, now) for facts in people]
    for row in rows:
        row.save()
        record("competitions.competitor.entered", row, actor=actor, now=now, contest=contest.number)
    return rows


def _competitor(contest: Contest, delegation: Delegation, facts: dict[str, Any], now: dt.datetime) -> Competitor:
    try:
        citizen = parse_citizen_id(facts["id_number"], today=local_date(now), allow_unassigned_area=True)
    except ValueError as error:
        raise invalid("id_number", str(error)) from error
    index = blind_index(citizen.number)
    if other := other_entry(contest, index):
        raise Conflict(_("该选手本年度已报名“%s”，每人限报一个赛项。") % other)
    return Competitor(
        contest=contest, delegation=delegation, host_id=contest.owner_id, year=contest.year, id_number=citizen.number,
        id_index=index, **{name: facts[name] for name in FACTS if name in facts},
    )  # fmt: skip


def other_entry(contest: Contest, index: str, *, but: int | None = None) -> str:
    """Name of another contest of the host and year in which the person takes part; "" for none."""
    with system_scope("a person enters one contest of a host, whichever union enters them"):
        rows = Competitor.objects.filter(
            host=contest.owner_id, year=contest.year, id_index=index, state__in=TAKING_PART
        )
        found = rows.exclude(pk=but).select_related("contest").first()
        return found.contest.name if found else ""


@transaction.atomic
def withdraw(*, actor: Actor, competitor: Competitor, now: dt.datetime) -> Competitor:
    """退出, by the delegation, before the draw."""
    competitor.contest = lock_contest(competitor.contest_id)
    policy_for("competitor").require(actor, "withdraw", competitor)
    if competitor.state == CompetitorState.WITHDRAWN:
        raise Conflict(_("该选手已经退出。"))
    competitor.state = CompetitorState.WITHDRAWN
    competitor.save(update_fields=["state"])
    record("competitions.competitor.withdrawn", competitor, actor=actor, now=now)
    return competitor


def facts_of(competitor: Competitor, contest: Contest, elsewhere: str = "") -> Facts:
    """What the check looks at."""
    return Facts(
        group=contest.group, level=competitor.level, trade_years=competitor.trade_years,
        is_insured=competitor.is_insured, is_employed=competitor.is_employed, is_champion=competitor.is_champion,
        min_level=contest.min_level, min_years=contest.min_years, elsewhere=elsewhere,
    )  # fmt: skip


@transaction.atomic
def check_all(*, actor: Actor, contest: Contest, now: dt.datetime) -> tuple[int, int]:
    """Checks everybody who waits, by rule, and keeps every reason. Returns how many passed and how many did not."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    if contest.state != ContestState.REGISTRATION:
        raise Conflict(_("现在不在资格审核环节。"))
    rows = list(Competitor.objects.filter(contest=contest, state=CompetitorState.REGISTERED))
    for row in rows:
        found = reasons_of(facts_of(row, contest))
        row.reasons = [reason.plain() for reason in found]
        row.state = CompetitorState.QUALIFIED if is_qualified(found) else CompetitorState.REJECTED
        row.decided_by, row.decided_at = actor.user, now
    Competitor.objects.bulk_update(rows, ["reasons", "state", "decided_by", "decided_at"])
    passed = sum(row.state == CompetitorState.QUALIFIED for row in rows)
    record("competitions.contest.checked", contest, actor=actor, now=now, passed=passed, failed=len(rows) - passed)
    return passed, len(rows) - passed


@transaction.atomic
def decide(*, actor: Actor, competitor: Competitor, passes: bool, words: str, now: dt.datetime) -> Competitor:
    """A person's decision over the rule's, with its reason (破格, or what the papers showed)."""
    contest = competitor.contest = lock_contest(competitor.contest_id)
    policy_for("competitor").require(actor, "decide", competitor)
    if competitor.state == CompetitorState.WITHDRAWN:
        raise Conflict(_("该选手已经退出。"))
    if not words.strip():
        raise invalid("words", _("请填写理由。"))
    if passes and (other := other_entry(contest, competitor.id_index, but=competitor.pk)):
        raise Conflict(_("该选手本年度已报名“%s”，每人限报一个赛项。") % other)
    reasons = [reason.plain() for reason in reasons_of(facts_of(competitor, contest))]
    competitor.reasons = [*reasons, {"code": "decision", "passed": passes, "words": words.strip()}]
    competitor.state = CompetitorState.QUALIFIED if passes else CompetitorState.REJECTED
    competitor.decided_by, competitor.decided_at = actor.user, now
    competitor.save(update_fields=["reasons", "state", "decided_by", "decided_at"])
    record("competitions.competitor.decided", competitor, actor=actor, now=now, passes=passes, words=words.strip())
    return competitor


def field_problem(contest: Contest) -> str:
    """Why the field is too small; "" when it is not, or when results are for selection only."""
    count = Competitor.objects.filter(contest=contest, state=CompetitorState.QUALIFIED).count()
    if contest.is_selection_only or count >= contest.min_field:
        return ""
    return _("资格通过%(n)d人，不足%(min)d人：请取消赛项，或说明成绩只用于选拔。") % {
        "n": count,
        "min": contest.min_field,
    }


@transaction.atomic
def close_entries(*, actor: Actor, contest: Contest, now: dt.datetime) -> Contest:
    """资格审核完成: everybody decided, and the field is large enough."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    require_transaction()
    waiting = Competitor.objects.filter(contest=contest, state=CompetitorState.REGISTERED).count()
    if waiting:
        raise Conflict(_("还有%d名选手没有审核。") % waiting)
    if problem := field_problem(contest):
        raise Conflict(problem)
    return advance(contest, ContestState.QUALIFIED, actor=actor, now=now)
