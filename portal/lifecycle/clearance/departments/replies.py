"""The one writer of a department's answer: the standing row, a new version, and the event, together."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from django.core.files import File
from django.db.models import Max

from portal.audit.domain import record
from portal.lifecycle.clearance.departments.models import ClearanceWaiver, DepartmentReply

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.clearance.models import Clearance
    from portal.web.uploads import CheckedFile

PREFIX = "opinion:"


@dataclass
class Paper:
    """What came in with an answer. The scan of a letter is stored once, however many candidates it speaks of."""

    received_on: dt.date | None = None
    reason: str = ""
    scan: tuple[IO[bytes], CheckedFile] | None = None
    stored: str = ""


def add_version(row: Clearance, *, paper: Paper, actor: Actor, now: dt.datetime) -> DepartmentReply | None:
    """The row's present opinion as a new version (None for the organiser's own checks). The caller holds the row's lock.

    A decision to go on without agreement spoke of the earlier answer: a new one takes it back.
    """
    if not row.key.startswith(PREFIX):
        return None
    last = row.replies.aggregate(last=Max("version"))["last"] or 0
    reply = DepartmentReply(
        clearance=row,
        version=last + 1,
        opinion=row.opinion,
        note=row.note,
        reason=paper.reason,
        received_on=paper.received_on,
        entered_by=actor.user,
        entered_at=now,
    )
    if paper.scan is not None:
        _attach(reply, paper, paper.scan)
    reply.save()
    for waiver in ClearanceWaiver.objects.filter(clearance=row):
        record("lifecycle.clearance.waiver_void", waiver, actor=actor, now=now, title=row.title)
        waiver.delete()
    return reply


def _attach(reply: DepartmentReply, paper: Paper, scan: tuple[IO[bytes], CheckedFile]) -> None:
    file, checked = scan
    reply.file_name, reply.file_type, reply.file_sha256 = checked.name, checked.content_type, checked.sha256
    if paper.stored:
        reply.file.name = paper.stored
    else:
        reply.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
        paper.stored = str(reply.file.name)
