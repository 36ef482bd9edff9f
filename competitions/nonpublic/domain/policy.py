"""政策落实自评: the paper and its items, opened once a year, answered item by item, returned or confirmed, closed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.nonpublic.domain.records import MAX_MB, PAPERS
from competitions.nonpublic.enums import AnswerState, Reached
from competitions.nonpublic.models import AnswerFile, PolicyPaper, SelfAnswer, SelfAssessment
from portal.accounts.enums import UnionLevel
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.web.uploads import checked_upload

FACTS = ("title", "document_number", "issuer", "issued_on", "link", "items")
MAX_FILES = 5  # of one item


def _refuse(wrong: dict[str, list[str]]) -> None:
    if wrong:
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)


def _keep_file(row: Any, upload: Any) -> None:
    file, checked = checked_upload(upload, accept=PAPERS, max_mb=MAX_MB, field="file")
    row.file_name, row.content_type = checked.name, checked.content_type
    row.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)


@transaction.atomic
def write_policy(
    *, actor: Actor, owner: Organisation, facts: dict[str, Any], upload: Any, now: dt.datetime
) -> PolicyPaper:
    """A paper with its check items. Raises Invalid without items."""
    policy_for("policy").require(actor, "write")
    if not facts["items"]:
        _refuse({"items": [_("至少写一个检查项目。")]})
    row = PolicyPaper(owner=owner, **facts)
    if upload:
        _keep_file(row, upload)
    row.save()
    record("competitions.policy.written", row, actor=actor, now=now, title=row.title, items=len(row.items))
    return row


@transaction.atomic
def change_policy(
    *, actor: Actor, policy: PolicyPaper, facts: dict[str, Any], upload: Any, now: dt.datetime
) -> PolicyPaper:
    """Changes paper and items; assessments that were opened keep the items they were opened with."""
    row = lock_row(PolicyPaper, policy.pk)
    policy_for("policy").require(actor, "change", row)
    if not facts["items"]:
        _refuse({"items": [_("至少写一个检查项目。")]})
    before = {name: str(getattr(row, name) or "") for name in FACTS}
    for name in FACTS:
        setattr(row, name, facts[name])
    if upload:
        _keep_file(row, upload)
    row.save()
    after = {name: str(getattr(row, name) or "") for name in FACTS}
    record("competitions.policy.changed", row, actor=actor, now=now, before=before, after=after)
    return row


@transaction.atomic
def open_assessment(
    *, actor: Actor, policy: PolicyPaper, year: int, due_on: dt.date, now: dt.datetime
) -> SelfAssessment:
    """Asks every second-level union below the owner. Raises Invalid a second time in a year, or for a day in the past."""
    row = lock_row(PolicyPaper, policy.pk)
    policy_for("policy").require(actor, "change", row)
    if due_on < local_date(now):
        _refuse({"due_on": [_("报送截止不能早于今天。")]})
    try:
        with transaction.atomic():
            opened = SelfAssessment.objects.create(
                policy=row, year=year, items=row.items, due_on=due_on, opened_by=actor.user, opened_at=now
            )
    except IntegrityError as error:  # competitions_self_assessment_once
        message = _("%d年度的自评已经布置过。") % year
        raise Invalid(message, fields={"year": [message]}) from error
    unions = Organisation.objects.filter(path__startswith=row.owner.path, level=UnionLevel.DISTRICT, is_active=True)
    SelfAnswer.objects.bulk_create(SelfAnswer(assessment=opened, union=union) for union in unions)
    record("competitions.assessment.opened", opened, actor=actor, now=now, year=year, unions=len(unions))
    return opened


@transaction.atomic
def save_marks(*, actor: Actor, answer: SelfAnswer, marks: dict[str, Any], now: dt.datetime) -> SelfAnswer:
    """Keeps what was written so far; nothing has to be complete. ``marks`` as in ``SelfAnswer``."""
    row = lock_row(SelfAnswer, answer.pk)
    policy_for("selfanswer").require(actor, "write", row)
    numbers = {str(number) for number in range(len(row.assessment.items))}
    row.marks = {n: m for n, m in marks.items() if n in numbers and (m["reached"] or m["words"])}
    row.save(update_fields=["marks"])
    record("competitions.selfanswer.saved", row, actor=actor, now=now, written=len(row.marks))
    return row


@transaction.atomic
def add_file(*, actor: Actor, answer: SelfAnswer, item: int, upload: Any, now: dt.datetime) -> AnswerFile:
    row = lock_row(SelfAnswer, answer.pk)
    policy_for("selfanswer").require(actor, "write", row)
    if not 0 <= item < len(row.assessment.items):
        _refuse({"item": [_("没有这个检查项目。")]})
    if row.files.filter(item=item).count() >= MAX_FILES:
        _refuse({"file": [_("每个检查项目最多上传%d份材料。") % MAX_FILES]})
    file = AnswerFile(answer=row, item=item, added_by=actor.user, added_at=now)
    _keep_file(file, upload)
    file.save()
    record("competitions.selfanswer.file_added", row, actor=actor, now=now, item=item, name=file.file_name)
    return file


@transaction.atomic
def remove_file(*, actor: Actor, file: AnswerFile, now: dt.datetime) -> None:
    row = lock_row(SelfAnswer, file.answer_id)
    policy_for("selfanswer").require(actor, "write", row)
    record("competitions.selfanswer.file_removed", row, actor=actor, now=now, item=file.item, name=file.file_name)
    file.delete()


@transaction.atomic
def file_answer(*, actor: Actor, answer: SelfAnswer, now: dt.datetime) -> SelfAnswer:
    """Hands the answers in. Raises Invalid naming the items without a mark or without words."""
    row = lock_row(SelfAnswer, answer.pk)
    policy_for("selfanswer").require(actor, "file", row)
    open_items = [
        str(number + 1)
        for number in range(len(row.assessment.items))
        if row.mark(number).get("reached") not in Reached.values or not row.mark(number).get("words")
    ]
    if open_items:
        raise Invalid(_("第%s项还没有选择落实情况或没有写说明。") % "、".join(open_items))
    row.status, row.filed_by, row.filed_at, row.returned_reason = AnswerState.FILED, actor.user, now, ""
    row.save()
    record("competitions.selfanswer.filed", row, actor=actor, now=now, full=row.full, missing=row.missing)
    return row


@transaction.atomic
def decide_answer(*, actor: Actor, answer: SelfAnswer, reason: str, now: dt.datetime) -> SelfAnswer:
    """Confirms what was handed in, or gives it back with ``reason``."""
    row = lock_row(SelfAnswer, answer.pk)
    policy_for("selfanswer").require(actor, "decide", row)
    row.status = AnswerState.RETURNED if reason.strip() else AnswerState.CONFIRMED
    row.returned_reason, row.decided_by, row.decided_at = reason.strip(), actor.user, now
    row.save()
    if row.returned_reason:
        record("competitions.selfanswer.returned", row, actor=actor, now=now, reason=row.returned_reason)
    else:
        record("competitions.selfanswer.confirmed", row, actor=actor, now=now)
    return row


@transaction.atomic
def close_assessment(*, actor: Actor, assessment: SelfAssessment, now: dt.datetime) -> SelfAssessment:
    """Ends the year's assessment; unions that have not handed in stay so."""
    row = lock_row(SelfAssessment, assessment.pk)
    policy_for("assessment").require(actor, "close", row)
    row.closed_at = now
    row.save(update_fields=["closed_at"])
    open_ones = row.answers.exclude(status=AnswerState.CONFIRMED).count()
    record("competitions.assessment.closed", row, actor=actor, now=now, unconfirmed=open_ones)
    return row
