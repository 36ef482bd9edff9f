"""Giving an opinion as a co-host, and going on against one as the owner."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction

from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.lifecycle.clearance.opinions.models import HostOpinion, HostVerdict
from portal.lifecycle.clearance.opinions.policies import hosting_of
from portal.lifecycle.entries.models import Entry
from portal.web.uploads import CheckedFile, checked_upload

if TYPE_CHECKING:
    from portal.core.context import Actor

ACCEPT = ("pdf", "jpg", "png")
MAX_MB = 20
MAX_NOTE = 500


@dataclass(frozen=True)
class HostAnswer:
    """``upload`` is the sealed paper as a scan, if there is one."""

    verdict: str
    note: str = ""
    upload: Any = None


def give_opinion(*, entry: Entry, answer: HostAnswer, actor: Actor, now: dt.datetime) -> HostOpinion:
    """The co-host's own word on an entry; a later one takes the place of an earlier one, and of the owner's answer to it.

    Saying the same again changes nothing. Raises Invalid beside the field (no such opinion, a refusal without a reason,
    a file that does not fit), Refused when it was not agreed or the entry has gone on.
    """
    note = answer.note.strip()
    _require(answer.verdict, note)
    upload = answer.upload
    scan = checked_upload(upload, accept=ACCEPT, max_mb=MAX_MB, field="scan") if upload else None
    with transaction.atomic():
        lock_row(Entry, entry.pk)
        locked = Entry.objects.select_related("cycle__owner").get(pk=entry.pk)
        policy_for("opinion").require(actor, "give", locked)
        host = hosting_of(actor, locked)
        opinion = HostOpinion.objects.filter(entry=locked, host=host).first() or HostOpinion(entry=locked, host=host)
        before = {"verdict": opinion.verdict, "note": opinion.note, "scan": opinion.file_sha256}
        same = before["verdict"] == answer.verdict and before["note"] == note
        if opinion.pk and same and (scan is None or scan[1].sha256 == opinion.file_sha256):
            return opinion
        opinion.verdict, opinion.note = answer.verdict, note
        opinion.given_by, opinion.given_at = actor.user, now
        opinion.overruled_by, opinion.overruled_at, opinion.overruled_reason = None, None, ""
        if scan is not None:
            _store(opinion, *scan)
        opinion.save()
        after = {"verdict": opinion.verdict, "note": note, "scan": opinion.file_sha256}
        record("lifecycle.opinion.given", opinion, actor=actor, now=now, before=before, after=after, entry=locked.code)
        return opinion


def overrule(*, opinion: HostOpinion, actor: Actor, now: dt.datetime, reason: str) -> HostOpinion:
    """The owner goes on although a co-host refused, and says why. Raises Invalid without a reason, Refused by policy."""
    reason = reason.strip()
    if not reason or len(reason) > MAX_NOTE:
        text = f"请写明继续办理的理由，最多{MAX_NOTE}字。"
        raise Invalid(text, fields={"reason": [text]})
    with transaction.atomic():
        lock_row(Entry, opinion.entry_id)
        fresh = lock_row(HostOpinion, opinion.pk)
        policy_for("opinion").require(actor, "overrule", fresh)
        fresh.overruled_by, fresh.overruled_at, fresh.overruled_reason = actor.user, now, reason
        fresh.save(update_fields=["overruled_by", "overruled_at", "overruled_reason"])
        record("lifecycle.opinion.overruled", fresh, actor=actor, now=now, reason=reason, entry=fresh.entry.code)
        return fresh


def _require(verdict: str, note: str) -> None:
    if verdict not in HostVerdict.values:
        raise Invalid("请选择意见。", fields={"verdict": ["请选择意见。"]})
    if verdict == HostVerdict.REFUSED and not note:
        raise Invalid("请写明不同意的原因。", fields={"note": ["请写明不同意的原因，主办工会据此研究。"]})
    if len(note) > MAX_NOTE:
        text = f"最多{MAX_NOTE}字，现在是{len(note)}字。"
        raise Invalid(text, fields={"note": [text]})


def _store(opinion: HostOpinion, file: IO[bytes], checked: CheckedFile) -> None:
    opinion.file_name, opinion.file_type = checked.name, checked.content_type
    opinion.file_sha256 = checked.sha256
    opinion.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
