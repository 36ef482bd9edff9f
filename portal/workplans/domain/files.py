"""Uploads of schemes and reports, checked by content."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.web.uploads import checked_upload
from portal.workplans.models import ProgressReport, Scheme, SchemeFile

ACCEPT = ("pdf", "docx", "xlsx", "jpg", "png")
MAX_MB = 20
MAX_FILES = 10


def add_file(
    *, actor: Actor, scheme: Scheme, upload: Any, now: dt.datetime, report: ProgressReport | None = None
) -> SchemeFile:
    """Stores a file of the scheme, or evidence of ``report``. Raises Invalid beside ``file``, Conflict for a double."""
    action = "report" if report else "edit"
    policy_for("workplan").require(actor, action, scheme)
    file, checked = checked_upload(upload, accept=ACCEPT, max_mb=MAX_MB, field="file")
    with transaction.atomic():
        locked = lock_row(Scheme, scheme.pk)
        policy_for("workplan").require(actor, action, locked)
        there = list(SchemeFile.objects.filter(scheme=locked, report=report, removed_at=None))
        if any(row.sha256 == checked.sha256 for row in there):
            raise Conflict(_("“%s”已经上传过，不必重复上传。") % checked.name, code="duplicate")
        if len(there) >= MAX_FILES:
            message = _("最多上传%d个文件，请先移除一个。") % MAX_FILES
            raise Invalid(message, fields={"file": [message]})
        stored = SchemeFile(
            scheme=locked,
            report=report,
            name=checked.name,
            size=checked.size,
            content_type=checked.content_type,
            sha256=checked.sha256,
            uploaded_by=actor.user,
            uploaded_at=now,
        )
        stored.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
        stored.save()
        record("workplans.file.added", locked, actor=actor, now=now, name=checked.name, sha256=checked.sha256)
        return stored


@transaction.atomic
def remove_file(*, actor: Actor, file: SchemeFile, now: dt.datetime) -> SchemeFile:
    """Takes a file out of the draft; versions that hold it still name it. Twice changes nothing."""
    scheme = lock_row(Scheme, file.scheme_id)
    policy_for("workplan").require(actor, "report" if file.report_id else "edit", scheme)
    current = lock_row(SchemeFile, file.pk)
    if current.removed_at is None:
        current.removed_at = now
        current.save(update_fields=["removed_at"])
        record("workplans.file.removed", scheme, actor=actor, now=now, name=current.name, sha256=current.sha256)
    return current
