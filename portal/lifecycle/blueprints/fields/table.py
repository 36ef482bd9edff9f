"""Repeatable rows: 完成人, 知识产权, 竞赛项目 … One answer, a list of rows; posted as ``name-0-column``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.conditions import is_filled, is_required
from portal.lifecycle.blueprints.fields.inputs import AnswerField
from portal.lifecycle.blueprints.fields.rows import row_rule_problems
from portal.lifecycle.blueprints.schema import FieldSpec
from portal.lifecycle.blueprints.vocabulary import FieldType, Width

MOST_ROWS = 300
"""Rows that are read from a request at all; a blueprint's own limit is far below."""

Row = dict[str, Any]


class TableWidget(forms.Widget):
    template_name = "lifecycle/widgets/table.html"
    use_fieldset = True
    is_block = True

    def __init__(self, spec: FieldSpec, cells: Mapping[str, AnswerField]) -> None:
        self.spec = spec
        self.cells = cells
        self.blank_rows = 0
        self.cell_errors: dict[tuple[int, str], list[str]] = {}
        super().__init__()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        """Rows in the order of their numbers; rows without any content are left out."""
        shape = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-([a-z0-9_]+)")
        rows: dict[int, Row] = {}
        for key in data:
            match = shape.fullmatch(key)
            if match and match[2] in self.cells:
                rows.setdefault(int(match[1]), {})[match[2]] = data.get(key)
        filled = [
            rows[number] for number in sorted(rows) if any(str(cell or "").strip() for cell in rows[number].values())
        ]
        return filled[:MOST_ROWS]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-present" not in data and not any(key.startswith(f"{name}-") for key in data)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = list(value or [])
        blanks = max(self.blank_rows, self.spec.min_rows - len(rows), 0 if rows else 1)
        limit = self.spec.max_rows or MOST_ROWS
        rows += [{} for _number in range(min(blanks, max(0, limit - len(rows))))]
        return context | {
            "spec": self.spec,
            "heads": [
                {"spec": column, "unit": self.cells[column.code].unit, "width": column_width(column)}
                for column in self.spec.columns
            ],
            "rows": [self._row(name, str(number), row) for number, row in enumerate(rows)],
            "blank": self._row(name, "__row__", {}),
            "max_rows": limit,
            "is_stacked": is_stacked(self.spec),
            "is_full": len(rows) >= limit,
        }

    def _row(self, name: str, number: str, row: Mapping[str, Any]) -> dict[str, Any]:
        cells = []
        for column in self.spec.columns:
            field = self.cells[column.code]
            key = f"{name}-{number}-{column.code}"
            errors = self.cell_errors.get((int(number), column.code), []) if number.isdigit() else []
            attrs = {"id": f"id_{key}", "aria-label": column.label} | (
                {"aria-invalid": "true", "aria-describedby": f"id_{key}_error"} if errors else {}
            )
            cells.append(
                {
                    "spec": column,
                    "key": key,
                    "html": field.widget.render(key, field.typed(row.get(column.code)), attrs),
                    "errors": errors,
                    "unit": field.unit,
                    "width": column_width(column),
                }
            )
        return {"number": number, "cells": cells}


class TableAnswer(AnswerField):
    """Cleans every cell; says which row and column a problem is in and keeps all that was typed.

    ``draft`` (set by the form) leaves out whatever is only a matter of completeness.
    """

    def __init__(self, spec: FieldSpec, make_cell: Callable[[FieldSpec], AnswerField], **kwargs: Any) -> None:
        self.cells = {column.code: make_cell(column) for column in spec.columns}
        for field in self.cells.values():
            _make_compact(field)
        self.draft = False
        self.kept: list[Row] = []
        super().__init__(spec, widget=TableWidget(spec, self.cells), **kwargs)

    def empty(self) -> list[Row]:
        return []

    def to_python(self, value: Any) -> list[Row]:
        return value if isinstance(value, list) else []

    def typed(self, value: Any) -> Any:
        return value or []

    def check(self, value: list[Row]) -> list[Row]:
        cell_errors: dict[tuple[int, str], list[str]] = {}
        self.kept = [self._clean_row(number, row, cell_errors) for number, row in enumerate(value)]
        self.widget.cell_errors = cell_errors
        messages = [
            _("第 %(row)d 行“%(column)s”：%(message)s")
            % {"row": row + 1, "column": self.cells[column].label, "message": message}
            for (row, column), found in cell_errors.items()
            for message in found
        ]
        limit = self.spec.max_rows
        if limit is not None and len(value) > limit:
            numbers = {"limit": limit, "now": len(value), "over": len(value) - limit}
            messages.append(_("最多 %(limit)d 行，现有 %(now)d 行，请删去 %(over)d 行") % numbers)
        if not self.draft and not cell_errors:
            messages += row_rule_problems(self.spec, self.kept)
        if messages:
            raise ValidationError(messages)
        return self.kept

    def _clean_row(self, number: int, raw: Row, errors: dict[tuple[int, str], list[str]]) -> Row:
        row: Row = {}
        for column in self.spec.columns:
            field = self.cells[column.code]
            try:
                row[column.code] = field.clean(raw.get(column.code))
            except ValidationError as error:
                row[column.code] = field.to_python(raw.get(column.code))
                errors[number, column.code] = error.messages
        for column in self.spec.columns:
            if (number, column.code) in errors:
                continue
            if not self.draft and is_required(column, row) and not is_filled(row[column.code]):
                errors[number, column.code] = [_("请填写")]
            before = row.get(column.not_before) if column.not_before else None
            if before and row[column.code] and row[column.code] < before:
                other = self.cells[column.not_before].label
                errors[number, column.code] = [_("不能早于“%s”") % other]
        return row


WIDE_TYPES = frozenset({FieldType.LONG_TEXT, FieldType.PERSON_ID_NUMBER, FieldType.CREDIT_CODE})
ROOM: Mapping[str, float] = {"narrow": 1, "normal": 1.6, "wide": 2.2}
ROOM_OF_A_LINE = 7
"""What fits beside each other without scrolling; a row that needs more is drawn as a card."""


def column_width(column: FieldSpec) -> str:
    """narrow, normal or wide: as the blueprint says, else by what the column holds."""
    if column.width == Width.NARROW:
        return "narrow"
    return "wide" if column.type in WIDE_TYPES else "normal"


def is_stacked(spec: FieldSpec) -> bool:
    """Whether the rows of a table are drawn as cards because their columns do not fit a line."""
    return sum(ROOM[column_width(column)] for column in spec.columns) > ROOM_OF_A_LINE


def _make_compact(field: forms.Field) -> None:
    """Inside a row a list of radio buttons becomes a select, a long text gets two lines."""
    widget = field.widget
    if isinstance(widget, forms.RadioSelect):
        field.widget = forms.Select(choices=[("", "—"), *widget.choices], attrs=widget.attrs)
    elif isinstance(widget, forms.Textarea):
        widget.attrs["rows"] = 2


def rows_of(value: Any) -> Sequence[Row]:
    """The rows of a stored answer; none when there is nothing that looks like rows."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
