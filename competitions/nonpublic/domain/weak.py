"""薄弱企业帮扶: put on the list, steps planned and done, ended when a competition is held or cannot be held yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.filings.models import CompetitionFiling
from competitions.nonpublic import queries
from competitions.nonpublic.enums import Origin, Support
from competitions.nonpublic.models import SupportStep, WeakUnit
from portal.accounts.enums import OwnershipClass
from portal.accounts.models import Employer, Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

FACTS = ("helper", "helper_name", "contact", "plan", "due_on")


def _refuse(wrong: dict[str, list[str]]) -> None:
    if wrong:
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)


def _wrong(
    employer: Employer, facts: dict[str, Any], today: dt.date, known: dt.date | None = None
) -> dict[str, list[str]]:
    """``known``: the day that stands already; it may lie in the past."""
    wrong: dict[str, list[str]] = {}
    if bool(facts["helper"]) == bool(facts["helper_name"]):
        wrong["helper"] = [_("请选择一个帮扶单位，或者写明其他帮扶单位，二者填一项。")]
    elif facts["helper"] is not None and facts["helper"].pk == employer.pk:
        wrong["helper"] = [_("帮扶单位不能是企业自己。")]
    if facts["due_on"] < today and facts["due_on"] != known:
        wrong["due_on"] = [_("帮扶期限不能早于今天。")]
    return wrong


@transaction.atomic
def add_weak(
    *, actor: Actor, owner: Organisation, employer: Employer, facts: dict[str, Any], now: dt.datetime
) -> WeakUnit:
    """Puts a non-public enterprise below large size on the list of ``owner``, the union that helps (row 146).

    Raises Invalid when it is public or large, or is being helped already – perhaps by a union the desk does not see.
    """
    policy_for("weak").require(actor, "add", employer)
    today = local_date(now)
    wrong = _wrong(employer, facts, today)
    if employer.ownership != OwnershipClass.NON_PUBLIC or employer.size_class not in queries.BELOW_LARGE:
        wrong["employer"] = [_("只列入中小微非公有制企业；规模没有确认的，请先确认单位年度信息。")]
    _refuse(wrong)
    suggested = queries.suggested_weak(year=today.year).filter(pk=employer.pk).exists()
    origin = Origin.SUGGESTED if suggested else Origin.ENTERED
    try:
        with transaction.atomic():
            row = WeakUnit.objects.create(owner=owner, employer=employer, year=today.year, origin=origin, **facts)
    except IntegrityError as error:  # competitions_weak_unit_once
        message = _("这家企业已经在帮扶。")
        raise Invalid(message, fields={"employer": [message]}) from error
    record("competitions.weak.added", row, actor=actor, now=now, employer=employer.name, helper=row.helper_label)
    return row


@transaction.atomic
def change_weak(*, actor: Actor, weak_unit: WeakUnit, facts: dict[str, Any], now: dt.datetime) -> WeakUnit:
    """Changes helper, contact, plan and the day by which a competition is hoped for."""
    row = lock_row(WeakUnit, weak_unit.pk)
    policy_for("weak").require(actor, "help", row)
    _refuse(_wrong(row.employer, facts, local_date(now), row.due_on))
    before = {name: str(getattr(row, name) or "") for name in FACTS}
    for name in FACTS:
        setattr(row, name, facts[name])
    row.save()
    after = {name: str(getattr(row, name) or "") for name in FACTS}
    record("competitions.weak.changed", row, actor=actor, now=now, before=before, after=after)
    return row


@transaction.atomic
def plan_step(*, actor: Actor, weak_unit: WeakUnit, words: str, due_on: dt.date, now: dt.datetime) -> SupportStep:
    """A measure with the day by which it is to be done. Raises Invalid for a day in the past."""
    row = lock_row(WeakUnit, weak_unit.pk)
    policy_for("weak").require(actor, "help", row)
    if due_on < local_date(now):
        _refuse({"due_on": [_("计划完成日期不能早于今天。")]})
    step = SupportStep.objects.create(
        weak_unit=row, words=words.strip(), due_on=due_on, written_by=actor.user, written_at=now
    )
    record("competitions.weak.planned", row, actor=actor, now=now, words=step.words, due_on=due_on.isoformat())
    return step


@transaction.atomic
def finish_step(*, actor: Actor, step: SupportStep, done_on: dt.date, result: str, now: dt.datetime) -> SupportStep:
    """Ticks a measure off with what came of it; once. Raises Invalid for a day in the future."""
    row = lock_row(WeakUnit, step.weak_unit_id)
    policy_for("weak").require(actor, "help", row)
    step = SupportStep.objects.select_for_update().get(pk=step.pk)
    wrong: dict[str, list[str]] = {}
    if step.done_on is not None:
        wrong["result"] = [_("这项措施已经登记完成。")]
    if done_on > local_date(now):
        wrong["done_on"] = [_("完成日期不能晚于今天。")]
    if not result.strip():
        wrong["result"] = [_("请填写完成情况。")]
    _refuse(wrong)
    step.done_on, step.result, step.done_by = done_on, result.strip(), actor.user
    step.save(update_fields=["done_on", "result", "done_by"])
    record("competitions.weak.done", row, actor=actor, now=now, words=step.words, result=step.result)
    return step


@transaction.atomic
def end_support(
    *, actor: Actor, weak_unit: WeakUnit, status: str, filing: CompetitionFiling | None, reason: str, now: dt.datetime
) -> WeakUnit:
    """Ends the help: ``held`` with the filed competition of the unit's own union, ``unable`` with the reason."""
    row = lock_row(WeakUnit, weak_unit.pk)
    policy_for("weak").require(actor, "help", row)
    held, wrong = status == Support.HELD, {}
    if held and (filing is None or not queries.filings_of(row.employer, since=row.year).filter(pk=filing.pk).exists()):
        wrong["filing"] = [_("请选择该企业工会列入帮扶当年或以后备案的竞赛。")]
    if not held and not reason.strip():
        wrong["reason"] = [_("请说明暂不具备条件的原因。")]
    _refuse(wrong)
    row.status, row.filing, row.reason = status, filing if held else None, "" if held else reason.strip()
    row.ended_by, row.ended_at = actor.user, now
    row.save()
    record("competitions.weak.ended", row, actor=actor, now=now, status=status, reason=row.reason)
    return row
