"""培育库: taking an enterprise in, leading it on step by step, out of the pool named or left."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.nonpublic.enums import NEXT_STAGES, Stage
from competitions.nonpublic.models import Cultivated, CultivationStep
from portal.accounts.enums import OwnershipClass
from portal.accounts.models import Employer, Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

FACTS = ("coach", "helper", "highlights", "plan", "goal_year")


def _wrong(employer: Employer, year: int, facts: dict[str, Any]) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if employer.ownership != OwnershipClass.NON_PUBLIC:
        wrong["employer"] = [_("只有非公有制企业可以入库。")]
    if facts["goal_year"] < year:
        wrong["goal_year"] = [_("目标申报年度不能早于入库年度。")]
    if facts["helper"] is not None and facts["helper"].pk == employer.pk:
        wrong["helper"] = [_("结对帮扶单位不能是企业自己。")]
    return wrong


@transaction.atomic
def add_to_pool(
    *, actor: Actor, owner: Organisation, employer: Employer, facts: dict[str, Any], now: dt.datetime
) -> Cultivated:
    """Takes ``employer`` into the pool of ``owner``. Raises Invalid when it is not non-public or is in a pool already."""
    policy_for("cultivated").require(actor, "add")
    year = local_date(now).year
    if wrong := _wrong(employer, year, facts):
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)
    try:
        with transaction.atomic():
            row = Cultivated.objects.create(owner=owner, employer=employer, year=year, **facts)
    except IntegrityError as error:  # competitions_cultivated_once: perhaps in a pool the desk does not see
        message = _("这家企业已经在培育库中。")
        raise Invalid(message, fields={"employer": [message]}) from error
    CultivationStep.objects.create(
        cultivated=row, on=local_date(now), stage=row.stage, words=_("发现并纳入培育库。"), written_by=actor.user,
        written_at=now,
    )  # fmt: skip
    record("competitions.cultivated.added", row, actor=actor, now=now, employer=employer.name, goal_year=row.goal_year)
    return row


@transaction.atomic
def change_cultivated(*, actor: Actor, cultivated: Cultivated, facts: dict[str, Any], now: dt.datetime) -> Cultivated:
    """Changes coach, helper, highlights, measures and goal."""
    row = lock_row(Cultivated, cultivated.pk)
    policy_for("cultivated").require(actor, "change", row)
    if wrong := _wrong(row.employer, row.year, facts):
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)
    before = {name: str(getattr(row, name) or "") for name in FACTS}
    for name in FACTS:
        setattr(row, name, facts[name])
    row.save()
    after = {name: str(getattr(row, name) or "") for name in FACTS}
    record("competitions.cultivated.changed", row, actor=actor, now=now, before=before, after=after)
    return row


@transaction.atomic
def write_step(
    *, actor: Actor, cultivated: Cultivated, on: dt.date, stage: str, words: str, now: dt.datetime
) -> CultivationStep:
    """What was done on a day, and the stage it led to (the same, or one that may follow). Raises Invalid otherwise."""
    row = lock_row(Cultivated, cultivated.pk)
    policy_for("cultivated").require(actor, "step", row)
    wrong: dict[str, list[str]] = {}
    if stage != row.stage and stage not in NEXT_STAGES[row.stage]:
        wrong["stage"] = [_("不能从“%(a)s”直接到“%(b)s”。") % {"a": row.get_stage_display(), "b": Stage(stage).label}]
    if on > local_date(now):
        wrong["on"] = [_("日期不能晚于今天。")]
    if not words.strip():
        wrong["words"] = [_("请填写做了什么。")]
    if wrong:
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)
    step = CultivationStep.objects.create(
        cultivated=row, on=on, stage=stage, words=words.strip(), written_by=actor.user, written_at=now
    )
    before, row.stage = row.stage, stage
    row.save()
    record(
        "competitions.cultivated.stepped", row, actor=actor, now=now, before={"stage": before}, after={"stage": stage}
    )
    return step
