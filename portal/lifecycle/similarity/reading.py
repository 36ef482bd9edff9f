"""The text of an entry that is compared: its answers as the blueprint says, and what its files say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from docx import Document
from pypdf import PdfReader

from portal.lifecycle.blueprints.fields import similarity_text
from portal.lifecycle.entries.content import answers_of

if TYPE_CHECKING:
    from portal.lifecycle.entries.models import Attachment, Entry

log = structlog.get_logger(__name__)
LONGEST = 20_000  # characters of files; what follows is appendices
LARGEST = 20 * 1024 * 1024
PAGES = 30
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def own_text(entry: Entry) -> str:
    """What the unit wrote in the fields that the blueprint compares; empty when it names none."""
    rules = entry.cycle.rules
    return similarity_text(rules, answers_of(entry)) if rules.checks.similarity_fields else ""


def whole_text(entry: Entry, file_text: str) -> str:
    """Own words first, then those of the files."""
    return f"{own_text(entry)}\n{file_text}".strip()


def text_of_files(entry: Entry) -> str:
    """Words of the entry's Word and PDF files; a file that cannot be read (scanned, damaged) adds nothing."""
    found: list[str] = []
    for attachment in entry.attachments.filter(removed_at__isnull=True, content_type__in=[WORD, PDF]).order_by("pk"):
        if attachment.size <= LARGEST:
            found.append(_words(attachment))
        if sum(map(len, found)) >= LONGEST:
            break
    return "\n".join(found)[:LONGEST]


def _words(attachment: Attachment) -> str:
    try:
        with attachment.file.open("rb") as file:
            if attachment.content_type == WORD:
                return "\n".join(paragraph.text for paragraph in Document(file).paragraphs)
            return "\n".join(page.extract_text() for page in PdfReader(file).pages[:PAGES])
    except Exception as error:  # noqa: BLE001 -- files of strangers break readers in every way; the entry counts without
        log.warning("similarity.unreadable", attachment=attachment.pk, error=type(error).__name__)
        return ""
