"""Everything that changes an entry. Import from here."""

from portal.lifecycle.entries.domain.attachments import add_attachment, remove_attachment
from portal.lifecycle.entries.domain.consents import give_consent, withdraw_consent
from portal.lifecycle.entries.domain.documents import log_document
from portal.lifecycle.entries.domain.drafts import (
    Saved,
    StaleDraft,
    change_track,
    copy_entry,
    create_entry,
    save_draft,
)
from portal.lifecycle.entries.domain.reveal import reveal_personal
from portal.lifecycle.entries.domain.submission import submit_entry, withdraw_entry

__all__ = [
    "Saved",
    "StaleDraft",
    "add_attachment",
    "change_track",
    "copy_entry",
    "create_entry",
    "give_consent",
    "log_document",
    "remove_attachment",
    "reveal_personal",
    "save_draft",
    "submit_entry",
    "withdraw_consent",
    "withdraw_entry",
]
