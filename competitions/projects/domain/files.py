"""Files of a project, checked by content before anything else is written."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _

from competitions.projects.enums import FilePurpose
from competitions.projects.models import KeyProject, ProjectFile
from portal.core.context import Actor
from portal.core.db import require_transaction
from portal.core.errors import Invalid
from portal.web.uploads import checked_upload

PAPERS = ("pdf", "docx", "xlsx", "jpg", "jpeg", "png")
PICTURES = ("jpg", "jpeg", "png")
MAX_MB = 20
MAX_FILES = 20  # of one visit, report, ticket …


def accepted(purpose: str) -> tuple[str, ...]:
    return PICTURES if purpose == FilePurpose.VISIT else PAPERS


def store_files(
    uploads: Iterable[Any],
    *,
    actor: Actor,
    project: KeyProject,
    purpose: str,
    field: str,
    now: dt.datetime,
    **link: Any,
) -> list[ProjectFile]:
    """Keeps the uploads of one record (``link``: period, visit, ticket or care); pictures lose the camera's metadata.

    The caller has locked and asked its policy. The same file twice is kept once. Raises Invalid beside ``field``.
    """
    require_transaction()
    there = set(ProjectFile.objects.filter(project=project, purpose=purpose, **link).values_list("sha256", flat=True))
    kept = []
    for upload in uploads:
        file, checked = checked_upload(upload, accept=accepted(purpose), max_mb=MAX_MB, field=field)
        if checked.sha256 in there:
            continue
        there.add(checked.sha256)
        if len(there) > MAX_FILES:
            message = _("最多上传%d个文件。") % MAX_FILES
            raise Invalid(message, fields={field: [message]})
        row = ProjectFile(
            project=project, purpose=purpose, name=checked.name, size=checked.size, content_type=checked.content_type,
            sha256=checked.sha256, uploaded_by=actor.user, uploaded_at=now, **link,
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
