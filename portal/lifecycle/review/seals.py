"""Sealing submitted sheets: the hash is known at once, the marks only with the result (commit and reveal).

``seal_hash`` is pure and repeated by the stand-alone verifier: SHA-256 over canonical JSON of sheet, version, marks and salt.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from portal.lifecycle.review.models import Assignment, AssignmentState, Score
from portal.lifecycle.review.seal_models import SheetSeal
from portal.lifecycle.review.sheet import plain

if TYPE_CHECKING:
    from portal.lifecycle.programmes.models import CycleStage

FORMAT = "sheet-seal-1"
ABSTAINED = "abstained"
SALT_BYTES = 16
Marks = list[list[str]]


def canonical_marks(marks: Mapping[str, tuple[Any, bool]]) -> Marks:
    """(criterion, mark) in the order of the criteria's codes; ``abstained`` instead of a number."""
    return sorted([code, ABSTAINED if abstained else plain(value)] for code, (value, abstained) in marks.items())


def seal_hash(*, sheet: int, version: int, marks: Marks, salt: str) -> str:
    """What is published before the marks are: nobody finds the marks behind it without the salt."""
    text = json.dumps([FORMAT, sheet, version, marks, salt], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal_sheet(assignment: Assignment, marks: Mapping[str, tuple[Any, bool]], *, now: dt.datetime) -> SheetSeal:
    """Seals a sheet that is being submitted; a sheet that was given back gets the next version."""
    version = SheetSeal.objects.filter(assignment=assignment).count() + 1
    salt, rows = secrets.token_hex(SALT_BYTES), canonical_marks(marks)
    return SheetSeal.objects.create(
        assignment=assignment,
        version=version,
        sha256=seal_hash(sheet=assignment.pk, version=version, marks=rows, salt=salt),
        salt=salt,
        marks=json.dumps(rows, ensure_ascii=False),
        sealed_at=now,
    )


def break_seal(assignment: Assignment, *, reason: str, now: dt.datetime) -> None:
    """Notes on the last seal why the sheet was given back; the seal itself stays."""
    last = SheetSeal.objects.filter(assignment=assignment).order_by("-version").first()
    if last is not None:
        last.reopened_at, last.reopened_reason = now, reason
        last.save(update_fields=["reopened_at", "reopened_reason"])


def seals_of(stage: CycleStage, entry_ids: Iterable[int]) -> list[SheetSeal]:
    """All versions of all sheets of these entries, by entry, sheet and version."""
    rows = SheetSeal.objects.filter(assignment__panel__stage=stage, assignment__entry_id__in=list(entry_ids))
    return list(
        rows.select_related("assignment__entry").order_by("assignment__entry__code", "assignment_id", "version")
    )


def broken_seals(stage: CycleStage, entry_ids: Iterable[int]) -> list[str]:
    """Codes of entries with a submitted sheet whose marks are not those that were sealed. Two queries.

    Sheets that no expert submitted (confirmed results of a contest) have no seal and are not asked.
    """
    newest: dict[int, SheetSeal] = {}
    for seal in seals_of(stage, entry_ids):
        newest[seal.assignment_id] = seal
    stored: dict[int, dict[str, tuple[Any, bool]]] = {pk: {} for pk in newest}
    rows = Score.objects.filter(assignment__in=list(newest)).exclude(value=None, abstained=False)
    for row in rows:
        stored[row.assignment_id][row.criterion] = (row.value, row.abstained)
    found = set()
    for pk, seal in newest.items():
        if seal.assignment.state != AssignmentState.SUBMITTED:
            continue
        marks = canonical_marks(stored[pk])
        if seal_hash(sheet=pk, version=seal.version, marks=marks, salt=seal.salt) != seal.sha256:
            found.add(seal.assignment.entry.code)
    return sorted(found)
