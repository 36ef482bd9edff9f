"""Recording what was sent and what came back, and going on without agreement (two persons)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.queries.calendar import last_day
from portal.audit.domain import record
from portal.core.dates import local_date
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.clearance.departments.models import ClearanceWaiver, DepartmentLetter, LetterLine
from portal.lifecycle.clearance.departments.queries import PREFIX, WAITING
from portal.lifecycle.clearance.departments.replies import Paper
from portal.lifecycle.clearance.domain import Answer, enter_review, lacks_note, write_opinion
from portal.lifecycle.clearance.models import Clearance, Opinion
from portal.web.uploads import checked_upload

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.programmes.models import Cycle

ACCEPT, MAX_MB, MAX_NOTE = ("pdf", "jpg", "png"), 20, 500


def register_letter(
    *, cycle: Cycle, department: str, number: str, sent_on: dt.date, working_days: int, actor: Actor, now: dt.datetime
) -> DepartmentLetter:
    """A letter went out: every unanswered request to the department that stands on no letter yet is on its list.

    Raises Refused, or Invalid beside the field (no number, a day to come, nobody to ask).
    """
    policy_for("clearance").require(actor, "letters", cycle)
    number = number.strip()
    if not number:
        raise _invalid("number", _("请填写发函文号。"))
    if sent_on > local_date(now):
        raise _invalid("sent_on", _("发函日期不能晚于今天。"))
    answer_by, _unknown = last_day(sent_on, working_days)
    with transaction.atomic():
        rows = Clearance.objects.filter(WAITING, entry__cycle=cycle, key=f"{PREFIX}{department}"[:60], line=None)
        found = list(lock_rows(Clearance.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))))
        if not found:
            raise _invalid("request", _("%s没有尚未发函的对象。") % department)
        letter = DepartmentLetter(
            cycle=cycle, department=department, number=number, sent_on=sent_on, answer_by=answer_by,
            recorded_by=actor.user, recorded_at=now,
        )  # fmt: skip
        try:
            with transaction.atomic():
                letter.save()
                LetterLine.objects.bulk_create([LetterLine(letter=letter, clearance=row) for row in found])
        except IntegrityError as error:
            raise _invalid("number", _("这一文号已经登记过，或者对象刚由别人登记发函，请刷新后再看。")) from error
        record(
            "lifecycle.clearance.letter_sent", letter, actor=actor, now=now, department=department, number=number,
            count=len(found), answer_by=answer_by.isoformat(),
        )  # fmt: skip
    return letter


def record_replies(
    *, letter: DepartmentLetter, answers: Mapping[int, Answer], received_on: dt.date | None, reason: str, upload: Any,
    actor: Actor, now: dt.datetime,
) -> list[Clearance]:  # fmt: skip
    """The department's answer to a whole letter or a part of it, by the keys of requests; returns what changed.

    An answer that was given before is corrected only with a reason, as a new version. Raises Invalid beside the field
    (``note_…``, ``reason``, ``scan``), Conflict for a request that is not on the letter, Refused by policy.
    """
    policy_for("clearance").require(actor, "letters", letter.cycle)
    errors = {f"note_{pk}": [_("请写明原因或保留意见的内容。")] for pk, answer in answers.items() if lacks_note(answer)}
    if errors:
        raise Invalid(_("有的意见需要说明。"), fields=errors)
    if received_on is not None and received_on > local_date(now):
        raise _invalid("received_on", _("收到日期不能晚于今天。"))
    scan = checked_upload(upload, accept=ACCEPT, max_mb=MAX_MB, field="scan") if upload else None
    paper = Paper(received_on=received_on, reason=reason.strip(), scan=scan)
    with transaction.atomic():
        rows = list(lock_rows(Clearance.objects.filter(line__letter=letter, pk__in=list(answers))))
        if len(rows) != len(answers):
            raise Conflict(_("函件名单里没有这个对象，请刷新后再登记。"))
        corrected = [row for row in rows if row.opinion != Opinion.PENDING and _differs(row, answers[row.pk])]
        if corrected and not paper.reason:
            raise _invalid("reason", _("更正已登记的意见，须写明原因。"))
        for row in rows:
            policy_for("clearance").require(actor, "record", row)
        changed = [row for row in rows if write_opinion(row, answers[row.pk], actor, now, paper=paper)]
    for row in changed:
        enter_review(row.entry, actor, now)
    return changed


def propose_waiver(*, row: Clearance, decision: str, reason: str, actor: Actor, now: dt.datetime) -> ClearanceWaiver:
    """例外: named decision and reason; counts when another person confirms. Raises Invalid, Conflict, Refused."""
    policy_for("clearance").require(actor, "record", row)
    for name, value in (("decision", decision), ("reason", reason)):
        if not value.strip() or len(value) > MAX_NOTE:
            raise _invalid(name, _("请填写，最多%d字。") % MAX_NOTE)
    with transaction.atomic():
        fresh = lock_row(Clearance, row.pk)
        if fresh.opinion == Opinion.AGREED or not fresh.key.startswith(PREFIX):
            raise Conflict(_("只有部门没有同意的事项才能提出例外。"))
        if ClearanceWaiver.objects.filter(clearance=fresh).exists():
            raise Conflict(_("这一事项已经提出例外，等待另一人确认或者已经确认。"))
        waiver = ClearanceWaiver.objects.create(
            clearance=fresh, decision=decision.strip(), reason=reason.strip(), proposed_by=actor.user, proposed_at=now
        )
        record(
            "lifecycle.clearance.waiver_proposed", waiver, actor=actor, now=now, title=fresh.title,
            decision=waiver.decision, reason=waiver.reason,
        )  # fmt: skip
    return waiver


def confirm_waiver(*, waiver: ClearanceWaiver, actor: Actor, now: dt.datetime) -> ClearanceWaiver:
    """By a manager other than the one who proposed it; from now on the request holds nobody up. Raises Conflict, Refused."""
    with transaction.atomic():
        row = lock_row(Clearance, waiver.clearance_id)
        fresh = ClearanceWaiver.objects.filter(pk=waiver.pk).first()
        if fresh is None or fresh.confirmed_at is not None:
            raise Conflict(_("例外已经确认，或者部门重新回复后已经失效。"))
        policy_for("clearance").require(actor, "confirm", fresh)
        fresh.confirmed_by, fresh.confirmed_at = actor.user, now
        fresh.save(update_fields=["confirmed_by", "confirmed_at"])
        record("lifecycle.clearance.waiver_confirmed", fresh, actor=actor, now=now, title=row.title)
    enter_review(row.entry, actor, now)
    return fresh


def _differs(row: Clearance, answer: Answer) -> bool:
    return (row.opinion, row.note) != (answer.opinion, answer.note.strip())


def _invalid(name: str, text: str) -> Invalid:
    return Invalid(text, fields={name: [text]})
