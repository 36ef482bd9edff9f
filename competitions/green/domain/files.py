"""Evidence, checked by content before it is kept."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _

from competitions.green.models import GreenFile
from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.db import require_transaction
from portal.core.errors import Invalid
from portal.web.uploads import checked_upload

PAPERS = ("pdf", "docx", "xlsx", "jpg", "jpeg", "png")
MAX_MB = 20
MAX_FILES = 10


def store_files(
    uploads: Iterable[Any], *, actor: Actor, organisation: Organisation, purpose: str, now: dt.datetime, **link: Any
) -> list[GreenFile]:
    """Keeps the uploads of one record (``link``: subject with reading or baseline, or suggestion). Raises Invalid beside
    ``files``.
    """
    require_transaction()
    kept: list[GreenFile] = []
    for upload in uploads:
        file, checked = checked_upload(upload, accept=PAPERS, max_mb=MAX_MB, field="files")
        if checked.sha256 in {row.sha256 for row in kept}:
            continue
        if len(kept) == MAX_FILES:
            message = _("最多上传%d个文件。") % MAX_FILES
            raise Invalid(message, fields={"files": [message]})
        row = GreenFile(
            organisation=organisation, purpose=purpose, name=checked.name, size=checked.size, sha256=checked.sha256,
            content_type=checked.content_type, uploaded_by=actor.user, uploaded_at=now, **link,
        )  # fmt: skip
        row.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
        row.save()
        kept.append(row)
    return kept


def need(text: str, field: str, message: str) -> str:
    """``text`` without blanks at its ends; raises Invalid beside ``field`` when nothing is left."""
    if not (clean := text.strip()):
        raise Invalid(message, fields={field: [message]})
    return clean
