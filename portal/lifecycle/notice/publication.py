"""What a line of a public list shows: exactly the fields the blueprint releases, never personal data.

domain.md 0.4: name, unit, post, summary of deeds; never ID number, phone, home address.
"""

from __future__ import annotations

from typing import Any

from portal.lifecycle.blueprints.fields import display_rows
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.models import NoticeKind


def public_line(entry: Entry, *, kind: str) -> dict[str, Any]:
    """``{"code", "title", "unit", "nominating", "track", "rank", "facts": [{"label", "text"}]}`` as shown."""
    rules = entry.cycle.rules
    stage = rules.stage(StageKind.NOTICE)
    wanted = set(stage.params.shown_fields) if stage else set()
    facts = [
        {"label": str(row.label), "text": _text(row)}
        for section in rules.sections
        for row in display_rows(rules, section, entry.answers, viewer="public")
        if row.code in wanted and row.value
    ]
    line: dict[str, Any] = {
        "code": entry.code,
        "title": entry.title,
        "unit": entry.employer.name if entry.employer else entry.organisation.name,
        "nominating": entry.nominating.name if entry.nominating else "",
        "track": entry.track.title if entry.track else "",
        "facts": facts,
    }
    if kind == NoticeKind.LOCAL and entry.nomination_rank:
        line["rank"] = entry.nomination_rank
    return line


def _text(row: Any) -> str:
    if row.rows:
        return "、".join(str(cells[0]) for cells in row.rows if cells)
    return f"{row.value}{row.unit or ''}"
