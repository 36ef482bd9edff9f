"""Writes of the checklist: the unit's own marks before it submits, a reviewer's marks afterwards."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.review_blocks import Criterion
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.checklist import sheets
from portal.lifecycle.review.checklist.calculation import section_marks
from portal.lifecycle.review.checklist.models import ItemMark, ItemValue, SelfMark
from portal.lifecycle.review.domain.marking import lock_open
from portal.lifecycle.review.models import Assignment, Score
from portal.lifecycle.review.sheet import MarkError, parse_mark, plain
from portal.web.uploads import checked_upload

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.blueprints.review_blocks import ChecklistItem, ChecklistParams

YES, NO = "yes", "no"
EVIDENCE_KINDS = ("pdf", "jpg", "jpeg", "png", "docx", "xlsx")
EVIDENCE_MB = 20
EVIDENCE_LENGTH, COMMENT_LENGTH = 500, 300


@dataclass
class Typed:
    """What came from the page, by code of the item; only what is named is touched."""

    points: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)  # yes, no, or empty
    words: Mapping[str, str] = field(default_factory=dict)  # evidence of the unit, comment of a reviewer

    @property
    def codes(self) -> set[str]:
        return {*self.points, *self.found, *self.words}


def parse_points(item: ChecklistItem, raw: str) -> Decimal | None:
    """Marks or deduction as typed, 0 … points on the item's step; None when empty. Raises MarkError."""
    full = Criterion(item.code, item.title, weight=item.points, max_score=item.points, step=item.step)
    return parse_mark(full, raw)


def save_self_marks(*, actor: Actor, entry: Entry, typed: Typed, now: dt.datetime) -> sheets.ItemSheet:
    """Keeps the unit's own marks and words of evidence; what does not fit comes back with its message.

    Raises Refused when the entry is submitted and locked, Conflict when its review goes by no checklist.
    """
    with transaction.atomic():
        locked, checklist = _lock_entry(actor, entry)
        rows = sheets.self_rows_of(locked)
        make = {item.code: SelfMark(entry=locked, item=item.code) for item in checklist.items}
        errors, before, after = _apply(checklist, typed, make | rows, "evidence", EVIDENCE_LENGTH)
        if after:
            record("lifecycle.selfmark.saved", locked, actor=actor, before=before, after=after, now=now)
        return sheets.self_sheet(locked, checklist, errors=errors)


def add_evidence(*, actor: Actor, entry: Entry, item: str, upload: Any, now: dt.datetime) -> SelfMark:
    """Stores one file as proof of an item, in place of an earlier one; checked by content, pictures without metadata.

    Raises Invalid with the message beside the item, Refused when the entry is locked.
    """
    file, checked = checked_upload(upload, accept=EVIDENCE_KINDS, max_mb=EVIDENCE_MB, field=item)
    with transaction.atomic():
        locked, checklist = _lock_entry(actor, entry)
        found = _item(checklist, item)
        row = SelfMark.objects.filter(entry=locked, item=found.code).first() or SelfMark(entry=locked, item=found.code)
        row.file_name, row.size, row.content_type = checked.name, checked.size, checked.content_type
        row.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
        row.save()
        record(
            "lifecycle.selfmark.evidence", locked, actor=actor, now=now, item=found.code, title=found.title,
            name=checked.name, sha256=checked.sha256,
        )  # fmt: skip
        return row


def remove_evidence(*, actor: Actor, entry: Entry, item: str, now: dt.datetime) -> None:
    """Takes the file of an item out; doing it twice changes nothing."""
    with transaction.atomic():
        locked, checklist = _lock_entry(actor, entry)
        row = SelfMark.objects.filter(entry=locked, item=_item(checklist, item).code).exclude(file="").first()
        if row is None:
            return
        name, row.file, row.file_name, row.content_type, row.size = row.file_name, "", "", "", 0
        row.save()
        record("lifecycle.selfmark.evidence", locked, actor=actor, now=now, item=item, removed=name)


