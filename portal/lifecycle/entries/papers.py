"""The papers of an entry – application form, letters – from the same answers as the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.accounts.enums import UNIT_LEVELS
from portal.core.dates import local_date
from portal.core.text import safe_file_name
from portal.lifecycle.blueprints.schema import DocumentSpec
from portal.lifecycle.blueprints.vocabulary import DocumentKind
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.content import answers_of, clear_answers
from portal.lifecycle.entries.documents.application import application_docx, application_pdf
from portal.lifecycle.entries.documents.data import AttachmentData, EntryData, OpinionData
from portal.lifecycle.entries.documents.letters import letter_docx, letter_pdf
from portal.lifecycle.entries.models import Entry, EntryVersion
from portal.web.uploads import WORD

PDF = "application/pdf"
KINDS = ("pdf", "docx")


@dataclass(frozen=True)
class Paper:
    content: bytes
    name: str
    content_type: str


def papers_of(entry: Entry) -> list[DocumentSpec]:
    """Papers that are made for one entry; summaries of a whole union are its business."""
    return [document for document in entry.cycle.rules.documents if document.kind != DocumentKind.SUMMARY]


def entry_data(entry: Entry, version: EntryVersion | None = None) -> EntryData:
    """What a paper says: of a submitted version, or of the entry as it stands."""
    rules = entry.cycle.rules
    if version is not None:
        answers = clear_answers(rules, version.answers)
        files = [AttachmentData(row["field"], row["name"], row["size"]) for row in version.attachments]
    else:
        answers = answers_of(entry)
        rows = [row for group in queries.attachments_of(entry).values() for row in group]
        files = [AttachmentData(row.field, row.name, row.size) for row in rows]
    return EntryData(
        code=entry.code,
        cycle_label=str(entry.cycle),
        organisation=entry.organisation.name,
        answers=answers,
        track=entry.track.title if entry.track else "",
        nominating=entry.nominating.name if entry.nominating else _nominating_name(entry),
        version=version.number if version else 0,
        fingerprint=version.fingerprint if version else "",
        submitted_on=local_date(version.created_at) if version else None,
        attachments=tuple(files),
        opinions=tuple(_opinions(queries.opinions_of(entry))),
    )


def _nominating_name(entry: Entry) -> str:
    """Before anybody has recommended: the union a letter will be addressed to, by the route as it is now."""
    above = [hop for hop in queries.hops_of(entry) if hop.level not in UNIT_LEVELS]
    return above[0].name if above else entry.cycle.owner.name


def _opinions(rows: Iterable[Any]) -> Iterable[OpinionData]:
    for row in rows:
        if row.is_current:
            yield OpinionData(row.level, row.organisation.name, row.opinion, local_date(row.decided_at))


def make_paper(entry: Entry, document: DocumentSpec, kind: str, *, now: dt.datetime) -> Paper:
    """The paper as PDF or Word. A locked entry's paper shows its last version, a draft's says that it is a draft."""
    version = None if entry.facts.editable_by_applicant else queries.versions_of(entry).first()
    data = entry_data(entry, version)
    rules = entry.cycle.rules
    if document.kind == DocumentKind.APPLICATION_FORM:
        content = application_pdf(rules, data, made_at=now) if kind == "pdf" else application_docx(rules, data)
    elif kind == "pdf":
        content = letter_pdf(rules, document.code, data, made_at=now)
    else:
        content = letter_docx(rules, document.code, data)
    name = safe_file_name(f"{document.title}_{entry.title or entry.code}_{entry.code}.{kind}")
    return Paper(content, name, PDF if kind == "pdf" else WORD)
