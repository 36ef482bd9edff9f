"""What the acts of the room share."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _

from innovations.studios.models import Studio, StudioEvent
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.web.uploads import checked_upload

PAPERS = ("pdf", "docx", "xlsx", "jpg", "jpeg", "png")
MAX_MB = 20


def invalid(wrong: dict[str, list[str]]) -> Invalid:
    """One error out of messages by field."""
    return Invalid("".join(m for messages in wrong.values() for m in messages), fields=wrong)


def locked(actor: Actor, action: str, studio: Studio) -> Studio:
    """The studio, locked and freshly read. Raises Refused when the policy says no."""
    row = lock_row(Studio, studio.pk)
    policy_for("studio").require(actor, action, row)
    return row


def tell(studio: Studio, step: str, words: str, *, actor: Actor, now: dt.datetime) -> None:
    """A line in the story of the studio."""
    StudioEvent.objects.create(studio=studio, step=step, words=words[:400], at=now, by=actor.user)


def attach(row: Any, upload: Any) -> None:
    """Keeps a checked proof with a record that is not saved yet. Raises Invalid beside ``file``."""
    if upload is None:
        return
    content, facts = checked_upload(upload, accept=PAPERS, max_mb=MAX_MB, field="file")
    row.file_name, row.file_size, row.content_type, row.sha256 = (
        facts.name, facts.size, facts.content_type, facts.sha256,
    )  # fmt: skip
    row.file.save(f"{uuid.uuid4().hex}.{facts.extension}", File(content), save=False)


def too_late(day: dt.date | None, today: dt.date) -> list[str]:
    """A message when ``day`` is to come."""
    return [_("日期不能晚于今天。")] if day and day > today else []
