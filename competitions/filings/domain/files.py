"""Files of a filing and of what follows it, checked by content before anything else is written."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from competitions.filings.models import CompetitionFiling, FilingFile
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row, require_transaction
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.web.uploads import checked_upload

PAPERS = ("pdf", "docx", "xlsx", "jpg", "jpeg", "png")
PICTURES = ("jpg", "jpeg", "png")
MAX_MB = 20
MAX_FILES = 10  # of one record and purpose


def store_files(
    model: Any,
    uploads: Iterable[Any],
    *,
    actor: Actor,
    field: str,
    now: dt.datetime,
    accept: tuple[str, ...] = PAPERS,
    **link: Any,
) -> list[Any]:
    """Keeps uploads as rows of ``model`` with ``link``; pictures lose the camera's metadata, the same file is kept once.

    The caller has locked and asked its policy. Raises Invalid beside ``field``.
    """
    require_transaction()
    there, kept = set(model.objects.filter(**link).values_list("sha256", flat=True)), []
    for upload in uploads:
        file, checked = checked_upload(upload, accept=accept, max_mb=MAX_MB, field=field)
        if checked.sha256 in there:
            continue
        there.add(checked.sha256)
        if len(there) > MAX_FILES:
            message = _("最多上传%d个文件。") % MAX_FILES
            raise Invalid(message, fields={field: [message]})
        row = model(
            name=checked.name, size=checked.size, content_type=checked.content_type, sha256=checked.sha256,
            uploaded_by=actor.user, uploaded_at=now, **link,
        )  # fmt: skip
        row.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
        row.save()
        kept.append(row)
    return kept


@transaction.atomic
def remove_file(*, actor: Actor, file: FilingFile, now: dt.datetime) -> CompetitionFiling:
    """Takes a file out of a filing that may still be changed; the stored bytes stay with the backups."""
    filing = lock_row(CompetitionFiling, file.filing_id)
    policy_for("filing").require(actor, "change", filing)
    FilingFile.objects.filter(pk=file.pk).delete()
    record("competitions.filing.file_removed", filing, actor=actor, now=now, name=file.name, sha256=file.sha256)
    return filing


def need(text: str, field: str, message: str) -> str:
    """``text`` without blanks at its ends; raises Invalid beside ``field`` when nothing is left."""
    if not (clean := text.strip()):
        raise Invalid(message, fields={field: [message]})
    return clean
