"""班组 and their labels: registering, giving, and what conferrals of a programme bring and take."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.labels.enums import LEVEL_OF_UNION, LabelStatus, RecheckStatus
from competitions.labels.kinds import Kind, kinds
from competitions.labels.models import LabelRemoval, Recheck, TeamLabel, WorkTeam
from portal.accounts.models import Employer, Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

FACTS = ("name", "kind", "leader", "headcount", "founded_on", "covenant")
MAX_HEADCOUNT = 2000


def invalid(wrong: dict[str, list[str]]) -> Invalid:
    """One error out of messages by field."""
    return Invalid("".join(m for messages in wrong.values() for m in messages), fields=wrong)


def term_end(given_on: dt.date, years: int) -> dt.date | None:
    """The last day of a term of ``years`` that begins on ``given_on``; None for no end."""
    if not years:
        return None
    try:
        return given_on.replace(year=given_on.year + years) - dt.timedelta(days=1)
    except ValueError:  # 29 February
        return given_on.replace(year=given_on.year + years, day=28)


def _wrong_facts(facts: dict[str, Any], today: dt.date) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if not facts["name"].strip():
        wrong["name"] = [_("请填写班组名称。")]
    if facts["founded_on"] and facts["founded_on"] > today:
        wrong["founded_on"] = [_("成立日期不能晚于今天。")]
    if facts["headcount"] is not None and not 1 <= facts["headcount"] <= MAX_HEADCOUNT:
        wrong["headcount"] = [_("人数应在1到%d之间。") % MAX_HEADCOUNT]
    return wrong


@transaction.atomic
def add_team(*, actor: Actor, employer: Employer, facts: dict[str, Any], now: dt.datetime) -> WorkTeam:
    """Registers a team of ``employer``. Raises Invalid when its union has one of that name."""
    team = WorkTeam(organisation=employer.organisation, employer=employer, **facts)
    policy_for("workteam").require(actor, "add", team)
    if wrong := _wrong_facts(facts, local_date(now)):
        raise invalid(wrong)
    _save(team)
    record("competitions.workteam.added", team, actor=actor, now=now, name=team.name, unit=employer.name)
    return team


@transaction.atomic
def change_team(*, actor: Actor, team: WorkTeam, facts: dict[str, Any], is_active: bool, now: dt.datetime) -> WorkTeam:
    """Changes what is known of a team; one that no longer runs keeps its history."""
    row = lock_row(WorkTeam, team.pk)
    policy_for("workteam").require(actor, "change", row)
    if wrong := _wrong_facts(facts, local_date(now)):
        raise invalid(wrong)
    names = (*FACTS, "is_active")
    before = {name: str(getattr(row, name) or "") for name in names}
    for name, value in (facts | {"is_active": is_active}).items():
        setattr(row, name, value)
    _save(row)
    after = {name: str(getattr(row, name) or "") for name in names}
    record("competitions.workteam.changed", row, actor=actor, now=now, before=before, after=after)
    return row


def _save(team: WorkTeam) -> None:
    team.name = team.name.strip()
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as error:  # competitions_workteam_name
        raise invalid({"name": [_("这个单位已有同名班组。")]}) from error


@transaction.atomic
def give_label(
    *, actor: Actor, team: WorkTeam, given_by: Organisation, facts: dict[str, Any], now: dt.datetime
) -> TeamLabel:
    """Gives ``team`` a label in the name of ``given_by`` (the desk's own union), by a document. ``facts``: kind,
    basis_title, basis_number, given_on, valid_until (None: the term of the kind).

    Raises Invalid for a kind that only a programme confers, a date to come, or a label the team holds at this level.
    """
    team = lock_row(WorkTeam, team.pk)
    policy_for("teamlabel").require(actor, "give", team)
    if wrong := wrong_label(facts, local_date(now)):
        raise invalid(wrong)
    kind = kinds()[facts["kind"]]
    until = facts["valid_until"] or term_end(facts["given_on"], kind.term_years)
    label = TeamLabel(
        team=team, given_by=given_by, level=LEVEL_OF_UNION[given_by.level], **(facts | {"valid_until": until})
    )
    try:
        with transaction.atomic():
            label.save()
    except IntegrityError as error:  # competitions_teamlabel_once
        raise invalid({"kind": [_("这个班组已有同级别的“%s”，到期或摘牌前不重复授予。") % kind.title]}) from error
    record("competitions.label.given", label, actor=actor, now=now, kind=kind.code, number=label.basis_number)
    return label


def wrong_label(facts: dict[str, Any], today: dt.date) -> dict[str, list[str]]:
    """What is wrong with a label to be given, by field."""
    wrong: dict[str, list[str]] = {}
    kind: Kind | None = kinds().get(facts["kind"])
    if kind is None or kind.awarded:
        wrong["kind"] = [_("这项称号由市级评选授予，随命名决定自动登记。")]
    if facts["given_on"] > today:
        wrong["given_on"] = [_("授予日期不能晚于今天。")]
    if facts["valid_until"] and facts["valid_until"] <= facts["given_on"]:
        wrong["valid_until"] = [_("有效期应晚于授予日期。")]
    if not facts["basis_number"].strip():
        wrong["basis_number"] = [_("请填写文号。")]
    return wrong


def enter_awarded(*, entry: Any, item: Any, kind: Kind, actor: Actor, now: dt.datetime) -> TeamLabel:
    """The label that a conferral in a programme gives; asked again for the same entry it returns what stands there."""
    existing = TeamLabel.objects.filter(entry=entry).first()
    if existing is not None:
        return existing
    conferral, owner = item.conferral, entry.cycle.owner
    team, _created = WorkTeam.objects.get_or_create(
        organisation=entry.organisation, name=entry.title[:80], defaults={"employer": entry.employer}
    )
    label = TeamLabel.objects.create(
        team=team, kind=kind.code, level=LEVEL_OF_UNION[owner.level], given_by=owner, entry=entry,
        basis_title=conferral.title, basis_number=conferral.document_number, given_on=conferral.decided_on,
        valid_until=term_end(conferral.decided_on, kind.term_years),
    )  # fmt: skip
    record("competitions.label.awarded", label, actor=actor, now=now, kind=kind.code, number=label.basis_number)
    return label


def take_away_awarded(*, entry: Any, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Follows the revocation of the honour: the label is gone, and with it an open proposal and an open re-check."""
    label = TeamLabel.objects.filter(entry=entry).exclude(status=LabelStatus.REMOVED).first()
    if label is None:
        return
    LabelRemoval.objects.filter(label=label, agreed=None).update(
        agreed=True, decided_words=_("随撤销荣誉办理。"), decided_at=now
    )
    mark_removed(label=label, reason=reason, actor=actor, now=now)


def mark_removed(*, label: TeamLabel, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Writes that a label is gone. The decision was taken by the caller, in the same transaction."""
    label.status, label.removed_on, label.removed_reason = LabelStatus.REMOVED, local_date(now), reason[:300]
    label.save()
    Recheck.objects.filter(label=label).exclude(status=RecheckStatus.CONFIRMED).update(status=RecheckStatus.REMOVED)
    record("competitions.label.removed", label, actor=actor, now=now, reason=label.removed_reason)