def save_items(*, actor: Actor, assignment: Assignment, typed: Typed, now: dt.datetime) -> sheets.ItemSheet:
    """Keeps a reviewer's findings; every section that is complete becomes the mark of its criterion.

    Raises Conflict when the sheet is submitted, recused or the review is over; Refused for another's sheet.
    """
    with transaction.atomic():
        locked = lock_open(actor, assignment, "review.score", now)
        checklist = _required(params_of(locked.panel.stage).checklist)
        rows = {row.item: row for row in ItemMark.objects.filter(assignment=locked)}
        make = {item.code: ItemMark(assignment=locked, item=item.code) for item in checklist.items}
        errors, before, after = _apply(checklist, typed, make | rows, "comment", COMMENT_LENGTH)
        sheet = sheets.review_items(locked, checklist, errors=errors)
        if after:
            _write_sections(locked, checklist, sheet)
            record("lifecycle.score.saved", locked, actor=actor, before=before, after=after, now=now)
        return sheet


def _write_sections(assignment: Assignment, checklist: ChecklistParams, sheet: sheets.ItemSheet) -> None:
    rows = {row.criterion: row for row in Score.objects.filter(assignment=assignment)}
    for code, value in section_marks(checklist, sheet.total).items():
        row = rows.get(code) or Score(assignment=assignment, criterion=code)
        if row.pk is None or row.value != value:
            row.value, row.abstained = value, False
            row.save()


def _apply(
    checklist: ChecklistParams, typed: Typed, rows: Mapping[str, ItemValue], words: str, length: int
) -> tuple[dict[str, tuple[str, str]], dict[str, str], dict[str, str]]:
    """Writes what was typed into the rows; (errors, before, after) by item."""
    errors: dict[str, tuple[str, str]] = {}
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for item in checklist.items:
        if item.code not in typed.codes:
            continue
        row = rows[item.code]
        old = _said(row, words)
        try:
            if item.veto and item.code in typed.found:
                row.found = {YES: True, NO: False}.get(typed.found[item.code])
            elif not item.veto and item.code in typed.points:
                row.value = parse_points(item, typed.points[item.code])
        except MarkError as error:
            errors[item.code] = (typed.points[item.code], str(error))
        if item.code in typed.words:
            text = typed.words[item.code].strip()
            if len(text) > length:
                message = _("说明最多 %(limit)d 字，现在是 %(n)d 字。") % {"limit": length, "n": len(text)}
                errors.setdefault(item.code, (typed.points.get(item.code, ""), message))
            else:
                setattr(row, words, text)
        if (new := _said(row, words)) != old:
            row.save()
            before[item.code], after[item.code] = old, new
    return errors, before, after


def _said(row: Any, words: str) -> str:
    verdict = {True: _("存在"), False: _("不存在"), None: ""}[row.found]
    return " ".join(part for part in (plain(row.value), verdict, getattr(row, words)) if part)


def _lock_entry(actor: Actor, entry: Entry) -> tuple[Entry, ChecklistParams]:
    locked = lock_row(Entry, entry.pk)
    policy_for("entry").require(actor, "entry.edit", locked)
    checklist = _required(sheets.checklist_of(locked.cycle))
    if not checklist.self_mark:
        raise Conflict(_("本届的考核表由评审人员填写，不需要自评。"))
    return locked, checklist


def _required(checklist: ChecklistParams | None) -> ChecklistParams:
    if checklist is None:
        raise Conflict(_("本届评审不使用考核表。"))
    return checklist


def _item(checklist: ChecklistParams, code: str) -> ChecklistItem:
    try:
        item = checklist.item(code)
    except KeyError as error:
        raise Invalid(_("考核表中没有这一项。")) from error
    if not item.evidence:
        raise Invalid(_("这一项不需要佐证材料。"))
    return item
