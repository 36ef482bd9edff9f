"""工作室: registering, changing, naming, confirming again; members."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from innovations.studios.domain.common import invalid, locked, tell, too_late
from innovations.studios.enums import ENDED, LEVEL_OF_UNION, RANK, Step, StudioKind, StudioLevel, StudioStatus
from innovations.studios.index import index, months_later
from innovations.studios.models import Studio, StudioMember
from portal.accounts.enums import UnionLevel
from portal.accounts.models import Employer, Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.policies import policy_for
from portal.lifecycle.entries.content import answers_of

FACTS = (
    "name", "kind", "direction", "leader", "leader_post", "leader_honour", "place", "area", "equipment", "rules",
    "founded_on",
)  # fmt: skip
LEADER = ("leader", "leader_post", "leader_honour")


def levels_for(level: str) -> list[StudioLevel]:
    """The levels that a union of this level can enter; the federation also what the nation named."""
    own = LEVEL_OF_UNION.get(level)
    found = [own] if own else []
    return [*found, StudioLevel.NATIONAL] if level == UnionLevel.MUNICIPAL else found


def _wrong_facts(facts: dict[str, Any], today: dt.date) -> dict[str, list[str]]:
    wrong = {}
    for name, label in (("name", _("工作室名称")), ("direction", _("专业方向")), ("leader", _("领衔人"))):
        if not facts[name].strip():
            wrong[name] = [_("请填写%s。") % label]
    if messages := too_late(facts["founded_on"], today):
        wrong["founded_on"] = messages
    return wrong


@transaction.atomic
def register(
    *, actor: Actor, employer: Employer, facts: dict[str, Any], honour_item: Any = None, now: dt.datetime
) -> Studio:
    """Registers a studio of ``employer``, not named yet. Raises Invalid when its union has one of that name."""
    studio = Studio(organisation=employer.organisation, employer=employer, honour_item=honour_item, **facts)
    policy_for("studio").require(actor, "add", studio)
    if wrong := _wrong_facts(facts, local_date(now)):
        raise invalid(wrong)
    _save(studio)
    tell(studio, Step.REGISTERED, studio.employer.name, actor=actor, now=now)
    record("innovations.studio.registered", studio, actor=actor, now=now, name=studio.name, unit=employer.name)
    return studio


@transaction.atomic
def change(*, actor: Actor, studio: Studio, facts: dict[str, Any], honour_item: Any = None, now: dt.datetime) -> Studio:
    """Changes what is known. The leader of a named studio changes by a request only: raises Invalid otherwise."""
    row = locked(actor, "keep", studio)
    wrong = _wrong_facts(facts, local_date(now))
    if row.named_by_id and facts["leader"].strip() != row.leader:
        wrong["leader"] = [_("已命名的工作室变更领衔人，请用“申请变更”，由命名单位审核。")]
    if wrong:
        raise invalid(wrong)
    before = {name: str(getattr(row, name) or "") for name in FACTS}
    for name, value in facts.items():
        setattr(row, name, value)
    row.honour_item = honour_item
    _save(row)
    after = {name: str(getattr(row, name) or "") for name in FACTS}
    record("innovations.studio.changed", row, actor=actor, now=now, before=before, after=after)
    return row


def _save(studio: Studio) -> None:
    studio.name = studio.name.strip()
    try:
        with transaction.atomic():
            studio.save()
    except IntegrityError as error:  # innovations_studio_name
        raise invalid({"name": [_("这个单位已有同名工作室。")]}) from error


@transaction.atomic
def name_studio(
    *, actor: Actor, studio: Studio, by: Organisation, level: str, number: str, named_on: dt.date,
    reconfirm_on: dt.date | None = None, now: dt.datetime,
) -> Studio:  # fmt: skip
    """Names a studio in the name of ``by``, the desk's own union, which from now on checks it. ``reconfirm_on`` None:
    by the term of the index. Raises Invalid for a level that is not the union's or not above the present one.
    """
    row = locked(actor, "name", studio)
    wrong: dict[str, list[str]] = {}
    if level not in levels_for(by.level):
        wrong["level"] = [_("本级工会不能命名这个级别。")]
    elif row.level and RANK[level] <= RANK[row.level]:
        wrong["level"] = [_("已有同级或更高级别的命名。")]
    if not number.strip():
        wrong["number"] = [_("请填写命名文件的文号。")]
    if named_on < row.founded_on:
        wrong["named_on"] = [_("命名日期不能早于成立日期。")]
    if messages := too_late(named_on, local_date(now)):
        wrong["named_on"] = messages
    until = reconfirm_on or months_later(named_on, 12 * index().reconfirm_years)
    if until <= named_on:
        wrong["reconfirm_on"] = [_("复核到期日应晚于命名日期。")]
    if wrong:
        raise invalid(wrong)
    _write_naming(row, by, level, number.strip(), on=named_on, until=until)
    words = _("%(level)s，%(by)s %(number)s") % {"level": row.get_level_display(), "by": by.label, "number": number}
    tell(row, Step.NAMED, words, actor=actor, now=now)
    record("innovations.studio.named", row, actor=actor, now=now, level=level, number=row.naming_number)
    return row


def _write_naming(row: Studio, by: Organisation, level: str, number: str, *, on: dt.date, until: dt.date) -> None:
    row.level, row.named_by, row.naming_number, row.named_on, row.reconfirm_on = level, by, number, on, until
    if row.status == StudioStatus.GROWING:
        row.status = StudioStatus.RUNNING
    row.save()


def enter_conferred(*, entry: Any, item: Any, actor: Actor, now: dt.datetime) -> Studio | None:
    """What a conferral of a naming programme brings: the studio of that name, named; made when it was not registered.

    Asked again for the same entry it returns what stands there. None for an entry without an employer.
    """
    if (existing := Studio.objects.filter(entry=entry).first()) is not None:
        return existing
    if entry.employer_id is None:
        return None
    conferral, owner = item.conferral, entry.cycle.owner
    row = Studio.objects.filter(organisation=entry.organisation, name=entry.title[:60]).first()
    if row is None:
        row = _from_entry(entry, now)
    row = lock_row(Studio, row.pk)
    row.entry = entry
    level = LEVEL_OF_UNION[owner.level]
    if row.status not in ENDED and (not row.level or RANK[level] >= RANK[row.level]):
        until = months_later(conferral.decided_on, 12 * index().reconfirm_years)
        _write_naming(row, owner, level, conferral.document_number, on=conferral.decided_on, until=until)
    row.save()
    tell(row, Step.NAMED, f"{conferral.title} {conferral.document_number}", actor=actor, now=now)
    record("innovations.studio.named", row, actor=actor, now=now, level=row.level, number=conferral.document_number)
    return row


def _from_entry(entry: Any, now: dt.datetime) -> Studio:
    answers = answers_of(entry)
    return Studio.objects.create(
        organisation=entry.organisation, employer=entry.employer, name=entry.title[:60],
        kind=StudioKind.MODEL if entry.track and entry.track.code == "model_worker" else StudioKind.CRAFT,
        direction=str(answers.get("direction", ""))[:60], leader=str(answers.get("leader", ""))[:40],
        founded_on=local_date(now),
    )  # fmt: skip


@transaction.atomic
def reconfirm(*, actor: Actor, studio: Studio, until: dt.date, number: str, words: str, now: dt.datetime) -> Studio:
    """Confirms the naming again until ``until`` (a day to come, later than the present one)."""
    row = locked(actor, "reconfirm", studio)
    wrong: dict[str, list[str]] = {}
    if until <= local_date(now) or (row.reconfirm_on and until <= row.reconfirm_on):
        wrong["until"] = [_("新的复核到期日应晚于今天和现在的到期日。")]
    if not number.strip():
        wrong["number"] = [_("请填写复核确认的文号。")]
    if wrong:
        raise invalid(wrong)
    row.reconfirm_on = until
    row.save()
    tell(row, Step.RECONFIRMED, f"{number.strip()} {words.strip()}".strip(), actor=actor, now=now)
    record("innovations.studio.reconfirmed", row, actor=actor, now=now, until=until, number=number.strip())
    return row


@transaction.atomic
def add_member(*, actor: Actor, studio: Studio, facts: dict[str, Any], now: dt.datetime) -> StudioMember:
    """``facts``: name, trade, skill, role, joined_on. Raises Invalid for somebody who is a member now."""
    row = locked(actor, "keep", studio)
    if messages := too_late(facts["joined_on"], local_date(now)):
        raise invalid({"joined_on": messages})
    member = StudioMember(studio=row, **facts)
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as error:  # innovations_studio_member_once
        raise invalid({"name": [_("这个人已经是成员。")]}) from error
    record("innovations.studio.member_added", row, actor=actor, now=now, member=member.name)
    return member


@transaction.atomic
def end_membership(*, actor: Actor, member: StudioMember, now: dt.datetime) -> StudioMember:
    """The member leaves today; the record stays."""
    studio = locked(actor, "keep", member.studio)
    row = lock_row(StudioMember, member.pk)
    if row.left_on is None:
        row.left_on = max(local_date(now), row.joined_on)
        row.save()
        record("innovations.studio.member_left", studio, actor=actor, now=now, member=row.name)
    return row
