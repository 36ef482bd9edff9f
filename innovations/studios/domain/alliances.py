"""工作室联盟: founded by a union, joined by studios below it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from innovations.studios.domain.common import invalid, tell, too_late
from innovations.studios.enums import Step, StudioStatus
from innovations.studios.models import Alliance, AllianceMember, Studio
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.policies import policy_for


@transaction.atomic
def found(*, actor: Actor, owner: Organisation, facts: dict[str, Any], now: dt.datetime) -> Alliance:
    """``facts``: name, direction, charter, founded_on. ``owner`` is the desk's own union."""
    alliance = Alliance(owner=owner, **facts)
    policy_for("alliance").require(actor, "keep", alliance)
    _save(alliance, now)
    record("innovations.alliance.founded", alliance, actor=actor, now=now, name=alliance.name)
    return alliance


@transaction.atomic
def change(*, actor: Actor, alliance: Alliance, facts: dict[str, Any], now: dt.datetime) -> Alliance:
    row = lock_row(Alliance, alliance.pk)
    policy_for("alliance").require(actor, "keep", row)
    before = {name: str(getattr(row, name)) for name in facts}
    for name, value in facts.items():
        setattr(row, name, value)
    _save(row, now)
    after = {name: str(value) for name, value in facts.items()}
    record("innovations.alliance.changed", row, actor=actor, now=now, before=before, after=after)
    return row


def _save(alliance: Alliance, now: dt.datetime) -> None:
    if messages := too_late(alliance.founded_on, local_date(now)):
        raise invalid({"founded_on": messages})
    try:
        with transaction.atomic():
            alliance.save()
    except IntegrityError as error:  # innovations_alliance_name
        raise invalid({"name": [_("本级已有同名联盟。")]}) from error


@transaction.atomic
def join(
    *, actor: Actor, alliance: Alliance, studio: Studio, share: str, leads: bool, now: dt.datetime
) -> AllianceMember:
    """A running studio joins with its share. Raises Invalid for a second lead, a member, or a studio that does not run."""
    studio = lock_row(Studio, studio.pk)
    row = lock_row(Alliance, alliance.pk)
    policy_for("alliance").require(actor, "keep", row)
    wrong: dict[str, list[str]] = {}
    now_in = AllianceMember.objects.filter(alliance=row, left_on=None)
    if studio.status not in {StudioStatus.RUNNING, StudioStatus.GROWING}:
        wrong["studio"] = [_("只有正常运行的工作室可以加入。")]
    elif now_in.filter(studio=studio).exists():
        wrong["studio"] = [_("这个工作室已在联盟中。")]
    if leads and now_in.filter(leads=True).exists():
        wrong["leads"] = [_("联盟已有牵头工作室。")]
    if not share.strip():
        wrong["share"] = [_("请填写承担的任务。")]
    if wrong:
        raise invalid(wrong)
    member = AllianceMember.objects.create(
        alliance=row, studio=studio, share=share.strip(), leads=leads, joined_on=local_date(now)
    )
    tell(studio, Step.ALLIED, row.name, actor=actor, now=now)
    record("innovations.alliance.joined", row, actor=actor, now=now, studio=studio.name)
    return member


@transaction.atomic
def leave(*, actor: Actor, member: AllianceMember, now: dt.datetime) -> AllianceMember:
    """The studio leaves today; the record stays."""
    studio = lock_row(Studio, member.studio_id)
    row = lock_row(AllianceMember, member.pk)
    policy_for("alliance").require(actor, "keep", row.alliance)
    if row.left_on is None:
        row.left_on = max(local_date(now), row.joined_on)
        row.save()
        tell(studio, Step.LEFT, row.alliance.name, actor=actor, now=now)
        record("innovations.alliance.left", row.alliance, actor=actor, now=now, studio=studio.name)
    return row
