"""投诉箱: anybody may write; the union above the host answers in working days; the host never learns who it was."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from competitions.filings.domain.reports import working_deadline
from competitions.filings.enums import ComplaintKind, ComplaintOutcome
from competitions.filings.models import CompetitionFiling, Complaint, ComplaintFile
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.notice.numbering import next_code, random_code
from portal.lifecycle.notice.queries import query_hash
from portal.web.uploads import checked_upload

ANSWER_DAYS = 10  # working days
MIN_GROUNDS, MAX_GROUNDS = 10, 3000
MAX_FILES, MAX_MB = 5, 20
ACCEPTED = ("pdf", "jpg", "jpeg", "png", "docx")


@dataclass(frozen=True)
class Receipt:
    """What the reporter takes home: the case number, and the code only they know."""

    complaint: Complaint
    query_code: str


def make_complaint(
    *,
    actor: Actor,
    filing: CompetitionFiling,
    kind: str,
    grounds: str,
    name: str,
    phone: str,
    now: dt.datetime,
    files: Sequence[Any] = (),
) -> Receipt:
    """Takes a complaint about a competition; due in ANSWER_DAYS working days. Name and telephone (both or none) are
    encrypted. It goes to the union above the host, never to the host itself. Raises Invalid beside the field.
    """
    policy_for("complaint").require(actor, "make", filing)
    if not filing.is_counted:
        raise Conflict(_("这项竞赛没有备案或者已经撤回，不能受理投诉。"))
    name, phone, grounds = name.strip(), phone.strip(), grounds.strip()
    wrong: dict[str, list[str]] = {}
    if not MIN_GROUNDS <= len(grounds) <= MAX_GROUNDS:
        wrong["grounds"] = [_("请写清情况，%(a)d到%(b)d字。") % {"a": MIN_GROUNDS, "b": MAX_GROUNDS}]
    if bool(name) != bool(phone):
        wrong["phone" if name else "name"] = [_("实名投诉请同时填写姓名和电话；匿名请都不填。")]
    if len(files) > MAX_FILES:
        wrong["files"] = [_("最多上传%d个文件。") % MAX_FILES]
    if wrong:
        raise Invalid("".join(m for messages in wrong.values() for m in messages), fields=wrong)
    checked = [checked_upload(upload, accept=ACCEPTED, max_mb=MAX_MB, field="files") for upload in files]
    code = random_code(10)
    with transaction.atomic():
        row = Complaint.objects.create(
            code=next_code("TS", now=now), filing=filing, handler=filing.reviewer or filing.owner, grounds=grounds,
            kind=kind if kind in ComplaintKind.values else ComplaintKind.OTHER, is_named=bool(name), name=name,
            phone=phone, query_hash=query_hash(code), received_at=now,
            due_at=working_deadline(local_date(now), ANSWER_DAYS),
        )  # fmt: skip
        for content, facts in checked:
            kept = ComplaintFile(complaint=row, name=facts.name, size=facts.size, content_type=facts.content_type)
            kept.file.save(f"{uuid.uuid4().hex}.{facts.extension}", File(content), save=True)
        record("competitions.complaint.received", row, actor=actor, now=now, kind=row.kind, filing=filing.number)
    return Receipt(row, code)


@transaction.atomic
def answer_complaint(*, actor: Actor, complaint: Complaint, outcome: str, answer: str, now: dt.datetime) -> Complaint:
    """The answer, once: whoever knows the query code reads it. Raises Invalid beside the field."""
    row = lock_row(Complaint, complaint.pk)
    policy_for("complaint").require(actor, "answer", row)
    wrong = {}
    if outcome not in ComplaintOutcome.values:
        wrong["outcome"] = [_("请选择结论。")]
    if len(answer.strip()) < 5:
        wrong["answer"] = [_("请写明答复意见（不少于5字）。")]
    if wrong:
        raise Invalid("".join(m for messages in wrong.values() for m in messages), fields=wrong)
    row.outcome, row.answer, row.answered_by, row.answered_at = outcome, answer.strip(), actor.user, now
    row.save()
    record("competitions.complaint.answered", row, actor=actor, now=now, outcome=outcome, late=now > row.due_at)
    return row


@transaction.atomic
def reveal_reporter(*, actor: Actor, complaint: Complaint, reason: str, now: dt.datetime) -> dict[str, str]:
    """Name and telephone in the clear, for whoever answers; leaves an audit event with the reason."""
    row = lock_row(Complaint, complaint.pk)
    policy_for("complaint").require(actor, "reveal", row)
    if len(reason.strip()) < 4:
        message = _("请写明查看原因。")
        raise Invalid(message, fields={"reason": [message]})
    record("competitions.complaint.revealed", row, actor=actor, now=now, reason=reason.strip())
    return {"name": row.name, "phone": row.phone}
