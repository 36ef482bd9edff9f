"""随机抽查: drawn by lot, recorded so that anybody can recompute it; then the result with pictures, and what was put right."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.filings import lots
from competitions.filings.domain.files import PICTURES, need, store_files
from competitions.filings.enums import OPEN_STATES, CheckResult
from competitions.filings.models import CheckDraw, CheckPhoto, CompetitionFiling, SpotCheck
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for


def population(organisation: Organisation, year: int) -> list[str]:
    """备案号 of what may be drawn: competitions below ``organisation`` that are accepted or under way, sorted."""
    rows = CompetitionFiling.objects.filter(year=year, state__in=OPEN_STATES, owner__path__startswith=organisation.path)
    return sorted(rows.exclude(owner=organisation).values_list("number", flat=True))


@transaction.atomic
def draw_checks(
    *, actor: Actor, organisation: Organisation, year: int, title: str, size: int, due_on: dt.date, now: dt.datetime
) -> CheckDraw:
    """Draws ``size`` competitions below the acting union. The seed comes from the operating system and is kept with the
    whole population. Raises Invalid beside ``size`` when there are not so many.
    """
    policy_for("filingcheck").require(actor, "draw")
    advisory_lock(f"competitions:draw:{organisation.pk}")
    numbers, seed = population(organisation, year), secrets.token_hex(16)
    if not 1 <= size <= len(numbers):
        message = _("%(year)d年度可抽查的竞赛有%(n)d项，请填写1到%(n)d之间的数。") % {"year": year, "n": len(numbers)}
        raise Invalid(message, fields={"size": [message]})
    if due_on < local_date(now):
        message = _("检查期限不能早于今天。")
        raise Invalid(message, fields={"due_on": [message]})
    row = CheckDraw.objects.create(
        organisation=organisation, year=year, title=need(title, "title", _("请填写名称。")), seed=seed, size=size,
        population=numbers, method=lots.METHOD, due_on=due_on, drawn_by=actor.user, drawn_at=now,
    )  # fmt: skip
    chosen = lots.drawn(seed, numbers, size)
    filings = {f.number: f for f in CompetitionFiling.objects.filter(number__in=chosen)}
    SpotCheck.objects.bulk_create(
        SpotCheck(draw=row, filing=filings[number], organisation=organisation, order=place)
        for place, number in enumerate(chosen, 1)
    )
    record(
        "competitions.check.drawn", row, actor=actor, now=now, seed=seed, method=lots.METHOD, size=size,
        population=len(numbers), drawn=chosen,
    )  # fmt: skip
    return row


@transaction.atomic
def record_check(
    *,
    actor: Actor,
    check: SpotCheck,
    result: str,
    checked_on: dt.date,
    checkers: str,
    findings: str,
    now: dt.datetime,
    photos: Iterable[Any] = (),
) -> SpotCheck:
    """What was found, once; pictures lose the camera's data. Raises Invalid beside the field."""
    check = lock_row(SpotCheck, check.pk)
    policy_for("filingcheck").require(actor, "record", check)
    if result not in {CheckResult.PASSED, CheckResult.PROBLEM}:
        message = _("请选择结果。")
        raise Invalid(message, fields={"result": [message]})
    if not local_date(check.draw.drawn_at) <= checked_on <= local_date(now):
        message = _("检查日期须在抽取之后、今天之前。")
        raise Invalid(message, fields={"checked_on": [message]})
    check.result, check.checked_on = result, checked_on
    check.checkers = need(checkers, "checkers", _("请填写检查人员。"))
    check.findings = need(findings, "findings", _("请填写检查情况。"))
    check.checked_by, check.recorded_at = actor.user, now
    check.save()
    store_files(
        CheckPhoto, photos, actor=actor, field="photos", now=now, accept=PICTURES, filing=check.filing, spot_check=check
    )  # fmt: skip
    record("competitions.check.recorded", check, actor=actor, now=now, result=result, checked_on=checked_on)
    return check


@transaction.atomic
def rectify(*, actor: Actor, check: SpotCheck, words: str, now: dt.datetime) -> SpotCheck:
    """整改情况 of the union that was checked; once."""
    check = lock_row(SpotCheck, check.pk)
    policy_for("filingcheck").require(actor, "rectify", check)
    check.rectified = need(words, "words", _("请填写整改情况。"))
    check.save(update_fields=["rectified"])
    record("competitions.check.rectified", check, actor=actor, now=now)
    return check
