"""Base of all forms: our widgets, Chinese messages, sections; validation only, no side effects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.web.ui import Section
from portal.web.widgets import DateInput, DateTimeInput, css_class

MESSAGES = {
    "required": _("请填写此项。"),
    "invalid": _("格式不正确，请检查后重新填写。"),
    "max_length": _("最多 %(limit_value)d 个字，现在是 %(show_value)d 个字。"),
    "min_length": _("至少 %(limit_value)d 个字，现在是 %(show_value)d 个字。"),
    "invalid_choice": _("请从给出的选项中选择。"),
    "max_value": _("不能大于 %(limit_value)s。"),
    "min_value": _("不能小于 %(limit_value)s。"),
    "max_digits": _("数字过长，最多 %(max)s 位。"),
    "max_decimal_places": _("最多保留 %(max)s 位小数。"),
    "max_whole_digits": _("整数部分最多 %(max)s 位。"),
    "empty": _("文件是空的，请重新选择。"),
}
# Kinds whose own message is better than the general one.
KIND_MESSAGES: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (forms.DateTimeField, {"invalid": _("请填写正确的日期和时间。")}),
    (forms.DateField, {"invalid": _("请填写正确的日期。")}),
    (forms.IntegerField, {"invalid": _("请填写整数。")}),
    (forms.DecimalField, {"invalid": _("请填写数字。")}),
    (forms.EmailField, {"invalid": _("请填写正确的邮箱地址。")}),
    (forms.FileField, {"required": _("请选择文件。"), "invalid": _("没有收到文件，请重新选择。")}),
    (forms.ChoiceField, {"required": _("请选择。")}),
    (forms.BooleanField, {"required": _("请勾选后再继续。")}),
)


def dress(field: forms.Field) -> None:
    """Gives a field our widget, class and messages; what the form declared itself stays."""
    if type(field.widget) is forms.DateInput:
        _replace_widget(field, DateInput())
    elif type(field.widget) is forms.DateTimeInput:
        _replace_widget(field, DateTimeInput())
    _translate(field)
    attrs = field.widget.attrs
    name = css_class(field.widget)
    if name:
        attrs["class"] = f"{name} {attrs.get('class', '')}".strip()
    if placeholder := getattr(field, "placeholder", ""):
        attrs["placeholder"] = placeholder
    if isinstance(field.widget, forms.Textarea):
        if attrs.get("rows") == "10":  # Django's default
            attrs["rows"] = 5
        if getattr(field, "max_length", None):
            # No maxlength attribute: over-long text is kept and named, not cut while pasting.
            attrs.pop("maxlength", None)
            attrs["data-count-chars"] = field.max_length


def _translate(field: forms.Field) -> None:
    """Our messages in place of the defaults of the field and of its validators."""
    for kind, messages in ((forms.Field, MESSAGES), *KIND_MESSAGES):
        if isinstance(field, kind):
            for key, text in messages.items():
                if _is_default(field, key):
                    field.error_messages[key] = text
    for validator in field.validators:  # length and value validators carry their own message
        text = MESSAGES.get(getattr(validator, "code", ""))
        if text is not None and "message" in vars(type(validator)) and "message" not in vars(validator):
            validator.message = text


def _is_default(field: forms.Field, key: str) -> bool:
    """Whether the field still has the message of its class (or ours), not one that the form chose."""
    current = field.error_messages.get(key)
    known = [c.__dict__["default_error_messages"].get(key) for c in type(field).__mro__
             if "default_error_messages" in c.__dict__]  # fmt: skip
    ours = [messages.get(key) for _kind, messages in KIND_MESSAGES] + [MESSAGES.get(key)]
    return current is None or any(current is text for text in known + ours)


def _replace_widget(field: forms.Field, widget: forms.Widget) -> None:
    widget.is_required, widget.attrs = field.widget.is_required, {**widget.attrs, **field.widget.attrs}
    field.widget = widget


class FormMixin:
    """What all forms share. ``sections`` (attribute or in ``Meta``) groups fields as the paper form does."""

    guard_leaving = True
    sections: Sequence[Section] = ()
    use_required_attribute = False  # our messages, beside the field, not the browser's bubble

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)

    def declared_sections(self) -> Sequence[Section]:
        return self.sections or getattr(getattr(self, "Meta", None), "sections", ())

    def section_list(self) -> list[dict[str, Any]]:
        """Sections with bound fields; fields that no section names come last."""
        declared, used, result = self.declared_sections(), set(), []
        for number, section in enumerate(declared, 1):
            names = [n for n in section.fields if n in self.fields]
            used.update(names)
            bound = [self[n] for n in names if not self[n].is_hidden]
            if bound:
                key = section.key or f"section-{number}"
                result.append({"title": section.title, "help": section.help, "key": key, "fields": bound})
        rest = [b for b in self.visible_fields() if b.name not in used]
        if rest:
            title = _("其他") if result else ""
            result.append({"title": title, "help": "", "key": f"section-{len(declared) + 1}", "fields": rest})
        return result

    def add_domain_error(self, error: DomainError) -> None:
        """Puts the errors of a domain function beside their fields, the rest at the top."""
        placed = False
        for name, messages in error.fields.items():
            target = name if name in self.fields else None
            for message in messages:
                self.add_error(target, str(message))
                placed = True
        if error.message and not placed:
            self.add_error(None, error.message)


class BaseForm(FormMixin, forms.Form):
    """Form of one domain function."""


class BaseModelForm(FormMixin, forms.ModelForm):
    """Validates against a model; never call ``save()``: hand ``cleaned_data`` to the domain."""

    def save(self, commit: bool = True) -> Any:
        raise TypeError("forms do not write: call a domain function with cleaned_data")
