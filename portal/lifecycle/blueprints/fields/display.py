"""Answers as people read them: on record pages, in the review desk, in public, in the sealed form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.core.text import mask_id_number, mask_phone
from portal.lifecycle.blueprints.conditions import is_filled, visible_fields
from portal.lifecycle.blueprints.fields.codes import code_label
from portal.lifecycle.blueprints.fields.rows import number
from portal.lifecycle.blueprints.fields.table import rows_of
from portal.lifecycle.blueprints.schema import Blueprint, FieldSpec, Section
from portal.lifecycle.blueprints.vocabulary import FieldType, Viewer

DEFAULT_UNITS: Mapping[str, str] = {FieldType.MONEY: "元", FieldType.PERCENT: "%"}


@dataclass(frozen=True)
class DisplayRow:
    """``kind`` is text, long, table, files, ticks or statement; ``value`` is text except for files (as given)."""

    code: str
    label: str
    kind: str
    value: Any
    unit: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    is_number: bool = False
    is_empty: bool = False


def display_rows(
    blueprint: Blueprint,
    section: Section | str,
    answers: Mapping[str, Any],
    viewer: Viewer | str = Viewer.STAFF,
    attachments: Mapping[str, Any] | None = None,
) -> list[DisplayRow]:
    """The questions of a section with their answers, as far as ``viewer`` may see them.

    Applicants and staff: personal numbers masked. Experts: none of them, and without what is marked ``blind`` when the
    review is blind. Public: only what is marked ``public`` and answered. Document: everything in clear.
    """
    if isinstance(section, str):
        section = blueprint.section(section)
    shown = visible_fields(blueprint, answers)
    rows = []
    for spec in section.fields:
        if spec.code not in shown or not may_see(spec, viewer, blueprint):
            continue
        row = _row(blueprint, spec, answers.get(spec.code), Viewer(viewer), attachments or {})
        if row is not None and not (viewer == Viewer.PUBLIC and row.is_empty):
            rows.append(row)
    return rows


def may_see(spec: FieldSpec, viewer: Viewer | str, blueprint: Blueprint) -> bool:
    """Whether this viewer gets to see a question or a table column at all."""
    if viewer == Viewer.PUBLIC:
        return spec.public and not spec.is_personal
    if viewer == Viewer.EXPERT:
        return not spec.is_personal and not (spec.blind and blueprint.is_blind)
    return True


def _row(
    blueprint: Blueprint, spec: FieldSpec, value: Any, viewer: Viewer, attachments: Mapping[str, Any]
) -> DisplayRow | None:
    label = spec.publish_as or spec.label if viewer == Viewer.PUBLIC else spec.label
    if spec.type == FieldType.STATEMENT:
        return None
    if spec.type == FieldType.ATTACHMENT:
        files = attachments.get(spec.code, ())
        return DisplayRow(spec.code, label, "files", files, is_empty=not files)
    if spec.is_table:
        columns = [column for column in spec.columns if may_see(column, viewer, blueprint)]
        lines = tuple(
            tuple(cell_text(column, line.get(column.code), viewer) for column in columns) for line in rows_of(value)
        )
        heads = tuple(_head(column) for column in columns)
        return DisplayRow(spec.code, label, "table", "", columns=heads, rows=lines, is_empty=not lines)
    if spec.type == FieldType.VETOES:
        ticked = set(value or [])
        lines = tuple(
            (veto.text, _("已确认没有此情形") if veto.code in ticked else _("未确认")) for veto in blueprint.vetoes
        )
        return DisplayRow(spec.code, label, "ticks", "", rows=lines, is_empty=not ticked)
    kind = "long" if spec.type == FieldType.LONG_TEXT else "text"
    text = cell_text(spec, value, viewer)
    unit = unit_of(spec) if text else ""
    return DisplayRow(spec.code, label, kind, text, unit, is_number=_is_number(spec), is_empty=not text)


YEARS = (1900, 2100)
"""A whole number bounded by these is a year."""


def unit_of(spec: FieldSpec) -> str:
    return spec.unit or DEFAULT_UNITS.get(spec.type, "")


def _head(column: FieldSpec) -> str:
    unit = unit_of(column)
    return f"{column.label}（{unit}）" if unit else column.label


def _is_number(spec: FieldSpec) -> bool:
    return spec.type in {FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT}


def cell_text(spec: FieldSpec, value: Any, viewer: Viewer | str = Viewer.STAFF) -> str:
    """One simple answer in words, without its unit; empty when it is not answered."""
    if not is_filled(value):
        return ""
    if spec.is_personal:
        return _personal(spec, str(value), viewer)
    formatter = _FORMATTERS.get(spec.type)
    return formatter(spec, value) if formatter else str(value)


def _personal(spec: FieldSpec, value: str, viewer: Viewer | str) -> str:
    if viewer == Viewer.DOCUMENT:
        return value
    return mask_id_number(value) if spec.type == FieldType.PERSON_ID_NUMBER else mask_phone(value)


def _is_year(spec: FieldSpec) -> bool:
    """年度 is asked for as a whole number between two years."""
    low, high = spec.minimum, spec.maximum
    return (
        spec.type == FieldType.INTEGER and low is not None and high is not None and YEARS[0] <= low <= high <= YEARS[1]
    )


def _grouped(spec: FieldSpec, value: Any) -> str:
    """Thousands separated, but not years. Anything that is no number (a draft keeps it) is shown as it was typed."""
    if _is_year(spec):
        return str(value)
    figure = number(value)
    if not figure.is_finite() or (figure == 0 and str(value).strip("0.+-") != ""):
        return str(value)
    return f"{figure:,.2f}" if spec.type == FieldType.MONEY else f"{Decimal(str(value)):,}"


def _date(spec: FieldSpec, value: Any) -> str:
    parts = str(value).split("-")
    if not all(part.isdigit() for part in parts) or len(parts) not in {2, 3}:
        return str(value)
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False))


def _choice(spec: FieldSpec, value: Any) -> str:
    labels = {choice.value: choice.label for choice in spec.choices}
    values: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
    return "、".join(labels.get(str(item), str(item)) for item in values)


def _truth(spec: FieldSpec, value: Any) -> str:
    if spec.type == FieldType.CONSENT:
        return _("同意") if value is True else _("未同意")
    return {True: _("是"), False: _("否")}.get(value, str(value)) if isinstance(value, bool) else str(value)


_FORMATTERS: Mapping[str, Callable[[FieldSpec, Any], str]] = {
    FieldType.INTEGER: _grouped,
    FieldType.DECIMAL: _grouped,
    FieldType.MONEY: _grouped,
    FieldType.PERCENT: _grouped,
    FieldType.DATE: _date,
    FieldType.MONTH: _date,
    FieldType.CHOICE: _choice,
    FieldType.MULTI_CHOICE: _choice,
    FieldType.CODE: lambda spec, value: code_label(str(spec.code_list), str(value)),
    FieldType.BOOLEAN: _truth,
    FieldType.CONSENT: _truth,
}
