"""Widgets with native controls (they know the keyboard, the phone and Chinese) and our classes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.web.formats import file_size

KB = 1024
MB = 1024 * KB


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class MonthInput(forms.DateInput):
    input_type = "month"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m")


class DateRangeWidget(forms.MultiWidget):
    """Two dates in one line."""

    template_name = "web/widgets/date_range.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        start = DateInput({"aria-label": _("开始日期"), "class": "form-control"})
        end = DateInput({"aria-label": _("结束日期"), "class": "form-control"})
        super().__init__([start, end], attrs)

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if value else [None, None]


class FileInput(forms.ClearableFileInput):
    """File field that says before the upload what fits; the server checks again by content.

    ``accept`` is a list for the browser (``.pdf,.jpg``); ``max_bytes`` bounds one file.
    """

    template_name = "web/widgets/file.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, accept: str = "", max_bytes: int | None = None,
                 multiple: bool = False) -> None:  # fmt: skip
        self.accept, self.max_bytes = accept, max_bytes
        self.allow_multiple_selected = multiple
        extra = {"data-file": True}
        if accept:
            extra["accept"] = accept
        if max_bytes:
            extra["data-max-bytes"] = max_bytes
        if multiple:
            extra["multiple"] = True
        super().__init__({**extra, **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        parts = []
        if self.accept:
            kinds = "、".join(part.strip().lstrip(".").upper() for part in self.accept.split(","))
            parts.append(_("可上传 %(kinds)s") % {"kinds": kinds})
        if self.max_bytes:
            parts.append(_("每个文件不超过 %(size)s") % {"size": file_size(self.max_bytes)})
        context["widget"]["hint"] = "，".join(parts)
        return context


def css_class(widget: forms.Widget) -> str:
    """Class of the native control."""
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return ""  # Django would put the class on the box around the choices too
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "" if isinstance(widget, (forms.HiddenInput, forms.MultiWidget)) else "form-control"
