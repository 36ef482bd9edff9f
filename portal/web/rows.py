"""Repeatable rows in a form: 委员、指标、预算 … – one field whose value is a list of rows, posted as ``name-0-column``.

The page needs ``static/js/entry_form.js`` for adding and removing rows; without script there is always one blank row more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.web.forms import dress

Row = dict[str, Any]
MOST_ROWS = 200


class RowsWidget(forms.Widget):
    """Draws the rows as a table, on phones as cards."""

    template_name = "web/widgets/rows.html"
    use_fieldset = True
    is_block = True

    def __init__(self, columns: Mapping[str, forms.Field], *, max_rows: int, is_stacked: bool = False) -> None:
        self.columns, self.max_rows, self.is_stacked = columns, max_rows, is_stacked
        self.cell_errors: dict[tuple[int, str], list[str]] = {}
        super().__init__()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        """Rows in the order of their numbers; what has no content in a text or number is left out."""
        shape = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-([a-z0-9_]+)")
        numbers = sorted({int(m[1]) for key in data if (m := shape.fullmatch(key)) and m[2] in self.columns})
        rows = [
            {
                code: field.widget.value_from_datadict(data, files, f"{name}-{number}-{code}")
                for code, field in self.columns.items()
            }
            for number in numbers
        ]
        return [row for row in rows if self._is_filled(row)][:MOST_ROWS]

    def _is_filled(self, row: Row) -> bool:
        chosen = [c for c, f in self.columns.items() if isinstance(f, (forms.ChoiceField, forms.BooleanField))]
        return any(str(value or "").strip() for code, value in row.items() if code not in chosen)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-present" not in data

    def id_for_label(self, id_: str) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = list(value or [])
        if len(rows) < self.max_rows:
            rows.append({})
        heads = [
            {"label": field.label, "unit": getattr(field, "unit", ""), "required": field.required,
             "width": getattr(field, "width", "normal")}
            for field in self.columns.values()
        ]  # fmt: skip
        return context | {
            "heads": heads, "max_rows": self.max_rows, "is_stacked": self.is_stacked,
            "rows": [self._row(name, str(number), row) for number, row in enumerate(rows)],
            "blank": self._row(name, "__row__", {}),
        }  # fmt: skip

    def _row(self, name: str, number: str, row: Mapping[str, Any]) -> dict[str, Any]:
        cells = []
        for code, field in self.columns.items():
            key = f"{name}-{number}-{code}"
            errors = self.cell_errors.get((int(number), code), []) if number.isdigit() else []
            attrs = {"id": f"id_{key}", "aria-label": str(field.label)}
            if errors:
                attrs |= {"aria-invalid": "true", "aria-describedby": f"id_{key}_error"}
            cells.append(
                {
                    "label": field.label, "unit": getattr(field, "unit", ""), "required": field.required, "key": key,
                    "width": getattr(field, "width", "normal"), "errors": errors,
                    "html": field.widget.render(key, field.prepare_value(row.get(code, field.initial)), attrs),
                }
            )  # fmt: skip
        return {"number": number, "cells": cells}


class RowsField(forms.Field):
    """Cleans every cell with the field of its column; an error names row and column and keeps what was typed.

    A column may carry ``unit`` and ``width`` (narrow, normal, wide).
    """

    def __init__(
        self, *, columns: Mapping[str, forms.Field], max_rows: int = 30, is_stacked: bool = False, **kwargs: Any
    ) -> None:
        self.columns, self.max_rows = columns, max_rows
        for field in columns.values():
            dress(field)
        kwargs.setdefault("required", False)
        super().__init__(widget=RowsWidget(columns, max_rows=max_rows, is_stacked=is_stacked), **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> RowsField:
        copy = super().__deepcopy__(memo)
        copy.widget = RowsWidget(self.columns, max_rows=self.max_rows, is_stacked=self.widget.is_stacked)
        copy.widget.is_required = self.required
        return copy

    def clean(self, value: Any) -> list[Row]:
        rows, errors = [], {}
        for number, raw in enumerate(value or []):
            clean: Row = {}
            for code, field in self.columns.items():
                try:
                    clean[code] = field.clean(raw.get(code))
                except ValidationError as error:
                    errors[number, code] = error.messages
            rows.append(clean)
        self.widget.cell_errors = errors
        messages = [
            _("第%(row)d行“%(column)s”：%(message)s")
            % {"row": row + 1, "column": self.columns[code].label, "message": message}
            for (row, code), found in errors.items()
            for message in found
        ]
        if len(rows) > self.max_rows:
            messages.append(_("最多%(most)d行，现有%(now)d行。") % {"most": self.max_rows, "now": len(rows)})
        if not rows and self.required:
            messages.append(self.error_messages["required"])
        if messages:
            raise ValidationError(messages)
        return rows
