"""What an entry says: its answers in clear, their fingerprints and the keys by which equal ones are found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from portal.core.crypto import blind_index, decrypt, encrypt, is_encrypted
from portal.core.text import normalise_title
from portal.lifecycle.blueprints.fields import is_filled, map_sensitive, unique_values
from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.vocabulary import FieldType
from portal.lifecycle.entries.models import Entry, EntryKey

Answers = dict[str, Any]


def clear_answers(rules: Blueprint, stored: Mapping[str, Any]) -> Answers:
    """Stored answers with personal numbers in clear. For forms, documents and comparisons; never for a page as such."""
    return map_sensitive(rules, stored, lambda text: decrypt(text) if is_encrypted(text) else text)


def stored_answers(rules: Blueprint, answers: Mapping[str, Any]) -> Answers:
    """Answers as the database holds them: personal numbers encrypted."""
    return map_sensitive(rules, answers, lambda text: text if is_encrypted(text) else encrypt(text))


def answers_of(entry: Entry) -> Answers:
    """The entry's answers in clear, by the rules its cycle pins."""
    return clear_answers(entry.cycle.rules, entry.answers)


def shows_numbers(rules: Blueprint, field: str) -> bool:
    """Whether the files of this question show personal numbers in clear: scans of sealed papers, and personal ones.

    Guests, who see numbers masked, do not see these files.
    """
    sealed = any(document.upload_field == field for document in rules.documents)
    return sealed or (rules.has_field(field) and rules.field(field).is_personal)


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def section_base(rules: Blueprint, section: str, answers: Mapping[str, Any]) -> str:
    """Short fingerprint of one section as a page shows it: a save from a page that knows another one is stale."""
    codes = [spec.code for spec in rules.section(section).fields if spec.is_answer]
    return _digest({code: answers[code] for code in codes if is_filled(answers.get(code))})[:20]


def fingerprint(*, title: str, answers: Mapping[str, Any], attachments: Iterable[Mapping[str, Any]]) -> str:
    """Fingerprint of a version: of the answers in clear and of every file's content. Printed on the sealed form."""
    files = sorted((row["field"], row["sha256"]) for row in attachments)
    return _digest({"title": title, "answers": dict(answers), "files": files})


def first_person(rules: Blueprint, answers: Mapping[str, Any]) -> str:
    """ID number of the first person named (第一完成人): what the limit per person counts. Empty when none is asked."""
    for spec in rules.fields:
        if spec.type == FieldType.PERSON_ID_NUMBER and answers.get(spec.code):
            return str(answers[spec.code]).upper()
        columns = [column.code for column in spec.columns if column.type == FieldType.PERSON_ID_NUMBER]
        rows = answers.get(spec.code) or []
        if columns and rows and isinstance(rows[0], Mapping) and rows[0].get(columns[0]):
            return str(rows[0][columns[0]]).upper()
    return ""


def keys_of(rules: Blueprint, answers: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(kind, keyed hash) of everything two entries should not share."""
    found: set[tuple[str, str]] = set()
    person = first_person(rules, answers)
    if person:
        found.add((EntryKey.PERSON, blind_index(person)))
    for spec in rules.fields:
        if spec.type == FieldType.CREDIT_CODE and answers.get(spec.code):
            found.add((EntryKey.CREDIT_CODE, blind_index(str(answers[spec.code]).upper())))
    for kind, values in unique_values(rules, answers).items():
        found |= {(kind, blind_index(normalise_title(value))) for value in values if normalise_title(value)}
    return found


def write_keys(entry: Entry, rules: Blueprint, answers: Mapping[str, Any]) -> None:
    """Brings the stored keys in line with the answers."""
    wanted = keys_of(rules, answers)
    rows = {(key.kind, key.value): key.pk for key in EntryKey.objects.filter(entry=entry)}
    gone = [pk for pair, pk in rows.items() if pair not in wanted]
    if gone:
        EntryKey.objects.filter(pk__in=gone).delete()
    EntryKey.objects.bulk_create(
        EntryKey(entry=entry, kind=kind, value=value) for kind, value in wanted if (kind, value) not in rows
    )
