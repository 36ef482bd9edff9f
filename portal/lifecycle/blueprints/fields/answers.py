"""What is made from stored answers outside of forms: encryption of personal numbers, the entry's name, search text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.lifecycle.blueprints.conditions import is_filled, visible_answers
from portal.lifecycle.blueprints.fields.display import cell_text
from portal.lifecycle.blueprints.fields.table import rows_of
from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.vocabulary import TEXT_TYPES


def map_sensitive(blueprint: Blueprint, answers: Mapping[str, Any], fn: Callable[[str], str]) -> dict[str, Any]:
    """A copy of ``answers`` with ``fn`` (encrypt, decrypt, mask) applied to every personal number, in tables too."""
    result = dict(answers)
    for spec in blueprint.fields:
        value = answers.get(spec.code)
        if spec.is_personal and isinstance(value, str) and value:
            result[spec.code] = fn(value)
        elif spec.is_table:
            personal = [column.code for column in spec.columns if column.is_personal]
            if personal and value:
                result[spec.code] = [_mapped(row, personal, fn) for row in rows_of(value)]
    return result


def _mapped(row: Mapping[str, Any], personal: list[str], fn: Callable[[str], str]) -> dict[str, Any]:
    return {key: fn(cell) if key in personal and isinstance(cell, str) and cell else cell for key, cell in row.items()}


def blank_answers(blueprint: Blueprint, prefill: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a new draft: what the portal already knows about the unit and the person."""
    return {
        spec.code: prefill[spec.prefill]
        for spec in blueprint.fields
        if spec.prefill and is_filled(prefill.get(spec.prefill))
    }


def subject_name(blueprint: Blueprint, answers: Mapping[str, Any]) -> str:
    """What the entry is called: the answer the blueprint points to; empty while it is not given."""
    return " ".join(str(answers.get(blueprint.programme.subject_field) or "").split())


def similarity_text(blueprint: Blueprint, answers: Mapping[str, Any]) -> str:
    """The text that is compared with the library (查重)."""
    codes = blueprint.checks.similarity_fields or (blueprint.programme.subject_field,)
    return "\n".join(str(answers.get(code) or "") for code in codes if answers.get(code))


def searchable_text(blueprint: Blueprint, answers: Mapping[str, Any]) -> str:
    """Words of the entry for full-text search; never a personal number."""
    words: list[str] = []
    applicable = visible_answers(blueprint, answers)
    for spec in blueprint.fields:
        value = applicable.get(spec.code)
        if spec.is_table:
            words += [
                cell_text(column, row.get(column.code))
                for row in rows_of(value)
                for column in spec.columns
                if column.type in TEXT_TYPES
            ]
        elif spec.type in TEXT_TYPES:
            words.append(cell_text(spec, value))
    return " ".join(word for word in words if word)


def unique_values(blueprint: Blueprint, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Values that no two entries of a programme may share (同一专利号), by ``field`` or ``table.column``."""
    found: dict[str, list[str]] = {}
    for code in blueprint.checks.unique_fields:
        top, _dot, column = code.partition(".")
        value = answers.get(top)
        values = [row.get(column) for row in rows_of(value)] if column else [value]
        present = [str(item) for item in values if is_filled(item)]
        if present:
            found[code] = present
    return found
