"""Papers made from an entry hold personal numbers in clear: every one that leaves the portal is logged."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from portal.audit.domain import record
from portal.core.context import Actor
from portal.lifecycle.entries.models import Entry


def log_document(*, actor: Actor, entry: Entry, code: str, title: str, kind: str, now: dt.datetime) -> None:
    """Records who made which paper (``kind`` pdf or docx) of which revision."""
    with transaction.atomic():
        record(
            "lifecycle.entry.document_made",
            entry,
            actor=actor,
            now=now,
            document=code,
            label=title,
            name=kind.upper(),
            version=entry.version,
        )
