"""负责人参与和双受益: records with evidence; a wrong one is followed by a right one, never changed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, TypeVar

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from competitions.nonpublic.enums import Benefit, Engagement
from competitions.nonpublic.models import BenefitRecord, EngagementRecord
from portal.accounts.models import Employer
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.web.uploads import checked_upload

Row = TypeVar("Row", EngagementRecord, BenefitRecord)
PAPERS = ("pdf", "docx", "xlsx", "jpg", "jpeg", "png")
MAX_MB = 20


@transaction.atomic
def enter_engagement(
    *, actor: Actor, employer: Employer, facts: dict[str, Any], upload: Any, now: dt.datetime
) -> EngagementRecord:
    """What the head of an enterprise did. Money needs its amount (元) and its evidence. Raises Invalid beside the field."""
    policy_for("gain").require(actor, "enter", employer)
    wrong = _common(facts, now)
    if facts["kind"] == Engagement.BUDGET:
        if not facts["amount"]:
            wrong["amount"] = [_("安排竞赛经费须填写金额。")]
        if not upload:
            wrong["file"] = [_("请上传经费安排的凭据。")]
    row = EngagementRecord(employer=employer, **_entered(actor, now), **facts)
    return _keep(row, "competitions.engagement.entered", actor=actor, upload=upload, wrong=wrong, now=now)


@transaction.atomic
def enter_benefit(
    *, actor: Actor, employer: Employer, facts: dict[str, Any], upload: Any, now: dt.datetime
) -> BenefitRecord:
    """What workers or the enterprise gained by a competition. Workers' kinds need people, money needs evidence."""
    policy_for("gain").require(actor, "enter", employer)
    wrong = _common(facts, now)
    if facts["kind"] != Benefit.ENTERPRISE and not facts["headcount"]:
        wrong["headcount"] = [_("职工受益须填写人数。")]
    if facts["kind"] in {Benefit.ENTERPRISE, Benefit.BONUS} and not facts["amount"]:
        wrong["amount"] = [_("请填写金额。")]
    if facts["amount"] and not upload:
        wrong["file"] = [_("填写金额的，请上传财务证明或发放表。")]
    row = BenefitRecord(employer=employer, **_entered(actor, now), **facts)
    return _keep(row, "competitions.benefit.entered", actor=actor, upload=upload, wrong=wrong, now=now)


def _entered(actor: Actor, now: dt.datetime) -> dict[str, Any]:
    organisation_id = actor.desk.organisation_id if actor.desk else None
    return {"entered_by": actor.user, "organisation_id": organisation_id, "entered_at": now}


def _common(facts: dict[str, Any], now: dt.datetime) -> dict[str, list[str]]:
    return {"on": [_("日期不能晚于今天。")]} if facts["on"] > local_date(now) else {}


def _keep(row: Row, action: str, *, actor: Actor, upload: Any, wrong: dict[str, list[str]], now: dt.datetime) -> Row:
    if wrong:
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)
    if upload:
        file, checked = checked_upload(upload, accept=PAPERS, max_mb=MAX_MB, field="file")
        row.file_name, row.file_size = checked.name, checked.size
        row.content_type, row.sha256 = checked.content_type, checked.sha256
        row.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
    row.save()
    record(action, row, actor=actor, now=now, kind=row.kind, amount=row.amount, employer=row.employer.name)
    return row
