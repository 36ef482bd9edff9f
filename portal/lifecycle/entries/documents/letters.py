"""授权书, 承诺书, 纪要, 公示证明: the blueprint's words with the entry's answers, ready for signature and seal."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from portal.lifecycle.blueprints.fields import cell_text, subject_name
from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.vocabulary import Viewer
from portal.lifecycle.entries.documents import word
from portal.lifecycle.entries.documents.content import BLANK_DATE, footer
from portal.lifecycle.entries.documents.data import EntryData
from portal.lifecycle.entries.documents.typesetting import TEMPLATES, compile_pdf

_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
EMPTY = "　　　　　　　　"
"""What stands for an answer that is not given yet: room to write by hand."""


@dataclass(frozen=True)
class Letter:
    title: str
    body: tuple[str, ...]
    signers: tuple[str, ...]
    seal: str
    date: str
    footer: str


def letter_content(blueprint: Blueprint, document_code: str, data: EntryData) -> Letter:
    """The words of a letter. KeyError when the blueprint has no such document."""
    spec = blueprint.document(document_code)
    return Letter(
        title=spec.title,
        body=tuple(fill_in(paragraph, blueprint, data) for paragraph in spec.body),
        signers=spec.signers,
        seal=f"（{spec.seal}）" if spec.seal else "",
        date=BLANK_DATE,
        footer=footer(data),
    )


def fill_in(text: str, blueprint: Blueprint, data: EntryData) -> str:
    """Replace ``{code}`` by answers and facts of the entry; what is not known yet becomes room to write."""
    facts: dict[str, Any] = {
        "organisation": data.organisation,
        "nominating": data.nominating,
        "cycle": data.cycle_label,
        "title": subject_name(blueprint, data.answers),
        "subject": subject_name(blueprint, data.answers),
        "programme": blueprint.programme.title,
        "honour": blueprint.honour_title(data.answers.get("track")),
        "date": BLANK_DATE,
        "year": str(data.submitted_on.year) if data.submitted_on else "",
    }

    def replace(match: re.Match[str]) -> str:
        code = match[1]
        if blueprint.has_field(code):
            value = cell_text(blueprint.field(code), data.answers.get(code), Viewer.DOCUMENT)
        else:
            value = str(facts.get(code, ""))
        return value or EMPTY

    return _PLACEHOLDER.sub(replace, text)


def letter_pdf(
    blueprint: Blueprint, document_code: str, data: EntryData, *, made_at: dt.datetime | None = None
) -> bytes:
    """The letter as PDF. Raises KeyError for an unknown document, FontMissing."""
    letter = letter_content(blueprint, document_code, data)
    payload = {
        "title": letter.title,
        "body": list(letter.body),
        "signers": list(letter.signers),
        "seal": letter.seal,
        "date": letter.date,
        "footer": letter.footer,
        "draft_note": "",
    }
    return compile_pdf(TEMPLATES / "letter.typ", payload, made_at=made_at)


def letter_docx(blueprint: Blueprint, document_code: str, data: EntryData) -> bytes:
    """The letter as Word document. Raises KeyError for an unknown document."""
    letter = letter_content(blueprint, document_code, data)
    document = word.new_document(title=letter.title, footer=letter.footer)
    word.paragraph(
        document, letter.title, font=word.SONG, size=22, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER, before=12, after=28
    )
    for index, text in enumerate(letter.body):
        is_addressee = index == 0 and text.endswith("：")
        word.paragraph(document, text, font=word.FANG, size=16, indent=not is_addressee, leading=29)
    for number, signer in enumerate(letter.signers):
        word.paragraph(document, f"{signer}：", font=word.FANG, size=16, before=30 if number == 0 else 6, leading=29)
    right = WD_ALIGN_PARAGRAPH.RIGHT
    word.paragraph(document, letter.seal, font=word.FANG, size=16, align=right, before=36, leading=29)
    word.paragraph(document, letter.date, font=word.FANG, size=16, align=right, leading=29)
    return word.to_bytes(document)
