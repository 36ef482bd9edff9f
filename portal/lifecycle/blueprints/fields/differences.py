"""What changed between two versions of an entry, down to the words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.lifecycle.blueprints.fields.display import DisplayRow, display_rows
from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.vocabulary import Viewer

EQUAL, INSERT, DELETE = "equal", "insert", "delete"
Part = tuple[str, str]
_TOKEN = re.compile(r"[A-Za-z]+|[0-9][0-9,.]*|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class AnswerChange:
    section: str
    code: str
    label: str
    before: str
    after: str
    parts: tuple[Part, ...]


def answer_diff(blueprint: Blueprint, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[AnswerChange]:
    """Answers that differ, in the order of the form. Compared in clear, shown with personal numbers masked."""
    changes = []
    for section in blueprint.sections:
        clear = [_texts(blueprint, section.code, answers, Viewer.DOCUMENT) for answers in (old, new)]
        masked = [_texts(blueprint, section.code, answers, Viewer.STAFF) for answers in (old, new)]
        for spec in section.fields:
            if clear[0].get(spec.code, "") == clear[1].get(spec.code, ""):
                continue
            before, after = (texts.get(spec.code, "") for texts in masked)
            parts = word_parts(before, after)
            changes.append(AnswerChange(section.code, spec.code, spec.label, before, after, parts))
    return changes


def _texts(blueprint: Blueprint, section: str, answers: Mapping[str, Any], viewer: str) -> dict[str, str]:
    rows = display_rows(blueprint, section, answers, viewer)
    return {row.code: as_text(row) for row in rows if row.kind != "files" and not row.is_empty}


def as_text(row: DisplayRow) -> str:
    """An answer as plain text; a table as one numbered line a row."""
    if row.kind in {"table", "ticks"}:
        lines = ("｜".join(cell or "—" for cell in line) for line in row.rows)
        return "\n".join(f"{index}. {line}" for index, line in enumerate(lines, 1))
    return f"{row.value} {row.unit}".strip() if row.unit else str(row.value)


def word_parts(before: str, after: str) -> tuple[Part, ...]:
    """``before`` → ``after`` as pieces that stayed, came or went. Chinese by character, Latin words and numbers whole."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    parts: list[Part] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == EQUAL:
            parts.append((EQUAL, "".join(old[i1:i2])))
            continue
        if i2 > i1:
            parts.append((DELETE, "".join(old[i1:i2])))
        if j2 > j1:
            parts.append((INSERT, "".join(new[j1:j2])))
    return tuple(parts)
