"""Objections (异议): intake from anybody, rulings with a deadline; an open one holds the conferral."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.queries.calendar import last_day
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import closing_time, local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.stages import NoticeParams
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import OPEN_STATES, EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.domain import confirm_entries
from portal.lifecycle.notice.models import Category, Notice, NoticeItem, NoticeKind, Objection, ObjectionFile, Ruling
from portal.lifecycle.notice.numbering import next_code, random_code
from portal.lifecycle.notice.queries import query_hash
from portal.lifecycle.programmes.queries import params_of, stage_of
from portal.web.uploads import CheckedFile, checked_upload

MIN_GROUNDS, MAX_GROUNDS = 10, 5000
MAX_FILES, MAX_FILE_MB = 5, 20
ACCEPTED = ("pdf", "jpg", "jpeg", "png", "docx", "xlsx")


@dataclass(frozen=True)
class Receipt:
    """What the objector takes home: the case number, and a code only they know to follow it."""

    objection: Objection
    query_code: str


def file_objection(
    *,
    notice: Notice,
    entry: Entry | None,
    grounds: str,
    is_named: bool,
    name: str,
    phone: str,
    files: Sequence[UploadedFile],
    actor: Actor,
    now: dt.datetime,
    category: str = Category.OTHER,
) -> Receipt:
    """Receives an objection to a running notice; the answer is due in working days (blueprint, default 10).

    Raises Refused after the last day, Invalid with messages beside the fields. By name: name and phone are needed
    and stored encrypted; anonymous objections are taken where the blueprint allows them.
    """
    policy_for("notice").require(actor, "notice.object", notice)
    if not notice.takes_objections(now):
        raise Conflict(_("公示期已结束，不再受理异议；如有新情况请直接联系主办工会。"))
    rules = _notice_params(notice)
    _validate(notice, entry, grounds, is_named=is_named, name=name, phone=phone, rules=rules, files=files)
    checked = [checked_upload(upload, accept=ACCEPTED, max_mb=MAX_FILE_MB, field="files") for upload in files]
    day, _years = last_day(local_date(now), rules.objection_ruling_working_days if rules else 10)
    query_code = random_code(10)
    with transaction.atomic():
        objection = Objection.objects.create(
            code=next_code("YY", now=now),
            notice=notice,
            entry=entry,
            category=category if category in Category.values else Category.OTHER,
            is_named=is_named,
            name=name.strip() if is_named else "",
            phone=phone.strip() if is_named else "",
            grounds=grounds.strip(),
            query_hash=query_hash(query_code),
            received_at=now,
            due_at=closing_time(day, "17:00"),
        )
        _keep_files(objection, checked)
        record(
            "lifecycle.objection.received",
            objection,
            actor=actor,
            now=now,
            notice=notice.code,
            category=objection.category,
        )
    return Receipt(objection, query_code)


def _keep_files(objection: Objection, checked: Sequence[tuple[IO[bytes], CheckedFile]]) -> None:
    for content, facts in checked:
        row = ObjectionFile(objection=objection, name=facts.name, size=facts.size, content_type=facts.content_type)
        row.file.save(f"{uuid.uuid4().hex}.{facts.extension}", File(content), save=True)


def accept_objection(*, objection: Objection, actor: Actor, now: dt.datetime) -> Objection:
    """受理: from now on the case is being looked into; the letter of acceptance can be given. Raises Conflict the second time."""
    with transaction.atomic():
        objection = lock_row(Objection, objection.pk)
        if objection.accepted_at is not None or not objection.is_open:
            raise Conflict(_("这件异议已经受理。"))
        policy_for("notice").require(actor, "notice.rule", objection)
        objection.accepted_at, objection.accepted_by = now, actor.user
        objection.save(update_fields=["accepted_at", "accepted_by", "updated_at"])
        record("lifecycle.objection.accepted", objection, actor=actor, now=now, due_at=objection.due_at)
    return objection


def rule_on_objection(*, objection: Objection, ruling: str, text: str, actor: Actor, now: dt.datetime) -> Objection:
    """Answers an objection. Upheld: the entry is disqualified and, where one waits, the next reserve moves up.

    Not upheld: the entry is confirmed at once when the notice has ended. Raises Conflict when already ruled on.
    """
    if ruling not in Ruling.values:
        raise Invalid(_("请选择结论。"), fields={"ruling": [_("请选择结论。")]})
    if len(text.strip()) < 5:
        raise Invalid(_("请写明答复意见。"), fields={"text": [_("请写明答复意见（不少于5字）。")]})
    with transaction.atomic():
        objection = lock_row(Objection, objection.pk)
        if not objection.is_open:
            raise Conflict(_("这件异议已经答复。"))
        policy_for("notice").require(actor, "notice.rule", objection)
        if ruling == Ruling.UPHELD and objection.entry_id is None:
            raise Invalid(
                _("针对整份名单的异议不能直接认定成立。"),
                fields={"ruling": [_("请对涉及的申报件分别立案，或选择“部分成立”并说明处理办法。")]},
            )
        if objection.accepted_at is None:  # answered at once
            objection.accepted_at, objection.accepted_by = now, actor.user
        objection.ruling, objection.ruling_text = ruling, text.strip()
        objection.ruled_by, objection.ruled_at = actor.user, now
        objection.save()
        record("lifecycle.objection.ruled", objection, actor=actor, now=now, after={"ruling": ruling})
        _carry_out(objection, actor=actor, now=now)
    return objection


def reveal_objector(*, objection: Objection, reason: str, actor: Actor, now: dt.datetime) -> dict[str, str]:
    """Name and telephone in the clear, for whoever rules; leaves an audit event with the reason."""
    policy_for("notice").require(actor, "notice.reveal", objection)
    if not reason.strip():
        raise Invalid(_("请写明查看原因。"), fields={"reason": [_("请写明查看原因。")]})
    with transaction.atomic():
        record("lifecycle.objection.revealed", objection, actor=actor, now=now, reason=reason)
    return {"name": objection.name, "phone": objection.phone}


def _carry_out(objection: Objection, *, actor: Actor, now: dt.datetime) -> None:
    notice, entry = objection.notice, objection.entry
    if objection.ruling == Ruling.UPHELD and entry is not None:
        reason = _("异议成立（%s）") % objection.code
        NoticeItem.objects.filter(notice=notice, entry=entry).update(removed_reason=reason)
        record("lifecycle.notice.item_removed", notice, actor=actor, now=now, entry=entry.code, reason=reason)
        entry.refresh_from_db()
        if notice.kind == NoticeKind.SELECTION and entry.state in OPEN_STATES:
            perform(entry, "disqualify", actor=actor, now=now, reason=reason)
        elif entry.state == EntryState.SUBMITTED:
            perform(entry, "decline", actor=actor, now=now, reason=reason)
        return
    confirm_entries(notice=notice, actor=actor, now=now)


def _notice_params(notice: Notice) -> NoticeParams | None:
    """What the cycle pinned for its notice stage; None where it has none (then the defaults hold)."""
    stage = stage_of(notice.cycle, StageKind.NOTICE)
    return params_of(stage) if stage else None


def _validate(notice, entry, grounds, *, is_named, name, phone, rules, files) -> None:
    fields: dict[str, list[str]] = {}
    length = len(grounds.strip())
    if length < MIN_GROUNDS:
        fields["grounds"] = [_("请写明事实与理由（不少于%d字）。") % MIN_GROUNDS]
    elif length > MAX_GROUNDS:
        fields["grounds"] = [
            _("最多%(max)d字，已超出%(over)d字。") % {"max": MAX_GROUNDS, "over": length - MAX_GROUNDS}
        ]
    if is_named and not name.strip():
        fields["name"] = [_("实名异议请填写姓名或单位名称。")]
    if is_named and not phone.strip():
        fields["phone"] = [_("实名异议请填写联系电话，便于核实和答复。")]
    if not is_named and rules is not None and not rules.anonymous_objections:
        fields["is_named"] = [_("本次公示只受理实名异议。")]
    if entry is not None and not NoticeItem.objects.filter(notice=notice, entry=entry).exists():
        fields["entry"] = [_("所选对象不在这份公示名单中。")]
    if len(files) > MAX_FILES:
        fields["files"] = [_("最多上传%d个文件。") % MAX_FILES]
    if fields:
        raise Invalid(_("请更正标出的内容。"), fields=fields)
