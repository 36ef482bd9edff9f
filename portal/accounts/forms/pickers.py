"""Choosing one organisation or employer out of thousands: typed, with suggestions.

The value is what people read – ``精工厂工会（T00005）`` – or just the code, so that the field works without script.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import Employer, Organisation
from portal.core.context import PUBLIC, Actor
from portal.web.forms import BaseForm

CODE_IN_BRACKETS = re.compile(r"[（(]([^（）()]+)[）)]\s*$")


class PickerWidget(forms.TextInput):
    """A text field with suggestions fetched while typing."""

    template_name = "accounts/widgets/picker.html"

    def __init__(self, *, url_name: str, query: str = "") -> None:
        super().__init__(
            {"autocomplete": "off", "role": "combobox", "aria-autocomplete": "list", "aria-expanded": "false"}
        )
        self.url_name, self.query = url_name, query

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["url"] = f"{reverse(self.url_name)}{self.query}"
        return context


class PickerField(forms.CharField):
    """Cleans to a row of ``rows(actor)``; the form hands its actor over (see ``ActorForm``)."""

    url_name = ""
    query = ""
    not_found = ""
    placeholder: Any = ""

    def __init__(self, *, rows: Callable[[Actor], QuerySet], query: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(widget=PickerWidget(url_name=self.url_name, query=query or self.query), **kwargs)
        self.rows, self.actor = rows, PUBLIC

    def prepare_value(self, value: Any) -> Any:
        return self.text_of(value) if isinstance(value, (Organisation, Employer)) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = CODE_IN_BRACKETS.search(text)
        rows = list(self.rows(self.actor).filter(self.exactly(found[1].strip() if found else text.strip()))[:2])
        if not rows and found:  # a name that itself ends with brackets
            rows = list(self.rows(self.actor).filter(self.exactly(text.strip()))[:2])
        if len(rows) != 1:
            message = _("有多个同名记录，请从提示中选择。") if rows else self.not_found
            raise forms.ValidationError(message, code="not_found")
        return rows[0]

    def exactly(self, text: str) -> Q:
        raise NotImplementedError

    @staticmethod
    def text_of(row: Any) -> str:
        raise NotImplementedError


class OrganisationField(PickerField):
    url_name = "accounts:organisation.pick"
    placeholder = _("输入名称或编号，从提示中选择")
    not_found = _("没有找到这个组织，请输入名称或编号后从提示中选择。")

    def exactly(self, text: str) -> Q:
        return Q(code=text) | Q(name=text)

    @staticmethod
    def text_of(row: Organisation) -> str:
        return f"{row.name}（{row.code}）"


class EmployerField(PickerField):
    url_name = "accounts:employer.pick"
    placeholder = _("输入名称或信用代码，从提示中选择")
    not_found = _("没有找到这个单位，请输入名称或信用代码后从提示中选择。")

    def exactly(self, text: str) -> Q:
        return Q(credit_code=text) | Q(name=text)

    @staticmethod
    def text_of(row: Employer) -> str:
        return f"{row.name}（{row.credit_code}）" if row.credit_code else row.name


class ActorForm(BaseForm):
    """A form whose choices depend on the desk."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PickerField):
                field.actor = actor
